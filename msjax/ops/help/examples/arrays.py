"""Operators that make, shape, arrange and join Tensors."""

EXAMPLES = {
    "x=[1, 2, 3, 4]; shape=(2, 2)": {
        "shaping.reshape": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 2],\n [3, 4]])",
    },
    "x=[[[1, 2], [3, 4]]]": {
        "shaping.flatten": "Tensor(shape=[1, 4], dtype=Int64, value=\n[[1, 2, 3, 4]])",
        "mint.flatten": "Tensor(shape=[4], dtype=Int64, value= [1, 2, 3, 4])",
        "Tensor.flatten": "Tensor(shape=[4], dtype=Int64, value= [1, 2, 3, 4])",
    },
    "x=[[1, 2], [3, 4]]": {
        "shaping.ravel": "Tensor(shape=[4], dtype=Int64, value= [1, 2, 3, 4])",
        "shaping.t": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 3],\n [2, 4]])",
        "shaping.diagonal": "Tensor(shape=[2], dtype=Int64, value= [1, 4])",
        "arrange.fliplr": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[2, 1],\n [4, 3]])",
        "arrange.flipud": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[3, 4],\n [1, 2]])",
        "diagonals.tril": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 0],\n [3, 4]])",
        "diagonals.triu": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 2],\n [0, 4]])",
        "diagonals.diag_part": "Tensor(shape=[2], dtype=Int64, value= [1, 4])",
    },
    "x=[[1, 2, 3]]; axis=0": {
        "shaping.squeeze": "Tensor(shape=[3], dtype=Int64, value= [1, 2, 3])",
    },
    "x=[1, 2, 3]; axis=0": {
        "shaping.expand_dims": "Tensor(shape=[1, 3], dtype=Int64, value=\n[[1, 2, 3]])",
        "shaping.expand_several": "Tensor(shape=[1, 3], dtype=Int64, value=\n[[1, 2, 3]])",
    },
    "x=[[1, 2, 3]]; axis0=0; axis1=1": {
        "shaping.swapaxes": "Tensor(shape=[3, 1], dtype=Int64, value=\n[[1],\n [2],\n [3]])",
    },
    "x=[[1, 2], [3, 4]]; axis=(1, 0)": {
        "shaping.transpose": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 3],\n [2, 4]])",
    },
    "x=[[1, 2, 3]]; source=0; destination=1": {
        "shaping.moveaxis": "Tensor(shape=[3, 1], dtype=Int64, value=\n[[1],\n [2],\n [3]])",
    },
    "x=[1, 2]; shape=(2, 2)": {
        "shaping.broadcast_to": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 2],\n [1, 2]])",
    },
    "x=[1, 2]; other=[[0, 0], [0, 0]]": {
        "shaping.expand_as": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 2],\n [1, 2]])",
    },
    "x=[[1, 2], [3, 4]]; k=1; axis=(0, 1)": {
        "shaping.rot90": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[2, 4],\n [1, 3]])",
    },
    "x=[1 + 2j]": {
        "shaping.view_as_real": "Tensor(shape=[1, 2], dtype=Float64, value=\n[[ 1.00000000e+00,  2.00000000e+00]])",
    },
    "inputs=Tensor([1, 2])": {
        "shaping.atleast_1d": "Tensor(shape=[2], dtype=Int64, value= [1, 2])",
        "shaping.atleast_2d": "Tensor(shape=[1, 2], dtype=Int64, value=\n[[1, 2]])",
        "shaping.atleast_3d": "Tensor(shape=[1, 2, 1], dtype=Int64, value=\n[[[1],\n  [2]]])",
    },
    "x=[1, 2]; reps=(2,)": {
        "arrange.tile": "Tensor(shape=[4], dtype=Int64, value= [1, 2, 1, 2])",
    },
    "x=[1, 2]; repeats=2": {
        "arrange.repeat_interleave": "Tensor(shape=[4], dtype=Int64, value= [1, 1, 2, 2])",
    },
    "x=[1, 2, 3]; axis=(0,)": {
        "arrange.flip": "Tensor(shape=[3], dtype=Int64, value= [3, 2, 1])",
    },
    "x=[1, 2, 3]; shifts=1; axis=0": {
        "arrange.roll": "Tensor(shape=[3], dtype=Int64, value= [3, 1, 2])",
    },
    "x=[[1, 2, 3], [4, 5, 6]]; seq_lengths=[2, 3]; seq_dim=1": {
        "arrange.reverse_sequence": "Tensor(shape=[2, 3], dtype=Int64, value=\n[[2, 1, 3],\n [6, 5, 4]])",
    },
    "x=[1, 2, 3, 4]; axis=0; start=1; length=2": {
        "arrange.narrow": "Tensor(shape=[2], dtype=Int64, value= [2, 3])",
    },
    "x=[1, 2, 3, 4]; begin=(1,); size=(2,)": {
        "arrange.slice_": "Tensor(shape=[2], dtype=Int64, value= [2, 3])",
    },
    "x=[1, 2, 3, 4]; begin=(0,); end=(4,); strides=(2,)": {
        "arrange.strided_slice": "Tensor(shape=[2], dtype=Int64, value= [1, 3])",
    },
    "x=[1, 2]": {
        "arrange.identity": "Tensor(shape=[2], dtype=Int64, value= [1, 2])",
        "creation.zeros_like": "Tensor(shape=[2], dtype=Int64, value= [0, 0])",
        "creation.ones_like": "Tensor(shape=[2], dtype=Int64, value= [1, 1])",
        "diagonals.diag": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 0],\n [0, 2]])",
        "diagonals.diagflat": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 0],\n [0, 2]])",
        "diagonals.diag_embed": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 0],\n [0, 2]])",
        "diagonals.diag_of_matrix": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 0],\n [0, 2]])",
    },
    "shape=(2,)": {
        "creation.zeros": "Tensor(shape=[2], dtype=Float32, value= [ 0.00000000e+00,  0.00000000e+00])",
        "creation.ones": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  1.00000000e+00])",
    },
    "size=(2,); fill_value=7": {
        "creation.full_of_integers": "Tensor(shape=[2], dtype=Int64, value= [7, 7])",
        "creation.full": "Tensor(shape=[2], dtype=Int64, value= [7, 7])",
        "creation.full_short": "Tensor(shape=[2], dtype=Int32, value= [7, 7])",
    },
    "x=[1, 2]; fill_value=7": {
        "creation.full_like": "Tensor(shape=[2], dtype=Int64, value= [7, 7])",
    },
    "x=[1.0]": {
        "creation.eps": "Tensor(shape=[1], dtype=Float32, value= [ 1.19209290e-07])",
    },
    "start=0; end=6; step=2": {
        "creation.arange": "Tensor(shape=[3], dtype=Int64, value= [0, 2, 4])",
        "creation.arange_short": "Tensor(shape=[3], dtype=Int32, value= [0, 2, 4])",
    },
    "start=0; end=1; steps=3": {
        "creation.linspace": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  5.00000000e-01,  1.00000000e+00])"
        ),
    },
    "start=0; end=2; steps=3": {
        "creation.logspace": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  1.00000000e+01,  1.00000000e+02])"
        ),
    },
    "x=[1, 2, 3]": {
        "creation.combinations": "Tensor(shape=[3, 2], dtype=Int64, value=\n[[1, 2],\n [1, 3],\n [2, 3]])",
        "creation.vander": "Tensor(shape=[3, 3], dtype=Int64, value=\n[[1, 1, 1],\n [4, 2, 1],\n [9, 3, 1]])",
        "numpy_only.size": "3",
    },
    "x=[[[[1]], [[2]], [[3]], [[4]]]]; groups=2": {
        "blocks.channel_shuffle": (
            "Tensor(shape=[1, 4, 1, 1], dtype=Int64, value=\n[[[[1]],\n  [[3]],\n  [[2]],\n  [[4]]]])"
        ),
    },
    "permutation=(2, 0, 1)": {
        "blocks.invert_permutation": "(1, 2, 0)",
    },
    "x=[1.5, 2.0]; dtype=ms.int32": {
        "casting.cast": "Tensor(shape=[2], dtype=Int32, value= [1, 2])",
    },
    "x=[1.0, 2.0]": {
        "casting.shape": "(2,)",
        "casting.dyn_shape": "Tensor(shape=[1], dtype=Int64, value= [2])",
        "casting.size": "2",
        "casting.rank": "1",
        "casting.dtype_": "mindspore.float32",
        "casting.is_complex": "False",
        "casting.is_floating_point": "True",
        "casting.is_signed": "True",
    },
    "x=2": {
        "casting.scalar_to_tensor": "Tensor(shape=[], dtype=Float32, value= 2)",
    },
    "value=7; dtype=ms.float32; shape=(2,)": {
        "casting.fill": "Tensor(shape=[2], dtype=Float32, value= [ 7.00000000e+00,  7.00000000e+00])",
    },
    "x=[1.0, 2.0]; value=7": {
        "casting.fills": "Tensor(shape=[2], dtype=Float32, value= [ 7.00000000e+00,  7.00000000e+00])",
    },
    "x=[1, 5, 9]; min=2; max=6": {
        "clipping.clamp": "Tensor(shape=[3], dtype=Int64, value= [2, 5, 6])",
    },
    "x=[1, 5, 9]; clip_value_min=2; clip_value_max=6": {
        "clipping.clip_by_value": "Tensor(shape=[3], dtype=Int64, value= [2, 5, 6])",
    },
    "x=[3.0, 4.0]; max_norm=1.0": {
        "clipping.clip_by_norm": "Tensor(shape=[2], dtype=Float32, value= [ 5.99999905e-01,  7.99999833e-01])",
    },
    "x=[1.0, float('nan')]": {
        "clipping.nan_to_num": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  0.00000000e+00])",
    },
    "x=[0.0, 10.0]; end=[1.0, 20.0]; weight=0.5": {
        "clipping.lerp": "Tensor(shape=[2], dtype=Float32, value= [ 5.00000000e-01,  1.50000000e+01])",
    },
    "n=2": {
        "diagonals.eye": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 1.00000000e+00,  0.00000000e+00],\n [ "
            "0.00000000e+00,  1.00000000e+00]])"
        ),
        "diagonals.tri": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 1.00000000e+00,  0.00000000e+00],\n [ "
            "1.00000000e+00,  1.00000000e+00]])"
        ),
        "diagonals.diag_indices": (
            "(Tensor(shape=[2], dtype=Int32, value= [0, 1]), Tensor(shape=[2], dtype=Int32, value= [0, 1]))"
        ),
    },
    "x=[[1, 2, 3], [4, 5, 6]]; lower=0; upper=1": {
        "diagonals.matrix_band_part": "Tensor(shape=[2, 3], dtype=Int64, value=\n[[1, 2, 0],\n [0, 5, 6]])",
    },
    "indices=[0, 2]; depth=3; on_value=Tensor(1); off_value=Tensor(0)": {
        "diagonals.one_hot": "Tensor(shape=[2, 3], dtype=Int64, value=\n[[1, 0, 0],\n [0, 0, 1]])",
    },
    "length=4": {
        "diagonals.bartlett": (
            "Tensor(shape=[4], dtype=Float32, value= [ 0.00000000e+00,  5.00000000e-01,  1.00000000e+00,  "
            "5.00000000e-01])"
        ),
        "diagonals.blackman": (
            "Tensor(shape=[4], dtype=Float32, value= [-1.38777878e-17,  3.40000004e-01,  1.00000000e+00,  "
            "3.40000004e-01])"
        ),
        "diagonals.hann": (
            "Tensor(shape=[4], dtype=Float32, value= [ 0.00000000e+00,  5.00000000e-01,  1.00000000e+00,  "
            "5.00000000e-01])"
        ),
        "numpy.bartlett": (
            "Tensor(shape=[4], dtype=Float32, value= [ 0.00000000e+00,  6.66666687e-01,  6.66666687e-01,  "
            "0.00000000e+00])"
        ),
        "numpy.blackman": (
            "Tensor(shape=[4], dtype=Float32, value= [-1.38777878e-17,  6.29999995e-01,  6.29999995e-01, "
            "-1.38777878e-17])"
        ),
        "numpy.hanning": (
            "Tensor(shape=[4], dtype=Float32, value= [ 0.00000000e+00,  7.50000000e-01,  7.50000000e-01,  "
            "0.00000000e+00])"
        ),
        "diagonals.hamming": (
            "Tensor(shape=[4], dtype=Float32, value= [ 7.99999982e-02,  7.69999981e-01,  7.69999981e-01,  "
            "7.99999982e-02])"
        ),
    },
    "window_length=4": {
        "diagonals.hamming_window": (
            "Tensor(shape=[4], dtype=Float32, value= [ 7.99999982e-02,  5.40000021e-01,  1.00000000e+00,  "
            "5.40000021e-01])"
        ),
        "diagonals.kaiser_window": (
            "Tensor(shape=[4], dtype=Float32, value= [ 5.27734410e-05,  2.15672746e-01,  1.00000000e+00,  "
            "2.15672746e-01])"
        ),
    },
    "x=[[[[1]], [[2]], [[3]], [[4]]]]; upscale_factor=2": {
        "folding.pixel_shuffle": "Tensor(shape=[1, 1, 2, 2], dtype=Int64, value=\n[[[[1, 2],\n   [3, 4]]]])",
    },
    "tensors=(Tensor([1, 2]), Tensor([3, 4]))": {
        "joining.concat": "Tensor(shape=[4], dtype=Int64, value= [1, 2, 3, 4])",
        "joining.stack": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 2],\n [3, 4]])",
        "joining.hstack": "Tensor(shape=[4], dtype=Int64, value= [1, 2, 3, 4])",
        "joining.vstack": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 2],\n [3, 4]])",
        "joining.dstack": "Tensor(shape=[1, 2, 2], dtype=Int64, value=\n[[[1, 3],\n  [2, 4]]])",
        "joining.column_stack": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 3],\n [2, 4]])",
        "joining.concatenate": "Tensor(shape=[4], dtype=Int64, value= [1, 2, 3, 4])",
        "joining.stack_of_any": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 2],\n [3, 4]])",
    },
    "x=[1, 2, 3, 4]; axis=0; output_num=2": {
        "joining.split_evenly": (
            "(Tensor(shape=[2], dtype=Int64, value= [1, 2]), Tensor(shape=[2], dtype=Int64, value= [3, 4]))"
        ),
    },
    "x=[1, 2, 3, 4]; chunks=2": {
        "joining.chunk": (
            "(Tensor(shape=[2], dtype=Int64, value= [1, 2]), Tensor(shape=[2], dtype=Int64, value= [3, 4]))"
        ),
    },
    "x=[1, 2, 3, 4]; indices_or_sections=2": {
        "joining.tensor_split": (
            "(Tensor(shape=[2], dtype=Int64, value= [1, 2]), Tensor(shape=[2], dtype=Int64, value= [3, 4]))"
        ),
        "joining.even_split": (
            "(Tensor(shape=[2], dtype=Int64, value= [1, 2]), Tensor(shape=[2], dtype=Int64, value= [3, 4]))"
        ),
    },
    "x=[[1], [2]]; indices_or_sections=2": {
        "joining.vsplit": (
            "(Tensor(shape=[1, 1], dtype=Int64, value=\n[[1]]), Tensor(shape=[1, 1], dtype=Int64, value=\n[[2]]))"
        ),
    },
    "x=[[1, 2]]; indices_or_sections=2": {
        "joining.hsplit": (
            "(Tensor(shape=[1, 1], dtype=Int64, value=\n[[1]]), Tensor(shape=[1, 1], dtype=Int64, value=\n[[2]]))"
        ),
    },
    "x=[[1, 2], [3, 4]]; axis=0": {
        "joining.unstack": (
            "(Tensor(shape=[2], dtype=Int64, value= [1, 2]), Tensor(shape=[2], dtype=Int64, value= [3, 4]))"
        ),
    },
    "x=[1, 2]; padding=(1, 2)": {
        "pads.pad": "Tensor(shape=[5], dtype=Int64, value= [0, 1, 2, 0, 0])",
    },
    "x=[1, 2]; paddings=((1, 2),)": {
        "pads.pad_each": "Tensor(shape=[5], dtype=Int64, value= [0, 1, 2, 0, 0])",
    },
    "x=[0, 2]": {
        "diagonals.one_hot_of_classes": "Tensor(shape=[2, 3], dtype=Int64, value=\n[[1, 0, 0],\n [0, 0, 1]])",
    },
    "x=[1, 3, 6]": {
        "differences.diff": "Tensor(shape=[2], dtype=Int64, value= [2, 3])",
        "differences.ediff1d": "Tensor(shape=[2], dtype=Int64, value= [2, 3])",
    },
    "x=[1, 2, 3, 4]; split_size_or_sections=2": {
        "joining.split": (
            "(Tensor(shape=[2], dtype=Int64, value= [1, 2]), Tensor(shape=[2], dtype=Int64, value= [3, 4]))"
        ),
    },
    "x=[[1, 2, 3]]; axis=1": {
        "shaping.rollaxis": "Tensor(shape=[3, 1], dtype=Int64, value=\n[[1],\n [2],\n [3]])",
    },
    "start=0; stop=1; num=3": {
        "creation.linspace_along": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  5.00000000e-01,  1.00000000e+00])"
        ),
    },
    "start=0; stop=2; num=3": {
        "creation.logspace_along": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  1.00000000e+01,  1.00000000e+02])"
        ),
    },
    "start=1; stop=100; num=3": {
        "creation.geomspace": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  1.00000000e+01,  1.00000000e+02])"
        ),
    },
    "x=[1, 5, 9]; xmin=2; xmax=6": {
        "clipping.clip": "Tensor(shape=[3], dtype=Int64, value= [2, 5, 6])",
    },
    "x=[1.5]; xp=[1.0, 2.0]; fp=[10.0, 20.0]": {
        "differences.interp": "Tensor(shape=[1], dtype=Float32, value= [ 1.50000000e+01])",
    },
    "f=[1.0, 4.0, 9.0]": {
        "differences.gradient": (
            "Tensor(shape=[3], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00,  5.00000000e+00])"
        ),
    },
    "x=[1, 2]; values=[3]": {
        "joining.append": "Tensor(shape=[3], dtype=Int64, value= [1, 2, 3])",
    },
    "condition=[True, False]; x=[1, 2]; y=[10, 20]": {
        "numpy_only.where": "Tensor(shape=[2], dtype=Int64, value= [ 1, 20])",
    },
    "x=[0, 1]; choices=(Tensor([1, 2]), Tensor([10, 20]))": {
        "numpy_only.choose": "Tensor(shape=[2], dtype=Int64, value= [ 1, 20])",
    },
    "indices=[3]; shape=(2, 2)": {
        "numpy_only.unravel_index": (
            "(Tensor(shape=[1], dtype=Int64, value= [1]), Tensor(shape=[1], dtype=Int64, value= [1]))"
        ),
    },
    "x=[1, 2]; y=[1, 2]": {
        "numpy_only.array_equal": "Tensor(shape=[], dtype=Bool, value= True)",
        "numpy_only.array_equiv": "Tensor(shape=[], dtype=Bool, value= True)",
    },
    "x=[1, 2, 3]; tests=[2, 5]": {
        "numpy_only.isin": "Tensor(shape=[3], dtype=Bool, value= [False,  True, False])",
        "numpy_only.in1d": "Tensor(shape=[3], dtype=Bool, value= [False,  True, False])",
    },
    "x=[1, 2, 3]; y=[2, 3, 4]": {
        "numpy_only.intersect1d": "Tensor(shape=[2], dtype=Int64, value= [2, 3])",
        "numpy_only.setdiff1d": "Tensor(shape=[1], dtype=Int64, value= [1])",
    },
    "x=[2, 1, 2]": {
        "numpy_only.unique": "Tensor(shape=[2], dtype=Int64, value= [2, 1])",
    },
    "x=[-1.5, 2.7]": {
        "numpy_only.fix": "Tensor(shape=[2], dtype=Float32, value= [-1.00000000e+00,  2.00000000e+00])",
    },
    "x=[7.0]; y=[2.0]": {
        "numpy_only.divmod_": (
            "(Tensor(shape=[1], dtype=Float32, value= [ 3.00000000e+00]), Tensor(shape=[1], dtype=Float32, "
            "value= [ 1.00000000e+00]))"
        ),
    },
    "x=[1, 2]; pad_width=1": {
        "numpy_only.pad": "Tensor(shape=[4], dtype=Int64, value= [0, 1, 2, 0])",
    },
    "x=[1, 2, 3]; shape=(2, 2)": {
        "shaping.resize": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 2],\n [3, 0]])",
    },
    "x=[[1, 2], [3, 4]]; shape=(1, 2)": {
        "shaping.sum_to_size": "Tensor(shape=[1, 2], dtype=Int64, value=\n[[4, 6]])",
    },
    "x=[[[[1, 2], [3, 4]]]]; downscale_factor=2": {
        "folding.pixel_unshuffle": (
            "Tensor(shape=[1, 4, 1, 1], dtype=Int64, value=\n[[[[1]],\n  [[2]],\n  [[3]],\n  [[4]]]])"
        ),
    },
    "x=[[[[1, 2], [3, 4]]]]; kernel_size=2": {
        "folding.unfold": "Tensor(shape=[1, 4, 1], dtype=Int64, value=\n[[[1],\n  [2],\n  [3],\n  [4]]])",
    },
    "x=[[[1], [2], [3], [4]]]; output_size=(2, 2); kernel_size=(2, 2)": {
        "folding.fold": "Tensor(shape=[1, 1, 2, 2], dtype=Int64, value=\n[[[[1, 2],\n   [3, 4]]]])",
    },
}
