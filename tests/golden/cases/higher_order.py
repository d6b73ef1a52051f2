"""Gradients of gradients."""

from golden.cases import Table

SETUP = """
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)
s = Tensor([10.0, 100.0], ms.float32)
op = ops.GradOperation()
op_sens = ops.GradOperation(sens_param=True)

def cube(a):
    return a * a * a

def f(a, b):
    return a * a * b * b * b

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([0.5, 1.5], ms.float32), name='w')

    def construct(self, a):
        return a * a * a * self.w * self.w

net = Net()
w = net.w
"""

BOTH = """
    grad(cube)(x)
    grad(grad(cube))(x)
    grad(grad(grad(cube)))(x)
    grad(grad(grad(grad(cube))))(x)
    grad(grad(f, (0, 1)), 0)(x, y)
    grad(grad(f, (0, 1)), (0, 1))(x, y)
    grad(grad(f, 0), 1)(x, y)
    grad(grad(f, 1), 0)(x, y)
    grad(grad(f, 1), 1)(x, y)
    grad(grad(f, 0), (0, 1))(x, y)
    grad(grad(net, 0), None, [w])(x)
    grad(grad(net, None, [w]), 0)(x)
    grad(grad(net, None, [w]), None, [w])(x)
    grad(grad(net, 0, [w]), 0, [w])(x)
    grad(value_and_grad(cube))(x)
    value_and_grad(value_and_grad(cube))(x)
    value_and_grad(grad(cube))(x)
    op(op(cube))(x)
    op(op(op(cube)))(x)
    op_sens(op(cube))(x, s)
"""

TABLES = [
    Table("nesting", BOTH, SETUP, graph="too"),
    Table(
        "nesting",
        """
            op_sens(op_sens(cube))(x, s, s)
            grad(lambda a: a * grad(lambda b: a + b)(Tensor([1.0, 1.0])))(x)
            grad(lambda a: grad(lambda b: a * b * b)(y))(x)
            grad(lambda a: grad(cube)(a) * a)(x)
            grad(lambda a: grad(lambda b: ops.tanh(b))(a * 0.5).sum())(x)
            grad(grad(lambda a: ops.relu(a)))(x)
            grad(grad(lambda a: ops.tanh(a)))(x)
            grad(grad(lambda a: ops.sin(a)))(x)
            grad(grad(lambda a: ops.exp(a)))(x)
            grad(grad(lambda a: a ** 3))(x)
            grad(grad(lambda a: ops.sigmoid(a)))(x)
            grad(grad(lambda a: ops.gelu(a)))(x)
            grad(grad(lambda a: a / (a + 1)))(x)
            grad(grad(lambda a: ops.matmul(a.reshape((1, 2)), a.reshape((2, 1)))))(x)
            grad(grad(lambda a: (a * a).sum() * a))(x)
        """,
        SETUP,
        more={
            "second order through Dense": """
                dense = nn.Dense(2, 2, weight_init='ones', bias_init='zeros')
                m = Tensor([[0.1, 0.2]])

                def energy(a):
                    return ops.tanh(dense(a)).sum()

                def force(a):
                    return (grad(energy)(a) ** 2).sum()

                grad(force, 0, dense.trainable_params())(m)
            """,
            "grad of jit": "grad(ms.jit(cube))(x)",
            "jit of grad": """
                @ms.jit
                def g(a):
                    return ms.grad(cube)(a)

                g(x)
            """,
            "grad of jit of grad": """
                @ms.jit
                def g(a):
                    return ms.grad(cube)(a)

                grad(g)(x)
            """,
            "jit of grad of grad": """
                @ms.jit
                def g(a):
                    return ms.grad(ms.grad(cube))(a)

                g(x)
            """,
            "vjp of grad": "ms.vjp(grad(cube), x)[1](y)",
            "grad of vjp": "grad(lambda a: ms.vjp(cube, a)[1](y)[0])(x)",
            "jvp of grad": "ms.jvp(grad(cube), x, y)",
            "grad of jvp": """
                def g(a):
                    return ms.jvp(cube, a, y)[1]

                grad(g)(x)
            """,
            "newton's method": """
                def loss(a):
                    return (a ** 4).sum() - 3 * (a * a).sum()

                a = x
                for _ in range(3):
                    a = a - grad(loss)(a) / grad(grad(loss))(a)
                a
            """,
        },
    ),
]
