"""Operators that pick, write, search and order elements."""

EXAMPLES = {
    "x=[10, 20, 30]; index=[2, 0]; axis=0": {
        "gathering.gather": "Tensor(shape=[2], dtype=Int64, value= [30, 10])",
        "gathering.index_select": "Tensor(shape=[2], dtype=Int64, value= [30, 10])",
    },
    "x=[[1, 2], [3, 4]]; index=[[0, 0], [1, 0]]; axis=1": {
        "gathering.gather_elements": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 1],\n [4, 3]])",
        "gathering.take_along_axis": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 1],\n [4, 3]])",
    },
    "x=[[1, 2], [3, 4]]; indices=[[0, 1], [1, 0]]": {
        "gathering.gather_nd": "Tensor(shape=[2], dtype=Int64, value= [2, 3])",
    },
    "x=[[1, 2], [3, 4]]; index=[3, 0]": {
        "gathering.take_flat": "Tensor(shape=[2], dtype=Int64, value= [4, 1])",
    },
    "x=[1, 2, 3]; mask=[True, False, True]": {
        "gathering.masked_select": "Tensor(shape=[2], dtype=Int64, value= [1, 3])",
    },
    "condition=[True, False]; x=[1, 2]; y=[10, 20]": {
        "gathering.where": "Tensor(shape=[2], dtype=Int64, value= [ 1, 20])",
    },
    "x=[10, 20, 30]; indices=[[0], [2]]; updates=[2, 40]": {
        "scattering.tensor_scatter_update": "Tensor(shape=[3], dtype=Int64, value= [ 2, 20, 40])",
        "scattering.tensor_scatter_add": "Tensor(shape=[3], dtype=Int64, value= [12, 20, 70])",
        "scattering.tensor_scatter_sub": "Tensor(shape=[3], dtype=Int64, value= [  8,  20, -10])",
        "scattering.tensor_scatter_mul": "Tensor(shape=[3], dtype=Int64, value= [  20,   20, 1200])",
        "scattering.tensor_scatter_div": "Tensor(shape=[3], dtype=Int64, value= [ 5, 20,  0])",
        "scattering.tensor_scatter_max": "Tensor(shape=[3], dtype=Int64, value= [10, 20, 40])",
        "scattering.tensor_scatter_min": "Tensor(shape=[3], dtype=Int64, value= [ 2, 20, 30])",
    },
    "indices=[[0], [2]]; updates=[5, 6]; shape=(4,)": {
        "scattering.scatter_nd": "Tensor(shape=[4], dtype=Int64, value= [5, 0, 6, 0])",
    },
    "x=[0, 0, 0]; index=[2, 0]; src=[5, 6]; axis=0": {
        "scattering.scatter": "Tensor(shape=[3], dtype=Int64, value= [6, 0, 5])",
        "scattering.scatter_add": "Tensor(shape=[3], dtype=Int64, value= [6, 0, 5])",
    },
    "x=[0, 0, 0]; indices=[2, 0]; updates=[5, 6]": {
        "scattering.tensor_scatter_elements": "Tensor(shape=[3], dtype=Int64, value= [6, 0, 5])",
    },
    "x=[1, 2, 3]; index=[0, 2]; value=9; axis=0": {
        "scattering.index_fill": "Tensor(shape=[3], dtype=Int64, value= [9, 2, 9])",
    },
    "x=[1, 2, 3]; v=[10, 20]; indices=(0, 2)": {
        "scattering.inplace_add": "Tensor(shape=[3], dtype=Int64, value= [11,  2, 23])",
        "scattering.inplace_sub": "Tensor(shape=[3], dtype=Int64, value= [ -9,   2, -17])",
        "scattering.inplace_update": "Tensor(shape=[3], dtype=Int64, value= [10,  2, 20])",
    },
    "x=[1, 2, 3]; indices=(Tensor([0, 2]),); values=[10, 20]": {
        "scattering.index_put": "Tensor(shape=[3], dtype=Int64, value= [10,  2, 20])",
    },
    "x=[1, 2, 3]; mask=[True, False, True]; value=0": {
        "scattering.masked_fill": "Tensor(shape=[3], dtype=Int64, value= [0, 2, 0])",
    },
    "x=[1, 2, 3]; mask=[True, False, True]; source=[10, 20]": {
        "scattering.masked_scatter": "Tensor(shape=[3], dtype=Int64, value= [10,  2, 20])",
    },
    "x=[[1, 2], [3, 4]]; src=[8, 9]; axis=0; index=1": {
        "scattering.select_scatter": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[1, 2],\n [8, 9]])",
    },
    "x=[1, 2, 3]; src=[8, 9]; start=1; end=3": {
        "scattering.slice_scatter": "Tensor(shape=[3], dtype=Int64, value= [1, 8, 9])",
    },
    "x=[[1, 2], [3, 4]]; src=[8, 9]": {
        "scattering.diagonal_scatter": "Tensor(shape=[2, 2], dtype=Int64, value=\n[[8, 2],\n [3, 9]])",
    },
    "x=[[1.0, 2.0], [3.0, 4.0]]; fill_value=0.0": {
        "scattering.fill_diagonal": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 0.00000000e+00,  2.00000000e+00],\n [ "
            "3.00000000e+00,  0.00000000e+00]])"
        ),
    },
    "x=[3, 1, 2]": {
        "order.sort": (
            "(Tensor(shape=[3], dtype=Int64, value= [1, 2, 3]), Tensor(shape=[3], dtype=Int32, value= [1, 2, 0]))"
        ),
        "order.argsort": "Tensor(shape=[3], dtype=Int32, value= [1, 2, 0])",
        "order.msort": "Tensor(shape=[3], dtype=Int64, value= [1, 2, 3])",
        "order.aminmax": "(Tensor(shape=[], dtype=Int64, value= 1), Tensor(shape=[], dtype=Int64, value= 3))",
        "ops.argmax": "Tensor(shape=[], dtype=Int64, value= 0)",
        "ops.argmin": "Tensor(shape=[], dtype=Int32, value= 1)",
        "order.sort_wide": (
            "(Tensor(shape=[3], dtype=Int64, value= [1, 2, 3]), Tensor(shape=[3], dtype=Int64, value= [1, 2, 0]))"
        ),
        "order.argsort_wide": "Tensor(shape=[3], dtype=Int64, value= [1, 2, 0])",
        "mint.max": "Tensor(shape=[], dtype=Int64, value= 3)",
        "mint.min": "Tensor(shape=[], dtype=Int64, value= 1)",
        "mint.argmax": "Tensor(shape=[], dtype=Int64, value= 0)",
        "mint.argmin": "Tensor(shape=[], dtype=Int64, value= 1)",
        "order.ptp": "Tensor(shape=[], dtype=Int64, value= 2)",
        "numpy.argmax": "Tensor(shape=[], dtype=Int64, value= 0)",
        "numpy.argmin": "Tensor(shape=[], dtype=Int32, value= 1)",
        "Tensor.max": "Tensor(shape=[], dtype=Int64, value= 3)",
        "Tensor.min": "Tensor(shape=[], dtype=Int64, value= 1)",
        "Tensor.argmax": "Tensor(shape=[], dtype=Int64, value= 0)",
        "Tensor.argmin": "Tensor(shape=[], dtype=Int32, value= 1)",
    },
    "x=[3, 1, 2]; k=2": {
        "order.topk": "(Tensor(shape=[2], dtype=Int64, value= [3, 2]), Tensor(shape=[2], dtype=Int32, value= [0, 2]))",
        "order.topk_wide": (
            "(Tensor(shape=[2], dtype=Int64, value= [3, 2]), Tensor(shape=[2], dtype=Int64, value= [0, 2]))"
        ),
        "order.kthvalue": "(Tensor(shape=[], dtype=Int64, value= 2), Tensor(shape=[], dtype=Int64, value= 2))",
    },
    "x=[[1.0, 2.0], [3.0, 4.0]]; axis=0": {
        "ops.max": (
            "(Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00]), Tensor(shape=[2], "
            "dtype=Int64, value= [1, 1]))"
        ),
        "ops.amax": "Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00])",
        "ops.ReduceMax": "Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00])",
        "ops.reduce_max": "Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00])",
        "ops.min": (
            "(Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00]), Tensor(shape=[2], "
            "dtype=Int64, value= [0, 0]))"
        ),
        "ops.amin": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00])",
        "ops.ReduceMin": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00])",
        "ops.reduce_min": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00])",
        "mint.amax": "Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00])",
        "mint.amin": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00])",
        "numpy.amax": "Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00])",
        "numpy.max": "Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00])",
        "numpy.nanmax": "Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00])",
        "numpy.amin": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00])",
        "numpy.min": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00])",
        "numpy.nanmin": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00])",
        "Tensor.amax": "Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00])",
        "Tensor.amin": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00])",
    },
    "x=[1, 3, 2]; axis=0": {
        "order.cummax": (
            "(Tensor(shape=[3], dtype=Int64, value= [1, 3, 3]), Tensor(shape=[3], dtype=Int64, value= [0, 1, 1]))"
        ),
        "order.cummin": (
            "(Tensor(shape=[3], dtype=Int64, value= [1, 1, 1]), Tensor(shape=[3], dtype=Int32, value= [0, 0, 0]))"
        ),
        "mint.cummin": (
            "(Tensor(shape=[3], dtype=Int64, value= [1, 1, 1]), Tensor(shape=[3], dtype=Int64, value= [0, 0, 0]))"
        ),
    },
    "x=[3.0, 1.0, 2.0]": {
        "order.median": "(Tensor(shape=[], dtype=Float32, value= 2), Tensor(shape=[], dtype=Int64, value= 2))",
        "order.nanmedian": "(Tensor(shape=[], dtype=Float32, value= 2), Tensor(shape=[], dtype=Int64, value= 2))",
        "order.median_of_all": "Tensor(shape=[], dtype=Float32, value= 2)",
    },
    "x=[1.0, 2.0, 3.0]; q=0.5": {
        "order.quantile": "Tensor(shape=[], dtype=Float32, value= 2)",
        "order.nanquantile": "Tensor(shape=[], dtype=Float32, value= 2)",
    },
    "x=[0, 3, 5]": {
        "search.argwhere": "Tensor(shape=[2, 1], dtype=Int64, value=\n[[1],\n [2]])",
        "search.nonzero": "Tensor(shape=[2, 1], dtype=Int64, value=\n[[1],\n [2]])",
    },
    "x=[1]": {
        "search.is_nonzero": "True",
    },
    "sorted_sequence=[1, 3, 5]; values=[2, 5]": {
        "search.searchsorted": "Tensor(shape=[2], dtype=Int64, value= [1, 2])",
    },
    "x=[0.5, 2.5]; boundaries=[1.0, 2.0]": {
        "search.bucketize": "Tensor(shape=[2], dtype=Int32, value= [0, 2])",
    },
    "x=[2, 1, 2]": {
        "search.unique": (
            "(Tensor(shape=[2], dtype=Int64, value= [2, 1]), Tensor(shape=[3], dtype=Int64, value= [0, 1, 0]))"
        ),
    },
    "x=[1, 1, 2]": {
        "search.unique_consecutive": "Tensor(shape=[2], dtype=Int64, value= [1, 2])",
        "search.unique_sorted": "Tensor(shape=[2], dtype=Int64, value= [1, 2])",
    },
    "x=[0, 1, 1, 3]": {
        "search.bincount": (
            "Tensor(shape=[4], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00,  0.00000000e+00,  "
            "1.00000000e+00])"
        ),
    },
    "x=[1.0, 2.0, 1.0]; bins=2": {
        "search.histc": "Tensor(shape=[2], dtype=Float32, value= [ 2.00000000e+00,  1.00000000e+00])",
    },
    "x=[1, 2, 3]; segment_ids=[0, 0, 1]; num_segments=2": {
        "segments.unsorted_segment_sum": "Tensor(shape=[2], dtype=Int64, value= [3, 3])",
        "segments.unsorted_segment_max": "Tensor(shape=[2], dtype=Int64, value= [2, 3])",
        "segments.unsorted_segment_min": "Tensor(shape=[2], dtype=Int64, value= [1, 3])",
        "segments.unsorted_segment_prod": "Tensor(shape=[2], dtype=Int64, value= [2, 3])",
    },
    "x=[1.0, 2.0, 3.0]; segment_ids=[0, 0, 1]": {
        "segments.segment_sum": "Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  3.00000000e+00])",
        "segments.segment_max": "Tensor(shape=[2], dtype=Float32, value= [ 2.00000000e+00,  3.00000000e+00])",
        "segments.segment_min": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  3.00000000e+00])",
        "segments.segment_prod": "Tensor(shape=[2], dtype=Float32, value= [ 2.00000000e+00,  3.00000000e+00])",
        "segments.segment_mean": "Tensor(shape=[2], dtype=Float32, value= [ 1.50000000e+00,  3.00000000e+00])",
    },
    "lengths=[1, 3]": {
        "segments.sequence_mask": (
            "Tensor(shape=[2, 3], dtype=Bool, value=\n[[ True, False, False],\n [ True,  True,  True]])"
        ),
    },
    "x=[[1, 2], [3, 4]]; axis=0; index=1": {
        "gathering.select_index": "Tensor(shape=[2], dtype=Int64, value= [3, 4])",
    },
    "x=[1, 2, 3]; index=[0, 2]; source=[10, 20]; axis=0": {
        "scattering.index_add": "Tensor(shape=[3], dtype=Int64, value= [11,  2, 23])",
    },
    "x=[10, 20, 30]; indices=[2, 0]; axis=0": {
        "gathering.take": "Tensor(shape=[2], dtype=Int64, value= [30, 10])",
    },
    "x=[1, 2, 3]; index=[0, 2]; source=[10, 20]": {
        "scattering.put_flat": "Tensor(shape=[3], dtype=Int64, value= [10,  2, 20])",
    },
    "x=[1, 2]; value=7": {
        "scattering.fill_": "Tensor(shape=[2], dtype=Int64, value= [7, 7])",
    },
    "x=[1, 2]": {
        "scattering.zero_": "Tensor(shape=[2], dtype=Int64, value= [0, 0])",
    },
    "x=[1, 2]; src=[8, 9]": {
        "scattering.copy_": "Tensor(shape=[2], dtype=Int64, value= [8, 9])",
    },
}
