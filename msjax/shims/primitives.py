"""JAX's primitives by name: what is true of each.

JAX documents its functions, not the primitives that they are made of; these are added, split and renamed from version
to version. A name that JAX has no more, or not yet, does no harm: what is not known here is computed in the general
way, which is slower. But no primitive may come to mean something else; tests/shims computes each of them.
"""

from __future__ import annotations

# -- what an equation does with the programs in it --

# Calls another program, whose arguments and results are its own.
CALLS = frozenset("jit pjit closed_call core_call".split())
# Computes what is inside anew on the way back.
CHECKPOINTS = frozenset("remat remat2 checkpoint".split())
# Has a rule for its derivative; what it computes is the program in one of these parameters.
WITH_RULES = frozenset("custom_jvp_call custom_vjp_call custom_vjp_call_jaxpr".split())
INSIDE = ("call_jaxpr", "fun_jaxpr", "jaxpr")

# -- element by element --

# Smooth functions of one array.
SMOOTH = frozenset(
    "tanh exp exp2 expm1 log log1p sin cos tan asin acos atan sinh cosh asinh acosh atanh logistic sqrt rsqrt cbrt "
    "integer_pow square erf erfc erf_inv abs lgamma digamma".split()
)
# Smooth in the argument that varies, if only one does.
SMOOTH_IN_ONE = frozenset("div pow atan2".split())
# Each element of the result depends on one element of each argument, in its place; arguments are of one shape.
ELEMENTWISE = SMOOTH | frozenset(
    "neg add sub mul div pow max min select_n sign gt lt ge le eq ne and or not copy".split()
)
# Here some arguments may be numbers.
ELEMENTWISE_OR_NUMBERS = SMOOTH | frozenset(
    "mul div neg add sub add_any select_n convert_element_type copy copy_p "
    "max min pow rem sign floor ceil round eq ne lt le gt ge and or not xor is_finite clamp atan2 nextafter "
    "reduce_precision real imag conj complex".split()
)

# -- linear --

# In all arguments together.
JOINTLY_LINEAR = frozenset("add sub add_any concatenate stack complex optimization_barrier".split())
# In these arguments together, if the others do not vary.
LINEAR_IN: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(
        "neg copy copy_p real imag conj reshape broadcast_in_dim transpose squeeze expand_dims slice dynamic_slice "
        "gather rev reduce_sum cumsum split unstack fft reduce_window_sum convert_element_type div "
        "select_and_scatter_add select_and_gather_add".split(),
        (0,),
    ),
    **dict.fromkeys("pad dynamic_update_slice".split(), (0, 1)),
    "scatter-add": (0, 2),
    "triangular_solve": (1,),
}
BILINEAR = frozenset("mul dot_general conv_general_dilated".split())
# In all that varies, up to constants that are added.
AFFINE = frozenset(
    "neg add sub add_any reshape broadcast_in_dim transpose squeeze expand_dims slice rev reduce_sum cumsum "
    "concatenate convert_element_type copy copy_p real imag complex conj optimization_barrier".split()
)
# In the first argument, up to a constant, if the others do not vary.
AFFINE_IN_FIRST = frozenset("div gather dynamic_slice pad".split())
# But for kinks.
PIECEWISE_LINEAR = frozenset("max min reduce_max reduce_min clamp".split())
# Linear and element by element, where one argument varies.
SCALING = frozenset("mul div neg add sub add_any select_n convert_element_type copy copy_p".split())
# What is zero stays zero.
KEEPS_ZEROS = frozenset(
    "copy reshape broadcast_in_dim transpose squeeze expand_dims slice convert_element_type neg".split()
)

# -- along axes --

# Over the axes in the parameter `axes`.
REDUCTIONS = frozenset("reduce_max reduce_min reduce_prod reduce_and reduce_or argmax argmin".split())
# Along the axis in the parameter `axis`.
RUNNING = frozenset("cumprod cummax cummin cumlogsumexp".split())
# Move what lies along an axis to other places, or into one.
MOVING = frozenset("reduce_sum cumsum rev slice dynamic_slice pad concatenate split".split())

# -- what they cost --

# Put together what XLA would compute anew for each part, in a fusion on a CPU.
JOINING = frozenset("concatenate pad stack".split())
# A few steps for each element at most, so that a fusion gains by computing them anew.
CHEAP = JOINING | frozenset(
    "add sub mul neg max min abs sign select_n convert_element_type integer_pow square add_any eq ne lt le gt ge and "
    "or not broadcast_in_dim reshape squeeze slice dynamic_slice unstack split transpose rev copy copy_p clamp floor "
    "ceil round".split()
)
# Many steps for each element.
COSTLY = frozenset("div exp exp2 log log1p expm1 sin cos tan tanh logistic sqrt rsqrt cbrt pow erf atan2".split())
# Not of a few microseconds, or with programs inside.
LONG = frozenset("dot_general conv_general_dilated while scan cond sort custom_jvp_call custom_vjp_call".split())
