"""Let a network compute in float16 or bfloat16, all of it or some of its layers. Parameters stay as they are."""

from __future__ import annotations

__only_computes__ = True  # see core.effects

import functools
from collections.abc import Callable, Sequence
from types import FunctionType, MethodType
from typing import Any

from msjax import nn, ops
from msjax.core import dtype as mstype
from msjax.core import narrow
from msjax.core.watching import seen
from msjax.nn.cell import Cell
from msjax.nn.wrap import cast_floats
from msjax.train.loss_scale import DynamicLossScaleManager, LossScaleManager

LEVELS = ("O0", "O1", "O2", "O3", "auto")
_WHITE_CELLS = (
    "Conv1d Conv2d Conv3d Conv1dTranspose Conv2dTranspose Conv3dTranspose Dense LSTMCell RNNCell GRUCell".split()
)
_WHITE_PRIMITIVES = (
    "Conv2D Conv3D Conv2DTranspose Conv3DTranspose Conv2DBackpropInput MatMul BatchMatMul PReLU ReLU Ger".split()
)
_BLACK_CELLS = "BatchNorm1d BatchNorm2d BatchNorm3d LayerNorm".split()


def get_white_list() -> list[type]:
    """The layers and primitives that compute in float16 at level O1.

    Returns:
        A new list of their classes.

    Example:
        >>> nn.Dense in ms.amp.get_white_list()
        True
    """
    return _there(nn, _WHITE_CELLS) + _there(ops, _WHITE_PRIMITIVES)


def get_black_list() -> list[type]:
    """The layers that keep float32 at level O2.

    Returns:
        A new list of their classes.

    Example:
        >>> nn.LayerNorm in ms.amp.get_black_list()
        True
    """
    return _there(nn, _BLACK_CELLS)


def _there(room, names: Sequence[str]) -> list[type]:
    return [getattr(room, name) for name in names if hasattr(room, name)]


def auto_mixed_precision(network: Cell, amp_level: str = "O0", dtype: mstype.DType = mstype.float16) -> Cell:
    """Let a network compute in float16, or bfloat16; the network itself is changed.

    Args:
        network: a Cell; with "auto" also a function.
        amp_level: "O0": nothing. "O1": the layers and primitives of `get_white_list`, whose outputs are cast back to
            float32. "O2": all but the layers of `get_black_list`. "O3": all. "auto": products, while what needs the
            range of float32 computes in that; operator by operator, wherever the network calls them.
        dtype: float16 or bfloat16.

    Returns:
        The network, at O2 and O3 inside a Cell that casts its outputs to float32.

    Raises:
        TypeError: if `network` is no Cell, or with "auto" no function either.
        ValueError: if level or dtype is unknown.

    Differs from MindSpore: at O1 the network itself is changed, and layers only, not functions like `ops.matmul`.

    Example:
        >>> net = ms.amp.auto_mixed_precision(nn.SequentialCell(nn.Dense(2, 1), nn.ReLU()), "O2")
        >>> net(ops.ones((1, 2))).dtype
        mindspore.float32
    """
    if amp_level not in LEVELS:
        raise ValueError(f"The amp level {amp_level} is not supported")
    if amp_level == "auto" and not isinstance(network, (Cell, FunctionType, MethodType)):
        raise TypeError("For amp_level 'auto', the network type should be Cell or function.")
    if amp_level != "auto" and not isinstance(network, Cell):
        raise TypeError(f"For amp_level '{amp_level}', the network type should be Cell.")
    _check_dtype(dtype)
    if amp_level == "auto":
        return _by_operator(network, dtype)
    if amp_level == "O0":
        return network
    if amp_level == "O1":
        return _narrow(network, tuple(get_white_list()), dtype)
    return _narrow_all_but(network, tuple(get_black_list()) if amp_level == "O2" else (), dtype)


