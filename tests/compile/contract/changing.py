"""Numbers that change from call to call, wherever they are kept and whatever becomes of them."""

import math

import numpy as np
from contract import attempt, program, watch

import msjax as ms
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 4.0])
VALUES = (1, 2, 3, 4, 2.5, 3.5, True, np.float32(1.5), np.float64(0.25), np.int64(3), None, 0, 5, float("nan"), 1 << 40, -1, 0.5, False, 7)


def weight():
    return Parameter(Tensor([1.0, 2.0, 4.0]), name="w")


def run(function, values=VALUES):
    w = weight()
    step = watch(ms.value_and_grad(lambda x, n: function(x, w, n), None, [w]))
    for n in values:
        yield attempt(step, X, n)


@program
def multiplied():
    yield from run(lambda x, w, n: (x * w * n).sum())


@program
def compared_in_a_chain():
    yield from run(lambda x, w, n: (x * w).sum() * (2.0 if 0 < n < 4 else 0.5))


@program
def in_an_f_string_as_a_key():
    yield from run(lambda x, w, n: (x * w).sum() * {"2": 2.0, "3": 3.0}.get(f"{n}", 1.0))


@program
def as_a_key():
    yield from run(lambda x, w, n: (x * w).sum() * {2: 2.0, 3: 3.0, True: 4.0, None: 5.0}.get(n, 1.0))


@program
def as_an_exponent():
    yield from run(lambda x, w, n: (x * w**n).sum())


@program
def as_an_index():
    yield from run(lambda x, w, n: (x * w)[n].sum())


@program
def as_a_slice():
    yield from run(lambda x, w, n: (x * w)[:n].sum())


@program
def as_a_shape():
    yield from run(lambda x, w, n: (ops.ones((n, 3), ms.float32) * x * w).sum(), (1, 2, 3, 4, 5, 2.0, True, np.int64(2), 0, -1))


@program
def as_an_axis():
    yield from run(lambda x, w, n: ops.cumsum((x * w).reshape(1, 3), n).sum(), (0, 1, -1, 0, 1, 2, True, np.int64(1), 1.0))


@program
def as_a_probability():
    yield from run(lambda x, w, n: ops.dropout(x * w, n).sum(), (0.5, 0.25, 0.125, 0.0, 1.0, 0.5, 2.0, 0.75, -1.0))


@program
def as_a_clip_value():
    yield from run(lambda x, w, n: ops.clamp(x * w, None, n).sum())


@program
def as_a_fill():
    yield from run(lambda x, w, n: (ops.full((3,), n) * x * w).sum())


@program
def returned():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, n: ((x * w).sum(), n), None, [w], has_aux=True))
    for n in VALUES:
        found = attempt(step, X, n)
        yield found, type(found[0][1]).__name__


@program
def returned_in_arithmetic():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, n: ((x * w).sum(), [n + 1, n * 2, -n, n / 2]), None, [w], has_aux=True))
    for n in (1, 2, 3, 4, 5, 2.5, 3.5, True, 6):
        found = attempt(step, X, n)
        yield found, [type(v).__name__ for v in found[0][1]]


