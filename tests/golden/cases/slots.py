"""Which arguments, outputs and dtypes are differentiated, and sensitivities."""

from golden.cases import Table
from golden.cases.nets import XY

SLOTS = (
    XY
    + """
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
)

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

OUTPUTS = (
    XY
    + """
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
)

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
    Table(
        "dtype of x*x", "\n".join(f"grad(lambda a: a * a)(Tensor([1, 3], ms.{d}))" for d in (*INTS, "bool_", *FLOATS))
    ),
    Table(
        "dtype of x*2.0",
        "\n".join(f"grad(lambda a: a * 2.0)(Tensor([1, 3], ms.{d}))" for d in (*INTS, "bool_", *FLOATS)),
    ),
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
            for body in (
                "z * 2.0",
                "ops.abs(z)",
                "ops.real(z)",
                "ops.imag(z)",
                "ops.conj(z)",
                "ops.exp(z)",
                "ops.sin(z)",
                "z * z",
                "z * ops.conj(z)",
                "z + z",
                "-z",
                "z.sum()",
            )
        ),
    ),
]

SENS = (
    XY
    + """
def f(a):
    return a * a

def total(a):
    return (a * a).sum()

def pair(a):
    return a * a, a * 3

v = Tensor([10.0, 100.0], ms.float32)
op = ops.GradOperation(sens_param=True)
"""
)

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

TABLES = [*DIFFERENTIABLE, *RETURNS, *DTYPES, *SENSITIVITY]
