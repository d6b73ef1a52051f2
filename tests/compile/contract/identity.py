"""Which object is which: Tensors passed twice, captured, aliased, returned as they are."""

import weakref

import numpy as np

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, ops

X = Tensor([1.0, 2.0, 3.0])


@program
def passed_twice():
    f = ms.grad(lambda a, b: a * b * b, (0, 1))
    x, y = X * 1, X * 2
    yield f(x, y), f(x, y), f(x, x), f(x, x), f(y, x), f(x, y), f(y, y)


@program
def passed_and_captured():
    x, other = X * 1, X * 2
    f = ms.grad(lambda a: a * x)
    yield f(other), f(other), f(x), f(x), f(other), f(x)


@program
def aliased_by_tensor():
    f = ms.grad(lambda a, b: a * b * b, (0, 1))
    x = X * 1
    for k in STEPS:
        yield f(x, Tensor(x)) if k % 2 else f(x, x.copy())


@program
def views_passed():
    f = ms.grad(lambda a, b: (a * b).sum(), (0, 1))
    x = ops.stack((X, X + 1))
    for k in STEPS:
        yield f(x[0], x[1]), f(x[0], x[0]), f(x.reshape((6,)), x.reshape((6,))), f(x, x)
        x[0] = X * k


@program
def view_captured():
    base = X * 1
    view = base[0:2]
    f = ms.grad(lambda a: (a[0:2] * view).sum() + (a * base).sum())
    for k in STEPS:
        view[0] = float(k)
        yield f(X), base, view
        base[1] = float(k)


@program
def argument_returned():
    x = X * 1
    f = ms.value_and_grad(lambda a: (a.sum(), a), has_aux=True)
    for _ in STEPS:
        (_, same), gradient = f(x)
        yield same is x, same, gradient, gradient is x


@program
def captured_objects_returned():
    x, marker, table = X * 1, object(), {"a": 1}
    f = ms.value_and_grad(lambda a: ((a * x).sum(), x, marker, table), has_aux=True)
    for _ in STEPS:
        (value, tensor, mark, t), _ = f(X)
        yield value, tensor is x, mark is marker, t is table


@program
def same_tensor_twice_in_the_result():
    def forward(a):
        b = a * 2
        return b.sum(), b, b, [b]

    f = ms.value_and_grad(forward, has_aux=True)
    for k in STEPS:
        (_, first, second, third), _ = f(X + k)
        yield first is second, third[0] is first, first


@program
def identity_inside():
    seen = []

    def forward(a, b):
        return a * 2 if a is b else a * b

    f = ms.grad(forward)
    x = X * 1
    for k in STEPS:
        seen.append(f(x, x if k % 2 else X))
    yield seen


@program(compiles=False)
def ids_inside():
    ids = []

    def forward(a):
        ids.append(id(a) == id(x))
        return a * a

    x = X * 1
    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(x), list(ids)


@program
def tensors_as_keys():
    x, y = X * 1, X * 2
    names = {id(x): 1.0, id(y): 10.0}
    f = ms.grad(lambda a: a * names.get(id(a), 100.0))
    yield f(x), f(x), f(y), f(y), f(X), f(x)


@program
def argument_written():
    def forward(a):
        a[0] = 5.0
        return (a * a).sum()

    f = ms.grad(forward)
    for _ in STEPS:
        x = X * 1
        yield attempt(f, x), x


@program
def argument_augmented():
    def forward(a):
        a += 1
        return (a * a).sum()

    f = ms.grad(forward)
    x = X * 1
    for _ in STEPS:
        yield attempt(f, x), x


@program
def view_of_the_argument_written():
    def forward(a):
        b = a * 2
        part = b[1:]
        part[0] = 7.0
        return (b * b).sum()

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def gradients_kept():
    f = watch(ms.grad(lambda a: a * a))
    kept = []
    for k in STEPS:
        kept.append(f(X + k))
        kept[0][0] = float(k)
        yield list(kept)


@program
def result_written_afterwards():
    p = Parameter(X * 1, name="p")
    f = ms.value_and_grad(lambda a: a * p)
    for k in STEPS:
        value, gradient = f(X)
        value[0] = 100.0
        gradient[1] = -1.0
        yield value, gradient, p.asnumpy(), k


@program
def identity_function():
    f = ms.value_and_grad(lambda a: a)
    x = X * 1
    for _ in STEPS:
        value, gradient = f(x)
        yield value is x, value, gradient
        value[0] = 9.0
        yield x


@program
def result_shares_memory_with_a_captured_tensor():
    state = X * 1
    f = ms.value_and_grad(lambda a: (a.sum(), state[0:2]), has_aux=True)
    for k in STEPS:
        (_, part), _ = f(X)
        part[0] = float(k + 10)
        yield state, part


@program
def weak_references():
    refs = []

    def forward(a):
        b = a * 2
        refs.append(weakref.ref(b))
        return b.sum()

    f = ms.grad(forward)
    for _ in STEPS:
        yield f(X), len(refs)


@program
def numpy_view_of_the_result():
    f = ms.grad(lambda a: a * a)
    arrays = []
    for k in STEPS:
        arrays.append(f(X + k).asnumpy())
        yield np.array(arrays)


@program
def result_is_an_argument_that_shares_with_another_tensor():
    base = X * 1
    same, wrapped = base.astype(base.dtype), Tensor(base)
    f = ms.value_and_grad(lambda a: (a.sum(), a, wrapped, Tensor(a)), has_aux=True)
    for _ in STEPS:
        (_, result, other, new), _ = f(same)
        yield same, wrapped, result, other, new
