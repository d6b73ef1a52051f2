"""Registration of kernels: descriptions of operators that a program writes itself, for compilers that are not here.

    info = CustomRegOp("add").input(0, "x").output(0, "y").dtype_format(DataType.F32_Default, ...).get_op_info()

A description can be made, looked at, and put on a function, which stays what it is. Nothing here compiles one:
operators of one's own are `ops.Custom` with `func_type="pyfunc"`, or functions of JAX.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

_TYPES = {
    "None": "",
    "BOOL": "bool",
    "BF16": "bfloat16",
    **{
        f"{letter}{bits}": f"{kind}{bits}" for letter, kind in (("I", "int"), ("U", "uint")) for bits in (8, 16, 32, 64)
    },
    **{f"F{bits}": f"float{bits}" for bits in (16, 32, 64)},
    **{f"C{bits}": f"complex{bits}" for bits in (64, 128)},
}
_FORMATS = {
    "None": ("",),
    "Default": ("DefaultFormat",),
    "Default_Tuple": ("DefaultFormat", "tuple"),
    "Default_List": ("DefaultFormat", "list"),
    "5HD": ("NC1HWC0",),
    "FracZ": ("FRACTAL_Z",),
    "FracNZ": ("FRACTAL_NZ",),
    "FracZNLSTM": ("FRACTAL_ZN_LSTM",),
    "FracZNRNN": ("FRACTAL_ZN_RNN",),
    "ND_RNNBIAS": ("ND_RNN_BIAS",),
    **{
        order: (order,)
        for order in "C1HWNCoC0 NCHW NHWC HWCN NDHWC NCDHW DHWCN ChannelLast NDC1HWC0 NC1HWC0 FRACTAL_Z_3D".split()
    },
}


class DataType:
    """A dtype and an order of axes in one name: `DataType.F32_NCHW` is ("float32", "NCHW")."""


for _kind, _name in _TYPES.items():
    for _order, _format in _FORMATS.items():
        setattr(DataType, f"{_kind}_{_order}", (_name, *_format))


class RegOp:
    """A description under way: each method notes something and returns this object.

    Args:
        op_name: the operator's name.
    """

    _own: ClassVar[dict[str, Any]] = {}  # what a kind of description notes besides, and with which defaults
    _setters: ClassVar[dict[str, tuple[str, type]]] = {}  # its methods: what they note, of which type

    def __init__(self, op_name: str):
        if not isinstance(op_name, str):
            raise ValueError("op name value must be string")
        self._info: dict[str, Any] = {
            "op_name": op_name, "inputs": [], "outputs": [], "attr": [], "fusion_type": "", "dtype_format": [],
            **self._own,
        }  # fmt: skip

    def __getattr__(self, name: str) -> Callable:
        if name not in type(self)._setters:
            raise AttributeError(f"{type(self).__name__} has no {name!r}", name=name, obj=self)
        key, kind = type(self)._setters[name]

        def note(value) -> RegOp:
            if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
                raise TypeError(f"{value} value must be {kind.__name__}")
            self._info[key] = value
            return self

        return note

    def _item(self, where: str, index, values: dict) -> RegOp:
        if index is not None and type(index) is not int:
            raise TypeError(f"{index} value must be int")
        found = {"index": index, **values}
        self._info[where].append({key: value for key, value in found.items() if value is not None})
        return self

    def input(self, index=None, name=None, param_type: Any = "required", **others) -> RegOp:
        """An input: its number, name, and whether it is "required", "optional" or "dynamic"."""
        return self._item("inputs", index, {"name": name, "paramType": param_type, **others})

    def output(self, index=None, name=None, param_type: Any = "required", **others) -> RegOp:
        """An output: its number, name, and whether it is "required", "optional" or "dynamic"."""
        return self._item("outputs", index, {"name": name, "paramType": param_type, **others})

    def attr(self, name=None, value_type=None, value=None, **others) -> RegOp:
        """An attribute: its name, type and value."""
        return self._item("attr", None, {"name": name, "type": value_type, "value": value, **others})

    def dtype_format(self, *args) -> RegOp:
        """One choice of `DataType`s, for all inputs and outputs."""
        self._info["dtype_format"].append(args)
        return self

    def fusion_type(self, fusion_type: str) -> RegOp:
        """How it may be fused."""
        if not isinstance(fusion_type, str):
            raise TypeError(f"{fusion_type} value must be str")
        self._info["fusion_type"] = fusion_type
        return self

    def get_op_info(self) -> dict[str, Any]:
        """The description."""
        return self._info


class CpuRegOp(RegOp):
    """A kernel for CPUs."""

    _own: ClassVar = {"imply_type": "CPU"}


class AiCPURegOp(RegOp):
    """A kernel for the CPUs of Ascend chips."""

    _own: ClassVar = {"imply_type": "AiCPU"}


class CustomRegOp(RegOp):
    """A kernel for `ops.Custom`."""

    _own: ClassVar = {"target": ""}
    _setters: ClassVar = {"target": ("target", str)}

    def __init__(self, op_name: str = "Custom"):
        super().__init__(op_name)

    def attr(self, name=None, param_type=None, value_type=None, default_value=None, **others) -> RegOp:
        """An attribute: its name, whether it is "required" or "optional", its type, and its default."""
        values = {"name": name, "paramType": param_type, "type": value_type, "defaultValue": default_value, **others}
        return self._item("attr", None, values)


class TBERegOp(RegOp):
    """A kernel in the language TBE, of Ascend chips."""

    _own: ClassVar = {
        "imply_type": "TBE", "async_flag": False, "binfile": "", "compute_cost": 10, "kernel": "",
        "partial_flag": False, "reshape_type": "", "dynamicRankSupport": False, "dynamicShapeSupport": False,
        "dynamicCompileStatic": False, "needCheckSupport": False, "dynamicFormat": False, "op_pattern": "",
    }  # fmt: skip
    _setters: ClassVar = {
        "async_flag": ("async_flag", bool),
        "binfile_name": ("binfile", str),
        "compute_cost": ("compute_cost", int),
        "dynamic_compile_static": ("dynamicCompileStatic", bool),
        "dynamic_rank_support": ("dynamicRankSupport", bool),
        "dynamic_shape": ("dynamicShapeSupport", bool),
        "is_dynamic_format": ("dynamicFormat", bool),
        "kernel_name": ("kernel", str),
        "need_check_supported": ("needCheckSupport", bool),
        "op_pattern": ("op_pattern", str),
        "partial_flag": ("partial_flag", bool),
        "reshape_type": ("reshape_type", str),
    }

    def input(self, index=None, name=None, need_compile=None, param_type=None, shape=None, **others) -> RegOp:
        """An input, as of the other kinds; `need_compile` and `shape` are TBE's."""
        return super().input(index, name, param_type, need_compile=need_compile, shape=shape, **others)

    def output(self, index=None, name=None, need_compile=None, param_type=None, shape=None, **others) -> RegOp:
        """An output, as of the other kinds; `need_compile` and `shape` are TBE's."""
        return super().output(index, name, param_type, need_compile=need_compile, shape=shape, **others)

    def attr(
        self, name=None, param_type=None, value_type=None, value=None, default_value=None, **others
    ) -> RegOp:  # fmt: skip
        """An attribute: its name, whether it is "required" or "optional", its type, its value, and its default."""
        values = {
            "name": name, "paramType": param_type, "type": value_type, "value": value, "defaultValue": default_value,
        }  # fmt: skip
        return self._item("attr", None, values | others)


def op_info_register(op_info: Any) -> Callable:
    """A decorator of a function that a description is about. It gives the function, which carries it in `op_info`."""

    def decorate(function: Callable) -> Callable:
        function.op_info = op_info  # pyright: ignore[reportFunctionMemberAccess]
        return function

    return decorate


# The function hides the module of its name, where programs look for these.
for _hidden in (op_info_register, DataType, AiCPURegOp, CpuRegOp, CustomRegOp, TBERegOp):
    setattr(op_info_register, _hidden.__name__, _hidden)


def custom_info_register(*reg_info: Any) -> Callable:
    """A decorator of a function for `ops.Custom`. It gives the function, which carries these in `reg_info`."""

    def decorate(function: Callable) -> Callable:
        function.reg_info = list(reg_info)  # pyright: ignore[reportFunctionMemberAccess]
        return function

    return decorate


def get_vm_impl_fn(prim: Any) -> None:
    """The function of Python's that was registered for a primitive: none ever is."""


vm_impl_registry: dict = {}
