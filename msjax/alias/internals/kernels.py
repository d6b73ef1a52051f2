"""Registration of kernels: descriptions of operators that a program writes itself, for compilers that are not here.

    info = CustomRegOp("add").input(0, "x").output(0, "y").dtype_format(DataType.F32_Default, ...).get_op_info()

A description can be made, looked at, and put on a function, which stays what it is. Nothing here compiles one:
operators of one's own are `ops.Custom` with `func_type="pyfunc"`, or functions of JAX.
"""

from __future__ import annotations

from collections import UserDict
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


def _noting(name: str, key: str, kind: type, default: Any) -> Callable:
    """The method of a description that notes one thing, of a type. Without a default (`...`) it has to be given; a
    default of None leaves things as they are."""

    def note(self, value):
        if value is None and default is None:
            return self
        if not isinstance(value, kind):
            raise TypeError(f"{value} value must be {kind.__name__}")
        self._info[key] = value
        return self

    if default is not ...:
        note.__defaults__ = (default,)
    note.__name__, note.__doc__ = name, f"Note {key!r}, of type {kind.__name__}, and give this object."
    return note


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

    def __init__(self, op_name: str):
        if not isinstance(op_name, str):
            raise ValueError("op name value must be string")
        self._info: dict[str, Any] = {
            "op_name": op_name, "inputs": [], "outputs": [], "attr": [], "fusion_type": "", "dtype_format": [],
            **self._own,
        }  # fmt: skip

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
    target = _noting("target", "target", str, None)

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
        "real_input_index": [], "input_to_attr_index": [],
    }  # fmt: skip

    async_flag = _noting("async_flag", "async_flag", bool, False)
    binfile_name = _noting("binfile_name", "binfile", str, ...)
    compute_cost = _noting("compute_cost", "compute_cost", int, 10)
    dynamic_compile_static = _noting("dynamic_compile_static", "dynamicCompileStatic", bool, False)
    dynamic_rank_support = _noting("dynamic_rank_support", "dynamicRankSupport", bool, ...)
    dynamic_shape = _noting("dynamic_shape", "dynamicShapeSupport", bool, False)
    input_to_attr_index = _noting("input_to_attr_index", "input_to_attr_index", list, ...)
    is_dynamic_format = _noting("is_dynamic_format", "dynamicFormat", bool, False)
    kernel_name = _noting("kernel_name", "kernel", str, ...)
    need_check_supported = _noting("need_check_supported", "needCheckSupport", bool, False)
    op_pattern = _noting("op_pattern", "op_pattern", str, None)
    partial_flag = _noting("partial_flag", "partial_flag", bool, True)
    real_input_index = _noting("real_input_index", "real_input_index", list, ...)
    reshape_type = _noting("reshape_type", "reshape_type", str, ...)

    def __init__(self, op_name: str):
        super().__init__(op_name)
        self._info["unknown_shape_formats"] = []

    def unknown_shape_formats(self, unknown_shape_formats: list) -> RegOp:
        """Add a list of formats of inputs whose shapes are unknown."""
        if not isinstance(unknown_shape_formats, list):
            raise TypeError(f"{unknown_shape_formats} value must be list")
        self._info["unknown_shape_formats"].append(unknown_shape_formats)
        return self

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


class VmImplRegistry(UserDict):
    """Functions of Python's that a program registers for primitives, by name; no operator here asks for one."""

    def register(self, prim: Any) -> Callable:
        """A decorator of the function for a primitive, or its class or name, which it gives back."""

        def decorate(function: Callable) -> Callable:
            self[_name_of(prim)] = function
            return function

        return decorate


def _name_of(prim: Any) -> str:
    return prim if isinstance(prim, str) else prim.__name__ if isinstance(prim, type) else prim.name


vm_impl_registry = VmImplRegistry()


def get_vm_impl_fn(prim: Any) -> Callable | None:
    """What the function that a program registered for a primitive, given as such or by name, makes of it; else None."""
    function = vm_impl_registry.get(_name_of(prim))
    return None if function is None else function(prim)
