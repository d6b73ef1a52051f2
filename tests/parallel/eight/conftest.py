"""What the tests on eight devices share."""

import jax
import pytest

import msjax as ms


@pytest.fixture(autouse=True)
def _parallel_context():
    assert jax.device_count() == 8
    yield
    ms.reset_auto_parallel_context()


@pytest.fixture
def on():
    """Compute on so many devices, with options of the parallel context."""

    def use(count: int, **options) -> None:
        ms.reset_auto_parallel_context()
        ms.set_auto_parallel_context(device_num=count, **options)

    return use
