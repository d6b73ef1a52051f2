"""Derivatives, maps and compiled functions inside of the function."""

from ..construct import COMPILED, PURE, Table

table = Table("transforms")

table("grad", "? -> ?", "ms.grad($f)($a * 1)", inner="? -> ?", without="state random")
table("grad_of_scalar", "? -> ?", "ms.grad($f)($a * 1) * 0.5 + $a", inner="? -> s", without="state random")
table(
    "value_and_grad",
    "? -> ?",
    "v#, g# = ms.value_and_grad($f)($a * 1)\n$o = v# * g#",
    inner="? -> s",
    without="state random",
)
table(
    "grad_of_both",
    "? ? -> ?",
    "g# = ms.grad(lambda s, t: $f(s) * t, (0, 1))($a * 1, $b * 1)\n$o = g#[0] * g#[1]",
    inner="? -> ?",
    without="state random",
)
table(
    "grad_of_weight",
    "? -> ?",
    "$a + ms.grad(lambda t: $f(t) * @w, None, [@w])($a * 1)[0] * 0.1",
    "$a + jax.grad(lambda w: ($f($a) * w).sum())(@w) * 0.1",
    make={"w": 'Parameter(data("w#", "s", D), name="w#")'},
    inner="? -> ?",
    without="state random",
    tags="mixes",
)
table(
    "grad_aux",
    "? -> ?",
    "g#, (h#,) = ms.grad(lambda t: ($f(t).sum(), t * 2), has_aux=True)($a * 1)\n$o = g# * h#",
    "g# = jax.grad(lambda t: $f(t).sum())($a)\n$o = g# * $a * 2",
    inner="? -> ?",
    without="state random",
)
table("second", "? -> ?", "ms.grad(ms.grad($f))($a * 1)", inner="? -> ?", without="state random")
table(
    "operation",
    "? -> ?",
    "ops.GradOperation(get_all=True)($f)($a * 1)[0]",
    "ms.grad($f)($a * 1)",
    inner="? -> ?",
    without="state random",
)
table(
    "operation_sens",
    "? ? -> ?",
    "ops.GradOperation(sens_param=True)($f)($a * 1, $b)",
    "jax.vjp($f, $a * 1)[1]($b)[0]",
    inner="? -> ?",
    without="state random",
)
table(
    "vjp", "? ? -> ?", "v#, back# = ms.vjp($f, $a * 1)\n$o = back#($b)[0] + v#", inner="? -> ?", without="state random"
)
table(
    "vjp_twice",
    "? ? -> ?",
    "v#, back# = ms.vjp($f, $a * 1)\n$o = back#($b)[0] + back#(v#)[0]",
    inner="? -> ?",
    without="state random",
)
table("jvp", "? ? -> ?", "v#, t# = ms.jvp($f, $a, $b)\n$o = v# + t#", inner="? -> ?", without=PURE)
table(
    "linearize",
    "? ? -> ?",
    "v#, push# = ops.linearize($f, $a)\n$o = v# + push#($b) * 0.5",
    inner="? -> ?",
    without=PURE,
)
table("jacfwd", "? -> ?", "$a + ms.jacfwd($f)($a)", inner="? -> s", without=PURE)
table("jacrev", "? -> ?", "$a + ms.jacrev($f)($a)", inner="? -> s", without=PURE)
table("jacobian_trace", "v -> s", "ops.trace(ms.jacrev($f)($a))", inner="v -> v", without=PURE, tags="mixes")
table("hessian", "v -> q", "ms.jacfwd(ms.jacrev($f))($a)", inner="v -> s", without=PURE)
table("hessian_of_grad", "v -> q", "ms.jacrev(ms.grad($f))($a)", inner="v -> s", without=PURE)
table("laplacian", "v -> s", "ops.trace(ms.jacfwd(ms.grad($f))($a)) * 0.2", inner="v -> s", without=PURE, tags="mixes")
table("vmap", "m -> m", "ms.vmap($f)($a)", inner="v -> v", without=PURE)
table(
    "vmap_of_columns",
    "q -> q",
    "ms.vmap($f, 1, 0)($a)",
    "jax.vmap($f, 1, 0)($a)",
    inner="v -> v",
    without=PURE,
    tags="mixes",
)
table("vmap_of_two", "m v -> m", "ms.vmap(lambda s, t: $f(s) * t, (0, None))($a, $b)", inner="v -> v", without=PURE)
table("vmap_of_grad", "m -> m", "ms.vmap(ms.grad($f))($a * 1)", inner="v -> s", without=PURE)
table("grad_of_vmap", "m -> m", "ms.grad(ms.vmap($f))($a * 1)", inner="v -> v", without=PURE)
table("vmap_scalar", "m -> m", "$a * ms.vmap($f)($a).reshape(2, 1)", inner="v -> s", without=PURE)
table("jit", "? -> ?", "ms.jit($f)($a)", "$f($a)", inner="? -> ?", without=COMPILED)
table(
    "grad_of_jit",
    "? -> ?",
    "ms.grad(ms.jit($f))($a * 1)",
    "ms.grad($f)($a * 1)",
    inner="? -> ?",
    without=COMPILED,
)
table(
    "jit_of_grad",
    "? -> ?",
    "ms.jit(ms.grad($f))($a * 1)",
    "ms.grad($f)($a * 1)",
    inner="? -> ?",
    without=COMPILED,
)
table(
    "hvp",
    "? ? -> ?",
    "ms.grad(lambda t: (ms.grad($f)(t) * $b).sum())($a * 1)",
    "jax.grad(lambda t: (ms.grad($f)(t) * $b).sum())($a * 1)",
    inner="? -> s",
    without=PURE,
)
table("jvp_of_grad", "? ? -> ?", "ms.jvp(ms.grad($f), $a, $b)[1]", inner="? -> s", without=PURE)
table(
    "nn_cell_grad",
    "? -> ?",
    "GradOf#($f)($a * 1)",
    "ms.grad($f)($a * 1)",
    inner="? -> ?",
    without="state random",
    top="class GradOf#(nn.Cell):\n    def __init__(self, f):\n        super().__init__()\n        self.f = f\n        self.op = ops.GradOperation()\n    def construct(self, t):\n        return self.op(self.f)(t)",
    jax_top="pass",
)
table(
    "step_inside",
    "? -> ?",
    "$o = $a * 1\nfor k# in range(2):\n    $o = $o - 0.1 * ms.grad($f)($o)",
    inner="? -> s",
    without="state random",
)
table(
    "checkpointed_grad",
    "? -> ?",
    "ms.recompute(lambda t: ms.grad($f)(t), $a * 1, use_reentrant=False)",
    "ms.grad($f)($a * 1)",
    inner="? -> ?",
    without="state random late",
)

table(
    "identity",
    "? -> ?",
    "ms.grad(lambda t: ops.sin(t) * $a)($a)",
    "ms.grad(lambda t: ops.sin(t) * t)($a)",
    tags="identity",
)
table(
    "identity_of_both",
    "? -> ?",
    "p#, q# = ms.grad(lambda s, t: ops.sin(s) * t, (0, 1))($a, $a)\n$o = p# + 0.5 * q#",
    "$o = 1.5 * ms.grad(lambda t: ops.sin(t) * t)($a)",
    tags="identity",
)
table(
    "identity_of_view",
    "m -> m",
    "ms.grad(lambda t: ops.sin(t) * $a[0])($a[0] * 1) * $a",
    "jnp.cos($a[0]) * $a[0] * $a",
    tags="mixes",
)
