"""Views: stored, returned, written, of arguments and of what is captured."""

from fuzz.construct import Table

table = Table("views")

M = "Tensor([[1.0, 0.5, 0.0], [0.0, 1.0, 0.5], [0.25, 0.0, 1.0]])"
B = "$b = Tensor([0.5, 1.0, 2.0])\n"

table(
    "stored_transpose",
    init=f'$w = Parameter({M}, name="w#")\n$wt = $w.T',
    body="y = y + ops.matmul(ops.matmul(y.reshape(1, 3), $w), $wt).reshape(3) * 0.125",
)
table("stored_slice", init=B + "$v = $b[0:2]", body="$b.add_(0.5)\ny = y * $v.sum() * 0.25")
table("stored_slice_set_between", init=B + "$v = $b[0:2]", body="y = y * $v.sum() * 0.25", after="$b[k % 3] = 0.5 * k")
table("stored_slice_base_assigned", init=B + "$v = $b[0:2]", body="y = y * $v.sum()", after="$b.assign_value($b * 0.5)")
table("stored_slice_base_replaced", init=B + "$v = $b[0:2]", body="y = y * $v.sum() + $b", after="$b = $b * 0.5")
table("stored_slice_written", init=B + "$v = $b[0:2]", body="$v.add_(0.5)\ny = y + $b")
table("stored_slice_item_written", init=B + "$v = $b[1:]", body="$v[0] = $b[0] * 0.5\ny = y * $b")
table(
    "stored_view_of_parameter_assigned",
    init='$w = Parameter(Tensor([1.0, 0.5, 2.0]), name="w#")\n$v = $w[0:1]',
    body="y = y * $v\nops.assign($w, $w * 0.5 + 1.0)",
)
table("view_of_a_view", init=f"$m = {M}\n$v = $m[1]\n$u = $v[0:2]", body="$m.mul_(0.5)\ny = y * $u.sum() + $v")
table("view_made_and_kept", init=B + "$v = Tensor([0.0])", body="$v = $b[0:1]\n$b.add_(0.5)\ny = y * $v")
table("view_of_result_kept", init="$v = Tensor([0.0, 1.0])", body="y = y * $v.sum()\n$v = (y * 0.5)[0:2]")
table("view_of_y_kept", init="$v = Tensor([0.0, 1.0])", body="y = y * 0.5 + $v.sum()\n$v = y[0:2]")
table("returned_beside", body="h# = y * 2.0\nout.append(h#)\nout.append(h#[0:1])\ny = y + h#")
table("returned_reshaped", body="h# = y * 2.0\nout.append(h#.reshape(3, 1))\nout.append(h#)")
table("returned_view_alone", body="h# = y * 2.0\nout.append(h#[1:])")
table("returned_twice", body="h# = y * 2.0\nout.append(h#)\nout.append(h#)")
table("argument_returned", body="out.append(x)", asked=False)
table("view_of_argument_returned", body="out.append(x[0:2])", asked=False)
table("captured_returned", init=B, body="y = y + $b\nout.append($b)", asked=False)
table("view_of_captured_returned", init=B, body="y = y + $b\nout.append($b[0:2])", asked=False)
table("captured_written_and_returned", init=B, body="$b.add_(0.5)\nout.append($b)\ny = y * $b", asked=False)
table(
    "parameter_returned",
    init='$w = Parameter(Tensor([1.0, 0.5, 2.0]), name="w#")',
    body="y = y * $w\nout.append($w)",
    asked=False,
)
table("stored_view_returned", init=B + "$v = $b[0:2]", body="out.append($v)\n$b.add_(0.5)", asked=False)
table("replaced_and_returned", init=B, body="$b = $b + 0.5\nout.append($b)\ny = y * $b", asked=False)
table("written_through_reshape", init=B, body="t# = $b.reshape(3, 1)\nt#[0] = 0.25 + $b[1]\ny = y * $b")
table("written_through_view", init=B, body="$b.view(3, 1)[2] = $b[0] * 0.5\ny = y * $b")
table("written_through_slice", init=B, body="$b[0:2].mul_(0.5)\n$b[2:].add_(0.5)\ny = y * $b")
table("local_view_written", body="h# = y * 1.0\nh#[0:2].add_(1.0)\ny = h# * 0.5")
table("local_view_read_later", body="h# = y * 1.0\nv# = h#[0:2]\nh#.add_(1.0)\ny = y + v#.sum()")
table("parts_written", init=f"$m = {M}", body="for row# in $m:\n    row#.mul_(0.5)\ny = y + $m[0]")
table("parts_read", init=f"$m = {M}", body="for row# in $m:\n    y = y + row#", after="$m[0] = float(k)")
table("split", init=B, body="a#, b# = ops.split($b, [1, 2])\ny = y * a# + b#.sum()", after="$b.mul_(0.5)")
table("unbind", init=f"$m = {M}", body="a#, b#, c# = ops.unbind($m)\na#.add_(0.5)\ny = y + a# * c#")
table("expanded", init=B, body="v# = $b.expand_dims(0)\n$b.add_(0.25)\ny = y + v#[0]")
table("broadcast", init="$b = Tensor([0.5])", body="v# = $b.broadcast_to((3,))\n$b.add_(0.25)\ny = y + v#")
table("transposed_and_written", init=f"$m = {M}", body="$m.T[0] = x * 0.5\ny = y + $m[:, 0] + $m[0]")
table("argument_is_a_view", init=f"$m = {M}", arg="$m[1]", body="$m.mul_(0.5)\ny = y + z#", asked=False)
table("argument_is_a_view_of_x", arg="x[0:2]", body="y = y * z#.sum() + x")
table("argument_is_x_reshaped", arg="x.reshape(3, 1)", body="y = y * z#[0]")
table("view_becomes_base", init=B + "$v = $b[0:2]", body="y = y * $v.sum() + $b[0]", after="if k == 2:\n    $v = $b")
table(
    "base_becomes_view",
    init=B + "$v = Tensor([0.5, 1.0, 2.0])",
    body="$b.add_(0.5)\ny = y * $v",
    after="if k == 2:\n    $v = $b[:]",
)
table("stopped", init=B, body="y = y + ops.stop_gradient($b) * ops.stop_gradient(x)\n$b.add_(0.5)")
table(
    "value_of_parameter",
    init='$w = Parameter(Tensor([1.0, 0.5, 2.0]), name="w#")',
    body="v# = $w.value()\nops.assign($w, $w + 0.5)\ny = y * v#",
)
table("copied", init=B, body="v# = $b.copy()\n$b.add_(0.5)\ny = y * v#")
