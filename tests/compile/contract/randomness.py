"""Random numbers: msjax's, numpy's, Python's; seeds set between calls."""

import random

import numpy as np

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


@program(compiles=True)
def draws_inside():
    f = watch(ms.grad(lambda x: x * ops.standard_normal((3,))))
    for _ in STEPS:
        yield f(X), ops.standard_normal((1,))


@program(compiles=True)
def dropout():
    net = nn.Dropout(p=0.5)
    net.set_train()
    f = watch(ms.grad(lambda x: net(x)))
    for _ in STEPS:
        yield f(ops.ones((16,), ms.float32)), np.random.random()


@program
def dropout_toggled():
    net = nn.SequentialCell(nn.Dense(3, 3, weight_init="ones"), nn.Dropout(p=0.5))
    f = ms.grad(lambda x: net(x).sum())
    for k in STEPS:
        net.set_train(k % 2 == 0)
        yield f(X.reshape((1, 3)))


@program(compiles=True)
def seeds_between():
    f = watch(ms.grad(lambda x: x * ops.rand(3)))
    for k in STEPS:
        if k in (2, 4):
            ms.set_seed(7)
        yield f(X)
    ms.set_seed(7)
    yield f(X), f(X)


@program
def seed_inside():
    def forward(x):
        ms.set_seed(3)
        return x * ops.rand(3)

    f = ms.grad(forward)
    for _ in STEPS:
        yield f(X), ops.rand(2)


@program
def operator_with_a_seed():
    normal = ops.StandardNormal(seed=5)
    f = ms.grad(lambda x: x * normal((3,)))
    for _ in STEPS:
        yield f(X)


@program(compiles=False)
def numpy_draws():
    f = watch(ms.grad(lambda x: x * float(np.random.random())))
    for _ in STEPS:
        yield f(X)


@program(compiles=False)
def numpy_draws_made_tensors():
    f = watch(ms.grad(lambda x: x * Tensor(np.random.normal(size=3).astype(np.float32))))
    for _ in STEPS:
        yield f(X)


@program(compiles=False)
def numpy_generator():
    generator = np.random.default_rng(0)
    f = watch(ms.grad(lambda x: x * int(generator.integers(10))))
    for _ in STEPS:
        yield f(X)
    yield float(generator.random())


@program(compiles=False)
def python_draws():
    own = random.Random(1)

    def forward(x):
        order = [0, 1, 2]
        random.shuffle(order)
        return x[order[0]] * random.random() * own.uniform(0, 1)

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X)


@program(compiles=False)
def draw_not_used_for_the_result():
    def forward(x):
        np.random.random()
        random.random()
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), np.random.random(), random.random()


@program
def draws_of_msjax_dropped():
    def forward(x):
        ops.standard_normal((2,))
        return x * x

    f = ms.grad(forward)
    for _ in STEPS:
        yield f(X), ops.standard_normal((2,))


@program
def state_saved_and_restored():
    f = ms.grad(lambda x: x * ops.rand(3))
    state = ms.get_rng_state()
    yield f(X), f(X), f(X)
    ms.set_rng_state(state)
    yield f(X), f(X), f(X)


@program
def number_of_draws_changes():
    count = 1
    f = ms.grad(lambda x: x * sum(ops.rand(3) for _ in range(count)))
    for k in STEPS:
        count = 1 + k % 2
        yield f(X), ops.rand(1)


@program
def initializers_inside():
    f = ms.grad(lambda x: nn.Dense(3, 1)(x.reshape((1, 3))).sum())
    for _ in STEPS:
        yield f(X)
