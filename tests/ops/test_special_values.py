"""Operators at special values, against what MindSpore 2.10.0 answered: see tests/golden/sweep.py."""

import json
import re
import sys
from pathlib import Path

import jax
import numpy as np
import pytest

import msjax as ms
import msjax.numpy as mnp
from msjax import Tensor, mint, ops

TESTS = Path(__file__).parent.parent
sys.path.insert(0, str(TESTS))

from golden import sweep  # noqa: E402

RECORD = json.loads((TESTS / "golden" / "special_values.json").read_text())
MINDSPORE, OWN = RECORD["mindspore"], RECORD["own"]

# Sections of docs/differences.md, and the operators of which some answers are our own for that reason.
REASONS = {
    "Division by zero": (
        "// % / div true_divide RealDiv Div truncate_div truncate_mod floor_divide floor_div floor_mod "
        "mod Mod remainder fmod divmod reciprocal inv"
    ),
    "Remainders": "% floor_mod mod Mod remainder fmod divmod truncate_mod",
    "Numbers out of range": "// % >= < == minimum less eq clamp hardtanh",
    "Undefined integers": (
        "pow inv float_power bitwise_left_shift bitwise_right_shift LeftShift RightShift mean ReduceSum "
        "nansum nanmean nanvar nanstd hardswish hardsigmoid average cumprod"
    ),
    "Nan in reductions": (
        "max min amax amin aminmax argmax argmin Argmax Argmin ArgMaxWithValue ArgMinWithValue ptp sort "
        "argsort nanmax nanmin maximum minimum clamp relu hardtanh Softplus softplus logcumsumexp"
    ),
    "Wrong reductions": "any",
    "Infinities": (
        "mish logsigmoid fast_gelu GeLU gelu softmax Softmax log_softmax LogSoftmax softmin logaddexp "
        "logaddexp2 logsumexp trapz nanvar nanstd sign deg2rad radians cbrt digamma xlogy xdivy sinc bessel_y1"
    ),
    "The sign of zero": "signbit copysign",
    "Tiny numbers": "bessel_j0 bessel_j1 bessel_y0 bessel_y1",
    "More dtypes": "selu average sign cbrt nanvar nanstd",
    "Python floats": "< less",
    "Accuracy": "lgamma gelu GeLU log_softmax logsigmoid softplus Softplus",
}


def operator(call: str) -> str:
    """The name in `ops.exp(x)`, or the sign in `x + 2`."""
    named = re.match(r"[\w.]*?(\w+)\(", call)
    return named[1] if named else call.split()[1]


@pytest.mark.parametrize(
    "dtype", [pytest.param(d, marks=() if d in ("float32", "int8") else pytest.mark.slow) for d in sweep.DTYPES]
)
def test_answers(dtype: str):
    wanted = {call: told[dtype] for call, told in MINDSPORE.items() if dtype in told}
    wanted |= {call: told[dtype] for call, told in OWN.items() if dtype in told}
    found = sweep.own_answers(list(wanted), dtype)
    assert {c: (found[c], w) for c, w in wanted.items() if not sweep.alike(found[c], w)} == {}


def test_every_operator_is_recorded():
    assert set(sweep.calls()) == set(MINDSPORE), "run scripts/record_sweep.py"


def test_own_answers_have_a_reason():
    sections = re.findall(r"^### (.*)$", (TESTS.parent / "docs" / "differences.md").read_text(), re.MULTILINE)
    assert set(REASONS) <= set(sections)
    explained = {name for names in REASONS.values() for name in names.split()}
    assert [call for call in OWN if operator(call) not in explained] == []
    assert explained <= set(map(operator, OWN)), "take it out: nothing differs"
    assert not any(sweep.alike(text, MINDSPORE[call][d]) for call, told in OWN.items() for d, text in told.items())


def dtypes_computed(jaxpr) -> set:
    """Of all that is computed in a program, numbers that it is given aside."""
    inner = [jax.tree.leaves(e.params, is_leaf=lambda p: hasattr(p, "jaxpr")) for e in jaxpr.eqns]
    found = {v.aval.dtype for e in jaxpr.eqns for v in e.outvars}
    return found.union(*(dtypes_computed(p.jaxpr) for params in inner for p in params if hasattr(p, "jaxpr")))


