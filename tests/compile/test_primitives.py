"""Each primitive class of the operator table may be made and called in what compiles, but for those with effects."""

import contextlib

from msjax import ops
from msjax.compile.admission import Admission
from msjax.compile.fingerprint import Call
from msjax.compile.refusal import Refused
from msjax.compile.watch import Watch
from msjax.ops.table.primitive import Primitive

EFFECTS = {"Assert", "Custom", "HookBackward", "InsertGradientOf", "Print", "TensorDump"}


def let_in(function) -> bool:
    with contextlib.suppress(Refused):
        Admission(Watch(Call())).check(function, (), {})
        return True
    return False


def test_the_watch_lets_primitives_in():
    members = {name: getattr(ops, name) for name in dir(ops)}
    found = {n: c for n, c in members.items() if isinstance(c, type) and issubclass(c, Primitive)}
    assert len(found) > 390
    assert {n for n, c in found.items() if not let_in(c)} == EFFECTS
    assert {n for n, c in found.items() if not let_in(c.__new__(c))} == EFFECTS


def test_faces_say_where_they_are_from():
    for function in (ops.exp, ops.Exp.__call__, ops.Exp.__init__):
        assert function.__globals__["__name__"] == function.__module__ == "msjax.ops"
