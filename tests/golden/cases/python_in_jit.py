"""Which Python is legal in compiled functions, and what writing does there."""

from textwrap import dedent, indent

from golden.cases import Table

SETUP = """
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)
s = Tensor(2.0, ms.float32)
items = [1, 2, 3]
"""


def bodies(rows: dict[str, str], after: str = "f(x)") -> dict[str, str]:
    """Cases that compile `def f(a, b=y)` with a body each, and call it."""
    return {
        name: f"@ms.jit\ndef f(a, b=y):\n{indent(dedent(body).strip(), '    ')}\n\n{after}"
        for name, body in rows.items()
    }


BRANCHES = bodies(
    {
        "if on a scalar Tensor": "if a.sum() > 2:\n    return a * 2\nreturn a",
        "if on a scalar Tensor, else": "if a.sum() > 20:\n    return a * 2\nelse:\n    return a - 1",
        "elif": "n = a.sum()\nif n > 5:\n    c = a\nelif n > 2:\n    c = a * 10\nelse:\n    c = a * 100\nreturn c",
        "if on a Tensor of one element": "if a[0:1] > 0:\n    return a * 2\nreturn a",
        "if on a vector": "if a > 0:\n    return a * 2\nreturn a",
        "if on a Python value": "if len(a) == 2:\n    return a * 2\nreturn a",
        "ternary": "return a * 2 if a.sum() > 2 else a",
        "and or not": "if a.sum() > 2 and not a.sum() > 5 or a[0] > 9:\n    return a * 2\nreturn a",
        "value of and": "return a.sum() and b",
        "chained comparison": "return a * 2 if 0 < a.sum() < 5 else a",
        "comparison of values": "return a > b, a == a, a.sum() != b.sum()",
        "is None": "c = None\nif c is None:\n    c = a * 3\nreturn c",
        "branches of other shapes": "if a.sum() > 2:\n    return a[0:1]\nreturn a",
        "branches of other dtypes": "if a.sum() > 2:\n    c = a.astype(ms.int32)\nelse:\n    c = a\nreturn c",
        "branches of other types": "if a.sum() > 2:\n    c = 3\nelse:\n    c = a\nreturn c",
        "defined in one branch only": "if a.sum() > 20:\n    c = a\nreturn c",
        "defined in the branch that is taken": "if a.sum() > 2:\n    c = a * 2\nreturn c",
        "nested": "if a.sum() > 2:\n    if a[0] > 0:\n        return a * 4\n    return a * 5\nreturn a * 6",
        "pass": "if a.sum() > 2:\n    pass\nelse:\n    a = a * 2\nreturn a",
        "nothing returned": "c = a * 2",
        "match": "match len(a):\n    case 2:\n        return a * 2\n    case _:\n        return a",
    }
)

LOOPS = bodies(
    {
        "while on a Tensor": "while a.sum() < 100:\n    a = a * 2\nreturn a",
        "while on a Python int": "n = 0\nwhile n < 3:\n    a = a * 2\n    n += 1\nreturn a, n",
        "while with break": "while True:\n    a = a * 2\n    if a.sum() > 20:\n        break\nreturn a",
        "while with continue": "n = 0\nwhile n < 4:\n    n += 1\n    if n == 2:\n        continue\n    a = a + n\nreturn a",
        "while else": "n = 0\nwhile n < 2:\n    n += 1\nelse:\n    a = a * 2\nreturn a",
        "return from a loop": "for k in range(5):\n    if k == 3:\n        return a * k\nreturn a",
        "for over range": "for k in range(3):\n    a = a * (k + 1)\nreturn a",
        "for over range of three": "for k in range(5, 0, -2):\n    a = a + k\nreturn a",
        "for over a list": "for k in [1, 2, 3]:\n    a = a + k\nreturn a",
        "for over a tuple of Tensors": "for t in (a, b):\n    a = a * t\nreturn a",
        "for over a Tensor": "c = 0\nfor row in a:\n    c = c * 10 + row\nreturn c",
        "for over zip": "for p, q in zip((1, 2), (a, b)):\n    a = a + p * q\nreturn a",
        "for over enumerate": "for k, t in enumerate([a, b]):\n    a = a + k * t\nreturn a",
        "for over dict items": "for k, v in {'p': 1, 'q': 2}.items():\n    a = a * v\nreturn a",
        "for over reversed": "for k in reversed([1, 2, 3]):\n    a = a * k - 1\nreturn a",
        "for with break": "for k in range(5):\n    if a.sum() > 8:\n        break\n    a = a * 2\nreturn a",
        "for else": "for k in range(2):\n    a = a * 2\nelse:\n    a = a + 1\nreturn a",
        "nested loops": "for j in range(2):\n    for k in range(2):\n        a = a + j * k\nreturn a",
        "list comprehension": "return [a * k for k in range(3)]",
        "list comprehension with if": "return [a * k for k in range(4) if k % 2]",
        "dict comprehension": "return {str(k): a * k for k in range(2)}",
        "set comprehension": "return {k for k in range(2)}",
        "generator expression": "return sum(k for k in range(4)) * a",
        "sum of a list": "return sum([a, b, a])",
        "list built in a loop": "c = []\nfor k in range(3):\n    c.append(a * k)\nreturn ops.stack(c)",
        "while on a Tensor, gradient": "while a.sum() < 10:\n    a = a * a\nreturn a",
    }
)

