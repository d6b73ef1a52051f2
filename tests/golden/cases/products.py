"""Products with Jacobians, Jacobians, Taylor series, recipes, wrappers."""

from golden.cases import Table

SETUP = """
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)
v = Tensor([10.0, 100.0], ms.float32)
m = Tensor([[1.0, 2.0], [3.0, 4.0]], ms.float32)
i = Tensor([1, 2], ms.int32)
s = Tensor(2.0, ms.float32)

def square(a):
    return a * a

def cube(a):
    return a * a * a

def mul(a, b):
    return a * a * b

def both(a, b):
    return a * b, a + b

def single(a):
    return (a * a,)

def listed(a, b):
    return [a * b, a + b]

def three(a, b):
    return a * b, a + b, a - b

def total(a):
    return (a * a).sum()

def constant(a):
    return y

def first(a, b):
    return a * 2

def wide(a):
    return a.astype(ms.float64) * 2

def scaled(a, k):
    return a * k

def pair(p, b):
    return p[0] * b

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([0.5, 1.5], ms.float32), name='w')
        self.b = Parameter(Tensor([1.0, -1.0], ms.float32), name='b')

    def construct(self, a):
        return a * a * self.w + self.b

class Net2(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([0.5, 1.5], ms.float32), name='w')

    def construct(self, a, b):
        return a * b * self.w, a + b

net, net2 = Net(), Net2()
w, b = net.w, net.b
"""

JVP = Table(
    "jvp",
    """
        ms.jvp(square, x, v)
        ms.jvp(mul, (x, y), (v, v))
        ms.jvp(mul, [x, y], [v, v])
        ms.jvp(mul, (x, y), [v, v])
        ms.jvp(both, (x, y), (v, v))
        ms.jvp(single, x, v)
        ms.jvp(listed, (x, y), (v, v))
        ms.jvp(both, (x, y), (v, v), has_aux=True)
        ms.jvp(three, (x, y), (v, v), has_aux=True)
        ms.jvp(three, (x, y), (v, v), True)
        ms.jvp(constant, x, v)
        ms.jvp(first, (x, y), (v, v))
        ms.jvp(total, x, v)
        ms.jvp(square, s, s)
        ms.jvp(square, (x,), v)
        ms.jvp(square, (x,), (v,))
        ms.jvp(square, i, i)
        ms.jvp(square, x.astype(ms.float16), v.astype(ms.float16))
        ms.jvp(square, x.astype(ms.float64), v.astype(ms.float64))
        ms.jvp(wide, x, v)
        ms.jvp(net, x, v)
        ms.jvp(net2, (x, y), (v, v))
        ms.jvp(ops.sin, x, v)
        ms.jvp(mul, (x, x), (v, y))
        ms.jvp(mul, (x, y), (v,))
        ms.jvp(mul, (x, y), v)
        ms.jvp(square, x, (v, v))
        ms.jvp(square, 1.0, v)
        ms.jvp(square, x, 1.0)
        ms.jvp(square, x, None)
        ms.jvp(square, 'x', v)
        ms.jvp(square, {'a': x}, v)
        ms.jvp(scaled, (x, 2.0), (v, v))
        ms.jvp(square, x, v.astype(ms.float64))
        ms.jvp(square, x.astype(ms.float64), v)
        ms.jvp(square, x, m)
        ms.jvp(square, x, s)
        ms.jvp(square, x, v, has_aux=1)
        ms.jvp(square, x, v, has_aux=True)
        ms.jvp(single, x, v, has_aux=True)
        ms.jvp(mul, x, v)
        ms.jvp(3, x, v)
        ms.jvp(grad(cube), x, v)
        ops.jvp(square, x, v)
    """,
    SETUP,
    more={
        "jvp inside jit": """
            @ms.jit
            def f(a, b):
                return ms.jvp(square, a, b)

            f(x, v)
        """,
        "grad of jvp": """
            def f(a):
                return ms.jvp(cube, a, v)[1]

            grad(f)(x)
        """,
        "jvp of jvp": """
            def inner(a):
                return ms.jvp(cube, a, y)[1]

            ms.jvp(inner, x, v)
        """,
        "jvp of vjp": """
            def f(a):
                return ms.vjp(cube, a)[1](y)[0]

            ms.jvp(f, x, v)
        """,
        "jvp of a jitted function": "ms.jvp(ms.jit(square), x, v)",
    },
)

