"""How the C library gives memory to XLA on a CPU.

XLA takes the buffers of a compiled program from `malloc` on each call and gives them back after it. glibc returns large
ones to the kernel each time, which then has to clear every page anew when it is touched: at tens of megabytes a call
this costs as much as the arithmetic. "retain" lets the process keep what it once had.
"""

from __future__ import annotations

import ctypes
import os

from msjax import log

VARIABLE = "MSJAX_ALLOCATOR"

# Parameters of glibc's mallopt (malloc.h).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
POLICIES = {
    # One arena, since those of XLA's threads are given back whatever the thresholds are; large blocks from it too.
    "retain": {_ARENA_MAX: 1, _MMAP_THRESHOLD: 2**30, _TRIM_THRESHOLD: 2**31 - 1},
    "default": {_ARENA_MAX: 0, _MMAP_THRESHOLD: 128 * 1024, _TRIM_THRESHOLD: 128 * 1024},
}


def set_allocator(policy: str) -> bool:
    """Say what the C library does with memory that is given back. For the CPU; never changed unless you ask.

    It reaches threads that start afterwards, so call it before the first Tensor is made, or set the environment
    variable `MSJAX_ALLOCATOR`, or start the program with `python -m msjax --allocator retain script.py`.

    Args:
        policy: "retain" keeps freed memory in the process: steps on large batches take up to a fifth less time, and the
            process stays as large as it once was. "default" is the C library's own way.

    Returns:
        Whether it took effect. Only glibc (Linux) has these settings; elsewhere a warning is logged.

    Raises:
        ValueError: if the policy is another one.

    Example:
        >>> ms.runtime.set_allocator("retain")  # doctest: +SKIP
        True
    """
    if policy not in POLICIES:
        raise ValueError(f"The allocator's policy must be one of {list(POLICIES)}, but got {policy!r}.")
    libc = _glibc()
    if libc is None:
        log.warning(f"The allocator's policy {policy!r} needs glibc, which this platform lacks; nothing is changed.")
        return False
    accepted = [libc.mallopt(parameter, value) for parameter, value in POLICIES[policy].items()]
    if policy == "default":
        libc.malloc_trim(0)
    return all(accepted)


def follow_environment() -> None:
    """Set the policy that the environment names, if it does.

    Raises:
        ValueError: if there is no such policy.
    """
    policy = os.environ.get(VARIABLE)
    if not policy:
        return
    if policy not in POLICIES:
        raise ValueError(f"{VARIABLE} must be one of {list(POLICIES)}, but is {policy!r}.")
    set_allocator(policy)


def _glibc():
    """The running process's C library if it is glibc."""
    try:
        libc = ctypes.CDLL(None)
        libc.gnu_get_libc_version  # noqa: B018  (other libraries lack it, and mallopt may be there and mean nothing)
    except (AttributeError, OSError, TypeError):
        return None
    return libc
