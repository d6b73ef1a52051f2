"""What happens in the middle of a call, and what of it stays: writes, draws, errors, and calls of many operators."""

import contextlib
import sys
import threading
import weakref

import numpy as np

import msjax as ms
from contract import attempt, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


def weight(name="w"):
    return Parameter(Tensor([1.0, 2.0, 3.0]), name=name)


def index(*values):
    return Tensor(np.array(values, np.int32))


@program
def many_operators_with_draws_and_writes():
    w, n = weight(), Parameter(Tensor(0.0), name="n", requires_grad=False)

    def f(x, steps):
        for _ in range(steps):
            x = ops.dropout(x * w, 0.25) * 0.5
            ops.assign_add(n, Tensor(1.0))
        return x.sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for steps in (2, 300, 300, 2, 300):
        yield step(X, steps), n, ops.standard_normal((1,))


@program
def many_operators_that_fail_at_the_end():
    w, n = weight(), Parameter(Tensor(0.0), name="n", requires_grad=False)

    def f(x, steps, i):
        for _ in range(steps):
            x = x * w * 0.5
            ops.assign_add(n, Tensor(1.0))
        return ops.gather(x, i, 0).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for k in (0, 1, 9, 2, 9):
        yield attempt(step, X, 300, index(k)), n


@program
def many_operators_that_print_at_the_end():
    w, n = weight(), Parameter(Tensor(0.0), name="n", requires_grad=False)

    def f(x, steps):
        for _ in range(steps):
            x = x * w * 0.5
            ops.assign_add(n, Tensor(1.0))
        print("end")
        return x.sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for _ in range(4):
        yield attempt(step, X, 300), n


def stopped_at(k, place):
    if k == place:
        raise ValueError(place)


@program
def an_error_at_each_point():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w, self.h1, self.h2 = weight(), Parameter(X * 1, name="h1"), Parameter(X * 2, name="h2")
            self.norm = nn.BatchNorm1d(3)
            self.state = X * 1

        def construct(self, x, k):
            stopped_at(k, 0)
            ops.assign(self.h2, self.h1)
            stopped_at(k, 1)
            ops.assign(self.h1, x)
            stopped_at(k, 2)
            y = self.norm(ops.stack((x, x * 2))) * self.w
            stopped_at(k, 3)
            self.state = ops.dropout(y[0], 0.5)
            stopped_at(k, 4)
            self.h1[0] = 7.0
            self.h2.add_(1.0)
            stopped_at(k, 5)
            return y.sum() + self.state.sum()

    net = Net().set_train()
    step = watch(ms.value_and_grad(net, None, [net.w]))
    for k in (9, 0, 9, 1, 2, 3, 9, 4, 5, 5, 4, 3, 2, 1, 0, 9, 9):
        yield attempt(step, X, k), net.h1, net.h2, net.state, net.norm.moving_mean, ops.standard_normal((1,))


@program
def an_error_at_each_point_of_a_step():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w, self.h1 = weight(), Parameter(X * 1, name="h1", requires_grad=False)

        def construct(self, x, k):
            stopped_at(k, 0)
            ops.assign(self.h1, self.h1 + x)
            stopped_at(k, 1)
            return (self.w * self.h1 * x).sum()

    net = Net()
    opt = nn.Adam(net.trainable_params(), 0.125)
    step = watch(nn.TrainOneStepCell(net, opt))
    for k in (0, 9, 1, 9, 9, 0, 1, 9):
        yield attempt(step, X, k), net.w, net.h1, opt.global_step, opt.moment1


@program
def swaps_and_rotations():
    a, b, c = (Parameter(X * k, name=f"p{k}", requires_grad=False) for k in (1, 2, 3))
    w = weight()

    def f(x):
        t = a.copy()
        ops.assign(a, b)
        ops.assign(b, c)
        ops.assign(c, t)
        u = a.value()
        a.add_(x)
        return (x * w * (a + 2 * b + 4 * c)).sum() + u.sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for i in range(6):
        yield step(X * i), a, b, c