def test_no_float64_in_programs_of_float32():
    namespace = sweep.names(ms, "float32")
    tensors = {name: value for name, value in namespace.items() if isinstance(value, Tensor)}
    widened = []
    for call in sweep.calls():
        if re.search(r"\b(ops|mint)\.float_power", call):  # float64 in MindSpore as well
            continue
        try:
            program = jax.make_jaxpr(lambda t, call=call: eval(call, {**namespace, **t}))(tensors)
        except Exception:  # refused, or it needs the values
            continue
        widened += [call] if np.dtype(np.float64) in dtypes_computed(program.jaxpr) else []
    assert widened == []


# -- division --------------------------------------------------------------------------------------------------------

TENTHS = (np.arange(1, 2000) % 59 * np.float32(0.1)).astype(np.float32) * np.where(np.arange(1, 2000) % 3, 1, -1)
TENTHS = TENTHS.astype(np.float32)


@pytest.mark.parametrize("divisor", [0.1, -0.1, 0.7, 3.0])
def test_remainders_and_quotients_of_floats_are_exact(divisor):
    x, y = Tensor(TENTHS), Tensor(np.full_like(TENTHS, divisor))
    n = np.float32(divisor)
    for result in (x % y, x % divisor, ops.floor_mod(x, y), ops.remainder(x, y), mint.remainder(x, y), mnp.mod(x, y)):
        np.testing.assert_array_equal(result.asnumpy(), TENTHS % n)
    for result in (x // y, x // divisor, ops.floor_div(x, y), mint.floor_divide(x, y), mnp.floor_divide(x, y)):
        np.testing.assert_array_equal(result.asnumpy(), TENTHS // n)
    for result in (ops.fmod(x, y), ops.Mod()(x, y), mint.fmod(x, y), mnp.fmod(x, y)):
        np.testing.assert_array_equal(result.asnumpy(), np.fmod(TENTHS, n))
    np.testing.assert_array_equal((divisor % x[x != 0]).asnumpy(), n % TENTHS[TENTHS != 0])


def test_derivatives_of_remainders_have_the_exact_quotient():
    x, y = Tensor([1.0, 5.3, -7.5]), Tensor([0.1, 2.0, 2.0])
    for f, quotient in ((ops.floor_mod, [9, 2, -4]), (ops.fmod, [9, 2, -3]), (ops.Mod(), [9, 2, -3])):
        dx, dy = ms.grad(f, (0, 1))(x, y)
        assert dx.asnumpy().tolist() == [1, 1, 1] and dy.asnumpy().tolist() == [-q for q in quotient]
    second = ms.grad(lambda x: ms.grad(lambda x: ((x % 0.7) ** 2).sum())(x).sum())(x)
    assert second.asnumpy().tolist() == [2, 2, 2]
    assert ms.grad(lambda x: (x // 0.3).sum())(x).asnumpy().tolist() == [0, 0, 0]


def test_remainders_in_place():
    x = Tensor([1.0, 7.5])
    x %= 0.1
    np.testing.assert_array_equal(x.asnumpy(), np.array([1.0, 7.5], np.float32) % np.float32(0.1))
    y = Tensor([1.0, 7.5])
    y //= 0.1
    assert y.asnumpy().tolist() == [9, 74]


# -- Python numbers beside integers ----------------------------------------------------------------------------------


def test_integers_that_a_narrow_dtype_can_not_hold_count_by_value():
    x, y = Tensor([2, 200], ms.uint8), Tensor([2, -3], ms.int8)
    np.testing.assert_allclose((x / 300).asnumpy(), np.float32([2 / 300, 200 / 300]), rtol=1e-6)
    np.testing.assert_allclose((300 / x).asnumpy(), [150, 1.5])
    assert (x < 256).asnumpy().all() and (x > -1).asnumpy().all() and (y < 255).asnumpy().all()
    assert not (x == 258).asnumpy().any() and not (y == 254).asnumpy().any()
    assert (Tensor([2], ms.int32) < 2**40).asnumpy().all() and (Tensor([2**63], ms.uint64) > -1).asnumpy().all()
    assert (x % 300).asnumpy().tolist() == [2, 200] and (x // 300).asnumpy().tolist() == [0, 0]
    assert x.clip(-1, 300).asnumpy().tolist() == [2, 200]
    assert (Tensor([2], ms.uint32) / 2.5).dtype == ms.float32


def test_they_do_under_jit_too():
    def f(x, n):
        return x / n, x < n, x % n, ops.minimum(x, n)

    x = Tensor([2, 200], ms.uint8)
    for n in (300, 400, 256):
        for eager, compiled in zip(f(x, n), ms.jit(f)(x, n), strict=True):
            assert eager.dtype == compiled.dtype
            np.testing.assert_allclose(eager.asnumpy(), compiled.asnumpy(), rtol=1e-6)
