"""More values that are wrong, and more numbers that change."""

import functools
import operator

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
def handler_catches_late_demand():
    w = weight()

    def f(x):
        try:
            return ops.gather(w, ops.matmul(x, Tensor([[1.0], [0.0]])).astype(ms.int32)[:, 0], 0).sum()
        except Exception:
            return w.sum() * 3

    step = watch(ms.value_and_grad(f, None, [w]))
    for k in (0, 1, 9, 2, -7, 9):
        yield attempt(step, Tensor([[float(k), 1.0]]))


@program
def demand_inside_other_order():
    w, n = weight(), Parameter(Tensor(0.0), name="n")

    def f(i, j):
        a = ops.gather(w, i, 0).sum()
        ops.assign_add(n, Tensor(1.0))
        b = w[j].sum()
        ops.assign_add(n, Tensor(10.0))
        return a * b

    step = watch(ms.value_and_grad(f, None, [w]))
    for i, j in ((0, 0), (1, 9), (9, 1), (9, 9), (2, 2), (1, 1)):
        yield attempt(step, index(i), index(j)), n


@program
def demand_then_python_error():
    w = weight()

    def f(i, k):
        a = ops.gather(w, i, 0).sum()
        if k:
            raise KeyError(k)
        return a

    step = watch(ms.value_and_grad(f, None, [w]))
    for i, k in ((0, 0), (9, 1), (9, 0), (1, 1), (1, 0), (9, 1)):
        yield attempt(step, index(i), k)


@program
def empty_indices():
    w = weight()
    step = watch(ms.value_and_grad(lambda i: ops.gather(w, i, 0).sum(), None, [w]))
    for v in ((), (0,), (9,), (), (1, 2), (1, 9)):
        yield attempt(step, Tensor(np.array(v, np.int32)))


@program
def dtype_of_index():
    w = weight()
    step = watch(ms.value_and_grad(lambda i: (w[i]).sum(), None, [w]))
    for d in (np.int32, np.int64, np.uint8, np.bool_, np.float32):
        for v in ((0, 1, 2), (1, 0, 1), (5, 0, 1)):
            yield attempt(step, Tensor(np.array(v).astype(d)))


@program
def vmapped_demands():
    w = weight()
    m = watch(ms.vmap(lambda i: ops.gather(w, i, 0)))
    for k in (0, 1, 9, 2, -7):
        yield attempt(m, index(0, k, 1))


@program
def optimizer_in_try():
    w = weight()
    opt = nn.Adam([w], 0.125)
    grad = ms.value_and_grad(lambda i: ops.gather(w, i, 0).sum(), None, [w])
    bad = 0
    for k in (0, 1, 9, 2, -7, 1):
        try:
            v, g = grad(index(k))
            opt(g)
        except Exception:
            bad += 1
        else:
            yield v
        yield bad, w, opt.global_step


@program
def seed_argument():
    w = weight()
    step = watch(
        ms.value_and_grad(lambda s: (ops.uniform((3,), Tensor(0.0), Tensor(1.0), seed=s) * w).sum(), None, [w])
    )
    for s in (1, 1, 2, 2, 3, 3, 4, 4, 5):
        yield attempt(step, s)


@program
def dtype_choice_by_argument():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, d: (x.astype(d) * w).sum(), None, [w]))
    for d in (ms.float32, ms.float16, ms.int32, ms.float64, "float32", np.float32, ms.float16, ms.bfloat16):
        yield attempt(step, X, d)


@program
def reading_numbers_from_np_scalar_list():
    w = weight()
    lr = np.array([0.5, 0.25, 0.125])
    step = watch(ms.value_and_grad(lambda x, e: (x * w).sum() * lr[e], None, [w]))
    for e in (0, 1, 2, 0, 1, 2, 3, -1):
        yield attempt(step, X, e)
    lr[1] = 7
    for e in (0, 1, 2):
        yield attempt(step, X, e)


@program
def linspace_of_numbers():
    w = weight()
    step = watch(
        ms.value_and_grad(
            lambda a: (ops.linspace(Tensor(a, ms.float32), Tensor(a + 1.0), 3) * w).sum() + (ops.arange(0, a, 1)).sum(),
            None,
            [w],
        )
    )
    for a in (1.0, 2.0, 3.0, 4.0, 2, 5):
        yield attempt(step, a)


@program
def number_as_dict_value_and_len():
    w = weight()

    def f(x, cfg):
        return (x * w).sum() * cfg["a"] ** cfg.get("b", 2) + len(cfg)

    step = watch(ms.value_and_grad(f, None, [w]))
    for i in range(8):
        yield attempt(step, X, {"a": i, **({"b": i / 2} if i % 2 else {})})


@program
def numbers_through_partial_and_star():
    w = weight()

    def f(x, *a, **k):
        return (x * w).sum() * sum(a) * k.get("s", 1)

    for i in range(8):
        yield attempt(watch(ms.value_and_grad(functools.partial(f, s=i / 2), None, [w])), X, i, i + 1)


@program
def int_bool_confusion():
    w = weight()

    def f(x, flag):
        if flag is True:
            return (x * w).sum()
        if flag is False:
            return (x * w).sum() * 2
        return (x * w).sum() * 3

    step = watch(ms.value_and_grad(f, None, [w]))
    for v in (True, 1, False, 0, 1.0, 0.0, np.True_, True, 2, 3, 1):
        yield attempt(step, X, v)