VJP = Table(
    "vjp",
    """
        ms.vjp(square, x)[0]
        ms.vjp(square, x)[1](v)
        ms.vjp(mul, x, y)[1](v)
        ms.vjp(both, x, y)[0]
        ms.vjp(both, x, y)[1](v, v)
        ms.vjp(both, x, y)[1]((v, v))
        ms.vjp(both, x, y)[1]([v, v])
        ms.vjp(listed, x, y)[1](v, v)
        ms.vjp(single, x)[0]
        ms.vjp(single, x)[1](v)
        ms.vjp(total, x)[1](s)
        ms.vjp(constant, x)[1](v)
        ms.vjp(first, x, y)[1](v)
        ms.vjp(net, x, weights=w)[1](v)
        ms.vjp(net, x, weights=[w])[1](v)
        ms.vjp(net, x, weights=(w, b))[1](v)
        ms.vjp(net, x, weights=ParameterTuple([w, b]))[1](v)
        ms.vjp(net, x, weights=net.trainable_params())[1](v)
        ms.vjp(net2, x, y, weights=[net2.w])[1](v, v)
        ms.vjp(net2, x, y, weights=net2.w)[1](v, v)
        ms.vjp(net2, x, y)[1](v, v)
        ms.vjp(net2, x, y, weights=net2.w, has_aux=True)[1](v)
        ms.vjp(both, x, y, has_aux=True)[0]
        ms.vjp(both, x, y, has_aux=True)[2]
        ms.vjp(both, x, y, has_aux=True)[1](v)
        ms.vjp(three, x, y, has_aux=True)[2]
        len(ms.vjp(three, x, y, has_aux=True))
        ms.vjp(square, i)[0]
        ms.vjp(square, x.astype(ms.float16))[1](v.astype(ms.float16))
        ms.vjp(square, x.astype(ms.float64))[1](v.astype(ms.float64))
        ms.vjp(wide, x)[1](v.astype(ms.float64))
        ms.vjp(pair, (x, y), y)[1](v)
        ms.vjp(scaled, x, 2.0)
        ms.vjp(square, 2.0)
        ms.vjp(square, None)
        ms.vjp(square, x)[1](2.0)
        ms.vjp(square, x)[1](m)
        ms.vjp(square, x)[1](s)
        ms.vjp(square, x)[1](v.astype(ms.float64))
        ms.vjp(square, x)[1](v, v)
        ms.vjp(square, x)[1]()
        ms.vjp(both, x, y)[1](v)
        ms.vjp(both, x, y)[1](v, v, v)
        ms.vjp(square, x, has_aux=1)
        ms.vjp(square, x, has_aux=True)
        ms.vjp(single, x, has_aux=True)
        ms.vjp(square, x, weights=3)
        ms.vjp(square, x, weights=[3])
        ms.vjp(square, a=x)
        ms.vjp(3, x)
        ms.vjp(mul, x)
        ms.vjp(mul, x, x)[1](v)
        ms.vjp(grad(cube), x)[1](v)
        ops.vjp(square, x)[1](v)
    """,
    SETUP,
    more={
        "several calls": "_, pull = ms.vjp(square, x)\npull(v), pull(y), pull(v)",
        "inside jit": """
            @ms.jit
            def f(a, c):
                out, pull = ms.vjp(square, a)
                return out, pull(c), pull(c + 1)

            f(x, v)
        """,
        "weights inside jit": """
            @ms.jit
            def f(a, c):
                out, pull = ms.vjp(net, a, weights=[w])
                return pull(c)

            f(x, v)
        """,
        "hessian vector product": "ms.vjp(grad(cube), x)[1](v)",
        "grad of vjp": "grad(lambda a: ms.vjp(cube, a)[1](v)[0])(x)",
        "vjp of vjp": "ms.vjp(lambda a: ms.vjp(cube, a)[1](v)[0], x)[1](y)",
    },
)

LINEARIZE = Table(
    "linearize",
    """
        ops.linearize(square, x)[0]
        ops.linearize(square, x)[1](v)
        ops.linearize(mul, (x, y))[1]((v, v))
        ops.linearize(mul, [x, y])[1]([v, v])
        ops.linearize(mul, (x, y))[1]([v, v])
        ops.linearize(both, (x, y))[0]
        ops.linearize(both, (x, y))[1]((v, v))
        ops.linearize(single, x)[1](v)
        ops.linearize(total, x)[1](v)
        ops.linearize(constant, x)[1](v)
        ops.linearize(net, x)[1](v)
        ops.linearize(square, (x,))[1](v)
        ops.linearize(mul, (x, y))[1](v, v)
        ops.linearize(square, 1.0)
        ops.linearize(square, x)[1](1.0)
        ops.linearize(square, x)[1](m)
        ops.linearize(square, x)[1](v.astype(ms.float64))
        ops.linearize(mul, (x, y))[1]((v,))
        ops.linearize(3, x)
    """,
    SETUP,
    more={"several calls": "out, push = ops.linearize(cube, x)\nout, push(v), push(y)"},
)


