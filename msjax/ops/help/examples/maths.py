"""Reductions, linear algebra, Fourier transforms and polynomials."""

EXAMPLES = {
    "x=[[2.0, 0.0], [0.0, 4.0]]": {
        "decomposition.inverse": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 5.00000000e-01,  0.00000000e+00],\n [ "
            "0.00000000e+00,  2.50000000e-01]])"
        ),
        "decomposition.det": "Tensor(shape=[], dtype=Float32, value= 8)",
        "decomposition.slogdet": (
            "(Tensor(shape=[], dtype=Float32, value= 1), Tensor(shape=[], dtype=Float32, value= 2.07944))"
        ),
        "decomposition.logdet": "Tensor(shape=[], dtype=Float32, value= 2.07944)",
        "decomposition.matrix_exp": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 7.38905621e+00,  0.00000000e+00],\n [ "
            "0.00000000e+00,  5.45981674e+01]])"
        ),
        "decomposition.pinv": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 5.00000000e-01,  0.00000000e+00],\n [ "
            "0.00000000e+00,  2.50000000e-01]])"
        ),
    },
    "x=[[1.0, 1.0], [0.0, 1.0]]; n=3": {
        "decomposition.matrix_power": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 1.00000000e+00,  3.00000000e+00],\n [ "
            "0.00000000e+00,  1.00000000e+00]])"
        ),
    },
    "x=[[2.0, 0.0], [0.0, 4.0]]; y=[[2.0], [8.0]]": {
        "decomposition.matrix_solve": (
            "Tensor(shape=[2, 1], dtype=Float32, value=\n[[ 1.00000000e+00],\n [ 2.00000000e+00]])"
        ),
    },
    "factor=[[2.0, 0.0], [1.0, 2.0]]": {
        "decomposition.cholesky_inverse": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 3.12500000e-01, -1.25000000e-01],\n "
            "[-1.25000000e-01,  2.50000000e-01]])"
        ),
    },
    "x=[[4.0, 2.0], [2.0, 5.0]]": {
        "decomposition.cholesky": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 2.00000000e+00,  0.00000000e+00],\n [ "
            "1.00000000e+00,  2.00000000e+00]])"
        ),
    },
    "x=[[0.0, 0.0]]; y=[[3.0, 4.0]]": {
        "distance.cdist": "Tensor(shape=[1, 1], dtype=Float32, value=\n[[ 5.00000000e+00]])",
    },
    "x=[[0.0, 0.0], [3.0, 4.0]]": {
        "distance.pdist": "Tensor(shape=[1], dtype=Float32, value= [ 5.00000000e+00])",
    },
    "x=[0.0, 0.0]; y=[3.0, 4.0]": {
        "distance.dist": "Tensor(shape=[], dtype=Float32, value= 5)",
    },
    "x=[1.0, 0.0]": {
        "fourier.fft": "Tensor(shape=[2], dtype=Complex64, value= [1+0j, 1+0j])",
        "fourier.ifft": "Tensor(shape=[2], dtype=Complex64, value= [0.5+0j, 0.5+0j])",
        "fourier.hfft": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  1.00000000e+00])",
        "fourier.ihfft": "Tensor(shape=[2], dtype=Complex64, value= [0.5+0j, 0.5+0j])",
    },
    "x=[1.0, 2.0, 3.0, 4.0]": {
        "fourier.rfft": "Tensor(shape=[3], dtype=Complex64, value= [10+0j, -2+2j, -2+0j])",
        "fourier.irfft": (
            "Tensor(shape=[6], dtype=Float32, value= [ 2.50000000e+00, -6.66666687e-01,  0.00000000e+00, "
            "-1.66666672e-01,  0.00000000e+00, -6.66666687e-01])"
        ),
        "fourier.fftshift": (
            "Tensor(shape=[4], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00,  1.00000000e+00,  "
            "2.00000000e+00])"
        ),
        "fourier.ifftshift": (
            "Tensor(shape=[4], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00,  1.00000000e+00,  "
            "2.00000000e+00])"
        ),
    },
    "x=[[1.0, 2.0]]": {
        "fourier.fftn": "Tensor(shape=[1, 2], dtype=Complex64, value=\n[[3+0j, -1+0j]])",
        "fourier.fft2": "Tensor(shape=[1, 2], dtype=Complex64, value=\n[[3+0j, -1+0j]])",
        "fourier.ifftn": "Tensor(shape=[1, 2], dtype=Complex64, value=\n[[1.5+0j, -0.5+0j]])",
        "fourier.ifft2": "Tensor(shape=[1, 2], dtype=Complex64, value=\n[[1.5+0j, -0.5+0j]])",
        "fourier.rfftn": "Tensor(shape=[1, 2], dtype=Complex64, value=\n[[3+0j, -1+0j]])",
        "fourier.rfft2": "Tensor(shape=[1, 2], dtype=Complex64, value=\n[[3+0j, -1+0j]])",
        "fourier.irfftn": "Tensor(shape=[1, 2], dtype=Float32, value=\n[[ 1.50000000e+00, -5.00000000e-01]])",
        "fourier.irfft2": "Tensor(shape=[1, 2], dtype=Float32, value=\n[[ 1.50000000e+00, -5.00000000e-01]])",
        "fourier.hfftn": "Tensor(shape=[1, 2], dtype=Float32, value=\n[[ 3.00000000e+00, -1.00000000e+00]])",
        "fourier.hfft2": "Tensor(shape=[1, 2], dtype=Float32, value=\n[[ 3.00000000e+00, -1.00000000e+00]])",
    },
    "n=4": {
        "fourier.fftfreq": (
            "Tensor(shape=[4], dtype=Float32, value= [ 0.00000000e+00,  2.50000000e-01, -5.00000000e-01, "
            "-2.50000000e-01])"
        ),
        "fourier.rfftfreq": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  2.50000000e-01,  5.00000000e-01])"
        ),
    },
    "x=[[1.0, 2.0], [3.0, 4.0]]; y=[[1.0], [1.0]]": {
        "linalg.matmul": "Tensor(shape=[2, 1], dtype=Float32, value=\n[[ 3.00000000e+00],\n [ 7.00000000e+00]])",
        "linalg.mm": "Tensor(shape=[2, 1], dtype=Float32, value=\n[[ 3.00000000e+00],\n [ 7.00000000e+00]])",
    },
    "x=[[[1.0, 2.0]]]; y=[[[3.0], [4.0]]]": {
        "linalg.bmm": "Tensor(shape=[1, 1, 1], dtype=Float32, value=\n[[[ 1.10000000e+01]]])",
    },
    "x=[[1.0, 2.0], [3.0, 4.0]]; y=[1.0, 1.0]": {
        "linalg.mv": "Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  7.00000000e+00])",
    },
    "x=[[1.0, 2.0]]; y=[[3.0], [4.0]]": {
        "linalg.dot_of_matrices": "Tensor(shape=[1, 1], dtype=Float32, value=\n[[ 1.10000000e+01]])",
    },
    "x=[1.0, 2.0]; y=[3.0, 4.0]": {
        "linalg.inner": "Tensor(shape=[], dtype=Float32, value= 11)",
        "linalg.outer": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 3.00000000e+00,  4.00000000e+00],\n [ "
            "6.00000000e+00,  8.00000000e+00]])"
        ),
        "linalg.ger": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 3.00000000e+00,  4.00000000e+00],\n [ "
            "6.00000000e+00,  8.00000000e+00]])"
        ),
        "linalg.kron": (
            "Tensor(shape=[4], dtype=Float32, value= [ 3.00000000e+00,  4.00000000e+00,  6.00000000e+00,  "
            "8.00000000e+00])"
        ),
        "linalg.vecdot": "Tensor(shape=[], dtype=Float32, value= 11)",
        "linalg.dot": "Tensor(shape=[], dtype=Float32, value= 11)",
    },
    "x=[1.0, 2.0]; y=[3.0, 4.0]; axes=1": {
        "linalg.tensor_dot": "Tensor(shape=[], dtype=Float32, value= 11)",
    },
    "x=[1.0, 0.0, 0.0]; y=[0.0, 1.0, 0.0]; dim=0": {
        "linalg.cross": "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  0.00000000e+00,  1.00000000e+00])",
    },
    "x=[[1.0, 2.0], [3.0, 5.0]]": {
        "linalg.cov": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 5.00000000e-01,  1.00000000e+00],\n [ "
            "1.00000000e+00,  2.00000000e+00]])"
        ),
    },
    "x=[[1.0, 2.0], [3.0, 4.0]]": {
        "linalg.adjoint": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 1.00000000e+00,  3.00000000e+00],\n [ "
            "2.00000000e+00,  4.00000000e+00]])"
        ),
    },
    "x=[[1.0]]; y=[[1.0, 2.0]]; z=[[3.0], [4.0]]": {
        "linalg.addmm": "Tensor(shape=[1, 1], dtype=Float32, value=\n[[ 1.20000000e+01]])",
    },
    "x=[1.0]; y=[[1.0, 2.0]]; z=[3.0, 4.0]": {
        "linalg.addmv": "Tensor(shape=[1], dtype=Float32, value= [ 1.20000000e+01])",
    },
    "x=[[1.0, 1.0]]; y=[2.0]; z=[3.0, 4.0]": {
        "linalg.addr": "Tensor(shape=[1, 2], dtype=Float32, value=\n[[ 7.00000000e+00,  9.00000000e+00]])",
    },
    "x=[[[1.0]]]; y=[[[1.0, 2.0]]]; z=[[[3.0], [4.0]]]": {
        "linalg.baddbmm": "Tensor(shape=[1, 1, 1], dtype=Float32, value=\n[[[ 1.20000000e+01]]])",
    },
    "x=[[1.0]]; y=[[[1.0, 2.0]]]; z=[[[3.0], [4.0]]]": {
        "linalg.addbmm": "Tensor(shape=[1, 1], dtype=Float32, value=\n[[ 1.20000000e+01]])",
    },
    "x=[1.0]; tensor1=[6.0]; tensor2=[2.0]": {
        "linalg.addcmul": "Tensor(shape=[1], dtype=Float32, value= [ 1.30000000e+01])",
        "linalg.addcdiv": "Tensor(shape=[1], dtype=Float32, value= [ 4.00000000e+00])",
    },
    "x=[3.0, 4.0]": {
        "linalg.norm": "Tensor(shape=[], dtype=Float32, value= 5)",
        "linalg.vector_norm": "Tensor(shape=[], dtype=Float32, value= 5)",
        "linalg.vector_norm_by_p": "Tensor(shape=[], dtype=Float32, value= 5)",
    },
    "x=[[3.0, 0.0], [0.0, 4.0]]": {
        "linalg.matrix_norm": "Tensor(shape=[], dtype=Float32, value= 5)",
    },
    "x=[[1.0, 2.0], [3.0, 4.0]]; axis=0": {
        "reduction.sum_": "Tensor(shape=[2], dtype=Float32, value= [ 4.00000000e+00,  6.00000000e+00])",
        "reduction.reduce_sum": "Tensor(shape=[2], dtype=Float32, value= [ 4.00000000e+00,  6.00000000e+00])",
        "reduction.prod": "Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  8.00000000e+00])",
        "reduction.reduce_prod": "Tensor(shape=[2], dtype=Float32, value= [ 3.00000000e+00,  8.00000000e+00])",
        "reduction.mean": "Tensor(shape=[2], dtype=Float32, value= [ 2.00000000e+00,  3.00000000e+00])",
        "reduction.nansum": "Tensor(shape=[2], dtype=Float32, value= [ 4.00000000e+00,  6.00000000e+00])",
        "reduction.nanmean": "Tensor(shape=[2], dtype=Float32, value= [ 2.00000000e+00,  3.00000000e+00])",
        "reduction.var": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  1.00000000e+00])",
        "reduction.std": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  1.00000000e+00])",
        "reduction.logsumexp": "Tensor(shape=[2], dtype=Float32, value= [ 3.12692809e+00,  4.12692785e+00])",
        "mint.var": "Tensor(shape=[2], dtype=Float32, value= [ 2.00000000e+00,  2.00000000e+00])",
        "mint.std": "Tensor(shape=[2], dtype=Float32, value= [ 1.41421354e+00,  1.41421354e+00])",
        "reduction.average": "Tensor(shape=[2], dtype=Float32, value= [ 2.00000000e+00,  3.00000000e+00])",
        "reduction.nanvar": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  1.00000000e+00])",
        "reduction.nanstd": "Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  1.00000000e+00])",
    },
    "x=[True, False]; axis=0": {
        "reduction.all": "Tensor(shape=[], dtype=Bool, value= False)",
        "reduction.any": "Tensor(shape=[], dtype=Bool, value= True)",
        "reduction.sometrue": "Tensor(shape=[], dtype=Bool, value= True)",
    },
    "x=[0, 1, 2]": {
        "reduction.count_nonzero": "Tensor(shape=[], dtype=Int32, value= 2)",
        "reduction.count_nonzero_wide": "Tensor(shape=[], dtype=Int64, value= 2)",
    },
    "x=[1.0, 3.0]": {
        "reduction.var_mean": "(Tensor(shape=[], dtype=Float32, value= 1), Tensor(shape=[], dtype=Float32, value= 2))",
        "reduction.std_mean": "(Tensor(shape=[], dtype=Float32, value= 1), Tensor(shape=[], dtype=Float32, value= 2))",
        "mint.var_mean": "(Tensor(shape=[], dtype=Float32, value= 2), Tensor(shape=[], dtype=Float32, value= 2))",
        "mint.std_mean": "(Tensor(shape=[], dtype=Float32, value= 1.41421), Tensor(shape=[], dtype=Float32, value= 2))",
    },
    "x=[3.0, 4.0]; axis=0": {
        "reduction.lp_norm": "Tensor(shape=[], dtype=Float32, value= 5)",
    },
    "x=[[3.0, 4.0]]; p=2; axis=0; maxnorm=1.0": {
        "reduction.renorm": "Tensor(shape=[1, 2], dtype=Float32, value=\n[[ 6.00000024e-01,  8.00000012e-01]])",
    },
    "y=[1.0, 2.0, 3.0]": {
        "reduction.trapz": "Tensor(shape=[], dtype=Float32, value= 4)",
    },
    "x=[[1, 2], [3, 4]]": {
        "reduction.trace": "Tensor(shape=[], dtype=Int64, value= 5)",
        "reduction.trace_along": "Tensor(shape=[], dtype=Int64, value= 5)",
    },
    "x=[1.0, 2.0, 3.0]; axis=0": {
        "reduction.cumsum": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  3.00000000e+00,  6.00000000e+00])"
        ),
        "reduction.cumprod": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00,  6.00000000e+00])"
        ),
        "reduction.cumprod_same": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00,  6.00000000e+00])"
        ),
        "reduction.logcumsumexp": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  2.31326175e+00,  3.40760612e+00])"
        ),
        "reduction.cumsum_method": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  3.00000000e+00,  6.00000000e+00])"
        ),
        "reduction.cumprod_of_numbers": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00,  6.00000000e+00])"
        ),
        "reduction.nancumsum": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  3.00000000e+00,  6.00000000e+00])"
        ),
    },
    "x=[0.5, 2.5]; bins=[1.0, 2.0, 3.0]": {
        "histograms.digitize": "Tensor(shape=[2], dtype=Int32, value= [0, 2])",
    },
    "x=[0, 1, 1, 3]": {
        "histograms.bincount": (
            "Tensor(shape=[4], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00,  0.00000000e+00,  "
            "1.00000000e+00])"
        ),
    },
    "x=[1, 3, 5]; v=[2, 5]": {
        "histograms.searchsorted": "Tensor(shape=[2], dtype=Int32, value= [1, 2])",
    },
    "x=[1.0, 2.0]; y=[1.0, 1.0]": {
        "linalg.convolve": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  3.00000000e+00,  2.00000000e+00])"
        ),
        "linalg.correlate": "Tensor(shape=[1], dtype=Float32, value= [ 3.00000000e+00])",
    },
    "x=[1, 2]; y=[3, 4]": {
        "polynomials.polyadd": "Tensor(shape=[2], dtype=Int64, value= [4, 6])",
        "polynomials.polysub": "Tensor(shape=[2], dtype=Int64, value= [-2, -2])",
        "polynomials.polymul": "Tensor(shape=[3], dtype=Int64, value= [ 3, 10,  8])",
    },
    "p=[1, 2]": {
        "polynomials.polyder": "Tensor(shape=[1], dtype=Int64, value= [1])",
        "polynomials.polyint": (
            "Tensor(shape=[3], dtype=Float32, value= [ 5.00000000e-01,  2.00000000e+00,  0.00000000e+00])"
        ),
    },
    "p=[1, 2]; x=[3]": {
        "polynomials.polyval": "Tensor(shape=[1], dtype=Float32, value= [ 5.00000000e+00])",
    },
}
