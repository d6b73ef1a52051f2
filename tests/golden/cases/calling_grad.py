"""How grad is called and what shape its answer has."""

from golden.cases import Table
from golden.cases.nets import NET, XY

POSITIONS = ("0", "1", "(0,)", "(1,)", "(0, 1)", "(1, 0)", "None", "()")
WEIGHTS = (
    "None",
    "z",
    "[z]",
    "(z,)",
    "ParameterTuple([z])",
    "[z, w, u]",
    "(z, w, u)",
    "ParameterTuple([z, w, u])",
    "[]",
)


def over_all(template: str, positions=POSITIONS, weights=WEIGHTS) -> str:
    return "\n".join(template.format(p=p, w=w) for p in positions for w in weights)


STRUCTURE = [
    Table("structure", over_all("grad(net, {p}, {w})(x, y)"), NET, graph="too"),
    Table(
        "structure", over_all("value_and_grad(net, {p}, {w})(x, y)", weights=("None", "z", "[z, w]")), NET, graph="too"
    ),
    Table(
        "weights",
        """
            grad(net, None, [z, z])(x, y)
            grad(net, 0, [w, z, w])(x, y)
            grad(net, None, [u, w, z])(x, y)
            grad(net, None, net.trainable_params())(x, y)
            grad(net, 0, ())(x, y)
            grad(net, None, ())(x, y)
            grad(lambda a: a * 2.0, 0, [z])(x)
            grad(lambda a: a * z, None, z)(x)
            [type(part).__name__ for part in grad(net, (0, 1), [z])(x, y)]
            grad(lambda a: a.sum() * z, 0, [z, u])(x)
            grad(lambda a: a * a * z)(z)
            grad(lambda a: a * a * z, 0, [z])(z)
            grad(lambda a, b: a * b, (0, 1))(z, w)
            grad(lambda a, b: a.astype(ms.float16) * b, (0, 1))(x, y)
            grad(lambda a, b: a * b, (0, 1))(Tensor(np.ones((2, 3), np.float32)), Tensor(np.ones((3,), np.float32)))
            grad(lambda a, b: a * b, (0, 1))(Tensor(np.ones((2, 1), np.float32)), Tensor(np.ones((1, 3), np.float64)))
        """,
        NET,
        more={
            "the value is returned as it is": """
                Pair = collections.namedtuple("Pair", "first second")
                value_and_grad(lambda a: (a, [a * 2, {'k': a}], Pair(3, 'text'), None, 2.5))(x)
            """,
            "unused input": "grad(lambda a, b: a * 2, (0, 1))(x, y)",
            "method of a cell": "grad(net.construct, (0, 1), [z])(x, y)",
        },
    ),
    Table(
        "weights in graph mode",
        """
            grad(net, None, [z, z])(x, y)
            grad(net, 0, [w, z, w])(x, y)
            grad(net, None, [u, w, z])(x, y)
            grad(net, None, net.trainable_params())(x, y)
            grad(alone, None, z)(x)
            grad(alone, 0, [z, u])(x)
        """,
        NET + "\ndef alone(a):\n    return a * z\n",
        graph="only",
    ),
]

AUX = (
    XY
    + """
def two(a):
    return a * a, a * 3

def three(a):
    return a * a, a * 3, 7

def pair_first(a):
    return (a * a, a * 2), a * 3

def nested(a):
    return a * a, (a * 3, [a, {'k': a}])

def single(a):
    return a * a

def one_tuple(a):
    return (a * a,)

def two_list(a):
    return [a * a, a * 3]

def none_aux(a):
    return a * a, None

Pair = collections.namedtuple("Pair", "loss logits")

def named(a):
    return Pair(a * a, a * 3)
"""
)

HAS_AUX = [
    Table(
        "has_aux",
        "\n".join(
            f"{transform}({fn}, has_aux=True)(x)"
            for transform in ("grad", "value_and_grad")
            for fn in ("two", "three", "pair_first", "nested", "single", "one_tuple", "two_list")
        ),
        AUX,
        graph="too",
    ),
    Table(
        "has_aux",
        """
            grad(none_aux, has_aux=True)(x)
            grad(named, has_aux=True)(x)
            grad(lambda a, b: (a * b, a + b), (0, 1), has_aux=True)(x, y)
            grad(two, has_aux=1)(x)
            grad(two, has_aux='yes')(x)
        """,
        AUX,
    ),
]

IDS = (
    NET
    + """
def get(gradients, identifier):
    return ms.get_grad(gradients, identifier)

ids = ms.grad(net, (0, 1), [z, w], return_ids=True)
"""
)

