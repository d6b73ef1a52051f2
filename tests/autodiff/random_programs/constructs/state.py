"""What is written during the forward pass: Parameters, attributes, random numbers."""

from ..construct import Table

table = Table("state")

S = 'Parameter(data("c#", "s", D), name="c#", requires_grad=False)'
M = 'Parameter(data("c#", "m", D), name="c#", requires_grad=False)'
W = 'Parameter(data("w#", "m", D), name="w#")'


def writes(name, kinds, text, jax, **more):
    table(name, kinds, text, jax, tags=more.pop("tags", "") + " state", **more)


writes(
    "assign",
    "? -> ?",
    "ops.assign(@c, @c + 0.5)\n$o = $a * @c",
    "@c = @c + 0.5\n$o = $a * lax.stop_gradient(@c)",
    make={"c": S},
)
writes(
    "assign_value",
    "m -> m",
    "ops.assign(@c, $a * 0.5)\n$o = $a * @c",
    "@c = lax.stop_gradient($a * 0.5)\n$o = $a * @c",
    make={"c": M},
)
writes(
    "assign_add",
    "m -> m",
    "ops.assign_add(@c, ops.stop_gradient($a))\n$o = $a * @c",
    "@c = lax.stop_gradient(@c + $a)\n$o = $a * @c",
    make={"c": M},
)
writes(
    "set_data",
    "m -> m",
    "@c.set_data(ops.sin($a))\n$o = $a * @c",
    "@c = lax.stop_gradient(jnp.sin($a))\n$o = $a * @c",
    make={"c": M},
)
writes(
    "moving_mean",
    "m -> m",
    "ops.assign(@c, 0.9 * @c + 0.1 * ops.stop_gradient($a.mean()))\n$o = $a - @c",
    "@c = lax.stop_gradient(0.9 * @c + 0.1 * $a.mean())\n$o = $a - @c",
    make={"c": S},
    tags="mixes",
)
writes(
    "counter",
    "? -> ?",
    "@c.add_(1)\n$o = $a * ops.sin(@c)",
    "@c = @c + 1\n$o = $a * lax.stop_gradient(jnp.sin(@c))",
    make={"c": S},
)
writes(
    "element",
    "m -> m",
    "@c[0] = ops.stop_gradient($a[1])\n$o = $a * @c",
    "@c = lax.stop_gradient(@c.at[0].set($a[1]))\n$o = $a * @c",
    make={"c": M},
    tags="mixes",
)
writes(
    "read_before",
    "? -> ?",
    "$o = $a * @c\nops.assign(@c, @c * 0.5)",
    "$o = $a * lax.stop_gradient(@c)\n@c = @c * 0.5",
    make={"c": S},
)
writes(
    "value_kept",
    "m -> m",
    "t# = @c * $a\n@c.set_data(ops.zeros_like($a))\n$o = t# + @c",
    "$o = lax.stop_gradient(@c) * $a\n@c = jnp.zeros_like($a)",
    make={"c": M},
)
writes(
    "weight_written",
    "m -> m",
    "$o = $a * @w\nops.assign(@w, ops.stop_gradient(@w) * 0.5)",
    "$o = $a * @w\n@w = @w - lax.stop_gradient(@w * 0.5)",
    make={"w": W},
)
writes(
    "batch_norm",
    "m -> m",
    "@l($a + $r)",
    "$o, P['l#.moving_mean'], P['l#.moving_variance'] = BATCH_NORM($a + $r, @l.gamma, @l.beta, @l.moving_mean, @l.moving_variance)",
    make={"l": "nn.BatchNorm1d(3, dtype=D).set_train()"},
    tags="mixes",
)
table(
    "attribute",
    "m -> m",
    "@l($a)",
    "$a * 2 + jnp.sin($a)",
    make={"l": "Last#()"},
    top="class Last#(nn.Cell):\n    def __init__(self):\n        super().__init__()\n        self.count = 0\n    def construct(self, t):\n        self.count += 1\n        self.last = t * 2\n        return self.last + ops.sin(t)",
    jax_top="pass",
    tags="state",
)
writes(
    "parameter_of_cell",
    "? -> ?",
    "@l($a)",
    "P['l#.c'] = P['l#.c'] + 0.25\n$o = $a * lax.stop_gradient(P['l#.c'])",
    make={"l": "Count#()"},
    top="class Count#(nn.Cell):\n    def __init__(self):\n        super().__init__()\n        self.c = Parameter(data('c#', 's', D), name='c', requires_grad=False)\n    def construct(self, t):\n        self.c += 0.25\n        return t * self.c",
    jax_top="pass",
)
table(
    "dropout",
    "? -> ?",
    "ops.dropout($a, 0.4, True)",
    "$a * DRAWN(lambda t: real.ops.dropout(t, 0.4, True), $a)",
    tags="random",
)
table(
    "dropout_layer",
    "? -> ?",
    "nn.Dropout(p=0.5).set_train()($a) + $a",
    "$a * DRAWN(real.nn.Dropout(p=0.5).set_train(), $a) + $a",
    tags="random",
)
table(
    "noise",
    "? -> ?",
    "$a + ops.standard_normal($a.shape).astype(D) * 0.1",
    "$a + DRAWN(lambda t: real.ops.standard_normal(t.shape), $a) * 0.1",
    tags="random",
)
table(
    "noise_times",
    "? -> ?",
    "$a * ops.uniform($a.shape, Tensor(0.5), Tensor(1.5)).astype(D)",
    "$a * DRAWN(lambda t: real.ops.uniform(t.shape, real.Tensor(0.5), real.Tensor(1.5)), $a)",
    tags="random",
)
table(
    "seeded",
    "? -> ?",
    "$a * ops.rand_like($a, seed=3)",
    "$a * DRAWN(lambda t: real.ops.rand_like(t, seed=3), $a)",
    tags="random",
)
