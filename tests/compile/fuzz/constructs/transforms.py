"""Derivatives, maps and their kin inside the function."""

from fuzz.construct import Table

table = Table("transforms")

W = '$w = Parameter(Tensor([1.0, 0.5, 2.0]), name="w#")\n'
B = "$b = Tensor([0.5, 1.0, 2.0])\n"

table("grad", init=B, body="y = y + ms.grad(lambda v: (v * v * $b).sum())(x) * 0.25", after="$b.mul_(0.5)")
table("grad_of_parameter", init=W, body="g# = ms.grad(lambda: ($w * y).sum(), None, [$w])()\ny = y + g#[0] * 0.25")
table(
    "value_and_grad_aux",
    init=B,
    body="def inner#(v):\n    h = v * $b\n    return h.sum(), h\n(v#, h#), g# = ms.value_and_grad(inner#, has_aux=True)(y)\ny = y + h# * g# * 0.125\nout.append(h#)",
)
table("second_derivative", body="y = y + ms.grad(lambda v: ms.grad(lambda u: (u * u * u).sum())(v).sum())(y) * 0.125")
table(
    "grad_with_a_write",
    init=B,
    body="def inner#(v):\n    $b.add_(0.5)\n    return (v * $b).sum()\ny = y + ms.grad(inner#)(x)",
)
table(
    "grad_with_a_replacement",
    init=B,
    body="def inner#(v):\n    t# = v * 0.5\n    return (t# * $b).sum()\ny = y * ms.grad(inner#)(x)\n$b = $b * 0.5",
)
table(
    "gradient_function_kept",
    top="def cube#(v):\n    return (v * v * v).sum()",
    init="$g = ms.grad(cube#)",
    body="y = y + $g(x) * 0.125",
    after="if k == 2:\n    $g = ms.grad(lambda v: v.sum())",
)
table(
    "grad_in_float64",
    body="g# = ms.grad(lambda v: (v * v * v).sum())(y.astype(ms.float64))\ny = y + g# * 0.125",
)
table("vmap", init=B, body="y = y + ms.vmap(lambda v: v * $b.sum())(y) * 0.25", after="$b.mul_(0.5)")
table("vmap_axes", init=B, body="y = y + ms.vmap(lambda v, b: v * b[0], (0, None))(y, $b)")
table("vmap_of_grad", body="y = y + ms.vmap(ms.grad(lambda v: v * v * v))(y) * 0.125")
table("jvp", init=B, body="v#, t# = ms.jvp(lambda v: v * v * $b, x, $b)\ny = y + t# * 0.25 + v#", after="$b.mul_(0.5)")
table("vjp", init=B, body="v#, back# = ms.vjp(lambda v: v * v * $b, x)\ny = y + back#($b)[0] * 0.25")
table("jacfwd", body="y = y + ms.jacfwd(lambda v: v * v)(y).sum(0) * 0.125")
table("jacrev", body="y = y + ms.jacrev(lambda v: v * v)(y).sum(0) * 0.125")
table("hessian", body="y = y + ms.jacfwd(ms.grad(lambda v: (v * v * v).sum()))(y).sum(0) * 0.125")
table("recompute", init="$c = nn.SequentialCell(nn.Tanh(), nn.Tanh())\n$c.recompute()", body="y = $c(y)")
table("stop_gradient", body="y = y + ops.stop_gradient(y) * x")
table(
    "custom_bprop",
    top="class Own#(nn.Cell):\n    n = 2.0\n    def construct(self, v):\n        return v * 0.5\n    def bprop(self, v, out, dout):\n        return (dout * self.n,)",
    init="$c = Own#()",
    body="y = $c(y)",
    after="$c.n = 0.5 * k",
)
table("tensor_hook", body="h# = y * 1.0\nh#.register_hook(lambda g: g * 0.5)\ny = h# * 2.0")
table(
    "hook_that_appends",
    init="$log = []",
    body="h# = y * 1.0\nh#.register_hook(lambda g: $log.append(1))\ny = h# * 2.0",
    eager=True,
)
table(
    "get_by_function",
    top="def energy#(f, v):\n    return ms.grad(f)(v)",
    init="$n = 0.5",
    body="y = y + energy#(lambda v: (v * v).sum() * $n, y)",
    after="$n = k",
)
table("function_as_argument", arg="(ops.tanh, ops.relu)[k % 2]", body="y = z#(y)")
table("lambda_as_argument", arg="lambda v: v * 0.5", body="y = z#(y)")
table("lambda_as_argument_that_captures", arg="(lambda n: lambda v: v * n)(0.5 * k)", body="y = z#(y)")
table("partial_as_argument", arg="functools.partial(ops.mul, 0.5 * k)", body="y = z#(y)")
table("cell_as_argument", arg="(nn.Tanh(), nn.ReLU())[k % 2]", body="y = z#(y)")
table(
    "bound_method_as_argument",
    init="$o = types.SimpleNamespace(d={'a': 0.5})",
    arg="$o.d.get",
    body="y = y * z#('a')",
    after="$o.d['a'] = k",
    eager=True,
)
table(
    "hook_of_cell_kept",
    init="$c = nn.Tanh()\n$h = $c.register_forward_hook(lambda cell, args, result: result * 0.5)",
    body="y = $c(y)",
    after="if k == 2:\n    $h.remove()",
)
table(
    "jit_inside",
    init=W,
    top="@ms.jit\ndef jitted#(v, n):\n    return v * n",
    body="y = jitted#(y, $w)",
    after="$w.set_data($w * 0.5)",
)
table(
    "scan_of_states",
    init=B,
    body="s# = $b\nfor i# in range(3):\n    s# = s# * 0.5 + y\n$b.assign_value(ops.stop_gradient(s#))\ny = s#",
)
