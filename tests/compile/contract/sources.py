"""The file that a function comes from is edited, loaded again or removed while the program runs."""

import importlib.util
import os
import shutil
import sys
import tempfile
import weakref

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor

X = Tensor([1.0, 2.0, 3.0])
HEADER = "import msjax as ms\n"


class Source:
    """A module of the user's in a file of its own."""

    def __init__(self, text: str):
        folder = tempfile.mkdtemp()
        weakref.finalize(self, shutil.rmtree, folder)
        self._path = os.path.join(folder, "contract_source.py")
        self.saves(text)
        spec = importlib.util.spec_from_file_location("contract_source", self._path)
        self.module = sys.modules["contract_source"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)

    def saves(self, text: str) -> None:
        """The file gets another text; a second passes, as for somebody who types it."""
        with open(self._path, "w") as file:
            file.write(HEADER + text)
        self._moment = getattr(self, "_moment", 1.7e9) + 1.0
        os.utime(self._path, (self._moment, self._moment))

    def removes(self) -> None:
        os.remove(self._path)

    def reloads(self) -> None:
        """What `importlib.reload` does."""
        spec = importlib.util.spec_from_file_location("contract_source", self._path)
        spec.loader.exec_module(self.module)


NESTED = {
    "lambda": "def f(x):\n    square = lambda t: t**2\n    return square(x).sum()\n",
    "local": "def f(x):\n    def square(t):\n        return t**2\n    return square(x).sum()\n",
    "generator": "def f(x):\n    return sum(t**2 for t in [x, x + 1]).sum()\n",
    "list": "def f(x):\n    return sum([t**2 for t in [x, x + 1]]).sum()\n",
    "dictionary": "def f(x):\n    return {k: x**2 for k in 'ab'}['a'].sum()\n",
    "deep": "def f(x):\n    def outer(t):\n        return (lambda u: u**2)(t)\n    return outer(x).sum()\n",
    "default": "def f(x):\n    square = lambda t, p=2: t**p\n    return square(x).sum()\n",
    "derivative": "def f(x):\n    return ms.grad(lambda t: t**2)(x).sum()\n",
    "itself": "def f(x):\n    return (x**2).sum()\n",
    "method": "class A:\n    def m(self, x):\n        return (lambda t: t**2)(x)\ndef f(x): return A().m(x).sum()\n",
}


@program
def edited_within_before_it_is_called():
    for text in NESTED.values():
        source = Source(text)
        source.saves(text.replace("**2", "**3").replace("p=2", "p=3"))
        f = ms.value_and_grad(source.module.f)
        for _ in STEPS:
            yield f(X)


@program
def edited_between_calls():
    for text in NESTED.values():
        source = Source(text)
        f = ms.value_and_grad(source.module.f)
        for k in STEPS:
            source.saves(text.replace("**2", f"**{k}"))
            yield f(X), f(X * k)


@program
def edited_and_loaded_again():
    for text in NESTED.values():
        source = Source(text)
        for k in range(3):
            source.saves(text.replace("**2", f"**{k + 2}").replace("p=2", f"p={k + 2}"))
            source.reloads()
            f = watch(ms.value_and_grad(source.module.f))
            for _ in range(3):
                yield f(X)


@program
def loaded_again_and_called_by_another():
    text = "def f(x):\n    return (lambda t: t**2)(x).sum()\n"
    source = Source(text)
    f = ms.value_and_grad(lambda x: source.module.f(x) * 2)
    for k in range(6):
        if k % 2:
            source.saves(text.replace("**2", f"**{k}"))
            source.reloads()
        yield f(X), f(X)


@program(compiles=True)
def compiled_after_it_was_edited_and_loaded_again():
    source = Source("def f(x):\n    return (x**2).sum()\n")
    ms.grad(source.module.f)(X), ms.grad(source.module.f)(X)
    source.saves("# A line more.\ndef f(x):\n    return (lambda t: t**3)(x).sum()\n")
    source.reloads()
    f = watch(ms.grad(source.module.f))
    for _ in STEPS:
        yield f(X)


@program
def removed():
    source = Source(NESTED["lambda"])
    f = ms.grad(source.module.f)
    source.removes()
    for _ in STEPS:
        yield f(X)
