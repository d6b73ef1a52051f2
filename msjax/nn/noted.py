"""What a Cell is told about graphs, devices and pipelines: it is noted and checked, and changes nothing here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Self

from msjax.core.effects import is_base, reads_parts
from msjax.core.kinds import check
from msjax.nn.declared import declare


@is_base
class Noted:
    """The part of `Cell` that takes such notes."""

    _flags: dict[str, Any]
    cells_and_names: Callable[..., Iterator[tuple[str, Any]]]
    trainable_params: Callable[..., list]
    construct: Callable

    @property
    def _notes(self) -> dict[str, Any]:
        return self.__dict__.setdefault("_noted", {})

    @property
    def bprop_debug(self) -> bool:
        """Whether the Cell's own `bprop` is to be debugged, as was noted."""
        return self._notes.get("bprop_debug", False)

    @bprop_debug.setter
    def bprop_debug(self, value: bool) -> None:
        check("Cell", "bprop_debug", value, "bool")
        self._notes["bprop_debug"] = value

    @property
    def parameter_layout_dict(self) -> dict:
        """How Parameters are laid out among devices, as was noted."""
        return self._notes.setdefault("parameter_layout_dict", {})

    @parameter_layout_dict.setter
    def parameter_layout_dict(self, value: dict) -> None:
        check("Cell", "parameter_layout_dict", value, "dict")
        self._notes["parameter_layout_dict"] = value

    @property
    def pipeline_stage(self) -> int:
        """The stage of a pipeline that this Cell was put into.

        Raises:
            AttributeError: if it was put into none.
        """
        if "pipeline_stage" not in self._notes:
            raise AttributeError(f"The '{type(self).__name__}' object has no attribute 'pipeline_stage'.")
        return self._notes["pipeline_stage"]

    @pipeline_stage.setter
    def pipeline_stage(self, value: int) -> None:
        check("Cell", "pipeline_stage", value, "int >= 0")
        self._notes["pipeline_stage"] = value
        for parameter in self.trainable_params():
            parameter.add_pipeline_stage(value)

    def set_broadcast_flag(self, mode: bool = True) -> Any:
        """Note whether Parameters are broadcast to other devices.

        Args:
            mode: whether they are.

        Returns:
            This Cell.
        """
        self._notes["broadcast_flag"] = mode
        return self

    def set_data_parallel(self) -> None:
        """Note that the batch is what is divided among devices; XLA finds out how."""
        for _, cell in self.cells_and_names():
            cell._notes["data_parallel"] = True

    def remove_redundant_parameters(self) -> None:
        """Nothing: no device keeps Parameters that it does not use."""

    def offload(self, backward_prefetch: Any = "Auto") -> None:
        """Note that what the backward pass needs may leave the device; here it stays, or see `recompute`.

        Args:
            backward_prefetch: "Auto", or how many operators ahead it is fetched.

        Raises:
            TypeError, ValueError: for anything else.
        """
        check(type(self).__name__, "backward_prefetch", backward_prefetch, "'Auto' or int >= 0")
        self._notes["offload"] = backward_prefetch

    def set_grad(self, requires_grad: bool = True) -> Self:
        """Note that gradients will be taken; `ms.grad` needs no such note.

        Args:
            requires_grad: what is noted.

        Returns:
            This Cell.
        """
        self.__dict__["requires_grad"] = requires_grad
        return self

    def add_flags(self, **flags) -> Self:
        """Note flags on this Cell and make them attributes.

        Args:
            flags: values by name.

        Returns:
            This Cell.
        """
        self._flags.update(flags)
        self.__dict__.update(flags)
        return self

    def add_flags_recursive(self, **flags) -> Self:
        """Note flags on this Cell and on all Cells below, and make them attributes.

        Args:
            flags: values by name.

        Returns:
            This Cell.
        """
        for _, cell in self.cells_and_names():
            cell.add_flags(**flags)
        return self

    @reads_parts
    def get_flags(self) -> dict:
        """The flags that were noted.

        Returns:
            A dict, by name.
        """
        return dict(self._flags)

    def set_jit_config(self, jit_config) -> None:
        """Note compile options; XLA needs none of them.

        Args:
            jit_config: a JitConfig.
        """
        self.__dict__["jit_config_dict"] = dict(getattr(jit_config, "jit_config_dict", {}))

    def set_inputs(self, *inputs, **kwargs) -> None:
        """Say what inputs look like: in graph mode, a call with others is an error.

        Args:
            inputs, kwargs: Tensors, whose shape may have None for axes of any length, in order or by name.

        Raises:
            TypeError, ValueError: if `construct` does not take such inputs.

        Example:
            >>> net = nn.Dense(3, 2)
            >>> net.set_inputs(Tensor(shape=(None, 3), dtype=ms.float32))
            >>> len(net.get_inputs())
            1
        """
        self.__dict__["_inputs"] = declare(self.construct, inputs, kwargs)

    def get_inputs(self):
        """What `set_inputs` noted.

        Returns:
            A tuple or a dict, or None.
        """
        return self.__dict__.get("_inputs")

    # -- graphs ---------------------------------------------------------------------------------------------------

    def compile(self, *args, **kwargs) -> None:
        """Nothing: a Cell compiles when it is first called.

        Args:
            args, kwargs: accepted.
        """

    def set_comm_fusion(self, fusion_type: int, recurse: bool = True) -> Self:
        """Nothing: XLA fuses communication.

        Args:
            fusion_type, recurse: accepted.

        Returns:
            This Cell.
        """
        return self

    def set_boost(self, boost_type: str) -> Self:
        """Nothing: there is nothing to boost.

        Args:
            boost_type: accepted.

        Returns:
            This Cell.
        """
        return self

    def compile_and_run(self, *args: Any, **kwargs: Any) -> Any:
        """Call this Cell, which compiles when it is worth it.

        Args:
            args, kwargs: what `construct` takes.

        Returns:
            What `construct` gives.
        """
        return self(*args, **kwargs)  # type: ignore[operator]

    def get_func_graph_proto(self) -> None:
        """None: there is no graph of MindSpore's that could be written down; `ms.export` writes one of JAX's."""

    @property
    def cls_name(self) -> str:
        return type(self).__name__

    @property
    def param_prefix(self) -> str:
        return self.__dict__.get("_param_prefix", "")

    def update_cell_prefix(self) -> None:
        """Let every Cell below know its path."""
        for path, cell in self.cells_and_names():
            cell.__dict__["_param_prefix"] = path

    def update_cell_type(self, cell_type: str) -> None:
        """Note a type's name.

        Args:
            cell_type: the name.
        """
        self.__dict__["cell_type"] = cell_type

    def generate_scope(self) -> None:
        """Let every Cell below know its scope, which is its path and the classes along it."""
        for child, scope in _below(self, "Default"):
            child._notes["scope"] = scope

    def get_scope(self) -> str | None:
        """What `generate_scope` of a Cell above has noted.

        Returns:
            A text such as "Default/net-Net/0-Dense", or None.
        """
        return self._notes.get("scope")


def _below(cell, scope: str) -> Iterator[tuple[Any, str]]:
    for name, child in cell._cells.items():
        if child is not None:
            own = f"{scope}/{name}-{type(child).__name__}"
            yield child, own
            yield from _below(child, own)
