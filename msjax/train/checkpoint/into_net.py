"""Give a Cell the values of a dictionary of Parameters."""

from __future__ import annotations

from collections.abc import Mapping

from msjax import log
from msjax.core import dtype as mstype
from msjax.core.parameter import Parameter
from msjax.nn.cell import Cell

# Kinds within which a value may be converted.
_KINDS = (mstype.float_type, mstype.int_type)


def load_param_into_net(
    net: Cell, parameter_dict: Mapping[str, Parameter], strict_load: bool = False, remove_redundancy: bool = False
) -> tuple[list[str], list[str]]:
    """Copy values by name into the Parameters of a Cell, or of an optimizer.

    Where names differ, values are also found under a common prefix: "net.fc.weight" fills "fc.weight" if the
    dictionary has no such name. Floats are converted to floats, signed integers to signed integers.

    Args:
        net: the Cell, a network or an optimizer.
        parameter_dict: name -> Parameter, as `load_checkpoint` gives.
        strict_load: whether dtypes must be equal, and prefixes are not tried.
        remove_redundancy: has a meaning on several devices only.

    Returns:
        (names of the Cell's Parameters that got no value, names of the dictionary that are not the Cell's).

    Raises:
        TypeError: if `net` is no Cell, or `parameter_dict` no dict of Parameters.
        RuntimeError: if a shape differs, or a dtype that can not be converted; the Cell is as it was then.

    Example:
        >>> ms.load_param_into_net(nn.Dense(2, 1), {"bias": Parameter(Tensor([1.0]), name="bias")})
        (['weight'], [])
    """
    if not isinstance(net, Cell):
        raise TypeError(f"For 'load_param_into_net', the argument 'net' should be a Cell, but got {type(net)}.")
    if not isinstance(parameter_dict, dict):
        raise TypeError(
            "For 'load_param_into_net', the argument 'parameter_dict' should be a dict, "
            f"but got {type(parameter_dict)}."
        )
    for flag in (strict_load, remove_redundancy):
        if not isinstance(flag, bool):
            raise TypeError(f"The input value must be a bool, but got {type(flag).__name__}.")
    if remove_redundancy:
        raise TypeError("remove_redundancy needs several devices in parallel, but this program runs on one alone.")
    for name, value in parameter_dict.items():
        if not isinstance(name, str) or not isinstance(value, Parameter | str):
            raise TypeError(
                "For 'parameter_dict', the element in the argument 'parameter_dict' should be a 'str' and 'Parameter' "
                f", but got {type(name)} and {type(value)}."
            )
    wanted = net.parameters_dict()
    sources = {name: name for name in wanted if name in parameter_dict}
    if not strict_load:
        sources |= _under_prefix(parameter_dict, [name for name in wanted if name not in sources])
    for name, source in sources.items():
        _check(wanted[name], parameter_dict[source], strict_load)
    for name, source in sources.items():
        _load(wanted[name], parameter_dict[source])
    missing = [name for name in wanted if name not in sources]
    if missing:
        log.warning(
            "For 'load_param_into_net', %s parameters in the 'net' are not loaded, because they are not in the "
            "'parameter_dict': %s.",
            len(missing),
            missing,
        )
    return missing, [name for name in parameter_dict if name not in wanted]


def _under_prefix(values, missing: list[str]) -> dict[str, str]:
    """The names of values that are there with a prefix, which the first name that is found tells for all."""
    sources: dict[str, str] = {}
    for name in missing:
        key = None if name in sources else next((key for key in values if key.endswith(name)), None)
        if key is not None:
            prefix = key.removesuffix(name)
            sources |= {n: prefix + n for n in missing if n not in sources and prefix + n in values}
    return sources


def _check(parameter: Parameter, value, strict: bool) -> None:
    if not isinstance(value, Parameter):
        raise TypeError(f"For 'load_param_into_net', {parameter.name} needs a Parameter, but got {value!r}.")
    if parameter.dtype is not value.dtype and (strict or not _convertible(parameter.dtype, value.dtype)):
        raise RuntimeError(_mismatch(parameter, "type", parameter.dtype, value.dtype))
    if parameter.shape != value.shape and not (parameter.shape == () and value.shape == (1,)):
        raise RuntimeError(_mismatch(parameter, "shape", parameter.shape, value.shape))


def _load(parameter: Parameter, value: Parameter) -> None:
    if parameter.dtype is not value.dtype:
        log.warning("%s is converted from %s to %s.", parameter.name, value.dtype, parameter.dtype)
    parameter.set_data(value.reshape(parameter.shape) if parameter.shape != value.shape else value)


def _convertible(target, source) -> bool:
    return any(target in kind and source in kind for kind in _KINDS)


def _mismatch(parameter: Parameter, what: str, wanted, actual) -> str:
    name = parameter.name
    return (
        f"For 'load_param_into_net', {name} in the argument 'net' should have the same {what} as {name} in the "
        f"argument 'parameter_dict'. But got its {what} {wanted} in the argument 'net' and {what} {actual} in the "
        "argument 'parameter_dict'. You may need to check whether the checkpoint you loaded is correct."
    )
