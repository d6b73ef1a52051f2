"""Examples in docstrings: the names that they may use, and how what they print is compared."""

import doctest
import re

import numpy as np

import msjax as ms
from msjax import Parameter, Tensor, mint, nn, numpy, ops, scipy

NAMES = {"ms": ms, "mnp": numpy, "Tensor": Tensor, "Parameter": Parameter, "mint": mint, "nn": nn, "ops": ops, "np": np}
NAMES |= {"scipy": scipy}
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\bnan\b|\binf\b)j?")


class Numbers(doctest.OutputChecker):
    """Compares numbers up to rounding: their last digits are not the same on all machines."""

    def check_output(self, want: str, got: str, flags: int) -> bool:
        if super().check_output(want, got, flags):
            return True
        words = [re.sub(r"\s+", "", _NUMBER.sub("#", text)) for text in (want, got)]
        numbers = [[complex(n) for n in _NUMBER.findall(text)] for text in (want, got)]
        return words[0] == words[1] and np.allclose(*numbers, rtol=1e-4, atol=1e-6, equal_nan=True)


def failures(test: doctest.DocTest) -> list[str]:
    """What goes wrong in the examples of one docstring."""
    said: list[str] = []
    doctest.DocTestRunner(Numbers(), optionflags=FLAGS).run(test, out=said.append)
    return said
