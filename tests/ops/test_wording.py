"""Errors that JAX or Python raises inside of an operator speak of what the user gave."""

import inspect
import re

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.ops import table
from msjax.ops.call.wording import reworded

X, Y, SPATIAL = ops.ones((2, 3)), ops.ones((4, 5)), ops.ones((2, 3, 4))
JAXES = re.compile(r"jax|jnp|lax|Tracer|ndarray|input arrays|<class|dot_general", re.IGNORECASE)

CALLS = {
    "ranks": (lambda: ops.Addcmul()(X, X, X, SPATIAL), ValueError, r"^For 'Addcmul', shapes .* need to broadcast\.$"),
    "filled": (lambda: ops.Fills()(X, Y), ValueError, r"^For 'Fills', the shape \(4,5\) does not broadcast to \(2,3\)"),
    "list": (lambda: ops.ACos()([X, Y]), TypeError, r"^For 'ACos', the 'x' must be a Tensor, but got list\.$"),
    "no list": (lambda: ops.AddN()(X), TypeError, r"a tuple or list of Tensors, but got Tensor\.$"),
    "None": (lambda: ops.ComplexAbs()(None), TypeError, "must be a Tensor, but got NoneType"),
    "no axes": (lambda: ops.glu(Tensor(1.0)), ValueError, "^For 'GLU', an input has another number of axes"),
    "no axes to unpack": (lambda: ops.pinv(Tensor(1.0)), ValueError, "an input has another number of axes"),
    "no axes for pairs": (lambda: ops.Conv2DTranspose(2, 2)(Tensor(1.0), SPATIAL, (1, 2, 3, 4)), ValueError, "axes"),
    "loss": (lambda: ops.binary_cross_entropy_with_logits(X, Y), ValueError, "must be of one shape"),
    "nothing to take": (lambda: ms.numpy.take(ops.zeros((0, 3)), Tensor([0]), 0), RuntimeError, "nothing to take"),
    "numbers in a list": (lambda: ops.concat([X, 1]), TypeError, "'tensors' must be a Tensor, but got int 1"),
    "no shape": (lambda: ops.fill(ms.float32, ("a",), 1), TypeError, "a shape must be an int or a tuple of ints"),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("run", [lambda f: f(), lambda f: ms.grad(lambda x: f())(X), lambda f: ms.jit(f)()])
def test_plain_words(name, run):
    call, kind, words = CALLS[name]
    with pytest.raises(kind, match=words) as caught:
        run(call)
    assert type(caught.value) is kind and not JAXES.search(str(caught.value))


SAID = {
    TypeError("dot_general requires contracting dimensions to have the same shape, got (5,) and (3,)."): ValueError(
        "For 'f', axes that are summed over must be equal, but got (5,) and (3,)."
    ),
    TypeError("unsupported operand type(s) for *: 'DynamicJaxprTracer' and 'tuple'"): TypeError(
        "For 'f', * of Tensor and tuple is not possible."
    ),
    NameError("unbound axis name: a"): TypeError("For 'f', an argument is of another type than it must be: a."),
    AttributeError("'int' object has no attribute 'shape'"): TypeError(
        "For 'f', an argument is of another type than it must be: int."
    ),
    ValueError("data type <class 'numpy.int32'> not inexact"): ValueError("For 'f', data type int32 not inexact."),
    TypeError("Arguments to jax.numpy.gcd must be integers."): TypeError("For 'f', arguments to gcd must be integers."),
}


@pytest.mark.parametrize("error", SAID)
def test_words(error):
    made, expected = reworded(error, "f"), SAID[error]
    assert type(made) is type(expected) and str(made) == str(expected)


@pytest.mark.parametrize(
    "error", [ValueError("For 'f', x must be positive."), KeyError("jnp.x"), OSError("no file"), NameError("name 'a'")]
)
def test_other_errors_stay(error):
    assert reworded(error, "f") is None


def faces(*modules: str) -> dict[str, tuple]:
    """The faces of the definitions in some topics: "room.name" -> (what is called, the names that errors may say)."""
    found = {}
    for room in ("ops", "mint", "numpy", "Tensor"):
        for name, rows in table.rooms[room].rows.items():
            if all(operator.definition.__module__.rpartition(".")[2] in modules for operator, _ in rows):
                face = table.lookup(room, name)
                if isinstance(face, type):
                    if any(p.default is p.empty for p in inspect.signature(face).parameters.values()):
                        continue
                    face = face()
                found[f"{room}.{name}"] = rows[0][0], face, {f"'{operator.title(name)}'" for operator, _ in rows}
    return found


def _required(call) -> list:
    return [p for p in inspect.signature(call).parameters.values() if p.default is p.empty]


ALIKE = {"array_equal", "array_equiv", "isin", "in1d", "same_arrays"}  # take any two shapes
EQUAL = {"equal_count"}  # take equal shapes only


def test_shapes_that_do_not_broadcast_are_refused_by_name():
    x, y = Tensor([1, 2]), Tensor([1, 2, 3])
    swept, silent = 0, {}
    for name, (operator, call, titles) in faces("elementwise", "comparison").items():
        if operator.arrays != ["x", "y"] or operator.name in ALIKE | EQUAL:
            continue
        swept += 1
        with pytest.raises(ValueError) as caught:
            call(x, y)
        if not any(title in str(caught.value) for title in titles) or "broadcast" not in str(caught.value):
            silent[name] = str(caught.value)
    assert swept > 200 and not silent


def test_what_is_no_tensor_is_refused_by_name():
    swept, silent = 0, {}
    for name, (operator, call, titles) in faces("elementwise", "comparison", "activation", "reduction").items():
        needed = [a for a in operator.arrays if operator.defaults[a] is inspect.Parameter.empty]
        if name.startswith("Tensor.") or needed != ["x"] or operator.variadic or len(_required(call)) > 1:
            continue
        try:
            call("wrong")
        except (TypeError, ValueError) as error:
            swept += 1
            if not any(title in str(error) for title in titles) and "signatures" not in str(error):
                silent[name] = str(error)
    assert swept > 150 and not silent


def test_float64_of_numpy_2():
    weight = Tensor(np.ones((4, 3), np.float32) / np.sqrt(np.float64(3)))
    for call in (lambda: ops.matmul(X, weight.T), lambda: ops.stack([X, weight[:2]])):
        with pytest.raises(TypeError, match=r"numpy 2, .*math\.sqrt"):
            call()
    with pytest.raises(TypeError) as caught:
        ops.matmul(X, X.astype(ms.float16).T)
    assert "numpy" not in str(caught.value)
