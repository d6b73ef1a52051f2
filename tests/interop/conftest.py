"""What the tests at the borders share."""

import jax
import pytest

import msjax as ms
from msjax.core import context


@pytest.fixture(autouse=True)
def _same_device():
    """Each test leaves the choice of a device as it was."""
    chosen, target, number = getattr(jax.config, "jax_default_device", None), context._values["device_target"], 0
    yield
    jax.config.update("jax_default_device", chosen)
    context._values.update(device_target=target, device_id=number)
    assert ms.get_context("device_id") == number
