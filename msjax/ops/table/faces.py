"""Making faces: the Python functions, methods and primitive classes that a row of the operator table declares.

A face is compiled from a line or two of source, so that it has exactly the signature its row shows and nothing stands
between a call and the operator but the binding that Python itself does.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

from msjax.core import context, trace
from msjax.core import dtype as mstype
from msjax.core.kinds import check
from msjax.core.tensor import Tensor, raw, rebind
from msjax.ops.call.arguments import jitted_argument, kind
from msjax.ops.call.operator import Operator, handles
from msjax.ops.call.wording import reworded
from msjax.ops.table.constructed import CONSTRUCTED
from msjax.ops.table.primitive import Primitive
from msjax.ops.table.signature import SYNONYMS, Face, Overloads, Signature

IGNORED = "_"


def build(faces: list[Face]):
    """The object that a name stands for: of one face, or of several overloads of a function or method."""
    from msjax.ops.help import render  # its tables are large: not before the first face is made

    targets = [_targets(f, f.call, f.init) for f in faces]
    made = [(_function if f.init is None else _primitive)(f, t) for f, t in zip(faces, targets, strict=True)]
    whole = made[0] if len(made) == 1 else _overloaded(faces, made)
    whole.__doc__ = render.text(faces, targets)
    return whole


def _targets(face: Face, signature: Signature, own: Signature | None = None) -> dict[str, str]:
    """Face parameter -> definition parameter, for all parameters of the face (construction and call)."""
    operator = face.operator
    known = {*operator.arrays, *operator.statics}
    parameters = [*(own.parameters if own else ()), *signature.parameters]
    found: dict[str, str] = {}
    for p in parameters:
        wanted = p.target or (p.name if p.name in known else SYNONYMS.get(p.name))
        if wanted in known or wanted == IGNORED:
            found[p.name] = wanted
    free = [a for a in operator.arrays if a not in found.values()]
    for p in parameters:
        if p.name not in found:
            if not free:
                raise TypeError(
                    f"{face.room}.{face.name}: parameter {p.name!r} fits none of {operator.name}{sorted(known)}."
                )
            found[p.name] = free.pop(0)
    return found


def _body(face: Face, targets: dict[str, str], own: set[str], namespace: dict, finish: str = "{}") -> str:
    """The lines of a face that call the operator.

    Outside of all transforms a call that has come up before goes straight to its jitted function; every layer between
    would cost as much as the operator's work on a few numbers.

    Args:
        own: parameters that were given at construction, and are attributes of `self`.
        finish: what is done to the result.
    """
    operator = face.operator
    given = {target: f"self.{name}" if name in own else name for name, target in targets.items() if target != IGNORED}
    lines = [f"{name} = _spread({name})" for name in _starred(face.call, operator)]

    def value(name: str) -> str:
        if name in given:
            return given[name]
        namespace[f"_{name}"] = operator.defaults[name]
        return f"_{name}"

    arrays = [f"*{value(a)}" if operator.variadic and a == operator.arrays[-1] else value(a) for a in operator.arrays]
    method = face.room == "Tensor" and not operator.variadic and arrays[:1] == ["self"]
    statics = [value(name) for name in operator.statics]
    general = finish.format(f"_call({_tuple(['_own(self)', *arrays[1:]] if method else arrays)}, {_tuple(statics)})")
    if operator.variadic or operator.special:
        return _guarded([*lines, f"return {general}"], face.name)
    passed = [_array_of.format(a, a) for a in arrays]
    if method:
        passed[0] = _array_of.format("self", "_own(self)")
    call = f"_f({', '.join(passed)})"
    handles = f"_view({call}, {arrays[0]}, _f)" if operator.view else f"_handles({call})"
    key = _tuple([*statics, *(_kind_of.format(name) for name in statics)])
    lines += [
        "if not _stack.frames and not _busy:", "    try:", f"        _f = _known[{key}]",
        "    except (KeyError, TypeError):", "        pass",  # new, or with a list among the static arguments
        "    else:", f"        return {finish.format(handles)}",
        f"return {general}",
    ]  # fmt: skip
    return _guarded(lines, face.name)


_kind_of = "{0}.__class__ if {0}.__class__ is not tuple else _kind({0})"
_array_of = "{0}._array if {0}.__class__ is _Tensor and {0}._view is None else _argument({1})"


def _tuple(items: list[str]) -> str:
    return f"({', '.join(items)},)" if items else "()"


def _guarded(lines: list[str], name: str) -> str:
    """A function's body, whose errors are worded as MindSpore's."""
    lines = [
        "try:", *(f"    {line}" for line in lines),
        "except Exception as error:", f"    error = _reworded(error, {name!r})",
        "    if error is None:", "        raise", "    raise error from None",
    ]  # fmt: skip
    return "".join(f"    {line}\n" for line in lines)


def _namespace(face: Face) -> dict:
    operator = face.operator
    return {
        "__name__": _module(face),
        "_call": operator.call, "_known": operator.known, "_handles": handles, "_view": operator.handles_of_view,
        "_argument": jitted_argument, "_Tensor": Tensor, "_stack": trace._stack, "_busy": trace.busy,
        "_kind": kind, "_spread": _spread, "_into": _into, "_own": _own, "_reworded": reworded,
        "mstype": mstype,
    }  # fmt: skip


def _module(face: Face) -> str:
    return "msjax.core.tensor" if face.room == "Tensor" else f"msjax.{face.room}"


def _spread(values: tuple):
    """`*shape` may be given as numbers or as one tuple or list."""
    return (
        values[0]
        if len(values) == 1
        and isinstance(values[0], (tuple, list, Tensor))
        and not (isinstance(values[0], Tensor) and values[0].ndim == 0)
        else values
    )


def _own(tensor):
    """The Tensor that a method is called on; `Tensor.add([1], [2])` has none."""
    if isinstance(tensor, Tensor):
        return tensor
    raise TypeError(f"A method of Tensor is called on a Tensor, but got {type(tensor).__name__}: {tensor!r:.60}.")


def _into(tensor: Tensor, result: Tensor) -> Tensor:
    """Write an operator's result into the Tensor it was applied to."""
    array = raw(result)
    own = raw(tensor)
    if array.shape != own.shape:
        raise RuntimeError(
            f"An in-place operation can not change the shape of a Tensor, here from {own.shape} to {array.shape}; "
            "use the operation without the trailing underscore."
        )
    rebind(tensor, array.astype(own.dtype), result._shadow)
    return tensor


