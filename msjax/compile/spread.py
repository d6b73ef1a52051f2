"""A program on several devices: XLA divides it as its arrays are divided, and what it writes stays where it was."""

from __future__ import annotations

from collections.abc import Callable

import jax

from msjax.core.tensor import Tensor

# Told of each program that runs on several devices: functions of the jitted function and its arguments.
listeners: list[Callable[[Callable, list], None]] = []


class Spread:
    """The jitted functions of a program, by where what they write lies.

    Args:
        function: of arrays, traced anew for those that lie elsewhere.
        written: the positions of what it writes, whose new arrays come first among its results.
        others: how many results there are besides.
        options: for XLA.
    """

    def __init__(self, function: Callable, written: list[int], others: int, options: dict):
        self._function, self._written, self._options = function, tuple(written), options
        self._others = (None,) * others  # wherever XLA has them
        self._known: dict[tuple, list] = {}

    def at(self, written: list[Tensor]) -> tuple[Callable, int]:
        """The jitted function for what is written as it lies now, and how often it was asked for."""
        shardings = tuple([tensor._array.sharding for tensor in written])
        known = self._known.get(shardings)
        if known is None:
            out = [*shardings, *self._others]
            known = self._known[shardings] = [self._jitted(out), 0]
        known[1] += 1
        return known[0], known[1] - 1

    def _jitted(self, out: list) -> Callable:
        return jax.jit(self._function, donate_argnums=self._written, out_shardings=out, compiler_options=self._options)
