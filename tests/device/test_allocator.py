"""What becomes of freed memory: only as asked, and visible in the page faults of the process."""

import pytest

from msjax import runtime
from msjax.device import allocator

PROBE = """
import ctypes, resource
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    block = libc.malloc(64 << 20)
    libc.memset(block, 1, 64 << 20)
    libc.free(block)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
faults()
print("kept" if faults() < 20 else "given back")
"""

needs_glibc = pytest.mark.skipif(allocator._glibc() is None, reason="needs glibc")


@needs_glibc
@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ("import msjax", "given back"),
        ("import msjax.runtime\nassert msjax.runtime.set_allocator('retain')", "kept"),
        ("import os\nos.environ['MSJAX_ALLOCATOR'] = 'retain'\nimport msjax", "kept"),
    ],
)
def test_freed_memory(before, shown, run_python):
    assert run_python(f"{before}\n{PROBE}") == f"{shown}\n"


@needs_glibc
def test_default_again(run_python):
    change = "import msjax.runtime as r\nprint(r.set_allocator('retain') and r.set_allocator('default'))"
    assert run_python(f"{change}\n{PROBE}") == "True\ngiven back\n"


def test_unknown_policy(monkeypatch):
    with pytest.raises(ValueError, match=r"must be one of \['retain', 'default'\]"):
        runtime.set_allocator("hoard")
    monkeypatch.setenv(allocator.VARIABLE, "hoard")
    with pytest.raises(ValueError, match="MSJAX_ALLOCATOR must be"):
        allocator.follow_environment()


def test_elsewhere_nothing_happens(monkeypatch, capsys):
    monkeypatch.setattr(allocator, "_glibc", lambda: None)
    assert runtime.set_allocator("retain") is False
    assert "needs glibc" in capsys.readouterr().err
