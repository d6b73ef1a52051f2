"""Spec section 1: grad, value_and_grad, get_grad, GradOperation, stop_gradient."""

from golden.cases import Table

XY = """
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)
"""

NET = XY + """
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.z = Parameter(Tensor([0.5, 1.5], ms.float32), name='z')
        self.w = Parameter(Tensor([2.0, -1.0], ms.float32), name='w')
        self.u = Parameter(Tensor([[7.0]], ms.float32), name='u')

    def construct(self, x, y):
        return x * x * y * self.z + self.w * y

net = Net()
z, w, u = net.z, net.w, net.u
"""

POSITIONS = ("0", "1", "(0,)", "(1,)", "(0, 1)", "(1, 0)", "None", "()")
WEIGHTS = ("None", "z", "[z]", "(z,)", "ParameterTuple([z])", "[z, w, u]", "(z, w, u)", "ParameterTuple([z, w, u])", "[]")


def over_all(template: str, positions=POSITIONS, weights=WEIGHTS) -> str:
    return "\n".join(template.format(p=p, w=w) for p in positions for w in weights)


STRUCTURE = [
    Table("structure", over_all("grad(net, {p}, {w})(x, y)"), NET, graph="too"),
    Table("structure", over_all("value_and_grad(net, {p}, {w})(x, y)", weights=("None", "z", "[z, w]")), NET, graph="too"),
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

AUX = XY + """
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

IDS = NET + """
def get(gradients, identifier):
    return ms.get_grad(gradients, identifier)

ids = ms.grad(net, (0, 1), [z, w], return_ids=True)
"""

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

BAD_POSITIONS = ("-1", "(-1,)", "(0, -1)", "(0, 0)", "2", "(0, 2)", "()", "[0]", "[0, 1]", "'x'", "1.0", "x", "(1.0,)", "('a',)")

VALIDATION = [
    Table("grad_position", "\n".join(f"grad(net, {p})(x, y)" for p in (*BAD_POSITIONS, "True", "(True,)")), NET, graph="too"),
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

SLOTS = XY + """
def first(a, b):
    return b * b

def both(a, b):
    return a * b * b

def alone(a):
    return ops.square(x)

def of_pair(p):
    return p[0] * p[1]

def of_list(p):
    return p[0] * p[1] + p[0]

def of_dict(d):
    return d['a'] * d['b']

def nested(p):
    return p[0] * p[1][0] * p[1][1]['k']

def with_int(p):
    return p[0] * p[1]

fixed = Parameter(Tensor([5.0, 6.0], ms.float32), name='fixed', requires_grad=False)
free = Parameter(Tensor([5.0, 6.0], ms.float32), name='free')
i = Tensor([5, 6], ms.int32)
"""

SLOT_ROWS = """
    grad(both, (0, 1))(x, y)
    grad(both, (0, 1))(3.0, y)
    grad(both, 0)(3.0, y)
    grad(both, (0,))(3.0, y)
    grad(both, 1)(3.0, y)
    grad(both, (0, 1))(3, y)
    grad(both, (0, 1))(True, y)
    grad(first, (0, 1))(None, y)
    grad(first, (0, 1))('s', y)
    grad(both, (0, 1))(fixed, y)
    grad(both, (0, 1))(free, y)
    grad(both, 0)(fixed, y)
    grad(both, (0, 1))(i, y)
    grad(alone)(x)
    grad(alone)(3.0)
    value_and_grad(alone)(3.0)
    grad(of_pair)((x, y))
    grad(of_list)([x, y])
    grad(of_dict)({'a': x, 'b': y})
    grad(first, (0, 1))((x, y), x)
    grad(of_pair)(ms.mutable((x, y)))
    grad(of_list)(ms.mutable([x, y]))
    grad(of_dict)(ms.mutable({'a': x, 'b': y}))
    grad(nested)(ms.mutable((x, (y, {'k': x}))))
    grad(with_int)(ms.mutable((x, i)))
    grad(with_int)(ms.mutable((x, 3)))
    grad(first, (0, 1))(ms.mutable((x, y)), x)
    grad(both, (0, 1))(ms.mutable(3.0), y)
    grad(both, 0)(ms.mutable(3.0), y)
    grad(both, 0)(ms.mutable(3), y)
    ops.GradOperation(get_all=True)(both)(3.0, y)
    ops.GradOperation(get_all=True)(both)(x, y)
    ops.GradOperation(get_all=True)(alone)(3.0)
    ops.GradOperation()(both)(3.0, y)
"""

DIFFERENTIABLE = [
    Table("slots", SLOT_ROWS, SLOTS, graph="too"),
    Table(
        "slots",
        """
            grad(both, (0, 1))(np.float32(3), y)
            grad(both, (0, 1))([1.0, 2.0], y)
            grad(first, (0, 1))(np.ones(2), y)
            grad(first, (0, 1))(object(), y)
            grad(lambda: x * x)()
            grad(lambda: free * free, 0, [free])()
            grad(lambda: free * free, None, [free])()
            value_and_grad(lambda a: a * a)(3.0)
            grad(lambda a: a * fixed, 0, [fixed])(x)
            grad(lambda a: a * fixed, 0, [fixed, free])(x)
        """,
        SLOTS,
    ),
    Table(
        "slots under jit",
        {
            "grad of jit, frozen weight": """
                @ms.jit
                def f(a):
                    return a * fixed

                grad(f, 0, [fixed])(x)
            """,
            "jit of grad, frozen weight": """
                def f(a):
                    return a * fixed

                @ms.jit
                def g(a):
                    return ms.grad(f, 0, [fixed])(a)

                g(x)
            """,
            "jit of grad, mutable pair": """
                @ms.jit
                def g(p):
                    return ms.grad(of_pair)(p)

                g(ms.mutable((x, y)))
            """,
            "jit of grad, plain pair": """
                @ms.jit
                def g(p):
                    return ms.grad(of_pair)(p)

                g((x, y))
            """,
            "jit of grad, twice the same tensor": """
                def f(a, b):
                    return a * b * b

                @ms.jit
                def g(a, b):
                    return ms.grad(f, (0, 1))(a, b)

                g(x, x)
            """,
            "jit of grad, closure over the argument": """
                def f(a):
                    return a * x

                @ms.jit
                def g(a):
                    return ms.grad(f)(a)

                g(x)
            """,
        },
        SLOTS,
    ),
]

OUTPUTS = XY + """
def tensor(a):
    return a * a

def matrix(a):
    return a.reshape((2, 1)) * a

def pair(a):
    return a * a, a * 3

def listed(a):
    return [a * a, a * 3]

def mapped(a):
    return {'k': a * a, 'l': a}

def mixed(a):
    return a * a, (a * 2, [a, {'k': a}])

def with_constants(a):
    return a * a, 3, 2.5, 'text', None

def to_int(a):
    return a.astype(ms.int32)

def int_beside(a):
    return a * y, a.astype(ms.int32)

def to_bool(a):
    return a.astype(ms.bool_)

def compared(a):
    return a > 1.5

def constant(a):
    return Tensor([1.0])

def nothing(a):
    return None

def number(a):
    return 3

def same(a):
    return a

def twice(a):
    return a, a

def scalar(a):
    return a.sum()
"""

OUTPUT_NAMES = (
    "tensor matrix pair listed mapped mixed with_constants to_int int_beside to_bool compared constant nothing number same "
    "twice scalar"
).split()

RETURNS = [
    Table("outputs", "\n".join(f"grad({name})(x)" for name in OUTPUT_NAMES), OUTPUTS, graph="too"),
    Table("outputs", "\n".join(f"value_and_grad({name})(x)" for name in OUTPUT_NAMES), OUTPUTS),
    Table("outputs", "grad(lambda a: np.ones(2))(x)\ngrad(lambda a: a.asnumpy())(x)", OUTPUTS),
]

INTS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float16", "bfloat16", "float32", "float64")
COMPLEX = ("complex64", "complex128")

DTYPES = [
    Table("dtype of x*x", "\n".join(f"grad(lambda a: a * a)(Tensor([1, 3], ms.{d}))" for d in (*INTS, "bool_", *FLOATS))),
    Table("dtype of x*2.0", "\n".join(f"grad(lambda a: a * 2.0)(Tensor([1, 3], ms.{d}))" for d in (*INTS, "bool_", *FLOATS))),
    Table(
        "dtype of mixed operands",
        """
            grad(lambda a, b: a * b, (0, 1))(i, x)
            grad(lambda a, b: a * b, (0, 1))(i, Tensor([1.5, 2.7]))
            grad(lambda a, b: a * b, (0, 1))(x.astype(ms.float16), y)
            grad(lambda a, b: a * b, (0, 1))(x.astype(ms.float64), y)
            grad(lambda a, b: a * b, (0, 1))(x.astype(ms.bfloat16), y)
            grad(lambda a: ops.sin(a.astype(ms.float32)))(i)
            grad(lambda a: a * 1.5)(i)
            grad(lambda a: a * 0.5)(i)
            grad(lambda a: a / 2)(i)
            grad(lambda a: a + 1)(i)
            grad(lambda a: a.astype(ms.int32).astype(ms.float32) * 3)(x)
            grad(lambda a: a.astype(ms.int32) * y)(x)
            grad(lambda a: a.astype(ms.float16))(x)
            grad(lambda a: a.astype(ms.float64) * 2)(x)
            grad(lambda c, a, b: ops.where(c, a, b), (0, 1, 2))(x > 1.5, x, y)
            grad(lambda t, k: ops.gather(t, k, 0), (0, 1))(x, Tensor([1, 1, 0], ms.int32))
            grad(lambda t, k: t[k], (0, 1))(x, Tensor([1, 1, 0], ms.int64))
            grad(lambda a, n: ops.cross_entropy(a, n), (0, 1))(Tensor([[1.0, 2.0]]), Tensor([1], ms.int32))
            [g.dtype for g in grad(lambda a, b: a * b, (0, 1))(i, x)]
        """,
        XY + "\ni = Tensor([5, 6], ms.int32)\n",
    ),
    Table(
        "dtype complex",
        "\n".join(
            f"grad(lambda z: {body})(Tensor([1 + 2j, 3 - 1j], ms.{d}))"
            for d in COMPLEX
            for body in ("z * 2.0", "ops.abs(z)", "ops.real(z)", "ops.imag(z)", "ops.conj(z)", "ops.exp(z)", "ops.sin(z)",
                         "z * z", "z * ops.conj(z)", "z + z", "-z", "z.sum()")
        ),
    ),
]

SENS = XY + """
def f(a):
    return a * a

def total(a):
    return (a * a).sum()

def pair(a):
    return a * a, a * 3

v = Tensor([10.0, 100.0], ms.float32)
op = ops.GradOperation(sens_param=True)
"""

SENSITIVITY = [
    Table(
        "sens_param",
        """
            grad(f, sens_param=True)(x, v)
            grad(f, sens_param=True)(x, sens=v)
            grad(f, sens_param=True)(x, Tensor([10.0]))
            grad(f, sens_param=True)(x, Tensor([[10.0, 100.0]]))
            grad(f, sens_param=True)(x, v.astype(ms.float64))
            grad(f, sens_param=True)(x, v.astype(ms.float16))
            grad(f, sens_param=True)(x, v.astype(ms.int32))
            grad(f, sens_param=True)(x, Tensor(2.0))
            grad(f, sens_param=True)(x, 2.0)
            grad(total, sens_param=True)(x, 2.0)
            grad(total, sens_param=True)(x, 2)
            grad(total, sens_param=True)(x, Tensor(2.0))
            grad(total, sens_param=True)(x, Tensor([2.0]))
            grad(pair, sens_param=True)(x, (v, v))
            grad(pair, sens_param=True)(x, [v, v])
            grad(pair, sens_param=True)(x, v)
            grad(pair, sens_param=True)(x, (v,))
            grad(f, sens_param=True)(x, (v,))
            grad(pair, has_aux=True, sens_param=True)(x, v)
            grad(pair, has_aux=True, sens_param=True)(x, (v, v))
            value_and_grad(f, sens_param=True)(x, v)
            grad(lambda a, b: a * b, (0, 1), sens_param=True)(x, y, v)
            grad(lambda a, b: a * b, (0, 1), sens_param=True)(x, y)
            grad(f, sens_param=True)(x)
            grad(f, sens_param=True)(x, None)
            op(f)(x, v)
            op(f)(x, sens=v)
            op(pair)(x, (v, v))
            op(f)(x, Tensor([10.0]))
            op(f)(x, v.astype(ms.float64))
            ops.GradOperation(get_all=True, sens_param=True)(lambda a, b: a * b)(x, y, v)
        """,
        SENS,
    ),
    Table(
        "sens_param",
        """
            grad(f, sens_param=True)(x, v)
            op(f)(x, v)
            op(pair)(x, (v, v))
            op(total)(x, Tensor(2.0, ms.float32))
        """,
        SENS,
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

STOP = XY + """
p = Parameter(Tensor([2.0, 3.0], ms.float32), name='p')
sg = ops.stop_gradient
one = Tensor(2.0, ms.float32)
"""

STOP_GRADIENT = [
    Table(
        "stop_gradient",
        """
            sg(x)
            sg(x) is x
            sg((x, [y, 3]))
            sg([x, y])
            sg({'a': x})
            sg(3)
            sg('s')
            sg(None)
            sg(np.ones(2))
            grad(lambda a: sg(a))(x)
            grad(lambda a: a * sg(a))(x)
            grad(lambda a: sg(a * a) + a)(x)
            grad(lambda a, b: sg((a, b))[0] * b, (0, 1))(x, y)
            grad(lambda a: a * sg(p), 0, [p])(x)
            grad(lambda a: sg(a * p), 0, [p])(x)
            grad(lambda a: a * Tensor(a.asnumpy()))(x)
            grad(lambda a: a * a.item())(one)
            grad(lambda a: a * float(a))(one)
            grad(lambda a: a * int(a))(one)
            grad(lambda a: a * Tensor([a[0], a[1]]))(x)
            grad(lambda a: a * Tensor(a))(x)
            grad(lambda a: a * ms.tensor(a))(x)
            grad(lambda a: a * a.copy())(x)
            grad(lambda a: a * copy.deepcopy(a))(x)
            grad(lambda a: a * a.astype(ms.float64))(x)
            grad(lambda a: a * a[0:1])(x)
            grad(lambda a: a * Parameter(a))(x)
            grad(lambda a: a * np.float64(2))(x)
            grad(lambda a: np.float64(2) * a)(x)
            grad(lambda a: a * ms.ops.stop_gradient(2))(x)
            grad(lambda a: a * a if a.sum() > 0 else a)(x)
            grad(lambda a: a * 3 if float(a) > 1 else a)(one)
        """,
        STOP,
        more={
            "set_data detaches": """
                def f(a):
                    p.set_data(a * a)
                    return p * a

                grad(f)(x), p
            """,
            "assign detaches": """
                def f(a):
                    ops.assign(p, a * a)
                    return p * a

                grad(f)(x), p
            """,
            "assigning a cell's parameter detaches": """
                class Net(nn.Cell):
                    def __init__(self):
                        super().__init__()
                        self.p = Parameter(Tensor([2.0, 3.0], ms.float32))

                    def construct(self, a):
                        self.p = a * a
                        return self.p * a

                net = Net()
                grad(net)(x), net.p
            """,
        },
    ),
    Table(
        "stop_gradient in graph mode",
        {
            "whole output": "def f(a):\n    return ops.stop_gradient(a * a)\n\ngrad(f)(x)",
            "part": "def f(a):\n    return ops.stop_gradient(a * a) + a\n\ngrad(f)(x)",
            "tuple": "def f(a, b):\n    c = ops.stop_gradient((a, b))\n    return c[0] * b\n\ngrad(f, (0, 1))(x, y)",
            "parameter": "def f(a):\n    return a * ops.stop_gradient(p)\n\ngrad(f, 0, [p])(x)",
        },
        STOP,
        graph="only",
    ),
]

IDENTITY = [
    Table(
        "identity",
        """
            grad(lambda a, b: a * b * b, (0, 1))(x, x)
            grad(lambda a, b: a * b * b, 0)(x, x)
            grad(lambda a, b: a * b * b, 1)(x, x)
            grad(lambda a, b: a * b * b, (0, 1))(x, Tensor(x))
            grad(lambda a, b: a * b * b, (0, 1))(x, x.copy())
            grad(lambda a, b: a * b * b, (0, 1))(x, x.view(2))
            grad(lambda a, b: a * b * b, (0, 1))(x, x[0:2])
            grad(lambda a: a * x)(x)
            grad(lambda a: a * x)(x.copy())
            grad(lambda a: grad(lambda b: a * b)(a))(x)
            grad(lambda a, b: a * b + x, (0, 1))(x, y)
            grad(lambda a: a * p, 0, [p])(p)
            ms.vjp(lambda a, b: a * b * b, x, x)[1](y)
        """,
        XY + "p = Parameter(Tensor([2.0, 3.0], ms.float32), name='p')\n",
        more={
            "a value leaked from an earlier gradient": """
                kept = []

                def f(a):
                    kept.append(a * a)
                    return a * 2

                grad(f)(x)
                grad(lambda a: a * kept[0])(x)
            """,
            "a value returned by value_and_grad": """
                value, _ = value_and_grad(lambda a: a * a)(x)
                grad(lambda a: a * value)(x)
            """,
            "tensor held by a cell": """
                class Net(nn.Cell):
                    def __init__(self):
                        super().__init__()
                        self.c = x

                    def construct(self, a):
                        return a * self.c

                grad(Net())(x), grad(Net())(y)
            """,
        },
    ),
    Table(
        "identity in graph mode",
        {
            "same tensor twice": "def f(a, b):\n    return a * b * b\n\ngrad(f, (0, 1))(x, x)",
            "same tensor twice, first": "def f(a, b):\n    return a * b * b\n\ngrad(f, 0)(x, x)",
            "closure over the argument": "def f(a):\n    return a * x\n\ngrad(f)(x)",
            "value of value_and_grad": """
                def f(a):
                    return a * a

                value, _ = value_and_grad(f)(x)

                def g(a):
                    return a * value

                grad(g)(x)
            """,
        },
        XY,
        graph="only",
    ),
]

FLAGGED = NET + """
class Tied(nn.Cell):
    def __init__(self):
        super().__init__()
        self.a = nn.Dense(2, 2, weight_init='ones', bias_init='zeros')
        self.b = nn.Dense(2, 2, weight_init='ones', bias_init='zeros')
        self.b.weight = self.a.weight

    def construct(self, x):
        return self.b(self.a(x))

m = Tensor([[1.0, 2.0]])
"""

WEIGHT_FLAGS = [
    Table(
        "flags",
        {
            "tied weight": """
                tied = Tied()
                [p.name for p in tied.trainable_params()], grad(tied, None, tied.trainable_params())(m)
            """,
            "requires_grad toggled after creation": """
                g = grad(net, None, [z, w])
                first = g(x, y)
                z.requires_grad = False
                second = g(x, y)
                z.requires_grad = True
                first, second, g(x, y)
            """,
            "list of weights changed before the call": """
                weights = [z, w]
                g = value_and_grad(net, None, weights)
                weights.pop()
                g(x, y)
            """,
            "set_grad(False) does not disable grad": "net.set_grad(False)\ngrad(net)(x, y), net.requires_grad",
            "grad leaves requires_grad alone": "before = net.requires_grad\ngrad(net)(x, y)\nbefore, net.requires_grad",
            "grad does not switch training on": """
                class Drop(nn.Cell):
                    def __init__(self):
                        super().__init__()
                        self.drop = nn.Dropout(p=0.5)

                    def construct(self, x):
                        return self.drop(x)

                drop = Drop()
                drop.training, grad(drop)(x), drop.training
            """,
            "batch norm in evaluation": """
                norm = nn.BatchNorm1d(2)
                m = Tensor([[1.0, 2.0], [3.0, 5.0]])
                grad(norm, 0, norm.trainable_params())(m)
            """,
            "batch norm in training": """
                norm = nn.BatchNorm1d(2)
                norm.set_train()
                m = Tensor([[1.0, 2.0], [3.0, 5.0], [2.0, 0.0]])
                grad(norm, None, norm.trainable_params())(m), norm.moving_mean, norm.moving_variance
            """,
            "shared cell used twice": """
                class Twice(nn.Cell):
                    def __init__(self):
                        super().__init__()
                        self.a = nn.Dense(2, 2, weight_init='ones', bias_init='zeros')

                    def construct(self, x):
                        return self.a(self.a(x))

                twice = Twice()
                grad(twice, 0, twice.trainable_params())(m)
            """,
        },
        FLAGGED,
    ),
]

TABLES = [
    *STRUCTURE,
    *HAS_AUX,
    *RETURN_IDS,
    *VALIDATION,
    *KEYWORDS,
    *DIFFERENTIABLE,
    *RETURNS,
    *DTYPES,
    *SENSITIVITY,
    *GRAD_OPERATION,
    *STOP_GRADIENT,
    *IDENTITY,
    *WEIGHT_FLAGS,
]
