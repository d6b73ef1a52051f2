"""A function is found in its source and rewritten from it, whatever it is called; changed text is not taken."""

import pytest

from msjax.compile.instrument import instrumented
from msjax.compile.source import FACTORY

DEFINED = {
    "underscore": "def _(x): return x + 1\nf = _",
    "two underscores": "def __(x): return x + 1\nf = __",
    "underscore of several": "def _(x): return x\nf = _\ndef _(x): return x + 1\nf = _",
    "underscore within": "def f(x):\n    def _(y): return y + 1\n    return _(x)",
    "underscore that captures": "def make(k):\n    def _(x): return x + k\n    return _\nf = make(1)",
    "a lambda": "f = lambda x: x + 1",
    "a lambda called underscore": "_ = lambda x: x + 1\nf = _",
    "a method called underscore": "class A:\n    def _(self, x): return x + 1\nf = A()._",
    "a private method": "class A:\n    def __f(self, x): return x + 1\nf = A()._A__f",
    "a method of its class's name": "class A:\n    def A(self, x): return x + 1\nf = A().A",
    "a lambda in a class": "class A:\n    f = lambda self, x: x + 1\nf = A().f",
    "a name that is normalized": "def \ufb01(x): return x + 1\nf = fi",
    "a name as the factory's": f"def {FACTORY}(x): return x + 1\nf = {FACTORY}",
    "a decorated one": "def same(g): return g\n@same\ndef _(x): return x + 1\nf = _",
}


@pytest.mark.parametrize("text", DEFINED.values(), ids=DEFINED)
def test_every_name(text: str, tmp_path):
    path = tmp_path / "defined.py"
    path.write_text(text, encoding="utf-8")
    names: dict = {"__name__": "defined"}
    exec(compile(text, str(path), "exec", dont_inherit=True), names)
    f = getattr(names["f"], "__func__", names["f"])
    arguments = (None, 1)[-f.__code__.co_argcount :]
    assert instrumented(f, _Watch)(*arguments) == f(*arguments) == 2


class _Watch:
    """Lets everything go on."""

    @staticmethod
    def cell(cell):
        return cell

    @staticmethod
    def call(function, *args):
        return function(*args)