@program
def a_ring_buffer():
    ring = Parameter(Tensor(np.zeros((3, 3), np.float32)), name="ring", requires_grad=False)
    at = Parameter(Tensor(0, ms.int32), name="at", requires_grad=False)
    w = weight()

    def f(x):
        ring[at] = x
        ops.assign(at, (at + 1) % 3)
        return (ring * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for i in range(7):
        yield step(X * i), ring, at


@program
def a_ring_buffer_with_a_number():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.ring, self.at, self.w = [X * 0] * 3, 0, weight()

        def construct(self, x):
            self.ring[self.at] = x
            self.at = (self.at + 1) % 3
            return (sum(self.ring[1:], self.ring[0]) * self.w).sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, [net.w]))
    for i in range(7):
        yield step(X * i), net.at, net.ring


@program
def a_queue_of_negatives():
    queue = Parameter(Tensor(np.eye(4, 3, dtype=np.float32)), name="queue", requires_grad=False)
    w = weight()

    def f(x):
        key = ops.stop_gradient(x * w)
        logits = ops.matmul(queue, (x * w).reshape(3, 1))
        ops.assign(queue, ops.concat((queue[1:], key.reshape(1, 3))))
        return ops.softmax(logits, 0)[0].sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for i in range(6):
        yield step(X * i), queue


@program
def spectral_norm_by_hand():
    w = Parameter(Tensor([[1.0, 2.0], [3.0, 4.0]]), name="w")
    u = Parameter(Tensor([1.0, 0.0]), name="u", requires_grad=False)

    def f(x):
        v = ops.stop_gradient(ops.matmul(w.T, u))
        v = v / ops.norm(v)
        un = ops.matmul(w, v)
        ops.assign(u, ops.stop_gradient(un / ops.norm(un)))
        return (ops.matmul(w, x) / (u * ops.matmul(w, v)).sum()).sum()

    opt = nn.SGD([w], 0.0625)
    step = watch(ms.value_and_grad(f, None, [w]))
    for _ in range(6):
        value, g = step(Tensor([1.0, 0.5]))
        opt(g)
        yield value, g, u, w


