"""What `jax.distributed` knows of the processes, without starting a backend; and primitives of JAX."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax
import numpy as np
from jax._src import core, xla_bridge
from jax._src.array import ArrayImpl
from jax._src.distributed import global_state
from jax._src.interpreters.pxla import batched_device_put
from jax.interpreters import ad, batching, mlir

from msjax.shims.programs import parts_of


def processes() -> tuple[int, int] | None:
    """(number of this process, how many there are), or None before they have been joined."""
    if global_state.client is None:
        return None
    return global_state.process_id, global_state.num_processes


def service() -> Any:
    """The client of the coordination service: a key-value store, and barriers with a time-out."""
    return global_state.client


def offer(key: str, text: str) -> None:
    """Put a text into the store of the coordination service, unless there is one already."""
    try:
        service().key_value_set(key, text)
    except jax.errors.JaxRuntimeError as error:
        if "ALREADY_EXISTS" not in str(error):
            raise


def tell(key: str, text: str) -> None:
    """Put a text into that store, in place of another one."""
    service().key_value_set(key, text, allow_overwrite=True)


def heard(key: str) -> str | None:
    """A text from that store, if there is one now."""
    try:
        return service().key_value_try_get(key)
    except jax.errors.JaxRuntimeError as error:
        if "NOT_FOUND" not in str(error):
            raise
        return None


def ask(key: str, seconds: float, slice_: float) -> str | None:
    """A text from that store, as soon as it is there; None if it does not come. Between slices of time signals are
    heard."""
    until = time.monotonic() + seconds
    while True:
        left = min(max(until - time.monotonic(), 0.001), slice_)
        try:
            return service().blocking_key_value_get(key, int(1000 * left))
        except jax.errors.JaxRuntimeError as error:
            if "DEADLINE_EXCEEDED" not in str(error):
                raise
        if time.monotonic() >= until:
            return None


def backend_started() -> bool:
    """Whether a device has been used, after which processes can not be joined any more."""
    return xla_bridge.backends_are_initialized()


def as_part(array: Any, sharding: Any) -> Any:
    """What `jax.make_array_from_single_device_arrays(array.shape, sharding, [array])` gives, in a tenth of the time."""
    return ArrayImpl(array.aval, sharding, [array], committed=True, _skip_checks=True)


def divided(array: Any, sharding: Any) -> Any:
    """What `jax.device_put(array, sharding)` gives of an array in a CPU's memory, in half the time; None if several
    devices have the same part."""
    known = _parts(sharding, array.shape)
    if known is None:
        return None
    devices, parts = known
    host = np.array(array)  # whose memory the parts may keep
    return batched_device_put(array.aval, sharding, [host[part] for part in parts], devices)


@lru_cache(maxsize=1024)
def _parts(sharding: Any, shape: tuple[int, ...]) -> tuple[list, list] | None:
    """The devices, and which part of an array of that shape each has, if no two have the same."""
    parts = sharding.addressable_devices_indices_map(shape)
    alone = len(parts) * math.prod(sharding.shard_shape(shape)) == math.prod(shape)
    return ([*parts], [*parts.values()]) if alone else None


def bound(axis: str) -> bool:
    """Whether a program for several devices is being traced, in which they are an axis of this name."""
    return core.get_axis_env().axis_exists(axis)


def axes_of(program: Any) -> set:
    """The axes along which a program communicates."""
    return {effect.name for effect in program.effects if isinstance(effect, core.NamedAxisEffect)}


def exchanges_of(jaxpr: Any) -> list[str]:
    """The collectives of a program and those of its parts, in words."""
    found = []
    for equation in jaxpr.eqns:
        parts = parts_of(equation)
        if not parts and any(isinstance(effect, core.NamedAxisEffect) for effect in equation.effects):
            arrays = ", ".join(f"{v.aval.dtype}{[*v.aval.shape]}" for v in equation.invars)
            pairs = equation.params.get("perm")
            found.append(f"{equation.primitive.name} of {arrays}" + ("" if pairs is None else f" between {pairs}"))
        found += [line for part in parts for line in exchanges_of(part)]
    return found


def primitive(name: str, run: Callable, shapes: Callable, transpose: Callable, batch: Callable, error: str) -> Any:
    """A linear primitive of JAX of several arrays and as many results, which runs outside of compiled programs.

    Args:
        run: (*arrays, **parameters) -> the results.
        shapes: (*abstract arrays, **parameters) -> those of the results.
        transpose: (cotangents, **parameters) -> those of the arrays.
        batch: (arrays with the batch in front, **parameters) -> the results, likewise.
        error: what JAX says when somebody compiles it.
    """
    made = core.Primitive(name)
    made.multiple_results = True
    made.def_impl(run)
    made.def_abstract_eval(shapes)

    def jvp(primals, tangents, **parameters):
        results = made.bind(*primals, **parameters)
        kept = [i for i, t in enumerate(tangents) if type(t) is not ad.Zero]
        moved = made.bind(*[tangents[i] for i in kept], **parameters) if kept else []
        given: list = [ad.Zero(core.typeof(r).to_tangent_aval()) for r in results]
        for i, t in zip(kept, moved, strict=True):
            given[i] = t
        return results, given

    def transposed(cotangents, *arrays, **parameters):
        kept = [i for i, t in enumerate(cotangents) if type(t) is not ad.Zero]
        moved = transpose([cotangents[i] for i in kept], **parameters) if kept else []
        given: list = [ad.Zero(a.aval) if ad.is_undefined_primal(a) else None for a in arrays]
        for i, t in zip(kept, moved, strict=True):
            given[i] = t
        return given

    def batched(arrays, dims, **parameters):
        size = next(a.shape[d] for a, d in zip(arrays, dims, strict=True) if d is not None)
        front = [batching.bdim_at_front(a, d, size) for a, d in zip(arrays, dims, strict=True)]
        return batch(front, **parameters), [0] * len(front)

    def lowered(*_, **__):
        raise RuntimeError(error)

    ad.primitive_jvps[made] = jvp
    ad.primitive_transposes[made] = transposed
    batching.primitive_batchers[made] = batched
    mlir.register_lowering(made, lowered)
    return made
