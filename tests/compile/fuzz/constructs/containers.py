"""Lists, dicts, tuples, dataclasses and named tuples: passed, returned, captured, changed between the calls."""

from fuzz.construct import Table

table = Table("containers")

POINT = "@dataclasses.dataclass\nclass Point#:\n    a: object\n    b: object = 0.5"
PAIR = 'Pair# = collections.namedtuple("Pair#", "a b")'

table("list_argument", arg="[x, x * 0.5]", body="y = y * z#[0] + z#[1]")
table(
    "list_argument_kept",
    init="$l = [Tensor([1.0, 2.0, 0.5]), 0.5]",
    arg="$l",
    body="y = y * z#[0] * z#[1]",
    after="$l[1] = 0.5 * k",
)
table(
    "list_argument_grows",
    init="$l = [Tensor([1.0, 2.0, 0.5])]",
    arg="$l",
    body="for t# in z#:\n    y = y * t#",
    after="if k < 3:\n    $l.append(Tensor([0.5, 0.5, k * 1.0]))",
)
table("dict_argument", arg='{"a": x, "n": k * 0.5}', body='y = y * z#["a"] + z#["n"]')
table("nested_argument", arg='({"a": [x, (x * 2, None)]}, "text")', body='y = y * z#[0]["a"][1][0]')
table("dict_argument_of_other_keys", arg='{"a": x} if k % 2 else {"b": x}', body='y = y * z#.get("a", 0.5)')
table("named_tuple_argument", top=PAIR, arg="Pair#(x, 0.5)", body="y = y * z#.a * z#.b")
table("dataclass_argument", top=POINT, arg="Point#(x * 1.0, 0.5 * k)", body="y = y * z#.a + z#.b")
table(
    "dataclass_argument_kept",
    top=POINT,
    init="$p = Point#(Tensor([1.0, 2.0, 0.5]))",
    arg="$p",
    body="y = y * z#.a * z#.b",
    after="$p.b = 0.5 * k",
)
table("argument_none_sometimes", arg="None if k % 2 else x", body="if z# is not None:\n    y = y * z#")
table("argument_changes_kind", arg="(0.5, x, [x], 2)[k % 4]", body="y = y * z#[0] if isinstance(z#, list) else y * z#")
table(
    "argument_list_written",
    init="$l = [Tensor([1.0, 0.0, 0.0])]",
    arg="$l",
    body="y = y + z#[0]\nz#[0] = y * 0.5",
    eager=True,
)
table("argument_list_returned", init="$l = [Tensor([1.0, 0.0, 0.0])]", arg="$l", body="out.append(z#)", asked=False)
table(
    "argument_dict_tensor_written",
    init="$d = {'a': Tensor([1.0, 0.0, 0.0])}",
    arg="$d",
    body="z#['a'].add_(0.5)\ny = y + z#['a']",
    asked=False,
)
table("returned_dict", body='out.append({"y": y * 2.0, "n": 0.5, "t": "text#"})')
table("returned_list_twice", body="l# = [y * 2.0]\nout.append(l#)\nout.append(l#)")
table("returned_nested", body='out.append([(y, {"x": x * 1.0}), None, ()])')
table("returned_dataclass", top=POINT, body="out.append(Point#(y * 0.5))", asked=False)
table("returned_named_tuple", top=PAIR, body="out.append(Pair#(y * 0.5, 2))")
table("returned_set", body="out.append({1, 2})", asked=False)
table("returned_number", init="$n = 0.5", body="out.append($n)", after="$n = k")
table(
    "returned_captured_list",
    init="$l = [1, 2.0]",
    body="out.append($l)\ny = y * $l[0]",
    after="$l.append(k)",
    asked=False,
)
table("returned_shape", body="out.append(y.shape)\nout.append(y.dtype)")
table("returned_numpy", init="$n = np.ones(2, np.float32)", body="out.append($n)", after="$n[0] = k", asked=False)
table("returned_object", init="$o = types.SimpleNamespace(n=1)", body="out.append($o)", after="$o.n = k", asked=False)
table("returned_ordered", body="out.append(collections.OrderedDict(b=y * 0.5, a=1))", asked=False)
table(
    "config_dict",
    init='$c = {"scale": 0.5, "deep": {"n": [1, 2]}}',
    body='y = y * $c["scale"] * $c["deep"]["n"][-1]',
    after='$c["scale"] = 0.5 + k\n$c["deep"]["n"].append(k)',
)
table(
    "config_dict_replaced", init='$c = {"n": 1}', body='y = y * $c["n"]', after='if k == 2:\n    $c = {"n": 2, "m": 3}'
)
table(
    "keys_in_order",
    init='$c = {"a": 0.5, "b": 2.0}',
    body="for i#, v# in enumerate($c.values()):\n    y = y * v# + i#",
    after='$c["a"] = $c.pop("a")',
)
table("membership", init="$s = {1, 2}", body="if 3 in $s:\n    y = y * 0.5", after="$s.add(k + 1)")
table("length", init="$l = [1]", body="y = y * len($l) * 0.5", after="$l.append(k)")
table(
    "list_of_tensors",
    init="$l = [Tensor([1.0, 0.5, 0.5]), Tensor([0.5, 0.5, 1.0])]",
    body="for t# in $l:\n    y = y * t#",
    after="if k == 1:\n    $l.reverse()\nif k == 2:\n    $l.append(Tensor([1.0, 1.0, 2.0]))",
)
table(
    "dict_of_tensors_read",
    init='$d = {"a": Tensor([1.0, 0.5, 0.5])}',
    body="y = y * sum($d.values())",
    after="$d[k] = Tensor([0.5, 0.5, 1.0])",
)
table("list_element_in_place", init="$l = [Tensor([1.0, 0.5, 0.5])]", body="$l[0].add_(0.5)\ny = y + $l[-1]")
table(
    "list_element_replaced_between",
    init="$l = [Tensor([1.0, 0.5, 0.5])]",
    body="y = y * $l[0]",
    after="$l[0] = $l[0] * 0.5",
)
table(
    "tuple_of_parts",
    init="$t = (Tensor([1.0, 0.5, 0.5]), [2, {'n': 0.5}])",
    body="y = y * $t[0] * $t[1][1]['n']",
    after="$t[1][1]['n'] = k",
)
table(
    "star_arguments",
    body="def part#(*a, n=1.0, **b):\n    return a[0] * n * b['m']\ny = part#(*[y], **{'n': 0.5, 'm': 2.0})",
)
table("local_dict", body='d# = {"y": y}\nd#["y"] = d#["y"] * 2.0\nd#.update(z=x)\ny = d#["y"] + d#.pop("z")')
table("local_list", body="l# = [y]\nl#.append(x)\nl#.insert(0, y * 0.5)\ny = sum(l#[1:], l#[0])")
table(
    "dataclass_state",
    top=POINT,
    init="$p = Point#(Tensor([1.0, 0.5, 0.5]))",
    body="$p.a = $p.a * 0.5\ny = y + $p.a * $p.b",
    after="$p.b = k",
)
table(
    "named_tuple_state",
    top=PAIR,
    init="$p = Pair#(Tensor([1.0, 0.5, 0.5]), 2)",
    body="y = y + $p.a * $p.b",
    after="$p = $p._replace(b=k)",
)
table(
    "defaultdict", init="$d = collections.defaultdict(lambda: 0.5, a=2.0)", body='y = y * $d["a"]', after='$d["a"] = k'
)
table("numpy_config", init="$n = np.float32(0.5)", body="y = y * $n", after="$n = np.float32(k)")
table("range_config", init="$r = range(2)", body="for i# in $r:\n    y = y + i# * 0.5", after="$r = range(k)")
table("slice_config", init="$s = slice(0, 2)", body="y = y * x[$s].sum()", after="$s = slice(0, 1 + k % 3)")
table(
    "dict_merge",
    init="$d = {'n': 0.5}",
    body="y = y * ({'n': 1.0, 'm': 2.0} | $d)['n']",
    after="$d = {'m': 1.0} if k == 2 else {'n': k}",
)
table(
    "zip_of_lists",
    init="$l = [0.5, 2.0]\n$m = [1.0, 0.5]",
    body="for a#, b# in zip($l, $m):\n    y = y * a# + b#",
    after="$m.append(1.0)\n$l[0] = k",
)
table("sorted_config", init="$l = [2.0, 0.5]", body="y = y * sorted($l)[0] - max($l)", after="$l.append(-0.5 * k)")
