"""Containers of numbers that differ from call to call, as the weights of losses are."""

import msjax as ms
from contract import program, watch
from msjax import Tensor, ops

X = Tensor([1.0, 2.0])


class Weighted:
    """Losses and what they count: a container of numbers for each way to read one."""

    def __init__(self):
        self.named, self.listed, self.fixed = {"a": 1.0, "b": 2.0}, [1.0, 2.0], (0.5, 3)

    def change(self, k):
        self.named = {"a": 1.0 + k, "b": 2.0 / (k + 1)}
        self.listed[k % 2] += 0.25
        self.fixed = (0.5 * k, 3)


@program(compiles=True)
def weights_in_containers():
    held = Weighted()

    def total(x):
        parts = {"a": (x * x).sum(), "b": ops.sin(x).sum()}
        loss = sum(held.named[k] * v for k, v in parts.items())
        for w, part in zip(held.listed, parts.values(), strict=True):
            loss = loss + w * part
        for i, (k, w) in enumerate(held.named.items()):
            loss = loss + (i + len(held.listed)) * w * parts[k]
        a, b = held.fixed
        return loss + a * x.sum() + (x**b).sum() + held.listed[-1] + sum(held.named.values()) * x.sum()

    f = watch(ms.value_and_grad(total))
    for k in range(12):
        yield f(X)
        held.change(k)


@program
def containers_of_numbers_that_change_their_kind():
    held = Weighted()
    f = watch(ms.grad(lambda x: (x * held.named["a"] * held.listed[0] * len(held.named)).sum() * held.fixed[1]))
    for k in range(12):
        if k < 5:
            held.change(k)
        else:
            held.named = {"b": 2.0, "a": k}
        if k > 6:
            held.listed, held.fixed = (0.5 * k, 2.0), [0.5, float(k), 1]
        if k > 8:
            held.named, held.listed = {"a": True, "b": 1.0 * k}, [k, "text"]
        yield f(X)


@program
def containers_of_numbers_as_a_whole():
    held = Weighted()

    def forward(x):
        alias = held.listed
        same = alias is held.listed and held.named == held.named and 0.25 not in held.listed
        shown = f"{held.listed} {held.fixed!r} {max(held.listed)} {sorted(held.named)}"
        return (x * Tensor(held.listed).sum() * (2 if same else 3)).sum() * len(shown) + held.named.get("a", 1.0)

    f = watch(ms.value_and_grad(forward))
    for k in range(8):
        held.change(k)
        yield f(X)


@program
def a_container_of_numbers_with_two_names():
    held, other = Weighted(), Weighted()
    f = watch(ms.grad(lambda x: x * held.listed[0] * (2 if held.listed is other.listed else 3) * other.listed[1]))
    for k in range(12):
        held.change(k)
        other.listed = list(held.listed) if k == 8 else held.listed
        yield f(X)


@program
def containers_of_numbers_that_are_given_away():
    held, kept = Weighted(), []

    def forward(x):
        kept.append(held.listed)
        held.last = held.named
        return x * held.listed[0], held.named

    f = watch(ms.jit(forward))
    for k in range(8):
        held.change(k)
        y, named = f(X)
        yield y, named is held.named, held.last is held.named, kept[-1] is held.listed, named


@program
def containers_of_numbers_that_are_written():
    held = Weighted()

    def forward(x):
        held.listed[0] += 1.0
        held.named["a"] = held.named["a"] * 2
        return (x * held.listed[0] * held.named["a"]).sum()

    f = watch(ms.grad(forward))
    for k in range(8):
        held.fixed = (k, k)
        yield f(X), list(held.listed), dict(held.named)


@program
def a_container_of_numbers_that_is_returned():
    held = Weighted()
    f = watch(ms.jit(lambda x: (x * held.named["a"], held.named, held.fixed)))
    for k in range(8):
        held.change(k)
        y, named, fixed = f(X)
        yield y, named, fixed, [type(v) for v in (*named.values(), *fixed)]
