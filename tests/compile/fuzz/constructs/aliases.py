"""Two names of one Tensor, and Tensors that share elements."""

from fuzz.construct import Table

table = Table("aliases")

B = "$b = Tensor([0.5, 1.0, 2.0])\n"
W = '$w = Parameter(Tensor([1.0, 0.5, 2.0]), name="w#")\n'
LAYERS = "$d = nn.Dense(3, 3, weight_init='ones')\n$e = nn.Dense(3, 3, weight_init='zeros')\n"
USE = "y = y + ($d(y.reshape(1, 3)) + $e(x.reshape(1, 3))).reshape(3) * 0.125"

table("tensor_of_tensor", init=B + "$a = Tensor($b)", body="$b.add_(0.5)\ny = y * $a")
table("tensor_of_tensor_written", init=B + "$a = Tensor($b)", body="$a.add_(0.5)\ny = y * $b")
table(
    "shared_later",
    init=B + "$a = Tensor([1.0, 1.0, 1.0])",
    body="$b.add_(0.5)\ny = y * $a",
    after="if k == 2:\n    $a = Tensor($b)",
)
table("two_names", init=B + "$a = $b", body="$b.add_(0.5)\ny = y * $a")
table(
    "two_names_later",
    init=B + "$a = Tensor([1.0, 1.0, 1.0])",
    body="$b.add_(0.5)\ny = y * $a",
    after="if k == 2:\n    $a = $b",
)
table("two_names_no_more", init=B + "$a = $b", body="$b.add_(0.5)\ny = y * $a", after="if k == 2:\n    $a = $b.copy()")
table("read_under_two_names", init=B + "$a = $b", body="y = y * $a + $b", after="if k == 1:\n    $a = $b * 2")
table("one_replaced", init=B + "$a = $b", body="$a = $a * 0.5\ny = y * $b + $a")
table("both_replaced", init=B + "$a = $b", body="$a = $b = $b * 0.5\ny = y * $b + $a")
table("bound_to_the_other", init=B + "$a = Tensor([1.0, 1.0, 1.0])", body="y = y * $a\n$a = $b\n$b.mul_(0.5)")
table("replaced_by_alias_of_argument", init=B, body="y = y + $b\n$b = Tensor(x)")
table("argument_twice", arg="x", body="y = y * z# + x", asked=False)
table("argument_twice_sometimes", arg="x if k % 2 else x * 1.0", body="y = y * z# + x", asked=False)
table("argument_is_captured", init=B, arg="$b", body="y = y + z# * $b")
table("argument_is_captured_sometimes", init=B, arg="$b if k > 2 else $b.copy()", body="y = y + z# * $b")
table("argument_is_captured_and_written", init=B, arg="$b", body="$b.add_(0.5)\ny = y + z#", asked=False)
table("argument_shares_captured", init=B, arg="Tensor($b)", body="$b.add_(0.5)\ny = y + z#", asked=False)
table("argument_is_a_parameter", init=W, arg="$w", body="y = y + z# * $w")
table("argument_is_written", arg="Tensor([0.5, 0.25, 1.0])", body="z#.add_(0.5)\ny = y + z#", asked=False)
table("argument_kept_is_written", init=B, arg="$b", body="z#.add_(0.5)\ny = y + z#", asked=False)
table("tied", init=LAYERS + "$e.weight = $d.weight", body=USE)
table("tied_later", init=LAYERS, body=USE, after="if k == 1:\n    $e.weight = $d.weight")
table(
    "tied_no_more",
    init=LAYERS + "$e.weight = $d.weight",
    body=USE,
    after='if k == 1:\n    $e.weight = Parameter($d.weight * 0.5, name="tied#")',
)
table("one_layer_twice", init=LAYERS + "$e = $d", body=USE)
table("one_layer_twice_later", init=LAYERS, body=USE, after="if k == 2:\n    $e = $d")
table("parameter_of_tensor", init=B + '$w = Parameter($b, name="w#")', body="y = y * $w\n$b.add_(0.5)")
table("tensor_of_parameter", init=W + "$a = Tensor($w)", body="y = y * $a\nops.assign($w, $w * 0.5)")
table("copied_between", init=B, body="$b.add_(0.5)\ny = y * $b", after="$b = copy.deepcopy($b)")
table(
    "is_tested",
    init=B + "$a = $b",
    body="if $a is $b:\n    y = y * 2.0\ny = y + $a",
    after="$a = $b if k % 2 else $b.copy()",
)
table(
    "is_tested_with_argument",
    init=B,
    arg="$b if k == 2 else $b * 1.0",
    body="y = y * (2.0 if z# is $b else 0.5)",
    asked=False,
)
table("x_is_tested", arg="x if k % 2 else x * 1.0", body="y = y * (2.0 if z# is x else 0.5)", asked=False)
table("in_two_lists", init=B + "$l = [$b, $b]", body="$l[0].add_(0.5)\ny = y * $l[1]")
table(
    "in_two_lists_sometimes",
    init=B + "$l = [$b, $b]",
    body="$l[0].add_(0.5)\ny = y * $l[1]",
    after="$l[1] = $b if k % 2 else $b * 2",
)
table(
    "result_becomes_state",
    init=B,
    body="y = y * $b\nout.append(y * 0.5)",
    after="if isinstance(r, Tensor) and r.shape == (3,):\n    $b = r",
)
table("argument_becomes_state", init=B, body="$b.add_(0.25)\ny = y * $b", after="if k == 2:\n    $b = x", asked=False)
table(
    "numpy_shared",
    init="$n = np.array([0.5, 1.0, 2.0], np.float32)\n$b = Tensor.from_numpy($n)",
    body="y = y * $b",
    after="$n[0] = k",
)
table("numpy_read", init="$n = np.array([0.5, 1.0, 2.0], np.float32)", body="y = y * Tensor($n)", after="$n[0] = k")
table("assigned_to_itself", init=B, body="$b.assign_value($b)\n$b.copy_($b)\ny = y * $b")
table("assigned_from_argument", init=B, body="y = y * $b\n$b.assign_value(ops.stop_gradient(x))")
table("assigned_from_alias", init=B + "$a = Tensor($b)", body="$b.assign_value($a * 0.5)\ny = y * $a")
