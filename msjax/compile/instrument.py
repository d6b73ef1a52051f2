"""Functions rewritten so that a watch sees what they read, call and change.

The rewritten function computes the same. It only serves to find out what a function does: calls by it go through
`watch.call`, attributes through `watch.attr`, and so on. What a rewritten function can not show makes the watch refuse.
"""

from __future__ import annotations

import ast
import copy
from functools import lru_cache
from types import CellType, CodeType, FunctionType
from typing import Any

from msjax.compile.source import FACTORY, WATCH, Definition, NoSource, arguments, compiled, find, parts
from msjax.shims.python import globals_read

_PLAIN = ("bool", "int", "float", "str", "bytes", "list", "tuple", "dict", "set")  # matching them reads no attributes


def instrumented(function: FunctionType, watch) -> FunctionType:
    """`function` as the watch can see it.

    Raises:
        NoSource: if its source is not to be had, or has what can not be shown.
    """
    code = _rewritten(function.__code__, function.__code__.co_filename)
    cells = dict(zip(function.__code__.co_freevars, map(watch.cell, function.__closure__ or ()), strict=True))
    cells[WATCH] = CellType(watch)
    return remade(function, code, map(cells.__getitem__, code.co_freevars))


def remade(function: FunctionType, code: CodeType, cells) -> FunctionType:
    """A function with other code and captured variables."""
    new = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, tuple(cells))
    new.__kwdefaults__ = function.__kwdefaults__
    return new


def is_instrumented(function: FunctionType) -> bool:
    """Whether a function is rewritten, or was made by one that is."""
    return function.__code__.co_qualname.startswith(f"{FACTORY}.")


@lru_cache(maxsize=4096)
def global_names(code: CodeType) -> tuple[frozenset[str], tuple[str, ...]]:
    """The names that are global everywhere in the function, and those that are only so in some places.

    The latter are also those of local variables somewhere, so that reading them is not seen.
    """
    read, local = set(), set()
    for part in parts(code):
        read |= globals_read(part)
        local.update((*part.co_varnames, *part.co_cellvars, *part.co_freevars))
    return frozenset(read - local), tuple(sorted(read & local))


_OPERATORS = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.MatMult: "matmul", ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor", ast.USub: "neg",
    ast.Invert: "invert", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne",
    ast.Subscript: "getitem", ast.LShift: "lshift", ast.RShift: "rshift",
}  # fmt: skip


@lru_cache(maxsize=4096)
def operators(code: CodeType) -> tuple[str, ...]:
    """The methods that the operators in a function stand for."""
    names = {_OPERATORS[type(n)] for n in ast.walk(find(code).node) if type(n) in _OPERATORS}
    return tuple(f"__{prefix}{name}__" for name in sorted(names) for prefix in ("", "r"))


@lru_cache(maxsize=4096)
def _rewritten(code: CodeType, filename: str) -> CodeType:  # by both, as codes of two files may be equal
    definition = find(code)
    return compiled(_rewritten_tree(code, definition), definition.owner, code, (WATCH,))


def _rewritten_tree(code: CodeType, definition: Definition):
    return _Rewriter(global_names(code)[0], set(code.co_freevars), definition.owner).root(definition.node)


def as_text(function: FunctionType) -> str:
    """A rewritten function, to be read."""
    return ast.unparse(_rewritten_tree(function.__code__, find(function.__code__)))


def _hook(name: str, *arguments: ast.expr, keywords=()) -> ast.Call:
    function = ast.Attribute(ast.Name(WATCH, ast.Load()), name, ast.Load())
    return ast.Call(function, list(arguments), list(keywords))


_text = ast.Constant  # names and reasons are values in the tree: nothing is put into source text


