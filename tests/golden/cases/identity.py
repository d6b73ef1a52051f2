"""What detaches, the identity of Tensors, weights and flags."""

from golden.cases import Table
from golden.cases.nets import NET, XY

STOP = (
    XY
    + """
p = Parameter(Tensor([2.0, 3.0], ms.float32), name='p')
sg = ops.stop_gradient
one = Tensor(2.0, ms.float32)
"""
)

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

FLAGGED = (
    NET
    + """
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
)

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

TABLES = [*STOP_GRADIENT, *IDENTITY, *WEIGHT_FLAGS]
