"""`vmap`."""

from golden.cases import Table

SETUP = """
x = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], ms.float32)
y = Tensor([[1.0, 0.5], [2.0, 1.0], [3.0, 1.5]], ms.float32)
v = Tensor([10.0, 100.0], ms.float32)
s = Tensor([1.0, 2.0, 3.0], ms.float32)
seven = Tensor(7.0, ms.float32)

def double(a):
    return a * 2

def total(a):
    return a.sum()

def mul(a, b):
    return a * b

def both(a):
    return a * 2, a.sum()

def beside(a, b):
    return a * 2, b * 3

def pair(p):
    return p[0] * p[1]

def nested(p, c):
    return p[0] * p[1] + c

def scaled(a, k):
    return a * k

def listed(a):
    return [a, a.sum()]

def energy(a):
    return (a * a * a).sum()

def branch(a):
    if a.sum() > 5:
        return a
    return -a

def chosen(a):
    return ops.where(a > 2, a, -a)

def written(a):
    a[0] = 9.0
    return a

class Net(nn.Cell):
    def __init__(self, w=1.0):
        super().__init__()
        self.w = Parameter(Tensor([w, 2 * w], ms.float32), name='w')

    def construct(self, a):
        return a * self.w

net = Net()
cells = nn.CellList([Net(1.0), Net(2.0), Net(3.0)])
"""

CONSTANTS = """
x = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], ms.float32)
c = Tensor([7.0, 9.0], ms.float32)

class Bias(nn.Cell):
    def __init__(self):
        super().__init__()
        self.bias = Tensor([7.0, 9.0], ms.float32)

    def construct(self, a):
        return self.bias * 2

class Bare(nn.Cell):
    def __init__(self, count=2, kind=ms.float32):
        super().__init__()
        self.w = Parameter(Tensor(np.ones(count), kind), name='w')

    def construct(self, a):
        return a * self.w

class Biased(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([1.0, 2.0], ms.float32), name='w')
        self.b = Parameter(Tensor([1.0, 2.0], ms.float32), name='b')

    def construct(self, a):
        return a * self.w + self.b

class Beside(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([1.0, 2.0], ms.float32), name='w')

    def construct(self, a, b):
        return a * self.w, b

def constant(a):
    return c * 2

def made(a):
    return Tensor([1.0, 2.0], ms.float32)

def integer(a):
    return 3

def real(a):
    return 3.5

def truth(a):
    return True

def shape(a):
    return a.shape

def pair(a):
    return a * 2, 3

def numbers(a):
    return 3, 4.0

def nested(a):
    return a, (c, 3)

def named(a):
    return {'a': a, 'b': c}

def nothing(a):
    return ()

def none(a):
    return None

def text(a):
    return 'a'

def outer(a, b):
    return a

def two(a, b):
    return a + b

def default(a, b=2):
    return a + b

def without():
    return c

def cells(*kinds):
    return nn.CellList(list(kinds))
"""

