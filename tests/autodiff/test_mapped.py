"""Every differentiable operator under `vmap`: its values and its gradients are those of each slice."""

import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from samples import LEFT_OUT, as_function, draws, operators

from sampling import sampled

OPERATORS = operators()
MAPPED = [name for name, operator in OPERATORS.items() if name not in LEFT_OUT and not draws(name, operator)]


def value_and_gradient(function, x: list):
    value, pull = jax.vjp(function, x)
    return value, pull([jnp.cos(a) for a in value])[0]


@pytest.mark.parametrize("name", sampled(48, MAPPED))
def test_mapped(name):
    function, x = as_function(name, OPERATORS[name])
    slices = [[a, a * 0.875] for a in x]
    whole = jax.jit(jax.vmap(lambda given: value_and_gradient(function, given)))
    each = jax.jit(lambda given: value_and_gradient(function, given))
    found = whole([jnp.stack(pair) for pair in slices])
    for k in range(2):
        wanted = each([pair[k] for pair in slices])
        for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(wanted), strict=True):
            np.testing.assert_allclose(a[k], b, rtol=1e-6, atol=1e-9)
