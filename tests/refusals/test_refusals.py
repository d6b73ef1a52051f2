"""What MindSpore refuses with TypeError or ValueError is refused here, and what it takes is taken.

`refusals.json` holds MindSpore's answers to calls with one argument after another replaced by each of `sweep.VALUES`.
"""

import json
import re
from pathlib import Path

import pytest

import msjax as ms
from refusals import sweep

CALLS = json.loads((Path(__file__).parent / "refusals.json").read_text())["calls"]
ROOMS = ("nn", "mint", "experimental", "train", "amp", "ops", "Tensor", "numpy")
ANY = None

# Calls of operators.
OPERATORS = r"(Tensor|numpy|ops|mint|mint\.nn\.functional|mint\.special)\.[a-z_]\w* \w+"

# What is taken here though MindSpore refuses it: why, which arguments, which values.
TAKEN = (
    ("numpy's scalars are numbers", r".*", "np.float32(1) np.int64(1)"),
    (
        "MindSpore asks for the truth of an array, which fails whatever it is about",
        r".*",
        "Tensor([1.0, 2.0]) np.ones(2)",
    ),
    ("a bool as ddof, which the functions of ops take", r"(Tensor|numpy)\.(std|var) (ddof|correction)", "True False"),
    ("lists are tuples", r"nn\.\w+Pad\d\w* padding", "[1, 2]"),
    ("a tuple of one number, for one axis", r"nn\.MaxPool1d \w+", "(1,)"),
    ("without padding, zeros of any type", r"nn\.\w+Pool\dd padding", "(0.5,) [0.5, 0.5]"),
    ("an axis that MindSpore's CPU kernel has no dilation for", r"nn\.Conv3dTranspose dilation", "2 5"),
    (
        "whole Tensors as weights",
        r"nn\.\w+Loss weights?|mint\.nn\.Embedding _weight",
        "Tensor(1.0) Tensor(1, ms.int32) Tensor([1.0, 2.0])",
    ),
    ("a number where MindSpore wants its own type", r"nn\.PReLU w", "[1]"),
    ("where the table lives is JAX's choice", r"nn\.EmbeddingLookup sparse|mint\.nn\.Embedding sparse", "False True"),
    ("False is 0", r"nn\.Dropout p", "False"),
    ("the groups of processes are noted", r"nn\.SyncBatchNorm process_groups", "[1] [1, 2] [0.5, 0.5]"),
    ("there is one device", r"nn\.DistributedGradReducer \w+", ANY),
    ("None keeps an axis, and the call says what is wrong", r"nn\.AdaptiveAvgPool3d output_size", "('a',) (0.5,)"),
    (
        "False is False for every argument that is off by default",
        r"\S+ (scale_fn|dtype|directory)",
        "False 0 0.0 () {}",
    ),
    ("bools are numbers", r"\S+ (base_lr|last_epoch|save_\w+|keep_\w+|per_print_times)", "True False"),
    ("`last_epoch` of a CyclicLR is a number", r"\S+CyclicLR last_epoch", "0.0 1.0 0.5 -0.5 1.5"),
    ("a bound for each group is looked at when it is used", r"\S+ReduceLROnPlateau min_lr", ANY),
    ("one class for `mint.optim` and `experimental.optim`, where it takes them", r"mint\.optim\.AdamW? \w+", ANY),
    ("one class for `mint.nn` and `nn`, where it takes them", r"mint\.nn\.\w+Pad\dd padding", "0 -1 () (1, 2) [1, 2]"),
    ("an empty shape normalizes nothing", r"mint\.nn\.LayerNorm normalized_shape", "() {} True"),
    ("an empty padding pads nothing", r"nn\.ConstantPad1d padding", "()"),
    ("any callable loss, and no boost", r"amp\.build_train_network (loss_fn|boost_level)", ANY),
    ("what goes together is looked at in the call", r"ops\.Conv3D\w* (group|dilation)", "2 5"),
    (
        "what is in a tuple is looked at in the call",
        r"ops\.(AdaptiveAvgPool3D|LpNorm|Inplace\w+) \w+",
        "(0.5,) ('a',) [0.5, 0.5]",
    ),
    ("any dtype", r"ops\.\w+ (argmax_type|dtype)", "ms.float32 ms.int32"),
    ("zeros of any type for no padding", r"nn\.AvgPool[12]d (ceil_mode|count_include_pad)", ANY),
    ("a Tensor of one number is that number", OPERATORS, "Tensor(1.0) Tensor(1, ms.int32)"),
    ("a list is a tuple", OPERATORS, "[1] [1, 2] [0.5, 0.5]"),
    ("None is the default, or what another face takes", OPERATORS, "None"),
    ("what is off by default is off for all that is false", r"\S+ dtype", "False 0 0.0 () ms.float32"),
    ("all overloads take what one does", r"(Tensor|mint|ops|numpy)\.\w+ (axis|axes|dims?|reps)", "0 1 -1 2 5 () (1,)"),
    ("windows of one number, and paddings, which JAX rounds", r"(ops|Tensor)\.\w*(pool|conv|unfold)\w* \w+", ANY),
    ("MindSpore's kernels are for these only", r"\S+ (dx|N|p|alpha|constant_values|order|cosine_similarity dim)", ANY),
    ("MindSpore's kernels are for these only", r"ops\.(range|cosine_similarity|random_poisson|vander) \w+", ANY),
    ("an empty slice, or one from the end", r"\S+(slice_scatter|narrow|diagonal_scatter) \w+", "0 -1 2 5"),
    ("no elements", r"numpy\.(\w+space num|diag_indices n|around decimals|bincount length|diff n)", "0 -1 5"),
    ("bounds in the wrong order hold nothing", r"\S+(histc|arange) (min|start|stop)", ANY),
    ("sizes that these arguments alone forbid", r"numpy\.\w*(split|2d) \w+", "2 5 (1, 2) (1, 2, 3)"),
    ("an index out of range is a RuntimeError", r"\S+inplace_update indices", "2 5 (1, 2)"),
    ("one ellipsis is enough", r"ops\.strided_slice ellipsis_mask", "5"),
    ("a band that JAX can cut", r"\S+(matrix_diag|diag|diag_embed|hann_window) \w+", "0 1 -1 2 5 (1,) (1, 2)"),
    ("what is left over counts", r"\S+(reshape shape|gather batch_dims|softplus beta|repeat_elements rep)", ANY),
    ("bools are numbers", r"Tensor\.allclose \w+", "True False"),
    ("a flag that an overload of the method takes", r"(Tensor|mint|ops)\.\w+ keep_?dims?", "True False"),
)

