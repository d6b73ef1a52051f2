"""ms.mutable: subclasses that behave as the builtin types."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor


@pytest.mark.parametrize(
    "value, name",
    [(1, "_Int"), (1.5, "_Float"), (True, "_Bool"), ((1, 2), "_Tuple"), ([1, (2.0,)], "_List"), ({"a": 1}, "_Dict")],
)
def test_marks_behave_as_the_builtins(value, name):
    marked = ms.mutable(value)
    assert type(marked).__name__ == name
    assert marked == value and repr(marked) == repr(value) and str(marked) == str(value)
    assert ms.mutable(marked) == value


def test_tensors_stay():
    x = Tensor([1.0])
    assert ms.mutable(x) is x and ms.mutable((x,))[0] is x


@pytest.mark.parametrize("value", [None, "a", np.ones(2), 3j, (1, "a"), {"a": None}])
def test_other_data(value):
    with pytest.raises(TypeError, match="should be one of"):
        ms.mutable(value)


@pytest.mark.parametrize("args", [({"a": 1}, True), (1, True), ((1,), 1)])
def test_dynamic_length(args):
    assert ms.mutable((1, 2), True) == (1, 2)
    with pytest.raises(TypeError, match=r"first input should be list or tuple|should be bool"):
        ms.mutable(*args)
