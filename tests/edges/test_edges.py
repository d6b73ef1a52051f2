"""Unusual arguments of operators, layers, losses, metrics and optimizers: what they give is what MindSpore gives, and
what is refused is refused in words of ours.

`edges.json` has MindSpore's answers (`scripts/record_edges.py`), one for each change of `sweep.changed`.
"""

import json
import random
import re
from pathlib import Path

import pytest

import msjax as ms
from edges import calls, sweep

RECORDED = json.loads((Path(__file__).parent / "edges.json").read_text())["calls"]
QUICK = 12  # calls in each run
NO_TENSOR = ("True", "1", "0.5", "None", "'a'", "a list", "an array")

# What Python, JAX and numpy say of values that a user never saw.
INTERNAL = re.compile(
    r"index out of range|\bjax\b|XLA|Tracer|NoneType' object|UnboundLocal|division by zero|to unpack|zip\(\)"
    r"|not iterable|unsupported operand|object is not|has no attribute|unexpected keyword|not subscriptable"
    r"|object cannot be|ufunc|real number|\blax\b|\bjnp\b|dot_general|traced array|abstract array"
)

# What is taken here though it is no Tensor: why, which calls, which changes.
TAKEN = (
    ("lists of numbers", r"nn\.(Conv|AvgPool|MaxPool|TimeDistributed).*|ops\.cholesky_solve", r"\*(0|input): a list"),
    ("a number as a norm or a target", r"nn\.(ClipByNorm|PoissonNLLLoss)\(\)", r"\*1: .*"),
    (
        "numbers that are written, and lists that are searched",
        r"(ops|mint)\.(OneHot|LinSpace|searchsorted)",
        r"\*(on_value|off_value|values|start|stop): .*",
    ),
    ("whole numbers", r".*", r"\*(argmax|output_size): a list"),
    ("lengths", r"nn\.CTCLoss\(\)", r"\*[23]: .*"),
    (
        "values that are written, means, and rates",
        r"ops\.(assign|Assign|Fill|Apply|laplace).*",
        r"\*(mean|value|learning_rate|momentum|lr|rho|epsilon|beta\d?|alpha|l[12]): .*",
    ),
    ("what works with arrays, too", r"nn\.(DiceLoss|Unflatten|CentralCrop).*", r"\*0: an array"),
    ("a bool is a number or a condition", r"Tensor\.select 2|ops\.EmbeddingLookup", r"\*(dim|offset): True"),
    ("None keeps a size", r".*\.adaptive_max_pool2d", r"\*output_size: None"),
)

# What is refused here though MindSpore takes it.
REFUSED = (
    ("nan and infinity", r".*", r"\w+: .*float\('(nan|inf)'\).*"),
    ("a gradient of another shape than its Parameter", r"stepped.*", r"\*.*"),
    ("what would be written has another shape", r"Tensor\.\w*[a-z]_( \d)?", r"\*.*"),
    ("a bool is no number", r".*", r"\*?\w+: True"),
    ("what MindSpore does not look at", r"nn\.Dropout\(p=0\.0\)", r"keep_prob: .*"),
    ("ranges that hold nothing", r"nn\.Range.*", r".*"),
    ("a tuple has a number for each axis", r".*", r"\w+: \(1,\)"),
    (
        "labels and classes that do not fit",
        r"nn\.NLLLoss.*|measured.*|ops\.(nll_loss|cross_entropy)",
        r"\*\w+: (more axes|fewer axes|a scalar)",
    ),
    ("a vector has one axis, and a matrix two", r"(ops|Tensor)\.(addmv|mv|diag 2)", r"\*\w+: more axes"),
    ("nothing that could be chosen, repeated or written", r".*", r".*: empty \d"),
    ("dtypes that something is not defined for", r".*", r"\*.*: (first )?(bool|int32|float16|complex64)"),
    ("what is searched must be a vector", r"Tensor\.searchsorted", r".*"),
    ("floats have no common divisor", r"numpy\.(lcm|gcd)", r".*"),
    ("a method is one of a Tensor, and products are of matrices", r"Tensor\.__\w+|numpy\.multi_dot", r"\*.*"),
    ("a method is called on a Tensor", r"Tensor\..*", r"\*self: (1|0\.5|True|a list|an array)"),
    ("boundaries are a row", r"ops\.bucketize", r"\*boundaries: (a list|an array)"),
    ("a number is no Tensor", r"nn\.LogSigmoid\(\)", r"\*0: 0\.5"),
    (
        "a list or an array is no Tensor",
        r"ops\.(addmm|addbmm|adjoint|is_floating_point|linspace|one_hot)|numpy\.(trace|diagonal)",
        r"\*?\w+: (a list|an array)",
    ),
    ("no word and no flag", r".*", r"(reduction|mode|keepdims?|return_indices|replacement): .*"),
    ("sizes are positive", r"nn\.Adaptive.*|numpy\.histogram\w*", r"(output_size|bins): (0|-1)"),
    ("nothing is done less than not at all", r"mint\.diff|numpy\.pad", r"\*?(n|pad_width): -1"),
    ("a shape is of ints, a matrix's of two", r"ops\.(fill|FillV2|SparseToDense)", r"\*(sparse_)?shape: .*"),
    ("what MindSpore gives None for", r"ops\.TensorToTuple", r"\*x: .*"),
)

