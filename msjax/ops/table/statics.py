"""What arguments of operators must be: static ones by kind, see `msjax.core.kinds`; which arrays must be Tensors.

Here a list is a tuple, and a Tensor or numpy's scalar the number that it holds.
"""

# Of every operator that does not say otherwise, by the argument's name.
BY_NAME = dict.fromkeys(
    ("assume_unique", "ceil_mode", "compute_uv", "count_include_pad", "descending", "endpoint", "equal_nan", "full",
     "full_matrices", "hard", "increasing", "keepdims", "largest", "periodic", "replacement", "return_counts",
     "return_indices", "return_inverse", "retstep", "rowvar", "some", "sparse", "training", "wrap"),
    "bool",
) | {"ignore_index": "int", "reduction": "str"}  # fmt: skip

# Of single operators, by the names of definition and argument.
_OF_OPERATORS = {
    "None or float": "logit.eps",
    "None or int": (
        "bernoulli.seed concatenate.axis cross_of_vectors.axis slice_scatter.end slice_scatter.start "
        "softmax_mint.axis take_along_axis.axis"
    ),
    "None or int > 0": "avg_pool1d.stride sequence_mask.size",
    "None or int > 0 or tuple": (
        "avg_pool2d.stride avg_pool3d.stride lp_pool.stride max_pool2d.stride max_pool3d.stride"
    ),
    "None or int >= 0": (
        "avg_pool2d.divisor_override avg_pool3d.divisor_override bincount.length dropout.seed laplace.seed "
        "multinomial.seed normal.seed rand.seed randn.seed randn_like.seed random_choice_with_mask.seed "
        "random_poisson.seed shuffle.seed standard_laplace.seed tri.m uniform.seed"
    ),
    "None or int or tuple": (
        "adaptive_max_pool2d.output_size average.axis flip.axis ptp.axis sometrue.axis std.axis std_mean.axis "
        "var_mean.axis"
    ),
    "None or number": "arange.end",
    "None or real": "nan_to_num.nan nan_to_num.neginf nan_to_num.posinf",
    "None or tuple": "normal.shape",
    "bool": "cholesky_inverse.upper cholesky_solve.upper",
    "float": (
        "approximate_equal.tolerance celu.alpha dropout.p elu.alpha group_norm.eps hamming_window.alpha "
        "hamming_window.beta lrn.alpha lrn.beta lrn.bias margin_ranking_loss.margin renorm.maxnorm"
    ),
    "float > 0": "gaussian_nll_loss.eps gumbel_softmax.tau",
    "float >= 0": "cdist.p cross_entropy.label_smoothing pdist.p",
    "float [0, 1]": "dropout1d.p",
    "int": (
        "bartlett.length blackman.length cross_of_vectors.axisa cross_of_vectors.axisb cross_of_vectors.axisc "
        "cumprod.axis cumsum.axis diag_embed.dim1 diag_embed.dim2 diag_embed.offset diag_indices.n "
        "diag_of_matrix.diagonal diagflat.offset diagonal.offset diagonal_scatter.offset diff.n eye.k gather.axis "
        "gather.batch_dims gather_elements.axis geomspace.axis geomspace.num gumbel_softmax.axis hamming.length "
        "hann.length index_add.axis index_fill.axis index_select.axis linspace_along.axis linspace_along.num "
        "log_softmax.axis logspace_along.axis logspace_along.num matrix_diag.num_cols matrix_diag.num_rows "
        "matrix_power.n multinomial_with_replacement.seed narrow.start random_categorical.seed randperm.seed "
        "rollaxis.start rot90.k round.decimals select_index.axis select_index.index slice_scatter.step "
        "split_evenly.output_num "
        "trace_along.axis1 trace_along.axis2 trace_along.offset tri.k tril.diagonal "
        "tril_indices.offset triu.diagonal triu_indices.offset unwrap.axis"
    ),
    "int > 0": (
        "adaptive_avg_pool1d.output_size adaptive_max_pool1d.output_size avg_pool1d.kernel_size "
        "channel_shuffle.groups chunk.chunks combinations.r conv2d.groups group_norm.num_groups histc.bins "
        "linspace.steps multinomial_with_replacement.numsamples mvlgamma.p pixel_shuffle.upscale_factor "
        "pixel_unshuffle.downscale_factor random_categorical.num_sample random_choice_with_mask.count randperm.n "
        "renorm.p"
    ),
    "int > 0 or tuple": (
        "avg_pool2d.kernel_size avg_pool3d.kernel_size conv2d.dilation conv2d.stride "
        "even_split.indices_or_sections lp_pool.kernel_size max_pool2d.dilation max_pool2d.kernel_size "
        "max_pool3d.dilation max_pool3d.kernel_size repeat_interleave.repeats unfold.dilation unfold.kernel_size"
    ),
    "int >= 0": (
        "avg_pool1d.padding bincount.minlength dist.p hamming_window.window_length kaiser_window.window_length "
        "logspace.base logspace.steps lrn.depth_radius multinomial.num_samples narrow.length one_hot.depth "
        "polyder.m polyint.m strided_slice.begin_mask strided_slice.ellipsis_mask strided_slice.end_mask "
        "strided_slice.new_axis_mask strided_slice.shrink_axis_mask tri.n tril_indices.col tril_indices.row "
        "triu_indices.col triu_indices.row"
    ),
    "int >= 0 or tuple": (
        "adaptive_avg_pool2d.output_size adaptive_avg_pool3d.output_size avg_pool2d.padding avg_pool3d.padding "
        "max_pool2d.padding max_pool3d.padding tensor_dot.axes unfold.padding"
    ),
    "int or bool": "reduce_std.unbiased std.ddof std_mean.ddof var.ddof var_mean.ddof",
    "int or tuple": (
        "expand_several.axis logsumexp.axis matrix_diag.k reduce_std.axis roll.shifts softmax.axis softmin.axis"
    ),
    "number": (
        "add_scaled.alpha arange.start arange.step cosine_similarity.eps hardtanh.max_val hardtanh.min_val trapz.dx"
    ),
    "number > 0": "huber_loss.delta",
    "real": "isclose.atol isclose.rtol histc.min nll_loss.label_smoothing softplus.beta unwrap.discont",
    "real >= 0": "histc.max",
    "str": "correlate.mode lrn.norm_region matrix_diag.align take.mode",
    "tuple": (
        "broadcast_to.shape indices.dimensions laplace.shape randn.shape random_poisson.shape rot90.axis "
        "standard_laplace.shape strided_slice.begin strided_slice.end strided_slice.strides"
    ),
}
OF_OPERATORS = {name: kind for kind, names in _OF_OPERATORS.items() for name in names.split()}

