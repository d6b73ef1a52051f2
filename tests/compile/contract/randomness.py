"""Random numbers: msjax's, numpy's, Python's; seeds set between calls."""

import random

import numpy as np

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, nn, ops
from msjax.common import initializer as initializers

X = Tensor([1.0, 2.0, 3.0])
NOT_BY_THEMSELVES = ("Initializer", "initializer", "Constant", "Sparse")


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


class Counted(initializers.Initializer):
    """An initializer of the user's, with an effect."""

    filled = 0

    def _initialize(self, arr):
        Counted.filled += 1
        arr[...] = Counted.filled


INITIALIZERS = [
    *(getattr(initializers, name)() for name in initializers.__all__ if name not in NOT_BY_THEMSELVES),
    initializers.Constant(3),
    initializers.Sparse(0.5),
    Counted(),
]


@program
def tensors_filled_inside():
    x = Tensor(np.ones((4, 4), np.float32))
    kept = Parameter(x, name="w")
    for init in INITIALIZERS:
        made = (
            lambda x, init=init: (x * Tensor(shape=(4, 4), dtype=ms.float32, init=init)).sum(),
            lambda x, init=init: (x * initializers.initializer(init, (4, 4))).sum(),
            lambda x, init=init: (x * kept.clone(init)).sum(),
        )
        for f in (*map(ms.grad, made), ms.jit(made[0])):
            yield [attempt(f, x) for _ in range(3)], Counted.filled


@program(compiles=False)
def tensors_drawn_by_a_helper():
    noise = initializers.Normal(1.0)

    def noisy(x):
        return x + ms.Tensor(shape=x.shape, dtype=x.dtype, init=noise)

    f = watch(ms.value_and_grad(lambda x: (noisy(x) * x).sum()))
    for _ in STEPS:
        yield f(X), np.random.random()


@program(compiles=True)
def tensors_filled_with_a_constant_inside():
    ones = initializers.One()
    f = watch(ms.grad(lambda x: (x * Tensor(shape=(3,), dtype=ms.float32, init=ones)).sum()))
    for _ in STEPS:
        yield f(X)


@program
def constant_of_an_initializer_changes():
    level = initializers.Constant(1.0)
    f = ms.grad(lambda x: (x * Tensor(shape=(3,), dtype=ms.float32, init=level)).sum())
    for k in STEPS:
        yield f(X)
        level.value = 2.0 + k // 2
