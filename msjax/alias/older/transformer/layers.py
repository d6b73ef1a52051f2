"""Layers of old transformers, and the checks of their arguments."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from msjax import nn, ops
from msjax.alias import checkparam
from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.core.parameter import Parameter
from msjax.nn.initializer import initializer


class _Divided(nn.Cell):
    """A layer that could be divided; here `shard` gives it as it is."""

    def shard(self, *strategy: Any, **strategies: Any) -> Any:
        return self


class _LayerNorm(_Divided):
    """Normalizes the last axes, and multiplies and shifts by what was learned.

    Args:
        normalized_shape: the shape of these axes.
        eps: what is added to the variance.
        param_init_type: the dtype of the Parameters.
    """

    def __init__(self, normalized_shape, eps=1e-5, param_init_type=mstype.float32, is_self_defined=False):
        super().__init__()
        if param_init_type not in (mstype.float32, mstype.float16, mstype.bfloat16):
            raise TypeError(f"The dtype of Parameters must be float32, float16 or bfloat16, but got {param_init_type}.")
        shape = tuple(normalized_shape)
        self.gamma = Parameter(initializer("ones", shape, param_init_type), name="gamma", parallel_optimizer=False)
        self.beta = Parameter(initializer("zeros", shape, param_init_type), name="beta", parallel_optimizer=False)
        self.eps, self._axes = eps, tuple(range(-len(shape), 0))

    def construct(self, x):
        mean = x.mean(self._axes, True)
        variance = ops.square(x - mean).mean(self._axes, True)
        return (x - mean) * ops.rsqrt(variance + self.eps) * self.gamma + self.beta


class _Dropout(_Divided):
    """Drops elements in training.

    Args:
        keep_prob: the part that is kept.
    """

    def __init__(self, keep_prob=0.5, dtype=mstype.float32):
        super().__init__()
        self.keep_prob = keep_prob
        self.dropout = nn.Dropout(p=1 - keep_prob)

    def construct(self, x):
        return self.dropout(x)


class _Linear(_Divided):
    """A dense layer that computes in another dtype than its Parameters have.

    Args:
        in_channels, out_channels: the lengths of rows before and after.
        transpose_b: whether the weight is (out_channels, in_channels), or the other way round.
        activation: the name of what comes behind, or a Cell, or None.
        compute_dtype: what is computed in.
    """

    @takes(in_channels="int > 0", out_channels="int > 0", has_bias="bool")
    def __init__(
        self, in_channels, out_channels, weight_init="normal", bias_init="zeros", has_bias=True, activation=None,
        transpose_b=True, expert_num=1, outer_batch=1, expert_group_size=None, param_init_type=mstype.float32,
        compute_dtype=mstype.float16,
    ):  # fmt: skip
        super().__init__()
        if expert_num != 1:
            raise ValueError("For '_Linear', layers of several experts are not in msjax: make one for each.")
        shape = (out_channels, in_channels) if transpose_b else (in_channels, out_channels)
        self.weight = Parameter(initializer(weight_init, shape, param_init_type), name="weight")
        self.bias = (
            Parameter(initializer(bias_init, (out_channels,), param_init_type), name="bias") if has_bias else None
        )
        self.in_channels, self.out_channels, self.transpose_b = in_channels, out_channels, transpose_b
        self.dtype = compute_dtype
        self.activation = nn.get_activation(activation) if isinstance(activation, str) else activation

    def construct(self, x):
        weight = self.weight.astype(self.dtype)
        y = ops.matmul(x.astype(self.dtype), weight.T if self.transpose_b else weight)
        if self.bias is not None:
            y = y + self.bias.astype(self.dtype)
        y = y if self.activation is None else self.activation(y)
        return y.astype(x.dtype)


# -- checks: decorators of `__init__`, and what they are given for each argument --------------------------------------


def _args_type_validator_check(*type_args: Any, **type_kwargs: Any) -> Callable:
    """A decorator: each of these functions is called with an argument, its name and the class."""

    def decorate(init: Callable) -> Callable:
        signature = inspect.signature(init)
        checks = signature.bind_partial(*type_args, **type_kwargs).arguments

        @functools.wraps(init)
        def checked(self, *args, **kwargs):
            given = signature.bind(self, *args, **kwargs)
            given.apply_defaults()
            for name, validate in checks.items():
                validate(given.arguments[name], name, type(self).__name__)
            return init(self, *args, **kwargs)

        return checked

    return decorate


def _valid_type_checks(types: Any, class_name: str) -> Callable:
    """A check of dtypes, or of types of Python's."""

    def validate(value: Any, arg_name: str, prim_name: str | None = None) -> Any:
        kinds = types if isinstance(types, list | tuple) else [types]
        if value in [kind for kind in kinds if not isinstance(kind, type)]:
            return value
        return checkparam.check_value_type(arg_name, value, [k for k in kinds if isinstance(k, type)], class_name)

    return validate


def _valid_value_checks(values: Any, class_name: str) -> Callable:
    """A check of values."""

    def validate(value: Any, arg_name: str, prim_name: str | None = None) -> Any:
        if value not in values:
            raise ValueError(f"For '{class_name}', '{arg_name}' must be one of {values}, but got {value!r}.")
        return value

    return validate


def _check_input_dtype(input_dtype: Any, param_name: str, allow_dtypes: Any, cls_name: str) -> None:
    """A dtype out of some."""
    checkparam.check_type_name(param_name, input_dtype, allow_dtypes, cls_name)


def _check_past_none_input_none(
    use_past: bool, param_name: str, func_name: str, default_value: Any, is_tensor: bool, is_default: bool
) -> None:
    """An argument that is there if, and only if, keys and values of the past are used."""
    if not use_past and (is_tensor or not is_default):
        raise TypeError(f"For '{func_name}', '{param_name}' must be {default_value} without use_past.")
    if use_past and not is_tensor:
        raise TypeError(f"For '{func_name}', '{param_name}' must be a Tensor with use_past.")


class _LayerInputCheck:
    """Checks of shapes; each gives True, or is a ValueError."""

    @staticmethod
    def check_shape_length(input_shape, param_name, func_name, target_len) -> bool:
        """So many axes, or one of several numbers of them."""
        wanted = target_len if isinstance(target_len, list | tuple) else [target_len]
        if len(input_shape) not in wanted:
            raise ValueError(
                f"For '{func_name}', '{param_name}' must have {target_len} axes, but got the shape {input_shape}."
            )
        return True

    @staticmethod
    def check_shape_equal(input_shape, param_name, func_name, target_shape) -> bool:
        """A shape, or one of several."""
        several = isinstance(target_shape[0], list | tuple)
        wanted = [list(shape) for shape in (target_shape if several else [target_shape])]
        if list(input_shape) not in wanted:
            raise ValueError(
                f"For '{func_name}', '{param_name}' must be of shape {target_shape}, but got {input_shape}."
            )
        return True

    @staticmethod
    def check_shape_value_on_axis(input_shape, dim, param_name, cls_name, target_value) -> bool:
        """An axis of a length."""
        if input_shape[dim] != target_value:
            raise ValueError(
                f"For '{cls_name}', axis {dim} of '{param_name}' must be of length {target_value}, but got the shape "
                f"{input_shape}."
            )
        return True

    @staticmethod
    def check_shape_equal_without_batch(input_shape, param_name, func_name, target_shape) -> bool:
        """A shape, but for the first axis."""
        return _LayerInputCheck.check_shape_equal(
            [target_shape[0], *input_shape[1:]], param_name, func_name, list(target_shape)
        )
