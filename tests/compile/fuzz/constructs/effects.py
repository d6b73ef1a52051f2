"""What a call does besides computing: each must happen at every call."""

from fuzz.construct import Table

table = Table("effects")

table("print", body='print("call#", x.shape)', eager=True)
table("print_of_state", init="$n = 1", body='print("n#", $n)', after="$n += 1", eager=True)
table("print_sometimes", init="$loud = False", body='if $loud:\n    print("loud#")', after="$loud = k % 2 == 1")
table("stdout_written", body='sys.stdout.write("written#\\n")', eager=True)
table("append", init="$log = []", body="$log.append(len($log))", eager=True)
table("append_tensor", init="$log = []", body="$log.append(y)\ny = y * 0.5")
table("dict_written", init="$d = {}", body='$d["n"] = $d.get("n", 0) + 1\ny = y * 0.5', eager=True)
table("dict_written_with_tensor", init="$d = {'a': Tensor([1.0, 1.0, 0.0])}", body='y = y * $d["a"]\n$d["a"] = x * 0.5')
table("list_written_with_tensor", init="$l = [Tensor([1.0, 1.0, 0.0])]", body="y = y * $l[0]\n$l[0] = x * 0.5")
table("list_rebound", init="$l = []", body="$l = [*$l, 1]\ny = y * len($l)", eager=True)
table("list_grows_in_place", init="$l = []", body="$l += [1]\ny = y * len($l)", eager=True)
table("set_grows", init="$s = set()", body="$s.add(len($s))\ny = y * len($s)", eager=True)
table("pop", init="$l = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0] * 4", body="y = y * $l.pop()", eager=True)
table("iterator", init="$it = iter([0.5, 1.0, 1.5, 2.0, 2.5] * 9)", body="y = y * next($it)", eager=True)
table(
    "global_count",
    top="count# = 0",
    body="global count#\ncount# += 1\ny = y * count#",
    after="print(count#)",
    eager=True,
)
table(
    "counted_in_function",
    top="""
        count# = [0]
        def counted#(v):
            count#[0] += 1
            return v * 0.5
    """,
    body="y = counted#(y)",
    after="print(count#)",
    eager=True,
)
table("warning", body='warnings.warn("warned#", UserWarning, stacklevel=1)', eager=True)
table("logging", body='logging.getLogger("fuzz").warning("logged#")', eager=True)
table("debug_logging", body='logging.getLogger("fuzz").debug("logged#")')
table("numpy_random", body="y = y + float(np.random.random())", eager=True)
table("numpy_generator", init="$rng = np.random.default_rng(3)", body="y = y + float($rng.random())", eager=True)
table("python_random", body="y = y * random.random()", eager=True)
table("attribute_set", init="$n = 0.5", body="y = y * $n\n$n = 1.0", eager=True)
table(
    "property_that_counts",
    top="""
        class Counts#:
            reads = 0
            @property
            def scale(self):
                self.reads += 1
                return 0.5
    """,
    init="$c = Counts#()",
    body="y = y * $c.scale",
)
table(
    "eq_that_counts",
    top="""
        class Equal#:
            asked = 0
            def __eq__(self, other):
                Equal#.asked += 1
                return True
            __hash__ = None
    """,
    init="$c = Equal#()",
    body="if $c == 1:\n    y = y * 0.5",
    after="print(Equal#.asked)",
    eager=True,
)
table(
    "sorted_by_key_that_counts",
    init="$l = [3.0, 1.0, 2.0]\n$log = []",
    body="""
        def key#(v):
            $log.append(v)
            return v
        y = y * sorted($l, key=key#)[0]
    """,
    eager=True,
)
table(
    "context_that_counts",
    top="""
        class Entered#:
            times = 0
            def __enter__(self):
                self.times += 1
            def __exit__(self, *error):
                self.times += 10
    """,
    init="$c = Entered#()",
    body="with $c:\n    y = y * 0.5",
    eager=True,
)
table(
    "mutable_default",
    top="def kept#(v, seen=[]):\n    seen.append(1)\n    return v * len(seen)",
    body="y = kept#(y)",
    eager=True,
)
table(
    "cached_function",
    top="@functools.lru_cache\ndef scale#(n):\n    print('made#', n)\n    return n * 0.5",
    init="$n = 1",
    body="y = y * scale#($n)",
    after="$n = 1 + k // 2",
)
table(
    "function_attribute",
    top="def told#(v):\n    told#.calls += 1\n    return v * 0.5\ntold#.calls = 0",
    body="y = told#(y)",
    after="print(told#.calls)",
    eager=True,
)
table(
    "effect_in_generator",
    init="$log = []",
    body="""
        def numbers#():
            for i in range(2):
                $log.append(i)
                yield 0.5
        for v# in numbers#():
            y = y * v#
    """,
    eager=True,
)
table(
    "effect_when_freed",
    top="""
        freed# = []
        class Freed#:
            def __del__(self):
                freed#.append(1)
    """,
    body="t# = Freed#()\ndel t#\ny = y * 0.5",
    after="print(len(freed#))",
    eager=True,
)
table("effect_in_condition", init="$l = []", body="if not $l.append(1) and len($l) > 2:\n    y = y * 0.5", eager=True)
table("effect_by_map", init="$l = []", body="list(map($l.append, (1, 2)))\ny = y * 0.5", eager=True)
table("setattr", init="$t = types.SimpleNamespace(n=0)", body='setattr($t, "n", $t.n + 1)\ny = y * $t.n', eager=True)
table(
    "namespace_tensor",
    init="$t = types.SimpleNamespace(v=Tensor([1.0, 0.5, 0.0]))",
    body="$t.v = $t.v * 0.5\ny = y + $t.v",
)
table("deque", init="$q = collections.deque([0.5, 1.0, 2.0])", body="$q.rotate(1)\ny = y * $q[0]", eager=True)
table("counter", init="$c = collections.Counter()", body='$c["a"] += 1\ny = y * $c["a"]', eager=True)
table("defaultdict_read", init="$d = collections.defaultdict(float)", body='y = y + $d["k"]', eager=True)
table("numpy_written", init="$n = np.zeros(3, np.float32)", body="$n[0] += 1.0\ny = y + Tensor($n)", eager=True)
table("value_printed", body='print("sum#", bool(y.sum() > 100))', eager=True)
