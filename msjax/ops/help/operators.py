"""What operators mean whose definitions are made in loops, and what operators return, by topic.

A definition with a docstring of its own says there what it means; where that has a section "Returns", it is taken
instead of what stands here.
"""

from __future__ import annotations

_FLOAT = "A Tensor of the input's shape. Integers and bools give float32."
_SAME = "A Tensor of the input's shape and dtype."
_BOOL = "A bool Tensor of the input's shape."
_PAIR = "A Tensor of the shape to which both broadcast, in their common dtype."
_PAIR_FLOAT = "A Tensor of the shape to which both broadcast, of a float dtype."
_SAME_SHAPE = "A Tensor of the input's shape and of a float dtype."
_SPECTRUM = "A Tensor of complex numbers: complex64 for float32 and shorter dtypes."
_REAL = "A Tensor of real numbers."
_PAIR_BOOL = "A bool Tensor of the shape to which both broadcast."

# What values of static parameters are called in docstrings, by the parameter's name.
WORDS = {
    "meeting": {
        "update": "replaced by the updates", "add": "increased by the updates", "sub": "decreased by the updates",
        "mul": "multiplied by the updates", "div": "divided by the updates",
        "max": "raised to the updates where these are larger", "min": "lowered to the updates where these are smaller",
    },
}  # fmt: skip