# What is refused here though MindSpore takes it. What nobody means is left to the one check there is.
REFUSED = (
    ("a bool is no number", r".*", "True False"),
    ("a number is no flag, and no other type a number", r"(ops|Tensor|numpy)\.\S+ \w+", ANY),
    ("no learning rates", r"nn\.\w+ learning_rate", "() {}"),
    ("MindSpore looks at it in the call only", r"nn\.(\w+Loss|PixelShuffle|PixelUnshuffle|Flatten) \w+", ANY),
    ("MindSpore does not look at it", r"nn\.MultiheadAttention (num_heads|dropout|dtype)", ANY),
    ("MindSpore looks at it in the call only", r"nn\.LayerNorm epsilon", ANY),
    ("a layer takes no number", r"experimental\.\S+ (scale_fn|lr_lambda)", "nn.ReLU()"),
    (
        "a Tensor is no number",
        r"nn\.(Hardtanh max_val|\w+Norm\w* momentum)|\S+CyclicLR step_\w+",
        "Tensor(1.0) Tensor(1, ms.int32)",
    ),
    ("what pools do not use must be of its type too", r"nn\.\w+Pool\dd \w+", ANY),
    ("the numbers of a window must be as many as its axes", r"mint\.nn\.ConvTranspose2d \w+", ANY),
    ("`output_padding` where it has no effect", r"nn\.Conv2dTranspose output_padding", ANY),
    ("features are counted by an int above 0", r"mint\.nn\.\w+ (num_\w+|embedding_dim|normalized_shape|init)", ANY),
    ("MindSpore does not look at it", r"mint\.nn\.BatchNorm\dd momentum|mint\.nn\.SyncBatchNorm momentum", ANY),
    ("None is no group", r"\S+SyncBatchNorm process_groups?", "0 0.0 () {}"),
    ("there is no such group", r"mint\.nn\.SyncBatchNorm process_group", "'wrong'"),
    ("nothing would be saved", r"train\.CheckpointConfig save_checkpoint_steps", "None 0"),
    ("an unknown format", r"train\.CheckpointConfig format", ANY),
    ("no path", r"train\.ModelCheckpoint \w+", ANY),
    ("no numbers", r"experimental\.\S+ (alpha|step_sizes)", ANY),
)


