"""Faults of the hardware, `mindspore.utils`: what MindSpore asks an Ascend chip for, and answers without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msjax.core.kinds import takes


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


def mock(mock_val: Any, *args: Any) -> Any:
    """What a function gives; in a simulation, in which nothing is computed, another value. Here nothing is simulated.

    Args:
        mock_val: what a simulation would give.
        args: the function and its arguments.

    Returns:
        The function's result.

    Example:
        >>> ms.utils.dryrun.mock(0, max, 3, 4)
        4
    """
    function: Callable = args[0]
    return function(*args[1:])