# By the name that a definition made in a loop has, or by "room.name" of one face: x is the input, y the other.
_MEANINGS = {
    _FLOAT: {
        "exp tensor_exp": "e to the power of each element.",
        "exp2": "2 to the power of each element.",
        "expm1 tensor_expm1": "exp(x) - 1 of each element, exact for small x too.",
        "log": "The natural logarithm of each element; nan for negative ones, -inf for 0.",
        "log1p": "The natural logarithm of 1 + x, exact for small x too.",
        "log2": "The logarithm to base 2 of each element.",
        "log10": "The logarithm to base 10 of each element.",
        "sqrt": "The square root of each element; nan for negative ones.",
        "cbrt": "The cube root of each element.",
        "rsqrt": "1 / sqrt(x) of each element.",
        "sin": "The sine of each element, an angle in radians.",
        "cos": "The cosine of each element, an angle in radians.",
        "tan": "The tangent of each element, an angle in radians.",
        "asin arcsin": "The angle in radians whose sine each element is; nan beyond -1 and 1.",
        "acos arccos": "The angle in radians whose cosine each element is; nan beyond -1 and 1.",
        "atan arctan": "The angle in radians whose tangent each element is.",
        "sinh": "The hyperbolic sine of each element.",
        "cosh": "The hyperbolic cosine of each element.",
        "tanh": "The hyperbolic tangent of each element.",
        "tanhshrink": "x - tanh(x) of each element.",
        "asinh arcsinh": "The inverse hyperbolic sine of each element.",
        "acosh arccosh": "The inverse hyperbolic cosine of each element; nan below 1.",
        "atanh arctanh": "The inverse hyperbolic tangent of each element; nan beyond -1 and 1.",
        "sigmoid": "1 / (1 + exp(-x)) of each element.",
        "erf": "The error function of each element.",
        "erfc": "1 - erf(x) of each element, exact for large x too.",
        "erfinv": "The inverse of the error function, between -1 and 1.",
        "lgamma": "The logarithm of the absolute value of the gamma function.",
        "digamma": "The derivative of the logarithm of the gamma function.",
        "sinc": "sin(pi x) / (pi x) of each element; 1 at 0.",
        "i0 bessel_i0": "The modified Bessel function of order 0.",
        "bessel_i0e": "The modified Bessel function of order 0, times exp(-|x|).",
        "bessel_i1": "The modified Bessel function of order 1.",
        "bessel_i1e": "The modified Bessel function of order 1, times exp(-|x|).",
        "bessel_j0": "The Bessel function of the first kind, of order 0.",
        "bessel_j1": "The Bessel function of the first kind, of order 1.",
        "bessel_y0": "The Bessel function of the second kind, of order 0; -inf at 0 and below.",
        "bessel_y1": "The Bessel function of the second kind, of order 1; -inf at 0 and below.",
        "bessel_k0": "The modified Bessel function of the second kind, of order 0; inf at 0 and below.",
        "bessel_k0e": "The modified Bessel function of the second kind, of order 0, times exp(x); inf at 0 and below.",
        "bessel_k1": "The modified Bessel function of the second kind, of order 1; inf at 0 and below.",
        "bessel_k1e": "The modified Bessel function of the second kind, of order 1, times exp(x); inf at 0 and below.",
        "reciprocal": "1 / x of each element.",
        "deg2rad radians": "Degrees as radians: x * pi / 180.",
        "rad2deg": "Radians as degrees: x * 180 / pi.",
    },
    _SAME: {
        "abs fabs": "The absolute value of each element; of a complex number its size.",
        "neg negative": "-x of each element.",
        "positive": "The elements as they are.",
        "inv": "1 / x of each element; of integers 0 but for 1 and -1.",
        "square": "x * x of each element.",
        "sign sgn": "-1, 0 or 1 of each element: its sign; of a complex number x / |x|.",
        "real": "The real part of each element.",
        "imag": "The imaginary part of each element.",
        "conj": "The conjugate of each complex number.",
        "frac": "What is left of each element without its whole part, with its sign.",
        "floor": "The largest whole number that is not above each element.",
        "ceil": "The smallest whole number that is not below each element.",
        "trunc fix": "Each element without its fraction: the next whole number towards 0.",
        "rint": "The nearest whole number; of two the even one.",
        "bitwise_not invert": "Each bit turned round, of integers or bools.",
        "silu": "x * sigmoid(x) of each element.",
        "mish": "x * tanh(log(1 + exp(x))) of each element.",
        "relu": "max(x, 0) of each element; at 0 the derivative is 0.",
        "relu6": "max(x, 0) of each element, at most 6.",
        "selu": "A scaled elu: scale * x where positive, else scale * alpha * (exp(x) - 1), with constants.",
        "logsigmoid": "log(1 / (1 + exp(-x))) of each element.",
        "hardswish": "x * relu6(x + 3) / 6 of each element.",
        "hardsigmoid": "relu6(x + 3) / 6 of each element.",
        "softsign": "x / (1 + |x|) of each element.",
        "fast_gelu": "An approximation of gelu by the sigmoid.",
        "GeLU": "x * Phi(x), in the tanh approximation.",
        "Softplus": "log(1 + exp(x)) of each element.",
    },
    _BOOL: {
        "signbit": "Whether each element has a minus sign.",
        "logical_not Tensor.__invert__": "Whether each element is 0 or False.",
        "isnan": "Whether each element is nan.",
        "isinf": "Whether each element is infinite.",
        "isfinite": "Whether each element is neither infinite nor nan.",
        "isneginf": "Whether each element is -infinity.",
        "isposinf": "Whether each element is +infinity.",
        "isreal": "Whether each element has no imaginary part.",
    },
    _PAIR: {
        "add tensor_add": "x + y, element by element.",
        "sub tensor_sub subtract": "x - y, element by element.",
        "mul multiply tensor_mul": "x * y, element by element.",
        "tensor_pow": "x ** y, element by element.",
        "gcd": "The greatest common divisor of integers.",
        "lcm": "The least common multiple of integers.",
        "floor_divide floor_div tensor_floordiv": "x / y, rounded down.",
        "truncate_div": "x / y, towards zero.",
        "truncate_mod": "What is left of x / y, towards zero: of the sign of x.",
        "floor_mod tensor_mod": "What is left of x / y rounded down; it has the sign of the divisor.",
        "remainder": "What is left of x / y rounded down; it has the sign of the divisor.",
        "fmod": "What is left of x / y rounded towards 0; it has the sign of x.",
        "mod": "What is left of x / y.",
        "maximum": "The larger of x and y, element by element; nan if one is.",
        "minimum": "The smaller of x and y, element by element; nan if one is.",
        "fmax": "The larger of x and y, element by element; a number rather than nan.",
        "fmin": "The smaller of x and y, element by element; a number rather than nan.",
        "squared_difference": "(x - y) ** 2, element by element.",
        "mul_no_nan": "x * y, and 0 where y is 0, whatever x is.",
        "real_div div tensor_div": "x / y, element by element.",
        "bitwise_and": "The bits that both have, of integers or bools.",
        "bitwise_or": "The bits that one of both has, of integers or bools.",
        "bitwise_xor": "The bits that just one of both has, of integers or bools.",
        "bitwise_left_shift left_shift": "The bits of x moved to the left by y places.",
        "bitwise_right_shift right_shift": "The bits of x moved to the right by y places.",
    },
    _PAIR_FLOAT: {
        "div_no_nan": "x / y, and 0 where y is 0.",
        "copysign": "The absolute value of x with the sign of y.",
        "true_divide": "x / y, element by element.",
        "atan2 arctan2": "The angle in radians of the point with the coordinates y (across) and x (up).",
        "hypot": "sqrt(x ** 2 + y ** 2), element by element.",
        "logaddexp": "log(exp(x) + exp(y)), without overflow.",
        "logaddexp2": "log2(2 ** x + 2 ** y), without overflow.",
        "float_power": "x ** y, worked out with floats.",
        "nextafter": "The next float after x on the way to y.",
        "xlogy": "x * log(y), and 0 where x is 0.",
        "xdivy": "x / y, and 0 where x is 0.",
        "heaviside": "0 where x is negative, 1 where it is positive, and y where it is 0.",
        "ldexp": "x * 2 ** y, element by element.",
        "igamma": "The regularized lower incomplete gamma function.",
        "igammac": "The regularized upper incomplete gamma function.",
        "zeta": "The Hurwitz zeta function: the sum of 1 / (n + y) ** x over n = 0, 1, 2, ...",
    },
    _PAIR_BOOL: {
        "eq equal": "Whether x == y, element by element.",
        "ne not_equal": "Whether x != y, element by element.",
        "gt greater tensor_gt": "Whether x > y, element by element.",
        "ge greater_equal tensor_ge": "Whether x >= y, element by element.",
        "lt less tensor_lt": "Whether x < y, element by element.",
        "le less_equal tensor_le": "Whether x <= y, element by element.",
        "logical_and": "Whether both elements are True (not 0).",
        "logical_or": "Whether one of both elements is True (not 0).",
        "logical_xor": "Whether just one of both elements is True (not 0).",
    },
    "A tuple of two Tensors: the eigenvalues and the eigenvectors, both complex.": {
        "eig": "The eigenvalues of square matrices, and their eigenvectors as columns.",
    },
    "A Tensor without the last two axes.": {
        "det": "The determinants of square matrices.",
        "logdet": "The logarithms of the determinants of square matrices; nan where one is negative.",
    },
    "A tuple of two Tensors: the signs and the logarithms.": {
        "slogdet": "The signs of the determinants of square matrices, and the logarithms of their absolute values.",
    },
    "A Tensor of complex numbers, without the last axis.": {"eigvals": "The eigenvalues of square matrices."},
    _SAME_SHAPE: {"matrix_exp": "The matrix exponential I + X + X @ X / 2 + ... of square matrices X."},
    _SPECTRUM: {
        "fft": "The discrete Fourier transform along an axis.",
        "ifft": "The inverse of the discrete Fourier transform along an axis.",
        "rfft": "The Fourier transform of real numbers along an axis: only the frequencies that are not negative.",
        "ihfft": "The inverse of `hfft`: the spectrum of real numbers, half of which says all.",
        "fftn fft2": "The discrete Fourier transform along several axes.",
        "ifftn ifft2": "The inverse of the discrete Fourier transform along several axes.",
        "rfftn rfft2": "The Fourier transform of real numbers along several axes: half of the frequencies of the last.",
        "ihfftn ihfft2": "The inverse of `hfftn`: the spectrum of real numbers, half of which says all.",
    },
    _REAL: {
        "irfft": "The real numbers of which this is the half spectrum that `rfft` gives.",
        "hfft": "The real spectrum of a signal of which one half is given; the other is its mirrored conjugate.",
        "irfftn irfft2": "The real numbers of which this is the half spectrum that `rfftn` gives.",
        "hfftn hfft2": "The real spectrum of a signal of which one half is given; the other is its mirrored conjugate.",
    },
    "A Tensor of the input's shape, float32 or float64; complex for complex numbers.": {
        "dct": "The cosine transform of type II along an axis, which keeps norms.",
        "idct": "The inverse of the cosine transform of type II along an axis.",
        "dctn": "The cosine transform of type II along several axes, which keeps norms.",
        "idctn": "The inverse of the cosine transform of type II along several axes.",
    },
    "A float32 Tensor with one axis.": {
        "fftfreq": "The frequencies of the elements that `fft` gives, for `n` samples at distances `d`.",
        "rfftfreq": "The frequencies of the elements that `rfft` gives, for `n` samples at distances `d`.",
    },
}  # fmt: skip

