"""Making faces: the Python functions, methods and primitive classes that a row of the operator table declares.

A face is compiled from a few lines of source, so that it has exactly the signature its row shows and nothing stands
between a call and the operator but the binding that Python itself does.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

from msjax.core import context
from msjax.core import dtype as mstype
from msjax.core.kinds import check
from msjax.core.tensor import Tensor, raw, rebind
from msjax.ops.call import direct
from msjax.ops.table.constructed import CONSTRUCTED
from msjax.ops.table.primitive import Primitive
from msjax.ops.table.signature import IGNORED, IN_PLACE, Face, Overloads


def build(faces: list[Face], lists: bool = False):
    """The object that a name stands for: of one face, or of several overloads of a function or method.

    Args:
        lists: whether lists and numbers count as Tensors.
    """
    from msjax.ops.help import render  # its tables are large: not before the first face is made

    single = [_function(face, lists) if face.init is None else _primitive(face) for face in faces]
    whole = single[0] if len(single) == 1 else _overloaded(faces, single)
    whole.__doc__ = render.text(faces)
    return whole


def _function(face: Face, lists: bool) -> Callable:
    namespace = _namespace(face)
    body = _body(face, namespace, lists)
    _execute(face, f"def {face.name}({face.call.source()}):\n{body}", namespace)
    function = namespace[face.name]
    function.__qualname__ = f"Tensor.{face.name}" if face.room == "Tensor" else face.name
    return function


def _primitive(face: Face) -> type:
    assert face.init is not None
    namespace = _namespace(face)
    body = _body(face, namespace)
    members = {"_fields": tuple(face.init.names)}
    own = {f"{face.name}.{name}": face.operator.own_kinds.get(face.targets[name]) for name in face.init.names}
    kinds = {name: kind for name, kind in own.items() if kind} | CONSTRUCTED
    return class_of(face, Primitive, "__call__", body, kinds, namespace, members)


def _body(face: Face, namespace: dict, lists: bool = False) -> str:
    """The lines that call the operator; defaults that the face has no parameter for are put into `namespace`."""
    operator, constructed = face.operator, face.init.names if face.init else ()
    values = {
        target: f"self.{name}" if name in constructed else name
        for name, target in face.targets.items()
        if target not in (IGNORED, IN_PLACE)
    }
    for name in {*operator.arrays, *operator.statics} - {*values}:
        namespace[f"_{name}"], values[name] = operator.defaults[name], f"_{name}"
    arrays, statics = ([values[name] for name in names] for names in (operator.arrays, operator.statics))
    starred = [p.name for p in face.call.parameters if p.kind == "*" and not operator.variadic]
    spread = "".join(f"    {name} = _spread({name})\n" for name in starred)  # one static argument
    is_method = face.room == "Tensor" and arrays[:1] == ["self"]
    return spread + direct.body(operator, operator.title(face.name), arrays, statics, _finish(face), is_method, lists)


def _finish(face: Face) -> str:
    """What is done to the result "{}"."""
    if face.in_place:
        return f"_into({face.call.names[0]}, {{}})"
    asked = [name for name, target in face.targets.items() if target == IN_PLACE]
    return f"_into({face.call.names[0]}, {{}}, {asked[0]})" if asked else "{}"


def _namespace(face: Face) -> dict:
    own = {"_spread": _spread, "_into": _into, "mstype": mstype}
    return {"__name__": _module(face), **direct.names(face.operator), **own}


def _module(face: Face) -> str:
    return "msjax.core.tensor" if face.room == "Tensor" else f"msjax.{face.room}"


def _execute(face: Face, source: str, namespace: dict) -> None:
    # Made of rows of ours alone, when a name is looked up first; what a call is given is bound, never written.
    exec(compile(source, f"<msjax.{face.room}.{face.name}>", "exec"), namespace)


def _spread(values: tuple):
    """`*shape` may be given as numbers or as one tuple or list."""
    if len(values) != 1 or not isinstance(values[0], (tuple, list, Tensor)):
        return values
    single = isinstance(values[0], Tensor) and values[0].ndim == 0
    return values if single else values[0]


def _into(tensor: Tensor, result: Tensor, wanted=True) -> Tensor:
    """Write an operator's result into the Tensor it was applied to, if that is wanted."""
    if not wanted:
        return result
    array, old = raw(result), raw(tensor)
    if array.shape != old.shape:
        raise RuntimeError(
            f"An in-place operation can not change the shape of a Tensor, here from {old.shape} to {array.shape}; "
            "use the operation without the trailing underscore."
        )
    rebind(tensor, array.astype(old.dtype), result._shadow)
    return tensor


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

    # The signatures are tried by calling: to bind the arguments first would cost more than the operator, and which kind
    # of argument is meant (`x.max(0)` or `x.max(other)`) only the definition knows. What it says counts if it fits.
    def overloaded(*args, **kwargs):
        if len(in_graph) < len(functions) and len(args) > 1 and context.in_compiled():
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
