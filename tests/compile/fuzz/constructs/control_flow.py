"""Branches on Python values, on shapes and on Tensors; loops, comprehensions, generators, match."""

from fuzz.construct import Table

table = Table("control_flow")

table(
    "if_attribute",
    init="$flag = True",
    body="if $flag:\n    y = y * 0.5\nelse:\n    y = y + 1.0",
    after="$flag = k % 2 == 1",
)
table(
    "if_shape",
    arg="Tensor(np.ones(1 + k % 2, np.float32))",
    body="if z#.shape[0] > 1:\n    y = y * 0.5\ny = y + z#.sum()",
)
table(
    "if_dtype",
    arg="Tensor([1, 2, 3], ms.float32 if k % 2 else ms.float16)",
    body="y = y * (0.5 if z#.dtype == ms.float16 else 2.0) + z#",
)
table("if_ndim", arg="x.reshape((3,) if k < 2 else (1, 3))", body="y = y * z#.ndim")
table("shapes_differ", arg="Tensor(np.ones((k % 3 + 1, 3), np.float32))", body="y = y + z#.sum(0) * len(z#)")
table("range_of_state", init="$n = 1", body="for i# in range($n):\n    y = y * 0.5 + i#", after="$n = k % 3")
table(
    "while",
    init="$n = 2",
    body="i# = 0\nwhile i# < $n:\n    y = y * 0.5\n    i# += 1\nelse:\n    y = y + 1.0",
    after="$n = k % 3",
)
table(
    "break_and_continue",
    init="$n = 1",
    body="for i# in range(4):\n    if i# == 1:\n        continue\n    if i# > $n:\n        break\n    y = y * 0.5\nelse:\n    y = y + 4.0",
    after="$n = k",
)
table(
    "comprehension", init="$l = [0.5, 2.0]", body="y = sum([y * v# for v# in $l if v# > 0])", after="$l.append(0.5 - k)"
)
table("generator_expression", init="$l = [0.5, 2.0]", body="y = sum(y * v# for v# in $l)", after="$l.append(0.5)")
table(
    "dict_comprehension",
    init="$d = {'a': 0.5}",
    body="y = {k#: y * v# for k#, v# in $d.items()}['a']",
    after="$d['a'] = k",
)
table(
    "generator",
    init="$n = 2",
    body="def each#(n):\n    for i in range(n):\n        yield i * 0.5\nfor v# in each#($n):\n    y = y + v#",
    after="$n = k",
)
table(
    "match_value",
    init="$kind = 'half'",
    body="match $kind:\n    case 'half':\n        y = y * 0.5\n    case 'twice' | 'double':\n        y = y * 2.0\n    case _:\n        y = y + 1.0",
    after="$kind = ('half', 'twice', 'other')[k % 3]",
)
table(
    "match_sequence",
    init="$l = [1, 2]",
    body="match $l:\n    case [a#]:\n        y = y * a#\n    case [a#, *rest#]:\n        y = y * (a# + len(rest#))\n    case _:\n        y = y + 1.0",
    after="$l.append(k)\nif k == 2:\n    $l = [4]",
)
table(
    "match_mapping",
    init="$d = {'n': 0.5}",
    body="match $d:\n    case {'n': n#, 'm': m#}:\n        y = y * n# * m#\n    case {'n': n#}:\n        y = y + n#",
    after="if k == 1:\n    $d['m'] = 2.0",
)
table(
    "match_class",
    init="$n = 0.5",
    body="match $n:\n    case float():\n        y = y * $n\n    case int():\n        y = y + $n\n    case None:\n        y = y * 4.0",
    after="$n = (1, 0.5, None)[k % 3]",
)
table(
    "ternary_and_or",
    init="$n = 0",
    body="y = y * ($n or 0.5) if $n is not None else y",
    after="$n = (0, 2, None)[k % 3]",
)
table(
    "walrus",
    init="$d = {'n': 0.5}",
    body="if (n# := $d.get('n')) is not None:\n    y = y * n#",
    after="$d['n'] = None if k % 2 else k",
)
table(
    "any_and_all",
    init="$l = [True, False]",
    body="if any($l) and not all($l):\n    y = y * 0.5",
    after="$l[1] = k % 2 == 1",
)
table(
    "recursion",
    top="def power#(v, n):\n    return v if n == 0 else power#(v * 0.5, n - 1)",
    init="$n = 2",
    body="y = power#(y, $n)",
    after="$n = k % 3",
)
table("chained_comparison", init="$n = 1", body="y = y * (0.5 if 0 < $n <= 2 else 2.0)", after="$n = k")
table(
    "early_return",
    init="$flag = False",
    body="def part#(v):\n    if $flag:\n        return v * 0.5\n    return v + 1.0\ny = part#(y)",
    after="$flag = k % 2 == 1",
)
table("where", body="y = ops.where(y > 1.0, y * 0.5, y + 1.0)")
table("star_unpacking", init="$l = [0.5, 1.0, 2.0]", body="a#, *b# = $l\ny = y * a# + sum(b#)", after="$l.append(k)")
table(
    "late_binding",
    init="$n = 0.5",
    body="g# = [lambda v, i=i: v * $n + i for i in range(2)]\ny = g#[1](y)",
    after="$n = k",
)
table("reduce", init="$l = [0.5, 2.0]", body="y = y * functools.reduce(lambda a, b: a * b, $l)", after="$l.append(0.5)")
table(
    "string_choice",
    init="$name = 'tanh'",
    body="y = getattr(ops, $name)(y)",
    after="$name = ('relu', 'tanh', 'sigmoid')[k % 3]",
)
table(
    "table_of_functions",
    init="$f = {'a': ops.tanh, 'b': ops.relu}\n$key = 'a'",
    body="y = $f[$key](y)",
    after="$key = 'ab'[k % 2]\nif k == 2:\n    $f['a'] = ops.sigmoid",
)
table("conditional_expression_on_x", body="y = y * (0.5 if x.shape == (3,) and x.dtype == ms.float32 else 2.0)")
table("enumerate_tensors", body="for i#, t# in enumerate((x, y)):\n    y = y + t# * (i# * 0.5)")
table("for_over_tensor", body="s# = 0.0\nfor e# in x:\n    s# = s# + e# * 0.5\ny = y + s#")
table("unpacked_tensor", body="a#, b#, c# = x\ny = y * a# + b# - c#")
table(
    "comparison_of_strings",
    init="$s = 'a'",
    body="y = y * (0.5 if $s < 'b' else 2.0) * len($s)",
    after="$s = 'abc'[k % 3] * (1 + k % 2)",
)
table(
    "nested_loops",
    init="$n = 2\n$m = [0.5, 1.0]",
    body="for i# in range($n):\n    for v# in $m:\n        y = y + i# * v#",
    after="$n = k % 3\n$m[0] = k",
)