MEANINGS = {
    name: (meaning, returned)
    for returned, meanings in _MEANINGS.items()
    for names, meaning in meanings.items()
    for name in names.split()
}

_NEW_VALUE = "The Parameter, with its new value."
_OF_DTYPE = "A Tensor of the input's dtype."
_DRAWN = "A Tensor of random numbers."
_LOSS = 'The losses, of the inputs\' shape, for "none"; else a Tensor without axes.'
_PAIR_OF = "A tuple of two Tensors: the values, and their places."
_WINDOW = "A Tensor with one axis. `ops.hann_window` and `ops.kaiser_window` give float64 if not told otherwise."
_PIECES = "A tuple of Tensors."
_ROWS_AND_COLUMNS = "The row numbers and the column numbers."
_PYTHON = "A Python value, not a Tensor."

# By topic (the module of the definition), or by "topic.definition".
_RETURNS = {
    "A Tensor of the input's shape and dtype, the same on each process.": "sums.all_reduce",
    "A Tensor whose first axis is as many times shorter as there are processes.": (
        "moves.collective_scatter sums.reduce_scatter"
    ),
    "A Tensor whose first axis is as many times longer as there are processes.": "moves.all_gather",
    "A tuple of Tensors of the shapes and dtypes of the input.": "moves.broadcast",
    "A Tensor of as many elements.": "moves.all_to_all",
    "A Tensor whose first axis is as many times longer as there are processes; of one zero on the others.": (
        "moves.collective_gather"
    ),
    "A flat Tensor.": "uneven",
    "The Tensor that was sent.": "messages.send",
    "A Tensor.": "messages.receive",
    _SAME: (
        "activation clip creation.eps creation.fills decomposition.cholesky decomposition.inverse "
        "decomposition.matrix_power dense.bias_add diagonal.matrix_band_part diagonal.tril diagonal.triu "
        "differences.unwrap elementwise.addn elementwise.round_ fourier.fftshift fourier.ifftshift "
        "matrix_diag.matrix_set_diag normalization random.bernoulli random.bernoulli_by_element random.cauchy "
        "random.dropout random.dropout1d random.dropout2d random.dropout3d random.exponential_like random.log_normal "
        "random.normal_like random.random_like random.shuffle random.uniform_like rearrange reduction.renorm scatter "
        "sort.msort space_to_depth.channel_shuffle special sums.reduce"
    ),
    _OF_DTYPE: (
        "activation.glu activation.swiglu adaptive_pooling concat convolution decomposition dense diagonal "
        "differences embedding gather grid_sample linalg.adjoint linalg.cond linalg.matrix_norm linalg.norm "
        "linalg.vector_norm linalg.vector_norm_by_p matrix_diag one_hot pad pooling rearrange.repeat_interleave "
        "rearrange.rot90 rearrange.tile reduction.lp_norm reduction.sum_to_size reshape resize scatter.scatter_nd "
        "segments slicing space_to_depth transposed_convolution unfold unpooling"
    ),
    _NEW_VALUE: "assign updates sparse_updates",
    "The classes drawn; and how often each true class, and each of these, is expected among them.": (
        "random.log_uniform_candidate_sampler random.uniform_candidate_sampler"
    ),
    _DRAWN: "random",
    _LOSS: "classification loss",
    _PAIR: (
        "clip.clip differences.lerp elementwise linalg.addcdiv linalg.addcmul special.betainc special.polygamma "
        "where.where"
    ),
    _PAIR_BOOL: "comparison",
    _PYTHON: "cast.scalar_cast comparison.allclose inspection search.is_nonzero sort.invert_permutation",
    "A new Tensor.": (
        "cast creation elementwise.fix meshgrid.cartesian_prod meshgrid.combinations meshgrid.indices pad.pad_by_mode "
        "polynomials.vander ranges unique.setdiff1d unravel_index where"
    ),
    "A Tensor of the input's shape, in the new dtype.": "cast.cast",
    "An int64 Tensor with one axis.": "inspection.dyn_shape",
    "A Tensor of the reduced shape.": (
        "extremes quantile.median_of_all quantile.nanquantile quantile.quantile reduction"
    ),
    "A Tensor of the input's shape.": (
        "reduction.cumprod reduction.cumprod_of_numbers reduction.cumprod_same reduction.cumsum "
        "reduction.cumsum_method reduction.logcumsumexp reduction.nancumsum sort.argsort"
    ),
    _PAIR_OF: (
        "extremes.cummax extremes.cummin pooling.MaxPoolWithArgmaxV2 pooling.MaxPoolWithIndices "
        "pooling.MaxPoolWithMask pooling.max_pool3d_with_argmax pooling.max_pool_with_argmax quantile sort "
        "unique.unique_with_pad"
    ),
    "A tuple of two Tensors: the minimum and the maximum.": "extremes.aminmax",
    "A tuple of two Tensors: the result, and the mask.": (
        "random.dropout_2d_with_mask random.dropout_3d_with_mask random.dropout_with_mask"
    ),
    "A tuple of two Tensors.": "reduction.reduce_std reduction.square_sum_all reduction.std_mean reduction.var_mean",
    _WINDOW: "windows",
    _ROWS_AND_COLUMNS: "diagonal.tril_indices diagonal.triu_indices",
    _PIECES: (
        "diagonal.diag_indices elementwise.divmod_ meshgrid rearrange.identity_n split unravel_index.unravel_index "
        "where.where_indices"
    ),
    "Tensors that hold the parts, as a tuple.": (
        "decomposition.geqrf decomposition.lu_unpack decomposition.qr_method decomposition.qr_primitive "
        "decomposition.svd decomposition.triangular_solve"
    ),
    "A Tensor of the common dtype.": "linalg",
    "A Tensor of real numbers, of the input's shape.": "complex.angle complex.complex_abs",
    "A Tensor of real numbers, with a last axis of length 2.": "complex.view_as_real",
    "A uint8 Tensor of the input's shape.": "special.population_count",
    "A Tensor with one element for each pair of boxes.": "boxes",
    "A Tensor without the axis.": "distance.cosine_similarity",
    "A Tensor of complex numbers.": "complex",
    "A Tensor of the distances.": "distance",
    "A Tensor without axes.": "distance.dist loss.l2_loss",
    "A Tensor with the coefficients, the highest power first.": "polynomials",
    "A Tensor of the values.": "polynomials.polyval",
    "A Tensor of places.": (
        "histogram.digitize histogram.searchsorted search.bucketize search.search_sorted_primitive search.searchsorted"
    ),
    "A Tensor of the counts.": "histogram.bincount search",
    "A Tensor of the borders.": "histogram.histogram_bin_edges",
    "The counts, and the borders.": "histogram",
    "A Tensor with one row of indices for each element.": "search.argwhere",
    "A Tensor, or a tuple of Tensors if more is asked for.": "search.nonzero unique",
    "A tuple of Tensors: the elements, and each element's index among these.": "unique.unique",
    "A tuple of three Tensors: the elements, the inverse and the counts.": "unique.unique_consecutive_primitive",
    "A bool Tensor, one element for each row.": "sort.intopk",
    "A bool Tensor.": "comparison.in1d comparison.isin segments.sequence_mask",
    "A bool Tensor without axes, or a bool.": "comparison.array_equal comparison.array_equiv",
    "A list of Tensors.": "reshape.broadcast_arrays",
    "A tuple of three Tensors: the result, the mean and the variance.": "normalization.layer_norm_primitive",
    "A tuple of two Tensors: the result, and 1 / the root.": "normalization.rms_norm",
    "A tuple of two Tensors: the loss, and its derivative.": "classification.softmax_cross_entropy_with_logits",
    "A tuple of two Tensors: the loss, and the sum of the weights.": "classification.nll_loss_primitive",
    "A tuple of two Tensors: the loss, and which classes are labels.": (
        "classification.multilabel_margin_loss_primitive"
    ),
    "A tuple of two Tensors: the indices, and which of them there are.": "random.random_choice_with_mask",
    "A matrix.": "scipy_linalg.block_diag scipy_linalg.inv scipy_linalg.scipy_cholesky",
    "A number.": "scipy_linalg.det_of_matrix",
    "A tuple of two Tensors: values and vectors; only the values if `eigvals_only`.": "scipy_linalg.scipy_eigh",
    "A tuple of two Tensors: eigenvalues and eigenvectors.": "scipy_linalg.scipy_eig",
    "A tuple of two Tensors: the factors, and int32 numbers of rows.": "scipy_linalg.lu_factor",
    "A tuple of three Tensors, or two.": "scipy_linalg.lu",
    "A tuple of three Tensors.": "scipy_linalg.lu_with_permutation",
    "A Tensor of the shape of `b`.": "scipy_linalg.lu_solution scipy_linalg.solve_triangular",
    "A Tensor of int32.": "scipy_linalg.lu_pivots_to_permutation",
    "A tuple of four Tensors.": "scipy_linalg.scipy_lstsq",
    "A tuple of two int64 Tensors: rows and columns.": "assignment.linear_sum_assignment",
    "A tuple of two Tensors: the solution, of the shape of `b`, and an int32 number.": (
        "krylov.cg krylov.bicgstab krylov.gmres"
    ),
    "A Tensor of the input's dtype; a tuple of it and of the places if these are asked for.": (
        "adaptive_pooling.adaptive_max_pool1d adaptive_pooling.adaptive_max_pool2d "
        "adaptive_pooling.adaptive_max_pool3d pooling.max_pool2d pooling.max_pool3d"
    ),
}  # fmt: skip

RETURNS = {name: text for text, names in _RETURNS.items() for name in names.split()}