RETURN_IDS = [
    Table(
        "return_ids",
        """
            grad(net, 0, None, return_ids=True)(x, y)
            grad(net, (0,), None, return_ids=True)(x, y)
            grad(net, 1, None, return_ids=True)(x, y)
            grad(net, (1,), None, return_ids=True)(x, y)
            grad(net, (0, 1), None, return_ids=True)(x, y)
            grad(net, (1, 0), None, return_ids=True)(x, y)
            grad(net, 0, z, return_ids=True)(x, y)
            grad(net, 0, [z], return_ids=True)(x, y)
            grad(net, (0, 1), [z, w], return_ids=True)(x, y)
            grad(net, None, z, return_ids=True)(x, y)
            grad(net, None, [z, w], return_ids=True)(x, y)
            value_and_grad(net, (0, 1), [z, w], return_ids=True)(x, y)
            value_and_grad(net, 0, None, return_ids=True)(x, y)
        """,
        NET,
        graph="too",
    ),
    Table(
        "return_ids",
        """
            grad(lambda a, b, c: b * c, (0, 1, 2), None, return_ids=True)(3.0, x, y)
            grad(lambda a, b: a * b, (0, 1), None, return_ids=True)(x, 3.0)
        """,
        NET,
    ),
    Table(
        "get_grad",
        """
            get(ids(x, y), 0)
            get(ids(x, y), 1)
            get(ids(x, y), z)
            get(ids(x, y), w)
            get(ids(x, y), u)
            get(ids(x, y), 2)
            get(ids(x, y), True)
            get(ids(x, y), False)
            get(ids(x, y), 'z')
            get(ids(x, y), 1.0)
            get(ids(x, y), None)
            get(grad(net, 0, None, return_ids=True)(x, y), 0)
            get(grad(net, None, z, return_ids=True)(x, y), z)
            get(value_and_grad(net, (0, 1), [z], return_ids=True)(x, y), 1)
            get(value_and_grad(net, (0, 1), [z], return_ids=True)(x, y), z)
            get(x, 0)
            get([x, y], 0)
            get((), 0)
            get(1, 0)
        """,
        IDS,
    ),
]

BAD_POSITIONS = (
    "-1",
    "(-1,)",
    "(0, -1)",
    "(0, 0)",
    "2",
    "(0, 2)",
    "()",
    "[0]",
    "[0, 1]",
    "'x'",
    "1.0",
    "x",
    "(1.0,)",
    "('a',)",
)

VALIDATION = [
    Table(
        "grad_position",
        "\n".join(f"grad(net, {p})(x, y)" for p in (*BAD_POSITIONS, "True", "(True,)")),
        NET,
        graph="too",
    ),
    Table(
        "validation",
        """
            grad(net, None, None)
            grad(net, has_aux=1)
            grad(net, return_ids=1)
            grad(net, sens_param=1)
            value_and_grad(net, None, None)
            value_and_grad(net, has_aux=None)
            grad(3)(x)
            grad(None)(x)
            grad('f')(x)
            grad(net, 0, 'z')(x, y)
            grad(net, 0, 3)(x, y)
            grad(net, 0, {'z': z})(x, y)
            grad(net, 0, iter([z]))(x, y)
            grad(net, 0, (p for p in [z]))(x, y)
            grad(net, 0, net.parameters_dict().values())(x, y)
            grad(net, 0, [None])(x, y)
            grad(net, 0, [[z]])(x, y)
            grad(net, 0, x)(x, y)
            grad(net, 0, [x])(x, y)
            grad(net, 0, [3.0])(x, y)
            grad(functools.partial(lambda a, b: a * b, b=y))(x)
            grad(ops.Sin())(x)
            grad(ops.sin)(x)
            grad(abs)(x)
            grad(lambda a, b=y: a * b, (0, 1))(x)
            grad(lambda a, b: a * b)(x)
            grad(lambda a: undefined_name)(x)
            grad(lambda a: 1 / 0)(x)
            grad(lambda a: a + Tensor([1.0, 2.0, 3.0]))(x)
        """,
        NET,
        more={
            "a callable object": """
                class Twice:
                    def __call__(self, a):
                        return a * 2

                grad(Twice())(x)
            """,
            "methods": """
                class Box:
                    factor = 3.0

                    def bound(self, a):
                        return a * self.factor

                    @staticmethod
                    def static(a):
                        return a * a

                    @classmethod
                    def classy(cls, a):
                        return a * cls.factor

                grad(Box().bound)(x), grad(Box.static)(x), grad(Box.classy)(x)
            """,
            "jit of a function": """
                @ms.jit
                def square(a):
                    return a * a

                grad(square)(x)
            """,
            "a later call after an exception": """
                def risky(a, fail):
                    b = a * a
                    if fail:
                        raise KeyError("stop")
                    return b

                try:
                    grad(risky)(x, True)
                except KeyError:
                    pass
                grad(risky)(x, False), x
            """,
        },
    ),
]

