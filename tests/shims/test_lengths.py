"""Lengths that go by an example; those of `jax.export` are as they were."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import export

from msjax.shims.lengths import Example, evaluated, grows, has_lengths, is_length, names_in


class Refused(Exception):
    pass


def refuses():
    raise Refused


def example(*lengths):
    made = Example(lengths, refuses)
    return made, *made.symbols


def test_comparisons_are_answered_and_noted():
    made, n = example(10)
    assert n > 5 and n <= 10 and n >= 2.5 and not n > 10
    assert made.holds((6,)) and made.holds((10,)) and not made.holds((11,)) and not made.holds((5,))


@pytest.mark.parametrize(("asked", "serves", "not_served"), [
    (lambda n: n > 8, 9, 8),
    (lambda n: not n <= 8, 9, 8),
    (lambda n: n >= 8.5, 9, 8),
    (lambda n: n % 2 == 0, 6, 7),
    (lambda n: bool(n % 2), 6, 7),
    (lambda n: bool(n - 3), 6, 3),
    (lambda n: n == 4, 5, 4),
    (lambda n: n != 4, 5, 4),
    (lambda n: jnp.zeros(3).shape[0] == n, 4, 3),
])  # fmt: skip
def test_what_is_asked_holds_for_other_lengths(asked, serves, not_served):
    made, n = example(10)
    assert bool(asked(n)) is bool(asked(10))
    assert made.holds((10,)) and made.holds((serves,)) and not made.holds((not_served,))


def test_lengths_that_are_equal_by_chance():
    made, n, m = example(7, 7)
    assert n != m and n != 7
    assert not made.holds((7, 7)) and made.holds((8, 9)) and not made.holds((8, 8))


def test_the_greater_is_one_of_the_two():
    made, n = example(10)
    assert min(n, 4) == 4 and max(n, 4) is n and jax.core.max_dim(n, 4) is n and jax.core.min_dim(4, n) == 4
    assert made.holds((4,)) is False and made.holds((5,))


@pytest.mark.parametrize("computed", [lambda n: n / 2, lambda n: 1 / n, lambda n: n * 0.5, lambda n: np.float32(2) * n])
def test_numbers_are_refused(computed):
    with pytest.raises(Refused):
        computed(example(10)[1])


def test_whole_numbers():
    _, n = example(10)
    sizes = {n + 1: 11, 2 * n - n: 10, n // 3: 3, n % 4: 2, n**2: 100, np.int64(3) * n: 30}
    assert [int(evaluated(size, {"l0": 10})) for size in sizes] == list(sizes.values())
    assert names_in(n * 2) == {"l0"} and is_length(n) and has_lengths([(slice(None, n),)]) and not has_lengths((3, "n"))
    assert grows(n * 2 + 1) and not grows(n - 1) and not grows(n % 2)


def test_those_of_export():
    (n,) = export.symbolic_shape("n")
    assert not is_length(n) and n and n != 4
    with pytest.raises(Exception, match="inconclusive"):
        n > 4  # noqa: B015
    shape = jax.ShapeDtypeStruct((n,), np.float32)
    exported = export.export(jax.jit(lambda x: x.sum() / x.shape[0]))(shape)
    assert exported.call(np.array([1.0, 3.0], np.float32)) == 2
