"""The device that new Tensors are made on."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax

from msjax import log

PLATFORMS = {"CPU": "cpu", "GPU": "gpu", "TPU": "tpu"}


def choose(target: str | None, number: int | None) -> None:
    """Make Tensors on a device from now on; those that are there stay where they are.

    A kind of device that JAX does not have, such as "Ascend", changes nothing.

    Args:
        target: MindSpore's name of the kind; None for that of JAX's default device.
        number: which one of them; None for the first.

    Raises:
        RuntimeError: if there are such devices, but not so many. For the CPU the number is without meaning, as in
            MindSpore, where there are not as many.
    """
    if target == "CPU" and not number:
        jax.config.update("jax_default_device", "cpu")  # by name: no device is started for it
        return
    candidates = devices(target)
    if not candidates:
        if target in PLATFORMS:
            _say_absent(target)
        return
    index = number or 0
    if index >= len(candidates):
        if candidates[0].platform != "cpu":
            kind = target or current_target()
            raise RuntimeError(f"There are {len(candidates)} devices of the kind {kind}, but got the number {index}.")
        index = 0
    jax.config.update("jax_default_device", candidates[index])


@cache
def _say_absent(target: str) -> None:
    """Once for each kind."""
    needed = {"GPU": "jax[cuda13]", "TPU": "jax[tpu]"}[target]
    log.warning("JAX finds no %s: Tensors stay on %s. (pip install '%s')", target, current_target(), needed)


def devices(target: str | None = None) -> list:
    """The devices of a kind that this process can use; of JAX's default kind without a name."""
    if target is None:
        return jax.local_devices()
    platform = PLATFORMS.get(target)
    try:
        return jax.local_devices(backend=platform) if platform else []
    except RuntimeError:  # a backend that is not here
        return []


def current() -> Any:
    """The device that new Tensors are made on."""
    chosen = _chosen()
    if chosen is None:
        return jax.local_devices()[0]
    return jax.local_devices(backend=chosen)[0] if isinstance(chosen, str) else chosen


def current_target() -> str:
    """The kind of that device in MindSpore's words: "CPU", "GPU" or "TPU"."""
    chosen = _chosen()
    platform = jax.default_backend() if chosen is None else chosen if isinstance(chosen, str) else chosen.platform
    return platform.upper().replace("CUDA", "GPU").replace("ROCM", "GPU")


def _chosen():
    """What `choose` has set: a device, the name of a platform, or None."""
    return getattr(jax.config, "jax_default_device", None)
