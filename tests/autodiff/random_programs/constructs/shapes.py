"""Shapes, joining and splitting, sorting, cumulative operators."""

import numpy as np

from ..construct import SHAPES, Table

table = Table("shapes")

table.each(
    "m -> m",
    """
    reshape: ops.reshape($a * $a, (3, 2)).T * 0.5 | ($a * $a).reshape(3, 2).T * 0.5
    view: $a.view(6).view(2, 3) * $a | $a * $a
    flat_roll: ops.roll($a.flatten(), 2).reshape(2, 3) | jnp.roll($a.reshape(-1), 2).reshape(2, 3)
    flip: ops.flip($a, (0,)) * $a | jnp.flip($a, 0) * $a
    roll: ops.roll($a, 1, 0) - $a | jnp.roll($a, 1, 0) - $a
    concat: ops.concat((ops.sin($a[:1]), $a[1:]), 0) | jnp.concatenate((jnp.sin($a[:1]), $a[1:]), 0)
    stack: ops.stack((ops.sin($a[0]), $a[1] * $a[0])) | jnp.stack((jnp.sin($a[0]), $a[1] * $a[0]))
    tile: ops.tile($a[:1] * $a[1:], (2, 1)) | jnp.tile($a[:1] * $a[1:], (2, 1))
    repeat: ops.repeat_interleave($a[:1], 2, 0) * $a | jnp.repeat($a[:1], 2, 0) * $a
    cumsum: ops.cumsum($a, 0) | jnp.cumsum($a, 0)
    cummax: ops.cummax($a + $r, 0)[0] | lax.cummax($a + $r, 0)
    cummin: ops.cummin($a + $r, 0)[0] | lax.cummin($a + $r, 0)
    pad: ops.pad($a, (1, 0, 0, 0))[:, :3] * 2 | jnp.pad($a, ((0, 0), (1, 0)))[:, :3] * 2
    split: ops.split($a, 1, 0)[1] * $a | $a[1:] * $a
    unstack: ops.unstack($a, 0)[1] + $a * 0.5 | $a[1] + $a * 0.5
    swap: ops.swapaxes($a, 0, 1).reshape(2, 3) * 0.7 | $a.T.reshape(2, 3) * 0.7
    meshgrid: ops.meshgrid($a[0, :2], $a[1], indexing="ij")[0] * $a | jnp.meshgrid($a[0, :2], $a[1], indexing="ij")[0] * $a
    sort_of_rows: ops.sort($a + $r, 0)[0] * 0.5 | jnp.sort($a + $r, 0) * 0.5
    gather_elements: ops.gather_elements($a, 0, Tensor([[1, 0, 1], [0, 0, 1]])) * $a | jnp.take_along_axis($a, np.array([[1, 0, 1], [0, 0, 1]]), 0) * $a
    index_select: ops.index_select($a, 0, Tensor([1, 1])) * $a | $a[np.array([1, 1])] * $a
    scatter_nd: ops.scatter_nd(Tensor([[1], [1]]), $a, (2, 3)) + $a * 0.5 | jnp.zeros_like($a).at[np.array([1, 1])].add($a) + $a * 0.5
    tensor_scatter_add: ops.tensor_scatter_add($a, Tensor([[0], [0]]), ops.sin($a)) * 0.6 | $a.at[np.array([0, 0])].add(jnp.sin($a)) * 0.6
    tensor_scatter_update: ops.tensor_scatter_elements($a, Tensor([[1, 0, 1]]), $a[:1] * 2, axis=0) | PUT($a, np.array([[1, 0, 1]]), $a[:1] * 2)
    scatter_mul: ops.tensor_scatter_mul($a, Tensor([[1]]), ops.cos($a[:1])) | $a.at[1].set($a[1] * jnp.cos($a[0]))
    index_add: ops.index_add($a * 1, Tensor([0, 1], ms.int32), ops.sin($a), 0) * 0.5 | ($a + jnp.sin($a)) * 0.5
    unfold_batch: ops.vstack(($a[1:], $a[:1] * $a[1:])) | jnp.concatenate(($a[1:], $a[:1] * $a[1:]))
    hsplit: ops.hsplit($a, 3)[2] * $a | $a[:, 2:] * $a
    where_index: $a.take(Tensor([1, 0]), 0) * 0.9 | $a[np.array([1, 0])] * 0.9
    gather_nd: ops.gather_nd($a, Tensor([[1, 0], [0, 2], [1, 0]])) * $a | $a[np.array([1, 0, 1]), np.array([0, 2, 0])] * $a
    movedim: ops.movedim($a, 0, 1).T * $a | $a * $a
    chunk: ops.chunk($a, 2, 0)[0] - $a | $a[:1] - $a
    unsorted: ops.unsorted_segment_sum($a, Tensor([1, 1]), 2) + $a * 0.3 | jnp.zeros_like($a).at[np.array([1, 1])].add($a) + $a * 0.3
    embedding: ops.gather($a, Tensor([[1, 0], [1, 1]]), 0).sum(1) * 0.5 | $a[np.array([[1, 0], [1, 1]])].sum(1) * 0.5
    logcumsumexp: ops.logcumsumexp($a, 0) * 0.5 | jnp.log(jnp.cumsum(jnp.exp($a), 0)) * 0.5
    searched: ops.select($a > 0, $a, $a * $a) | jnp.where($a > 0, $a, $a * $a)
    """,
    tags="mixes",
)
table.each(
    "m -> m",
    """
    softmax: ops.softmax($a, -1) | jax.nn.softmax($a, -1)
    log_softmax: ops.log_softmax($a, -1) | jax.nn.log_softmax($a, -1)
    sort: ops.sort($a + $r, 1)[0] | jnp.sort($a + $r, 1)
    sorted_down: ops.sort($a + $r, 1, True)[0] * $a | -jnp.sort(-$a - $r, 1) * $a
    topk: ops.pad(ops.topk($a + $r, 2)[0], (0, 1)) * $a | jnp.pad(-jnp.sort(-$a - $r, 1)[:, :2], ((0, 0), (0, 1))) * $a
    cumprod: ops.cumprod($a * 0.3 + 1, 1) | jnp.cumprod($a * 0.3 + 1, 1)
    cumsum_of_columns: ops.cumsum(ops.sin($a), 1) | jnp.cumsum(jnp.sin($a), 1)
    rolled_columns: ops.roll($a, 1, 1) * $a | jnp.roll($a, 1, 1) * $a
    layer_norm_like: ($a - $a.mean(1, keep_dims=True)) * 0.8 | ($a - $a.mean(1, keepdims=True)) * 0.8
    normalized: $a / ops.sqrt((($a + 0.1) ** 2).sum(-1, keepdims=True) + 0.1)
    column: $a * $a[:, 1:2]
    max_of_columns: $a - ops.max($a + $r, 1, True)[0] * 0.5 | $a - jnp.max($a + $r, 1, keepdims=True) * 0.5
    l2_normalize: ops.L2Normalize(1, 1e-4)($a + $r) | ($a + $r) / jnp.sqrt((($a + $r) ** 2).sum(1, keepdims=True))
    swiglu: ops.pad(ops.glu(ops.pad($a, (0, 1)), 1), (0, 1)) + $a | jnp.pad(jax.nn.glu(jnp.pad($a, ((0, 0), (0, 1))), 1), ((0, 0), (0, 1))) + $a
    one_hot: ops.one_hot(ops.argmax($a + $r, 1), 3, Tensor(1.0, D), Tensor(0.0, D)) * $a | jax.nn.one_hot(jnp.argmax($a + $r, 1), 3) * $a
    fft: ops.real(ops.ifft(ops.fft($a) * 0.5)) + ops.real(ops.abs(ops.fft($a * 0.3 + $r))) * 0.1 | $a * 0.5 + jnp.abs(jnp.fft.fft($a * 0.3 + $r)) * 0.1
    diff: ops.pad(ops.diff($a), (1, 0)) * $a | jnp.pad(jnp.diff($a), ((0, 0), (1, 0))) * $a
    flip_columns: ops.fliplr($a) * ops.cos($a) | jnp.fliplr($a) * jnp.cos($a)
    """,
)
table.each(
    "v -> m",
    """
    two_rows: ops.stack((ops.sin($a), $a)) | jnp.stack((jnp.sin($a), $a))
    tiled: ops.tile($a, (2, 1)) * 0.7 | jnp.tile($a, (2, 1)) * 0.7
    broadcast_rows: ops.broadcast_to($a, (2, 3)) * 0.8 | jnp.broadcast_to($a, (2, 3)) * 0.8
    outer_of_itself: ops.outer($a[:2], $a) * 0.5
    """,
    tags="mixes",
)
table.each(
    "m -> i",
    """
    image: ops.tile(ops.pad($a, (0, 1)).reshape(1, 2, 4, 1), (1, 1, 1, 4)) | jnp.tile(jnp.pad($a, ((0, 0), (0, 1))).reshape(1, 2, 4, 1), (1, 1, 1, 4))
    image_of_products: ops.outer($a.reshape(-1)[:4], $a.reshape(-1)).reshape(-1)[:16].reshape(1, 1, 4, 4).repeat_interleave(2, 1) | jnp.outer($a.reshape(-1)[:4], $a.reshape(-1)).reshape(-1)[:16].reshape(1, 1, 4, 4).repeat(2, 1)
    """,
    tags="mixes",
)
table.each(
    "i -> m",
    """
    pooled: $a.reshape(2, 16)[:, 3:6] * 0.8
    pooled_mean: $a.mean((0, 2))[:, :3] * 0.8
    corner: $a[0, :, 1, :3]
    """,
    tags="mixes",
)
table.each(
    "q -> v",
    """
    diagonal: ops.diagonal($a) | jnp.diagonal($a)
    row: $a[1]
    column_of: $a[:, 2] * 0.5
    sum_of_columns: $a.sum(1) * 0.4
    """,
    tags="mixes",
)
table.each("v -> q", "outer_square: ops.outer($a, ops.sin($a)) * 0.6\ndiag: ops.diag($a) | jnp.diag($a)", tags="mixes")
table.each(
    "s -> v",
    "three: ops.stack((ops.sin($a), $a, $a * $a)) * 0.6 | jnp.stack((jnp.sin($a), $a, $a * $a)) * 0.6\n"
    "spread: $a * Tensor([0.5, 1.0, -0.7], D)\nbroadcast_scalar: ops.broadcast_to($a, (3,)) | jnp.broadcast_to($a, (3,))",
    tags="mixes",
)
table.each(
    "m -> v", "first: ops.sin($a[0])\nlast: $a[-1] * $a[0]\nsqueezed: ops.squeeze($a[:1], 0) | $a[0]", tags="mixes"
)
for kind, shape in SHAPES.items():
    if shape:
        count = int(np.prod(shape))
        elements = f"Tensor(np.arange({count}) % $a.size)"
        table(
            f"any_{kind}",
            f"? -> {kind}",
            f"ops.sin($a).reshape(-1)[{elements}].reshape{shape}",
            f"jnp.sin($a).reshape(-1)[np.arange({count}) % $a.size].reshape{shape}",
            tags="mixes",
        )
