"""Functions under ms.jit and in GRAPH_MODE, which do the same compiled and run eagerly."""

import gc
import weakref

import numpy as np

import msjax as ms
from contract import STEPS, attempt, program
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


def index(*values):
    return Tensor(np.array(values, np.int32))


def weight():
    return Parameter(Tensor([1.0, 2.0, 3.0]), name="w")


@program
def a_late_index():
    w = weight()
    n = Parameter(Tensor(0.0), name="n")

    @ms.jit
    def f(x):
        ops.assign_add(n, Tensor(1.0))
        return ops.gather(w, ops.matmul(x, Tensor([[1.0], [0.0]])).astype(ms.int32)[:, 0], 0).sum()

    for k in (0, 1, 9, 2, -7):
        yield attempt(f, Tensor([[float(k), 1.0]])), n


@program
def arguments_are_written():
    @ms.jit
    def f(x, y):
        x.add_(1.0)
        y[0] = 5.0
        return x * y

    for i in STEPS:
        a, b = X * i, X * 1
        yield f(a, b), a, b


@program
def captured_are_written():
    a, b = X * 1, X * 1

    @ms.jit
    def f(x):
        a.add_(x)
        b[0] = 5.0
        return a * b

    for i in STEPS:
        yield f(X * i), a, b


@program
def prints():
    @ms.jit
    def f(x, n):
        print("n", n)
        return x * n

    for n in (1, 2, 3, 1.0, True):
        yield f(X, n)


@program
def lists_outside():
    log = []

    @ms.jit
    def f(x):
        log.append(x.shape)
        return x * len(log)

    for _ in STEPS:
        yield f(X), log


@program
def globals_change():
    global RATE

    @ms.jit
    def f(x):
        return x * RATE

    for n in (1, 2, 2.5, None, X, True, "a", 3):
        RATE = n
        yield attempt(f, X)


@program
def numbers_returned():
    @ms.jit
    def f(x, n):
        return x * n, n, n + 1, [n, {"n": n * 2}]

    for n in (1, 2, 3, 4, 2.5, 3.5, True, 5):
        yield f(X, n)


@program
def a_method():
    class A:
        def __init__(self):
            self.n = 1
            self.w = X * 2

        @ms.jit
        def f(self, x):
            return x * self.n + self.w

        @ms.jit
        def g(self, x):
            self.n += 1
            return x * self.n

    a, b = A(), A()
    for i in range(6):
        yield a.f(X), b.f(X), a.n
        a.n = i
        if i == 3:
            a.w = X * 5
        if i > 2:
            yield attempt(a.g, X), a.n


@program
def a_cell():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight()
            self.calls = 0
            self.last = Tensor([0.0])

        @ms.jit
        def construct(self, x):
            self.calls += 1
            self.last = x * self.w
            return self.last.sum()

    net = Net()
    for i in STEPS:
        yield attempt(net, X * i), net.calls, net.last


@program
def a_cell_in_graph_mode():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight()
            self.count = Parameter(Tensor(0.0), name="count")
            self.norm = nn.BatchNorm1d(3)

        def construct(self, x, n=1):
            self.count += n
            y = self.norm(x.reshape(1, 3)) * self.w
            if n > 2:
                y = y * 2
            return y.sum(), y[0], x

    net = Net().set_train()
    ms.set_context(mode=ms.GRAPH_MODE)
    for i in range(8):
        out = net(X * i, i % 4)
        yield out, out[2] is X, net.count, net.norm.moving_mean
    ms.set_context(mode=ms.PYNATIVE_MODE)


@program
def needs_a_value():
    w = weight()

    @ms.jit
    def f(x):
        ops.assign_add(w, x)
        if x.sum() > 3:
            return w * 2
        for _ in range(int(x[0]) + 1):
            x = x + 1
        return x * w

    for i in (0, 1, 2, 0.25, 1):
        yield f(X * i), w


