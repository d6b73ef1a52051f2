"""Control flow, functions, closures, containers."""

from ..construct import Table

table = Table("flow")

table("loop", "? -> ?", "$o = $a\nfor k# in range(3):\n    $o = $f($o) * 0.7", inner="? -> ?")
table("loop_with_number", "? -> ?", "$o = $a\nfor k# in range(1, 3):\n    $o = ops.sin($o) * k# + $o / (k# + 1)")
table("while", "? -> ?", "$o, k# = $a, 0\nwhile k# < 2:\n    $o = $f($o)\n    k# += 1", inner="? -> ?")
table("call", "? -> ?", "$f($a)", inner="? -> ?")
table("call_twice", "? -> ?", "$f($a) + $f($a * 0.5)", inner="? -> ?")
table("chosen", "? -> ?", "$f($a) if $a.ndim < 2 else $a - $f($a)", inner="? -> ?")
table(
    "if_value",
    "? -> ?",
    "if ops.sin($a).sum() > 0.2:\n    $o = $f($a)\nelse:\n    $o = $a * 0.5",
    "$o = jnp.where(jnp.sin($a).sum() > 0.2, $f($a), $a * 0.5)",
    inner="? -> ?",
    without="state random",
    tags="mixes decides",
)
table(
    "ternary",
    "? -> ?",
    "$a * 2 if float($a.sum()) > 0.3 else ops.cos($a)",
    "jnp.where($a.sum() > 0.3, $a * 2, jnp.cos($a))",
    tags="mixes decides",
)
table(
    "while_value",
    "? -> ?",
    "$o = $a\nwhile ops.abs($o).max() > 0.5:\n    $o = $o * 0.6",
    "$o = SHRUNK($a)",
    tags="mixes decides",
)
table(
    "break",
    "? -> ?",
    "$o = $a\nfor k# in range(4):\n    if k# == 2:\n        break\n    $o = ops.sin($o) + $a",
    "$o = jnp.sin(jnp.sin($a) + $a) + $a",
)
table("comprehension", "? -> ?", "sum([$f($a * c) for c in (0.5, 1.0)])", inner="? -> ?")
table(
    "list",
    "? -> ?",
    "l# = []\nfor k# in range(3):\n    l#.append($a * (k# + 1) if not l# else ops.sin(l#[-1]))\n$o = l#[0] * l#[2] + l#[1]",
)
table(
    "dict",
    "? -> ?",
    "d# = {'p': $a, 'q': ops.sin($a)}\nd#['p'] = d#['p'] * d#['q']\nd#.update(r=d#['p'] + 1)\n$o = d#['r'] * d#.pop('q')",
)
table("tuples", "? ? -> ?", "p#, (q#, *r#) = $a, ($b, $a, $b)\n$o = p# * q# + r#[0] * r#[1]")
table("zip", "? ? -> ?", "$o = 0\nfor p#, q# in zip([$a, $b], [$b, $b]):\n    $o = $o + p# * q#")
table("recursion", "? -> ?", "def w#(t, k):\n    return t if k == 0 else ops.sin(w#(t, k - 1)) + t\n$o = w#($a, 3)")
table("closure", "? ? -> ?", "def w#(t):\n    return t * $b\n$o = w#($a) + w#($b)")
table("nonlocal", "? -> ?", "c# = $a\ndef w#():\n    nonlocal c#\n    c# = ops.sin(c#) + $a\nw#()\nw#()\n$o = c#")
table(
    "default",
    "? ? -> ?",
    "def w#(t, scale=$b, *, power=2):\n    return t**power * scale\n$o = w#($a) + w#($b, power=1)",
)
table("starred", "? ? -> ?", "def w#(*parts, **more):\n    return sum(parts) * more['c']\n$o = w#($a, $b, c=$a)")
table("generator", "? -> ?", "def w#():\n    for k in range(3):\n        yield ops.sin($a) * k\n$o = sum(w#())")
table("lambda", "? -> ?", "(lambda t: t * ops.sin(t))($a)")
table("partial", "? ? -> ?", "functools.partial(lambda s, t: ops.sin(s) * t, $a)($b)")
table("reduce", "? ? -> ?", "functools.reduce(lambda s, t: s * t + s, [$a, $b, $a])")
table("map", "? -> ?", "sum(map($f, [$a, $a * 0.5]))", inner="? -> ?")
table(
    "try",
    "? -> ?",
    "try:\n    $o = $f($a)\n    raise ValueError('no')\nexcept ValueError:\n    $o = $o * 0.5\nfinally:\n    $o = $o + $a",
    inner="? -> ?",
)
table("with", "? -> ?", "with contextlib.nullcontext($a) as t#:\n    $o = $f(t#)", inner="? -> ?")
table(
    "namedtuple",
    "? ? -> ?",
    "p# = Pair($a, $b)\np# = p#._replace(q=p#.p * p#.q)\n$o = p#.q + p#.p",
    top="Pair = collections.namedtuple('Pair', 'p q')",
)
table(
    "dataclass",
    "? ? -> ?",
    "p# = Both($a, $b)\np#.q = p#.q * p#.p\n$o = p#.total()",
    top="@dataclasses.dataclass\nclass Both:\n    p: object\n    q: object\n    def total(self):\n        return self.p + self.q",
)
table("plain_object", "? -> ?", "b# = types.SimpleNamespace(t=$a)\nb#.t = b#.t * b#.t\nb#.u = b#.t + 1\n$o = b#.u * $a")
table(
    "method",
    "? -> ?",
    "$o = Scale#(0.5).apply($a)",
    top="class Scale#:\n    def __init__(self, s):\n        self.s = s\n    def apply(self, t):\n        return ops.sin(t) * self.s",
    jax_top="class Scale#:\n    def __init__(self, s):\n        self.s = s\n    def apply(self, t):\n        return jnp.sin(t) * self.s",
)
table("augmented", "? ? -> ?", "$o = $a * 1\n$o += $b\n$o *= $a\n$o -= 0.5\n$o /= 2\n$o **= 2")
table("augmented_alias", "? -> ?", "t# = $a * 1\nu# = t#\nt# += 1\n$o = t# * u#", "$o = ($a + 1) * $a", tags="alias")
table("swapped", "? ? -> ?", "p#, q# = $a, $b\np#, q# = q#, p# * q#\n$o = p# + q#")
table("walrus", "? -> ?", "(t# := ops.sin($a)) * t# + $a")
table("deleted", "? -> ?", "t# = $a * $a\nu# = t# + 1\ndel t#\n$o = u# * $a")
table(
    "numbers_read",
    "? -> ?",
    "s# = float(ops.stop_gradient($a).sum())\n$o = $a * s#",
    "$o = $a * lax.stop_gradient($a.sum())",
    tags="mixes decides",
)
table("numpy_constant", "? -> ?", "$a * Tensor(np.float64(0.75), D) + Tensor(np.ones($a.shape), D)")
table(
    "items_detached",
    "? -> ?",
    "t# = Tensor($a.asnumpy(), D)\n$o = t# * $a",
    "$o = lax.stop_gradient($a) * $a",
    tags="decides",
)
table(
    "inner_cell",
    "? -> ?",
    "@l($a)",
    "$a * P['l#.w'] + jnp.sin($a)",
    make={"l": "Inner#()"},
    top="class Inner#(nn.Cell):\n    def __init__(self):\n        super().__init__()\n        self.w = Parameter(data('w#', 's', D), name='w')\n    def construct(self, t):\n        return t * self.w + ops.sin(t)",
    jax_top="pass",
)
table(
    "attribute_of_cell",
    "? -> ?",
    "@l($a)",
    "$a + 2 * jnp.sin($a)",
    make={"l": "Keeps#()"},
    top="class Keeps#(nn.Cell):\n    def construct(self, t):\n        self.kept = ops.sin(t)\n        self.both = [self.kept, t]\n        return self.kept + sum(self.both)",
    jax_top="pass",
)
