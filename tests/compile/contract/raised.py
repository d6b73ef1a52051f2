"""How exceptions come out: where they come from, what they were raised in, and what stays behind."""

import gc
import sys
import traceback
import warnings
import weakref

import numpy as np
from contract import STEPS, attempt, patched, program, watch

import msjax as ms
from msjax import Parameter, Tensor, nn, ops


def index(*values):
    return Tensor(np.array(values, np.int32))


def told(fn, *args):
    """What a call gives, or what its exception says, and those before it."""
    try:
        return fn(*args)
    except Exception as error:
        chain = []
        while error is not None:
            notes = getattr(error, "__notes__", [])
            chain.append((type(error).__name__, str(error), notes, type(error.__cause__).__name__, error.__suppress_context__))
            error = error.__context__
        return chain


def weight():
    return Parameter(Tensor([1.0, 2.0, 3.0]), name="w")


@program
def an_index_known_beforehand():
    w = weight()
    step = watch(ms.value_and_grad(lambda i: ops.gather(w, i, 0).sum(), None, [w]))
    for k in (0, 1, 9, 2, -7):
        yield told(step, index(0, k))


@program
def an_index_that_is_computed():
    w = weight()
    step = watch(
        ms.value_and_grad(
            lambda x: ops.gather(w, ops.matmul(x, Tensor([[1.0], [0.0]])).astype(ms.int32)[:, 0], 0).sum(), None, [w]
        )
    )
    for k in (0, 1, 9, 2, -7):
        yield told(step, Tensor([[float(k), 1.0]]))


@program
def a_function_that_can_not_be_told_from_others():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, a: (x * w)[3 if len(a) > 2 else 0] / (len(a) - 1), None, [w]))
    for k in (2, 3, 1, 2, 3):
        yield told(step, Tensor([1.0, 2.0, 3.0]), np.array([None] * k, object))


@program
def an_exception_with_a_note_and_a_cause():
    w = weight()

    def f(x, n):
        try:
            {}[n]
        except KeyError as error:
            error.add_note("a note")
            if n > 2:
                raise ValueError("no") from error
            if n > 1:
                raise ValueError("no") from None
            raise ValueError("no")  # noqa: B904 (the context is the matter)

    step = watch(ms.value_and_grad(lambda x, n: f(x * w, n), None, [w]))
    for n in (1, 2, 3, 1, 2, 3):
        yield told(step, Tensor([1.0, 2.0, 3.0]), n)


@program
def the_exception_that_is_handled_around_the_call():
    w = weight()

    def f(x):
        seen.append(type(sys.exc_info()[1]).__name__)
        return (x * w).sum()

    seen = []
    step = watch(ms.value_and_grad(f, None, [w]))
    for i in STEPS:
        try:
            if i % 2:
                raise KeyError(i)
            step(Tensor([1.0, 2.0, 3.0]))
        except KeyError:
            step(Tensor([1.0, 2.0, 3.0]))
        yield seen


