"""What programs take from behind `mindspore.train`: callbacks' helpers, checkpoints' types, shapes of rows."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from msjax.alias import checkparam as Validator  # noqa: F401  a class of MindSpore's, whose methods were these
from msjax.core import dtype as mstype
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.train.callback.callback import Callbacks, Facts, RunContext
from msjax.train.checkpoint import into_net

InternalCallbackParam = _InternalCallbackParam = Facts

# What dtypes are called in checkpoints.
_STORED = (*mstype.all_types, mstype.bool_)
tensor_to_ms_type = {str(kind): kind for kind in _STORED} | {"str": mstype.string}
_tensor_to_np_type = {str(kind): mstype.dtype_to_nptype(kind) for kind in _STORED} | {"str": "U"}
np_type_convert = {name: getattr(np, name) for name in ("int32", "float32", "float16", "float64")}


def tensor_to_np_type(tensor_type_str: str) -> Any:
    """numpy's type of what checkpoints call a dtype; None if they call none so."""
    return _tensor_to_np_type.get(tensor_type_str)


class CallbackManager(Callbacks):
    """Several callbacks as one, entered and left together."""


def _turn(name: str):
    def call(self, run_context: RunContext) -> None:
        self.call(name, run_context)

    call.__doc__ = f"Calls `{name}` of each."
    return call


_TURNS = ("begin", "epoch_begin", "epoch_end", "step_begin", "step_end", "end")
for _name in (*_TURNS, *(f"on_{kind}_{turn}" for kind in ("train", "eval") for turn in _TURNS)):
    setattr(CallbackManager, _name, _turn(_name))
_CallbackManager = CallbackManager


def _handle_loss(loss: Any) -> Any:
    """The loss among a step's outputs: the first of several; a Tensor of no axes as a number."""
    if isinstance(loss, tuple | list):
        return loss[0]
    return loss.asnumpy().item() if isinstance(loss, Tensor) and loss.size == 1 else loss


CUR_NET: Any = None


def set_cur_net(net: Any) -> None:
    """Note which network is trained."""
    global CUR_NET
    CUR_NET = net


_set_cur_net = set_cur_net


def _update_param(param: Parameter, new_param: Any, strict_load: bool = False) -> None:
    """Give a Parameter the value of another one; what does not fit is an error, as of `load_param_into_net`."""
    value = new_param if isinstance(new_param, Parameter) else Parameter(Tensor(new_param), name=param.name)
    into_net._check(param, value, strict_load)
    into_net._load(param, value)


def _make_directory(path: str, arg_name: str = "path") -> str:
    """The real path of a folder, which is made if it is not there."""
    if not isinstance(path, str) or not path.strip():
        raise TypeError(f"The '{arg_name}' must be a text that is not empty, but got {path!r}.")
    real = os.path.realpath(path)
    os.makedirs(real, exist_ok=True)
    return real


def check_value_type(arg_name: str, arg_value: Any, valid_types: Any) -> None:
    """An argument of one of some types."""
    types = tuple(valid_types) if isinstance(valid_types, list | tuple) else (valid_types,)
    if not isinstance(arg_value, types):
        names = [kind.__name__ for kind in types]
        raise TypeError(f"For `{arg_name}` the type should be a valid type of {names}, but got {type(arg_value)}.")


def _to_tensor(elem: Any, scaling_sens: Any = None) -> Any:
    """numpy arrays as Tensors; several as a tuple, ended by a scale if there is one."""
    if not isinstance(elem, tuple | list):
        return Tensor(elem)
    scale = () if scaling_sens is None else (Tensor(scaling_sens, mstype.float32),)
    return (*map(Tensor, elem), *scale)


def _check_to_numpy(plugin: str, tensor: Tensor, prim: Any = None) -> np.ndarray:
    """A Tensor's values."""
    return tensor.asnumpy()


def _get_types_and_shapes(dataset: Any) -> tuple[list, list]:
    """The dtypes and the shapes of a pipeline's columns."""
    types = [mstype.pytype_to_dtype(kind) for kind in dataset.output_types()]
    return types, [list(shape) for shape in dataset.output_shapes()]


def _construct_tensor_list(types: list, shapes: list, batch_expand_num: int = 1) -> list[Tensor]:
    """Tensors of zeros, of these dtypes and shapes, the first axis so many times as long."""
    if len(types) != len(shapes):
        raise ValueError(f"As many types as shapes are needed, but got {len(types)} and {len(shapes)}.")
    grown = [(shape[0] * batch_expand_num, *shape[1:]) if len(shape) else () for shape in shapes]
    return [Tensor(np.zeros(shape), kind) for kind, shape in zip(types, grown, strict=True)]