@program
def number_compare_with_float_inf_nan():
    w = weight()

    def f(x, b):
        return (x * w).sum() * (2.0 if b < float("inf") else 3.0) * (1.0 if b == b else 5.0)

    step = watch(ms.value_and_grad(f, None, [w]))
    for v in (1.0, 2.0, 3.0, float("inf"), -float("inf"), float("nan"), 4.0, 1e308 * 10):
        yield attempt(step, X, v)


@program
def reduce_over_number():
    w = weight()

    def f(x, n):
        return functools.reduce(operator.mul, [x * w] + [n] * 3).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for v in (1, 2, 3, 4, 1.5, 2.5):
        yield attempt(step, X, v)


@program
def number_in_np_ops():
    w = weight()

    def f(x, n):
        return (x * w * Tensor(np.full(3, n, np.float32))).sum() * float(np.exp(-n))

    step = watch(ms.value_and_grad(f, None, [w]))
    for v in (1, 2, 3, 4, 1.5, 2.5):
        yield attempt(step, X, v)


@program
def int_division_types():
    w = weight()

    def f(x, n):
        return (
            (x * w).sum()
            * (n // 2)
            * (n / 2)
            * (n % 2 + 1)
            * divmod(n, 3)[1]
            * abs(-n)
            * int(n)
            * round(n)
            * pow(n, 2)
            * float(n)
        )

    step = watch(ms.value_and_grad(f, None, [w]))
    for v in (1, 2, 3, 4, 5, 1.5, 2.5, 3.5):
        yield attempt(step, X, v)


@program
def power_of_negative_and_zero():
    w = weight()

    def f(x, n):
        return (x * w).sum() * ((-2) ** n if isinstance(n, int) else 2.0**n) + (x**n).sum() + 0**n

    step = watch(ms.value_and_grad(f, None, [w]))
    for v in (1, 2, 3, -1, -2, 0, 0.5, 1.5, -1.5):
        yield attempt(step, X, v)


@program
def string_of_number():
    w = weight()

    def f(x, n):
        return (x * w).sum() * len(str(n)) * int(f"{n:03d}"[0] + "1")

    step = watch(ms.value_and_grad(f, None, [w]))
    for v in (1, 2, 30, 400, 5000, 2.5):
        yield attempt(step, X, v)


@program
def set_attribute_number_inside():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight()
            self.epoch = 0

        def construct(self, x, e):
            self.epoch = e
            return (x * self.w).sum() * self.epoch

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for e in (1, 1, 2, 2, 3, 4, 5):
        yield step(X, e), net.epoch, type(net.epoch).__name__


@program
def attr_number_float_int():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight()
            self.t = 1

        def construct(self, x):
            return (x.astype(ms.int32) * self.t).sum() * self.w.sum(), (x.astype(ms.int32) * self.t).dtype

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params(), has_aux=True))
    for t in (1, 2, 3, 1.0, 2.0, 3.5, True, 2, np.float64(1.5)):
        net.t = t
        yield step(X)


@program
def tensor_and_number_alternate():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, a: (x * w * a).sum(), None, [w]))
    for a in (1, Tensor(2.0), 3, Tensor(2), 4.5, Tensor([1.0, 2.0, 3.0]), w, 5, np.ones(3, np.float32)):
        yield attempt(step, X, a)


@program
def nested_list_numbers():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, a: (x * w * Tensor(a[0])).sum() * a[1][0], None, [w]))
    for i in range(8):
        yield attempt(step, X, [[i, 1.0, 2], [i / 2]])


@program
def kernel_and_stride_numbers():
    w = Parameter(Tensor(np.ones((1, 1, 2, 2), np.float32)), name="w")
    x = Tensor(np.arange(36, dtype=np.float32).reshape(1, 1, 6, 6))
    step = watch(ms.value_and_grad(lambda s, p: ops.conv2d(x, w, stride=s, pad_mode="pad", padding=p).sum(), None, [w]))
    for s, p in ((1, 0), (2, 0), (1, 1), (3, 1), (2, 1), (1, 2)):
        yield attempt(step, s, p)


@program
def eps_numbers():
    w = weight()
    step = watch(
        ms.value_and_grad(
            lambda x, e: (
                ops.layer_norm(x * w, (3,), ops.ones(3), ops.zeros(3), e).sum()
                + ops.leaky_relu(x * w, e).sum()
                + ops.clip_by_value(w, -e, e).sum()
            ),
            None,
            [w],
        )
    )
    for e in (0.5, 0.25, 0.125, 1e-5, 1.0, 1):
        yield attempt(step, X, e)


@program
def topk_numbers():
    w = weight()
    step = watch(
        ms.value_and_grad(
            lambda x, k: (
                ops.topk(x * w, k)[0].sum()
                + ops.one_hot(Tensor([0, 1]), k + 1).sum()
                + ops.tile(x * w, (k,)).sum()
                + ops.roll(x * w, k)[0]
                + ops.eye(k, 3).sum()
            ),
            None,
            [w],
        )
    )
    for k in (1, 2, 3, 1, 2, 3, 4):
        yield attempt(step, X, k)
