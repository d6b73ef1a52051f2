"""The direct way of a call, as the text of a function that takes handles: no more than what must happen.

Outside of all transforms a call that has come up before goes straight to its jitted function, which is kept under its
static arguments and their types; every layer between would cost as much as the operator's work on a few numbers. All
other calls go the general way, `Operator.call`, which this text names; what it computes is the same.
"""

from __future__ import annotations

from msjax.core import trace
from msjax.core.tensor import Tensor
from msjax.ops.call.arguments import jitted_argument, kind, only_tensor, only_tensors, own
from msjax.ops.call.operator import Operator, handles, has_dtype
from msjax.ops.call.wording import reworded

_KIND = "{0}.__class__ if {0}.__class__ is not tuple else _kind({0})"
_ARRAY = "{0}._array if {0}.__class__ is _Tensor and {0}._view is None else _argument({1})"


def body(
    operator: Operator, name: str, arrays: list[str], statics: list[str], finish: str, method: bool, lists: bool
) -> str:
    """The body of a function.

    Args:
        name: the function's, for errors.
        arrays, statics: the expressions for what the definition takes, in its order.
        finish: what is done to the result, with "{}" for it.
        method: whether the first array is `self`, which must be a Tensor.
        lists: whether lists and numbers count as Tensors.
    """
    variadic = operator.variadic
    given = [f"*{a}" if variadic and a is arrays[-1] else a for a in arrays]
    if not lists:
        own = zip(given, operator.arrays, strict=True)
        only = {**dict.fromkeys(operator.tensors, "_only"), **dict.fromkeys(operator.lists, "_only_each")}
        given = [_checked(a, only[array]) if array in only else a for a, array in own]
    given[:1] = ["_own(self)"] if method and not variadic else given[:1]
    general = finish.format(f"_call({_tuple(given)}, {_tuple(statics)})")
    lines = [f"return {general}"]
    if operator.direct and not variadic:
        call = f"_f({', '.join(_ARRAY.format(a, g) for a, g in zip(arrays, given, strict=True))})"
        result = f"_view({call}, {arrays[0]}, _f)" if operator.view else f"_handles({call})"
        key = _tuple([*statics, *(_KIND.format(s) for s in statics)])
        lines = [
            "if not _stack.frames and not _busy:", "    try:", f"        _f = _known[{key}]",
            "    except (KeyError, TypeError):", "        pass",  # new, or with a list among the static arguments
            "    else:", f"        return {finish.format(result)}",
            *lines,
        ]  # fmt: skip
    if operator.casts:
        lines = [f"if _has_dtype({arrays[0]}, {statics[0]}):", f"    return {finish.format(arrays[0])}", *lines]
    lines = [
        "try:", *(f"    {line}" for line in lines),
        "except Exception as error:", f"    error = _reworded(error, {name!r})",
        "    if error is None:", "        raise", "    raise error from None",
    ]  # fmt: skip
    return "".join(f"    {line}\n" for line in lines)


def _checked(given: str, check: str) -> str:
    name = given.removeprefix("*")
    return f"{'*' * given.startswith('*')}{check}({name}, {name!r})"


def _tuple(items: list[str]) -> str:
    return f"({', '.join(items)},)" if items else "()"


def names(operator: Operator) -> dict:
    """What the names in that text stand for."""
    return {
        "_call": operator.call, "_known": operator.known, "_handles": handles, "_view": operator.handles_of_view,
        "_argument": jitted_argument, "_Tensor": Tensor, "_stack": trace._stack, "_busy": trace.busy, "_kind": kind,
        "_own": own, "_only": only_tensor, "_only_each": only_tensors, "_reworded": reworded,
        "_has_dtype": has_dtype,
    }  # fmt: skip