# What is an error of JAX's here, for which something waits: a compiled program that needs values runs eagerly.
OWN_WORDS = (("a list where a number may be", r"\w+\.scatter_?( 2)?", r"\*src: a list"),)

# What gives something else here.
OTHERWISE = (
    (
        "drawn at random",
        r".*(gumbel|[Dd]ropout|rrelu|RReLU|[Rr]and|[Nn]ormal_|log_normal|poisson|gamma|Gamma|multinomial|bernoulli|[Uu]niform|[Ll]aplace|"
        r"shuffle|ractional|[Cc]hoice|sampler|exponential|cauchy).*",
        r".*",
    ),
    ("rates are numbers", r"ops\.Apply.*", r".*"),
    ("MindSpore's kernels write nothing", r".*[a-z]_", r".*"),
    ("sums of nothing are 0, means nan", r".*", r"\*.*: empty \d"),
    ("nan is not hidden", r".*", r"\w+: float\('(nan|inf)'\)"),
    ("nan is not hidden", r"numpy\.(corrcoef|geomspace)", r"\*\w+: (bool|int32)"),
    ("roots of 0 are 0, and of 16 bits as wide", r"numpy\.cbrt", r"\*x: (int32|float16)"),
    ("MindSpore has another signature in mind", r".* \d", r".*"),
    ("choices keep their dtype", r"Tensor\.choose", r".*"),
    ("what is written is given", r"ops\.FusedSparse.*", r".*"),
    ("a method is called on a Tensor", r"Tensor\.__r\w+", r"\*self: .*"),
    (
        "MindSpore's kernels read what is not theirs",
        r"\w+\.([Cc]ross|[Nn]ext[Aa]fter)",
        r"\*\w+: (a scalar|more axes|fewer axes)",
    ),
    (
        "imaginary parts are not dropped",
        r"numpy\.(corrcoef|cov|float_power|histogram_bin_edges|interp|polyint|trapz|ceil|trunc)|ops\.(mse_loss|trapz)|nn\.Poisson.*",
        r"\*\w+: complex64",
    ),
    (
        "of two dtypes the wider one",
        r".*(BCEWithLogitsLoss|PoissonNLLLoss|binary_cross_entropy_with_logits).*",
        r"\*\w+: float16",
    ),
    ("sums of bools count", r"numpy\.nansum", r"\*a: (bool|True)"),
    ("a parameter of 0 is not none", r"numpy\.vander", r"N: 0"),
    ("means of whole numbers are floats", r"numpy\.average", r"\*x: int32"),
    ("powers of 2 are floats", r"numpy\.exp2", r"\*x: (bool|int32|True|1)"),
    ("whole numbers have no reciprocal", r"\w+\.[Ii]nv", r"\*\w+: int32"),
    ("float16 has a sign", r"Tensor\.is_signed", r"\*self: float16"),
    ("hues are no larger in 16 bits", r"ops\.RGBToHSV", r"\*images: float16"),
    ("indices are whole numbers", r"numpy\.unravel_index", r".*"),
    ("one class for all dtypes", r"ops\.(DType|dtype)", r".*"),
    ("tuples of Tensors", r"ops\.TensorToTuple", r".*"),
    ("what has no axes stays so", r"ops\.(clip_by_global_norm|fill|FillV2)", r"\*\w+: (a scalar|True)"),
    ("cosines are at most 1", r"ops\.cosine_similarity", r"\*x\d: a scalar|dim: None"),
    ("eigenvalues come in any order", r"\w+\.eigvals", r".*"),
    ("parts that are not asked for are left out", r"ops\.lu_unpack", r"unpack_\w+: None"),
    (
        "an input and a target of other shapes",
        r"ops\.multilabel_soft_margin_loss|nn\.MultiLabelSoftMarginLoss\(\)",
        r"\*\w+: (more axes|fewer axes)",
    ),
    ("borders are floats", r"numpy\.(histogram_bin_edges|polyder)", r"bins: \(1,\)|\*p: 1"),
    ("a mask is no value", r"numpy\.full_like", r"\*fill_value: bool"),
    ("a diagonal between two", r"numpy\.tri[lu]_indices_from", r"k: 1\.5"),
    ("of each matrix in a batch", r"\w+\.[Cc]holesky_?[Ii]nverse", r"\*.*: more axes"),
    (
        "a distance is real, and so is a norm, a singular value and a logarithm of a size",
        r"measured\(train\.(MSE|Loss).*|\w+\.(slogdet|[Ll]og_?[Mm]atrix_?[Dd]eterminant|norm|vector_norm|[Ss]vd)",
        r"\*\w+: complex64",
    ),
    ("bools count as 0 and 1", r"nn\.(MultiClass)?DiceLoss\(\)", r"\*\d: bool"),
    (
        "the dtype of the input stays",
        r"(ops|Tensor)\.(diagonal_scatter|matrix_set_diag)|nn\.(ClipByNorm|L1Regularizer).*",
        r"\*\w+: (bool|int32|float16)",
    ),
)


