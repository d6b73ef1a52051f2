"""Little work for the device, so that the way there is what is measured: first gradients, chains of operators."""

from __future__ import annotations

from benchmarks.workload import Numbers, Workload

# -- the first gradients of a tutorial -------------------------------------------------------------------------------


def pair():
    numbers = Numbers()
    return {"x": numbers.normal(4), "y": numbers.normal(4)}


def mindspore_inputs(data, jit):
    import mindspore as ms
    from mindspore import Tensor

    def product(x, y):
        return x * x * y

    gradient = jit(ms.grad(product, (0, 1)))
    x, y = Tensor(data["x"]), Tensor(data["y"])
    return lambda: gradient(x, y)


def jax_inputs(data, jit):
    import jax
    import jax.numpy as jnp

    gradient = jit(jax.grad(lambda x, y: (x * x * y).sum(), (0, 1)))
    x, y = jnp.asarray(data["x"]), jnp.asarray(data["y"])
    return lambda: gradient(x, y)


def torch_inputs(data):
    import torch

    x, y = (torch.tensor(data[name], requires_grad=True) for name in "xy")
    return lambda: torch.autograd.grad((x * x * y).sum(), (x, y))


def mindspore_weights(data, jit):
    import mindspore as ms
    from mindspore import Parameter, Tensor, nn

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(Tensor(data["y"]), name="w")
            self.b = Parameter(Tensor(data["y"]), name="b")

        def construct(self, x):
            return self.w * x + self.b

    net = Net()
    gradient = jit(ms.value_and_grad(net, None, net.trainable_params()))
    x = Tensor(data["x"])
    return lambda: gradient(x)


def jax_weights(data, jit):
    import jax
    import jax.numpy as jnp

    def value_and_gradients(weights, x):
        value, pullback = jax.vjp(lambda w, b: w * x + b, *weights)
        return value, pullback(jnp.ones_like(value))

    compiled = jit(value_and_gradients)
    weights, x = [jnp.asarray(data["y"])] * 2, jnp.asarray(data["x"])
    return lambda: compiled(weights, x)


def torch_weights(data):
    import torch

    w, b = (torch.tensor(data["y"], requires_grad=True) for _ in range(2))
    x, ones = torch.tensor(data["x"]), torch.ones(4)

    def step():
        value = w * x + b
        return value, torch.autograd.grad(value, (w, b), ones)

    return step


# -- chains of operators ---------------------------------------------------------------------------------------------


def chain(tanh, sin, count: int):
    def run(x):
        for _ in range(count // 4):
            x = tanh(x)
            x = x * 1.5
            x = sin(x)
            x = x + 0.1
        return x

    return run


def sixteen():
    return {"x": Numbers().normal(16)}


def mindspore_chain(data, jit):
    import mindspore as ms
    from mindspore import ops

    compiled, x = jit(chain(ops.tanh, ops.sin, 1000)), ms.Tensor(data["x"])
    return lambda: compiled(x)


def jax_chain(data, jit):
    import jax.numpy as jnp

    run, x = jit(chain(jnp.tanh, jnp.sin, 1000)), jnp.asarray(data["x"])
    return lambda: run(x)


def torch_chain(data):
    import torch

    run, x = chain(torch.tanh, torch.sin, 1000), torch.tensor(data["x"])
    return lambda: run(x)


def mindspore_gradient(data, jit):
    import mindspore as ms
    from mindspore import ops

    gradient, x = jit(ms.grad(chain(ops.tanh, ops.sin, 100))), ms.Tensor(data["x"])
    return lambda: gradient(x)


def jax_gradient(data, jit):
    import jax
    import jax.numpy as jnp

    run = chain(jnp.tanh, jnp.sin, 100)
    gradient, x = jit(jax.grad(lambda x: run(x).sum())), jnp.asarray(data["x"])
    return lambda: gradient(x)


def torch_gradient(data):
    import torch

    run, x = chain(torch.tanh, torch.sin, 100), torch.tensor(data["x"], requires_grad=True)
    return lambda: torch.autograd.grad(run(x).sum(), x)


WORKLOADS = [
    Workload("gradient of x * x * y", pair, mindspore_inputs, jax_inputs, torch_inputs),
    Workload("gradient of w * x + b by its weights", pair, mindspore_weights, jax_weights, torch_weights),
    Workload("1,000 operators on 16 floats", sixteen, mindspore_chain, jax_chain, torch_chain),
    Workload("gradient of 100 operators", sixteen, mindspore_gradient, jax_gradient, torch_gradient),
]
