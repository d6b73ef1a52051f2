"""What is raised, and what catches it."""

from fuzz.construct import Table

table = Table("exceptions")

B = "$b = Tensor([0.5, 1.0, 2.0])\n"

table(
    "raised_by_value",
    init="$n = 0",
    body='n# = $n\nif n# == 2:\n    raise ValueError(f"n is {n#}")\ny = y * 0.5',
    after="$n = k",
    raises=True,
)
table(
    "raised_after_a_write",
    init="$n = 0\n" + B,
    body='$b.add_(0.5)\nif $n == 2:\n    raise KeyError("k#")\ny = y * $b',
    after="$n = k",
    raises=True,
)
table(
    "raised_after_a_replacement",
    init="$n = 0\n" + B,
    body='$b = $b * 0.5\nif $n in (1, 3):\n    raise KeyError("k#")\ny = y * $b',
    after="$n = k",
    raises=True,
)
table("raised_always", body="raise RuntimeError('always#')", raises=True, eager=True)
table(
    "raised_and_caught",
    init="$n = 0",
    body="try:\n    if $n % 2:\n        raise ValueError($n)\n    y = y * 2.0\nexcept ValueError:\n    y = y * 0.5",
    after="$n = k",
)
table(
    "caught_after_a_write",
    init=B,
    body="""
    try:
        $b.add_(0.5)
        raise ValueError
    except ValueError:
        y = y * $b
""",
)
table(
    "bare_except",
    init="$d = {'a': 0.5}",
    body='try:\n    y = y * $d["b"]\nexcept:\n    y = y * 0.25',
    after='if k == 2:\n    $d["b"] = 2.0',
)
table(
    "bare_except_around_an_effect",
    init="$log = []",
    body="try:\n    $log.append(1)\n    y = y * len($log)\nexcept:\n    y = y * 0.25",
    eager=True,
)
table(
    "base_exception_around_a_value",
    body="try:\n    y = y * (2.0 if float(x[0]) > 2 else 0.5)\nexcept BaseException:\n    y = y * 0.25",
    eager=True,
)
table(
    "exception_around_a_value",
    body="try:\n    y = y * (2.0 if x.sum() > 9 else 0.5)\nexcept Exception:\n    y = y * 0.25",
    eager=True,
)
table(
    "finally_with_a_write",
    init="$n = 0\n" + B,
    body="try:\n    if $n == 2:\n        raise ValueError('n#')\n    y = y * 0.5\nfinally:\n    $b.add_(0.5)",
    after="$n = k",
    raises=True,
)
table(
    "finally_with_an_effect", init="$log = []", body="try:\n    y = y * 0.5\nfinally:\n    $log.append(1)", eager=True
)
table(
    "index_error_caught",
    init="$i = 0",
    body="try:\n    y = y * x[$i]\nexcept IndexError:\n    y = y * 0.25",
    after="$i = 5 if k in (1, 2) else 1",
)
table("index_error", init="$i = 0", body="y = y * x[$i]", after="$i = 5 if k in (1, 2) else 1", raises=True)
table(
    "tensor_index_error_caught",
    init="$i = Tensor(np.array([0], np.int32))",
    body="try:\n    y = y * x[$i]\nexcept RuntimeError:\n    y = y * 0.25",
    after="$i = Tensor(np.array([5 if k in (1, 2) else 1], np.int32))",
)
table(
    "tensor_index_error",
    init="$i = Tensor(np.array([0], np.int32))",
    body="y = y * x[$i]",
    after="$i = Tensor(np.array([5 if k in (1, 2) else 1], np.int32))",
    raises=True,
)
table(
    "gather_out_of_range",
    init="$i = Tensor(np.array([0], np.int32))",
    body="y = y * ops.gather(x, $i, 0)",
    after="$i = Tensor(np.array([5 if k in (1, 2) else 1], np.int32))",
    raises=True,
)
table(
    "list_index_caught",
    init="$l = [0.5, 2.0]\n$i = 0",
    body="try:\n    y = y * $l[$i]\nexcept IndexError:\n    y = y * 0.25",
    after="$i = k",
)
table(
    "key_error_caught",
    init="$d = {0: 0.5}\n$i = 0",
    body="try:\n    y = y * $d[$i]\nexcept KeyError as e:\n    y = y * (0.25 + e.args[0])",
    after="$i = k % 3",
)
table(
    "attribute_error_caught",
    init="$t = types.SimpleNamespace()",
    body="try:\n    y = y * $t.n\nexcept AttributeError:\n    y = y * 0.25",
    after="$t.n = k",
)
table(
    "name_error_caught",
    body="try:\n    y = y * later#\nexcept NameError:\n    y = y * 0.25",
    after="if k == 2:\n    globals()['later#'] = 2.0",
)
table(
    "stop_iteration",
    body="""
    it# = iter([0.5])
    y = y * next(it#)
    try:
        next(it#)
    except StopIteration:
        y = y * 2.0
""",
)
table(
    "assertion", init="$n = 0", body='n# = $n\nassert n# != 2, f"n is {n#}"\ny = y * 0.5', after="$n = k", raises=True
)
table("division_by_zero", init="$n = 1.0", body="y = y * (1.0 / $n)", after="$n = 0.0 if k == 1 else 2.0", raises=True)
table(
    "shapes_do_not_fit",
    init=B,
    body="y = y * $b",
    after="$b = Tensor([1.0, 2.0]) if k in (1, 2) else Tensor([1.0])",
    raises=True,
)
table(
    "shapes_do_not_fit_caught",
    init=B,
    body="try:\n    y = y * $b\nexcept ValueError:\n    y = y * 0.25",
    after="$b = Tensor([1.0, 2.0]) if k in (1, 2) else Tensor([1.0])",
)
table(
    "own_exception",
    top="class Own#(Exception):\n    def __init__(self, code):\n        self.code = code",
    init="$n = 1",
    body="try:\n    raise Own#($n)\nexcept Own# as e:\n    y = y * e.code",
    after="$n = k",
)
table("exception_with_a_tensor", body="try:\n    raise ValueError(y * 2.0)\nexcept ValueError as e:\n    y = e.args[0]")
table(
    "raised_from",
    init="$n = 0",
    body="try:\n    y = y / (1 if $n != 2 else int('a'))\nexcept ValueError as e:\n    raise RuntimeError('from#') from e",
    after="$n = k",
    raises=True,
)
table(
    "suppressed",
    init="$d = {}",
    body="with contextlib.suppress(KeyError):\n    y = y * $d['n']\ny = y * 0.5",
    after="$d['n'] = k",
)
table(
    "try_else",
    init="$d = {}",
    body="try:\n    t# = $d['n']\nexcept KeyError:\n    y = y * 0.25\nelse:\n    y = y * t#\nfinally:\n    y = y + 0.5",
    after="$d['n'] = 0.5 * k\nif k == 3:\n    del $d['n']",
)
table(
    "return_in_finally",
    body="""
    def part#(v):
        try:
            return v * 2.0
        finally:
            v = v * 0.0
    y = part#(y)
""",
)
table("type_error_of_call", init="$n = 0", body="y = y.reshape((3,) if $n != 2 else 'a')", after="$n = k", raises=True)
table(
    "unbound_local",
    init="$flag = True",
    body="if $flag:\n    t# = 0.5\ny = y * t#\nif not $flag:\n    del t#",
    after="$flag = k % 2 == 1",
    raises=True,
)