# Arrays of these names must be Tensors in faces (not in those that take lists as numpy does) ...
TENSORS = frozenset(
    "accum bias boxes condition dense diagonal factor grad gradient grid image index indices labels "
    "lambda_param logits lu mask offsets other pivots segment_ids seq_lengths sorted_sequence source src table "
    "target targets tau tensor1 tensor2 theta updates v var variable weight weights x y z".split()
)
# ... and of these, lists of Tensors ...
LISTS = frozenset({"tensors", "inputs"})
# ... but for these operators, which take Python numbers too, or lists of Tensors.
FREE = frozenset(
    # of two operands
    "add sub mul div pow add_scaled sub_scaled subtract_product tensor_add tensor_sub tensor_mul tensor_pow "
    "tensor_div tensor_floordiv tensor_mod multiply true_divide real_div div_no_nan mul_no_nan floor_div "
    "floor_divide floor_mod mod remainder fmod truncate_div truncate_mod squared_difference maximum minimum fmax "
    "fmin max min atan2 hypot float_power copysign xdivy xlogy ldexp lerp eq equal ne gt ge lt le tensor_gt "
    "tensor_ge tensor_lt tensor_le logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor "
    "bitwise_left_shift bitwise_right_shift left_shift right_shift gcd lcm zeta betainc polygamma addmm addbmm "
    # of one number
    "cast isnan scalar_cast scalar_to_array scalar_to_tensor fill fills full where scatter scatter_reduce unstack "
    # of lists
    "addn identity_n dynamic_stitch EinsumGrad all_to_all broadcast index_put clamp clip_by_value clip_by_norm "
    "clip_by_global_norm".split()
)
