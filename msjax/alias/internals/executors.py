"""MindSpore's executors, `_pynative_executor` and `_cell_graph_executor`, as far as what they did has an effect here.

Here no object stands between a program and JAX, so these hold nothing but what they were told.
"""

from __future__ import annotations

from typing import Any

import jax

from msjax.autodiff import _no_grad
from msjax.compile import jit
from msjax.core import trace
from msjax.core.tensor import Tensor, is_tensor, raw, wrap
from msjax.device import runtime
from msjax.nn.pure import lend

# Caches of MindSpore's compiler. Programs look into them, or clear them; ours are elsewhere, and clear themselves.
cells_compile_cache: dict = {}
ms_compile_cache: set = set()
function_phases: dict = {}

_INSTEAD = {
    "grad": "mindspore.value_and_grad",
    "grad_jit": "mindspore.jit and mindspore.value_and_grad",
    "check_run": "mindspore.value_and_grad",
    "call_custom_bprop": "Cell.bprop",
    "real_run_op": "the operators of mindspore.ops",
    "run_op_async": "the operators of mindspore.ops",
    "export": "mindspore.export",
    "init_dataset": "Model.train(dataset_sink_mode=True)",
}


class _Executor:
    def __getattr__(self, name: str) -> Any:
        instead = _INSTEAD.get(name)
        said = f": use {instead}" if instead else ""
        raise AttributeError(f"msjax has no {type(self).__name__}.{name}{said}", name=name, obj=self)


class _PyNativeExecutor(_Executor):
    """What runs operators one by one, and whether they are differentiated."""

    def __init__(self):
        self._recording = False
        self._constant: _no_grad | None = None

    def sync(self) -> None:
        """Wait until all that was begun is computed."""
        runtime.synchronize()

    def set_grad_flag(self, flag: bool) -> None:
        """Kept for `grad_flag`; gradients are what `grad` and its kin compute."""
        self._recording = flag

    def grad_flag(self) -> bool:
        """Whether a gradient is computed around here, or was said to be."""
        return self._recording or trace.top() is not None

    def set_enable_grad(self, flag: bool) -> None:
        """With False, what is computed from here on is constant to gradients; with True no longer."""
        if not flag and self._constant is None:
            self._constant = _no_grad()
            self._constant.__enter__()
        elif flag and self._constant is not None:
            self._constant.__exit__(None, None, None)
            self._constant = None

    def enable_grad(self) -> bool:
        """Whether gradients may be computed here."""
        return not trace.gradients_forbidden()

    def requires_grad(self) -> bool:
        """Whether a gradient is computed around here, and may be."""
        return self.grad_flag() and self.enable_grad()

    def new_graph(self, obj, *args, **kwargs) -> None:
        """Nothing: a transform records what it differentiates itself."""

    def end_graph(self, obj, output, *args, **kwargs) -> None:
        """Nothing: see `new_graph`."""

    def clear_res(self) -> None:
        """Nothing: no graph outlives the transform it belongs to."""


class _CellGraphExecutor(_Executor):
    """What compiles networks: `compile(net, *inputs)` does so, `executor(net, *inputs)` runs the compiled one."""

    def __init__(self):
        self._compiled: set[str] = set()

    def compile(self, obj, *args, phase: str = "predict", do_convert=True, jit_config_dict=None, **kwargs):
        """Go through a network as compilation does, for its errors; nothing is computed, nothing changes.

        Returns:
            (the phase under which the network is known, whether that is new).
        """
        positions = [i for i, value in enumerate(args) if isinstance(value, Tensor)]

        def run(*arrays):
            given = list(args)
            for i, array in zip(positions, arrays, strict=True):
                given[i] = wrap(array)
            result, _ = lend([], [], lambda: obj(*given, **kwargs))
            return [raw(leaf) for leaf in jax.tree.leaves(result, is_leaf=is_tensor) if is_tensor(leaf)]

        jax.eval_shape(run, *(raw(args[i]) for i in positions))
        known_as = f"{phase}.{id(obj)}"
        fresh = known_as not in self._compiled
        self._compiled.add(known_as)
        return known_as, fresh

    def has_compiled(self, phase: str = "predict") -> bool:
        """Whether `compile` gave this phase."""
        return phase in self._compiled

    def run(self, obj, *args, phase: str = "") -> Any:
        """The outputs of a network that is compiled."""
        return jit(obj)(*args)

    def __call__(self, obj, *args, phase: str = "predict") -> Any:
        return self.run(obj, *args)


_pynative_executor = _pynative_exec = _PyNativeExecutor()
_cell_graph_executor = _executor = _CellGraphExecutor()