@program
def raises():
    w = weight()

    @ms.jit
    def f(x, n):
        ops.assign_add(w, x)
        if n == 2:
            raise ValueError("two")
        return x * w

    for n in (1, 2, 1, 2, 3):
        yield attempt(f, X, n), w


@program
def raises_in_a_handler():
    w = weight()

    @ms.jit
    def f(x, n):
        try:
            if n == 2:
                raise ValueError("two")
            return (x * w)[n]
        except ValueError as error:
            return x * len(str(error))
        except IndexError:
            return x
        finally:
            ops.assign_add(w, x)

    for n in (1, 2, 5, 2, 3, 1):
        yield attempt(f, X, n), w


@program
def draws():
    @ms.jit
    def f(x, n):
        y = ops.dropout(x, 0.5)
        if n == 2:
            raise ValueError("two")
        return y, ops.standard_normal((2,))

    for n in (1, 2, 1, 2, 1):
        yield attempt(f, X, n), ops.standard_normal((1,))


@program
def views_in_and_out():
    base = Tensor(np.arange(6, dtype=np.float32).reshape(2, 3))
    row = base[0]

    @ms.jit
    def f(x):
        return x, x[1:], base.T, row

    for i in STEPS:
        out = f(base[1])
        base.add_(1.0)
        yield out, row
        out[0].add_(1.0)
        yield base, out


@program
def grads_inside():
    w = weight()
    opt = nn.Momentum([w], 0.125, 0.5)
    grad = ms.value_and_grad(lambda x: (x * w).sum() ** 2 / 64, None, [w])

    @ms.jit
    def step(x):
        value, g = grad(x)
        opt(g)
        return value

    for i in STEPS:
        yield step(X * i), w, opt.moments, opt.global_step


@program
def grad_of_a_jitted():
    w = weight()

    @ms.jit
    def f(x, n):
        return (x * w).sum() * n

    g = ms.value_and_grad(f, 0, [w])
    for n in (1, 2, 3, 4, 2.5, 3.5):
        yield g(X, n)


@program
def containers():
    @ms.jit
    def f(d, l):
        d["new"] = d["x"] * 2
        l.append(d["x"])
        return d, l, len(l)

    for i in STEPS:
        d, l = {"x": X * i}, [X]
        out = f(d, l)
        yield out, d, l, out[0] is d


@program
def kwargs_and_defaults():
    @ms.jit
    def f(x, *args, s=2.0, **kwargs):
        return x * s + sum(args, Tensor(0.0)) + sum(kwargs.values(), Tensor(0.0))

    for i in range(6):
        yield f(X), f(X, X), f(X, s=float(i)), f(X, X, X, a=X * i), f(X, b=X, a=X)


@program
def wrong_arguments():
    @ms.jit
    def f(x, y):
        return x + y

    for args in ((X,), (X, X), (X, X, X), (), (X, "a"), (X, None), (X, X)):
        yield attempt(f, *args)


@program
def closures_rebound():
    n, t = 1, X

    @ms.jit
    def f(x):
        return x * n + t

    for n in (1, 2, 3, 2.5, True, 4):
        t = X * n
        yield f(X)


@program
def objects_die():
    def make(i):
        net = nn.Dense(3, 2, weight_init="ones")
        f = ms.jit(lambda x: net(x) * i)
        f(X.reshape(1, 3))
        f(X.reshape(1, 3))
        return weakref.ref(net), f(X.reshape(1, 3))

    refs = []
    for i in range(6):
        r, v = make(i)
        gc.collect()
        refs.append(r)
        yield v, [q() is None for q in refs]


@program
def a_static_method_and_class_method():
    class A:
        n = 1

        @staticmethod
        @ms.jit
        def s(x):
            return x * A.n

        @classmethod
        def c(cls, x):
            return cls._c(x)

        _c = ms.jit(lambda x: x * A.n * 2)

    for i in range(6):
        yield A.s(X), attempt(A.c, X)
        A.n = i


