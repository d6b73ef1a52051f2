"""Optimizer: the Cell that takes gradients and updates the Parameters of a network in place."""

from __future__ import annotations

import inspect
import numbers
import weakref
from collections.abc import Iterable, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from msjax.core import trace
from msjax.core.context import get_context
from msjax.core.effects import only_computes
from msjax.core.kinds import check_finite
from msjax.core.parameter import Parameter, ParameterTuple, slot_of
from msjax.core.tensor import Tensor, raw, rebind, wrap
from msjax.nn.cell import Cell
from msjax.nn.container import CellList
from msjax.nn.optim import groups
from msjax.nn.optim.rules.rule import Plan, Rule, State, arrays_of, take_step
from msjax.nn.schedule import LearningRateSchedule
from msjax.ops.control.maps import HyperMap, Map

# What optimizers take; the words are those of `Optimizer`.
Params = Iterable[Parameter] | Iterable[dict[str, Any]]
Rate = float | Tensor | Iterable[float] | LearningRateSchedule
Decay = float | Cell


# The arguments that each optimizer was made with, for those who make one like it.
_made_with: weakref.WeakKeyDictionary[Optimizer, tuple[tuple, dict]] = weakref.WeakKeyDictionary()


class Optimizer(Cell):
    """Base class of optimizers. Calling one with gradients updates the Parameters.

    Args:
        learning_rate: float, int, Tensor; a list or other iterable of one rate per step; or a LearningRateSchedule.
        parameters: Parameters, or dicts with "params" and, as wanted, "lr", "weight_decay" and "grad_centralization" of
            a group; a dict with "order_params" alone says in which order the gradients come.
        weight_decay: float, int, or a Cell that computes it from the step.
        loss_scale: what the loss was multiplied with; gradients are divided by it.

    Raises:
        TypeError, KeyError, ValueError, RuntimeError: if an argument is not as described.

    Differs from MindSpore: after the last of a list of learning rates, the last one stays.

    Example:
        >>> w = Parameter(Tensor([1.0]), name="w")
        >>> optimizer = nn.SGD([w], learning_rate=0.5)
        >>> optimizer((Tensor([1.0]),))
        (True,)
        >>> w.asnumpy()
        array([0.5], dtype=float32)
    """

    _is_step = True
    _has_target = False  # whether MindSpore lets one say on which device Parameters are updated
    _takes_rows = False  # on several devices: gradients are no batches
    learning_rate: Any
    _rule: Rule
    _plan: Plan
    _parameters: ParameterTuple
    _slots: tuple[ParameterTuple, ...]
    _values: tuple[Parameter, ...]
    _decay_sources: list
    _decay_source_of: list[int]

    def __new__(cls, *args, **kwargs):
        optimizer = super().__new__(cls)
        _made_with[optimizer] = args, kwargs
        return optimizer

    def __init__(self, learning_rate: Rate, parameters: Params, weight_decay: Decay = 0.0, loss_scale: float = 1.0):
        super().__init__(auto_prefix=False)
        chosen = groups.parse(parameters)
        members = chosen.parameters
        check_finite(self.cls_name, "loss_scale", loss_scale, "real > 0 or scalar > 0")
        self.loss_scale = float(loss_scale)
        self.need_scale = self.loss_scale != 1.0
        self.reciprocal_scale = wrap(jnp.asarray(np.float32(1 / self.loss_scale)))
        self.is_group, self.is_group_params_ordered = chosen.grouped, chosen.ordered
        self.is_group_lr = chosen.has_rates
        self.global_step = Parameter(wrap(jnp.zeros(1, jnp.int32)), name="global_step")
        self.global_step_increase_tensor = wrap(jnp.ones(1, jnp.int32))
        # What optimizers written for MindSpore look for in their base.
        self.map_, self.map_reverse, self.hyper_map = Map(), Map(), HyperMap()
        self.use_parallel, self.optim_filter = False, (True,) * len(members)
        self._set_rates(learning_rate, chosen)
        self._set_decays(weight_decay, chosen)
        self.parameters = self._parameters = ParameterTuple(members)
        self.param_length = len(members)
        if chosen.grouped:
            self.__dict__["group_params"] = list(members)
        self._plan = Plan(self._rate_of, self._decay_of, tuple(chosen.centralize))
        self.__dict__["_slots"], self.__dict__["_values"] = (), ()

    # -- learning rates -------------------------------------------------------------------------------------------

    def _set_rates(self, learning_rate, chosen: groups.Groups) -> None:
        default = self._rate_source(learning_rate, "learning_rate")
        if not self.is_group_lr:
            self._rate_of = (0,) * len(chosen.rates)
            self.dynamic_lr = isinstance(default, Cell)
            self.learning_rate = default
            return
        rates = {i: rate for i, rate in zip(chosen.numbers, chosen.rates, strict=True) if rate is not None}
        own = {i: self._rate_source(rate, f"learning_rate_group_{i}") for i, rate in rates.items()}
        sources = [own.get(i, default) for i in chosen.numbers]
        lengths = {s.learning_rate.size for s in (default, *own.values()) if isinstance(s, _Listed)}
        if len(lengths) > 1:
            raise ValueError(
                "For 'Optimizer', the lists of learning rates of all groups must have one length, "
                f"but got {sorted(lengths)}."
            )
        # The distinct sources, each by the first Parameter that has it; and for each Parameter, which of them it has.
        firsts = {id(source): i for i, source in reversed(list(enumerate(sources)))}
        self._first_of_rate = tuple(sorted(firsts.values()))
        self._rate_of = tuple(self._first_of_rate.index(firsts[id(source)]) for source in sources)
        self.dynamic_lr = any(isinstance(source, Cell) for source in sources)
        if self.dynamic_lr:
            cells = {id(s): s if isinstance(s, Cell) else _Fixed(s) for s in sources}
            self.learning_rate = CellList([cells[id(s)] for s in sources], auto_prefix=False)
        else:
            self.learning_rate = ParameterTuple(sources)
        self.__dict__["group_lr"] = list(self.learning_rate)

    def _rate_source(self, rate, name: str) -> Cell | Parameter:
        if isinstance(rate, LearningRateSchedule):
            return rate
        if isinstance(rate, Tensor):
            if rate.ndim > 1:
                raise ValueError(
                    "For 'Optimizer', if 'learning_rate' is Tensor type, then the dimension of it should be 0 or 1, "
                    f"but got {rate.ndim}."
                )
            values = raw(rate).astype(jnp.float32)
        elif isinstance(rate, numbers.Real):
            if rate < 0:
                raise ValueError(f"For '{self.cls_name}', the 'learning rate' must be a float >= 0, but got {rate}.")
            values = jnp.asarray(np.float32(rate))
        elif isinstance(rate, Iterable) and not isinstance(rate, Cell):
            values = jnp.asarray(np.array([float(r) for r in rate], np.float32))
        else:
            raise TypeError(
                "For 'Optimizer', the argument 'learning_rate' must be int, float, Tensor, Iterable or "
                f"LearningRateSchedule, but got {type(rate)}."
            )
        if values.size == 0:
            raise ValueError("For 'Optimizer', the list 'learning_rate' must not be empty.")
        check_finite(self.cls_name, "learning_rate", wrap(values), "Tensor")
        parameter = Parameter(wrap(values), name=name)
        return _Listed(parameter) if values.ndim else parameter

    def _rates(self) -> list:
        """The distinct learning rates of this step, raw."""
        sources = [self.learning_rate[i] for i in self._first_of_rate] if self.is_group_lr else [self.learning_rate]
        return [self._value(source) if isinstance(source, Cell) else raw(source) for source in sources]

    def _value(self, cell: Cell):
        """What a Cell computes for this step, raw."""
        value = raw(cell(self.global_step))
        return np.float32(value) if isinstance(value, numbers.Real) else value

    def _rate(self, source):
        return wrap(jnp.asarray(self._value(source), np.float32).reshape(())) if isinstance(source, Cell) else source

    @only_computes
    def get_lr(self) -> Any:
        """The learning rate of this step: a Parameter if it is constant, else a Tensor; a tuple of them with groups."""
        if self.is_group_lr:
            return tuple(self._rate(source) for source in self.learning_rate)
        return self._rate(self.learning_rate)

    @only_computes
    def _is_dynamic_lr_or_weight_decay(self) -> bool:
        """Whether steps have to be counted: optimizers written for MindSpore ask this before they do."""
        return self.dynamic_lr or self.dynamic_weight_decay

    @only_computes
    def get_lr_parameter(self, param: Parameter | list[Parameter]) -> Any:
        """What decides the learning rate of a Parameter.

        Args:
            param: a Parameter that is trained, or a list of them.

        Returns:
            A Parameter or a LearningRateSchedule, or a list of them.

        Raises:
            TypeError: if `param` is neither.
            ValueError: if the optimizer does not train it.
        """
        if isinstance(param, list):
            return [self.get_lr_parameter(p) for p in param]
        if not isinstance(param, Parameter):
            raise TypeError(
                f"For 'get_lr_parameter', 'param' must be a Parameter or a list of them, but got {type(param)}."
            )
        index = next((i for i, p in enumerate(self._parameters) if p is param), None)
        if index is None:
            raise ValueError(f"The parameter {param.name} is not in the optimizer.")
        source = self.learning_rate[index] if self.is_group_lr else self.learning_rate
        return source.learning_rate if isinstance(source, (_Fixed, _Listed)) else source

    # -- weight decay and scale -----------------------------------------------------------------------------------

    def _check_decay(self, decay):
        """The decay of scaled gradients: a float, or a Cell."""
        if isinstance(decay, Cell):
            return decay
        check_finite(self.cls_name, "weight_decay", decay, "Cell or real >= 0 or scalar >= 0")
        return float(decay) * self.loss_scale

    def _set_decays(self, weight_decay, chosen: groups.Groups) -> None:
        default = self._check_decay(weight_decay)
        wanted = [default if d is None else self._check_decay(d) for d in chosen.decays]
        active = [isinstance(d, Cell) or d > 0 for d in wanted]
        if not chosen.grouped:
            flags = [not ("beta" in p.name or "gamma" in p.name) for p in chosen.parameters]
            self.decay_flags = tuple(flags)
            active = [a and f for a, f in zip(active, flags, strict=True)]
        else:
            self.decay_flags = tuple(active)
        distinct = list({_key(d): d for d in wanted}.values())
        index = {_key(d): i for i, d in enumerate(distinct)}
        self._decay_of = tuple(index[_key(d)] if a else -1 for d, a in zip(wanted, active, strict=True))
        self.exec_weight_decay = any(active)
        self.dynamic_weight_decay = any(isinstance(d, Cell) for d in distinct)
        self.__dict__["_decay_sources"] = [d if isinstance(d, Cell) else np.float32(d) for d in distinct]
        self.__dict__["_decay_source_of"] = [index[_key(d)] for d in wanted]
        tensors = [d if isinstance(d, Cell) else wrap(jnp.asarray(np.float32(d))) for d in distinct]
        spread = tuple(tensors[i] for i in self._decay_source_of)
        self.__dict__["weight_decay"] = spread if chosen.grouped else spread[0]

    def _decays(self) -> list:
        """The distinct weight decays of this step, raw."""
        if not self.exec_weight_decay:
            return []
        return [self._decay(source) if isinstance(source, Cell) else source for source in self._decay_sources]

    def _decay(self, cell: Cell):
        return self._value(cell) * np.float32(self.loss_scale) if self.need_scale else self._value(cell)

    @only_computes
    def get_weight_decay(self) -> Any:
        """The weight decay of this step, times the loss scale; a tuple of one per Parameter with groups."""
        values = [wrap(jnp.asarray(self._decay(s) if isinstance(s, Cell) else s)) for s in self._decay_sources]
        spread = tuple(values[i] for i in self._decay_source_of)
        return spread if self.is_group else spread[0]

    def leave_decay(self, left: Sequence[bool]) -> None:
        """Do not decay some of the Parameters: somebody else does.

        Args:
            left: for each Parameter, whether it is one of them.
        """
        decay = tuple(-1 if leave else d for d, leave in zip(self._plan.decay, left, strict=True))
        self._plan = self._plan._replace(decay=decay)

    @only_computes
    def decay_weight(self, gradients: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """Add weight decay.

        Args:
            gradients: one for each Parameter.

        Returns:
            The gradients plus weight decay.
        """
        decays = self._decays()
        return tuple(
            g if i < 0 else wrap(raw(g) + (decays[i] * raw(p)).astype(raw(p).dtype))
            for g, p, i in zip(gradients, self._parameters, self._plan.decay, strict=True)
        )

    @only_computes
    def gradients_centralization(self, gradients: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """Centre the gradients of convolutions, of groups with "grad_centralization" (Yong et al. 2020).

        Args:
            gradients: one for each Parameter.

        Returns:
            The gradients, those less their means.
        """
        return tuple(
            wrap(raw(g) - raw(g).mean(axis=(1, 2, 3), keepdims=True)) if wanted and g.ndim == 4 else g
            for g, wanted in zip(gradients, self._plan.centralize, strict=True)
        )

    @only_computes
    def scale_grad(self, gradients: Sequence[Tensor]) -> Any:
        """Undo the scaling of the loss.

        Args:
            gradients: one for each Parameter.

        Returns:
            The gradients divided by the loss scale.
        """
        return tuple(g * self.reciprocal_scale for g in gradients) if self.need_scale else gradients

    @only_computes
    def flatten_gradients(self, gradients: Sequence[Tensor]) -> Any:
        """Do nothing: gradients need not lie together in memory.

        Args:
            gradients: one for each Parameter.

        Returns:
            The gradients.
        """
        return gradients

    @only_computes
    def _grad_sparse_indices_deduplicate(self, gradients):
        """The gradients; they are dense."""
        return gradients

    @only_computes
    def broadcast_params(self, optim_result: Any) -> Any:
        """Do nothing: there are no other devices to tell.

        Args:
            optim_result: what a step gave.

        Returns:
            The same.
        """
        return optim_result

    @only_computes
    def assignadd(self, parameter: Parameter, value: Tensor) -> Parameter:
        """Add to a Parameter in place.

        Args:
            parameter: what is added to.
            value: what is added.

        Returns:
            The Parameter.
        """
        rebind(parameter, raw(parameter) + raw(value))
        return parameter

    @property
    def target(self) -> str:
        """The name of the device on which Parameters are updated. What is set is noted: they stay where they are."""
        return self.__dict__.get("_target") or get_context("device_target")

    @target.setter
    def target(self, value: str) -> None:
        if not self._has_target:
            raise NotImplementedError(f"For '{type(self).__name__}', the property 'target' can not be set.")
        self._set_base_target(value)

    def _set_base_target(self, value: str) -> None:
        """Note the target; setters of classes that derive call this."""
        name = type(self).__name__
        if value not in ("CPU", "Ascend", "GPU"):
            raise ValueError(f"For '{name}', the property 'target' must be 'CPU', 'Ascend' or 'GPU', but got {value}.")
        self.__dict__["_target"] = value

    unique = True

    # -- the step -------------------------------------------------------------------------------------------------

    def _begin(self, rule: Rule, values=(), **attributes: str) -> None:
        """Make the state of `rule`, as Parameters that belong to this Cell.

        Args:
            values: names of the scalars that the rule advances.
            attributes: names of the attributes that hold the slots, by the slots' names without "." and "_" at the end.
        """
        self.__dict__["_rule"] = rule
        state = rule.init([trace.detach(raw(p)) for p in self._parameters])
        self.__dict__["_values"] = tuple(
            Parameter(wrap(array), name=name) for name, array in zip(values, state.values, strict=True)
        )
        for parameter in self._values:
            setattr(self, parameter.name, parameter)
        slots = []
        for prefix, arrays in zip(rule.slots, state.slots, strict=True):
            slot = ParameterTuple(slot_of(p, prefix + p.name, a) for a, p in zip(arrays, self._parameters, strict=True))
            name = prefix.rstrip("._")
            setattr(self, attributes.get(name, name), slot)
            slots.append(slot)
        self.__dict__["_slots"] = tuple(slots)

    def construct(self, gradients: Sequence[Tensor] = ()) -> Any:
        """Update the Parameters.

        Args:
            gradients: a tuple or list of Tensors, one for each Parameter, in their order.

        Returns:
            A tuple of True, one for each Parameter.

        Raises:
            RuntimeError, ValueError: if the number or a shape of the gradients does not fit.
        """
        if "_rule" not in self.__dict__:
            raise NotImplementedError(f"'{self.cls_name}' must define construct(self, gradients).")
        if isinstance(gradients, Tensor) or len(gradients) != len(self._parameters):
            got = "one Tensor" if isinstance(gradients, Tensor) else len(gradients)
            raise RuntimeError(
                f"For '{self.cls_name}', gradients must be a tuple of as many Tensors as there are parameters, "
                f"{len(self._parameters)}, but got {got}."
            )
        scale = raw(self.reciprocal_scale) if self.need_scale else None
        state = State(list(self._slots), self._values, self.global_step)
        take_step(
            self._rule, self._plan, arrays_of(self.cls_name, gradients), state, self._parameters,
            self._rates(), self._decays(), scale,
        )  # fmt: skip
        return tuple([True] * len(self._parameters))  # made anew, which `(True,) * 1` is not


def opt_init_args_register(fn):
    """Decorate an optimizer's `__init__` so that `self.init_params` tells what it was given.

    As in MindSpore, the signature is no longer that of `fn` then: programs choose options by the names in it.
    """
    signature = inspect.signature(fn)

    def init(self, *args, **kwargs):
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        fn(self, *args, **kwargs)
        self.__dict__["init_params"] = dict(list(bound.arguments.items())[1:])

    return init


def _key(decay):
    return id(decay) if isinstance(decay, Cell) else decay


class _Fixed(LearningRateSchedule):
    """A constant rate among changing ones."""

    def __init__(self, learning_rate: Parameter):
        super().__init__(auto_prefix=False)
        self.learning_rate = learning_rate

    def construct(self, global_step):
        return self.learning_rate.value()


class _Listed(LearningRateSchedule):
    """One rate per step; after the last, the last stays."""

    def __init__(self, learning_rate: Parameter):
        super().__init__(auto_prefix=False)
        self.learning_rate = learning_rate

    def construct(self, global_step):
        return wrap(jnp.take(raw(self.learning_rate), raw(global_step), mode="clip"))


Optimizer.__new__.__signature__ = inspect.signature(Optimizer.__init__)  # what help and editors show of the class


def made_with(optimizer: Optimizer) -> dict[str, Any]:
    """The arguments that an optimizer was made with, by their names."""
    args, kwargs = _made_with[optimizer]
    return inspect.signature(type(optimizer)).bind(*args, **kwargs).arguments


def made_anew(optimizer: Optimizer, params: Params) -> Any:
    """An optimizer like another one, of other Parameters."""
    return type(optimizer)(**{**made_with(optimizer), "params": params})