def custom_mixed_precision(
    network: Cell,
    *,
    white_list: list[type] | None = None,
    black_list: list[type] | None = None,
    dtype: mstype.DType = mstype.float16,
) -> Cell:
    """Let the layers of a white list, or all but those of a black list, compute in float16 or bfloat16.

    Args:
        network: a Cell.
        white_list, black_list: one of them: a list of classes of Cells or primitives.
        dtype: float16 or bfloat16.

    Returns:
        As `auto_mixed_precision` at O1 or O2.

    Raises:
        TypeError: if `network` is no Cell, or a list no list of classes.
        ValueError: if not one of the two lists is given, or the dtype is another.

    Example:
        >>> net = ms.amp.custom_mixed_precision(nn.SequentialCell(nn.Dense(2, 1), nn.ReLU()), white_list=[nn.Dense])
        >>> net(ops.ones((1, 2))).dtype
        mindspore.float32
    """
    if not isinstance(network, Cell):
        raise TypeError("The network type should be Cell.")
    if white_list is None and black_list is None:
        raise ValueError("For custom_mixed_precision, one of white_list and black_list must be provided.")
    if white_list is not None and black_list is not None:
        raise ValueError(
            "For custom_mixed_precision, the white_list or black_list cannot be provided at the same time, please "
            "provide one or the other."
        )
    _check_dtype(dtype)
    if white_list is not None:
        return _narrow(network, _classes("white_list", white_list), dtype)
    return _narrow_all_but(network, _classes("black_list", black_list), dtype)


def _by_operator(network, dtype) -> Any:
    if isinstance(network, Cell):
        network.__dict__["_narrow"] = dtype
        return network

    @functools.wraps(network)
    def narrowed(*args, **kwargs):
        with narrow.to(dtype):
            return seen(network)(*args, **kwargs)

    return narrowed


def _check_dtype(dtype) -> None:
    if dtype not in (mstype.float16, mstype.bfloat16):
        raise ValueError(f"The dtype should be one of (mstype.float16, mstype.bfloat16), but got {dtype}.")


def _classes(name: str, classes) -> tuple[type, ...]:
    if not isinstance(classes, list):
        raise TypeError(f"The type of {name} should be list, but got {type(classes)}")
    for element in classes:
        if not isinstance(element, type):
            raise TypeError(f"The element in {name} should be a class, but got {element}")
    return tuple(classes)


# -- some of it ------------------------------------------------------------------------------------------------------


def _narrow(network: Cell, white: tuple[type, ...], dtype) -> Cell:
    for _, cell in list(network.cells_and_names()):
        if isinstance(cell, white):
            cell.to_float(dtype)
            cell.register_forward_hook(_widen)
        for name, value in list(vars(cell).items()):
            if isinstance(value, white) and not isinstance(value, Cell):
                vars(cell)[name] = _Narrow(value, dtype)
    return network


def _widen(cell, args, output):
    return cast_floats(output, mstype.float32)


class _Narrow:
    """A primitive that takes its inputs in another dtype and gives float32."""

    def __init__(self, primitive, dtype):
        self._primitive, self._dtype = primitive, dtype

    def __call__(self, *args):
        return cast_floats(seen(self._primitive)(*cast_floats(args, self._dtype)), mstype.float32)

    def __getattr__(self, name: str):
        return getattr(self.__dict__["_primitive"], name)

    def __repr__(self) -> str:
        return repr(self._primitive)


# -- all but some ----------------------------------------------------------------------------------------------------


def _narrow_all_but(network: Cell, black: tuple[type, ...], dtype) -> Cell:
    network.to_float(dtype)
    if isinstance(network, black):
        network.to_float(mstype.float32)
    else:
        _keep_wide(network, black, dtype)
    return _OutputTo32(network)


def _keep_wide(cell: Cell, black: tuple[type, ...], dtype) -> None:
    for name, child in list(cell.name_cells().items()):
        if isinstance(child, black):
            wrapped = _OutputTo16(child.to_float(mstype.float32), dtype)
            # Not by setattr, which would name the Parameters anew.
            cell._cells[name] = wrapped
            if name in vars(cell):
                vars(cell)[name] = wrapped
        else:
            _keep_wide(child, black, dtype)


