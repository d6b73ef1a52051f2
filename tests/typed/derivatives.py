"""Derivatives: `grad` and its family, differential operators, the README's programs."""

import msjax as ms
from msjax import Tensor, diffops, nn, ops

x = Tensor([[1.0, 2.0]])


def f(x: Tensor) -> Tensor:
    return (x**3).sum()


cube = lambda x: x**3  # noqa: E731
print(ms.grad(ms.grad(cube))(Tensor([2.0])))
gradient: Tensor = ms.grad(f)(x)
value, slope = ms.value_and_grad(f)(x)
first, second = ms.grad(lambda a, b: a * b, grad_position=(0, 1))(x, x)
print(value.shape, slope + 1, first, second)
jacobian = ms.jacrev(f)(x)
output, tangent = ms.jvp(f, x, x)
product, pull = ms.vjp(f, x)[:2]
rows: Tensor = ms.vmap(ops.sin, in_axes=0)(x)
old = ops.GradOperation(get_all=True)(f)(x)

net = nn.SequentialCell(nn.Dense(2, 8), nn.Tanh(), nn.Dense(8, 1))
residual = diffops.laplacian(net)(x) + f(x)
u_xxt = diffops.partial(lambda x, t: x * x * t, "xxt")(x, x)
print(diffops.laplacian(net).plan(x))
print(diffops.jacobian(net)(x), diffops.hessian(net)(x), diffops.divergence(lambda x: x)(x))
print(ms.__version__, ms.get_context("mode"), ms.explain(f))
ms.set_context(mode=ms.PYNATIVE_MODE)
ms.set_compile("off")
ms.set_seed(1)
ms.install_as("mindspore")