KEYWORDS = [
    Table(
        "keywords",
        """
            grad(f, (0, 1))(a=x, b=y)
            grad(f, (0, 1))(b=y, a=x)
            grad(f, 0)(b=y, a=x)
            grad(f, (0, 1))(x, b=y)
            grad(g, (0, 1))(x, k=3.0, b=y)
            grad(g, (0, 1, 2))(x, k=3.0, b=y)
            grad(lambda *xs: xs[0] * xs[1], (0, 1))(x, y)
            grad(lambda **kw: kw['p'] * kw['q'], (0, 1))(p=x, q=y)
            grad(lambda a, *, b: a * b, (0, 1))(x, b=y)
            grad(lambda a, b=y: a * b)(x)
            grad(f, 0, sens_param=True)(x, y, Tensor([10.0, 100.0], ms.float32))
            grad(f, 0, sens_param=True)(x, y, sens=Tensor([10.0, 100.0], ms.float32))
            ops.GradOperation(get_all=True)(f)(x, b=y)
            ops.GradOperation(get_all=True)(f)(b=y, a=x)
            grad(f, (0, 1))(x)
            grad(f, (0, 1))(x, y, y)
            grad(f, (0, 1))(x, c=y)
        """,
        XY + "\ndef f(a, b):\n    return a * a * b\n\ndef g(a, b, k):\n    return a * a * b * k\n",
    ),
    Table(
        "keywords",
        """
            grad(f, (0, 1))(x, b=y)
            value_and_grad(f, 0)(x, b=y)
            ops.GradOperation(get_all=True)(f)(x, b=y)
        """,
        XY + "\ndef f(a, b):\n    return a * a * b\n",
        graph="only",
    ),
]

FLAGS = ("", "get_all=True", "get_by_list=True", "get_all=True, get_by_list=True")
OPERATION_WEIGHTS = ("z", "[z, w]", "ParameterTuple([z])", "ParameterTuple([z, w, u])")

GRAD_OPERATION = [
    Table(
        "GradOperation",
        "\n".join(f"ops.GradOperation({flags})(net, {w})(x, y)" for flags in FLAGS[2:] for w in OPERATION_WEIGHTS),
        NET,
        graph="too",
        more={
            "in a cell": """
                class GradNet(nn.Cell):
                    def __init__(self, net):
                        super().__init__()
                        self.net = net
                        self.params = ParameterTuple(net.trainable_params())
                        self.grad_op = ops.GradOperation(get_all=True, get_by_list=True)

                    def construct(self, x, y):
                        return self.grad_op(self.net, self.params)(x, y)

                wrapped = GradNet(net)
                wrapped(x, y), [p.name for p in wrapped.trainable_params()]
            """,
            "first input only": "ops.GradOperation()(net)(x, y)",
            "all inputs": "ops.GradOperation(get_all=True)(net)(x, y)",
            "one of one": """
                def f(a):
                    return a * a

                ops.GradOperation(get_all=True)(f)(x)
            """,
        },
    ),
    Table(
        "GradOperation",
        """
            ops.GradOperation(get_by_list=True)(net)(x, y)
            ops.GradOperation(get_all=True, get_by_list=True)(net)(x, y)
            ops.GradOperation()(net, [z])(x, y)
            ops.GradOperation(get_all=True)(net, [z])(x, y)
            ops.GradOperation(get_all=True)(lambda a, b: b * b)(2.0, x)
            ops.GradOperation(get_all=True, get_by_list=True)(lambda a: a * z, [z])(x)
            ops.GradOperation(get_all=True, get_by_list=True)(lambda a: a * z, z)(x)
            ops.GradOperation()(lambda a: a)(2.0)
            ops.GradOperation(get_all=1)
            ops.GradOperation(get_by_list='x')
            ops.GradOperation(sens_param=None)
            ops.GradOperation()(ops.GradOperation()(lambda a: a * a * a))(x)
            ops.GradOperation(True)(net)(x, y)
            ops.GradOperation(False, True)(net, [z])(x, y)
        """,
        NET,
    ),
]

TABLES = [*STRUCTURE, *HAS_AUX, *RETURN_IDS, *VALIDATION, *KEYWORDS, *GRAD_OPERATION]
