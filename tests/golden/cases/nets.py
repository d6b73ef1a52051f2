"""A network, and arguments for it, that several tables share."""

XY = """
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)
"""

NET = (
    XY
    + """
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
)
