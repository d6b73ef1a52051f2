"""Cell: the building block of networks. It owns Parameters and child Cells and is a pytree of their arrays."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from msjax import ops
from msjax.autodiff.after_call import may_follow, noted
from msjax.autodiff.custom import call_with_bprop
from msjax.autodiff.recompute import check_options, computed_again
from msjax.compile.task import Task
from msjax.core import context, narrow, trace, watching
from msjax.core import dtype as mstype
from msjax.core.cells import registry_of
from msjax.core.effects import is_base
from msjax.core.kinds import check
from msjax.core.parameter import Parameter, ParameterTuple, check_unique
from msjax.core.random import Generator
from msjax.core.tensor import Tensor, raw, rebind
from msjax.core.tracebacks import shorten
from msjax.nn.declared import check_call
from msjax.nn.hooks import Hooks
from msjax.nn.inputs import of_inputs
from msjax.nn.naming import Naming
from msjax.nn.noted import Noted
from msjax.nn.placing import Placing
from msjax.nn.state import State
from msjax.nn.tree import register as register_pytree

_RECOMPUTE_OPTIONS = ("mp_comm_recompute", "parallel_optimizer_comm_recompute", "recompute_slice_activation")
_UNNAMED = "Parameter$"  # and a number: of those that came without a name, in a ParameterTuple
_FLOATS = {"fp16": mstype.float16, "fp32": mstype.float32, "bf16": mstype.bfloat16}  # by the flags of `to_float`


@is_base
class Cell(Naming, State, Hooks, Noted, Placing):
    """Base class of networks and layers.

    A subclass makes its Parameters and child Cells attributes in `__init__` and computes in `construct`. A Parameter
    or Cell that is assigned to an attribute belongs to this Cell and is named after the attribute.

    Args:
        auto_prefix: whether Parameters of child Cells are renamed to begin with the child's attribute name.
        flags: notes by name, which become attributes, as those of `add_flags`.

    Example:
        >>> class Net(nn.Cell):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.w = Parameter(Tensor([2.0]), name="w")
        ...     def construct(self, x):
        ...         return x * self.w
        >>> Net()(Tensor([3.0]))
        Tensor(shape=[1], dtype=Float32, value= [ 6.00000000e+00])
    """

    _is_cell = True  # by which rooms below know a Cell, see `core.cells`
    _has_bprop = False  # whether the class defines its own derivative
    _recomputes = False
    _is_step = False  # whether calls compile by themselves, as those of optimizers do, and of what has one
    # How a call of it runs; and what it keeps for its owner, and does not compute with. Compiled functions check both.
    _CALL_MODES = ("_to_float", "_narrow", "_recomputes", "_strategies")
    _NOT_COMPUTED_WITH = frozenset(
        "_transient _checked phase cell_type jit_config_dict _flags _auto_prefix _hooks _state_hooks "
        "_noted _inputs _is_step".split()
    )
    _is_row = False  # whether it only passes its fields to a function (`nn/layer/rows.py`)
    _random = False  # whether it draws random numbers
    _generator: Generator | None = None  # where from, if not from the default generator

    def __init__(self, auto_prefix: bool = True, flags: dict | None = None):
        own = self.__dict__
        own["_params"], own["_cells"], own["_buffers"] = OrderedDict(), OrderedDict(), OrderedDict()
        own["_transient"], own["_hooks"] = set(), {}
        own["_auto_prefix"] = auto_prefix
        own["_checked"] = False
        own["_to_float"] = own["_narrow"] = None
        own["training"] = False
        own["requires_grad"] = False
        own["phase"] = "train"
        own["cell_type"] = None
        own["jit_config_dict"] = {}
        own["_flags"] = {}
        if flags:
            self.add_flags(**flags)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls._has_bprop = hasattr(cls, "bprop")
        for register in registrars:
            register(cls)

    # -- attributes -----------------------------------------------------------------------------------------------

    def __setattr__(self, name: str, value) -> None:
        own = self.__dict__
        owned = "_params" in own
        if isinstance(value, (Parameter, Cell)) and not owned:
            raise AttributeError(f"For '{type(self).__name__}', call Cell.__init__() first.")
        if isinstance(value, Parameter):
            self._set_parameter(name, value)
        elif isinstance(value, Cell):
            self._set_cell(name, value)
        elif owned and name in self._params:
            self._set_over_parameter(name, value)
        elif owned and name in self._cells and self._cells[name] is not None:
            if value is not None:
                raise TypeError(
                    f"Sub cell '{name}' already exists in the network; what is assigned must be a Cell, "
                    f"but got '{type(value)}'."
                )
            self._cells[name] = own[name] = None
        elif owned and name in self._buffers:
            self._set_over_buffer(name, value)
        elif (
            isinstance(value, Tensor)
            and isinstance(own.get(name), Tensor)
            and trace.compiling()
            and not trace.batching()
        ):
            own[name]._replaced = True
            rebind(own[name], raw(value))  # the compiled program knows its state by handle
        else:
            if isinstance(value, (list, tuple)) and value and all(isinstance(v, Parameter) for v in value):
                self._set_parameters(name, value)
            object.__setattr__(self, name, value)

    def _check_free(self, name: str, registry: OrderedDict, what: str) -> None:
        """Raise KeyError where the class, or another registry than this one, has the name."""
        others = (one for one in (self._params, self._cells, self._buffers) if one is not registry)
        own = hasattr(type(self), name) and not getattr(getattr(type(self), name), "gives_way", False)
        if own or any(name in one for one in others):
            raise KeyError(f"For '{type(self).__name__}', {name!r} is an attribute already: no {what} can be under it.")

    def _set_parameter(self, name: str, value: Parameter | None) -> None:
        self._check_free(name, self._params, "Parameter")
        if value is not None and not value._named:
            value.name = name
        self._params[name] = self.__dict__[name] = value

    def _set_cell(self, name: str, value: Cell, prefix: str = "") -> None:
        self._check_free(name, self._cells, "Cell")
        if self._auto_prefix:
            value.update_parameters_name(f"{prefix}{name}.")
        if value._is_step:
            self.__dict__["_is_step"] = True
        self._cells[name] = self.__dict__[name] = value

    def _set_over_buffer(self, name: str, value) -> None:
        if value is not None and not isinstance(value, Tensor):
            raise TypeError(
                f"Buffer '{name}' already exists in the network; what is assigned must be a Tensor or None, "
                f"but got '{type(value)}'."
            )
        self._buffers[name] = self.__dict__[name] = value

    def _set_over_parameter(self, name: str, value) -> None:
        parameter = self._params[name]
        if value is None or parameter is None:
            self._params[name] = self.__dict__[name] = None
        elif isinstance(value, Tensor):
            parameter.set_data(value)
        elif isinstance(value, int | float) and context.in_graph():
            ops.assign(parameter, value)
        else:
            raise TypeError(
                f"Parameter '{name}' already exists in the network; "
                f"what is assigned must be a Parameter or a Tensor, but got '{type(value)}'."
            )

    def _set_parameters(self, name: str, values) -> None:
        names: dict[str, Parameter] = {}
        owned = isinstance(values, ParameterTuple)
        for value in values:
            if owned and not value._named:
                value.name = f"{_UNNAMED}{1 + sum(n.startswith(_UNNAMED) for n in {*self._params, *names})}"
            check_unique(names, value)
        if owned:
            self._params.update(names)

    def __delattr__(self, name: str) -> None:
        registered = [registry.pop(name) for registry in (self._params, self._cells, self._buffers) if name in registry]
        if name in self.__dict__ or not registered:
            object.__delattr__(self, name)

    def __getattr__(self, name: str) -> Any:
        if "_params" not in self.__dict__ and (name.startswith("_") or name == "training"):
            how = ": its __init__ lacks `super().__init__()`" if context.in_graph() else ""
            raise AttributeError(f"For '{type(self).__name__}', call Cell.__init__() first{how}.")
        if registry := registry_of(self, name):
            return getattr(self, registry)[name]
        raise AttributeError(f"The '{type(self).__name__}' object has no attribute '{name}'.")

    def insert_param_to_cell(self, param_name: str, param: Parameter, check_name_contain_dot: bool = True) -> None:
        """Own a Parameter under a name.

        Args:
            param_name: the name of the attribute.
            param: the Parameter, or None to keep the name free for one.
            check_name_contain_dot: whether a name with a dot is refused.

        Raises:
            KeyError: if the name is empty, contains a dot, or is taken.
            TypeError: if `param` is not a Parameter.
        """
        if not param_name:
            raise KeyError("For 'insert_param_to_cell', the argument 'param_name' must not be empty.")
        if check_name_contain_dot and "." in param_name:
            raise KeyError(
                f"For 'insert_param_to_cell', the argument 'param_name' should not contain '.', but got {param_name!r}."
            )
        if hasattr(self, param_name) and param_name not in self._params:
            raise KeyError(f"For 'insert_param_to_cell', the {param_name!r} parameter already exists in the network.")
        if not isinstance(param, Parameter) and param is not None:
            raise TypeError(f"For 'insert_param_to_cell', 'param' must be a Parameter, but got {type(param).__name__}.")
        self._set_parameter(param_name, param)

    def insert_child_to_cell(self, child_name: str, child_cell: Cell) -> None:
        """Own a Cell under a name, without renaming its Parameters.

        Args:
            child_name: the name of the attribute.
            child_cell: the Cell, or None to keep the name free for one.

        Raises:
            TypeError, KeyError: if name or Cell are not possible.
        """
        if not isinstance(child_name, str):
            raise TypeError(
                f"For 'insert_child_to_cell', 'child_name' must be a str, but got {type(child_name).__name__}."
            )
        if not child_name or "." in child_name:
            raise KeyError(
                f"For 'insert_child_to_cell', 'child_name' should not be empty or contain '.', but got {child_name!r}."
            )
        if hasattr(self, child_name) and child_name not in self._cells:
            raise KeyError(f"For 'insert_child_to_cell', the {child_name!r} child cell already exists in the network.")
        if not isinstance(child_cell, Cell) and child_cell is not None:
            raise TypeError(
                f"For 'insert_child_to_cell', 'child_cell' must be a Cell, but got {type(child_cell).__name__}."
            )
        self._cells[child_name] = self.__dict__[child_name] = child_cell

    # -- calling --------------------------------------------------------------------------------------------------

    def construct(self, *args: Any, **kwargs: Any) -> Any:
        """What this Cell computes; to be defined by a subclass."""
        raise AttributeError("For 'Cell', the method 'construct' is not defined.")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            if (self._is_step or context.in_graph()) and trace.top() is None:
                return self._as_task(args, kwargs).run()
            if self.training and (self.requires_grad or context.in_graph()) and not kwargs and may_follow():
                return noted(self, args, lambda: self.run_eagerly(*args))
            return self.run_eagerly(*args, **kwargs)
        except Exception as error:
            shorten(error)
            if (told := of_inputs(error, self, args, kwargs)) is not None:
                raise told from None
            raise

    def _as_task(self, args: tuple, kwargs: dict) -> Task:
        """A call outside of any transform, where graph mode's rules hold or this is a step of training.

        Args:
            args, kwargs: what it is called with.
        """
        asked = context.in_graph()
        if asked and (declared := self.get_inputs()) is not None:
            check_call(self.construct, declared, args, kwargs)
        function = self if type(self).__call__ is Cell.__call__ else self.run_eagerly
        kind = "Cell" if asked else "step"
        return Task(function, args, kwargs, kind, self.run_eagerly, asked, ruled=asked, at_once=asked)

    def run_eagerly(self, *args, **kwargs) -> Any:
        """A call without compilation.

        Args:
            args, kwargs: what `construct` is called with.

        Returns:
            What `construct` gives, after all hooks.
        """
        if not self._checked:
            self.check_names_and_refresh_name()
            self.__dict__["_checked"] = True
        plain = self._to_float is None and self._narrow is None and self._strategies is None
        if plain and not self._hooks and not self._has_bprop and not self._recomputes:
            watch = watching.current()
            return (self.construct if watch is None else watch.enter(self))(*args, **kwargs)
        if watching.current() is not None:
            watching.current().enter(self)  # before its hooks run
        args, kwargs = self._before(args, kwargs)
        try:
            with nullcontext() if self._narrow is None else narrow.to(self._narrow):
                output = self._hooked(self._recomputed, args, kwargs)
        except Exception:
            self._after_failure(args, kwargs)
            raise
        return self._after(args, kwargs, output)

    def _recomputed(self, args, kwargs):
        if self._recomputes:
            return computed_again(lambda: self._construct(args, kwargs))
        return self._construct(args, kwargs)

    def _compute(self, args, kwargs):
        """`construct`, differentiated by `bprop` if the class defines one."""
        watch = watching.current()
        construct = self.construct if watch is None else watch.enter(self)
        if not self._has_bprop:
            strategies = self._strategies
            return construct(*args, **kwargs) if strategies is None else strategies.around(construct, args, kwargs)
        weights = getattr(self, "internal_params", ())
        return call_with_bprop(construct, watching.seen(self.bprop), args, kwargs, weights, self.requires_grad)

    def _construct(self, args, kwargs):
        """`construct` with inputs and own trainable Parameters cast as `to_float` asks; gradients keep their dtypes."""
        dtype = self._to_float
        if dtype is None:
            return self._compute(args, kwargs)
        named = self.cast_inputs(tuple(kwargs.values()), dtype)
        args, kwargs = self.cast_inputs(args, dtype), dict(zip(kwargs, named, strict=True))
        own, parameters = self.__dict__, {n: p for n, p in self._params.items() if p is not None and p.requires_grad}
        own.update({n: _cast(p, dtype) for n, p in parameters.items()})
        try:
            return self._compute(args, kwargs)
        finally:
            own.update(parameters)

    def cast_inputs(self, inputs: tuple, dst_type) -> tuple:
        """The inputs with float Tensors cast to another dtype.

        Args:
            inputs: a tuple of Tensors, tuples of them, or other values.
            dst_type: a float dtype.

        Returns:
            A tuple of the same structure.
        """

        def cast(value):
            if isinstance(value, tuple):
                return self.cast_inputs(value, dst_type)
            return _cast(value, dst_type) if isinstance(value, Tensor) else value

        return tuple(map(cast, inputs))

    def run_construct(self, cast_inputs, kwargs):
        """Call `construct`, without hooks.

        Args:
            cast_inputs: its arguments, a tuple.
            kwargs: its arguments by name, a dict.

        Returns:
            What it gives.
        """
        return self.construct(*cast_inputs, **kwargs)

    def recompute(
        self, *, use_reentrant=True, output_recompute=False, early_stop=True, context_fn=None, **kwargs
    ) -> None:
        """Compute the intermediate values again when gradients need them, instead of keeping them.

        Args:
            use_reentrant, output_recompute, early_stop, context_fn: as for `ms.recompute`.
            kwargs: `mp_comm_recompute`, `parallel_optimizer_comm_recompute`, `recompute_slice_activation`: accepted.

        Raises:
            ValueError: for other keywords, or `context_fn` with `use_reentrant`.
            TypeError: if one of these is no bool.
        """
        check_options(use_reentrant, context_fn)
        for name, value in kwargs.items():
            if name not in _RECOMPUTE_OPTIONS:
                shown = ", ".join(map(repr, _RECOMPUTE_OPTIONS))
                raise ValueError(f"For 'recompute', keyword {name!r} is not recognized! It must be one of {shown}.")
            check("recompute", name, value, "bool")
        self.__dict__["_recomputes"] = True

    # -- modes ----------------------------------------------------------------------------------------------------

    def set_train(self, mode: bool = True) -> Cell:
        """Set training or evaluation, here and in all Cells below.

        Args:
            mode: True for training, False for evaluation.

        Returns:
            This Cell.

        Example:
            >>> nn.Dropout(p=0.5).set_train(False).training
            False
        """
        for _, cell in self.cells_and_names():
            cell.__dict__.update(training=mode, phase="train" if mode else "predict")
            cell._flags["training"] = mode
        return self

    def to_float(self, dst_type) -> Cell:
        """Compute in another dtype: inputs and Parameters are cast when this Cell and those below are called.

        Args:
            dst_type: float16, float32 or bfloat16.

        Returns:
            This Cell.

        Raises:
            ValueError: for another type.

        Example:
            >>> nn.Dense(2, 2).to_float(ms.float16)(ops.ones((1, 2))).dtype
            mindspore.float16
        """
        if dst_type not in _FLOATS.values():
            raise ValueError(
                "For 'to_float', the argument 'dst_type' must be mstype.float32, mstype.float16 or mstype.bfloat16, "
                f"but got {dst_type}."
            )
        flags = {flag: dst_type is dtype for flag, dtype in _FLOATS.items()}
        for _, cell in self.cells_and_names():
            cell.__dict__["_to_float"] = dst_type
            cell.add_flags(**flags)
        return self

    def to(self, *args, **kwargs) -> Cell:
        """Cast the float Parameters and buffers to the dtype among the arguments.

        Args:
            args, kwargs: a dtype; devices are accepted, they are JAX's choice.

        Returns:
            This Cell.
        """
        dtypes = [a for a in (*args, *kwargs.values()) if isinstance(a, mstype.DType)]
        for tensor in (*self.get_parameters(), *self.buffers()) if dtypes else ():
            if tensor.dtype in mstype.float_type:
                rebind(tensor, raw(_cast(tensor, dtypes[0])))
        return self

    # -- text -----------------------------------------------------------------------------------------------------

    def extend_repr(self) -> str:
        """What stands between the parentheses of `repr`; for subclasses to define.

        Returns:
            A text, of one line or several.
        """
        return ""

    def __repr__(self) -> str:
        own = self.extend_repr()
        lines = own.split("\n") if own else []
        for name, cell in self._cells.items():
            if cell is not None:
                lines.append(f"({name}): " + repr(cell).replace("\n", "\n  "))
        if not self._cells and "\n" not in own:
            return f"{type(self).__name__}({own})"
        return f"{type(self).__name__}(\n  " + "\n  ".join(lines) + "\n)"


def _cast(value: Tensor, dtype):
    """`value` in `dtype` if it is float of another width; connected to it in gradients."""
    return ops.cast(value, dtype) if value.dtype in mstype.float_type and value.dtype is not dtype else value


registrars: list[Callable[[type[Cell]], None]] = [register_pytree]  # called with each new class of Cells
register_pytree(Cell)
