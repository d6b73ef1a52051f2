"""What a call stores in objects from outside: containers of Tensors, elements, counts, lists that grow."""

from fuzz.construct import Table

table = Table("stored")

OBJECT = "class Kept#:\n    last = None\n    n = 0"

table("losses", init="$d = {}", body='$d = {"a": y, "b": y.sum(), "n": 1}\ny = y * 0.5')
table("losses_read_before", init="$d = {}", body='y = y + (0.5 * $d["a"] if $d else 0.0)\n$d = {"a": x * 0.5}')
table(
    "losses_read_after", init="$d = None", body='$d = {"a": x * 2}\n$d["b"] = $d["a"] * 0.5\ny = y + sum($d.values())'
)
table("pair", init="$p = None", body="$p = (y, x)\ny = y * $p[1]", after="if k == 2:\n    $p = None", asked=False)
table("nested", init="$p = ()", body="t# = [y]\n$p = {'l': t#, 'm': (t#, y, 2, 'a')}\nout.append(t#)\ny = y * 0.5")
table("returned", init="$d = {}", body='$d = {"a": y * 2}\nout.append($d)', after='if k == 2:\n    $d["b"] = 1')
table("written_after", init="$p = None", body="t# = y * 0.5\n$p = [t#]\nt#.add_(x)\ny = y + t#")
table("view_of_new", init="$p = None", body="t# = y * 0.5\n$p = (t#, t#[0:2])\ny = y + t#")
table("two_names", init="$p = None\n$q = None", body="$p = [y]\n$q = $p\ny = y * 0.5", after="print($p is $q)")
table("kept_until_later", init="$p = [Tensor([1.0, 0.5, 0.0])]\n$q = $p", body="y = y * $q[0]\n$q, $p = $p, [x * 0.5]")
table("deleted_between", init="$d = {}", body='$d = {"a": y}\ny = y * 0.5', after="if k == 2:\n    del $d")
table(
    "key_deleted_between",
    init="$d = {}",
    body='y = y * (1 + len($d))\n$d = {"a": x * 2}',
    after='if k > 1:\n    $d.pop("a", None)',
)
table(
    "another_type_between",
    init="$d = {}",
    body="y = y * (0.5 if $d else 1.0)\n$d = [x * 2]",
    after="if k == 2:\n    $d = 3",
)
table("plain_values", init="$s = 'a'\n$f = False", body="y = y * (0.5 if $f else 1.0)\n$f = True\n$s = f'rank{x.ndim}'")
table("count", init="$n = 0", body="for _ in range(2):\n    $n += 1\ny = y * 0.5", after="if k == 2:\n    $n = 10")
table("count_used", init="$n = 0\n$t = 0.5", body="$n += 1\n$t = $t + 0.25 * $n\ny = y * $t + $n")
table("count_decides", init="$n = 0", body="$n += 1\nif $n % 2 == 0:\n    y = y * 0.5\nelse:\n    y = y + $n")
table("count_returned", init="$n = 0", body="$n = $n + 1\nout.append($n)\nout.append({'n': ($n, y)})")
table("count_of_floats", init="$n = 0", body="$n += 0.5\ny = y * $n", after="if k == 2:\n    $n = 1")
table("count_printed", init="$n = 0", body="$n += 1\nif $n == 4:\n    print('four#')\ny = y * 0.5")
table("count_indexes", init="$n = 0\n$l = [0.5, 1.0, 2.0]", body="y = y * $l[$n % 3]\n$n += 1", eager=True)
table("count_formats", init="$n = 0\n$d = None", body="$n += 1\n$d = {f'k{$n}': y}\ny = y * 0.5", eager=True)
table("element", init="$d = {}", body='$d["a"] = y\n$d["b"] = {"x": (x * 2, y)}\ny = y + $d["a"]')
table("element_read", init="$d = {}", body='y = y * (1 + len($d))\n$d["a"] = x * 2\ny = y + $d["a"]')
table("dict_updated", init="$d = {}", body='$d.update({"a": y}, b=[x * 2])\ny = y + $d["a"]')
table("element_of_list", init="$l = [Tensor([1.0, 0.5, 0.0]), 2]", body="y = y * $l[0]\n$l[-2] = x * 0.5\n$l[1] = [y]")
table(
    "elements_deleted_between",
    init="$d = {}",
    body='y = y * (1 + len($d))\n$d["a"] = x * 2\n$d["b"] = y',
    after="if k == 1:\n    $d.clear()\nif k == 3:\n    $d = {}",
)
table(
    "dicts_become_one",
    init="$d = {}\n$e = {}",
    body='t# = len($e)\n$d["a"] = x * 2\ny = y * (1 + len($e) - t#)',
    after="if k == 1:\n    $d, $e = {}, {}\nif k == 2:\n    $e = $d = {}",
)
table("numbers_in_a_dict", init='$d = {"n": 0, "w": 0.5}', body='$d["n"] += 1\ny = y * $d["w"]', eager=True)
table(
    "history",
    init="$l = []",
    body="$l.append(y)\n$l.append((x * 2, 1))\ny = y * 0.5",
    after="if k == 2:\n    del $l[0]",
)
table("history_in_dict", init='$d = {"l": [], "n": 1}', body='$d["l"].append(y)\ny = y * 0.5', after='$d["n"] = k')
table(
    "history_by_default",
    init="$d = collections.defaultdict(list)",
    body='$d["a"].append(y)\n$d["b"].append(x * 2)\ny = y * 0.5',
    after="if k == 2:\n    $d.clear()",
)
table("history_read", init="$l = []", body="$l.append(x * 2)\ny = y * len($l)", eager=True)
table(
    "histories_become_one",
    init="$l = []\n$m = [0.5]",
    body="t# = len($m)\n$l.append(x * 2)\ny = y * (1 + len($m) - t#)",
    after="if k == 2:\n    $l = $m\nif k == 3:\n    $l = [0.5]",
)
table(
    "of_an_object",
    top=OBJECT,
    init="$o = Kept#()",
    body="$o.n += 1\n$o.last = {'y': y, 'n': $o.n}\n$o.more = [x * 2]\ny = y * 0.5",
    after="print($o.n, sorted(vars($o)))\nif k == 2:\n    $o = Kept#()",
)
table(
    "of_two_objects",
    top=OBJECT,
    init="$o = Kept#()\n$p = Kept#()",
    body="$o.n += 1\n$p.n += 2\n$o.last = [y]\n$p.last = $o.last\ny = y * 0.5",
    after="print($o.n, $p.n, $o.last is $p.last)\nif k == 1:\n    $p = $o",
)
table(
    "of_an_object_with_a_list",
    top="class Log#:\n    def __init__(self):\n        self.seen = []\n    def note(self, v):\n        self.seen.append(v)",
    init="$o = Log#()",
    body="$o.note(y)\n$o.note((x * 2, 2))\ny = y * 0.5",
    after="print(len($o.seen))\nif k == 2:\n    $o.seen = []",
)
table(
    "property_that_stores",
    top="""
        class Caches#:
            kept = None
            @property
            def value(self):
                return self.kept
            @value.setter
            def value(self, v):
                self.kept = [v]
    """,
    init="$o = Caches#()",
    body="$o.value = y\ny = y * 0.5 + $o.value[0]",
)
table(
    "raises_after",
    init="$n = 0\n$d = {}\n$bad = False",
    body="$n += 1\n$d = {'y': y}\nif $bad:\n    raise ValueError('bad#')\ny = y * 0.5",
    after="$bad = k == 2",
    raises=True,
)
table(
    "demands_after",
    init="$n = 0\n$d = {}\n$i = Tensor(1)",
    body="$n += 1\n$d['y'] = y\ny = y * ops.gather(y, $i, 0)",
    after="$i.assign_value(Tensor(7 if k == 2 else 0))",
    raises=True,
)
table("argument_kept", init="$p = None", body="$p = [x]\ny = y * 0.5", asked=False)
table(
    "parameter_kept",
    init='$w = Parameter(Tensor([1.0, 0.5, -0.5]), name="w#")\n$p = None',
    body="$p = ($w,)\ny = y * $w",
)
