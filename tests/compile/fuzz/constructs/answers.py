"""Values of Tensors that a function asks for: by `if` and `while`, as a number, in comparisons."""

from fuzz.construct import Table

table = Table("answers")

table("if", body="if (y.sum() > 8.0):\n    y = y * 0.5\nelse:\n    y = y + 1.0")
table("if_state", init="$n = Tensor(0.0)", body="if $n < 2:\n    y = y * 0.5\n$n.add_(1.0)")
table("if_first", init="$n = Tensor(0)", body="if $n == 0:\n    y = y + 3.0", after="$n = $n + 1")
table("if_sometimes", init="$n = Tensor([0])", body="if $n:\n    y = y * 0.25", after="$n = Tensor([k % 2])")
table("while", body="n# = Tensor(0)\nwhile n# < 2:\n    y = y * 0.5\n    n# = n# + 1")
table("while_large", body="turn# = 0\nwhile y.abs().sum() > 4.0 and turn# < 6:\n    y = y * 0.5\n    turn# += 1")
table(
    "for_and_break",
    body="for turn# in range(4):\n    if y.sum() < 2.0:\n        break\n    y = y - 1.0\nelse:\n    y = y * 0.5",
)
table("item", init="$n = Tensor(2)", body="y = y * int($n)", after="$n = Tensor(k % 2)")
table("item_changes", init="$n = Tensor(2)", body="y = y * int($n)", after="$n = Tensor(k)")
table("float", init="$n = Tensor(0.5)", body="y = y * float($n)", after="$n = Tensor(-0.0 if k % 3 else 0.0)")
table("float_of_result", body="y = y + x * float(y[0])")
table("float_of_nan", init="$n = Tensor(float('nan'))", body="y = y * 2.0 if float($n) != float($n) else y")
table(
    "sign_of_zero",
    init="$n = Tensor(0.0)",
    body="y = y + x * (1.0 if repr($n.item()) == '0.0' else 2.0)",
    after="$n = -$n",
)
table(
    "range",
    init="$n = Tensor(1)",
    body="for turn# in range($n):\n    y = y * 0.5 + turn#",
    after="$n = Tensor(k % 2 + 1)",
)
table("not_and_or", init="$n = Tensor(1)", body="y = y * 2.0 if not $n or y[0] > 1 else y", after="$n = Tensor(k % 2)")
table("assert", body="assert y.sum() < 40.0, 'large#'", raises=True)
table("raise", body="if y.sum() > 12.0:\n    raise ValueError('large#')", raises=True)
table("try", body="try:\n    y = y * 0.5 if y.sum() > 4.0 else y\nexcept Exception:\n    y = y * 8.0")
table("maximum", body="y = y * max(y[0], y[1], x[2])")
table("element_of_list", body="y = y * (2.0 if x[0] in [x[1], x[0] + 1] else 0.5)")
table("sorted", body="y = y + sorted([y[0], y[2], x[1]])[1]")
table(
    "write_in_branch",
    init="$w = Parameter(Tensor([1.0, 2.0, 3.0]), name='w#')",
    body="if y.sum() > 8.0:\n    $w.set_data($w * 0.5)\n    y = y * $w\nelse:\n    $w.add_(1.0)",
)
table(
    "element_in_branch",
    init="$w = Tensor([1.0, 2.0, 3.0])",
    body="if y.sum() > 8.0:\n    $w[0] = y[1]\ny = y * $w",
)
table(
    "attribute_in_branch",
    init="$w = Tensor([1.0, 2.0, 3.0])",
    body="if $w.sum() < 9.0:\n    $w = $w + 1.0\nelse:\n    $w = $w * 0.25\ny = y * $w",
    homes=("self", "box"),
)
table(
    "result_in_branch",
    body="if y.sum() > 6.0:\n    out.append(y)\nelse:\n    out.append(y * 2.0)\n    out.append(x * 4.0)",
)
table("grad_in_branch", body="if y.sum() > 4.0:\n    y = ms.grad(lambda v#: (v# * v#).sum())(y)")
table(
    "branch_in_grad",
    body="def f#(v):\n    return (v * v).sum() if v[0] > 1.0 else (v * 3.0).sum()\ny = y + ms.grad(f#)(y)",
)
table("branch_in_jvp", body="y = ms.jvp(lambda v#: v# * v# if v#[0] > 1.0 else v#, (y,), (x,))[1]")
table("branch_in_vmap", body="y = ms.vmap(lambda v#: v# * v# if v# > 1.0 else v#)(y)", raises=True)
table("branch_before_index", arg="k % 4 + 1", body="if y.sum() > 6.0:\n    y = y + y[z#]", raises=True)
table(
    "index_before_branch",
    arg="Tensor(k % 4 + 1)",
    body="y = y + y[z#]\nif y.sum() > 6.0:\n    y = y * 0.5",
    raises=True,
)
table("mask_and_branch", body="m# = y[y > 1.0]\nif m#.sum() > 4.0:\n    y = y * 0.5")
table(
    "draw_in_branch",
    body="if y.sum() > 6.0:\n    y = y * ops.rand_like(y)\nelse:\n    y = y + 1.0",
)
table("branch_of_draw", body="y = y * 2.0 if ops.rand_like(y)[0] > 0.5 else y")
table("caught_refusal", body="try:\n    y = y * int(y.sum() > 2.0)\nexcept BaseException:\n    y = y * 16.0")
table("bool_printed", body="if y.sum() > 8.0:\n    print('large#')", eager=False)
