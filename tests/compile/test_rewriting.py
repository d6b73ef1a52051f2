"""What newer versions of Python put into classes and functions, told from what is there in this one."""

import ast
import collections
import dataclasses
import types

import pytest

import msjax as ms
from msjax import Tensor
from msjax.compile.classes import methods_to_show
from msjax.compile.instrument import _Rewriter
from msjax.compile.source import NoSource

Named = collections.namedtuple("Named", "scale power")


@dataclasses.dataclass
class Plan:
    scale: float = 2.0


def with_replace(cls: type, function) -> type:
    """`cls` as Python 3.13 makes it: with `__replace__`, a function of the standard library, and static attributes."""
    members = {"__replace__": function, "__static_attributes__": ("scale",), "__firstlineno__": 1, "__slots__": ()}
    return types.new_class(cls.__name__, (cls,), exec_body=lambda body: body.update(members, __module__=__name__))


@pytest.mark.parametrize(("cls", "function"), [(Named, Named._replace), (Plan, dataclasses.replace)])
def test_generated_replace_is_let_in(cls, function):
    made = with_replace(cls, function)
    assert not methods_to_show(made)
    settings = made(2.0, 3) if cls is Named else made(2.0)
    f = ms.grad(lambda x: (x * settings.scale).sum())
    assert [f(Tensor([1.0])).tolist() for _ in range(3)] == [[2.0]] * 3
    assert ms.explain(f).compiled


@pytest.mark.parametrize("name", ["TemplateStr", "Interpolation"])
def test_template_strings_are_not_followed(name):
    """They are of Python 3.14."""
    node = type(name, (ast.expr,), {"_fields": ()})()
    with pytest.raises(NoSource, match=name):
        _Rewriter(frozenset(), set(), None).visit(node)
