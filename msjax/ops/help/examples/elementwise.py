"""Elementwise operators: arithmetic, functions, comparison, logic."""

EXAMPLES = {
    "x=[0.0, 1.0, 2.0]": {
        "elementwise.exp": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  2.71828175e+00,  7.38905621e+00])"
        ),
        "elementwise.tensor_exp": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  2.71828175e+00,  7.38905621e+00])"
        ),
        "elementwise.tensor_expm1": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  1.71828175e+00,  6.38905621e+00])"
        ),
        "elementwise.exp2": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00,  4.00000000e+00])"
        ),
        "elementwise.expm1": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  1.71828175e+00,  6.38905621e+00])"
        ),
    },
    "x=[1.0, 2.0, 100.0]": {
        "elementwise.log": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  6.93147182e-01,  4.60517025e+00])"
        ),
        "elementwise.log1p": (
            "Tensor(shape=[3], dtype=Float32, value= [ 6.93147182e-01,  1.09861231e+00,  4.61512041e+00])"
        ),
        "elementwise.log2": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  1.00000000e+00,  6.64385605e+00])"
        ),
        "elementwise.log10": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  3.01030010e-01,  2.00000000e+00])"
        ),
    },
    "x=[1.0, 4.0, 16.0]": {
        "elementwise.sqrt": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00,  4.00000000e+00])"
        ),
        "elementwise.rsqrt": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  5.00000000e-01,  2.50000000e-01])"
        ),
    },
    "x=[0.0, 0.5, 1.0]": {
        "elementwise.sin": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  4.79425550e-01,  8.41470957e-01])"
        ),
        "elementwise.cos": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  8.77582550e-01,  5.40302277e-01])"
        ),
        "elementwise.tan": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  5.46302497e-01,  1.55740774e+00])"
        ),
        "elementwise.asin": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  5.23598790e-01,  1.57079637e+00])"
        ),
        "elementwise.acos": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.57079637e+00,  1.04719758e+00,  0.00000000e+00])"
        ),
        "elementwise.atan": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  4.63647544e-01,  7.85398126e-01])"
        ),
        "elementwise.sinh": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  5.21095335e-01,  1.17520118e+00])"
        ),
        "elementwise.cosh": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  1.12762594e+00,  1.54308057e+00])"
        ),
        "elementwise.tanh": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  4.62117165e-01,  7.61594176e-01])"
        ),
        "elementwise.asinh": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  4.81211841e-01,  8.81373644e-01])"
        ),
        "elementwise.sigmoid": (
            "Tensor(shape=[3], dtype=Float32, value= [ 5.00000000e-01,  6.22459352e-01,  7.31058598e-01])"
        ),
        "elementwise.erf": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  5.20499885e-01,  8.42700839e-01])"
        ),
        "elementwise.erfc": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  4.79500175e-01,  1.57299235e-01])"
        ),
        "elementwise.sinc": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  6.36619747e-01, -2.78275341e-08])"
        ),
        "elementwise.i0": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000012e+00,  1.06348348e+00,  1.26606596e+00])"
        ),
        "elementwise.bessel_i0": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000012e+00,  1.06348348e+00,  1.26606596e+00])"
        ),
        "elementwise.bessel_i0e": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000012e+00,  6.45035326e-01,  4.65759635e-01])"
        ),
        "elementwise.bessel_i1": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  2.57894278e-01,  5.65159082e-01])"
        ),
        "elementwise.bessel_i1e": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  1.56420797e-01,  2.07910419e-01])"
        ),
        "elementwise.arcsin": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  5.23598790e-01,  1.57079637e+00])"
        ),
        "elementwise.arccos": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.57079637e+00,  1.04719758e+00,  0.00000000e+00])"
        ),
        "elementwise.arctan": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  4.63647544e-01,  7.85398126e-01])"
        ),
        "elementwise.arcsinh": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  4.81211841e-01,  8.81373644e-01])"
        ),
    },
    "x=[1.0, 2.0, 3.0]": {
        "elementwise.acosh": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  1.31695795e+00,  1.76274717e+00])"
        ),
        "elementwise.arccosh": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  1.31695795e+00,  1.76274717e+00])"
        ),
    },
    "x=[0.0, 0.5, -0.5]": {
        "elementwise.atanh": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  5.49306154e-01, -5.49306154e-01])"
        ),
        "elementwise.erfinv": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  4.76936281e-01, -4.76936281e-01])"
        ),
        "elementwise.arctanh": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  5.49306154e-01, -5.49306154e-01])"
        ),
    },
    "x=[1.0, 2.5, 4.0]": {
        "elementwise.lgamma": (
            "Tensor(shape=[3], dtype=Float32, value= [ 4.76837158e-07,  2.84682989e-01,  1.79176033e+00])"
        ),
        "elementwise.digamma": (
            "Tensor(shape=[3], dtype=Float32, value= [-5.77215374e-01,  7.03156829e-01,  1.25611782e+00])"
        ),
    },
    "x=[1.0, 2.0, -4.0]": {
        "elementwise.reciprocal": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  5.00000000e-01, -2.50000000e-01])"
        ),
        "elementwise.inv": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  5.00000000e-01, -2.50000000e-01])"
        ),
    },
    "x=[0.0, 90.0, 180.0]": {
        "elementwise.deg2rad": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  1.57079637e+00,  3.14159274e+00])"
        ),
        "elementwise.radians": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  1.57079637e+00,  3.14159274e+00])"
        ),
    },
    "x=[0.0, 1.0, 3.1415927]": {
        "elementwise.rad2deg": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  5.72957802e+01,  1.80000000e+02])"
        ),
    },
    "x=[-2.0, 0.0, 3.0]": {
        "elementwise.abs": (
            "Tensor(shape=[3], dtype=Float32, value= [ 2.00000000e+00,  0.00000000e+00,  3.00000000e+00])"
        ),
        "elementwise.neg": (
            "Tensor(shape=[3], dtype=Float32, value= [ 2.00000000e+00, -0.00000000e+00, -3.00000000e+00])"
        ),
        "elementwise.negative": (
            "Tensor(shape=[3], dtype=Float32, value= [ 2.00000000e+00, -0.00000000e+00, -3.00000000e+00])"
        ),
        "elementwise.positive": (
            "Tensor(shape=[3], dtype=Float32, value= [-2.00000000e+00,  0.00000000e+00,  3.00000000e+00])"
        ),
        "elementwise.square": (
            "Tensor(shape=[3], dtype=Float32, value= [ 4.00000000e+00,  0.00000000e+00,  9.00000000e+00])"
        ),
        "elementwise.sign": (
            "Tensor(shape=[3], dtype=Float32, value= [-1.00000000e+00,  0.00000000e+00,  1.00000000e+00])"
        ),
        "elementwise.sgn": (
            "Tensor(shape=[3], dtype=Float32, value= [-1.00000000e+00,  0.00000000e+00,  1.00000000e+00])"
        ),
        "elementwise.fabs": (
            "Tensor(shape=[3], dtype=Float32, value= [ 2.00000000e+00,  0.00000000e+00,  3.00000000e+00])"
        ),
    },
    "x=[-2.0, 3.0]": {
        "elementwise.signbit": "Tensor(shape=[2], dtype=Bool, value= [ True, False])",
    },
    "x=[1 + 1j, 2j]": {
        "elementwise.real": "Tensor(shape=[2], dtype=Float64, value= [ 1.00000000e+00,  0.00000000e+00])",
        "elementwise.imag": "Tensor(shape=[2], dtype=Float64, value= [ 1.00000000e+00,  2.00000000e+00])",
        "elementwise.conj": "Tensor(shape=[2], dtype=Complex128, value= [1-1j, 0-2j])",
        "elementwise.angle": "Tensor(shape=[2], dtype=Float64, value= [ 7.85398163e-01,  1.57079633e+00])",
    },
    "x=[-1.5, 0.2, 2.7]": {
        "elementwise.frac": (
            "Tensor(shape=[3], dtype=Float32, value= [-5.00000000e-01,  2.00000003e-01,  7.00000048e-01])"
        ),
        "elementwise.floor": (
            "Tensor(shape=[3], dtype=Float32, value= [-2.00000000e+00,  0.00000000e+00,  2.00000000e+00])"
        ),
        "elementwise.ceil": (
            "Tensor(shape=[3], dtype=Float32, value= [-1.00000000e+00,  1.00000000e+00,  3.00000000e+00])"
        ),
        "elementwise.trunc": (
            "Tensor(shape=[3], dtype=Float32, value= [-1.00000000e+00,  0.00000000e+00,  2.00000000e+00])"
        ),
        "elementwise.rint": (
            "Tensor(shape=[3], dtype=Float32, value= [-2.00000000e+00,  0.00000000e+00,  3.00000000e+00])"
        ),
        "elementwise.fix": (
            "Tensor(shape=[3], dtype=Float32, value= [-1.00000000e+00,  0.00000000e+00,  2.00000000e+00])"
        ),
    },
    "x=[0.126, 2.5, -1.75]; decimals=1": {
        "elementwise.round_": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000001e-01,  2.50000000e+00, -1.80000007e+00])"
        ),
    },
    "x=[1, 2, 3]; y=[10, 20, 30]": {
        "elementwise.add": "Tensor(shape=[3], dtype=Int64, value= [11, 22, 33])",
        "elementwise.sub": "Tensor(shape=[3], dtype=Int64, value= [ -9, -18, -27])",
        "elementwise.mul": "Tensor(shape=[3], dtype=Int64, value= [10, 40, 90])",
        "elementwise.multiply": "Tensor(shape=[3], dtype=Int64, value= [10, 40, 90])",
        "elementwise.tensor_add": "Tensor(shape=[3], dtype=Int64, value= [11, 22, 33])",
        "elementwise.tensor_sub": "Tensor(shape=[3], dtype=Int64, value= [ -9, -18, -27])",
        "elementwise.tensor_mul": "Tensor(shape=[3], dtype=Int64, value= [10, 40, 90])",
        "elementwise.subtract": "Tensor(shape=[3], dtype=Int64, value= [ -9, -18, -27])",
    },
    "x=[2.0, 3.0]; y=[3.0, 2.0]": {
        "elementwise.tensor_pow": "Tensor(shape=[2], dtype=Float32, value= [ 8.00000000e+00,  9.00000000e+00])",
        "elementwise.float_power": "Tensor(shape=[2], dtype=Float64, value= [ 8.00000000e+00,  9.00000000e+00])",
        "elementwise.pow_": "Tensor(shape=[2], dtype=Float32, value= [ 8.00000000e+00,  9.00000000e+00])",
        "numpy.float_power": "Tensor(shape=[2], dtype=Float32, value= [ 8.00000000e+00,  9.00000000e+00])",
    },
    "x=[12, 18]; y=[8, 27]": {
        "elementwise.gcd": "Tensor(shape=[2], dtype=Int64, value= [4, 9])",
        "elementwise.lcm": "Tensor(shape=[2], dtype=Int64, value= [24, 54])",
    },
    "x=[1.0, 2.0]; y=[3.0, 2.0]": {
        "elementwise.squared_difference": "Tensor(shape=[2], dtype=Float32, value= [ 4.00000000e+00,  0.00000000e+00])",
    },
    "x=[1.0, 6.0]; y=[4.0, 3.0]": {
        "elementwise.div_no_nan": "Tensor(shape=[2], dtype=Float32, value= [ 2.50000000e-01,  2.00000000e+00])",
        "elementwise.mul_no_nan": "Tensor(shape=[2], dtype=Float32, value= [ 4.00000000e+00,  1.80000000e+01])",
        "elementwise.real_div": "Tensor(shape=[2], dtype=Float32, value= [ 2.50000000e-01,  2.00000000e+00])",
        "elementwise.tensor_div": "Tensor(shape=[2], dtype=Float32, value= [ 2.50000000e-01,  2.00000000e+00])",
        "elementwise.true_divide": "Tensor(shape=[2], dtype=Float32, value= [ 2.50000000e-01,  2.00000000e+00])",
        "elementwise.div": "Tensor(shape=[2], dtype=Float32, value= [ 2.50000000e-01,  2.00000000e+00])",
        "elementwise.divide": "Tensor(shape=[2], dtype=Float32, value= [ 2.50000000e-01,  2.00000000e+00])",
    },
    "x=[7, -7]; y=[2, 2]": {
        "elementwise.tensor_floordiv": "Tensor(shape=[2], dtype=Int64, value= [ 3, -4])",
        "elementwise.tensor_mod": "Tensor(shape=[2], dtype=Int64, value= [1, 1])",
        "elementwise.floor_divide": "Tensor(shape=[2], dtype=Int64, value= [ 3, -4])",
        "elementwise.floor_div": "Tensor(shape=[2], dtype=Int64, value= [ 3, -4])",
        "elementwise.floor_mod": "Tensor(shape=[2], dtype=Int64, value= [1, 1])",
        "elementwise.remainder": "Tensor(shape=[2], dtype=Int64, value= [1, 1])",
        "elementwise.mod": "Tensor(shape=[2], dtype=Int64, value= [1, 1])",
        "ops.Mod": "Tensor(shape=[2], dtype=Int64, value= [ 1, -1])",
        "elementwise.fmod": "Tensor(shape=[2], dtype=Int64, value= [ 1, -1])",
    },
    "x=[1, 5]; y=[4, 2]": {
        "elementwise.maximum": "Tensor(shape=[2], dtype=Int64, value= [4, 5])",
        "elementwise.minimum": "Tensor(shape=[2], dtype=Int64, value= [1, 2])",
        "elementwise.fmax": "Tensor(shape=[2], dtype=Int64, value= [4, 5])",
        "elementwise.fmin": "Tensor(shape=[2], dtype=Int64, value= [1, 2])",
    },
    "x=[3.0, 1.0]; y=[4.0, 1.0]": {
        "elementwise.atan2": "Tensor(shape=[2], dtype=Float32, value= [ 6.43501103e-01,  7.85398185e-01])",
        "elementwise.hypot": "Tensor(shape=[2], dtype=Float32, value= [ 5.00000000e+00,  1.41421354e+00])",
        "elementwise.logaddexp": "Tensor(shape=[2], dtype=Float32, value= [ 4.31326151e+00,  1.69314718e+00])",
        "elementwise.logaddexp2": "Tensor(shape=[2], dtype=Float32, value= [ 4.58496237e+00,  2.00000000e+00])",
        "elementwise.arctan2": "Tensor(shape=[2], dtype=Float32, value= [ 6.43501103e-01,  7.85398185e-01])",
    },
    "x=[1.0, -2.0]; y=[-1.0, 1.0]": {
        "elementwise.copysign": "Tensor(shape=[2], dtype=Float32, value= [-1.00000000e+00,  2.00000000e+00])",
    },
    "x=[1.0]; y=[2.0]": {
        "elementwise.nextafter": "Tensor(shape=[1], dtype=Float32, value= [ 1.00000012e+00])",
    },
    "x=[0.0, 2.0]; y=[5.0, 4.0]": {
        "elementwise.xlogy": "Tensor(shape=[2], dtype=Float32, value= [ 0.00000000e+00,  2.77258873e+00])",
        "elementwise.xdivy": "Tensor(shape=[2], dtype=Float32, value= [ 0.00000000e+00,  5.00000000e-01])",
    },
    "x=[-1.0, 0.0, 2.0]; y=[0.5]": {
        "elementwise.heaviside": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  5.00000000e-01,  1.00000000e+00])"
        ),
    },
    "x=[1.0, 3.0]; y=[2, 3]": {
        "elementwise.ldexp": "Tensor(shape=[2], dtype=Float32, value= [ 4.00000000e+00,  2.40000000e+01])",
    },
    "x=[1.0, 2.0]; y=[1.0, 3.0]": {
        "elementwise.igamma": "Tensor(shape=[2], dtype=Float32, value= [ 6.32120192e-01,  8.00851703e-01])",
        "elementwise.igammac": "Tensor(shape=[2], dtype=Float32, value= [ 3.67879272e-01,  1.99148282e-01])",
    },
    "x=[2.0]; y=[1.0]": {
        "elementwise.zeta": "Tensor(shape=[1], dtype=Float32, value= [ 1.64493406e+00])",
    },
    "x=[1, 2]; y=[10, 20]; alpha=2": {
        "elementwise.add_scaled": "Tensor(shape=[2], dtype=Int64, value= [21, 42])",
        "elementwise.sub_scaled": "Tensor(shape=[2], dtype=Int64, value= [-19, -38])",
    },
    "x=[1, 2, 3]; y=[2, 2, 2]": {
        "elementwise.eq": "Tensor(shape=[3], dtype=Bool, value= [False,  True, False])",
        "elementwise.equal": "Tensor(shape=[3], dtype=Bool, value= [False,  True, False])",
        "elementwise.ne": "Tensor(shape=[3], dtype=Bool, value= [ True, False,  True])",
        "elementwise.gt": "Tensor(shape=[3], dtype=Bool, value= [False, False,  True])",
        "elementwise.ge": "Tensor(shape=[3], dtype=Bool, value= [False,  True,  True])",
        "elementwise.lt": "Tensor(shape=[3], dtype=Bool, value= [ True, False, False])",
        "elementwise.le": "Tensor(shape=[3], dtype=Bool, value= [ True,  True, False])",
        "elementwise.tensor_gt": "Tensor(shape=[3], dtype=Bool, value= [False, False,  True])",
        "elementwise.tensor_ge": "Tensor(shape=[3], dtype=Bool, value= [False,  True,  True])",
        "elementwise.tensor_lt": "Tensor(shape=[3], dtype=Bool, value= [ True, False, False])",
        "elementwise.tensor_le": "Tensor(shape=[3], dtype=Bool, value= [ True,  True, False])",
        "elementwise.not_equal": "Tensor(shape=[3], dtype=Bool, value= [ True, False,  True])",
        "elementwise.greater": "Tensor(shape=[3], dtype=Bool, value= [False, False,  True])",
        "elementwise.greater_equal": "Tensor(shape=[3], dtype=Bool, value= [False,  True,  True])",
        "elementwise.less": "Tensor(shape=[3], dtype=Bool, value= [ True, False, False])",
        "elementwise.less_equal": "Tensor(shape=[3], dtype=Bool, value= [ True,  True, False])",
    },
    "x=[True, True, False]; y=[True, False, False]": {
        "elementwise.logical_and": "Tensor(shape=[3], dtype=Bool, value= [ True, False, False])",
        "elementwise.logical_or": "Tensor(shape=[3], dtype=Bool, value= [ True,  True, False])",
        "elementwise.logical_xor": "Tensor(shape=[3], dtype=Bool, value= [False,  True, False])",
    },
    "x=[12, 5]; y=[10, 3]": {
        "elementwise.bitwise_and": "Tensor(shape=[2], dtype=Int64, value= [8, 1])",
        "elementwise.bitwise_or": "Tensor(shape=[2], dtype=Int64, value= [14,  7])",
        "elementwise.bitwise_xor": "Tensor(shape=[2], dtype=Int64, value= [6, 6])",
    },
    "x=[4, 16]; y=[1, 2]": {
        "elementwise.bitwise_left_shift": "Tensor(shape=[2], dtype=Int64, value= [ 8, 64])",
        "elementwise.bitwise_right_shift": "Tensor(shape=[2], dtype=Int64, value= [2, 4])",
        "elementwise.left_shift": "Tensor(shape=[2], dtype=Int64, value= [ 8, 64])",
        "elementwise.right_shift": "Tensor(shape=[2], dtype=Int64, value= [2, 4])",
    },
    "x=[True, False]": {
        "elementwise.logical_not": "Tensor(shape=[2], dtype=Bool, value= [False,  True])",
    },
    "x=[1.0, float('inf'), float('nan')]": {
        "elementwise.isnan": "Tensor(shape=[3], dtype=Bool, value= [False, False,  True])",
        "elementwise.isinf": "Tensor(shape=[3], dtype=Bool, value= [False,  True, False])",
        "elementwise.isfinite": "Tensor(shape=[3], dtype=Bool, value= [ True, False, False])",
        "elementwise.isneginf": "Tensor(shape=[3], dtype=Bool, value= [False, False, False])",
        "elementwise.isposinf": "Tensor(shape=[3], dtype=Bool, value= [False,  True, False])",
        "elementwise.isreal": "Tensor(shape=[3], dtype=Bool, value= [ True,  True,  True])",
    },
    "x=[0, 5]": {
        "elementwise.invert": "Tensor(shape=[2], dtype=Int64, value= [-1, -6])",
        "elementwise.bitwise_not": "Tensor(shape=[2], dtype=Int64, value= [-1, -6])",
    },
    "x=[1.0, 2.0]; y=[1.0, 2.1]; rtol=0.1": {
        "comparison.isclose": "Tensor(shape=[2], dtype=Bool, value= [ True,  True])",
        "comparison.allclose": "True",
    },
    "x=[1.0, 2.0]; y=[1.0, 2.1]": {
        "comparison.approximate_equal": "Tensor(shape=[2], dtype=Bool, value= [ True, False])",
    },
    "x=[1, 2]; y=[1, 3]": {
        "comparison.same_elements": "Tensor(shape=[2], dtype=Bool, value= [ True, False])",
    },
    "x=[1.0, 8.0, -27.0]": {
        "elementwise.cbrt": (
            "Tensor(shape=[3], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00, -3.00000000e+00])"
        ),
    },
}