@program
def a_write_through_a_view_of_a_state():
    state = Parameter(Tensor(np.zeros((2, 3), np.float32)), name="state", requires_grad=False)
    w = weight()

    def f(x):
        state[0].add_(x)
        row = state[1]
        row[1:] = x[:2]
        state[:, 0] *= 2.0
        return (state * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for i in range(6):
        yield step(X * i), state


@program
def a_handler_inside_that_undoes():
    w, h = weight(), Parameter(X * 1, name="h", requires_grad=False)

    def f(x, k):
        before = h.copy()
        try:
            ops.assign(h, x)
            stopped_at(k, 1)
            y = h * 2
            stopped_at(k, 2)
        except ValueError:
            ops.assign(h, before)
            y = h * 3
        return (y * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for k in (0, 1, 2, 0, 1, 2, 0, 1):
        yield step(X * (k + 1), k), h


@program
def contexts_inside():
    w = weight()

    @contextlib.contextmanager
    def scaled(k):
        stopped_at(k, 1)
        try:
            yield 2.0
        finally:
            ops.assign_add(w, X)

    def f(x, k):
        with scaled(k) as s, contextlib.suppress(KeyError):
            y = x * s
            stopped_at(k, 2)
            if k == 3:
                raise KeyError(k)
            y = y * 2
        return y.sum()

    g = watch(ms.grad(f))
    for k in (0, 1, 2, 3, 0, 1, 2, 3, 0):
        yield attempt(g, X, k), w


@program
def no_grad_and_stop_gradient_inside():
    w, h = weight(), Parameter(X * 1, name="h", requires_grad=False)

    def f(x):
        with ms._no_grad():
            y = x * w
            ops.assign(h, y)
        z = ops.stop_gradient(x) * w
        return (y * z * h).sum()

    step = watch(ms.value_and_grad(f, 0, [w]))
    for i in range(5):
        yield step(X * i), h


@program
def two_functions_in_turns_on_one_state():
    w, h = weight(), Parameter(X * 1, name="h", requires_grad=False)

    def f(x):
        ops.assign_add(h, x)
        return (h * w).sum()

    def g(x):
        ops.assign(h, h * 0.5)
        return (h * w * x).sum()

    a, b = ms.value_and_grad(f, None, [w]), watch(ms.value_and_grad(g, None, [w]))
    for i in range(9):
        yield (a if i % 3 else b)(X * i), h
        if i == 4:
            h[1] = 9.0
        if i == 6:
            h.set_data(X * 2)


@program
def reads_in_between():
    w, h = weight(), Parameter(X * 1, name="h", requires_grad=False)
    kept = []

    def f(x):
        ops.assign_add(h, x)
        return (h * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for i in range(7):
        if i % 2:
            kept.append(h.asnumpy())
            kept.append(h.value())
            kept.append(h[1:])
            kept.append(h.copy())
        step(X * i)
        yield kept


@program
def a_finalizer_that_runs_when_it_likes():
    w = weight()
    gone = []

    class Held:
        def __init__(self, t):
            self.t = t

    def f(x):
        held = Held(x * w)
        return held.t.sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for i in range(5):
        held = Held(X)
        weakref.finalize(held, gone.append, i)
        yield step(X * i), gone


@program
def weak_references_made_inside():
    w, seen = weight(), weakref.WeakSet()

    class Held:
        def __init__(self, t):
            self.t = t
            seen.add(self)

    step = watch(ms.value_and_grad(lambda x: Held(x * w).t.sum(), None, [w]))
    for i in range(5):
        yield step(X * i), len(seen)


@program
def thread_locals_and_context_variables():
    import contextvars

    var = contextvars.ContextVar("var", default=1.0)
    local = threading.local()
    local.s = 1.0
    w = weight()
    step = watch(ms.value_and_grad(lambda x: (x * w).sum() * var.get() * local.s, None, [w]))
    for i in range(6):
        yield step(X)
        var.set(float(i))
        local.s = i / 2


@program
def locals_and_frames():
    w = weight()

    def f(x):
        a, b = 1, 2
        names = sorted(k for k in locals() if len(k) == 1)
        return (x * w).sum() * len(names) * (2.0 if sys._getframe().f_code.co_name == "f" else 3.0)

    step = watch(ms.value_and_grad(f, None, [w]))
    for _ in range(4):
        yield step(X)


@program
def evaluated_code():
    w = weight()
    space = {"w": w, "s": 1.0}
    exec("def f(x):\n    return (x * w).sum() * s\n", space)
    step = watch(ms.value_and_grad(space["f"], None, [w]))
    for i in range(6):
        yield step(X)
        space["s"] = i / 2
        if i == 3:
            exec("def g(x):\n    return x\n", space)
            exec("def f(x):\n    return (x * w).sum() * s * 4\n", space)
            step = ms.value_and_grad(space["f"], None, [w])


@program
def names_that_are_unbound():
    w = weight()

    def f(x, n):
        if n:
            y = x * w
        del x
        return y.sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for n in (1, 0, 1, 0, 1):
        yield attempt(step, X, n)


@program
def loops_with_else_break_continue():
    w = weight()

    def f(x, n):
        for i in range(5):
            if i == n:
                break
            if i % 2:
                continue
            x = x * w
        else:
            x = x * 2
        while n > 0:
            n -= 1
            x = x + n
        else:
            x = x - 1
        return x.sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for n in (1, 2, 3, 4, 5, 6, 0):
        yield step(X, n)


@program
def matches_and_walruses():
    w = weight()

    def f(d):
        match d:
            case {"x": x, "n": int(n)} if n > 2:
                y = x * n
            case {"x": x, **rest}:
                y = x * len(rest)
            case [x, *_]:
                y = x
            case _:
                raise TypeError("no")
        if (s := y * w).ndim == 1 and not (t := None):
            s = s * 2 if t is None else s
        return s.sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for d in ({"x": X, "n": 1}, {"x": X, "n": 3}, {"x": X, "n": 4, "m": 1}, [X, 1], 5, {"x": X}, {"x": X, "n": 3.0}):
        yield attempt(step, d)


@program
def a_class_made_inside():
    w = weight()

    def f(x, n):
        class Local:
            s = n

            def __call__(self, x):
                return x * self.s

            def __add__(self, other):
                return other + self.s

        return (Local() + Local()(x) * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for n in (1, 2, 3, 4):
        yield attempt(step, X, n)


@program
def mangled_names_and_super():
    class Base(nn.Cell):
        def __init__(self):
            super().__init__()
            self.__w = weight()
            self.n = 1

        def construct(self, x):
            return self.__scaled(x)

        def __scaled(self, x):
            return x * self.__w * self.n

    class Net(Base):
        def __init__(self):
            super().__init__()
            self.__w = weight("v")

        def construct(self, x):
            return (super().construct(x) * self.__w).sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in range(5):
        yield step(X)
        net.n = i / 2
        if i == 2:
            net._Base__w = Parameter(X * 3, name="w")