TABLES = [
    Table(
        "vmap of constants",
        """
            ms.vmap(Bias(), 0, 0)(x)
            ms.vmap(Bias(), 0, 1)(x)
            ms.vmap(constant)(x)
            ms.vmap(constant, 0, 1)(x)
            ms.vmap(constant, 0, (0,))(x)
            ms.vmap(constant, 0, (0, 0))(x)
            ms.vmap(constant, 0, (None,))(x)
            ms.vmap(made)(x)
            ms.vmap(integer)(x)
            ms.vmap(integer, 0, -1)(x)
            ms.vmap(integer, 0, 1)(x)
            ms.vmap(integer, 0, (0,))(x)
            ms.vmap(real)(x)
            ms.vmap(truth)(x)
            ms.vmap(shape)(x)
            ms.vmap(pair)(x)
            ms.vmap(pair, 0, (1, None))(x)
            ms.vmap(pair, 0, (1, 1))(x)
            ms.vmap(numbers)(x)
            ms.vmap(numbers, 0, (None, 0))(x)
            ms.vmap(numbers, 0, (None, None))(x)
            ms.vmap(nested)(x)
            ms.vmap(named)(x)
            ms.vmap(nothing)(x)
            ms.vmap(none)(x)
            ms.vmap(text)(x)
            ms.vmap(ms.vmap(constant))(x)
            ms.vmap(ms.vmap(pair))(x)
            ms.vmap(ms.vmap(outer, (None, 0)), (0, None))(x, c)
            grad(ms.vmap(constant))(x)
            grad(ms.vmap(pair))(x)
            ms.jit(ms.vmap(Bias()))(x)
            ms.jit(ms.vmap(numbers))(x)
            ms.vmap(two)()
            ms.vmap(two)(x)
            ms.vmap(two, (0,))(x)
            ms.vmap(two, (0, 0))(x)
            ms.vmap(two, (0, 0, 0))(x, x)
            ms.vmap(two, 0)(x, x, x)
            ms.vmap(two, (0, 0))(x, x, x)
            ms.vmap(two, (0, 0, 0))(x, x, x)
            ms.vmap(default)(x)
            ms.vmap(default, (0, None))(x)
            ms.vmap(default, (0, None))(x, 3)
            ms.vmap(default, 0)(x, 3)
            ms.vmap(without)()
            ms.vmap(without)(x)
            ms.vmap(cells(Bare(), Bare(1), Bare()))(x)
            ms.vmap(cells(Bare(), Bare(2, ms.float16), Bare()))(x)
            ms.vmap(cells(Bare(), Biased(), Bare()))(x)
            ms.vmap(cells(Bare(), Beside(), Bare()))(x)
            ms.vmap(cells(Bare(), Bare(), Bare()))()
            ms.vmap(cells(Bare(), Bare(), Bare()))(x, x)
        """,
        CONSTANTS,
    ),
    Table(
        "vmap",
        """
            ms.vmap(double)(x)
            ms.vmap(total)(x)
            ms.vmap(total, 1)(x)
            ms.vmap(total, -1)(x)
            ms.vmap(total, -2)(x)
            ms.vmap(double, 0, 1)(x)
            ms.vmap(double, 0, -1)(x)
            ms.vmap(double, 1, 1)(x)
            ms.vmap(mul)(x, y)
            ms.vmap(mul, (0, 0))(x, y)
            ms.vmap(mul, [0, 0])(x, y)
            ms.vmap(mul, (0, None))(x, v)
            ms.vmap(mul, (None, 0))(v, x)
            ms.vmap(mul, (0, None))(x, 2.0)
            ms.vmap(mul, (0, 1))(s, v.reshape((1, 2)).tile((2, 2))[:, :3])
            ms.vmap(both)(x)
            ms.vmap(both, 0, (1, 0))(x)
            ms.vmap(both, 0, (-1, 0))(x)
            ms.vmap(beside, (0, None))(x, v)
            ms.vmap(beside, (0, None), (0, None))(x, v)
            ms.vmap(pair)((x, y))
            ms.vmap(pair, ((0, 0),))((x, y))
            ms.vmap(pair, ((0, None),))((x, v))
            ms.vmap(nested, ((0, None), 0))((x, v), y)
            ms.vmap(listed)(x)
            ms.vmap(net)(x)
            ms.vmap(chosen)(x)
            ms.vmap(written)(x)
            ms.vmap(written)(x), x
            ms.vmap(ms.vmap(mul, (0, None)), (None, 0))(s, s)
            ms.vmap(ms.vmap(double))(x)
            ms.vmap(grad(energy))(x)
            ms.vmap(value_and_grad(energy))(x)
            ms.vmap(ops.GradOperation()(energy))(x)
            ms.vmap(ms.jacrev(energy))(x)
            ms.vmap(ms.jacfwd(ms.jacrev(energy)))(x)
            ms.vmap(grad(mul, (0, 1)))(x, y)
            ms.vmap(grad(net, None, net.trainable_params()))(x)
            grad(ms.vmap(energy))(x)
            ms.vmap(cells, None)(v)
            ms.vmap(cells, 0)(x)
            ms.vmap(cells)(x)
            ms.vmap(cells, (0,), 1)(x)
            ms.vmap(cells, 0)(x[:2])
            ms.vmap(nn.CellList([Net()]), 0)(x)
            ms.vmap([Net(), Net()])(x[:2])
            ms.vmap(double, None)(x)
            ms.vmap(double, 0, None)(x)
            ms.vmap(double, (None,))(x)
            ms.vmap(mul)(x, y[:2])
            ms.vmap(mul, (0,))(x, y)
            ms.vmap(mul, (0, 0, 0))(x, y)
            ms.vmap(both, 0, (0,))(x)
            ms.vmap(both, 0, (0, 0, 0))(x)
            ms.vmap(double, 3)(x)
            ms.vmap(double, -3)(x)
            ms.vmap(double, 0, 3)(x)
            ms.vmap(double, 1.0)(x)
            ms.vmap(double, True)(x)
            ms.vmap(double, 'a')(x)
            ms.vmap(double, 0, 1.0)(x)
            ms.vmap(scaled)(x, 2.0)
            ms.vmap(double)(seven)
            ms.vmap(double)(2.0)
            ms.vmap(mul)(x, b=y)
            ms.vmap(double)(a=x)
            ms.vmap(3)(x)
            ms.vmap(branch)(x)
            ms.vmap(double)()
            ms.vmap(both, 0, (0, None))(x)
            ops.vmap(double)(x)
        """,
        SETUP,
        more={
            "jit of vmap": """
                @ms.jit
                def f(a):
                    return ms.vmap(energy)(a)

                f(x)
            """,
            "vmap of jit": "ms.vmap(ms.jit(energy))(x)",
            "several operators": """
                def f(a):
                    return ops.softmax(a) + a.max() + ops.matmul(a, v) + ops.concat((a, a)).mean()

                ms.vmap(f)(x)
            """,
        },
    ),
]
