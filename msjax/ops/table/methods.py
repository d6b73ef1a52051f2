"""Attaching the table's Tensor methods: each is made when it is first used."""

from __future__ import annotations

from msjax.core.tensor import Tensor
from msjax.ops.table import rooms


class Method:
    """Stands for a method until its first use."""

    def __init__(self, name: str):
        self.name = name

    def __get__(self, instance, owner):
        method = rooms["Tensor"].make(self.name)
        setattr(Tensor, self.name, method)
        return method.__get__(instance, owner)


def attach() -> None:
    for name in rooms["Tensor"].rows:
        setattr(Tensor, name, Method(name))
