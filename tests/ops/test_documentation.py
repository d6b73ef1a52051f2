"""What `help` shows of the operators: each face has a docstring of its own."""

import inspect
import re

import pytest

import msjax as ms
from msjax import Tensor, mint, numpy, ops
from msjax.ops import table
from msjax.ops.help import examples
from msjax.ops.help.operators import MEANINGS, RETURNS
from msjax.ops.help.parameters import PARAMETERS
from msjax.ops.help.render import UNSAID

ROOMS = ["ops", "Tensor", "mint", "mint.nn.functional", "mint.linalg", "mint.special", "numpy", "numpy.fft"]
ROOMS += ["scipy.linalg", "scipy.fft", "scipy.ops", "scipy.optimize", "scipy.sparse.linalg"]
_QUOTED, _WORD = re.compile(r"`([^`\n]+)`"), re.compile(r"[A-Za-z_]\w*")


def found(room: str, name: str):
    """The object that a user sees."""
    return numpy.__getattr__(name) if room == "numpy" else table.lookup(room, name)


def section(doc: str, title: str) -> list[str]:
    """The lines of one section of a docstring."""
    paragraphs = [p for p in doc.split("\n\n") if p.startswith(f"{title}:\n")]
    return [line.strip() for p in paragraphs for line in p.split("\n")[1:]]


def described(doc: str) -> set[str]:
    """The parameters that a docstring describes."""
    return {line.partition(":")[0].lstrip("*") for title in ("Args", "Inputs") for line in section(doc, title)}


def parameters(declared) -> set[str]:
    """The parameters that the faces of one object have."""
    own = {p for f in declared for s in (f.init, f.call) if s is not None for p in s.names}
    return own - {"self"} if declared[0].room == "Tensor" else own


@pytest.mark.parametrize("room", ROOMS)
def test_names_exactly_the_parameters_of_the_face(room):
    wrong = {}
    for name in table.rooms[room].rows:
        declared = table.rooms[room].faces(name)
        doc = found(room, name).__doc__
        if described(doc) != parameters(declared):
            wrong[name] = described(doc) ^ parameters(declared)
    assert not wrong


@pytest.mark.parametrize("room", ROOMS)
def test_speaks_of_no_parameter_of_another_face(room):
    wrong = {}
    for name in table.rooms[room].rows:
        declared = table.rooms[room].faces(name)
        own = parameters(declared) | {"self"}
        others = {p for f in declared for p in (*f.operator.arrays, *f.operator.statics)} - own
        quoted = {w for q in _QUOTED.findall(found(room, name).__doc__) for w in _WORD.findall(q)}
        if quoted & others:
            wrong[name] = quoted & others
    assert not wrong


@pytest.mark.parametrize("room", ROOMS)
def test_says_what_each_parameter_and_the_result_mean(room):
    docs = {name: found(room, name).__doc__ for name in table.rooms[room].rows}
    assert not [name for name, doc in docs.items() if UNSAID in doc]
    assert not [name for name, doc in docs.items() if not section(doc, "Returns")]
    assert not [name for name, doc in docs.items() if doc.startswith(("Args", "Inputs", "Returns"))]


def test_a_face_made_in_a_loop_speaks_of_itself():
    assert ops.less.__doc__.startswith("Whether input < other, element by element.")
    assert numpy.less.__doc__.startswith("Whether x1 < x2, element by element.")
    assert Tensor.__rsub__.__doc__.startswith("other - self, element by element.")


def test_what_a_face_has_not_is_left_out():
    assert "skip_mode" in ops.ReduceSum.__doc__
    assert "skip_mode" not in ops.reduce_sum.__doc__


def test_defaults_are_those_of_the_face():
    assert "dim: the axis to work along; negative ones count from the end. Default: -1." in mint.topk.__doc__
    assert "dim: the axis to work along; negative ones count from the end. Default: None." in ops.topk.__doc__


def test_methods_that_write_return_the_tensor():
    assert section(Tensor.exp_.__doc__, "Returns") == ["This Tensor, with the new elements."]


def test_overloads_are_shown():
    assert Tensor.sum.__doc__.split("\n\n")[0].split("\n") == [
        "sum(dim=None, keepdim=False, *, dtype=None)",
        "sum(axis=None, dtype=None, keepdims=False, initial=None)",
    ]
    assert str(inspect.signature(mint.max)) == "(input) or (input, dim, keepdim=False) or (input, other)"
    assert str(inspect.signature(Tensor([1.0]).max)).startswith("() or (dim, keepdim=False) or ")


def test_arguments_are_bound_to_the_overload_that_they_fit():
    signature = inspect.signature(mint.max)
    assert list(signature.bind(1, dim=0).arguments) == ["input", "dim"]
    assert list(signature.bind(1, other=0).arguments) == ["input", "other"]
    with pytest.raises(TypeError):
        signature.bind(1, 2, 3, 4)


def test_overloads_go_under_vmap():
    x = Tensor([[1.0, 5.0], [4.0, 2.0]])
    assert ms.vmap(mint.max)(x, x[::-1]).asnumpy().tolist() == [[4, 5], [4, 5]]


def test_no_face_shows_arguments_that_say_nothing():
    shown = {
        f"{room}.{name}": str(inspect.signature(found(room, name))) for room in ROOMS for name in table.rooms[room].rows
    }
    assert not [name for name, signature in shown.items() if "*args, **kwargs" in signature]


def test_tables_hold_nothing_that_no_face_asks_for():
    names, asked = set(), set()
    for room in ROOMS:
        for face in (f for name in table.rooms[room].rows for f in table.rooms[room].faces(name)):
            definition = face.operator.definition
            topic = definition.__module__.rpartition(".")[2]
            own = (*face.operator.arrays, *face.operator.statics, *parameters([face]))
            names |= {topic, definition.__name__, f"{topic}.{definition.__name__}", f"{room}.{face.name}"}
            asked |= {f"{owner}{p}" for p in own for owner in ("", f"{topic}.", f"{definition.__name__}.")}
    shown = {name for wing in ("arrays", "collective", "maths", "networks", "sparse") for name in examples.known(wing)}
    assert not {*RETURNS, *MEANINGS, *shown} - names
    assert not set(PARAMETERS) - asked


def test_one_docstring_costs_little():
    """Faces are made when they are first used: their texts must not be felt."""
    import time

    from msjax.ops.help import render

    declared = [table.rooms["ops"].faces(name) for name in table.rooms["ops"].rows]
    for own in declared:
        render.text(own)
    start = time.process_time()
    for own in declared:
        render.text(own)
    assert (time.process_time() - start) / len(declared) < 2e-4
