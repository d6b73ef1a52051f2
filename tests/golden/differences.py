"""Where msjax differs from MindSpore on purpose: the one list of it that tests read.

Every entry has its paragraph in docs/differences.md, under its anchor. An entry none of whose cases differs any more
fails a test, and is to be taken out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """`patterns` are names of cases of `section`, with `*` for anything.

    `own` is msjax's outcome where it differs: `{"value": description}`, `{"error": type}`, or the name of the case
    whose recorded outcome is right here too. Without it, any value or error but a missing name is right.
    """

    anchor: str
    section: str
    patterns: tuple[str, ...]
    own: Mapping[str, Any] | str | None = None

    def covers(self, section: str, name: str) -> bool:
        return section == self.section and any(matches(pattern, name) for pattern in self.patterns)


def matches(pattern: str, name: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None


def find(section: str, name: str) -> Difference | None:
    return next((difference for difference in DIFFERENCES if difference.covers(section, name)), None)


def vector(*values: Any, dtype: str = "Float32") -> dict[str, Any]:
    return {"tensor": dtype, "shape": [len(values)], "values": list(values)}


def value(*described: Any) -> dict[str, Any]:
    """One description, or several as a tuple."""
    return {"value": described[0] if len(described) == 1 else {"tuple": list(described)}}


def random(*numbers: int) -> tuple[str, ...]:
    return tuple(f"random: {number:03d}" for number in numbers)


RETURN_IDS = (
    # MindSpore looks inside the gradient itself, or pairs identifiers with the wrong slots.
    Difference(
        "return-ids",
        "calling_grad",
        (
            "return_ids: grad(net, 1, None, return_ids=True)(x, y)",
            "return_ids: grad(net, (1,), None, return_ids=True)(x, y)",
        ),
        own="return_ids: grad(net, 1, None, return_ids=True)(x, y) [graph]",
    ),
    Difference(
        "return-ids",
        "calling_grad",
        ("return_ids: grad(net, 0, z, return_ids=True)(x, y)",),
        own="return_ids: grad(net, 0, z, return_ids=True)(x, y) [graph]",
    ),
    Difference(
        "return-ids",
        "calling_grad",
        ("return_ids: grad(lambda a, b, c: b * c, (0, 1, 2), None, return_ids=True)(3.0, x, y)",),
        own=value({"tuple": [1, vector(3.0, 4.0)]}, {"tuple": [2, vector(1.0, 2.0)]}),
    ),
    Difference(
        "return-ids",
        "calling_grad",
        ("return_ids: grad(lambda a, b: a * b, (0, 1), None, return_ids=True)(x, 3.0)",),
        own=value(0, vector(3.0, 3.0)),
    ),
    Difference(
        "return-ids",
        "calling_grad",
        ("get_grad: get(value_and_grad(net, (0, 1), [z], return_ids=True)(x, y), 1)",),
        own=value(vector(2.5, 5.0)),
    ),
)

GRAD = (
    Difference(
        "any-callable",
        "calling_grad",
        (
            "validation: grad(functools.partial(*",
            "validation: grad(ops.Sin())(x)",
            "validation: grad(abs)(x)",
            "validation: a callable object",
        ),
    ),
    Difference(
        "nested-aux-in-graph-mode",
        "calling_grad",
        ("has_aux: grad(nested, has_aux=True)(x) [graph]",),
        own="has_aux: grad(nested, has_aux=True)(x)",
    ),
    Difference(
        "nested-aux-in-graph-mode",
        "calling_grad",
        ("has_aux: value_and_grad(nested, has_aux=True)(x) [graph]",),
        own="has_aux: value_and_grad(nested, has_aux=True)(x)",
    ),
    # Gradients are cut off to integers once, at the variable.
    Difference(
        "integer-gradients",
        "slots",
        (
            "slots: grad(both, (0, 1))(i, y)*",
            "slots: grad(with_int)(ms.mutable((x, i))) [graph]",
            "outputs: *grad(to_int)(x)*",
            "outputs: *grad(int_beside)(x)*",
            "outputs: *grad(to_bool)(x)*",
            "dtype of x*x: *int*",
            "dtype of x*x: *bool_*",
            "dtype of x*2.0: *int*",
            "dtype of x*2.0: *bool_*",
            "dtype of mixed operands: *",
        ),
    ),
    Difference(
        "complex-gradients",
        "slots",
        ("dtype complex: grad(lambda z: z * z)*", "dtype complex: grad(lambda z: z * ops.conj(z))*"),
    ),
    Difference(
        "identity-of-a-wrapped-tensor",
        "identity",
        ("identity: grad(lambda a, b: a * b * b, (0, 1))(x, Tensor(x))",),
        own="identity: grad(lambda a, b: a * b * b, (0, 1))(x, x)",
    ),
    Difference(
        "values-of-an-earlier-gradient",
        "identity",
        ("identity: a value leaked from an earlier gradient", "identity: a value returned by value_and_grad"),
        own="identity in graph mode: value of value_and_grad [graph]",
    ),
    Difference(
        "second-derivatives",
        "higher_order",
        ("nesting: grad(grad(lambda a: (a * a).sum() * a))(x)",),
        own=value(vector(16.0, 20.0)),
    ),
    Difference(
        "second-derivatives",
        "higher_order",
        ("nesting: grad(grad(lambda a: ops.matmul(a.reshape((1, 2)), a.reshape((2, 1)))))(x)",),
        own=value(vector(2.0, 2.0)),
    ),
    Difference(
        "wrong-derivatives",
        "kinks",
        ("kinks: at(lambda a: ops.selu(a), [0.0, -1.0, 1.0])",),
        own=value(vector(0.0, -1.1113307, 1.050701), vector(1.050701, 0.6467686, 1.050701)),
    ),
    Difference("wrong-derivatives", "kinks", ("kinks: at(lambda a: ops.xlogy(a, a), [0.0, 1.0])",)),
    Difference(
        "wrong-derivatives",
        "kinks",
        ("kinks: at(lambda a: a ** 0, [0.0, 2.0])",),
        own=value(vector(1.0, 1.0), vector(0.0, 0.0)),
    ),
    Difference(
        "wrong-derivatives",
        "kinks",
        ("kinks: at(lambda a, b: a ** b, [0.0, 2.0], [0.0, 3.0])",),
        own=value(vector(1.0, 8.0), {"tuple": [vector(0.0, 12.0), vector(0.0, 5.5451775)]}),
    ),
    Difference(
        "wrong-derivatives",
        "kinks",
        ("kinks: at(lambda a: ops.cumprod(a, 0), [0.0, 2.0])",),
        own=value(vector(0.0, 0.0), vector(3.0, 0.0)),
    ),
    # 0/0 has no derivative: inf there, nan here.
    Difference(
        "zero-over-zero",
        "kinks",
        ("kinks: at(lambda a: a / a, [0.0, 2.0])",),
        own=value(vector("nan", 1.0), vector("nan", 0.0)),
    ),
    Difference(
        "zero-over-zero",
        "kinks",
        ("kinks: at(lambda a, b: a / b, [0.0, 1.0], [0.0, 2.0])",),
        own=value(vector("nan", 0.5), {"tuple": [vector("inf", 0.5), vector("nan", -0.25)]}),
    ),
    Difference(
        "wrong-derivatives",
        "indexing",
        ("indexing under grad: slice of negative step",),
        own=value(vector(6.0, 4.0, 2.0)),
    ),
    Difference(
        "overwritten-values",
        "indexing",
        ("indexing under grad: overwritten after use",),
        own=value(vector(8.0, 16.0, 24.0)),
    ),
    Difference(
        "overwritten-values",
        "indexing",
        ("indexing under grad: write through view()",),
        own=value(vector(0.0, 16.0, 24.0)),
    ),
)

PRODUCTS = (
    Difference(
        "slices-that-differ",
        "vmap",
        ("vmap of constants: ms.vmap(Bias(), 0, 1)(x)", "vmap of constants: ms.vmap(constant, 0, 1)(x)"),
        own=value({"tensor": "Float32", "shape": [2, 3], "values": [14.0, 14.0, 14.0, 18.0, 18.0, 18.0]}),
    ),
    Difference("slices-that-differ", "vmap", ("vmap of constants: ms.vmap(named)(x)",)),
    Difference(
        "forward-derivatives",
        "products",
        (
            "jvp: ms.jvp(listed, (x, y), (v, v))",
            "jacfwd: ms.jacfwd(square)(x.astype(ms.float*",
            "jacrev: ms.jacrev(square)(x.astype(ms.float*",
            "jacfwd: ms.jacfwd(listed)(x, y)",
            "jacrev: ms.jacrev(listed)(x, y)",
            "jacfwd: ms.jacfwd(scaled)(x, 2.0)",
            "jacrev: ms.jacrev(scaled)(x, 2.0)",
        ),
    ),
    Difference(
        "forward-derivatives",
        "products",
        ("jvp: ms.jvp(square, (x,), (v,))",),
        own="jvp: ms.jvp(square, x, v)",
    ),
    Difference(
        "forward-derivatives",
        "products",
        ("jacrev: ms.jacrev(single)(x)",),
        own="jacfwd: ms.jacfwd(single)(x)",
    ),
    Difference(
        "forward-derivatives",
        "products",
        ("jacrev: ms.jacrev(scaled, 1)(x, 2.0)",),
        own={"error": "TypeError"},
    ),
    Difference(
        "forward-derivatives",
        "products",
        ("linearize: ops.linearize(mul, (x, y))[1]((v,))", "jacfwd: ms.jacfwd(mul, ())(x, y)"),
    ),
    # MindSpore looks at the weights when the pullback is called.
    Difference("repeated-pullbacks", "products", ("vjp: ms.vjp(square, x, weights=3)",), own={"error": "TypeError"}),
    Difference(
        "repeated-pullbacks", "products", ("vjp: ms.vjp(square, x, weights=[3])",), own={"error": "RuntimeError"}
    ),
    Difference(
        "series-of-every-operator",
        "products",
        (
            "taylor: ops.jet(ops.*(), x, *",
            "taylor: ops.derivative(ops.Sin(), x, 3)",
            "taylor: ops.derivative(net, x, 2)",
            "taylor: ops.derivative(both, (x, y), 2)",
        ),
    ),
)

CUSTOM = (
    Difference("custom-functions-everywhere", "custom_rules", ("bprop: forward hook on such a cell",)),
    Difference(
        "custom-functions-everywhere",
        "custom_rules",
        ("Morph: ops.Morph(product, shape, dtype)(x, y)",),
        own="Morph: in a cell [graph mode]",
    ),
    Difference("all-weights", "hooks", ("late hooks: all used weights [graph]",), own="late hooks: all used weights"),
    Difference("lists-as-operands", "hooks", ("cell hooks: pre hook gives a list",)),
    Difference("hooks-keep-shapes", "hooks", ("tensor hooks: another shape",), own={"error": "RuntimeError"}),
    Difference(
        "recomputed-derivatives",
        "writing_in_place",
        ("recompute: grad(grad(lambda a: ms.recompute(net, a)))(x)",),
    ),
    Difference(
        "private-attributes",
        "writing_in_place",
        ("surface: grad(square)(x), x._requires_grad", "surface: value_and_grad(square)(x)[0]._is_leaf"),
    ),
    Difference("second-derivatives", "writing_in_place", ("in place: second order",), own=value(vector(16.0, 22.0))),
)

INDEXING = (
    Difference("broadcasting-copies", "indexing", ("views: broadcast_to",)),
    Difference(
        "negative-steps",
        "indexing",
        ("setitem: v[::-1] = [5, 6, 7]",),
        own=value(vector(7.0, 6.0, 5.0)),
    ),
    Difference(
        "negative-steps",
        "indexing",
        ("views: negative step",),
        own=value(vector(1.0, 2.0, 9.0), vector(9.0, 2.0, 1.0)),
    ),
    Difference(
        "negative-steps",
        "indexing",
        ("setitem: t[::-1] = 9",),
        own=value({"tensor": "Float32", "shape": [2, 3], "values": [9.0] * 6}),
    ),
    Difference(
        "negative-steps",
        "indexing",
        ("getitem: t[::-1, ::2]",),
        own=value({"tensor": "Float32", "shape": [2, 2], "values": [3.0, 5.0, 0.0, 2.0]}),
    ),
    Difference("negative-steps", "random_expressions", random(48, 155, 156, 183, 264)),
    Difference(
        "more-indices",
        "indexing",
        tuple(f"getitem: {index}" for index in ("v[False]", "v[[]]", "t[[], 1]", "v[np.int64(1)]")),
    ),
    Difference(
        "more-indices",
        "indexing",
        tuple(
            f"setitem: {statement}"
            for statement in ("v[0] = [8.0]", "v[0] = np.float32(3)", "v[v > 1] = [7, 8]", "t[0] = Tensor([[7, 8, 9]])")
        ),
    ),
    Difference("overlapping-assignment", "indexing", ("views: overlapping",), own=value(vector(1.0, 1.0, 2.0))),
)

ARITHMETIC = (
    # MindSpore refuses to mix uint16, uint32 and uint64 with Python numbers in some operators only.
    Difference(
        "unsigned-promotion",
        "arithmetic",
        (
            "python scalars: *, uint16",
            "python scalars: *, uint32",
            "python scalars: *, uint64",
        ),
    ),
    Difference(
        "more-dtypes", "arithmetic", ("unary: ops.exp(*int*", "unary: ops.sign(*int*", "unary: ops.isnan(*bfloat16*")
    ),
    Difference("more-dtypes", "arithmetic", ("reductions: Tensor([[1, 2], [4, 4]], ms.bool_).mean()",)),
    Difference("more-dtypes", "random_expressions", random(27, 190, 258)),
    # MindSpore adds a list to a Tensor, but does not multiply by one.
    Difference(
        "lists-as-operands",
        "slots",
        ("slots: grad(both, (0, 1))([1.0, 2.0], y)",),
        own=value(vector(6.0, 16.0)),
    ),
    Difference("numpy-2", "arithmetic", ("operands: np.float64(2) * t",)),
    Difference("strings", "arithmetic", ("default dtypes: Tensor(np.array(['a']))",), own={"error": "TypeError"}),
    # What C++ leaves undefined: division of integers by zero. XLA simplifies what is divided by a bool.
    Difference("undefined-integers", "random_expressions", random(36, 75, 131, 145, 219)),
    Difference(
        "wrong-reductions",
        "arithmetic",
        (
            "reductions: Tensor([[1, 2], [4, 4]], ms.float64).any()",
            "reductions: Tensor([[1, 2], [4, 4]], ms.complex128).any()",
        ),
        own=value({"tensor": "Bool", "shape": [], "values": [True]}),
    ),
    Difference(
        "wrong-reductions",
        "arithmetic",
        ("reductions: Tensor([[1, 2], [4, 4]], ms.uint8).any()",),
        own=value({"tensor": "Bool", "shape": [], "values": [True]}),
    ),
    # MindSpore's minimum of a row with a nan depends on where the nan stands.
    Difference(
        "nan-in-reductions",
        "random_expressions",
        random(52),
        own=value({"tensor": "Float64", "shape": [], "values": ["nan"]}),
    ),
    # The CPU kernel of tanh and its kin is good to 3e-5 only.
    Difference("accuracy", "random_expressions", random(5)),
)

CELLS = (Difference("pickled-cells", "cells", ("cell: pickle.loads(*",)),)

COMPILATION = (
    Difference(
        "more-python-under-jit",
        "python_in_jit",
        (
            "branches: branches of other *types",
            "branches: defined in *",
            "branches: match",
            "loops: * else",
            "loops: list comprehension with if",
            "loops: set comprehension",
            "functions: closure over a loop variable",
            "statements: *",
            "strict: asnumpy in strict mode",
        ),
    ),
    Difference(
        "more-python-under-jit", "graph_mode", ("cells: try in construct [graph]", "cells: numpy argument [graph]")
    ),
    Difference("more-python-under-jit", "jit", ("jit_class and mutable: lazy_inline",)),
    Difference(
        "options-of-jit",
        "jit",
        ("forms: ms.jit(fn=cube)", "options: ms.jit(cube, backend=*", "what comes back: lambda a: a.dtype at x"),
    ),
    # MindSpore goes on with what it saw at the first call.
    Difference(
        "live-values",
        "jit",
        ("constants and variables: training flag",),
        own=value(vector(1.0, 2.0), vector(2.0, 4.0)),
    ),
    Difference(
        "live-values",
        "jit",
        ("parameters: set_data outside is seen",),
        own=value(vector(1.0, 6.0), vector(6.0, 16.0)),
    ),
    Difference(
        "live-values",
        "graph_mode",
        ("cells: a Python attribute changed [graph]",),
        own=value(vector(1.0, 6.0), vector(2.5, 15.0)),
    ),
    Difference(
        "live-values", "graph_mode", ("cells: training [graph]",), own=value(vector(1.0, 2.0), vector(2.0, 4.0))
    ),
    Difference(
        "live-values",
        "jit",
        (
            "constants and variables: a global rebound",
            "constants and variables: a captured Tensor written",
            "constants and variables: a Python global rebound",
            "constants and variables: an attribute of an object",
            "constants and variables: an attribute of a Cell",
        ),
    ),
    # What a function does besides computing is done, at each call.
    Difference(
        "effects-under-jit",
        "jit",
        ("constants and variables: a list argument is not changed", "constants and variables: a captured list"),
    ),
    Difference(
        "effects-under-jit",
        "python_in_jit",
        ("writes outside: a captured list", "writes outside: a global", "writes outside: a list argument"),
    ),
    Difference("effects-under-jit", "graph_mode", ("cells: list appended in construct [graph]",)),
    # Tensors are the same objects as outside: writes through aliases and views, and into captured Tensors, are seen.
    Difference(
        "writes-under-jit",
        "python_in_jit",
        ("writes: view of a local",),
        own=value(vector(10.0, 8.0), vector(1.0, 2.0)),
    ),
    Difference(
        "writes-under-jit", "python_in_jit", ("gradients of writes: view of a local",), own=value(vector(10.0, 8.0))
    ),
    Difference(
        "writes-under-jit",
        "python_in_jit",
        ("writes: item through an alias",),
        own=value(vector(18.0, 4.0), vector(1.0, 2.0)),
    ),
    Difference(
        "writes-under-jit",
        "python_in_jit",
        ("gradients of writes: item through an alias",),
        own=value(vector(0.0, 2.0)),
    ),
    Difference(
        "writes-under-jit",
        "python_in_jit",
        ("writes outside: a captured Tensor, item",),
        own=value(vector(9.0, 12.0), vector(9.0, 6.0)),
    ),
    Difference("writes-under-jit", "python_in_jit", ("builtins: id and is",), own=value(True, False)),
)

OPERATORS = (
    Difference("labels-that-cannot-come", "detection", ("labels: ops.ctc_loss(* True)",)),
    Difference(
        "dtypes-that-are-seldom-given", "numbers_alone", ("windows: ops.hamming_window(0)",), own=value(vector())
    ),
    Difference(
        "dtypes-that-are-seldom-given", "numbers_alone", ("windows: ops.hamming_window(1)",), own=value(vector(1.0))
    ),
)

DIFFERENCES = (*RETURN_IDS, *GRAD, *PRODUCTS, *CUSTOM, *INDEXING, *ARITHMETIC, *CELLS, *COMPILATION, *OPERATORS)