@program
def floor_and_mod():
    yield from run(lambda x, w, n: (x * w).sum() * (n // 2) + n % 3, (1, 2, 3, 4, 5, -1, -2, -3.5, 7, True))


@program
def divided_by():
    yield from run(lambda x, w, n: (x * w).sum() / n, (1, 2, 3, 4, 0, 0.0, 5, 2.5))


@program
def number_over_number():
    yield from run(lambda x, w, n: (x * w).sum() * (1 / n), (1, 2, 4, 8, 0, 0.0, 5, 2.5))


@program
def math_of():
    yield from run(lambda x, w, n: (x * w).sum() * math.cos(math.pi * n), (1, 2, 3, 0.5, 0.25, 4, 5))


@program
def minimum_of():
    yield from run(lambda x, w, n: (x * w).sum() * min(1.0, n / 4), (1, 2, 3, 4, 5, 6, 7, 8))


@program
def bits_of():
    yield from run(lambda x, w, n: (x * w).sum() * ((n & 1) + (n >> 1) + (n ^ 3)), (1, 2, 3, 4, 5, 6, 7, True))


@program
def huge_powers():
    yield from run(lambda x, w, n: (x * w).sum() * (10**n), (1, 2, 3, 10, 20, 30, 40, 18, 19))


@program
def huge_sums():
    yield from run(lambda x, w, n: (x * w).sum() * ((n + 1) - n), (1, 1 << 31, 1 << 53, 1 << 62, (1 << 63) - 1, 1 << 63, 1 << 70, 4))


@program
def floats_are_doubles():
    yield from run(lambda x, w, n: (x * w).sum() * ((n + 1e-9) - n) * 1e9, (1.0, 2.0, 3.0, 4.0, 5.0, 6.0))


@program
def float_to_int():
    yield from run(lambda x, w, n: (x * w)[: int(n)].sum() * round(n, 1), (1.0, 1.5, 2.0, 2.26, 3.14, 3.0))


@program
def ints_times_ints():
    w = Parameter(Tensor([1.0, 2.0]), name="w")
    k = Tensor([1, 2], ms.int32)
    step = watch(ms.value_and_grad(lambda n: ((w * (k * n)).sum(), k * n, k / n, k // n, k**n), None, [w], has_aux=True))
    for n in (1, 2, 3, 2.5, True, 4, 1 << 33, 1.5, 0.5):
        yield attempt(step, n)


@program
def bools_that_become_ints():
    w = Parameter(Tensor([1.0, 2.0]), name="w")
    k = Tensor([True, False])
    step = watch(ms.value_and_grad(lambda n: ((w * n).sum(), k * n, k + n), None, [w], has_aux=True))
    for n in (True, False, 1, 0, 2, 1.0, True, 3, 4):
        yield attempt(step, n)


@program
def narrow_tensors_with_numbers():
    w = Parameter(Tensor([1.0, 2.0]), name="w")
    h, i8, u8 = Tensor([1.0, 2.0], ms.float16), Tensor([1, 2], ms.int8), Tensor([1, 2], ms.uint8)
    step = watch(ms.value_and_grad(lambda n: ((w * n).sum(), h * n, i8 * n, u8 + n, h - n), None, [w], has_aux=True))
    for n in (1, 2, 3, 300, -1, 1e6, 0.1, 70000, 2.5):
        yield attempt(step, n)


@program
def an_attribute_of_the_network():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight()
            self.n = 1

        def construct(self, x):
            return (x * self.w * self.n).sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for n in VALUES:
        net.n = n
        yield attempt(step, X)


@program
def an_attribute_shown_and_compared():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight()
            self.n = 1

        def construct(self, x):
            y = x * self.w * self.n
            if self.n == 3:
                y = y * 2
            if self.n is None or self.n != self.n:
                y = y * 4
            return y.sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for n in (1, 2, 3, 4, 3.0, 5, float("nan"), 3, np.int64(3), 6):
        net.n = n
        yield attempt(step, X)


@program
def in_a_list():
    w, held = weight(), [1, 2.0]
    step = watch(ms.value_and_grad(lambda x: (x * w * held[0] + held[-1]).sum(), None, [w]))
    for n in VALUES:
        held[0] = n
        yield attempt(step, X)


@program
def in_a_dict_given():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, c: (x * w * c["n"]).sum() * len(c), None, [w]))
    for n in VALUES:
        yield attempt(step, X, {"n": n, "t": X} if n else {"n": n})


@program
def captured_and_rebound():
    w, n = weight(), 1

    def f(x):
        return (x * w * n).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for n in VALUES:  # noqa: B007 (captured)
        yield attempt(step, X)


RATE = 1.0


@program
def a_global():
    global RATE
    w = weight()
    step = watch(ms.value_and_grad(lambda x: (x * w * RATE).sum(), None, [w]))
    for n in VALUES:
        RATE = n
        yield attempt(step, X)


@program
def a_default_argument():
    w = weight()
    for n in VALUES:

        def f(x, n=n):
            return (x * w * n).sum()

        yield attempt(watch(ms.value_and_grad(f, None, [w])), X)


@program
def a_keyword():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, *, n=2: (x * w * n).sum(), None, [w]))
    for n in VALUES:
        yield attempt(step, X, n=n), attempt(step, X)


@program
def given_to_a_user_class():
    class Schedule:
        def __init__(self, n):
            self.n = n

        @property
        def factor(self):
            return self.n * 0.5

        def __bool__(self):
            return self.n > 2

    def f(x, w, n):
        s = Schedule(n)
        return (x * w).sum() * s.factor * (2.0 if s else 1.0)

    yield from run(f, (1, 2, 3, 4, 2.5, 3.5, True, 0, 5))


@program
def loops_of_n():
    def f(x, w, n):
        for i in range(n):
            x = x * w + i
        return x.sum()

    yield from run(f, (1, 2, 3, 0, 1, 2, 4, True, 2.5))


@program
def isinstance_of():
    def f(x, w, n):
        factor = 2.0 if isinstance(n, bool) else 3.0 if isinstance(n, int) else 4.0 if type(n) is float else 5.0
        return (x * w).sum() * factor

    yield from run(f)


@program
def formatted_into_an_error():
    def f(x, w, n):
        if n > 3:
            raise ValueError(f"{n:.2f} is too much, {n!r}, {n}")
        return (x * w).sum() * n

    yield from run(f, (1, 2, 3, 4, 5, 2.5, 7.25, 1 << 40, 1))


@program
def an_assert():
    def f(x, w, n):
        assert n < 4, n
        return (x * w).sum() * n

    yield from run(f, (1, 2, 3, 4, 5, 2.5, 7.25, 1 << 40, 1))


@program
def into_a_tensor():
    yield from run(lambda x, w, n: (x * w * Tensor(n)).sum(), (1, 2, 3, 2.5, 3.5, True, np.float32(2), 4, 5))


@program
def into_a_tensor_with_dtype():
    yield from run(lambda x, w, n: (x * w * Tensor([n, n, 1], ms.float32)).sum(), (1, 2, 3, 2.5, 3.5, True, np.float32(2), 4))


@program
def numpy_of_it():
    yield from run(lambda x, w, n: (x * w).sum() * float(np.sqrt(n)), (1, 4, 9, 2.25, True, 16, -1.0, 25))


@program
def where_of():
    yield from run(lambda x, w, n: ops.where(x > n, x * w, n).sum(), (1, 2, 3, 2.5, True, 4, 0, 1 << 40))


@program
def complex_numbers():
    yield from run(lambda x, w, n: ops.abs(x * w * n).sum(), (1, 2j, 1 + 1j, 3, 2.5, 4j, complex(0, -0.0)))


@program
def signed_zeros():
    yield from run(lambda x, w, n: ops.atan2(Tensor(0.0) * n, Tensor(-1.0)) + (x * w).sum() * n, (0.0, -0.0, 1.0, -1.0, 2.0, 0.0, -0.0, 3.0))


@program
def sorted_numbers():
    def f(x, w, a, b):
        lo, hi = sorted((a, b))
        return ops.clamp(x * w, lo, hi).sum() * sum([a, b]) * max(a, b)

    w = weight()
    step = watch(ms.value_and_grad(lambda x, a, b: f(x, w, a, b), None, [w]))
    for a, b in ((1, 2), (2, 1), (3, 3), (0.5, 8), (8.0, 1), (2, 5.5), (6, 7)):
        yield attempt(step, X, a, b)


@program
def equal_numbers_given_twice():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, a, b: (x * w).sum() * (2 if a is b else 3) * (4 if a == b else 5), None, [w]))
    for a, b in ((1, 2), (1, 1), (3, 3), (4, 5), (2.5, 2.5), (6, 7), (8, 8)):
        yield attempt(step, X, a, b)


@program
def in_a_set_or_tuple():
    yield from run(lambda x, w, n: (x * w).sum() * (2 if n in (1, 3) else 3 if n in {2, 4} else 5), (1, 2, 3, 4, 5, 6, 2.0, True))


@program
def enumerated_epochs_and_temperature():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight()

        def construct(self, x, epoch, temperature):
            if epoch >= 3 and epoch % 2:
                x = x * 2
            return ops.softmax(x * self.w / temperature).max() * (1 - epoch / 10)

    net = Net()
    opt = nn.SGD(net.trainable_params(), 0.125)
    step = watch(ms.value_and_grad(net, None, opt.parameters))
    for epoch in range(9):
        value, grads = step(X, epoch, 2.0 * 0.5**epoch)
        opt(grads)
        yield value, net.w
