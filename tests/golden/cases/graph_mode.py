"""Cells and gradients in GRAPH_MODE, contexts."""

from golden.cases import Table

SETUP = """
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([0.5, 1.5], ms.float32), name='w')
        self.k = 2

    def construct(self, a, b=None):
        return a * self.w * self.k if b is None else a * self.w + b

net = Net()
"""


def cell(body: str, init: str = "pass", call: str = "n(x)", arguments: str = "a") -> str:
    """A Cell with a construct, and what is asked of it."""
    lines = body.replace("\n", "\n        ")
    init = init.replace("\n", "\n        ")
    return (
        "class N(nn.Cell):\n    def __init__(self):\n        super().__init__()\n"
        f"        {init}\n\n    def construct(self, {arguments}):\n        {lines}\n\nn = N()\n{call}"
    )


TOTAL = "self.total = Parameter(Tensor([0.0, 0.0]), name='total', requires_grad=False)"

CELLS = {
    "call": "net(x)",
    "keyword": "net(x, b=y)",
    "too many arguments": "net(x, y, x)",
    "too few arguments": "net()",
    "unknown keyword": "net(x, q=y)",
    "Python argument": "net(x, 3)",
    "None argument": "net(x, None)",
    "a Python attribute changed": "first = net(x)\nnet.k = 5\nfirst, net(x)",
    "set_data is seen": "first = net(x)\nnet.w.set_data(y)\nfirst, net(x)",
    "assign is seen": "first = net(x)\nops.assign(net.w, y)\nfirst, net(x)",
    "attribute assigned is seen": "first = net(x)\nnet.w = y\nfirst, net(x)",
    "set_data is seen by grad": "g = grad(net)\nfirst = g(x)\nnet.w.set_data(y)\nfirst, g(x)",
    "gradients": "grad(net, 0, [net.w])(x), value_and_grad(net, (0, 1), [net.w])(x, y)",
    "Python value written in construct": cell(
        "self.n = self.n + 1\nreturn a * self.n", "self.n = 1", "n(x), n(x), n.n"
    ),
    "constant written in construct": cell("self.n = 5\nreturn a * self.n", "self.n = 1", "n(x), n.n"),
    "Tensor written in construct": cell("self.t = a * 2\nreturn self.t", "self.t = Tensor([0.0, 0.0])", "n(x), n.t"),
    "new attribute in construct": cell("self.t = a * 2\nreturn self.t", call="n(x), n.t"),
    "Parameter written in construct": cell(
        "self.total = self.total + a\nreturn a", TOTAL, "n(x), n(x), n.total.asnumpy()"
    ),
    "assign in construct": cell("ops.assign_add(self.total, a)\nreturn self.total * 1", TOTAL, "n(x), n(x)"),
    "list appended in construct": cell("self.seen.append(1)\nreturn a", "self.seen = []", "n(x), n(x), n.seen"),
    "if on a Tensor": cell("if a.sum() > 2:\n    return a * 2\nreturn a", call="n(x), n(-x)"),
    "while on a Tensor": cell("while a.sum() < 50:\n    a = a * 2\nreturn a"),
    "loop over cells": cell(
        "for c in self.layers:\n    a = c(a)\nreturn a", "self.layers = nn.CellList([nn.ReLU(), nn.Tanh()])", "n(x)"
    ),
    "method called": cell("return self.act(a)", "self.act = lambda t: t * 3"),
    "training": cell("return a * 2 if self.training else a", call="first = n(x)\nn.set_train()\nfirst, n(x)"),
    "structure returned": cell("return {'a': a, 'n': (1, [a], None, 'text')}"),
    "numpy argument": cell("return a + b", call="n(x, np.array([1.0, 2.0], np.float32))", arguments="a, b"),
    "list argument": cell("return b[0] + b[1]", call="n(x, [x, y])", arguments="a, b"),
    "argument augmented": cell("a += 1\nreturn a", call="t = x * 1\nn(t), t"),
    "argument's item set": cell("a[0] = 9.0\nreturn a", call="t = x * 1\nn(t), t"),
    "shapes change": "net(x), net(Tensor([[1.0, 2.0], [3.0, 4.0]]))",
    "hooks": "def double(c, i, o):\n    return o * 2\n\n"
    + cell(
        "return self.act(a)",
        "self.act = nn.ReLU()\nself.act.register_forward_hook(double)",
        "n(x), grad(n)(x)",
    ),
    "dropout not training": "nn.Dropout(p=0.5)(x)",
    "function in graph mode": "(lambda a: a * 2)(x)",
    "lambda under grad": "f = lambda a: a * a * net.w\ngrad(f)(x)",
    "same Tensor twice": "f = lambda a, b: a * b * b\ngrad(f, (0, 1))(x, x)",
    "closure over the argument": "f = lambda a: a * x\ngrad(f)(x)",
    "inner gradient of the argument": "def f(a):\n    def g(b):\n        return a * b\n\n    return ms.grad(g)(a)\n\ngrad(f)(x)",
    "training step cell": """
        step_net = nn.WithLossCell(nn.Dense(2, 1, weight_init='ones', bias_init='zeros'), nn.MSELoss())
        step = nn.TrainOneStepCell(step_net, nn.SGD(step_net.trainable_params(), 0.5))
        a, b = x.reshape((1, 2)), Tensor([[1.0]])
        step(a, b), step(a * 0.1, b), [p.asnumpy() for p in step_net.trainable_params()]
    """,
    "raise in construct": cell("raise ValueError('no')"),
    "assert in construct": cell("assert a.ndim == 2, 'two'\nreturn a"),
    "try in construct": cell("try:\n    return a * 2\nexcept ValueError:\n    return a"),
    "set_inputs": "net.set_inputs(Tensor(shape=[None], dtype=ms.float32))\nnet(x), net(Tensor([1.0, 2.0]))",
    "repeated calls": "[net(x * k) for k in range(3)]",
}

