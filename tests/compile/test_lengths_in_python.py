"""What Python does with lengths of Tensors that differ from call to call: compiled the same as eagerly."""

import dataclasses
import logging
import math
from collections import namedtuple

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.compile import table, task
from sampling import sampled

LENGTHS = 5, 6, 9, 12, 14, 9, 3, 13
# Of these no program for many lengths is made: they make of a length what would be another one for others.
BY_THEMSELVES = frozenset(
    "in|in a set|of a dict|type|float|text|f-string|percent|hash|reciprocal|root|math|numpy|numpy array|average|list|"
    "sorted|divmod|abs|round|and|tensor|tensor of list|tensor float|every other|reversed|pairs|tried|held|tabled|"
    "listed|printed|logged|looped|rows|key|stack|shape returned|other sizes".split("|")
)
weight = Tensor(np.random.RandomState(5).randn(3, 4).astype(np.float32))
long = Tensor(np.random.RandomState(6).randn(40, 3).astype(np.float32))
Pair = namedtuple("Pair", "n x")


@dataclasses.dataclass
class Box:
    n: int

    def half(self):
        return self.n // 2


class Memory:
    def __init__(self):
        self.n, self.table, self.seen = 0, {}, []


memory = Memory()


def tried(x, n):
    try:
        return x.reshape(n // 2, 2, 3).sum()
    except Exception:
        return x.sum() * 2


def halved(x, n):
    while n > 4:
        n //= 2
        x = x * 1.5
    return x.sum()


def raised(x, n):
    if n > 12:
        raise ValueError(f"too long: {n}")
    return x.sum()


def held(x, n):
    memory.n = n
    return x.sum()


def tabled(x, n):
    memory.table[n] = 1
    return x.sum()


def listed(x, n):
    memory.seen.append(n)
    return x.sum()


def printed(x, n):
    print("shape", x.shape, n)
    return x.sum()


def logged(x, n):
    logging.getLogger("lengths").warning("%d rows", n)
    return x.sum()


def matched(x, n):
    match x.shape:
        case (9, _):
            return x.sum() * 9
        case (a, b) if a > 10:
            return x.sum() * b
    return x.sum()


def looped(x, n):
    total = x[0].sum()
    for i in range(n):
        total = total + x[i].sum() * i
    return total


def rows(x, n):
    total = 0
    for row in x:
        total = total * 0.5 + row.sum()
    return total


FUNCTIONS = {
    "sum": lambda x, n: x.sum(),
    "larger": lambda x, n: x.sum() if n > 10 else (x**2).sum(),
    "between": lambda x, n: x.sum() if 4 < n <= 9 else x.mean(),
    "equal": lambda x, n: x.sum() if n == 9 else x.mean(),
    "not equal": lambda x, n: x.sum() if n != 12 else x.mean(),
    "even": lambda x, n: x.sum() if n % 2 == 0 else x.mean(),
    "odd": lambda x, n: x.sum() if n % 2 else x.mean(),
    "true": lambda x, n: x.sum() if n - 9 else x.mean(),
    "not": lambda x, n: x.sum() if not n - 9 else x.mean(),
    "in": lambda x, n: x.sum() if n in (5, 9, 14) else x.mean(),
    "in a set": lambda x, n: x.sum() if n in {5, 9, 14} else x.mean(),
    "of a dict": lambda x, n: x.sum() * {9: 2.0, 12: 3.0}.get(n, 1.0),
    "shape equal": lambda x, n: x.sum() if x.shape == (9, 3) else x.mean(),
    "isinstance": lambda x, n: x.sum() if isinstance(n, int) else x.mean(),
    "type": lambda x, n: x.sum() if type(n) is int else x.mean(),
    "int": lambda x, n: x.sum() * int(n),
    "float": lambda x, n: x.sum() * float(n),
    "len": lambda x, n: x.sum() / len(x),
    "size": lambda x, n: x.sum() / x.size,
    "text": lambda x, n: x.sum() * len(str(n)),
    "f-string": lambda x, n: x.sum() * len(f"{n}"),
    "percent": lambda x, n: x.sum() * len("%d" % n),  # noqa: UP031
    "hash": lambda x, n: x.sum() * hash(n),
    "times": lambda x, n: x.sum() * n,
    "times from left": lambda x, n: n * x.sum(),
    "by": lambda x, n: (x / n).sum(),
    "by from left": lambda x, n: (n / (x + 10)).sum(),
    "plus": lambda x, n: (x + n).sum(),
    "minus": lambda x, n: (n - x).sum(),
    "power": lambda x, n: (x**n).sum(),
    "ints": lambda x, n: (x.astype(ms.int32) * n).sum().astype(ms.float32) + x.sum(),
    "reciprocal": lambda x, n: (x * (1 / n)).sum(),
    "root": lambda x, n: (x * n**0.5).sum(),
    "math": lambda x, n: (x * math.sqrt(n)).sum(),
    "numpy": lambda x, n: (x * np.sqrt(n)).sum(),
    "numpy array": lambda x, n: (x * Tensor(np.arange(n, dtype=np.float32)[:, None])).sum(),
    "average": lambda x, n: x.sum() * (n * 0.5),
    "min": lambda x, n: x[: min(n, 7)].sum(),
    "max": lambda x, n: x.sum() * max(n, 10),
    "list": lambda x, n: x.sum() * sum([1.0] * n),
    "sorted": lambda x, n: x.sum() * sorted([n, 10])[0],
    "divmod": lambda x, n: x.sum() * divmod(n, 4)[1],
    "abs": lambda x, n: x.sum() * abs(n - 9),
    "negative": lambda x, n: x[-n:].sum() * -n,
    "round": lambda x, n: x.sum() * round(n / 2),
    "and": lambda x, n: x.sum() * (n & 3),
    "none": lambda x, n: x.sum() if n is None else x.mean(),
    "tensor": lambda x, n: x.sum() * Tensor(n),
    "tensor of list": lambda x, n: (x.sum() * Tensor([n, 2])).sum(),
    "tensor float": lambda x, n: x.sum() * Tensor(n, ms.float32),
    "zeros": lambda x, n: (x + ops.zeros((n, 3))).sum(),
    "full": lambda x, n: (x * ops.full((n, 1), n)).sum(),
    "arange": lambda x, n: (x * ops.arange(n).reshape(-1, 1)).sum(),
    "linspace": lambda x, n: (x * ops.linspace(0, 1, n).reshape(-1, 1)).sum(),
    "eye": lambda x, n: ops.matmul(ops.eye(n), x).sum() + x.max(),
    "one hot": lambda x, n: (ops.one_hot(ops.arange(n), n, Tensor(1.0), Tensor(0.0)) @ x).max(),
    "last": lambda x, n: x[-1].sum() + x[n - 1].max(),
    "middle": lambda x, n: x[n // 2].sum(),
    "halves": lambda x, n: x[: n // 2].sum() * 2 + x[n // 2 :].max(),
    "every other": lambda x, n: x[::2].sum(),
    "reversed": lambda x, n: (x[::-1] * x).sum(),
    "flip": lambda x, n: (ops.flip(x, (0,)) * x).sum(),
    "shifted": lambda x, n: (x[1:] * x[:-1]).sum(),
    "pairs": lambda x, n: (x[: n // 2 * 2].reshape(n // 2, 2, 3).max(1)).sum(),
    "tried": tried,
    "halved": halved,
    "raised": raised,
    "held": held,
    "tabled": tabled,
    "listed": listed,
    "printed": printed,
    "logged": logged,
    "matched": matched,
    "looped": looped,
    "rows": rows,
    "box": lambda x, n: x[: Box(n).half()].sum(),
    "pair": lambda x, n: Pair(n, x).x[: Pair(n, x).n].sum(),
    "key": lambda x, n: {n: x}[n].sum(),
    "default": lambda x, n: (lambda y, k=n: y[:k])(x).sum(),
    "long": lambda x, n: (long[:n] * x).sum(),
    "long from": lambda x, n: (long[n:].sum() * x).sum(),
    "write": lambda x, n: written(x, n),
    "tile": lambda x, n: (weight[:1, :3].tile((n, 1)) * x).sum(),
    "expand": lambda x, n: (weight[:1, :3].broadcast_to((n, 3)) * x).sum(),
    "matmul": lambda x, n: ops.relu(x @ weight).sum(),
    "gram": lambda x, n: ops.softmax(x @ x.T / math.sqrt(3), -1).max(),
    "causal": lambda x, n: (ops.softmax((x @ x.T).masked_fill(ops.ones((n, n)).tril() == 0, -1e9), -1) @ x).sum(),
    "flat": lambda x, n: (x.reshape(-1) ** 2).sum() + x.reshape(n * 3)[-1],
    "other sizes": lambda x, n: x.reshape(3, 9).max(0).sum(),
    "transposed": lambda x, n: (x.T.reshape(-1) * ops.arange(n * 3)).sum(),
    "top": lambda x, n: ops.topk(x.T, 2)[0].sum(),
    "sort": lambda x, n: (ops.sort(x, 0)[0] * ops.arange(n).reshape(-1, 1)).sum(),
    "argmax": lambda x, n: x[x.argmax(axis=0)].sum(),
    "cumsum": lambda x, n: (x.cumsum(0) ** 2).mean(),
    "cat": lambda x, n: (ops.cat([x, long[:2], x * 2], 0) ** 2)[n + 1 :].sum(),
    "stack": lambda x, n: ops.stack([x, x * 2])[1].max(0).sum(),
    "mask": lambda x, n: x[x > 0].sum() + x.min(),
    "gather": lambda x, n: ops.gather(x, ops.arange(n - 1, -1, -1), 0)[0].sum(),
    "pad": lambda x, n: ops.pad(x, (0, 0, 1, 2), value=1.0).mean(),
    "std": lambda x, n: x.std() + x.var(),
    "norm": lambda x, n: ops.layer_norm(x.T, (n,), ops.ones(n), ops.zeros(n)).max() if n > 4 else x.sum(),
    "results": lambda x, n: (x.sum(), x * 2, x[1:].T),
    "shape returned": lambda x, n: (x.sum(), n),
    "dtype": lambda x, n: (x.sum(), x.astype(ms.float16) * n, ops.arange(n) * n),
}


def written(x, n):
    y = ops.zeros((n, 3))
    y[1 : n - 1] = x[1 : n - 1] * 2
    y[n - 1] = 5.0
    y[:, 0] = 1.0
    return (y * x).sum()


def plain(value):
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    return (value.asnumpy(), str(value.dtype)) if isinstance(value, Tensor) else value


def outcome(step, x, capfd, caplog) -> tuple:
    memory.__init__()
    caplog.clear()
    try:
        result = plain(step(x))
    except Exception as error:
        result = type(error), str(error)
    return result, capfd.readouterr().out, caplog.messages, str(vars(memory))


def close(one, other) -> bool:
    if isinstance(other, list):
        return len(one) == len(other) and all(map(close, one, other))
    if isinstance(other, tuple) and isinstance(other[0], np.ndarray):
        return one[1] == other[1] and one[0].shape == other[0].shape and np.allclose(one[0], other[0], 1e-4, 1e-5)
    return type(one) is type(other) and one == other


@pytest.mark.parametrize("name", sampled(4, FUNCTIONS))
def test_in_python(name, monkeypatch, capfd, caplog):
    monkeypatch.setattr(table, "_short_lived", {})
    monkeypatch.setattr(table, "entries", type(table.entries)())
    monkeypatch.setattr(task, "_REFUSALS", 1000)  # all have the same code
    function = FUNCTIONS[name]

    def f(x):
        result = function(x, x.shape[0])
        return (*result, x * 2) if isinstance(result, tuple) else (result, x * 2)

    step = ms.value_and_grad(f, 0, has_aux=True)
    for length in LENGTHS:
        x = np.random.RandomState(length).randn(length, 3).astype(np.float32)
        found = outcome(step, Tensor(x), capfd, caplog)
        ms.set_compile("off")
        try:
            expected = outcome(step, Tensor(x), capfd, caplog)
        finally:
            ms.set_compile("auto")
        assert close(found[0], expected[0]), (length, found[0], expected[0])
        assert found[1:] == expected[1:]
    assert any(entry.seen and entry.variants for entry in table.entries.values()) is (name not in BY_THEMSELVES)