def jacobian(name: str) -> Table:
    rows = """
        ms.jac(square)(x)
        ms.jac(square, (0,))(x)
        ms.jac(mul)(x, y)
        ms.jac(mul, 1)(x, y)
        ms.jac(mul, (0, 1))(x, y)
        ms.jac(mul, (1, 0))(x, y)
        ms.jac(both)(x, y)
        ms.jac(both, (0,))(x, y)
        ms.jac(both, (0, 1))(x, y)
        ms.jac(single)(x)
        ms.jac(total)(x)
        ms.jac(total)(m)
        ms.jac(square)(m)
        ms.jac(square)(s)
        ms.jac(both, 0, True)(x, y)
        ms.jac(both, (0, 1), has_aux=True)(x, y)
        ms.jac(three, has_aux=True)(x, y)
        ms.jac(net)(x)
        ms.jac(net2)(x, y)
        ms.jac(constant)(x)
        ms.jac(first, (0, 1))(x, y)
        ms.jac(square)(x.astype(ms.float16))
        ms.jac(square)(x.astype(ms.float64))
        ms.jac(square)(i)
        ms.jac(square, 1)(x)
        ms.jac(square, -1)(x)
        ms.jac(mul, (0, 0))(x, y)
        ms.jac(mul, (0, 2))(x, y)
        ms.jac(mul, [0, 1])(x, y)
        ms.jac(mul, None)(x, y)
        ms.jac(mul, 1.0)(x, y)
        ms.jac(mul, (0, 1.0))(x, y)
        ms.jac(mul, ())(x, y)
        ms.jac(square, 0, 1)
        ms.jac(square, has_aux=True)(x)
        ms.jac(single, has_aux=True)(x)
        ms.jac(listed)(x, y)
        ms.jac(scaled)(x, 2.0)
        ms.jac(scaled, 1)(x, 2.0)
        ms.jac(square)(2.0)
        ms.jac(square)(a=x)
        ms.jac(3)(x)
        ms.jac(grad(cube))(x)
        ms.jac(ms.jacfwd(cube))(x)
        ms.jac(ms.jacrev(cube))(x)
        ms.jac(ms.jac(mul, (0, 1)), (0, 1))(x, y)
        ms.jac(mul)(x, x)
        ops.jac(square)(x)
    """
    return Table(name, rows.replace(".jac(", f".{name}("), SETUP)


TAYLOR = Table(
    "taylor",
    """
        ops.jet(square, x, v)
        ops.jet(square, x, Tensor([[1.0, 1.0], [0.0, 0.0]]))
        ops.jet(ops.Exp(), x, Tensor([[1.0, 1.0], [0.5, 0.0], [0.0, 2.0]]))
        ops.jet(ops.Sin(), x, Tensor([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0]]))
        ops.jet(ops.Log(), x, Tensor([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0]]))
        ops.jet(mul, (x, y), (Tensor([[1.0, 1.0], [0.0, 0.0]]), Tensor([[1.0, 2.0], [0.0, 0.0]])))
        ops.jet(square, x.astype(ms.int32), Tensor([[1, 1], [0, 0]], ms.int32))
        ops.jet(square, x.astype(ms.float64), Tensor([[1.0, 1.0]], ms.float64))
        ops.jet(square, x.astype(ms.float16), x.astype(ms.float16))
        ops.jet(square, 1.0, x)
        ops.jet(square, x, (x,))
        ops.jet(square, (x,), x)
        ops.jet(mul, (x, y), (x,))
        ops.jet(square, x, Tensor([1.0, 2.0, 3.0]))
        ops.jet(square, x, Tensor([[1.0, 2.0, 3.0]]))
        ops.jet(square, x, x.astype(ms.float64))
        ops.jet(square, [x], [x])
        ops.derivative(cube, x, 1)
        ops.derivative(cube, x, 2)
        ops.derivative(cube, x, 4)
        ops.derivative(ops.Sin(), x, 3)
        ops.derivative(mul, (x, y), 2)
        ops.derivative(both, (x, y), 2)
        ops.derivative(net, x, 2)
        ops.derivative(square, x.astype(ms.int64), 1)
        ops.derivative(square, x.astype(ms.float64), 2)
        ops.derivative(square, x.astype(ms.float16), 1)
        ops.derivative(square, x, 0)
        ops.derivative(square, x, -1)
        ops.derivative(square, x, 1.0)
        ops.derivative(square, x, True)
        ops.derivative(square, x, None)
        ops.derivative(square, 1.0, 1)
        ops.derivative(square, [x], 1)
    """,
    SETUP,
    more={
        "exp of sin": """
            class Both(nn.Cell):
                def __init__(self):
                    super().__init__()
                    self.sin, self.exp = ops.Sin(), ops.Exp()

                def construct(self, a):
                    return self.exp(self.sin(a))

            ops.jet(Both(), x, Tensor([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0]])), ops.derivative(Both(), x, 3)
        """,
    },
)