FUNCTIONS = bodies(
    {
        "nested def": "def g(c):\n    return c * a\n\nreturn g(b)",
        "lambda": "g = lambda c: c * a\nreturn g(b)",
        "closure over a loop variable": "fs = [lambda c, k=k: c * k for k in range(3)]\nreturn fs[2](a)",
        "starred call": "def g(p, q):\n    return p - q\n\nreturn g(*(a, b))",
        "double starred call": "def g(p, q):\n    return p - q\n\nreturn g(**{'q': a, 'p': b})",
        "var args": "def g(*p, **k):\n    return p[0] + k['q']\n\nreturn g(a, q=b)",
        "defaults": "def g(p, q=3):\n    return p * q\n\nreturn g(a), g(a, 2), g(a, q=1)",
        "recursion on an int": "def g(p, n):\n    if n == 0:\n        return p\n    return g(p * 2, n - 1)\n\nreturn g(a, 3)",
        "map and list": "return list(map(lambda t: t * 2, [a, b]))",
        "filter": "return list(filter(lambda n: n > 1, [1, 2, 3]))",
        "partial": "return functools.partial(lambda p, q: p * q, a)(b)",
        "unpacking": "p, (q, r) = a, (b, a)\nreturn p * q - r",
        "starred assignment": "p, *q = [1, 2, 3]\nreturn a * p, q",
        "swap": "a, b = b, a\nreturn a - b",
        "early return": "if len(a) > 1:\n    return a\na = a * 100\nreturn a",
        "gradient inside": "return ms.grad(lambda c: c * c * b)(a)",
    }
)

BUILTINS = bodies(
    {
        "isinstance": "return isinstance(a, Tensor), isinstance(3, int), isinstance((1,), (list, tuple))",
        "hasattr and getattr": "return hasattr(a, 'shape'), hasattr(a, 'nothing'), getattr(a, 'ndim')",
        "len int float bool": "return len(a), int(3.7), float(2), bool(0)",
        "int of a Tensor": "return int(a.sum())",
        "float of a Tensor": "return float(a[0]) * 2",
        "bool of a Tensor": "return bool(a[0])",
        "min max abs round": "return min(1, 2), max(3, 4), abs(-2), round(2.6)",
        "abs of a Tensor": "return abs(-a)",
        "max of Tensors": "return max(a.sum(), b.sum())",
        "range to list": "return list(range(3)), tuple(range(2))",
        "sorted": "return sorted([3, 1, 2])",
        "str": "return str(3) + 'a'",
        "type": "return type(3) is int",
        "any and all": "return any([0, 1]), all([0, 1])",
        "divmod and pow": "return pow(2, 3), 7 // 2, 7 % 2",
        "f-string": "n = 3\nreturn f'{n} of {len(a)}'",
        "string methods": "return 'abc'.upper(), 'a,b'.split(',')",
        "numpy": "return a + Tensor(np.array([1.0, 2.0], np.float32))",
        "numpy of a Tensor": "return Tensor(np.cumsum(a.asnumpy()))",
        "asnumpy": "return a.asnumpy()",
        "item": "return a[0].item()",
        "tolist": "return a.tolist()",
        "Tensor of a list": "return Tensor([1.0, 2.0]) * a",
        "Tensor of Tensors": "return Tensor([a[0], a[1]])",
        "id and is": "return a is a, a is b",
        "in": "return 2 in [1, 2], 'k' in {'k': 1}, 5 not in (1, 2)",
        "slices of a list": "c = [1, 2, 3, 4]\nreturn c[1:], c[::-1], c[-1]",
        "list methods": "c = [3]\nc.append(1)\nc.extend([2])\nc.insert(0, 5)\nc.reverse()\nreturn c",
        "dict methods": "c = {'p': 1}\nc['q'] = 2\nreturn list(c.keys()), list(c.values()), c.get('r', 3)",
        "formatted with percent": "return '%d items' % 3",
        "print": "print('v', a, 3)\nreturn a",
    }
)