def _starred(signature: Signature, operator: Operator) -> set[str]:
    """Starred parameters that stand for one static argument."""
    return {p.name for p in signature.parameters if p.kind == "*"} if not operator.variadic else set()


def _function(face: Face, targets: dict[str, str]) -> Callable:
    namespace = _namespace(face)
    in_place = face.room == "Tensor" and face.name.endswith("_") and not face.name.endswith("__")
    body = _body(face, targets, set(), namespace, "_into(self, {})" if in_place else "{}")
    return _compile(face, f"def {face.name}({face.call.source()}):\n{body}", namespace)


def _compile(face: Face, source: str, namespace: dict) -> Callable:
    _execute(face, source, namespace)
    function = namespace[face.name]
    function.__qualname__ = f"Tensor.{face.name}" if face.room == "Tensor" else face.name
    return function


def _execute(face: Face, source: str, namespace: dict) -> None:
    exec(compile(source, f"<msjax.{face.room}.{face.name}>", "exec"), namespace)


def _primitive(face: Face, targets: dict[str, str]) -> type:
    assert face.init is not None
    namespace = _namespace(face)
    body = _body(face, targets, set(face.init.names), namespace)
    members = {"_fields": tuple(face.init.names)}
    return class_of(face, Primitive, "__call__", body, CONSTRUCTED, namespace, members)


def class_of(
    face: Face, base: type, called: str, body: str, kinds: dict[str, str], namespace: dict, members: dict, before=()
) -> type:
    """The class of what is constructed with its fields and then called: a primitive, or a layer.

    Args:
        base: its base class.
        called: the name of the method that is called; its lines are `body`.
        kinds: what the fields must be, by "class.field".
        namespace: what the lines refer to.
        members: what else the class has.
        before: lines that the constructor begins with, when the fields have been checked.
    """
    init = face.init
    assert init is not None
    namespace["_check"] = check
    kind_of = {name: kinds[key] for name in init.names if (key := f"{face.name}.{name}") in kinds}
    lines = [f"    _check(type(self).__name__, {name!r}, {name}, {kind!r})" for name, kind in kind_of.items()]
    lines += [*before, *(f"    self.{name} = {name}" for name in init.names)] or ["    pass"]
    _execute(face, f"def __init__(self, {init.source()}):\n" + "\n".join(lines), namespace)
    _execute(face, f"def {called}(self, {face.call.source()}):\n{body}", namespace)
    methods = {"__init__": namespace["__init__"], called: namespace[called], "__module__": _module(face)}
    return type(face.name, (base,), {**methods, **members})


def _overloaded(faces: list[Face], functions: list[Callable]) -> Callable:
    """One function of several signatures: the first that takes the arguments, in number and kind, is meant."""
    signatures = [inspect.signature(f) for f in functions]
    first = functions[0]
    in_graph = [f for f, face in zip(functions, faces, strict=True) if face.operator.positional]
    if len(in_graph) < len(functions):
        for_graph = _overloaded([f for f in faces if f.operator.positional], in_graph)

    def overloaded(*args, **kwargs):
        if len(in_graph) < len(functions) and len(args) > 1 and context.in_graph():
            return for_graph(*args, **kwargs)
        try:
            return first(*args, **kwargs)
        except TypeError as error:
            return others(error if _fits(signatures[0], args, kwargs) else None, args, kwargs)

    def others(reason, args, kwargs):
        for function, signature in zip(functions[1:], signatures[1:], strict=True):
            try:
                return function(*args, **kwargs)
            except TypeError as error:
                reason = error if _fits(signature, args, kwargs) else reason
        if reason is not None:
            raise reason
        shown = " or ".join(f"{faces[0].name}{s}" for s in signatures)
        raise TypeError(f"The arguments of {faces[0].name}() fit none of its signatures: {shown}.")

    overloaded.__name__, overloaded.__qualname__ = functions[0].__name__, functions[0].__qualname__
    overloaded.__module__, overloaded.__signature__ = functions[0].__module__, Overloads(signatures)
    return overloaded


def _fits(signature: inspect.Signature, args, kwargs) -> bool:
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        return False
    return True