# Where both refuse, MindSpore with a TypeError and we with a ValueError. A wrong type is a TypeError here, also where
# MindSpore says ValueError.
VALUE_ERRORS = (
    ("tuples of axes, most of which name none", OPERATORS, "() (1, 2) (1, 2, 3) ('a',) (0.5,)"),
    ("numpy reads it", r"(numpy|Tensor|ops)\.\w+ (bins|ddof|padding)", "'wrong' {} 0 1 -1 2 5"),
    ("none of it", r"\S+ repeats", "0"),
    ("what is wrong with arrays", OPERATORS, "Tensor([1.0, 2.0]) np.ones(2)"),
)


def covered(table, name: str, value: str) -> bool:
    return any(
        re.fullmatch(pattern, name) and (values is ANY or value in split(values)) for _, pattern, values in table
    )


def split(values: str) -> list[str]:
    """The expressions in a list of them; none of `sweep.VALUES` contains another and a space."""
    found = []
    for value in sorted(sweep.VALUES, key=len, reverse=True):
        if re.search(rf"(^| ){re.escape(value)}($| )", values):
            found.append(value)
            values = values.replace(value, "", 1)
    return found


def answers(case: dict, parameter: str, recorded: str, names: dict):
    """(value, what MindSpore says, what is said here). Operators are asked only for what MindSpore refuses and is not
    known to be taken here: whatever they take is compiled."""
    call = sweep.find(ms, case["call"])
    method = case["call"].startswith("Tensor.")
    constructed = isinstance(call, type) or case["call"].startswith(("nn.", "train.", "amp."))
    wanted = [(v, a) for v, a in zip(sweep.VALUES, recorded, strict=True) if constructed or a in "TV"]
    if not constructed:
        name = f"{case['call']} {parameter}"
        wanted = [(v, a) for v, a in wanted if not covered(TAKEN, name, v)]
    found = sweep.answers(call, names, case["base"], parameter, [v for v, _ in wanted], int(method))
    return [(value, theirs, ours) for (value, theirs), ours in zip(wanted, found, strict=True)]


@pytest.mark.parametrize("room", ROOMS)
def test_what_mindspore_refuses_and_takes(room):
    names, wrong = sweep.namespace(ms), []
    for case in CALLS:
        if case["call"].partition(".")[0] != room:
            continue
        for parameter, recorded in case["answers"].items():
            name = f"{case['call']} {parameter}"
            for value, theirs, ours in answers(case, parameter, recorded, names):
                if theirs in "TV" and ours == sweep.ACCEPTED and not covered(TAKEN, name, value):
                    wrong.append(f"{name}={value} is taken")
                if theirs == sweep.ACCEPTED and ours != sweep.ACCEPTED and not covered(REFUSED, name, value):
                    wrong.append(f"{name}={value} is refused")
                operator = re.fullmatch(OPERATORS, name)
                if operator and (theirs, ours) == ("T", "V") and not covered(VALUE_ERRORS, name, value):
                    wrong.append(f"{name}={value} is a ValueError")
                if theirs in "TV" and ours not in f"{sweep.ACCEPTED}{sweep.NO_KERNEL}TVKAI":
                    wrong.append(f"{name}={value} ends in {ours}")
    assert not wrong, "\n".join(wrong)
