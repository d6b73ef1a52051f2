"""Arrays of numpy, and its functions, in a function that is compiled."""

import math

import numpy as np

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor

X = Tensor([1.0, 2.0, 3.0])


@program
def views_written():
    table = np.zeros((2, 3), np.float32)

    def row(x):
        first = table[0]
        first[1] = 5
        return x * x

    def flat(x):
        every = table.reshape(-1)
        every[2] = 5
        table.T[0, 1] = 4
        return x * x

    def augmented(x):
        first = table[0]
        first += 1
        return x * x

    f, g, h = ms.grad(row), ms.grad(flat), ms.grad(augmented)
    for _ in STEPS:
        table[:] = 0
        yield f(X), g(X), h(X), table.copy()


@program
def results_written_to_arrays():
    out = np.zeros(3, np.float32)

    def by_ufunc(x):
        np.add(np.ones(3), 1, out)
        return x * x

    def by_clip(x):
        np.clip(np.ones(3), 0, 0.5, out)
        return x * x

    def by_keyword(x):
        np.multiply(np.ones(3), 3, out=out)
        return x * x

    for f in map(ms.grad, (by_ufunc, by_clip, by_keyword)):
        for _ in STEPS:
            out[:] = 0
            yield f(X), out.copy()


@program
def arrays_changed_by_functions():
    values = np.full(3, np.nan, np.float32)

    def without_copy(x):
        np.nan_to_num(values, copy=False)
        return x * x

    def through_another(x):
        np.asarray(values)[0] = 3
        np.squeeze(values)[1] = 2
        return x * x

    for f in map(ms.grad, (without_copy, through_another)):
        for _ in STEPS:
            values[:] = np.nan
            yield f(X), values.copy()


@program
def functions_made_for_arrays():
    log = []
    captured = np.frompyfunc(lambda v: log.append(v) or v, 1, 1)
    f = ms.grad(lambda x: x * float(captured(2.0)))
    g = ms.grad(lambda x: x * float(np.vectorize(lambda v: log.append(v) or 2.0)(1.0)))
    for _ in STEPS:
        log.clear()
        yield f(X), g(X), len(log)


@program
def warnings_of_functions():
    zero = np.array([0.0])
    f = ms.grad(lambda x: x * float(np.divide(1.0, zero)[0] > 0))
    g = ms.grad(lambda x: x * float(np.log(0.0) < 0))
    for _ in STEPS:
        yield f(X), g(X)


@program(compiles=True)
def numbers_by_functions():
    size = 4
    f = watch(ms.grad(lambda x: x / np.sqrt(size) * np.prod(x.shape) * np.float32(0.5) * math.sqrt(4)))
    for k in STEPS:
        yield f(X)
        size = 4 if k < 3 else 16


@program
def numbers_of_numpy_from_outside():
    global RATE
    RATE = np.float32(0.5)
    f = watch(ms.grad(lambda x: x * RATE))
    for k in STEPS:
        yield f(X)
        RATE = np.float32(0.5 + k // 3)
