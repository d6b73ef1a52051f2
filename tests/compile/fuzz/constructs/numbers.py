"""Numbers that change between the calls."""

from fuzz.construct import Table

table = Table("numbers")


def number(name, first, later, body="y = y * $n + x", **fields):
    """A number that is `first` in the first call, then what the expression `later` gives."""
    table(name, init=f"$n = {first}", body=body, after=f"$n = {later}", **fields)


number("rate", 0.5, "0.5 / (k + 1)")
number("epoch", 0, "k + 1", "y = y * (0.5 if $n < 3 else 2.0) + $n")
number("changes_once", 0.5, "0.5 if k < 2 else 2.0")
number("alternates", 0.5, "0.5 if k % 2 else 2.0")
number("int_to_float", 1, "1.0 if k % 2 else 1", "y = y * $n + (1.0 if type($n) is int else 0.5)")
number("bool_to_int", True, "1 if k % 2 else True", "y = y * (2.0 if $n is True else 0.5)")
number("equal_keys", 1, "(True, 1.0, 1)[k % 3]", "y = y * {1: 0.5}[$n]\nout.append($n)")
number("sign_of_zero", 0.0, "-0.0 if k % 2 else 0.0", "y = y + x * math.copysign(1.0, $n)")
number("sign_of_zero_in_operator", 0.0, "-0.0 if k % 2 else 0.0", "y = y + ops.atan2(ops.ones_like(x) * $n, -x) * 0.25")
number("nan", 0.5, "float('nan') if k % 2 else 0.5")
number("nan_compared", 0.5, "float('nan')", "y = y * (0.5 if $n == $n else 2.0)")
number("infinity", 0.5, "float('inf') if k == 2 else 1.0", "y = ops.minimum(y * 0.5, $n)")
number("none", None, "k if k % 2 else None", "y = y if $n is None else y * $n")
number("text", "'a'", "'ab' * k", "y = y * len($n)")
number("exponent", 2, "k", "y = ops.clamp(y, -2.0, 2.0) ** $n")
number("exponent_float", 2.0, "1.0 + k", "y = ops.clamp(y, 0.0, 2.0) ** $n")
number("axis", 0, "-(k % 2)", "y = y + ops.stack((x, y)).sum($n).sum()")
number("index", 0, "k % 3", "y = y * x[$n]")
number("slice_end", 1, "1 + k % 3", "y = y * x[:$n].sum()")
number("shape", 1, "1 + k % 3", "y = y + ops.zeros(($n, 3)).sum(0) + $n")
number("large", 1, "2**24 + k", "y = y + float($n - 2**24 if $n > 9 else $n)")
number("very_large", 1, "2**40 + k", "y = y + $n % 7")
number("complex", 1j, "1j * k", "y = y * abs($n)")
number("numpy_scalar", "np.float32(0.5)", "np.float32(k)")
number("numpy_int", "np.int64(1)", "np.int64(k)")
number("fraction", "fractions.Fraction(1, 2)", "fractions.Fraction(k, 2)", "y = y * float($n)")
number("cosine", 0, "k", "y = y * (0.5 + 0.5 * math.cos(math.pi * $n / 4))")
number("tensor_scalar", "Tensor(0.5)", "Tensor(0.5 * k)")
number("tensor_of_number", 0.5, "0.5 * k", "y = y * Tensor($n)")
number("tensor_of_list", 0.5, "0.5 * k", "y = y * Tensor([$n, 1.0, $n])")
number("in_a_tuple", "(0.5, 1)", "(0.5, k)", "y = y * $n[0] + $n[1]")
number("in_text", 0, "k", "n# = $n\ny = y * (0.5 if f'{n#}' == '2' else 2.0)")
number(
    "dtype",
    "ms.float32",
    "ms.float64 if k % 2 else ms.float32",
    "y = y + x.astype($n).astype(ms.float32) + ops.ones(3, $n).astype(ms.float32)",
)
table("argument", arg="0.5 * k", body="y = y * z# + x")
table("argument_int", arg="k", body="y = y * z# + (1.0 if z# > 2 else 0.5)")
table("argument_bool", arg="k % 2 == 0", body="y = y * 2.0 if z# else y + 1.0")
table("argument_changes_type", arg="(1, 1.0, True)[k % 3]", body="y = y * z#\nout.append(z#)")
table("argument_text", arg="'ab'[k % 2]", body="y = y * 2.0 if z# == 'a' else y + 1.0")
table("argument_nan", arg="float('nan') if k > 2 else 1.0", body="y = y * z#")
table("argument_zero", arg="-0.0 if k % 2 else 0.0", body="y = y + x * math.copysign(1.0, z#)")
table("argument_numpy", arg="np.array([0.5, k, 1.0], np.float32)", body="y = y * Tensor(z#)")
table("argument_dtype", arg="ms.float64 if k % 2 else ms.float32", body="y = y + x.astype(z#).astype(ms.float32)")
table("global_number", top="rate# = 0.5", body="y = y * rate#", after="global rate#\nrate# = 0.5 * k")
table(
    "default_of_function",
    top="def scaled#(v, n=0.5):\n    return v * n",
    body="y = scaled#(y)",
    after="if k == 2:\n    scaled#.__defaults__ = (4.0,)",
)
table(
    "keyword_default",
    top="def scaled#(v, *, n=0.5):\n    return v * n",
    body="y = scaled#(y)",
    after="if k == 2:\n    scaled#.__kwdefaults__ = {'n': 4.0}",
)
table("counts_down_and_back", init="$n = 3", body="y = y * $n", after="$n = abs(2 - k)")
