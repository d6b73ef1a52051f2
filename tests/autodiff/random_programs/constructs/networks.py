"""Layers, Parameters, convolutions, losses."""

from ..construct import Table

table = Table("networks")


def parameter(kind: str) -> str:
    return f'Parameter(data("w#", "{kind}", D), name="w#")'


for kind in "svmq":
    table(f"parameter_{kind}", f"{kind} -> {kind}", "$a * @w + ops.sin(@w)", make={"w": parameter(kind)}, tags="mixes")
table("bias", "m -> m", "$a + @w", make={"w": parameter("v")})
table("parameter_of_the_shape", "? -> ?", "$a * @w", make={"w": parameter("s")})
table("weight", "m -> m", "ops.matmul($a, @w) * 0.5", make={"w": parameter("q")})
table("weight_twice", "m -> m", "ops.tanh($a @ @w) @ @w.T * 0.5", make={"w": parameter("q")})
table(
    "frozen",
    "m -> m",
    "$a * @w",
    "$a * lax.stop_gradient(@w)",
    tags="mixes",
    make={"w": 'Parameter(data("w#", "m", D), name="w#", requires_grad=False)'},
)
table("dense", "m -> m", "@l($a)", "$a @ @l.weight.T + @l.bias", make={"l": "nn.Dense(3, 3, dtype=D)"})
table(
    "dense_without_bias",
    "m -> m",
    "ops.tanh(@l($a))",
    "jnp.tanh($a @ @l.weight.T)",
    make={"l": "nn.Dense(3, 3, has_bias=False, dtype=D)"},
)
table(
    "dense_activated",
    "m -> m",
    "@l($a)",
    "jnp.tanh($a @ @l.weight.T + @l.bias)",
    make={"l": "nn.Dense(3, 3, activation='tanh', dtype=D)"},
)
table(
    "dense_shared",
    "m -> m",
    "@l(ops.sin(@l($a))) * 0.5",
    "(jnp.sin($a @ @l.weight.T + @l.bias) @ @l.weight.T + @l.bias) * 0.5",
    make={"l": "nn.Dense(3, 3, dtype=D)"},
)
table(
    "layer_norm",
    "m -> m",
    "@l($a + $r)",
    "NORM($a + $r, 1, @l.gamma, @l.beta, 1e-5)",
    make={"l": "nn.LayerNorm((3,), epsilon=1e-5, dtype=D)"},
)
table(
    "sequential",
    "m -> m",
    "@l($a)",
    "jnp.tanh($a @ @l.0.weight.T + @l.0.bias) @ @l.2.weight.T",
    make={"l": "nn.SequentialCell(nn.Dense(3, 4, dtype=D), nn.Tanh(), nn.Dense(4, 3, has_bias=False, dtype=D))"},
)
table(
    "cell_list",
    "m -> m",
    "$o = $a\nfor layer# in @l:\n    $o = $o + layer#($o)",
    "$o = $a\nfor k# in range(2):\n    $o = $o + $o @ P[f'l#.{k#}.weight'].T",
    make={"l": "nn.CellList([nn.Dense(3, 3, has_bias=False, dtype=D) for _ in range(2)])"},
)
table(
    "embedding_table",
    "m -> m",
    "ops.gather(@w, Tensor([2, 0]), 0) * $a",
    "@w[np.array([2, 0])] * $a",
    make={"w": parameter("q")},
    tags="mixes",
)
table(
    "embedding",
    "m -> m",
    "@l(Tensor([1, 1])) * $a",
    "@l.embedding_table[np.array([1, 1])] * $a",
    make={"l": "nn.Embedding(3, 3, dtype=D)"},
    tags="mixes",
)
table("sliced_parameter", "m -> m", "$a * @w[1:] + @w[0]", make={"w": parameter("q")}, tags="mixes")
table(
    "batch_norm_inference",
    "m -> m",
    "@l($a)",
    "($a - @l.moving_mean) / jnp.sqrt(@l.moving_variance + 1e-5) * @l.gamma + @l.beta",
    make={"l": "nn.BatchNorm1d(3, dtype=D).set_train(False)"},
)
table("softmax_layer", "m -> m", "nn.Softmax()($a)", "jax.nn.softmax($a)")
table(
    "prelu",
    "m -> m",
    "ops.prelu($a + $r, @w)",
    "jnp.where($a + $r > 0, $a + $r, @w * ($a + $r))",
    make={"w": parameter("v")},
)
table(
    "bilinear",
    "v v -> s",
    "ops.matmul($a, ops.matmul(@w, $b))",
    "$a @ @w @ $b",
    make={"w": parameter("q")},
    tags="mixes",
)
table(
    "group_norm",
    "i -> i",
    "@l($a)",
    "GROUP_NORM($a, 1, @l.gamma, @l.beta)",
    make={"l": "nn.GroupNorm(1, 2, dtype=D)"},
    tags="mixes",
)
table(
    "conv_layer",
    "i -> i",
    "@l($a) * 0.3",
    "CONV($a, @l.weight, 'SAME') * 0.3",
    make={"l": "nn.Conv2d(2, 2, 3, has_bias=False, dtype=D)"},
    tags="mixes",
)
table(
    "conv_transpose",
    "i -> i",
    "@l($a)[:, :, :4, :4] * 0.3",
    "CONV_TRANSPOSE($a, @l.weight) * 0.3",
    make={"l": "nn.Conv2dTranspose(2, 2, 3, pad_mode='same', has_bias=False, dtype=D)"},
    tags="mixes",
)
table(
    "lstm_like",
    "m -> m",
    "h# = ops.zeros((3,), D)\nfor row# in $a:\n    g# = ops.sigmoid(row# + @w * h#)\n    h# = g# * ops.tanh(row#) + (1 - g#) * h#\n$o = h# + $a",
    "h# = jnp.zeros(3)\nfor row# in $a:\n    g# = jax.nn.sigmoid(row# + @w * h#)\n    h# = g# * jnp.tanh(row#) + (1 - g#) * h#\n$o = h# + $a",
    make={"w": parameter("v")},
    tags="mixes",
)
table(
    "attention",
    "m -> m",
    "s# = ops.softmax(($a @ @w) @ $a.T / 1.7, -1)\n$o = s# @ $a",
    "s# = jax.nn.softmax(($a @ @w) @ $a.T / 1.7, -1)\n$o = s# @ $a",
    make={"w": parameter("q")},
    tags="mixes",
)
table.each(
    "i -> i",
    """
    conv: ops.conv2d($a, $a[:, :, :2, :2].repeat_interleave(2, 0) * 0.5, pad_mode="pad", padding=1)[:, :, :4, :4] | CONV($a, $a[:, :, :2, :2].repeat(2, 0) * 0.5, [(1, 1), (1, 1)])[:, :, :4, :4]
    max_pool: ops.max_pool2d($a + $r, 3, 1, 1) * 0.6 | POOL($a + $r, 3, 1, 1, "max") * 0.6
    avg_pool: ops.avg_pool2d($a, 2, 1).repeat_interleave(2, 2)[:, :, :4].repeat_interleave(2, 3)[..., :4] | POOL($a, 2, 1, 0, "mean").repeat(2, 2)[:, :, :4].repeat(2, 3)[..., :4]
    pooled_max: ops.max_pool2d($a + $r, 2).repeat_interleave(2, 2).repeat_interleave(2, 3) * 0.5 | POOL($a + $r, 2, 2, 0, "max").repeat(2, 2).repeat(2, 3) * 0.5
    interpolate: ops.interpolate(ops.avg_pool2d($a, 2, 2), size=(4, 4), mode="nearest") + $a * 0.3 | POOL($a, 2, 2, 0, "mean").repeat(2, 2).repeat(2, 3) + $a * 0.3
    pad_reflect: ops.pad($a, (1, 1, 1, 1), mode="reflect")[:, :, :4, 1:5] * $a | jnp.pad($a, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="reflect")[:, :, :4, 1:5] * $a
    pixel: ops.pixel_unshuffle(ops.pixel_shuffle($a.repeat_interleave(2, 1), 2), 2)[:, ::2] * $a | $a * $a
    flip_images: ops.flip($a, (2, 3)) * 0.5 + $a | jnp.flip($a, (2, 3)) * 0.5 + $a
    channel_mean: $a - $a.mean((2, 3), keep_dims=True) * 0.5 | $a - $a.mean((2, 3), keepdims=True) * 0.5
    rot90: ops.rot90($a, 1, (2, 3)) * $a | jnp.rot90($a, 1, (2, 3)) * $a
    """,
    tags="mixes",
)
table.each(
    "m m -> s",
    """
    mse_loss: ops.mse_loss($a, $b) | jnp.mean(($a - $b) ** 2)
    l1_loss: ops.l1_loss($a + $r, $b) | jnp.mean(jnp.abs($a + $r - $b))
    smooth_l1: ops.smooth_l1_loss($a + $r, $b, 1.0, "mean") | jnp.mean(SMOOTH($a + $r - $b))
    huber: ops.huber_loss($a + $r, $b) | jnp.mean(SMOOTH($a + $r - $b))
    bce_with_logits: ops.binary_cross_entropy_with_logits($a, ops.sigmoid($b), ops.ones_like($a), ops.ones_like($a)) | jnp.mean(jax.nn.softplus($a) - $a * jax.nn.sigmoid($b))
    bce: ops.binary_cross_entropy(ops.sigmoid($a), ops.sigmoid($b), ops.ones_like($a)) | BCE(jax.nn.sigmoid($a), jax.nn.sigmoid($b))
    kl_div: ops.kl_div(ops.log_softmax($a, 1), ops.softmax($b, 1), "mean") | jnp.mean(jax.nn.softmax($b) * (jax.nn.log_softmax($b) - jax.nn.log_softmax($a)))
    soft_cross_entropy: ops.cross_entropy($a, ops.softmax($b, 1)) | -(jax.nn.softmax($b) * jax.nn.log_softmax($a)).sum(1).mean()
    mse_layer: nn.MSELoss()($a, $b) | jnp.mean(($a - $b) ** 2)
    """,
    tags="mixes",
)
table.each(
    "m -> s",
    """
    cross_entropy: ops.cross_entropy($a, Tensor([2, 0], ms.int32)) | -(jax.nn.log_softmax($a)[0, 2] + jax.nn.log_softmax($a)[1, 0]) / 2
    nll_loss: ops.nll_loss(ops.log_softmax($a, 1), Tensor([1, 0], ms.int32)) | -(jax.nn.log_softmax($a)[0, 1] + jax.nn.log_softmax($a)[1, 0]) / 2
    """,
    tags="mixes",
)