def declared(table, *words: str) -> bool:
    return any(all(map(re.fullmatch, patterns, words)) for _, *patterns in table)


def difference(name: str, free: bool, how: str, theirs: str, ours: str, says: str) -> str:
    """What is wrong with our answer to a change of a call; "" if nothing is. What is `free` takes numbers and lists."""
    if len(ours) == 1:
        from_inside = INTERNAL.search(says) and not declared(OWN_WORDS, name, how)
        if ours not in f"TVRIc{theirs}" or from_inside:
            return "is an error from inside"
        if len(theirs) > 1:
            return "" if declared(REFUSED, name, how) else "is refused"
        return ""
    if len(theirs) == 1:
        change = how.rpartition(": ")[2].removeprefix("first ")
        wrong = theirs in "TA" and change in NO_TENSOR and how.startswith("*") and not free
        return "is no Tensor, but is taken" if wrong and not declared(TAKEN, name, how) else ""
    same = sweep.alike(theirs, ours) or declared(OTHERWISE, name, how)
    return "" if same else f"gives {ours}, in MindSpore {theirs}"


def differences(names: list[str]) -> list[str]:
    known = {call["name"]: call for call in calls.all_calls()}
    namespace, wrong = sweep.namespace(ms), []
    for name in names:
        changes = [("", known[name]), *sweep.changed(known[name])]
        answers = sweep.unpacked(RECORDED[name])
        assert len(changes) == len(answers), f"{name} is to be recorded again"
        for (how, call), theirs in zip(changes, answers, strict=True):
            if theirs not in (sweep.NO_KERNEL, sweep.CRASH):
                ours, says = sweep.answer(call, namespace)
                if found := difference(name, known[name].get("free", False), how, theirs, ours, says):
                    wrong.append(f"{name} {how} {found} {says[:200]}")
    return wrong


def test_unusual_arguments():
    wrong = differences(random.Random(4).sample(sorted(RECORDED), QUICK))
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(16))
def test_all_unusual_arguments(part):
    wrong = differences(sorted(RECORDED)[part::16])
    assert not wrong, "\n".join(wrong)
