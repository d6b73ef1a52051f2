"""Rules of the user's, hooks, stopped gradients, recompute.

For JAX, a function `f` whose derivative is declared to be that of `g` is `AS(f, g)`: the value of the one, all
derivatives of the other.
"""

from ..construct import Table

table = Table("rules")

table("stopped", "? -> ?", "ops.stop_gradient(ops.sin($a)) * $a", "lax.stop_gradient(jnp.sin($a)) * $a")
table(
    "stopped_part",
    "? ? -> ?",
    "p#, q# = ops.stop_gradient(($a, $b))\n$o = p# * $b + q# * $a",
    "$o = lax.stop_gradient($a) * $b + lax.stop_gradient($b) * $a",
)
table(
    "straight_through",
    "? -> ?",
    "$a + ops.stop_gradient(ops.round($a * 2) / 2 - $a)",
    "$a + lax.stop_gradient(jnp.round($a * 2) / 2 - $a)",
)
table(
    "no_grad",
    "? -> ?",
    "with ms._no_grad():\n    t# = ops.sin($a)\n$o = t# * $a",
    "$o = lax.stop_gradient(jnp.sin($a)) * $a",
)
table("recompute", "? -> ?", "ms.recompute($f, $a, use_reentrant=False)", "$f($a)", inner="? -> ?", without="late")
table(
    "recomputed_cell",
    "m -> m",
    "@l($a)",
    "jnp.tanh($a @ P['l#.0.weight'].T + P['l#.0.bias'])",
    make={"l": "recomputed(nn.SequentialCell(nn.Dense(3, 3, dtype=D), nn.Tanh()))"},
)
table(
    "bprop",
    "? -> ?",
    "Own#()($a)",
    "AS($a * 0.5, $a * $a)",
    top="class Own#(nn.Cell):\n    def construct(self, t):\n        return t * 0.5\n    def bprop(self, t, out, dout):\n        return (dout * 2 * t,)",
    jax_top="pass",
)
table(
    "bprop_of_two",
    "? ? -> ?",
    "Two#()($a, $b)",
    "AS($a + $b, jnp.sin($a) + 3 * $b)",
    top="class Two#(nn.Cell):\n    def construct(self, t, u):\n        return t + u\n    def bprop(self, t, u, out, dout):\n        return dout * ops.cos(t), dout * 3",
    jax_top="pass",
)
table(
    "bprop_with_out",
    "? -> ?",
    "Exp#()($a * 0.3)",
    "jnp.exp($a * 0.3)",
    top="class Exp#(nn.Cell):\n    def construct(self, t):\n        return ops.exp(t)\n    def bprop(self, t, out, dout):\n        return (dout * out,)",
    jax_top="pass",
)
table(
    "bprop_of_tuple",
    "? -> ?",
    "p#, q# = Pair#()($a)\n$o = p# * q#",
    "$o = AS($a + 1, 2 * $a) * AS($a * $a, 0.5 * $a)",
    top="class Pair#(nn.Cell):\n    def construct(self, t):\n        return t + 1, t * t\n    def bprop(self, t, out, dout):\n        return (dout[0] * 2 + dout[1] * 0.5,)",
    jax_top="pass",
)
table(
    "function",
    "? -> ?",
    "Cube#.apply($a)",
    "AS($a ** 3 * 0.2, jnp.sin($a))",
    top="class Cube#(ms._Function):\n    @staticmethod\n    def forward(ctx, t):\n        ctx.save_for_backward(t)\n        return t**3 * 0.2\n    @staticmethod\n    def backward(ctx, dout):\n        (t,) = ctx.saved_tensors\n        return dout * ops.cos(t)",
    jax_top="pass",
)
table(
    "function_of_two",
    "? ? -> ?",
    "Prod#.apply($a, $b, 2)",
    "$a * $b * 2",
    top="class Prod#(ms._Function):\n    @staticmethod\n    def forward(ctx, t, u, c):\n        ctx.save_for_backward(t, u)\n        ctx.c = c\n        return t * u * c\n    @staticmethod\n    def backward(ctx, dout):\n        t, u = ctx.saved_tensors\n        return dout * u * ctx.c, dout * t * ctx.c, None",
    jax_top="pass",
)
table(
    "hook",
    "? -> ?",
    "t# = $a * 1.0\nt#.register_hook(lambda g: g * 0.5)\n$o = ops.sin(t#)",
    "$o = jnp.sin(AS($a, 0.5 * $a))",
)
table(
    "hook_after_use",
    "? -> ?",
    "t# = $a * 1.0\nu# = ops.sin(t#)\nt#.register_hook(lambda g: g * 2)\n$o = u# * t#",
    "t# = AS($a, 2 * $a)\n$o = jnp.sin(t#) * t#",
    tags="late",
)
table(
    "two_hooks",
    "? -> ?",
    "t# = $a + 0.0\nt#.register_hook(lambda g: g * 2)\nt#.register_hook(lambda g: g * 0.25)\n$o = t# * t#",
    "t# = AS($a, 0.5 * $a)\n$o = t# * t#",
)
table(
    "hook_removed",
    "? -> ?",
    "t# = $a + 0.0\nh# = t#.register_hook(lambda g: g * 2)\nh#.remove()\n$o = t# * t#",
    "$o = $a * $a",
)
table("hook_that_looks", "? -> ?", "t# = $a + 0.0\nt#.register_hook(lambda g: None)\n$o = t# * t#", "$o = $a * $a")
table(
    "insert_gradient",
    "? -> ?",
    "ops.InsertGradientOf(lambda g: g * 0.3)(ops.sin($a))",
    "AS(jnp.sin($a), 0.3 * jnp.sin($a))",
)
table(
    "hook_backward",
    "? -> ?",
    "ops.HookBackward(lambda g: g[0] * 0.3)(ops.sin($a))",
    "AS(jnp.sin($a), 0.3 * jnp.sin($a))",
)
table(
    "cell_backward_hook",
    "? -> ?",
    "@l($a)",
    "jnp.tanh(AS($a, 0.5 * $a))",
    make={"l": "hooked(nn.Tanh(), lambda cell, gi, go: gi[0] * 0.5)"},
)
table(
    "cell_backward_pre_hook",
    "? -> ?",
    "@l($a)",
    "AS(jnp.tanh($a), 0.5 * jnp.tanh($a))",
    make={"l": "pre_hooked(nn.Tanh(), lambda cell, go: go[0] * 0.5)"},
)
table("forward_hooks", "? -> ?", "@l($a)", "jnp.tanh($a * 0.5) * 2", make={"l": "forward_hooked(nn.Tanh())"})
table(
    "saved_tensors",
    "? -> ?",
    "with ms.saved_tensors_hooks(lambda t: t.asnumpy(), lambda n: Tensor(n)):\n    $o = ops.sin($a) * $a",
    "$o = jnp.sin($a) * $a",
    tags="decides once",
)
table(
    "grad_in_bprop",
    "? -> ?",
    "Inner#()($a)",
    "OWN_DERIVATIVE(jnp.sin($a), $a)",
    top="class Inner#(nn.Cell):\n    def construct(self, t):\n        return ops.sin(t)\n    def bprop(self, t, out, dout):\n        return (dout * out,)",
    jax_top="pass",
)
