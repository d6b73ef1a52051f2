"""Faults of the hardware, `mindspore.utils`: what MindSpore asks an Ascend chip for, and answers without one."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from msjax.core.kinds import takes

_SIMULATION = "MS_SIMULATION_LEVEL"


@takes(detect_type="str")
def stress_detect(detect_type: str = "aic") -> int:
    """Look for faults of an Ascend chip under load.

    Args:
        detect_type: what is looked at, "aic" or "hccs".

    Raises:
        RuntimeError: always, as in MindSpore where there is no such chip.

    Example:
        >>> ms.utils.stress_detect()
        Traceback (most recent call last):
        RuntimeError: Stress detection is not supported: it looks at Ascend chips.
    """
    raise RuntimeError("Stress detection is not supported: it looks at Ascend chips.")


def sdc_detect_start() -> None:
    """Begin to compare results of matrix products with checksums; without an Ascend chip nothing is compared.

    Example:
        >>> ms.utils.sdc_detect_start()
    """


def sdc_detect_stop() -> None:
    """End what `sdc_detect_start` began.

    Example:
        >>> ms.utils.sdc_detect_stop()
    """


def get_sdc_detect_result() -> bool:
    """Whether a wrong result was seen.

    Returns:
        False without an Ascend chip.

    Example:
        >>> ms.utils.get_sdc_detect_result()
        False
    """
    return False


def set_simulation() -> None:
    """Note, for `mock` and in the environment as MindSpore does, that a simulation is wanted.

    Differs from MindSpore: everything is computed all the same, on whatever device there is.

    Example:
        >>> ms.utils.dryrun.set_simulation()  # doctest: +SKIP
    """
    os.environ[_SIMULATION] = "1"


def mock(mock_val: Any, *args: Any) -> Any:
    """What a function gives; after `set_simulation` another value.

    Args:
        mock_val: the other value.
        args: the function and its arguments.

    Returns:
        The function's result, or `mock_val`.

    Example:
        >>> ms.utils.dryrun.mock(0, max, 3, 4)
        4
    """
    function: Callable = args[0]
    return mock_val if os.environ.get(_SIMULATION) else function(*args[1:])