CONTEXTS = Table(
    "contexts",
    """
        ms.get_context('mode')
        ms.set_context(ms.GRAPH_MODE)
        ms.set_context(mode=2)
        ms.set_context(mode='graph')
        ms.set_context(mode=1.0)
        ms.set_context(mode=True)
        ms.set_context(foo=1)
        ms.get_context('foo')
        ms.get_context(3)
        ms.GRAPH_MODE, ms.PYNATIVE_MODE, ms.STRICT, ms.COMPATIBLE, ms.LAX
        ms.get_context('jit_syntax_level')
        ms.get_context('device_target')
        ms.get_context('device_id')
        ms.set_context(grad_for_scalar=True)
        ms.set_context(jit_syntax_level=ms.STRICT)
        ms.set_context(jit_syntax_level=5)
        ms.set_context(jit_level='O3')
        ms.set_context(jit_config={'jit_level': 'O0'})
        ms.set_context(jit_config={'jit_level': 'O9'})
        ms.set_context(device_target='Nothing')
        ms.set_context(device_id=-1)
        ms.set_context(max_call_depth=100)
        ms.set_context(max_call_depth=0)
        ms.set_context(save_graphs=0)
        ms.set_context(save_graphs=9)
        ms.set_context(pynative_synchronize=True)
        ms.set_context(pynative_synchronize=1)
        ms.set_context(enable_graph_kernel=False)
        ms.set_context(deterministic='ON')
        ms.set_context(deterministic='MAYBE')
        ms.set_context()
    """,
    SETUP,
    more={
        "mode switched": """
            first = net(x)
            ms.set_context(mode=ms.GRAPH_MODE)
            second = net(x), ms.get_context('mode')
            ms.set_context(mode=ms.PYNATIVE_MODE)
            first, second, net(x), ms.get_context('mode')
        """,
        "gradient function made in the other mode": """
            g = grad(net)
            first = g(x)
            ms.set_context(mode=ms.GRAPH_MODE)
            first, g(x)
        """,
        "read back": "ms.set_context(mode=ms.GRAPH_MODE)\nms.get_context('mode'), ms.get_context('device_target')",
    },
)

TABLES = [Table("cells", CELLS, SETUP, graph="only"), CONTEXTS]
