"""State that a call reads and changes: Parameters, buffers, delay lines, random numbers."""

from fuzz.construct import Table

table = Table("state")

W = 'Tensor([1.0, 0.5, -0.5]), name="w#"'

table(
    "assigned",
    init=f"$w = Parameter({W})",
    body="""
        y = y * $w
        ops.assign($w, $w * 0.5 + x * 0.25)
    """,
)
table("added", init="$b = Tensor([0.0, 0.5, 0.0])", body="$b.add_(ops.stop_gradient(x) * 0.125)\ny = y + $b")
table("read_then_added", init="$b = Tensor([0.5, 0.5, 0.0])", body="y = y + $b\n$b.add_(0.25)")
table("tensor_replaced", init="$b = Tensor([0.0, 0.5, 0.0])", body="$b = $b * 0.5 + x\ny = y + $b")
table("replaced_twice", init="$b = Tensor([0.0, 0.5, 0.0])", body="$b = $b * 0.5\n$b = $b + x\ny = y * $b")
table(
    "moving_average", init="$m = Tensor([0.0, 0.0, 1.0])", body="$m = 0.5 * $m + 0.5 * ops.stop_gradient(y)\ny = y - $m"
)
table(
    "delay",
    init="$a = Tensor([1.0, 0.0, 0.0])\n$b = Tensor([0.0, 2.0, 0.0])",
    body="y = y + $b\n$b.assign_value($a)\n$a.assign_value(x * 0.5)",
)
table(
    "delay_of_parameters",
    init=f'$a = Parameter({W})\n$b = Parameter(Tensor([0.0, 0.5, 1.0]), name="b#")',
    body="y = y + $b\nops.assign($b, $a)\nops.assign($a, x * 0.5)",
)
table(
    "long_delay",
    init="$a = Tensor([1.0, 0.0, 0.0])\n$b = $a * 2\n$c = $a * 4",
    body="y = y + $c\n$c.assign_value($b)\n$b.assign_value($a)\n$a.assign_value($a * 0.5)",
)
table(
    "contents_swapped",
    init="$a = Tensor([1.0, 0.0, 0.5])\n$b = Tensor([0.0, 2.0, 0.5])",
    body="y = y * $a\nt# = $a.copy()\n$a.assign_value($b)\n$b.assign_value(t#)",
)
table(
    "names_swapped",
    init="$a = Tensor([1.0, 0.0, 0.5])\n$b = Tensor([0.0, 2.0, 0.5])",
    body="y = y * $a + x\n$a, $b = $b, $a",
)
table(
    "swap_by_delay",
    init="$a = Tensor([1.0, 0.0, 0.5])\n$b = Tensor([0.0, 2.0, 0.5])",
    body="t# = $a * 1.0\n$a.copy_($b)\n$b.copy_(t#)\ny = y + $a",
)
table("count", init="$n = 0", body="$n += 1\ny = y * (0.5 * $n)")
table("count_of_tensor", init="$n = Tensor(0)", body="$n += 1\ny = y * $n * 0.5", asked=False)
table("count_of_tensor_in_place", init="$n = Tensor(0)", body="$n.add_(1)\ny = y * $n * 0.5")
table("dropout", init="$drop = nn.Dropout(p=0.5)\n$drop.set_train()", body="y = $drop(y)")
table(
    "dropout_toggled",
    init="$drop = nn.Dropout(p=0.5)\n$drop.set_train()",
    body="y = $drop(y) + x",
    after="$drop.set_train(k % 2 == 1)",
)
table("normal", body="y = y + ops.standard_normal((3,))")
table("normal_and_seed", body="y = y + ops.standard_normal((3,))", after="if k == 2:\n    ms.set_seed(5)")
table("uniform_of_mint", body="y = y * mint.rand(3)")
table("random_by_seed", body="y = y + ops.uniform((3,), Tensor(0.0), Tensor(1.0), seed=1)")
table(
    "batch_norm",
    init="$bn = nn.BatchNorm1d(3)\n$bn.set_train()",
    body="y = $bn(ops.stack((y, x, x * 2)))[0]",
)
table(
    "batch_norm_toggled",
    init="$bn = nn.BatchNorm1d(3)",
    body="y = $bn(ops.stack((y, x, x * 2)))[0]",
    after="$bn.set_train(k in (1, 2))",
)
table("item_set", init="$b = Tensor([0.0, 0.5, 0.0])", body="$b[0] = ops.stop_gradient(x[1]) * 0.5\ny = y + $b")
table("items_added", init="$b = Tensor([0.0, 0.5, 0.0])", body="$b[1:] += 0.5\ny = y * $b")
table("item_of_parameter", init=f"$w = Parameter({W})", body="y = y + $w\n$w[1] = $w[0] * 0.5")
table("set_between", init=f"$w = Parameter({W})", body="y = y * $w", after="$w.set_data(Tensor([1.0, 0.5 * k, 2.0]))")
table("tensor_set_between", init="$b = Tensor([0.5, 0.5, 0.5])", body="y = y * $b", after="$b[k % 3] = 2.0")
table("assigned_between", init="$b = Tensor([0.5, 0.5, 0.5])", body="y = y * $b", after="$b.assign_value($b + k)")
table(
    "cached_once",
    init="$c = None",
    body="if $c is None:\n    $c = ops.stop_gradient(x) * 2\ny = y + $c",
    after="if k == 2:\n    $c = None",
)
table(
    "written_if_flag",
    init="$flag = False\n$b = Tensor([0.5, 0.0, 0.0])",
    body="if $flag:\n    $b.add_(1.0)\ny = y * $b",
    after="$flag = k in (1, 2)",
)
table("assign_add", init=f"$w = Parameter({W})", body="ops.assign_add($w, Tensor([0.5, 0.0, 0.0]))\ny = y * $w")
table(
    "primitive_assigns",
    init=f"$w = Parameter({W})\n$op = ops.Assign()",
    body="$op($w, $w + 0.5)\ny = y * $w",
)
table(
    "scatter_update",
    init=f"$w = Parameter({W})",
    body="ops.scatter_update($w, Tensor(np.array([0], np.int32)), Tensor([0.25]))\ny = y + $w",
    after="$w.set_data(Tensor([float(k), 1.0, 1.0]))",
)
table("written_and_restored", init="$b = Tensor([0.5, 1.0, 0.0])", body="$b.add_(1.0)\ny = y * $b\n$b.sub_(1.0)")
table("local_written", body="t# = x * 1.0\nt#[0] = 0.5\ny = y + t#")
table(
    "buffer",
    init='self.register_buffer("b#", Tensor([0.5, 0.0, 1.0]))',
    body="self.b# = self.b# * 0.5 + 1.0\ny = y * self.b#",
    homes=("self", "child"),
)
table(
    "tensor_of_another_dtype",
    init="$b = Tensor([0.5, 1.0, 0.0])",
    body="y = y * $b.astype(ms.float32)",
    after="$b = Tensor([1, 2, k], ms.int32)",
)
table(
    "kept_argument",
    init="$kept = Tensor([0.0, 0.0, 0.0])",
    body="y = y + $kept\n$kept = x",
    asked=False,
)
table("kept_result", init="$kept = Tensor([0.0, 0.0, 0.0])", body="y = y * 0.5 + $kept * 0.25\n$kept = y")