@program
def exc_info_of_a_call_that_takes_objects():
    w = weight()

    def f(x, a):
        print(sys.exc_info()[0], traceback.format_exc())
        return (x * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for _ in STEPS:
        yield step(Tensor([1.0, 2.0, 3.0]), np.array([None], object))


@program
def exc_info_when_a_demand_is_not_met():
    w = weight()

    def f(i):
        try:
            return ops.gather(w, i, 0).sum()
        except Exception as error:
            w2 = w * 2
            return w2.sum() * (2.0 if error.__context__ is None else 3.0)

    step = watch(ms.value_and_grad(f, None, [w]))
    for k in (0, 1, 9, 2, -7):
        yield told(step, index(0, k))


@program
def a_bare_raise():
    w = weight()

    def f(x, a):
        if len(a) > 1:
            raise  # noqa: PLE0704 (there is nothing to raise again)
        return (x * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for k in (1, 2, 1, 2, 1):
        yield told(step, Tensor([1.0, 2.0, 3.0]), np.array([None] * k, object))


@program
def the_error_of_a_call_inside_a_handler():
    w = weight()
    step = watch(ms.value_and_grad(lambda i: ops.gather(w, i, 0).sum(), None, [w]))

    def call(i):
        try:
            raise KeyError("first")
        except KeyError:
            return step(i)

    for k in (0, 1, 9, 2, -7):
        yield told(call, index(0, k))


@program
def frames_of_the_users_in_a_traceback():
    w = weight()

    def f(x, i):
        return ops.gather(x * w, i, 0).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for k in (0, 1, 9, 2, -7):
        try:
            yield step(Tensor([1.0, 1.0, 2.0]), index(0, k))
        except Exception as error:
            names = [s.name for s in traceback.extract_tb(error.__traceback__) if s.filename == __file__]
            yield names


@program
def warnings_that_are_shown_once():
    w = weight()

    def f(x):
        y = np.arange(3) / np.array([0, 1, 2])
        return (x * w * Tensor(np.nan_to_num(y), ms.float32)).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in STEPS:
            yield step(Tensor([1.0, 2.0, 3.0])), len(caught)


@program
def warnings_of_the_users_shown_once():
    w = weight()

    def f(x):
        warnings.warn("once", stacklevel=2)
        return (x * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in STEPS:
            yield step(Tensor([1.0, 2.0, 3.0])), len(caught), [str(c.message) for c in caught]


@program
def warnings_of_numpy_shown_once():
    w = weight()

    def f(x):
        return (x * w).sum() * float(np.nanmean(np.array([np.nan])) > 0) + float(np.mean([]) > 0)

    step = watch(ms.value_and_grad(f, None, [w]))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in STEPS:
            yield step(Tensor([1.0, 2.0, 3.0])), [str(c.message) for c in caught]


@program
def warnings_that_are_errors():
    w = weight()

    def f(x):
        return (x * w).sum() * float(np.mean([]) > 0)

    step = watch(ms.value_and_grad(f, None, [w]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in STEPS:
            yield told(step, Tensor([1.0, 2.0, 3.0]))


@program
def an_interrupt_in_the_function():
    w = weight()

    def f(x, n):
        ops.assign_add(w, Tensor([1.0, 1.0, 1.0]))
        if n % 2:
            raise KeyboardInterrupt
        return (x * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for n in range(6):
        try:
            yield step(Tensor([1.0, 2.0, 3.0]), n)
        except KeyboardInterrupt as error:
            yield "interrupted", error.__context__ is None
        yield w


@program
def leaving_by_system_exit():
    w = weight()

    def f(x, n):
        ops.assign_add(w, Tensor([1.0, 1.0, 1.0]))
        if n % 2:
            sys.exit(n)
        return (x * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for n in range(6):
        try:
            yield step(Tensor([1.0, 2.0, 3.0]), n)
        except SystemExit as error:
            yield "left", error.code
        yield w


@program
def draws_before_an_error():
    w = weight()

    def f(x, n):
        y = ops.dropout(x * w, 0.5)
        if n % 3 == 0:
            raise ValueError(n)
        return y.sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for n in range(7):
        yield told(step, Tensor([1.0, 2.0, 3.0]), n), ops.standard_normal((1,))


@program
def draws_before_a_print():
    w = weight()

    def f(x):
        y = ops.dropout(x * w, 0.5)
        z = ops.standard_normal((3,))
        print("drawn")
        return (y * z).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for _ in STEPS:
        yield step(Tensor([1.0, 2.0, 3.0])), ops.standard_normal((1,))


def gone(*references):
    return [r() is None for r in references]


@program
def what_is_let_go_of():
    for i in STEPS:
        w, x = weight(), Tensor([1.0, 2.0, float(i)])
        step = ms.value_and_grad(lambda x: ((x * w).sum(), x * 2), None, [w], has_aux=True)  # noqa: B023
        for _ in range(3):
            (value, aux), g = step(x)
        references = [weakref.ref(t) for t in (w, x, value, aux, g[0], step)]
        del x, value, aux, g
        gc.collect()
        yield gone(*references)
        del step, w
        gc.collect()
        yield gone(*references)


@program
def networks_that_are_let_go_of():
    kept = []
    for i in range(6):
        net = nn.SequentialCell(nn.Dense(2, 2, weight_init="ones"), nn.BatchNorm1d(2))
        opt = nn.Adam(net.trainable_params(), 0.125)
        step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), opt)
        for _ in range(1 + i % 3):
            yield step(Tensor([[1.0, 2.0], [2.0, 0.0]]), Tensor([[1.0, 0.0], [0.0, 0.0]]))
        kept.append([weakref.ref(o) for o in (net, opt, step, net[0].weight)])
        del net, opt, step
        gc.collect()
        yield [gone(*references) for references in kept]


@program
def what_an_error_keeps():
    w = weight()
    references = []

    def f(x, i):
        y = x * w
        references.append(weakref.ref(y))
        return ops.gather(y, i, 0).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for k in (0, 1, 9, 2, -7):
        yield told(step, Tensor([1.0, 1.0, 2.0]), index(0, k))
        gc.collect()
        yield len(gone(*references)), all(gone(*references))


@program
def the_message_of_a_failed_assertion_in_a_layer():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(3, 2)

        def construct(self, x):
            assert x.ndim == 2, f"want 2, got {x.ndim} of {x.shape}"
            return self.dense(x).sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for shape in ((2, 3), (3,), (2, 3), (3,), (3,), (1, 2, 3)):
        found = told(step, Tensor(np.ones(shape, np.float32)))
        yield found if isinstance(found, list) else "fine"


@program
def wrong_arguments():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, y: (x * y * w).sum(), None, [w]))
    x = Tensor([1.0, 2.0, 3.0])
    for args in ((x, x), (x,), (x, x, x), (x, x), (x, "no"), (x, None), (x, [1, 2, 3]), (), (x, x)):
        yield told(step, *args)


@program
def a_loss_that_is_no_scalar_or_no_tensor():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, n: (x * w) if n == 1 else (x * w).sum() if n else 3.0, None, [w]))
    for n in (1, 2, 0, 1, 2, 0, 0):
        yield told(step, Tensor([1.0, 2.0, 3.0]), n)


@program
def the_recursion_limit():
    w = weight()

    def deep(x, n):
        return x if n == 0 else deep(x * 1.0, n - 1)

    step = watch(ms.value_and_grad(lambda x, n: deep(x * w, n).sum(), None, [w]))
    for n in (1, 50, 1 << 20, 50, 1 << 20):
        try:
            yield step(Tensor([1.0, 2.0, 3.0]), n)
        except RecursionError:
            yield "too deep"
