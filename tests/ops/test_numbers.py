"""A static argument that is a number makes no new program at each value."""

import contextlib
import gc
import sys
import weakref
from pathlib import Path

import jax
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.ops.call import operator as calls

sys.path.insert(0, str(Path(__file__).parents[1] / "autodiff"))
from samples import operators, sample

OPERATORS = operators()
made = [0]


def _count(event, duration, **_):
    made[0] += event == "/jax/core/compile/backend_compile_duration"


jax.monitoring.register_event_duration_secs_listener(_count)

# Those of which the algorithm depends on the value, by reason.
STATIC = {
    ("ops.group_norm", "eps"): "it chooses a unit",
    ("ops.instance_norm", "eps"): "it chooses a unit",
    ("ops.kaiser_window", "beta"): "the window is computed by numpy",
}
# Where not any number will do.
VALUES = {
    ("ops.narrow", "start"): [0, 1, 0, 1],
    ("mint.select", "index"): [0, 1, 0, 1],
    ("Tensor.select", "index"): [0, 1, 0, 1],
    ("ops.multi_margin_loss", "p"): [1, 2, 1, 2],
    ("ops.embedding", "padding_idx"): [0, 1, 2, 0],
    ("ops.Lstsq", "l2_regularizer"): [0, 0.0, 0, 0.0],
    ("ops.histc", "min"): [-0.4, -0.3, -0.2, -0.1],
    ("ops.logit", "eps"): [0.1, 0.2, 0.3, 0.4],
    ("ops.cosine_embedding_loss", "margin"): [0.1, 0.2, 0.3, 0.4],
    **{(f"ops.{name}", "p"): [3, 5, 7, 9] for name in ("dist", "triplet_margin_loss", "LpNorm", "renorm")},
}


def parameters() -> dict[tuple[str, str], list]:
    """Of each static argument that is a number the first values to try."""
    found = {}
    for name, operator in OPERATORS.items():
        with contextlib.suppress(Exception):
            _, statics = sample(name, operator) if operator.jit else ((), ())
            for parameter, value in zip(operator.statics, statics, strict=True):
                if type(value) is float or parameter in operator.numbers:
                    found[name, parameter] = [] if value is None else [value]
    return {**found, **{key: [] for key in VALUES}}


def several(name: str, parameter: str, many: int) -> list:
    if (name, parameter) in VALUES:
        values = VALUES[name, parameter]
        return values * (many // len(values))
    first = (*parameters()[name, parameter], 0.25)[0]
    return [first + (0.03125 if type(first) is float else 1) * i for i in range(many)]


def programs(name: str, parameter: str, values) -> list[int]:
    """How many programs each value makes."""
    operator = OPERATORS[name]
    arrays, statics = sample(name, operator)
    place, found = operator.statics.index(parameter), []
    for value in values:
        before = made[0]
        operator.call(arrays, (*statics[:place], value, *statics[place + 1 :]))
        found.append(made[0] - before)
    return found


@pytest.fixture(autouse=True)
def warm():
    """What makes an array of a number is a program too, which the test before may have let go."""
    for value in (0.5, 7):
        jax.numpy.asarray(value)


@pytest.mark.parametrize("name, parameter", list(parameters()))
def test_numbers_share_a_program(name, parameter):
    others = OPERATORS[name].families.values()  # of calls of other tests
    found = programs(name, parameter, several(name, parameter, 8))
    # The first value may have come up before, and the second then counts as the first.
    assert (sum(found[3:]) == 0) == ((name, parameter) not in STATIC)
    families = [f for f in OPERATORS[name].families.values() if f is not True and f not in others]
    assert (name, parameter) in STATIC or not any(family.needed for family in families)


@pytest.mark.slow
@pytest.mark.parametrize("name, parameter", [key for key in parameters() if key not in STATIC])
def test_two_hundred_numbers(name, parameter):
    assert sum(programs(name, parameter, several(name, parameter, 200))) <= 5


def test_exponents():
    """Powers that are small ints are products, and the others share a program."""
    x = Tensor(np.array([0.9, -1.0], np.float32))
    np.testing.assert_allclose([(x**n).asnumpy() for n in range(-20, 40)],
                               [x.asnumpy().astype(np.float64) ** n for n in range(-20, 40)], 1e-5)  # fmt: skip
    assert [(Tensor([3], ms.int32) ** n).tolist() for n in (2, 19)] == [[9], [3**19]]
    before = made[0]
    for n in range(40, 140):
        assert (x**n).dtype == ms.float32
    assert made[0] == before


def test_what_comparisons_say_counts():
    """A number shares a program only if what the definition asks of it comes out the same."""
    x = Tensor(np.array([-2.0, 0.5, 3.0], np.float32))
    for lambd in (0.5, 1.0, 1.5):
        assert ops.softshrink(x, lambd).tolist() == [lambd - 2, 0, 3 - lambd]
    with pytest.raises(RuntimeError, match="must not be negative"):
        ops.softshrink(x, -0.5)
    y, kinds = Tensor(np.zeros((1, 3), np.float32)), {0.0: 3, 1.0: 5.5, 2.0: 13.25**0.5, 4.0: 97.0625**0.25, np.inf: 3}
    for p in (3.0, *kinds, *kinds):
        assert p == 3 or np.allclose(ops.cdist(x[None], y, p).item(), kinds[p])


def test_new_shapes_ask_anew():
    """What is asked for one shape need not be asked for another."""
    operator = calls.Operator(lambda x, *, k=0.0: x + (1 if x.ndim > 1 and k > 0.5 else 0))
    operator.definition.__name__ = "steps"
    call = lambda shape, k: operator.call([Tensor(np.zeros(shape, np.float32))], (k,)).sum().item()  # noqa: E731
    for _ in range(3):
        assert [call((1,), k) for k in (0.0, 0.25, 0.75)] == [0, 0, 0]
    for _ in range(3):
        assert [call((1, 1), k) for k in (0.25, 0.75, 0.4, 0.6)] == [0, 1, 0, 1]


def test_numbers_stay_weak():
    for k in (1.5, 2.5, 3.5):
        for dtype in (ms.float16, ms.float32):
            assert ops.leaky_relu(Tensor([-1.0], dtype), k).dtype == dtype
        assert Tensor([1], ms.int32).add(Tensor([1], ms.int32), alpha=int(k)).dtype == ms.int32


def test_programs_are_not_kept_for_ever(monkeypatch):
    monkeypatch.setattr(calls, "_MOST_PROGRAMS", 8)
    operator = calls.Operator(lambda x, *, n: x + n)
    x, kept = Tensor(np.zeros(1, np.float32)), []
    for n in [*range(20), 0, 19]:
        assert operator.call([x], (n,)).tolist() == [n]
        kept.append(weakref.ref(operator.bound((n,))))
        operator.bound((2,))  # is asked for all the time
    assert operator.bound((19,)) is kept[-1]() is kept[-3]() and operator.bound((2,)) is kept[2]()
    gc.collect()
    assert len({id(ref()) for ref in kept if ref() is not None}) <= 8