@program
def mutable_arguments():
    @ms.jit
    def f(l):
        return [v * 2 for v in l], sum(l, Tensor(0.0))

    for i in STEPS:
        l = ms.mutable([X * i, X])
        yield f(l), f((X, X * i)), attempt(f, [])


@program
def none_and_strings():
    @ms.jit
    def f(x, s, o):
        return {"a": x * 2, "b": x * 3}[s] if o is None else (s, o, x)

    for s, o in (("a", None), ("b", None), ("a", 1), ("b", (1, "x")), ("a", None), ("c", None)):
        yield attempt(f, X, s, o)


@program
def numpy_inside():
    @ms.jit
    def f(x, a):
        return x * Tensor(a), np.sum(a), a * 2

    for i in STEPS:
        a = np.array([1, 2, i], np.float32)
        out = f(X, a)
        yield out
        out[2][0] = 7


@program
def dtype_and_shape_change():
    @ms.jit
    def f(x):
        return x * 2, x.dtype, x.shape

    for x in (X, X.astype(ms.float16), X.astype(ms.int32), X.reshape(1, 3), X[:2], Tensor(1.0), X > 1):
        yield attempt(f, x)


@program
def long_loops():
    w = weight()

    @ms.jit
    def f(x, n):
        for i in range(n):
            x = ops.sin(x * w) + i
        return x

    for n in (1, 50, 300, 50, 300):
        yield f(X, n).shape


@program
def hooks():
    net = nn.Dense(3, 2, weight_init="ones")
    seen = []
    f = ms.jit(lambda x: net(x).sum())
    for i in range(6):
        yield f(X.reshape(1, 3)), seen
        if i == 2:
            handle = net.register_forward_hook(lambda cell, args, out: seen.append(out.shape) or out * 2)
        if i == 4:
            handle.remove()


@program
def schedulers_and_ema():
    net = nn.Dense(3, 2, weight_init="ones")
    ema = [Parameter(p.copy(), name="ema." + p.name) for p in net.trainable_params()]
    lr = nn.exponential_decay_lr(0.125, 0.5, 8, 2, 2)
    opt = nn.Adam(net.trainable_params(), lr)
    grad = ms.value_and_grad(lambda x: (net(x) ** 2).sum(), None, opt.parameters)

    @ms.jit
    def step(x):
        value, g = grad(x)
        value = ops.depend(value, opt(g)) if hasattr(ops, "depend") else value
        for e, p in zip(ema, net.trainable_params()):
            ops.assign(e, e * 0.5 + p * 0.5)
        return value

    for i in range(6):
        yield step(X.reshape(1, 3) * i), ema, opt.global_step


@program
def train_flag_inside():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.drop = nn.Dropout(p=0.5)

        def construct(self, x):
            return self.drop(x) * (2 if self.training else 3)

    net = Net()
    f = ms.jit(net)
    for i in range(6):
        net.set_train(i % 2 == 0)
        yield f(X)


@program
def a_jit_in_a_jit():
    w = weight()

    @ms.jit
    def inner(x, n):
        x.add_(1.0)
        x[0] = 7.0
        return x * n

    @ms.jit
    def outer(x, n):
        y = inner(x, n)
        return x, y, inner(y, n) * w

    for n in (1, 2, 3, 4):
        x = X * 1
        yield outer(x, n), x


@program
def comprehension_and_lambda():
    w = weight()

    @ms.jit
    def f(x, n):
        fs = [lambda y, i=i: y * i + n for i in range(3)]
        return [g(x) for g in fs], {i: x[i] for i in range(3)}, tuple(map(lambda v: v * 2, x)), list(zip(x, w))

    for n in (1, 2, 3, 4):
        yield f(X, n)


@program
def generators_and_iterators():
    @ms.jit
    def f(x, it):
        return x * sum(it)

    @ms.jit
    def g(x):
        yield x * 2
        yield x * 3

    for i in STEPS:
        yield f(X, iter([1, 2, i])), f(X, range(i)), list(g(X))
