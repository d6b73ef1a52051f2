"""What numpy, Python and the library warn of is warned of at each call, and raised where that is asked for."""

import warnings

import jax
import numpy as np

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, nn

X, Z = Tensor([1.0, 2.0, 3.0]), Tensor([1j, 2.0, 3.0])
ONE, NULL, BIG = np.array([1.0, 2.0]), np.array([0.0, 0.0]), np.array([1e308, 1e308])
SCALAR, ZERO, LARGE = np.float64(1.0), np.float64(0.0), np.float64(1e308)
INT, SMALL, BYTE = np.int32(2**31 - 1), np.int32(0), np.uint8(200)
NONE, MANY, EMPTY = np.array([np.nan]), np.array([1 + 1j]), np.array([])


def updated(update):
    def function(x):
        value = ONE.copy()
        update(value)
        return x.sum()

    return function


def divides(value):
    value /= NULL


def powers(value):
    value **= 1e308


def multiplies(value):
    value *= BIG
    value *= BIG


def floors(value):
    value //= NULL


WARNED = {
    "a / b": lambda x: x.sum() * float(np.isinf(ONE / NULL)[0]),
    "a // b": lambda x: x.sum() * float((ONE // NULL)[0] > 0),
    "a % b": lambda x: x.sum() * float(np.isnan(ONE % NULL)[0]),
    "a ** b": lambda x: x.sum() * float(np.isinf(BIG**2)[0]),
    "a * b": lambda x: x.sum() * float((BIG * BIG)[0] > 1),
    "a + b": lambda x: x.sum() * float((BIG + BIG)[0] > 1),
    "a - b": lambda x: x.sum() * float((-BIG - BIG)[0] < 1),
    "inf - inf": lambda x: x.sum() * len(ONE / ONE - np.array([np.inf, 1]) * 0),
    "divmod": lambda x: x.sum() * len(divmod(ONE, NULL)),
    "abs": lambda x: x.sum() * float(abs(np.int8(-128))),
    "scalar / scalar": lambda x: x.sum() * float(SCALAR / ZERO > 1),
    "scalar // scalar": lambda x: x.sum() * float(INT // SMALL),
    "scalar % scalar": lambda x: x.sum() * float(INT % SMALL),
    "scalar ** scalar": lambda x: x.sum() * float(LARGE**2 > 1),
    "scalar + scalar": lambda x: x.sum() * float(INT + np.int32(1) < 0),
    "scalar * scalar": lambda x: x.sum() * float(BYTE * BYTE),
    "- scalar": lambda x: x.sum() * float(-BYTE),
    "scalar - scalar": lambda x: x.sum() * float(np.uint8(1) - BYTE),
    "number / scalar": lambda x: x.sum() * float(1.0 / ZERO > 1),
    "ufunc": lambda x: x.sum() * float(np.log(NULL)[0] < 0),
    "reduction": lambda x: x.sum() * float(np.isinf(BIG.sum())),
    "dot": lambda x: x.sum() * float(BIG @ BIG > 1),
    "mean of nothing": lambda x: x.sum() * len(str(EMPTY.mean())),
    "function of nothing": lambda x: x.sum() * float(np.isnan(np.nanmean(NONE))),
    "cast of nan": lambda x: x.sum() * len(NONE.astype(np.int32)),
    "cast of a large one": lambda x: x.sum() * float(np.isinf(np.float32(LARGE))),
    "cast of complex": lambda x: x.sum() * float(MANY.astype(np.float64)[0]),
    "array as number": lambda x: x.sum() * float(np.array([2.0])),
    "builtin": lambda x: x.sum() * float(sum([LARGE, LARGE, LARGE]) > 1),
    "in place /": updated(divides),
    "in place **": updated(powers),
    "in place *": updated(multiplies),
    "in place //": updated(floors),
    "library": lambda x: nn.Jvp(lambda y: y * y)(x, x)[1].sum(),
    "user": lambda x: (warnings.warn("mind", stacklevel=2), x.sum())[1],
}


def shown(call, action="always"):
    """What is warned of in a call, and what it gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter(action)
        value = attempt(call)
    return value, [(w.category.__name__, str(w.message)) for w in caught]


@program
def warned_of_at_each_call():
    for name, function in WARNED.items():
        f = ms.grad(function)
        for _ in range(4):
            yield name, shown(lambda f=f: f(X))


@program
def warned_of_where_it_is_asked_for():
    for name, function in WARNED.items():
        f = ms.jit(function)
        for _ in range(3):
            yield name, shown(lambda f=f: f(X))


@program
def shown_the_first_time_only():
    """A trace in which it is warned shows nothing yet, so it is no first time."""
    w = Parameter(Tensor([1.0, 2.0, 3.0]), name="w")
    for action in ("always", "default", "module", "once"):
        f = ms.value_and_grad(lambda x: (w * jax.lax.convert_element_type(x * 1j, np.float32)).sum(), None, [w])
        yield action, shown(lambda f=f: f(Z), action)


@program
def raised_from_some_call_on():
    for name in ("a / b", "scalar ** scalar", "ufunc", "cast of nan", "in place /"):
        f = ms.grad(WARNED[name])
        for k in STEPS:
            with np.errstate(all="raise" if k == 3 else "ignore"):
                yield name, attempt(f, X)


@program
def turned_into_errors():
    for name in ("a / b", "mean of nothing", "array as number", "user"):
        f = ms.grad(WARNED[name])
        for k in STEPS:
            with warnings.catch_warnings():
                warnings.simplefilter("error" if k == 3 else "ignore")
                yield name, attempt(f, X)


@program
def caught_by_the_function():
    def forward(x):
        try:
            return x.sum() * (ONE / NULL).size
        except ArithmeticError:
            return x.sum()

    f = ms.grad(forward)
    for k in STEPS:
        with np.errstate(all="raise" if k % 2 else "ignore"):
            yield f(X)


@program(compiles=True)
def operators_that_warn_of_nothing():
    w = Parameter(Tensor([1.0, 2.0, 3.0]), name="w")

    def forward(x):
        table = ONE / 2 + np.sqrt(ONE) ** 2 - BIG * 0.5
        table *= 0.5
        scale = float(table.min()) / 1e308 + float(np.exp(np.float64(-800.0)))
        return (x * w * scale).sum()

    f = watch(ms.value_and_grad(forward, None, [w]))
    for _ in STEPS:
        yield f(X)
