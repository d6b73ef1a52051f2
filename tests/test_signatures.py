"""A call that MindSpore's signature takes, ours takes: names, order and defaults of parameters, as recorded."""

import warnings
from pathlib import Path
from typing import NamedTuple

import pytest
from signatures import resolve, text

# Those that differ, by reason.
REASONS = {
    "one signature of several, which are overloads here": """
        mint.median mint.randint mint.randint_like""",
    "what takes anything in MindSpore takes what it can use here": """
        Parameter experimental.optim.Optimizer.construct nn.Optimizer.construct""",
    "a class of MindSpore's inside, which its functions make": """
        Node SymbolTree rewrite.Node rewrite.SymbolTree""",
    "one name for the gradients of all optimizers": """
        nn.Adadelta.construct nn.Adagrad.construct nn.FTRL.construct nn.ProximalAdagrad.construct
        nn.OptTFTWrapper.construct""",
    "it is the method of its base class": """
        Parameter.register_hook nn.CellList.set_grad nn.SequentialCell.set_grad nn.Conv1dTranspose.shard
        nn.Conv2dTranspose.shard nn.PipelineCell.shard nn.BatchNorm3d.construct mint.nn.Flatten.construct
        nn.probability.bijector.Invert.forward nn.probability.bijector.Invert.forward_log_jacobian
        nn.probability.bijector.Invert.inverse nn.probability.bijector.Invert.inverse_log_jacobian""",
    "the first parameter is the Tensor": "Tensor.to_coo Tensor.to_csr Tensor.__deepcopy__",
    "None is told from a value that was given": """
        dataset.GeneratorDataset dataset.transforms.Mask nn.TrainOneStepCell ops.BatchISendIRecv ops.CpuRegOp.input
        ops.CpuRegOp.output""",
    "the options of descriptions of kernels, of which one method says all": """
        ops.CustomRegOp.target ops.TBERegOp.async_flag ops.TBERegOp.binfile_name ops.TBERegOp.compute_cost
        ops.TBERegOp.dynamic_compile_static ops.TBERegOp.dynamic_rank_support ops.TBERegOp.dynamic_shape
        ops.TBERegOp.input ops.TBERegOp.input_to_attr_index ops.TBERegOp.is_dynamic_format ops.TBERegOp.kernel_name
        ops.TBERegOp.need_check_supported ops.TBERegOp.op_pattern ops.TBERegOp.partial_flag
        ops.TBERegOp.real_input_index ops.TBERegOp.reshape_type""",
    "a function of sparse arrays is made of a method": "ops.csr_mv ops.csr_reduce_sum ops.csr_to_dense",
    "another name of an operator": "mint.isnan ops.isnan_ext",
    "a function of Python's": "ops.shape_mul",
    "an option of Ascend chips": "ops.AlltoAllVC",
}
OTHER = {f"mindspore.{path}": reason for reason, paths in REASONS.items() for path in paths.split()}
RECORDED = Path(__file__).parent / "golden" / "signatures.txt"


class Signature(NamedTuple):
    """Parameters: those that have a place, the defaults of all (None for none), and whether any more are taken."""

    places: list[str]
    defaults: dict[str, str | None]
    starred: bool
    named: bool


def words(text: str) -> list[str]:
    """What stands between the commas that are in no bracket or quotation."""
    found, depth, quote = [""], 0, ""
    for letter in text:
        if quote or letter in "'\"":
            quote = "" if letter == quote else quote or letter
        depth += (letter in "([{") - (letter in ")]}") if not quote else 0
        if letter == "," and not depth and not quote:
            found.append("")
        else:
            found[-1] += letter
    return [word.strip() for word in found if word.strip()]


def parse(text: str) -> Signature:
    places, defaults, by_name = [], {}, False
    parts = words(text)
    for word in parts:
        by_name = by_name or word.startswith("*")
        if not word.startswith("*"):
            name, given, default = word.partition("=")
            defaults[name] = default if given else None
            places += [] if by_name else [name]
    starred = any(word.startswith("*") and word[1:2] not in ("", "*") for word in parts)
    return Signature(places, defaults, starred, any(word.startswith("**") for word in parts))


def refused(ours: Signature, theirs: Signature) -> str | None:
    """A call that is theirs and not ours."""
    for place, name in enumerate(theirs.places):
        if place >= len(ours.places) and not ours.starred:
            return f"there is no place for {name}"
        if place < len(ours.places) and ours.places[place] != name:
            return f"in place of {name} stands {ours.places[place]}"
    if theirs.starred and not ours.starred:
        return "it takes no more arguments"
    for name, default in theirs.defaults.items():
        if name in ours.defaults:
            if default is not None and ours.defaults[name] != default:
                return f"the default of {name} is {ours.defaults[name]}, not {default}"
        elif not ours.named and not (ours.starred and name in theirs.places):
            return f"there is no {name}"
    more = [name for name, default in ours.defaults.items() if default is None and name not in theirs.defaults]
    return f"it needs {more[0]}" if more and not theirs.starred and not theirs.named else None


@pytest.fixture(scope="module")
def differing():
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names of older releases
        for line in RECORDED.read_text(encoding="utf-8").splitlines()[1:]:
            path, _, theirs = line.removesuffix(")").partition("(")
            ours = text(resolve("msjax", path))
            if ours is not None and theirs != "*args" and (why := refused(parse(ours), parse(theirs))):
                found[path] = why
    return found


def test_calls_of_mindspore_are_taken(differing):
    assert {path: why for path, why in differing.items() if path not in OTHER} == {}


def test_those_that_are_listed_differ(differing):
    assert {path for path in OTHER if path not in differing} == set()


@pytest.mark.parametrize(
    "ours, theirs, why",
    [
        ("a, b=1", "a, b=1", None),
        ("a, b=1, c=2", "a, b=1", None),
        ("a, *, b=1", "a, b=1", "there is no place for b"),
        ("b, a", "a, b", "in place of a stands b"),
        ("a=2", "a=1", "the default of a is 2, not 1"),
        ("a, b", "a", "it needs b"),
        ("*sizes", "*sizes, dtype=None", "there is no dtype"),
        ("a=(1, 2), **more", "a=(1, 2), b='x, y'", "there is no place for b"),
    ],
)
def test_what_is_compared(ours, theirs, why):
    assert refused(parse(ours), parse(theirs)) == why
