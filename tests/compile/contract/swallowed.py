"""What stops the tracing of a function comes by the function's own handlers, which must not make anything of it."""
# ruff: noqa: B012, E722, SIM105

import collections
import contextlib

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])
COUNT = 0
LOG = []
RATES = collections.deque([1.0])
BOX = nn.Cell()
BOX.kept = 0.0
OVER = ops.HyperMap()


# -- what can not be compiled -----------------------------------------------------------------------------------------


def prints(x):
    print("here")
    return x.sum() * RATES[0]


def appends(x):
    LOG.append(1)
    return x.sum() * len(LOG)


def assigns_a_global(x):
    global COUNT
    COUNT += 1
    return x.sum() * COUNT


def assigns_an_attribute(x):
    BOX.kept += 1.0
    return x.sum() * BOX.kept


def reads_a_deque(x):
    return x.sum() * RATES[0]


def reads_a_name_that_is_also_local(x):
    scale = RATES_TOO[0]
    return x.sum() * scale + sum([RATES_TOO for RATES_TOO in (0.0, 0.0)])  # noqa: C416


def reads_a_value(x):
    return x.sum() * float(x[0]) * RATES[0]


def reads_an_array(x):
    return x.sum() * x.asnumpy().max() * RATES[0]


def decides(x):
    return x.sum() * RATES[0] if x[0] > 0.5 else x.sum()


def shows(x):
    LOG.append(f"{x}")
    return x.sum() * RATES[0]


def defines_a_class(x):
    class Made:
        rate = RATES[0]

    return x.sum() * Made.rate


def maps(x):
    return sum(map(reads_a_deque, [x, x]))


def maps_by_the_library(x):
    return sum(OVER(reads_a_deque, [x, x]))


def differentiates(x):
    return ms.grad(reads_a_deque)(x).sum() * x.sum()


RATES_TOO = collections.deque([1.0])
ACTIONS = (
    prints, appends, assigns_a_global, assigns_an_attribute, reads_a_deque, reads_a_name_that_is_also_local,
    reads_a_value, reads_an_array, decides, shows, defines_a_class, maps, maps_by_the_library, differentiates,
)  # fmt: skip


# -- what swallows everything -----------------------------------------------------------------------------------------


def bare(action, x):
    try:
        return action(x)
    except:
        return x.sum() * 0.0


def base_exception(action, x):
    value = x.sum() * 0.0
    try:
        value = action(x)
    except BaseException:
        pass
    return value


def turned_into_another(action, x):
    try:
        return action(x)
    except BaseException as error:
        raise ValueError("no") from error


def turned_into_an_exit(action, x):
    try:
        return action(x)
    except BaseException:
        raise SystemExit from None


def returned_finally(action, x):
    value = x.sum() * 0.0
    try:
        value = action(x)
    finally:
        return value


def left_finally(action, x):
    value = x.sum() * 0.0
    for _ in range(2):
        try:
            value = value + action(x)
        finally:
            continue
    return value


def tried_again(action, x):
    while True:
        try:
            return action(x)
        except:
            continue


def suppressed(action, x):
    value = x.sum() * 0.0
    with contextlib.suppress(BaseException):
        value = action(x)
    return value


def suppressed_again_and_again(action, x):
    while True:
        with contextlib.suppress(BaseException):
            return action(x)


FORMS = (
    bare, base_exception, turned_into_another, turned_into_an_exit, returned_finally, left_finally, tried_again,
    suppressed, suppressed_again_and_again,
)  # fmt: skip


def _runs(form):
    for action in ACTIONS:
        f = ms.grad(lambda x, action=action: form(action, x))
        for k in range(4):
            RATES[0], RATES_TOO[0] = 1.0 + k, 2.0 + k
            yield action.__name__, f(X), len(LOG), COUNT


def _program(form):
    def body():
        yield from _runs(form)

    body.__name__ = form.__name__
    return program(body)


for _form in FORMS:
    globals()[f"program_{_form.__name__}"] = _program(_form)


@program(compiles=True)
def handlers_that_catch_nothing():
    def forward(x):
        try:
            value = x * x
        except:
            value = x
        finally:
            value = value * 2
        return value

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def handlers_of_what_eager_calls_raise():
    def forward(x):
        try:
            value = x * {}["absent"]
        except BaseException:
            value = x * 3
        return value

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)
