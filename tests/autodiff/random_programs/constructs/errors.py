"""What raises an error, of MindSpore's or of the program's own; some of it only for some values."""

from ..construct import Table

table = Table("errors")


def raises(name: str, kinds: str, text: str, tags: str = "", **more):
    table(name, kinds, text, None, tags=tags, **more)


raises("product", "m -> m", "ops.matmul($a, $a)")
raises("sum", "m v -> m", "$a + ops.concat(($b, $b))")
raises("index", "m -> v", "$a[5]", tags="mixes")
raises("column", "m -> v", "$a[:, 7]", tags="mixes")
raises("gathered", "m -> v", "ops.gather($a, Tensor(4), 0)", tags="mixes")
raises("shape", "? -> ?", "$a.reshape(5, 7)", tags="mixes")
raises("axis", "? -> ?", "$a.sum(axis=5)", tags="mixes")
raises("number", "? -> ?", "$a + None")
raises("text", "? -> ?", "$a * 'text'")
raises("float_of_many", "m -> m", "$a * float($a)", tags="mixes decides")
raises("truth_of_many", "m -> m", "$o = $a\nif $a:\n    $o = $o * 2", tags="mixes decides")
raises("too_many", "m -> v", "p#, q#, r# = $a\n$o = p#", tags="mixes")
raises("attribute", "? -> ?", "$a.no_such_thing")
raises("name", "? -> ?", "$a * no_such_name")
raises("key", "? -> ?", "$a * {'p': 1}['q']")
raises("zero", "? -> ?", "$a * (1 / 0)")
raises("asserted", "? -> ?", "assert $a.shape == (7, 7), 'another shape'\n$o = $a")
raises("raised", "? -> ?", "$o = ops.sin($a)\nif $o.ndim < 9:\n    raise ValueError('no')")
raises("own", "? -> ?", "$o = $a\nraise Own#('mine', 3)", top="class Own#(Exception):\n    pass")
raises("in_a_loop", "? -> ?", "$o = $a\nfor k# in range(3):\n    $o = ops.sin($o)\n    [1, 2][k#]")
raises("in_a_function", "? -> ?", "def w#(t):\n    return t[0, 0, 0, 0, 0, 0]\n$o = $a + w#($a)", tags="mixes")
raises("in_a_gradient", "? -> ?", "ms.grad(lambda t: t.reshape(5, 7).sum())($a)", tags="mixes")
raises("in_a_program", "m -> m", "ms.jit(lambda t: ops.matmul(t, t))($a)", tags="mixes")
raises("in_finally", "? -> ?", "try:\n    $o = $a + None\nfinally:\n    $o = $a")
raises("raised_again", "? -> ?", "try:\n    $o = $a + None\nexcept TypeError as e#:\n    raise KeyError('k') from e#")
raises("caught", "? -> ?", "try:\n    $o = $a.reshape(5, 7)\nexcept ValueError:\n    $o = $a * 2", tags="mixes")
raises("written", "m -> m", "t# = $a * 1\nt#[9] = 0.5\n$o = t#", tags="mixes")
raises("written_before", "m -> m", "t# = $a * 1\nt#[0] = 0.5\nt#[0, 9] = 0.5\n$o = t#", tags="mixes")
raises("layer", "m -> m", "@l($a)", make={"l": "nn.Dense(5, 2, dtype=D)"})
raises(
    "assigned",
    "s -> s",
    "@p.assign_value($a)\n$o = $a + None",
    make={"p": "Parameter(data('p#', 's', D))"},
    tags="state",
)
raises(
    "counted",
    "? -> ?",
    "@p.set_data(@p + 1)\n$o = $a[0, 0, 0, 0, 0, 0]",
    make={"p": "Parameter(data('p#', 's', D), requires_grad=False)"},
    tags="state mixes",
)
raises("in_a_hook", "? -> ?", "$o = ops.sin($a)\n$o.register_hook(lambda g: g + None)")
for name, body in {
    "in_bprop": "raise ValueError('in bprop')",
    "shape_of_bprop": "return dout.reshape(5, 7)",
    "number_of_bprop": "return dout, dout, dout",
}.items():
    raises(
        name,
        "? -> ?",
        "@l($a)",
        make={"l": "Back#()"},
        top="class Back#(nn.Cell):\n    def construct(self, t):\n        return ops.sin(t)\n"
        f"    def bprop(self, t, out, dout):\n        {body}",
    )
raises(
    "in_backward",
    "? -> ?",
    "Back#.apply($a)",
    top="class Back#(ms._Function):\n    @staticmethod\n    def forward(ctx, t):\n        return t * 2\n"
    "    @staticmethod\n    def backward(ctx, dout):\n        return dout.no_such_thing",
)
raises("index_of_values", "m -> v", "ops.gather($a, (ops.abs($a).sum() * 1000).astype(ms.int32) % 4, 0)", tags="mixes")
raises(
    "raised_by_value",
    "? -> ?",
    "$o = $a\nif float(ops.stop_gradient($a).sum()) * 1000 % 2 < 1:\n    raise RuntimeError('odd')",
    tags="mixes decides",
)
raises(
    "number_by_value",
    "? -> ?",
    "$a * [1, 2][int(ops.stop_gradient(ops.abs($a)).sum() * 1000) % 3]",
    tags="mixes decides",
)
