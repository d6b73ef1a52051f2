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
    ("lists of numbers", r"nn\.(Conv|AvgPool|MaxPool|TimeDistributed).*", r"\*0: a list"),
    ("a number as a norm or a target", r"nn\.(ClipByNorm|PoissonNLLLoss)\(\)", r"\*1: .*"),
    (
        "numbers that are written, and lists that are searched",
        r"ops\.(OneHot|LinSpace|searchsorted)",
        r"\*(on_value|off_value|values|start|stop): .*",
    ),
    ("whole numbers", r".*", r"\*(argmax|output_size): a list"),
    ("lengths", r"nn\.CTCLoss\(\)", r"\*[23]: .*"),
    (
        "values that are written, and rates",
        r"ops\.(assign|Assign|Fill|Apply).*",
        r"\*(value|learning_rate|momentum|lr|rho|epsilon|beta\d?|alpha|l[12]): .*",
    ),
    ("what works with arrays, too", r"nn\.(DiceLoss|Unflatten).*", r"\*0: an array"),
)

# What is refused here though MindSpore takes it.
REFUSED = (
    ("nan and infinity", r".*", r"\w+: .*float\('(nan|inf)'\).*"),
    ("a gradient of another shape than its Parameter", r"stepped.*", r"\*.*"),
    ("what would be written has another shape", r"Tensor\.\w*[a-z]_", r"\*.*"),
    ("a bool is no number", r".*", r"\*?\w+: True"),
    ("what MindSpore does not look at", r"nn\.Dropout\(p=0\.0\)", r"keep_prob: .*"),
    ("ranges that hold nothing", r"nn\.Range.*", r".*"),
    ("a tuple has a number for each axis", r".*", r"\w+: \(1,\)"),
    ("labels and classes that do not fit", r"nn\.NLLLoss.*|measured.*", r"\*\d: (more axes|fewer axes|a scalar)"),
    ("nothing that could be chosen, repeated or written", r".*", r"\*.*: empty \d"),
    ("dtypes that something is not defined for", r".*", r"\*.*: (first )?(bool|int32|float16|complex64)"),
    ("what is searched must be a vector", r"Tensor\.searchsorted", r".*"),
    ("floats have no common divisor", r"numpy\.(lcm|gcd)", r".*"),
    ("a method is one of a Tensor, and products are of matrices", r"Tensor\.__\w+|numpy\.multi_dot", r"\*.*"),
    ("no word and no flag", r".*", r"reduction: None|keepdims: .*"),
    ("no axis", r"mint\.nn\.Softmax.*", r"\*0: a scalar"),
)

# What is an error of JAX's here, for which something waits: a compiled program that needs values runs eagerly.
OWN_WORDS = (("a list where a number may be", r"\w+\.scatter_?( 2)?", r"\*src: a list"),)

# What gives something else here.
OTHERWISE = (
    (
        "drawn at random",
        r".*(gumbel|[Dd]ropout|rrelu|RReLU|[Rr]and|[Nn]ormal_|poisson|gamma|Gamma|multinomial|bernoulli|[Uu]niform|[Ll]aplace|"
        r"shuffle|ractional|[Cc]hoice|sampler|exponential|cauchy).*",
        r".*",
    ),
    ("rates are numbers", r"ops\.Apply.*", r".*"),
    ("MindSpore's kernels write nothing", r".*[a-z]_", r".*"),
    ("sums of nothing are 0, means nan", r".*", r"\*.*: empty \d"),
    ("nan is not hidden", r".*", r"\w+: float\('(nan|inf)'\)"),
    ("MindSpore has another signature in mind", r".* \d", r".*"),
    ("choices keep their dtype", r"Tensor\.choose", r".*"),
    ("what is written is given", r"ops\.FusedSparse.*", r".*"),
    ("counts of weights are of their dtype", r"Tensor\.bincount", r"weights: float16"),
    ("a diagonal between two", r"numpy\.tri[lu]_indices_from", r"k: 1\.5"),
    ("of each matrix in a batch", r"\w+\.cholesky_inverse", r"\*.*: more axes"),
    (
        "a distance is real, and so is a logarithm of a size",
        r"measured\(train\.MSE.*|\w+\.slogdet",
        r"\*\w+: complex64",
    ),
    ("bools count as 0 and 1", r"nn\.(MultiClass)?DiceLoss\(\)", r"\*\d: bool"),
    ("the dtype of the input stays", r"ops\.diagonal_scatter", r"\*input: int32"),
)


def told(recorded: list[str]) -> list[str]:
    """The answers, of which letters that follow each other are recorded as one text."""
    return [answer for part in recorded for answer in (part if " " not in part else [part])]


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
        answers = told(RECORDED[name])
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