RECIPES = Table(
    "recipes",
    {
        "hessian by nested Jacobians": """
            ms.jacfwd(ms.jacrev(mul, (0, 1)), (0, 1))(x, y)
        """,
        "hessian vector products": """
            def product(a):
                return (grad(cube)(a) * v).sum()

            grad(product)(x)
        """,
        "an equation and its weights": """
            dense = nn.Dense(1, 1, weight_init='ones', bias_init='zeros')
            wave = nn.SequentialCell(dense, nn.Tanh())
            t = Tensor([[0.1], [0.5]])

            def residual(a):
                return ((grad(wave)(a) - 1) ** 2).sum()

            value_and_grad(residual, None, wave.trainable_params())(t)
        """,
        "gradients of each sample": """
            def loss(p, a):
                return (p * a * a).sum()

            ms.vmap(grad(loss), (None, 0))(y, m)
        """,
        "gradients of a map over sums": """
            add = ops.MultitypeFuncGraph('add')

            @add.register('Tensor', 'Tensor')
            def add_tensors(a, c):
                return a + c

            ops.HyperMap()(add, (x, y), (y, x))
        """,
    },
    SETUP,
)

WRAPPERS = Table(
    "wrappers",
    """
        nn.Jvp(square)(x, v)
        nn.Jvp(mul)(x, y, (v, v))
        nn.Jvp(both)(x, y, (v, v))
        nn.Jvp(net)(x, v)
        nn.Jvp(net2)(x, y, (v, v))
        nn.Vjp(square)(x, v)
        nn.Vjp(mul)(x, y, v)
        nn.Vjp(both)(x, y, (v, v))
        nn.Vjp(net)(x, v)
        nn.Vjp(net2)(x, y, (v, v))
        nn.Vjp(total)(x, s)
        nn.ForwardValueAndGrad(net)(x)
        nn.ForwardValueAndGrad(net, get_all=True)(x)
        nn.ForwardValueAndGrad(net, weights=ParameterTuple([w, b]), get_by_list=True)(x)
        nn.ForwardValueAndGrad(net, weights=ParameterTuple([w, b]), get_all=True, get_by_list=True)(x)
        nn.ForwardValueAndGrad(net, sens_param=True)(x, v)
        nn.ForwardValueAndGrad(net, weights=3, get_by_list=True)
        nn.ForwardValueAndGrad(3)
    """,
    SETUP,
)

COTANGENTS = """
x = Tensor([2.0, 3.0], ms.float32)
one = Tensor([1.0, 1.0], ms.float32)
ten = Tensor([10.0, 10.0], ms.float32)
first = ops.GradOperation(sens_param=True)

def single(a):
    return a * 3

def named(a):
    return {'twice': a * 2, 'square': a * a}

def numbered(a):
    return {'twice': a * 2, 'steps': 4}

def mixed(a):
    return {'twice': a * 2}, a * 5

def state(a):
    return a * 3, (a * 5, a * 7)

def listed(a):
    return [a * 3, a * 5]

def beside(a):
    return a * 3, 4
"""

NESTED = (
    ("single", "(one,)"),
    ("single", "[one]"),
    ("single", "(one, one)"),
    ("named", "{'twice': one, 'square': ten}"),
    ("named", "{'square': ten, 'twice': one}"),
    ("named", "(one, ten)"),
    ("named", "one"),
    ("numbered", "{'twice': ten, 'steps': 4}"),
    ("numbered", "{'twice': ten, 'steps': Tensor(1)}"),
    ("mixed", "({'twice': one}, ten)"),
    ("mixed", "(one, ten)"),
    ("state", "(one, (ten, one))"),
    ("state", "(one, [ten, one])"),
    ("state", "(one, ten, one)"),
    ("state", "(one, ten)"),
    ("listed", "[one, ten]"),
    ("listed", "(one, ten)"),
    ("beside", "(one, 4)"),
    ("beside", "(one, 1.0)"),
    ("beside", "(one,)"),
    ("beside", "(one, ten)"),
)

TABLES = [
    Table(
        "nested cotangents",
        "\n".join(
            row
            for function, sens in NESTED
            for row in (
                f"first({function})(x, {sens})",
                f"ms.grad({function}, sens_param=True)(x, {sens})",
                f"ms.vjp({function}, x)[1]({sens})",
            )
        ),
        COTANGENTS,
        graph="too",
    ),
    JVP,
    VJP,
    LINEARIZE,
    jacobian("jacfwd"),
    jacobian("jacrev"),
    TAYLOR,
    RECIPES,
    WRAPPERS,
]