class _OutputTo16(Cell):
    """A Cell that gives float16 or bfloat16, whatever it computes in."""

    def __init__(self, backbone: Cell, dtype):
        super().__init__(auto_prefix=False)
        self._backbone = backbone
        self._dtype = dtype

    def construct(self, *args, **kwargs):
        return cast_floats(self._backbone(*args, **kwargs), self._dtype)


class _OutputTo32(Cell):
    """A Cell that gives float32, whatever it computes in."""

    def __init__(self, backbone: Cell):
        super().__init__(auto_prefix=False)
        self._backbone = backbone

    def construct(self, *args, **kwargs):
        return cast_floats(self._backbone(*args, **kwargs), mstype.float32)


# -- training --------------------------------------------------------------------------------------------------------

_SETTINGS = ("cast_model_type", "keep_batchnorm_fp32", "loss_scale_manager")


def build_train_network(
    network: Cell,
    optimizer: Cell,
    loss_fn: Callable[..., Any] | None = None,
    level: str = "O0",
    boost_level: str = "O0",
    **kwargs: Any,
) -> Cell:
    """A Cell that does one step of training in mixed precision.

    Args:
        network: a Cell; of (data, label), giving the loss, if there is no `loss_fn`.
        optimizer: an optimizer of its Parameters.
        loss_fn: a Cell or function of output and label, or None.
        level: as `amp_level` of `auto_mixed_precision`.
        boost_level: accepted for compatibility.
        kwargs: `loss_scale_manager`, by default a `DynamicLossScaleManager` at O2 and None elsewhere;
            `cast_model_type`, float16 or float32, and `keep_batchnorm_fp32`, which change what O0, O2 and O3 mean.

    Returns:
        A `TrainOneStepCell`, or with a scale that may change a `TrainOneStepWithLossScaleCell`.

    Raises:
        ValueError: if a setting is unknown.
        TypeError: if one is of another type.

    Example:
        >>> net = nn.Dense(2, 1, has_bias=False)
        >>> step = ms.amp.build_train_network(net, nn.SGD(net.trainable_params()), nn.MSELoss(), level="O3")
        >>> step(ops.zeros((4, 2)), ops.zeros((4, 1)))
        Tensor(shape=[], dtype=Float32, value= 0)

    Differs from MindSpore: scales that may change work on a CPU, too.
    """
    unknown = [name for name in kwargs if name not in _SETTINGS]
    if unknown:
        raise ValueError(f"Unsupported arg '{unknown[0]}'")
    manager = kwargs.get("loss_scale_manager", DynamicLossScaleManager() if level == "O2" else None)
    if manager is not None and not isinstance(manager, LossScaleManager):
        raise TypeError(f"'loss_scale_manager' must be a LossScaleManager or None, but got {type(manager).__name__}.")
    network = auto_mixed_precision(network, _as_set(level, **kwargs))
    if loss_fn is not None:
        network = nn.WithLossCell(network, loss_fn)
    if manager is None:
        return nn.TrainOneStepCell(network, optimizer)
    update = manager.get_update_cell()
    if update is None:
        return nn.TrainOneStepCell(network, optimizer, manager.get_loss_scale())
    return nn.TrainOneStepWithLossScaleCell(network, optimizer, update)


def _as_set(level: str, **settings: Any) -> str:
    """The level that settings of what it means make of one."""
    if level not in ("O0", "O2", "O3"):
        return level
    dtype = settings.get("cast_model_type", mstype.float32 if level == "O0" else mstype.float16)
    wide = settings.get("keep_batchnorm_fp32")
    if dtype not in (mstype.float16, mstype.float32):
        raise TypeError(f"'cast_model_type' must be float16 or float32, but got {dtype}.")
    if not (wide is None or isinstance(wide, bool)):
        raise TypeError(f"'keep_batchnorm_fp32' must be bool, but got {wide!r}.")
    if dtype is mstype.float32:
        return "O0"
    return "O2" if wide or (wide is None and level == "O2") else "O3"
