"""Cells in Cells, properties, super, class attributes, subclasses of Tensor, slots, objects like dicts."""

from fuzz.construct import Table

table = Table("classes")

SCALED = "class Scaled#:\n    scale = 0.5\n    def __init__(self):\n        self.own = 2.0\n    def times(self, v):\n        return v * self.scale * self.own"
ROW = "y = y + $c(y.reshape(1, 3)).reshape(3) * 0.125"

table("dense", init="$c = nn.Dense(3, 3, weight_init='ones')", body=ROW)
table(
    "sequence",
    init="$c = nn.SequentialCell(nn.Dense(3, 3, weight_init='ones'), nn.Tanh())",
    body=ROW,
    after="if k == 2:\n    $c.append(nn.ReLU())",
)
table(
    "cell_list",
    init="$c = nn.CellList([nn.Tanh(), nn.ReLU()])",
    body="for c# in $c:\n    y = c#(y)",
    after="if k == 1:\n    $c.append(nn.Sigmoid())",
)
table(
    "own_cell",
    top="""
        class Own#(nn.Cell):
            def __init__(self):
                super().__init__()
                self.w = Parameter(Tensor([1.0, 0.5, 2.0]), name="w")
                self.n = 0.5
            def construct(self, x):
                return x * self.w * self.n
    """,
    init="$c = Own#()",
    body="y = $c(y)",
    after="$c.n = 0.5 * k",
)
table(
    "cell_with_state",
    top="""
        class Own#(nn.Cell):
            def __init__(self):
                super().__init__()
                self.w = Parameter(Tensor([1.0, 0.5, 2.0]), name="w", requires_grad=False)
                self.last = Tensor([0.0, 0.0, 0.0])
            def construct(self, x):
                y = x * self.w + self.last
                self.last = x
                self.w += 0.5
                return y
    """,
    init="$c = Own#()",
    body="y = $c(y)\ny = y + $c(x) * 0.25",
    after="print($c.last.shape, shown($c))",
    asked=False,
)
table(
    "super",
    top="""
        class Base#(nn.Cell):
            def construct(self, x):
                return x * self.factor()
            def factor(self):
                return 0.5
        class Child#(Base#):
            def construct(self, x):
                return super().construct(x) + super().factor()
            def factor(self):
                return 2.0
    """,
    init="$c = Child#()",
    body="y = $c(y)",
    after="if k == 2:\n    Base#.factor = lambda self: 4.0",
)
table("method", top=SCALED, init="$o = Scaled#()", body="y = $o.times(y)", after="$o.own = 0.5 * k")
table("class_attribute", top=SCALED, init="$o = Scaled#()", body="y = $o.times(y)", after="Scaled#.scale = 0.5 * k")
table(
    "class_attribute_shadowed",
    top=SCALED,
    init="$o = Scaled#()",
    body="y = $o.times(y)",
    after="if k == 2:\n    $o.scale = 4.0",
)
table("class_attribute_direct", top=SCALED, body="y = y * Scaled#.scale", after="Scaled#.scale = 0.5 * k")
table(
    "class_attribute_tensor",
    top="class Holds#:\n    t = Tensor([0.5, 1.0, 2.0])",
    body="y = y * Holds#.t",
    after="Holds#.t = Holds#.t * 0.5",
)
table(
    "class_attribute_written",
    top="class Holds#:\n    t = Tensor([0.5, 1.0, 2.0])",
    body="Holds#.t.mul_(0.5)\ny = y * Holds#.t",
    after="print(Holds#.t.shape)",
)
table(
    "method_patched",
    top=SCALED,
    init="$o = Scaled#()",
    body="y = $o.times(y)",
    after="if k == 2:\n    Scaled#.times = lambda self, v: v * 8.0",
)
table(
    "method_of_object_patched",
    top=SCALED,
    init="$o = Scaled#()",
    body="y = $o.times(y)",
    after="if k == 2:\n    $o.times = lambda v: v * 8.0",
)
table("made_inside", top=SCALED, body="o# = Scaled#()\no#.own = 4.0\ny = o#.times(y)", after="Scaled#.scale = 0.5 * k")
table(
    "class_changed",
    top=SCALED + "\nclass Other#(Scaled#):\n    scale = 4.0",
    init="$o = Scaled#()",
    body="y = $o.times(y)",
    after="if k == 2:\n    $o.__class__ = Other#",
)
table(
    "property",
    top="class Owns#:\n    n = 0.5\n    @property\n    def scale(self):\n        return self.n * 2",
    init="$o = Owns#()",
    body="y = y * $o.scale",
    after="$o.n = 0.5 * k",
)
table(
    "property_set",
    top="""
    class Owns#:
        _v = Tensor([1.0, 0.5, 0.5])
        @property
        def v(self):
            return self._v
        @v.setter
        def v(self, value):
            self._v = value * 0.5
""",
    init="$o = Owns#()",
    body="y = y + $o.v\n$o.v = y",
)
table(
    "cached_property",
    top="class Owns#:\n    n = 0.5\n    @functools.cached_property\n    def scale(self):\n        return self.n * 2",
    init="$o = Owns#()",
    body="y = y * $o.scale",
    after="$o.n = 0.5 * k",
)
table(
    "static_and_class_methods",
    top="""
    class Owns#:
        n = 0.5
        @staticmethod
        def half(v):
            return v * 0.5
        @classmethod
        def scaled(cls, v):
            return v * cls.n
""",
    init="$o = Owns#()",
    body="y = $o.half(y) + $o.scaled(x) + Owns#.scaled(y)",
    after="Owns#.n = 0.5 * k",
)
table(
    "slots",
    top="class Slots#:\n    __slots__ = ('n', 't')\n    def __init__(self):\n        self.n, self.t = 0.5, Tensor([1.0, 0.5, 2.0])",
    init="$o = Slots#()",
    body="y = y * $o.n + $o.t",
    after="$o.n = k\nif k == 2:\n    $o.t = $o.t * 2",
)
table(
    "slots_written",
    top="class Slots#:\n    __slots__ = ('t',)\n    def __init__(self):\n        self.t = Tensor([1.0, 0.5, 2.0])",
    init="$o = Slots#()",
    body="$o.t = $o.t * 0.5\ny = y + $o.t",
    after="print($o.t.shape)\ny_# = $o.t\nif y_#.sum() < 0.5:\n    print('small#')",
)
table(
    "slots_in_place",
    top="class Slots#:\n    __slots__ = ('t',)\n    def __init__(self):\n        self.t = Tensor([1.0, 0.5, 2.0])",
    init="$o = Slots#()",
    body="$o.t.mul_(0.5)\ny = y + $o.t",
)
table(
    "getattr_config",
    top="""
    class Config#:
        def __init__(self, **values):
            self.__dict__["values"] = values
        def __getattr__(self, name):
            try:
                return self.__dict__["values"][name]
            except KeyError:
                raise AttributeError(name) from None
""",
    init="$c = Config#(n=0.5)",
    body="y = y * $c.n",
    after="$c.values['n'] = k",
)
table(
    "dict_subclass",
    top="class Config#(dict):\n    __getattr__ = dict.__getitem__\n    __setattr__ = dict.__setitem__",
    init="$c = Config#(n=0.5)",
    body="y = y * $c.n * $c['n']",
    after="$c.n = k",
)
table(
    "getitem_config",
    top="class Config#:\n    def __init__(self):\n        self.n = [0.5, 2.0]\n    def __getitem__(self, i):\n        return self.n[i]\n    def __len__(self):\n        return len(self.n)",
    init="$c = Config#()",
    body="y = y * $c[0] * len($c)",
    after="$c.n[0] = k\n$c.n.append(k)",
)
table(
    "frozen_dataclass",
    top="@dataclasses.dataclass(frozen=True)\nclass Config#:\n    n: float = 0.5\n    t: tuple = (1, 2)",
    init="$c = Config#()",
    body="y = y * $c.n * $c.t[0]",
    after="$c = Config#(0.5 * k)",
)
table(
    "callable_object",
    top="class Calls#:\n    def __init__(self):\n        self.n, self.t = 0.5, Tensor([1.0, 0.5, 2.0])\n    def __call__(self, v):\n        self.t = self.t * 0.5\n        return v * self.n + self.t",
    init="$o = Calls#()",
    body="y = $o(y)",
    after="$o.n = k",
)
table(
    "enumeration",
    top="class Kind#(enum.Enum):\n    HALF = 0.5\n    TWICE = 2.0",
    init="$k = Kind#.HALF",
    body="y = y * $k.value if $k is Kind#.HALF else y + $k.value",
    after="$k = Kind#.TWICE if k % 2 else Kind#.HALF",
)
table(
    "tensor_subclass",
    top="class Sub#(Tensor):\n    def half(self):\n        return self * 0.5",
    init="$t = Sub#([1.0, 0.5, 2.0])",
    body="y = y + $t.half()\n$t.add_(0.5)",
)
table(
    "tensor_subclass_attribute",
    top="class Sub#(Tensor):\n    n = 0.5",
    init="$t = Sub#([1.0, 0.5, 2.0])\n$t.m = 2.0",
    body="y = y + $t * $t.n * $t.m",
    after="$t.m = k",
)
table(
    "parameter_subclass",
    top="class Sub#(Parameter):\n    def half(self):\n        return self * 0.5",
    init='$t = Sub#(Tensor([1.0, 0.5, 2.0]), name="s#")',
    body="y = y + $t.half()\nops.assign($t, $t * 0.5)",
)
table(
    "tensor_attribute",
    init="$t = Tensor([1.0, 0.5, 2.0])\n$t.scale = 0.5",
    body="y = y + $t * $t.scale",
    after="$t.scale = k",
)
table(
    "operators",
    top="class Vec#:\n    def __init__(self, v):\n        self.v = v\n    def __add__(self, other):\n        return Vec#(self.v + other.v)\n    def __mul__(self, n):\n        return Vec#(self.v * n)",
    body="y = (Vec#(y) + Vec#(x) * 0.5).v",
)
table(
    "truth",
    top="class Truth#:\n    on = True\n    def __bool__(self):\n        return self.on",
    init="$o = Truth#()",
    body="if $o:\n    y = y * 0.5",
    after="$o.on = k % 2 == 0",
)
table(
    "hasattr_and_getattr",
    init="$o = types.SimpleNamespace()",
    body="y = y * getattr($o, 'n', 0.5)\nif hasattr($o, 'm'):\n    y = y + $o.m",
    after="if k == 1:\n    $o.n = 2.0\nif k == 2:\n    $o.m = 4.0",
)
table(
    "vars_read",
    init="$o = types.SimpleNamespace(a=0.5)",
    body="y = y * sum(vars($o).values())",
    after="setattr($o, f'n{k}', 0.5)",
)
table(
    "isinstance_of_state",
    init="$n = 0.5",
    body="y = y * ($n if isinstance($n, float) else 2.0)",
    after="$n = 0.5 if k % 2 else 1",
)
table(
    "parameter_tuple",
    init="$p = ms.ParameterTuple([Parameter(Tensor([0.5, 1.0, 2.0]), name='p#'), Parameter(Tensor([1.0, 1.0, 0.5]), name='q#')])",
    body="for p# in $p:\n    y = y * p#",
)
table(
    "training_flag",
    init="$c = nn.ReLU()",
    body="y = y * (2.0 if $c.training else 0.5)",
    after="$c.set_train(k % 2 == 0)",
)
table(
    "nested_class",
    body="class Local#:\n    n = 0.5\n    def times(self, v):\n        return v * self.n\ny = Local#().times(y)",
)
table(
    "instance_deleted_attribute",
    top=SCALED,
    init="$o = Scaled#()\n$o.scale = 2.0",
    body="y = $o.times(y)",
    after="if k == 2:\n    del $o.scale",
)
table(
    "objects_in_a_chain",
    init="$o = types.SimpleNamespace(a=types.SimpleNamespace(b=types.SimpleNamespace(t=Tensor([0.5, 1.0, 1.0]))))",
    body="y = y * $o.a.b.t\n$o.a.b.t = $o.a.b.t * 0.5",
    after="if k == 2:\n    $o.a = types.SimpleNamespace(b=types.SimpleNamespace(t=Tensor([2.0, 1.0, 1.0])))",
)
