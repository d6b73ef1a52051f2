"""The tutorial's printed outputs."""

from golden.cases import Table

NET = """
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.z = Parameter(Tensor(np.array([1.0], np.float32)), name='z')

    def construct(self, x, y):
        return x * x * y * self.z

net = Net()
x = Tensor([3.0], ms.float32)
y = Tensor([5.0], ms.float32)
"""

AUX = """
net = nn.Dense(10, 1, weight_init='ones', bias_init='zeros')
loss_fn = nn.MSELoss()

def forward(inputs, labels):
    logits = net(inputs)
    loss = loss_fn(logits, labels)
    return loss, logits

inputs = Tensor((np.arange(160).reshape(16, 10) % 7).astype(np.float32))
labels = Tensor(np.ones([16, 1]).astype(np.float32))
"""

STOP = """
class Net(nn.Cell):
    def __init__(self, stopped):
        super().__init__()
        self.stopped = stopped

    def construct(self, x, y):
        out1 = x * y
        out2 = x * y
        if self.stopped:
            out2 = ops.stop_gradient(out2)
        return out1 + out2

x = Tensor([3.0], ms.float32)
y = Tensor([5.0], ms.float32)
"""

NETWORK = """
np.random.seed(42)
x = ops.ones(5, ms.float32)
y = ops.zeros(3, ms.float32)
w = Parameter(Tensor(np.random.randn(5, 3), ms.float32), name='w')
b = Parameter(Tensor(np.random.randn(3,), ms.float32), name='b')

def forward(x, y, w, b):
    z = ops.matmul(x, w) + b
    return ops.binary_cross_entropy_with_logits(z, y, ops.ones_like(z), ops.ones_like(z))

def with_logits(x, y, w, b):
    z = ops.matmul(x, w) + b
    return ops.binary_cross_entropy_with_logits(z, y, ops.ones_like(z), ops.ones_like(z)), z

def stopped(x, y, w, b):
    z = ops.matmul(x, w) + b
    loss = ops.binary_cross_entropy_with_logits(z, y, ops.ones_like(z), ops.ones_like(z))
    return loss, ops.stop_gradient(z)
"""

TABLES = [
    Table(
        "tutorial",
        setup=NET,
        graph="too",
        rows="""
            str(ms.grad(net, grad_position=(0, 1))(x, y))
            str(ms.grad(net, grad_position=None, weights=ParameterTuple(net.trainable_params()))(x, y))
            ms.grad(net, grad_position=(0, 1))(x, y)
            ms.grad(net, grad_position=0, weights=ParameterTuple(net.trainable_params()))(x, y)
            ms.value_and_grad(net, grad_position=0, weights=net.trainable_params())(x, y)
            ms.grad(ms.grad(net))(x, y)
            ms.grad(ms.grad(net), None, net.trainable_params())(x, y)
            ms.grad(ms.grad(net, None, net.z), 0)(x, y)
            ms.grad(ms.grad(net, 0), 1)(x, y)
        """,
    ),
    Table(
        "has_aux",
        setup=AUX,
        graph="too",
        rows="""
            len(ms.grad(forward, grad_position=0, weights=None, has_aux=True)(inputs, labels)[0])
            ms.grad(forward, grad_position=0, weights=None, has_aux=True)(inputs, labels)[1][0].shape
            ms.grad(forward, grad_position=0, weights=None, has_aux=True)(inputs, labels)
            ms.value_and_grad(forward, None, net.trainable_params(), has_aux=True)(inputs, labels)
        """,
    ),
    Table(
        "stop_gradient",
        setup=STOP,
        graph="too",
        rows="""
            str(ms.grad(Net(True))(x, y))
            str(ms.grad(Net(False))(x, y))
            ms.grad(Net(True), (0, 1))(x, y)
        """,
    ),
    Table(
        "network",
        setup=NETWORK,
        graph="too",
        rows="""
            str(forward(x, y, w, b))
            ms.grad(forward, (2, 3))(x, y, w, b)
            ms.grad(with_logits, (2, 3))(x, y, w, b)
            ms.grad(stopped, (2, 3))(x, y, w, b)
            ms.grad(with_logits, (2, 3), has_aux=True)(x, y, w, b)
        """,
    ),
    Table(
        "nested cells",
        setup="""
            class Grad(nn.Cell):
                def __init__(self, network):
                    super().__init__()
                    self.grad = ops.GradOperation()
                    self.network = network

                def construct(self, x):
                    return self.grad(self.network)(x)

            class Sin(nn.Cell):
                def __init__(self):
                    super().__init__()
                    self.sin = ops.Sin()

                def construct(self, x):
                    return self.sin(x)
        """,
        graph="too",
        rows="""
            Grad(Sin())(Tensor(3.1415926, ms.float32))
            Grad(Grad(Sin()))(Tensor(3.1415926, ms.float32))
            Grad(Grad(Sin()))(Tensor([1.0, 2.0], ms.float32))
            Grad(Grad(Grad(Sin())))(Tensor([1.0, 2.0], ms.float32))
        """,
    ),
]