class _Rewriter(ast.NodeTransformer):
    """Puts the watch's methods in the places of what they stand for.

    Args:
        names: those that are global.
        free: the function's free variables.
        owner: the class it stands in, or None.
    """

    def __init__(self, names: frozenset[str], free: set[str], owner: str | None):
        self._globals, self._free, self._owner, self._count = names, free, owner, 0

    def root(self, node):
        if isinstance(node, ast.AsyncFunctionDef):
            raise NoSource(f"{node.name} is asynchronous")
        node, parameters = copy.deepcopy(node), arguments(node.args)  # the tree itself is kept, and does not change
        if isinstance(node, ast.Lambda):
            return ast.copy_location(ast.Lambda(parameters, self.visit(node.body)), node)
        return ast.copy_location(ast.FunctionDef(node.name, parameters, self._body(node.body), []), node)

    def visit(self, node) -> Any:
        new = super().visit(node)
        for part in new if isinstance(new, list) else [new]:
            if isinstance(part, (ast.expr, ast.stmt)):
                ast.copy_location(part, node)
        return new

    def _body(self, statements) -> list[ast.stmt]:
        body: list[ast.stmt] = []
        for statement in statements:
            new = self.visit(statement)
            body += new if isinstance(new, list) else [new]
        return body

    def _mangled(self, name: str) -> str:
        if self._owner and name.startswith("__") and not name.endswith("__"):
            return f"_{self._owner.lstrip('_')}{name}"
        return name

    # -- expressions ----------------------------------------------------------------------------------------------

    def visit_Call(self, node):
        if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
            return node  # it looks at the frame that calls it
        arguments = [self._argument(a) for a in node.args]
        grows = _appended_to(node)
        if grows is not None:
            return ast.Call(_hook("appends", self._part(grows)), arguments, [])
        keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        return _hook("call", self.visit(node.func), *arguments, keywords=keywords)

    def _argument(self, node):
        """An argument: what another call gives, only this one sees."""
        visited = self.visit(node)
        if isinstance(node, ast.Call) and isinstance(visited.func, ast.Attribute):
            visited.func.attr = "given"
        return visited

    def _part(self, node):
        """An attribute or element, to which something is appended, or to a part of it."""
        if not isinstance(node, (ast.Attribute, ast.Subscript)):
            return self.visit(node)
        inner = self._part(node.value)
        if isinstance(node, ast.Attribute):
            return _hook("part", _text("attr"), inner, _text(self._mangled(node.attr)))
        return _hook("part", _text("item"), inner, self.visit(node.slice))

    def _access(self, node) -> tuple[str, ast.expr, ast.expr]:
        """What an attribute or element is of, and its name or index."""
        if isinstance(node, ast.Attribute):
            return "attr", self.visit(node.value), _text(self._mangled(node.attr))
        return "item", self.visit(node.value), self.visit(node.slice)

    def visit_Attribute(self, node):
        return _hook(*self._access(node))

    visit_Subscript: Any = visit_Attribute

    def visit_Slice(self, node):
        parts = [self.visit(p) if p else _text(None) for p in (node.lower, node.upper, node.step)]
        return _hook("slice", *parts)

    def visit_Name(self, node):
        name = self._mangled(node.id)
        return _hook("name", _text(name)) if isinstance(node.ctx, ast.Load) and name in self._globals else node

    def visit_Compare(self, node):
        parts: list[Any] = [self.visit(p) for p in (node.left, *node.comparators)]
        told = [isinstance(p, ast.Constant) for p in (node.left, *node.comparators)]
        # Constants are not told to the watch: comparing with them runs nothing, and `is None` is about the other side.
        if not any(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops):
            parts = [p if constant else _hook("operand", p) for p, constant in zip(parts, told, strict=True)]
            if any(isinstance(op, (ast.In, ast.NotIn)) for op in node.ops):
                parts = [p if constant else _hook("element", p) for p, constant in zip(parts, told, strict=True)]
        elif len(node.ops) > 1:
            raise NoSource("it chains comparisons of identity")
        elif not any(told):
            answer = _hook("same", *parts)
            return answer if isinstance(node.ops[0], ast.Is) else ast.UnaryOp(ast.Not(), answer)
        return ast.Compare(parts[0], node.ops, parts[1:])

    def visit_Set(self, node):
        return ast.Set([_hook("element", self.visit(element)) for element in node.elts])

    def visit_Dict(self, node):
        keys: list[Any] = [key and _hook("element", self.visit(key)) for key in node.keys]
        return ast.Dict(keys, [self.visit(value) for value in node.values])

    def visit_BinOp(self, node):
        left, right = self.visit(node.left), self.visit(node.right)
        return _hook("modulo", left, right) if isinstance(node.op, ast.Mod) else ast.BinOp(left, node.op, right)

    def visit_FormattedValue(self, node: Any):
        node = self.generic_visit(node)
        node.value = _hook("shown", node.value)
        return node

    def visit_comprehension(self, node: Any):
        if not _only_names(node.target):
            raise NoSource("a comprehension assigns attributes or elements")
        return self.generic_visit(node)

    def _arguments(self, old: ast.arguments) -> ast.arguments:
        return arguments(old, map(self.visit, old.defaults), [d and self.visit(d) for d in old.kw_defaults])

    # -- assignments ----------------------------------------------------------------------------------------------

    def _targets(self, targets, after: list) -> list:
        """Targets without attributes and elements; these are assigned by the statements added to `after`.

        Names beside them are assigned there too, since targets are assigned from left to right.
        """
        # Attributes and elements can not be targets any more, as assigning to them is a call of the watch.
        names = all(map(_only_names, targets))
        return [self._target(t, after, names) for t in targets]

    def _target(self, target, after: list, names: bool):
        if isinstance(target, ast.Starred):
            return ast.Starred(self._target(target.value, after, names), ast.Store())
        if isinstance(target, (ast.Tuple, ast.List)):
            return type(target)([self._target(t, after, names) for t in target.elts], ast.Store())
        if isinstance(target, ast.Name) and names:
            return target
        self._count += 1
        name = f"_msjax_{self._count}"
        value = ast.Name(name, ast.Load())
        if isinstance(target, ast.Name):
            after.append(ast.Assign([target], value))
        else:
            kind, *access = self._access(target)
            after.append(ast.Expr(_hook(f"set_{kind}", *access, value)))
        return ast.Name(name, ast.Store())

    def visit_Assign(self, node):
        value = self.visit(node.value)
        after: list[ast.stmt] = []
        return [ast.Assign(self._targets(node.targets, after), value), *after]

    def visit_AnnAssign(self, node):
        if node.value is None:
            return ast.Pass()
        return self.visit_Assign(ast.copy_location(ast.Assign([node.target], node.value), node))

    def visit_AugAssign(self, node):
        target, operation, value = node.target, _text(_OPERATORS[type(node.op)]), self.visit(node.value)
        if isinstance(target, ast.Name):
            return ast.Assign([target], _hook("updated", ast.Name(target.id, ast.Load()), operation, value))
        kind, *access = self._access(target)
        return ast.Expr(ast.Call(_hook("update", _text(kind), *access), [operation, value], []))

    def visit_Delete(self, node):
        return [ast.Delete([t]) if isinstance(t, ast.Name) else self._deleted(*self._access(t)) for t in node.targets]

    def _deleted(self, kind: str, *access) -> ast.stmt:
        return ast.Expr(_hook(f"del_{kind}", *access))

    # -- statements -----------------------------------------------------------------------------------------------

    def visit_For(self, node: Any):
        after: list[ast.stmt] = []
        (node.target,) = self._targets([node.target], after)
        node = self.generic_visit(node)
        node.body = [*after, *node.body]
        return node

    def visit_With(self, node: Any):
        after: list[ast.stmt] = []
        for item in node.items:
            (item.optional_vars,) = self._targets([item.optional_vars], after) if item.optional_vars else (None,)
        node = self.generic_visit(node)
        for item in node.items:
            item.context_expr = _hook("manager", item.context_expr)
        node.body = [*after, *node.body]
        return node

    def visit_Try(self, node: Any):
        """A handler or `finally` that a refusal comes by must not go on: it may return, or try again for ever."""
        node = self.generic_visit(node)
        if node.finalbody:
            node.finalbody.insert(0, ast.Expr(_hook("go_on")))
        for handler in node.handlers:
            handler.body.insert(0, ast.Expr(_hook("caught")))
        return node

    visit_TryStar = visit_Try

    def visit_Global(self, node):
        return [node, ast.Expr(_hook("refuse", _text(f"it assigns the global variable {node.names[0]}")))]

    def visit_Nonlocal(self, node):
        outer = (f"it assigns the variable {n} of an enclosing function" for n in node.names if n in self._free)
        return [node, *(ast.Expr(_hook("refuse", _text(reason))) for reason in outer)]

    def visit_Import(self, node):
        return [*(ast.Expr(_hook("imports", _text(a.name))) for a in node.names), node]

    def visit_ImportFrom(self, node):
        name = "." * node.level + (node.module or "")
        names = [ast.Expr(_hook("imported", _text(name), _text(a.name))) for a in node.names]
        return [ast.Expr(_hook("imports", _text(name))), node, *names]

    def visit_FunctionDef(self, node):
        annotations = [a.annotation for a in ast.walk(node.args) if isinstance(a, ast.arg)]
        # They are evaluated when the function is defined, of which nothing would be seen.
        if any(isinstance(n, ast.Call) for a in (*annotations, node.returns) if a for n in ast.walk(a)):
            raise NoSource(f"the annotations of {node.name} call functions")
        decorators = [self.visit(d) for d in node.decorator_list]
        plain = ast.FunctionDef(node.name, self._arguments(node.args), self._body(node.body), [])
        value: ast.expr = ast.Name(node.name, ast.Load())
        for decorator in reversed(decorators):
            value = _hook("call", decorator, value)
        return [plain, ast.Assign([ast.Name(node.name, ast.Store())], value)] if decorators else plain

    def visit_ClassDef(self, node):
        return ast.Expr(_hook("refuse", _text("it defines a class")))

    def _unseen(self, node):
        raise NoSource(f"it uses {type(node).__name__}, which is not followed")

    visit_AsyncFunctionDef = visit_AsyncFor = visit_AsyncWith = visit_Await = _unseen
    visit_TemplateStr = visit_Interpolation = _unseen  # of Python 3.14

    def visit_Match(self, node):
        parts = [part for case in node.cases for part in ast.walk(case.pattern)]
        named = [p.cls for p in parts if isinstance(p, ast.MatchClass) and getattr(p.cls, "id", "") not in _PLAIN]
        constants = [ast.Expr(self.visit(p.value)) for p in parts if isinstance(p, ast.MatchValue)]
        names = {name: None for p in parts if isinstance(p, ast.MatchClass) for name in p.kwd_attrs}
        names = ast.Tuple(list(map(_text, names)), ast.Load())
        # Python matches by reading attributes and asking `isinstance`, unseen. So the watch is told of it beforehand.
        subject = _hook("subject", self.visit(node.subject), names, *map(self.visit, named))
        cases = [ast.match_case(c.pattern, c.guard and self.visit(c.guard), self._body(c.body)) for c in node.cases]
        return [*constants, ast.Match(subject, cases)]


def _appended_to(node: ast.Call) -> ast.expr | None:
    """The attribute or element to which a call appends something, if that is what it does."""
    function, arguments = node.func, node.args
    if not isinstance(function, ast.Attribute) or function.attr != "append" or node.keywords:
        return None
    if len(arguments) != 1 or isinstance(arguments[0], ast.Starred):
        return None
    return function.value if isinstance(function.value, (ast.Attribute, ast.Subscript)) else None


def _only_names(target) -> bool:
    """Whether an assignment to a target assigns no attributes or elements."""
    return not any(isinstance(t, (ast.Attribute, ast.Subscript)) for t in ast.walk(target))
