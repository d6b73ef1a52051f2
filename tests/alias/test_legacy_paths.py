"""MindSpore's deep paths, under both roots."""

import importlib

import pytest

import msjax
from msjax.alias.table import SAME, TABLE

# What programs import: path -> a name in it and where the name has its home.
USED = {
    "common.initializer": ("initializer", "nn.initializer"),
    "common.dtype": ("float32", ""),
    "common.tensor": ("Tensor", ""),
    "common.parameter": ("Parameter", ""),
    "common.api": ("jit", ""),
    "common.seed": ("set_seed", ""),
    "common": ("Tensor", ""),
    "context": ("set_context", ""),
    "dtype": ("int32", ""),
    "ops.operations": ("Add", "ops"),
    "ops.operations.math_ops": ("MatMul", "ops"),
    "ops.functional": ("add", "ops"),
    "ops.function.math_func": ("exp", "ops"),
    "ops.composite": ("GradOperation", "ops"),
    "ops.primitive": ("constexpr", "ops"),
    "nn.cell": ("Cell", "nn"),
    "nn.layer": ("Dense", "nn"),
    "nn.layer.activation": ("ReLU", "nn"),
    "nn.layer.basic": ("Dropout", "nn"),
    "nn.layer.conv": ("Conv2d", "nn"),
    "nn.layer.normalization": ("LayerNorm", "nn"),
    "nn.loss": ("MSELoss", "nn"),
    "nn.loss.loss": ("MSELoss", "nn"),
    "nn.optim": ("Adam", "nn"),
    "nn.optim.momentum": ("Momentum", "nn"),
    "dataset.audio.utils": ("create_dct", "dataset.audio"),
    "dataset.audio.transforms": ("Spectrogram", "dataset.audio"),
    "common.sparse_tensor": ("RowTensorInner", "alias.internals.helpers"),
    "_checkparam": ("check_positive_int", "alias.checkparam"),
    "ops.communication": ("init_process_group", "ops.distributed.groups"),
    "amp": ("_grad_unscale_map", "train.loss_scale"),
    "_c_expression.typing": ("Float", "alias.internals.typing"),
    "common._utils": ("is_shape_unknown", "alias.internals.helpers"),
    "ops._primitive_cache": ("_get_cache_prim", "alias.internals.helpers"),
}


def room(path):
    return importlib.import_module(f"msjax.{path}" if path else "msjax")


@pytest.mark.parametrize("path", USED)
def test_one_module_under_both_names(path, mindspore):
    name, home = USED[path]
    legacy = importlib.import_module(f"mindspore.{path}")
    assert legacy is importlib.import_module(f"msjax.{path}")
    assert getattr(legacy, name) is getattr(room(home), name)


def owner(path):
    """The room that a legacy path lies below."""
    while path in TABLE or path in SAME:
        path = path.rpartition(".")[0]
    return path


@pytest.mark.filterwarnings("ignore:mindspore:FutureWarning")  # paths of older releases
@pytest.mark.parametrize("home", sorted({owner(path) for path in (*TABLE, *SAME)}))
def test_every_path_is_importable(home, mindspore):
    try:
        room(home)
    except ModuleNotFoundError:
        pytest.skip(f"msjax has no {home} yet")
    for path in (*TABLE, *SAME):
        if owner(path) == home:
            assert importlib.import_module(f"mindspore.{path}") is room(path)


def test_attributes_without_an_import():
    assert msjax.common.initializer.Normal is room("nn.initializer").Normal
    assert msjax.ops.operations.Add is msjax.ops.Add
    assert msjax.nn.layer.activation.ReLU is msjax.nn.ReLU


def test_a_function_is_not_hidden_by_a_module_of_its_name(mindspore):
    import mindspore.common.tensor
    from mindspore.common import tensor

    assert mindspore.common.tensor is tensor is msjax.tensor


def test_the_forms_in_which_scripts_import(mindspore):
    import mindspore.common.dtype as mstype
    from mindspore import context
    from mindspore import dtype as top
    from mindspore.common import dtype
    from mindspore.ops import composite as C
    from mindspore.ops import functional as F
    from mindspore.ops import operations as P

    assert mstype is dtype and mstype.float32 is top.float32 is msjax.float32
    assert context.GRAPH_MODE == 0 and context.PYNATIVE_MODE == 1
    assert P.Add is msjax.ops.Add and F.add is msjax.ops.add and C.GradOperation is msjax.ops.GradOperation


def test_star_import_takes_what_the_module_is_for(mindspore):
    classes, functions = {}, {}
    exec("from mindspore.ops.operations import *", classes)
    exec("from mindspore.ops.functional import *", functions)
    assert "Add" in classes and "add" not in classes
    assert "add" in functions and "Add" not in functions


def test_families_of_dtypes():
    from msjax._c_expression import typing

    assert isinstance(msjax.float16, typing.Float) and isinstance(msjax.int8, typing.Number)
    assert not isinstance(msjax.int32, typing.Float) and not isinstance(3, typing.Int)
    assert typing.Int(32) is msjax.int32 and typing.str_to_type("Float16") is msjax.float16


def test_a_primitive_is_made_once():
    from msjax.ops._primitive_cache import _get_cache_prim

    make = _get_cache_prim(msjax.ops.Concat)
    assert make(1) is make(1) and make(1) is not make(0)


def test_metrics_are_in_nn_too():
    from msjax import nn, train

    assert nn.Accuracy is train.Accuracy and nn.get_metric_fn is train.get_metric_fn
    with pytest.raises(AttributeError, match=r"nearest: mindspore\.nn\.Accuracy"):
        nn.Acuracy  # noqa: B018


@pytest.mark.parametrize(
    ("path", "name", "own"),
    [
        ("ops.auto_generate", "acos_ext", "mint.acos"),
        ("ops.function.math_func", "amax_ext", "mint.amax"),
        ("ops.function.nn_func", "avg_pool2d_ext", "mint.nn.functional.avg_pool2d"),
        ("ops.auto_generate", "select_ext_view", "mint.select"),
        ("ops.function.array_func", "unsqueeze_view", "mint.unsqueeze"),
        ("ops.function.math_func", "linalg_norm", "mint.linalg.norm"),
        ("ops.functional_overload", "any", "mint.any"),
    ],
)
def test_functions_of_mint_with_an_ending(path, name, own):
    room, _, function = own.rpartition(".")
    assert getattr(importlib.import_module(f"msjax.{path}"), name) is getattr(
        importlib.import_module(f"msjax.{room}"), function
    )
