"""Reading and writing by indices, in place, through views."""

from ..construct import Table

table = Table("indexing")


def written(name, kinds, lines, jax, **more):
    """Lines on `t#`, a Tensor of its own, that write into it; what it holds then is what is given."""
    table(
        name,
        kinds,
        f"t# = ops.sin($a) + $a\n{lines}\n$o = t#",
        f"t# = jnp.sin($a) + $a\n{jax}\n$o = t#",
        tags="mixes",
        **more,
    )


table.each(
    "m -> m",
    """
    rows: $a[[1, 0]] * $a | $a[np.array([1, 0])] * $a
    tensor: $a[Tensor([1, 0])] * 0.8 | $a[np.array([1, 0])] * 0.8
    twice: $a[Tensor([1, 1])] + $a | $a[np.array([1, 1])] + $a
    step: $a[:, ::2].sum() * $a
    back: $a[::-1] * $a
    none: $a[None, :, 1][0].reshape(2, 1) * $a
    ellipsis: $a[..., -1:] * $a
    pair: $a[Tensor([0, 1]), Tensor([2, 0])].reshape(2, 1) * $a | $a[np.array([0, 1]), np.array([2, 0])].reshape(2, 1) * $a
    mask: $a * $a[Tensor([[True, False, True], [False, True, False]])].sum() | $a * $a[np.array([[True, False, True], [False, True, False]])].sum()
    scalar_index: $a[int(1)] * $a[0, 2] + $a * 0.1
    iterated: sum([row * row[0] for row in $a]) + $a * 0.1
    unpacked: (lambda p, q: ops.stack((q, p * q)))(*$a) | (lambda p, q: jnp.stack((q, p * q)))(*$a)
    index_argument: $a[n] * 0.7
    index_argument_and_slice: $a[n, 1:].sum(1, keepdims=True) * $a
    """,
    tags="mixes",
)
written("set_number", "m -> m", "t#[0] = 0.3", "t# = t#.at[0].set(0.3)")
written("set_row", "m -> m", "t#[1] = $a[0] * 2", "t# = t#.at[1].set($a[0] * 2)")
written("set_element", "m -> m", "t#[0, 1] = $a.sum()", "t# = t#.at[0, 1].set($a.sum())")
written("set_slice", "m -> m", "t#[:, 1:] = $a[:, :2]", "t# = t#.at[:, 1:].set($a[:, :2])")
written("set_broadcast", "m -> m", "t#[:] = $a[0]", "t# = t#.at[:].set($a[0])")
written("set_mask", "m -> m", "t#[$a + $r > 0.2] = 0.4", "t# = jnp.where($a + $r > 0.2, 0.4, t#)")
written("set_list", "m -> m", "t#[[1, 0]] = $a", "t# = t#.at[np.array([1, 0])].set($a)")
written("set_tensor", "m -> m", "t#[Tensor([1]), :] = $a[:1]", "t# = t#.at[np.array([1])].set($a[:1])")
written("set_step", "m -> m", "t#[:, ::2] = $a[:, ::2] * t#[:, 1:2]", "t# = t#.at[:, ::2].set($a[:, ::2] * t#[:, 1:2])")
written(
    "set_ellipsis", "m -> m", "t#[..., 0] = $a[..., 1] * t#[..., 0]", "t# = t#.at[..., 0].set($a[..., 1] * t#[..., 0])"
)
written("set_argument", "m -> m", "t#[n] = $a * 0.5", "t# = t#.at[n].set($a * 0.5)")
written("add_row", "m -> m", "t#[0] += $a[1]", "t# = t#.at[0].add($a[1])")
written("multiply_row", "m -> m", "t#[1] *= t#[0]", "t# = t#.at[1].multiply(t#[0])")
written("subtract_column", "m -> m", "t#[:, 0] -= $a[:, 1] ** 2", "t# = t#.at[:, 0].add(-$a[:, 1] ** 2)")
written("add_in_place", "m -> m", "t#.add_($a * 0.5)", "t# = t# + $a * 0.5")
written("mul_in_place", "m -> m", "t#.mul_(ops.sin($a))", "t# = t# * jnp.sin($a)")
written("sub_in_place", "m -> m", "t#.sub_(t# * 0.5)", "t# = t# - t# * 0.5")
written("div_in_place", "m -> m", "t#.div_($a * $a + 1)", "t# = t# / ($a * $a + 1)")
written("copy_in_place", "m -> m", "t#.copy_($a * $a)", "t# = $a * $a")
written("zero_in_place", "m -> m", "u# = t# * t#\nt#.zero_()\nt#.add_(u#)", "u# = t# * t#\nt# = u#")
written("fill_row", "m -> m", "t#[0].fill_(0.5)", "t# = t#.at[0].set(0.5)")
written("exp_in_place", "m -> m", "t#.mul_(0.2)\nt#.exp_()", "t# = jnp.exp(t# * 0.2)")
written("masked_in_place", "m -> m", "t#.masked_fill_($a + $r > 0, 0.1)", "t# = jnp.where($a + $r > 0, 0.1, t#)")
written(
    "scatter_in_place",
    "m -> m",
    "t#.index_add_(0, Tensor([1, 1], ms.int32), $a)",
    "t# = t#.at[np.array([1, 1])].add($a)",
)
written("view_set", "m -> m", "w# = t#[0]\nw#[1] = $a[1, 2]", "t# = t#.at[0, 1].set($a[1, 2])")
written(
    "view_set_after_use",
    "m -> m",
    "u# = t# * 2\nw# = t#[0]\nw#[1] = $a[1, 2] * u#[0, 0]",
    "u# = t# * 2\nt# = t#.at[0, 1].set($a[1, 2] * u#[0, 0])",
)
written(
    "view_add",
    "m -> m",
    "w# = t#[:, 1:]\nw# += $a[:, :2] * w#\nt#[:, 1:] = w#",
    "t# = t#.at[:, 1:].add($a[:, :2] * t#[:, 1:])",
)
written("view_in_place", "m -> m", "w# = t#[1]\nw#.mul_($a[0])", "t# = t#.at[1].multiply($a[0])")
written("view_of_view", "m -> m", "w# = t#[:, 1:][0]\nw#[0] = $a[0, 0] ** 2", "t# = t#.at[0, 1].set($a[0, 0] ** 2)")
written("reshaped_view", "m -> m", "w# = t#.view(6)\nw#[4] = $a[0, 0] * 3", "t# = t#.at[1, 1].set($a[0, 0] * 3)")
written("transposed_view", "m -> m", "w# = t#.T\nw#[2] = $a[:, 0]", "t# = t#.at[:, 2].set($a[:, 0])")
written(
    "view_read_later",
    "m -> m",
    "w# = t#[0]\nt#[0] = $a[1] * 2\nt#[1] = w# * $a[0]",
    "t# = t#.at[0].set($a[1] * 2)\nt# = t#.at[1].set(t#[0] * $a[0])",
)
written(
    "two_views",
    "m -> m",
    "p# = t#[0]\nq# = t#[:, 1]\np#[1] = $a[0, 0]\nq#[1] = p#[1] * $a[1, 1]",
    "t# = t#.at[0, 1].set($a[0, 0])\nt# = t#.at[1, 1].set(t#[0, 1] * $a[1, 1])",
)
written("expanded_view", "m -> m", "w# = t#.expand_dims(0)\nw#[0, 1] = $a[0] * 0.5", "t# = t#.at[1].set($a[0] * 0.5)")
written(
    "split_views",
    "m -> m",
    "p#, q# = t#.split(1)\np#[0, 0] = $a[1, 1]\nq#.mul_(p#)",
    "t# = t#.at[0, 0].set($a[1, 1])\nt# = t#.at[1].multiply(t#[0])",
)
written("alias", "m -> m", "w# = t#\nw#[0] = w#[1] * $a[0]", "t# = t#.at[0].set(t#[1] * $a[0])")
written("wrapped", "m -> m", "w# = Tensor(t#)\nw#[0] = w#[1] * $a[0]", "t# = t#.at[0].set(t#[1] * $a[0])")
written("copied", "m -> m", "w# = t#.copy()\nw#[0] = 5.0\nt#[1] = w#[1] * 2", "t# = t#.at[1].multiply(2)")
written(
    "kept_before",
    "m -> m",
    "u# = t# * t#\nt#[0] = 3.0\nt# = t# + u#",
    "u# = t# * t#\nt# = t#.at[0].set(3.0)\nt# = t# + u#",
)
written(
    "loop_of_writes",
    "m -> m",
    "for k# in range(2):\n    t#[k#] = t#[k# - 1] * $a[k#]",
    "for k# in range(2):\n    t# = t#.at[k#].set(t#[k# - 1] * $a[k#])",
)
written(
    "from_zeros",
    "m -> m",
    "u# = ops.zeros((2, 3), D)\nfor k# in range(2):\n    u#[k#] = t#[k#] * (k# + 1)\nt# = u#",
    "t# = t# * np.array([[1.0], [2.0]])",
)
written(
    "from_zeros_like",
    "m -> m",
    "u# = ops.zeros_like(t#)\nu#[0] += t#[1]\nu#[:, 1] += t#[:, 0]\nt# = u#",
    "t# = jnp.zeros_like(t#).at[0].set(t#[1]).at[:, 1].add(t#[:, 0])",
)
written(
    "of_an_argument",
    "m -> m",
    "u# = ops.ones((2, 3), D)\nu#[0, :2] = $a[1, 1:]\nt# = t# * u#",
    "t# = t# * jnp.ones((2, 3)).at[0, :2].set($a[1, 1:])",
)
written(
    "in_a_list",
    "m -> m",
    "l# = [t#, $a]\nl#[0][1] = l#[1][0]\nl#[0] = l#[0] * 2\nt# = t# + l#[0]",
    "t# = t#.at[1].set($a[0])\nt# = t# * 3",
)
written(
    "inner_function",
    "m -> m",
    "def w#(t):\n    t[0] = t[1] * 0.5\n    return t * 2\nt# = w#(t#) + t#",
    "t# = t#.at[0].set(t#[1] * 0.5)\nt# = t# * 3",
)
