"""Primitive: the base of operator classes such as `ops.ReduceSum`, constructed once and called many times."""

from __future__ import annotations

from typing import Any

from msjax.core.effects import keeps_only_statics
from msjax.core.kinds import check
from msjax.ops.table import strategy


@keeps_only_statics
class Primitive:
    """An operator as an object: parameters at construction, Tensors at the call.

    Example:
        >>> ops.ReduceSum(keep_dims=True)
        Prim[ReduceSum]<keep_dims=True, skip_mode=False>
    """

    _fields: tuple[str, ...] = ()

    def __init__(self, name: str | None = None):
        if name is not None:
            self._name = name

    @property
    def name(self) -> str:
        return self.__dict__.get("_name", type(self).__name__)

    @property
    def attrs(self) -> dict:
        return {**{f: getattr(self, f) for f in self._fields}, **self.__dict__.get("_attrs", {})}

    def add_prim_attr(self, name: str, value) -> Primitive:
        """Note an attribute, shown by repr; it has no effect on the result."""
        self.__dict__.setdefault("_attrs", {})[name] = value
        setattr(self, name, value)
        return self

    def del_prim_attr(self, name: str) -> Primitive:
        """Remove an attribute that `add_prim_attr` noted."""
        noted = self.__dict__.get("_attrs", {})
        if name in noted:
            del noted[name]
            delattr(self, name)
        return self

    def init_prim_io_names(self, inputs, outputs) -> None:
        """Note the names of inputs and outputs."""
        self.input_names, self.output_names = list(inputs), list(outputs)

    def set_device(self, device_target: str) -> Primitive:
        """Note a device, as `primitive_target`; JAX chooses where to run.

        Args:
            device_target: "CPU", "GPU" or "Ascend".

        Returns:
            This primitive.

        Raises:
            RuntimeError: for another device.
        """
        if device_target not in ("CPU", "GPU", "Ascend"):
            raise RuntimeError(f"For '{self.name}', the device must be CPU, GPU or Ascend, but got {device_target!r}.")
        return self.add_prim_attr("primitive_target", device_target)

    def set_stage(self, stage: int) -> Primitive:
        """Note the number of a pipeline stage, of which there is one.

        Args:
            stage: the number.

        Returns:
            This primitive.
        """
        return self.add_prim_attr("stage", stage)

    def shard(self, in_strategy: tuple | None = None, out_strategy: tuple | None = None) -> Primitive:
        """Say how what it takes and gives is divided among devices; that counts in semi-auto and auto mode.

        Args:
            in_strategy: for each Tensor that it takes, in how many parts its axes are divided, a tuple of ints; or a
                Layout.
            out_strategy: the same for what it gives.

        Returns:
            This primitive.

        Raises:
            TypeError, ValueError: if they are no strategies; if they do not fit, when it is called.

        Example:
            >>> ops.MatMul().shard(((2, 1), (1, 4)))
            Prim[MatMul]<transpose_a=False, transpose_b=False, in_strategy=((2, 1), (1, 4))>
        """
        strategy.check(self.name, in_strategy, out_strategy)
        if in_strategy is None:
            return self
        for name, value in {**strategy.shown(in_strategy, "in"), **strategy.shown(out_strategy, "out")}.items():
            self.add_prim_attr(name, value)
        if not hasattr(self, "_strategy"):
            self.__class__ = strategy.divided(type(self))
        self._strategy = in_strategy, out_strategy
        return self

    def place(self, role: str, rank_id: int) -> None:
        """Check the place where to run; JAX chooses it.

        Args:
            role: "MS_WORKER".
            rank_id: not negative.

        Raises:
            TypeError, ValueError: for something else.
        """
        check("Primitive.place", "role", role, "'MS_WORKER'")
        check("Primitive.place", "rank_id", rank_id, "int >= 0")

    @property
    def update_parameter(self) -> bool:
        """False: no primitive was told that it writes Parameters; those that do are known by their names."""
        return False

    def check_elim(self, *args) -> tuple[bool, Any]:
        """Whether the result is known without a call, and the result; a subclass may say so.

        Args:
            args: what it would be called with.

        Returns:
            (False, None).
        """
        return False, None

    def recompute(self, mode=True) -> Primitive:
        """This primitive: XLA decides what to keep."""
        return self

    def set_prim_instance_name(self, instance_name: str) -> Primitive:
        """Note a name for this instance."""
        self.instance_name = instance_name
        return self

    def __repr__(self) -> str:
        shown = ", ".join(f"{k}={v}" for k, v in self.attrs.items())
        return f"Prim[{self.name}]<{shown}>" if shown else f"Prim[{self.name}]"


class PrimitiveWithInfer(Primitive):
    """A Primitive; inference of shapes and dtypes is JAX's."""


class PrimitiveWithCheck(PrimitiveWithInfer):
    """A Primitive; checks are made when it is called."""

    def check_shape(self, *args) -> None:
        """Nothing; a subclass may check shapes here.

        Args:
            args: the shapes of the inputs.
        """

    def check_dtype(self, *args) -> None:
        """Nothing; a subclass may check dtypes here.

        Args:
            args: the dtypes of the inputs.
        """


def prim_attr_register(fn):
    """Decorate a Primitive's `__init__` so that its arguments become attributes."""
    import functools
    import inspect

    signature = inspect.signature(fn)

    @functools.wraps(fn)
    def init(self, *args, **kwargs):
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        for name, value in list(bound.arguments.items())[1:]:
            self.add_prim_attr(name, value)
        return fn(self, *args, **kwargs)

    return init
