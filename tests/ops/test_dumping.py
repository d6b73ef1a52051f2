"""Tensors written to files: names and contents are MindSpore 2.10.0's."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops


def written(folder):
    """The files by their number, with what they hold."""
    found = sorted(folder.rglob("*.npy"), key=lambda path: int(path.stem.rpartition("_")[2]))
    return [(str(path.relative_to(folder)).rpartition("_")[0], np.load(path)) for path in found]


def test_names_and_contents(tmp_path):
    ops.tensordump(str(tmp_path / "a.npy"), Tensor([1.0, 2.0]))
    ops.TensorDump("in")(str(tmp_path / "x" / "b"), Tensor([1, 2], ms.bfloat16))
    ops.TensorDump()(str(tmp_path / "a"), Tensor([True]))
    files = written(tmp_path)
    assert [name for name, _ in files] == ["a_float32", "x/b_bfloat16", "a_bool"]
    assert [array.dtype for _, array in files] == ["float32", "float32", "bool"]
    assert files[1][1].tolist() == [1, 2]


@pytest.mark.parametrize("mode", ["auto", "off"])
def test_every_call_writes(tmp_path, mode):
    def f(x):
        ops.tensordump(str(tmp_path / "x"), x)
        return (x * x).sum()

    ms.set_compile(mode)
    try:
        for k in range(4):
            ms.grad(f)(Tensor([float(k)]))
    finally:
        ms.set_compile("auto")
    compiled = ms.jit(f)
    for k in (4, 5):
        compiled(Tensor([float(k)])).asnumpy()
    ms.runtime.synchronize()
    assert [array.tolist() for _, array in written(tmp_path)] == [[k] for k in range(6)]


def test_errors(tmp_path):
    for call, error in [
        (lambda: ops.tensordump(3, Tensor([1.0])), TypeError),
        (lambda: ops.tensordump("", Tensor([1.0])), ValueError),
        (lambda: ops.tensordump("x", 3), TypeError),
        (lambda: ops.tensordump("x", Tensor([1.0]), "both"), ValueError),
        (lambda: ops.TensorDump("both"), ValueError),
    ]:
        with pytest.raises(error):
            call()
