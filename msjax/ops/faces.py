"""Making faces: the Python functions, methods and primitive classes that a row of the operator table declares.

A face is compiled from a line or two of source, so that it has exactly the signature its row shows and nothing stands
between a call and the operator but the binding that Python itself does.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

from msjax.core import dtype as mstype
from msjax.core import trace
from msjax.core.tensor import Tensor, raw, rebind
from msjax.ops.dispatch import Operator, argument, wrap_result
from msjax.ops.primitive import Primitive
from msjax.ops.signature import SYNONYMS, Face, Signature

IGNORED = "_"


def build(faces: list[Face]):
    """The object that a name stands for: of one face, or of several overloads of a function or method."""
    made = [_primitive(f) if f.init is not None else _function(f) for f in faces]
    return made[0] if len(made) == 1 else _overloaded(faces, made)


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


def _call_source(face: Face, targets: dict[str, str], spell: Callable[[str], str], namespace: dict) -> str:
    """The expression that calls the operator."""
    operator = face.operator
    given = {target: spell(name) for name, target in targets.items() if target != IGNORED}

    def value(name: str) -> str:
        if name in given:
            return given[name]
        namespace[f"_{name}"] = operator.defaults[name]
        return f"_{name}"

    arrays = [f"*{value(a)}" if operator.variadic and a == operator.arrays[-1] else value(a) for a in operator.arrays]
    if operator.plain is not None:
        general = f"_call(({', '.join(arrays)},))"
        if operator.variadic:
            return general
        # The short way, outside of all transforms.
        return f"{general} if _stack.frames else _wrap(_plain({', '.join(f'_argument({a})' for a in arrays)}))"
    statics = "".join(f"{value(s)}, " for s in operator.statics)
    return f"_call(({', '.join(arrays)},), ({statics}))" if arrays else f"_call((), ({statics}))"


def _namespace(operator: Operator) -> dict:
    return {
        "_call": operator.call, "_plain": operator.plain, "_wrap": wrap_result, "_argument": argument,
        "_stack": trace._stack, "_spread": _spread, "_into": _into, "mstype": mstype,
    }  # fmt: skip


def _spread(values: tuple):
    """`*shape` may be given as numbers or as one tuple or list."""
    return (
        values[0]
        if len(values) == 1
        and isinstance(values[0], (tuple, list, Tensor))
        and not (isinstance(values[0], Tensor) and values[0].ndim == 0)
        else values
    )


def _into(tensor: Tensor, result: Tensor) -> Tensor:
    """Write an operator's result into the Tensor it was applied to."""
    array = raw(result)
    own = raw(tensor)
    if array.shape != own.shape:
        raise RuntimeError(
            f"An in-place operation can not change the shape of a Tensor, here from {own.shape} to {array.shape}; "
            "use the operation without the trailing underscore."
        )
    rebind(tensor, array.astype(own.dtype))
    return tensor


def _starred(signature: Signature, operator: Operator) -> set[str]:
    """Starred parameters that stand for one static argument."""
    return {p.name for p in signature.parameters if p.kind == "*"} if not operator.variadic else set()


def _function(face: Face) -> Callable:
    operator = face.operator
    targets = _targets(face, face.call)
    starred = _starred(face.call, operator)
    namespace = _namespace(operator)
    call = _call_source(face, targets, lambda n: f"_spread({n})" if n in starred else n, namespace)
    if face.room == "Tensor" and face.name.endswith("_") and not face.name.endswith("__"):
        call = f"_into(self, {call})"
    return _compile(face, f"def {face.name}({face.call.source()}):\n    return {call}\n", namespace)


def _compile(face: Face, source: str, namespace: dict) -> Callable:
    exec(compile(source, f"<{face.room}.{face.name}>", "exec"), namespace)
    function = namespace[face.name]
    function.__module__ = "msjax.core.tensor" if face.room == "Tensor" else f"msjax.{face.room}"
    function.__qualname__ = f"Tensor.{face.name}" if face.room == "Tensor" else face.name
    function.__doc__ = inspect.getdoc(face.operator.definition)
    return function


def _primitive(face: Face) -> type:
    operator, init = face.operator, face.init
    assert init is not None
    targets = _targets(face, face.call, init)
    own, starred = set(init.names), _starred(face.call, operator)
    namespace = _namespace(operator)
    spell = lambda n: f"self.{n}" if n in own else f"_spread({n})" if n in starred else n  # noqa: E731
    call = _call_source(face, targets, spell, namespace)
    init_source = init.source()
    lines = [f"    self.{name} = {name}" for name in init.names] or ["    pass"]
    exec(f"def __init__(self, {init_source}):\n" + "\n".join(lines), namespace)
    exec(f"def __call__(self, {face.call.source()}):\n    return {call}\n", namespace)
    members = {
        "__init__": namespace["__init__"],
        "__call__": namespace["__call__"],
        "__doc__": inspect.getdoc(operator.definition),
        "__module__": f"msjax.{face.room}",
        "_fields": tuple(init.names),
    }
    return type(face.name, (Primitive,), members)


def _overloaded(faces: list[Face], functions: list[Callable]) -> Callable:
    """One function of several signatures: the first that takes the arguments, in number and kind, is meant."""
    signatures = [inspect.signature(f) for f in functions]

    def overloaded(*args, **kwargs):
        reason = None
        for function, signature in zip(functions, signatures, strict=True):
            try:
                return function(*args, **kwargs)
            except TypeError as error:
                reason = error if _fits(signature, args, kwargs) else reason
        if reason is not None:
            raise reason
        shown = " or ".join(f"{faces[0].name}{s}" for s in signatures)
        raise TypeError(f"The arguments of {faces[0].name}() fit none of its signatures: {shown}.")

    overloaded.__name__, overloaded.__qualname__ = functions[0].__name__, functions[0].__qualname__
    overloaded.__module__, overloaded.__doc__ = functions[0].__module__, functions[0].__doc__
    return overloaded


def _fits(signature: inspect.Signature, args, kwargs) -> bool:
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        return False
    return True