STATEMENTS = bodies(
    {
        "assert": "assert len(a) == 2\nreturn a",
        "assert that fails": "assert len(a) == 3, 'not three'\nreturn a",
        "assert on a Tensor that fails": "assert a.sum() > 100\nreturn a",
        "raise": "raise ValueError('no')",
        "raise on a Python value": "if len(a) == 2:\n    raise TypeError(f'two {len(a)}')\nreturn a",
        "raise on a Tensor": "if a.sum() > 2:\n    raise ValueError('large')\nreturn a",
        "raise not reached": "if a.sum() > 200:\n    raise ValueError('large')\nreturn a",
        "try": "try:\n    c = a * 2\nexcept ValueError:\n    c = a\nreturn c",
        "try that catches": "try:\n    raise ValueError('x')\nexcept ValueError:\n    c = a * 5\nreturn c",
        "finally": "try:\n    c = a * 2\nfinally:\n    c = a * 3\nreturn c",
        "with": "import contextlib\nwith contextlib.nullcontext():\n    c = a * 2\nreturn c",
        "del": "c = a * 2\ndel c\nreturn a",
        "class inside": "class C:\n    k = 2\n\nreturn a * C.k",
        "import inside": "import math\nreturn a * math.floor(2.5)",
        "from import inside": "from math import pi\nreturn a * pi",
        "walrus": "if (n := len(a)) == 2:\n    return a * n\nreturn a",
        "set literal": "return len({1, 2}) * a",
        "nonlocal": "n = 1\ndef g():\n    nonlocal n\n    n = 2\n\ng()\nreturn a * n",
        "global": "global items\nitems = [1]\nreturn a * len(items)",
        "yield": "yield a",
        "augmented": "c = a * 1\nc += b\nc *= 2\nc -= 1\nc /= 2\nreturn c",
        "annotated": "c: int = 3\nreturn a * c",
        "ellipsis and None indices": "return a[..., None], a[None]",
        "attribute of a function": "return a * len(f.__name__)",
        "async def": "async def g():\n    return 1\n\nreturn a",
    }
)

WRITES = {
    "augmented addition of the argument": "a += 1\nreturn a",
    "augmented product of the argument": "a *= 3\nreturn a * 2",
    "augmented through an alias": "c = a\nc *= 3\nreturn a + c",
    "item": "a[0] = 9.0\nreturn a * 2",
    "slice": "a[0:1] = 9.0\nreturn a * 2",
    "item augmented": "a[0] += 9.0\nreturn a * 2",
    "item through an alias": "c = a\nc[0] = 9.0\nreturn a + c",
    "add_": "a.add_(Tensor(1.0))\nreturn a * 2",
    "copy_": "a.copy_(b)\nreturn a * 2",
    "view of a local": "z = a * 2\nv = z[0:1]\nv[0] = 10\nreturn z * a",
    "item of a local": "z = a * 2\nz[0] = 10\nreturn z * a",
    "ops.assign to the argument": "ops.assign(a, b)\nreturn a * 2",
}

CAPTURED = {
    "a captured list": ("items.append(4)\nreturn a", "f(x), items"),
    "a captured dict": ("table['n'] = 2\nreturn a", "f(x), table"),
    "a captured Tensor, item": ("s2[0] = 9.0\nreturn a * s2", "f(x), s2"),
    "an object's attribute": ("box.n = 5\nreturn a * box.n", "f(x), box.n"),
    "a global": ("global count\ncount = count + 1\nreturn a * count", "f(x), count"),
    "a list argument": ("b.append(a)\nreturn b", "f(x, items), items"),
    "a dict argument": ("b['n'] = a\nreturn b", "f(x, table), table"),
}

MORE = """
table = {'n': 1}
s2 = Tensor([5.0, 6.0])
count = 1

class Box:
    n = 1

box = Box()
"""

STRICT = {
    "asnumpy in strict mode": "@ms.jit(fullgraph=True)\ndef f(a):\n    return Tensor(a.asnumpy() + 1)\n\nf(x)",
    "item in strict mode": "@ms.jit(fullgraph=True)\ndef f(a):\n    return a * a[0].item()\n\nf(x)",
    "numpy in strict mode": "@ms.jit(fullgraph=True)\ndef f(a):\n    return a + Tensor(np.ones(2, np.float32))\n\nf(x)",
    "if in strict mode": "@ms.jit(fullgraph=True)\ndef f(a):\n    return a * 2 if a.sum() > 2 else a\n\nf(x)",
    "object in strict mode": "class C:\n    k = 2\n\nc = C()\n\n@ms.jit(fullgraph=True)\ndef f(a):\n    return a * c.k\n\nf(x)",
}

GRADIENTS = {
    name: code.replace("\n\nf(x)", "\n\ngrad(f)(x)")
    for name, code in {**BRANCHES, **LOOPS}.items()
    if name
    in (
        "if on a scalar Tensor",
        "ternary",
        "while on a Tensor",
        "while on a Tensor, gradient",
        "for over range",
        "for over a Tensor",
        "nested",
        "list built in a loop",
        "return from a loop",
    )
}

TABLES = [
    Table("branches", BRANCHES, SETUP),
    Table("loops", LOOPS, SETUP),
    Table("functions", FUNCTIONS, SETUP),
    Table("builtins", BUILTINS, SETUP),
    Table("statements", STATEMENTS, SETUP),
    Table("writes", bodies(WRITES, "a = Tensor([1.0, 2.0])\nf(a), a"), SETUP),
    Table(
        "gradients of writes",
        bodies(
            {name: body for name, body in WRITES.items() if "ops.assign" not in name and "copy_" not in name},
            "grad(f)(x)",
        ),
        SETUP,
    ),
    Table("gradients of control flow", GRADIENTS, SETUP),
    Table("writes outside", {n: bodies({n: body}, after)[n] for n, (body, after) in CAPTURED.items()}, SETUP + MORE),
    Table("strict", STRICT, SETUP),
]
