"""Names of MindSpore's inside that programs touch: docs/internals.md says what they mean, and lists these."""

import importlib
import importlib.util
import pydoc
import re
from pathlib import Path

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.alias import advice

PAGE = Path(__file__).parents[2] / "docs" / "internals.md"
SERVED = [
    name
    for line in PAGE.read_text().splitlines()
    if line.startswith("| `mindspore")
    for name in re.findall(r"`mindspore\.([\w.]+)`", line.split("|")[1])
]


def at(path):
    return importlib.import_module(f"msjax.{path}")


@pytest.mark.parametrize("path", SERVED)
def test_what_the_page_lists_is_there(path):
    module, _, name = path.rpartition(".")
    try:
        assert hasattr(at(module) if module else ms, name)
    except AssertionError:
        at(path)


@pytest.mark.parametrize("path", sorted(advice.INSIDE))
def test_what_is_not_says_what_to_use(path):
    module, _, name = f"msjax.{path}".rpartition(".")
    if importlib.util.find_spec(f"msjax.{path}"):  # some of its names are served
        module, name = f"msjax.{path}", "no_such"
    said = re.escape(f"of MindSpore's inside and not in msjax: use {advice.INSIDE[path]}")
    with pytest.raises(ImportError, match=said):
        exec(f"from {module} import {name}")


@pytest.mark.parametrize("path", sorted(advice.LEFT_OUT | advice.NOT_SERVED))
def test_what_is_left_out_is_missing_and_says_why(path):
    parent, _, name = f"msjax.{path}".rpartition(".")
    place = pydoc.locate(parent)
    assert place is not None and not hasattr(place, name)
    assert {**advice.NOT_SERVED, **advice.LEFT_OUT}[path] in str(advice.of(f"mindspore.{path}"))


# -- executors -----------------------------------------------------------------------------------------------------


def test_grad_can_be_turned_off_and_on():
    executor = at("common.api")._pynative_executor

    def half_constant(x):
        executor.set_enable_grad(False)
        y = x * x
        executor.set_enable_grad(True)
        return x * y

    assert ms.grad(half_constant)(Tensor(3.0)) == 9
    executor.set_enable_grad(False)
    try:
        assert not executor.enable_grad()
        with pytest.raises(RuntimeError, match="gradient"):
            ms.grad(lambda x: x * x)(Tensor(3.0))
    finally:
        executor.set_enable_grad(True)
    assert executor.enable_grad() and ms.grad(lambda x: x * x)(Tensor(3.0)) == 6


def test_a_gradient_is_noticed():
    executor, seen = at("common.api")._pynative_executor, []

    def look(x):
        seen.append((executor.grad_flag(), executor.requires_grad()))
        return x * x

    look(Tensor(1.0))
    ms.grad(look)(Tensor(1.0))
    assert seen == [(False, False), (True, True)]
    assert executor.sync() is None
    with pytest.raises(AttributeError, match=r"use mindspore\.value_and_grad"):
        executor.grad(look, None, None, None)


def test_compile_checks_and_changes_nothing():
    executor, net = at("common.api")._cell_graph_executor, nn.BatchNorm2d(2)
    net.set_train()
    phase, fresh = executor.compile(net, ops.ones((1, 2, 3, 3)), phase="train")
    assert fresh and executor.has_compiled(phase)
    assert executor.compile(net, ops.ones((1, 2, 3, 3)), phase="train") == (phase, False)
    assert np.array_equal(net.moving_mean, np.zeros(2))
    with pytest.raises(ValueError, match="BatchNorm"):
        executor.compile(net, ops.ones((1, 3, 3, 3)))
    dense, x = nn.Dense(2, 3), ops.ones((1, 2))
    assert np.allclose(executor(dense, x).asnumpy(), dense(x).asnumpy())


# -- functions that hide modules --------------------------------------------------------------------------------------


def test_names_of_hidden_modules():
    assert ms.common.tensor.Tensor is Tensor and ms.tensor.from_numpy is ms.from_numpy
    assert ms.common.seed.set_seed is ms.set_seed
    ms.set_seed(5)
    assert ms.common.seed._get_graph_seed(7, "z") == (5, 7)
    assert ops.op_info_register.TBERegOp is ops.TBERegOp


def test_names_that_tensors_and_parameters_look_up():
    registry = at("common._register_for_tensor").tensor_operator_registry
    assert registry is ops.tensor_operator_registry and registry.get("add") is ops.add is registry.add
    registry.register("twice", lambda x: 2 * x)
    assert registry.get("twice")(3) == 6
    parameter = at("common.parameter")
    assert parameter.init_to_value("ones") == 1 and parameter.init_to_value(2) == 2
    assert parameter._get_unique_parameter_key() < parameter._get_unique_parameter_key()
    with pytest.raises(ValueError, match="zeros"):
        parameter.init_to_value("normal")
    assert at("common.dtype").type_size_in_bytes(ms.complex128) == 16
    assert at("common._stub_tensor")._convert_stub(parameter) is parameter


# -- seeds ---------------------------------------------------------------------------------------------------------


def test_seeds_of_operators_are_those_of_mindspore():
    seeds = at("common.seed")
    ms.set_seed(5)
    assert [seeds._get_graph_seed(None, "x") for _ in range(3)] == [(5, 0), (5, 533697028), (5, 1067394056)]
    assert [seeds._get_graph_seed(7, "y") for _ in range(2)] == [(5, 7), (5, 533697035)]
    ms.set_seed(5)
    assert seeds._get_graph_seed(0, "x") == (5, 0) and seeds._get_op_seed(3, "x") == 3
    with pytest.raises(ValueError, match="seed"):
        seeds._get_graph_seed(-1, "x")
    with pytest.raises(TypeError, match="seed"):
        seeds._get_graph_seed("a", "x")


# -- training and checkpoints --------------------------------------------------------------------------------------


def test_helpers_of_callbacks():
    callback = at("train.callback")
    told = callback._InternalCallbackParam()
    told.cur_step_num = 3
    assert isinstance(told, dict) and told["cur_step_num"] == 3

    turns = []

    class Record(ms.train.Callback):
        def step_end(self, run_context):
            turns.append(run_context.original_args().cur_step_num)

    with callback._CallbackManager([Record()]) as manager:
        manager.on_train_step_end(ms.train.RunContext(told))
        manager.step_end(ms.train.RunContext(told))
    assert turns == [3, 3]
    handle = at("train.callback._callback")._handle_loss
    assert handle(Tensor(2.0)) == 2.0 and type(handle(Tensor(2.0))) is float
    assert handle((Tensor([2.0, 4.0]), 3)).shape == (2,) and handle(3) == 3


def test_types_in_checkpoints():
    inside = at("train.serialization")
    assert inside.tensor_to_ms_type["BFloat16"] is ms.bfloat16 and inside.tensor_to_ms_type["Bool"] is ms.bool_
    assert inside.tensor_to_np_type("Float32") is np.float32 and inside.tensor_to_np_type("x") is None


def test_update_of_a_parameter():
    update = at("train.serialization")._update_param
    parameter = Parameter(Tensor(np.zeros((2, 2), np.float32)), name="w")
    update(parameter, Parameter(Tensor(np.ones((2, 2), np.float32)), name="v"), False)
    assert np.array_equal(parameter, np.ones((2, 2)))
    for wrong in (np.ones((2, 3), np.float32), np.ones((2, 2), np.int32)):
        with pytest.raises(RuntimeError, match="w"):
            update(parameter, Tensor(wrong), False)


def test_types_and_shapes_of_rows():
    rows = ms.dataset.NumpySlicesDataset({"a": np.ones((4, 3), np.float32)}).batch(2)
    utilities = at("train._utils")
    assert utilities._get_types_and_shapes(rows) == ([ms.float32], [[2, 3]])
    (one,) = utilities._construct_tensor_list([ms.float32], [(2, 3)], 2)
    assert one.shape == (4, 3) and [t.shape for t in utilities._to_tensor([np.ones(2)], 2.0)] == [(2,), ()]


# -- layers --------------------------------------------------------------------------------------------------------


def test_scales_of_gradients():
    inside = at("nn.wrap.loss_scale")
    grad = Tensor([2.0, 4.0])
    assert inside.grad_scale(Tensor(2.0), grad).tolist() == [1.0, 2.0]
    added = Parameter(Tensor([8.0, 6.0]), name="added")
    assert inside.grad_scale(Tensor(2.0), grad, added).tolist() == [4.0, 3.0] and added.tolist() == [0.0, 0.0]
    added.set_data(Tensor([8.0, 6.0]))
    assert inside.shard_grad_scale(Tensor(2.0), grad, added).tolist() == [1.0, 2.0] and added.tolist() == [0.0, 0.0]


def test_parts_of_layers():
    assert at("nn.layer.activation")._activation["relu"] is nn.ReLU
    with pytest.raises(ValueError, match="3d"):
        at("nn.layer.conv")._check_input_3d((1, 2), "op")
    base = at("nn.layer.rnn_cells").RNNCellBase(3, 4, True, 2)
    assert [p.shape for p in base.get_parameters()] == [(8, 3), (8, 4), (8,), (8,)]
    assert isinstance(nn.GRUCell(3, 4), type(base))
    dense, x = nn.Dense(2, 3), ops.ones((1, 2))
    whole = at("nn.wrap.cell_wrapper")._VirtualDatasetCell(dense)
    assert np.array_equal(whole(x), dense(x)) and list(whole.parameters_dict()) == ["weight", "bias"]


def test_arguments_of_a_cell_are_noted():
    register = at("_extends").cell_attr_register

    class Net(nn.Cell):
        @register
        def __init__(self, size, depth=2):
            super().__init__()

    class Other(nn.Cell):
        @register(attrs=["size"])
        def __init__(self, size, depth=2):
            super().__init__()

    assert Net(1, depth=3).cell_init_args == "Net[1, 3]" and Other(1, depth=3).cell_init_args == "Other[1]"


# -- compiled code -------------------------------------------------------------------------------------------------


def test_the_context_of_compiled_code():
    compiled = at("_c_expression")
    one = compiled.MSContext.get_instance()
    assert one is compiled.MSContext.get_instance() and not compiled.security.enable_security()
    assert one.get_param(compiled.ms_ctx_param.device_target) == ms.get_context("device_target")
    assert one.is_pkg_support_device("CPU") and not one.is_pkg_support_device("Ascend")
    assert isinstance(Tensor(1), compiled.TensorPy) and compiled._empty_instance((2, 3)).shape == (2, 3)
    assert compiled.CreationType.CUSTOM_BPROP == 3 and compiled.ParamInfo().clone().requires_grad
    assert not isinstance(Tensor(1), at("common._stub_tensor").StubTensor)


# -- data ----------------------------------------------------------------------------------------------------------


def test_transforms_of_pil_images_as_functions():
    from PIL import Image

    from msjax.dataset.vision import Inter

    images = at("dataset.vision.py_transforms_util")
    image = Image.fromarray(np.arange(75, dtype=np.uint8).reshape(5, 5, 3))
    assert images.is_pil(image) and not images.is_pil(np.ones(3))
    wanted = ms.dataset.vision.AdjustBrightness(2.0)(image)
    assert np.array_equal(images.adjust_brightness(image, 2.0), wanted)
    assert images.crop(image, 1, 2, 3, 2).size == (2, 3) and images.resize(image, (2, 3)).size == (3, 2)
    with pytest.raises(TypeError, match=r"img should be PIL image\. Got <class 'int'>"):
        images.resize(3, 90)
    assert images.rotate(image, 90, Inter.NEAREST, False, None, 0).size == (5, 5)
    assert np.array_equal(images.horizontal_flip(image), np.asarray(image)[:, ::-1])


@pytest.mark.parametrize(
    ("name", "right", "wrong", "error"),
    [
        ("check_uint8", 255, 256, ValueError),
        ("check_uint8", 0, 2.0, TypeError),
        ("check_pos_int32", 1, 0, ValueError),
        ("check_pos_int32", 1, True, TypeError),
        ("check_pos_float32", 0.5, 0.0, ValueError),
        ("check_float32", 3, 1e39, ValueError),
        ("check_int32_not_zero", 1, 0, ValueError),
        ("check_odd", 3, 2, ValueError),
        ("check_2tuple", (1, 2), (1,), ValueError),
        ("check_valid_detype", "int8", "x", TypeError),
    ],
)
def test_checks_of_rows(name, right, wrong, error):
    check = getattr(at("dataset.core.validator_helpers"), name)
    check(right)
    with pytest.raises(error):
        check(wrong)


def test_more_checks_of_rows():
    checks = at("dataset.core.validator_helpers")
    with pytest.raises(ValueError, match=r"Input x is not within the required interval of \(1, 2\]\.$"):
        checks.check_value(1, (1, 2), "x", left_open_interval=True)
    with pytest.raises(TypeError, match=r"Argument q with value a is not of type"):
        checks.type_check_list([1, "a"], (int,), ["p", "q"])
    with pytest.raises(ValueError, match="same with others"):
        checks.check_columns(["a", "a"], "c")
    assert checks.parse_user_args(lambda a, b=2, *, c=3: None, 1, c=5) == ([1, 2, 5], {"a": 1, "b": 2, "c": 5})


def test_transforms_are_checked():
    class Some:
        @at("dataset.transforms.validators").check_random_transform_ops
        def __init__(self, transforms):
            self.transforms = transforms

    assert len(Some([abs]).transforms) == 1
    for wrong, error in (([], ValueError), ([3], TypeError), (3, TypeError)):
        with pytest.raises(error):
            Some(wrong)


# -- kernels -------------------------------------------------------------------------------------------------------


def test_descriptions_of_kernels():
    f32 = ops.DataType.F32_Default
    info = ops.CustomRegOp("k").input(0, "x").output(0, "y").dtype_format(f32, f32).target("CPU").get_op_info()
    assert info == {
        "op_name": "k",
        "inputs": [{"index": 0, "name": "x", "paramType": "required"}],
        "outputs": [{"index": 0, "name": "y", "paramType": "required"}],
        "attr": [],
        "fusion_type": "",
        "dtype_format": [(("float32", "DefaultFormat"), ("float32", "DefaultFormat"))],
        "target": "CPU",
    }
    tbe = ops.TBERegOp("Abs").async_flag(True).kernel_name("abs").input(0, "x", None, "required", None).get_op_info()
    assert tbe["async_flag"] and tbe["kernel"] == "abs" and tbe["inputs"][0]["paramType"] == "required"
    assert ops.op_info_register(tbe)(abs_of)(-3) == 3 and abs_of.op_info is tbe
    assert ops.custom_info_register(info)(abs_of).reg_info == [info]
    tbe = ops.TBERegOp("a").partial_flag().unknown_shape_formats(["ND"]).unknown_shape_formats(["NCHW"])
    info = tbe.input_to_attr_index([1]).op_pattern().get_op_info()
    assert info["partial_flag"] and info["unknown_shape_formats"] == [["ND"], ["NCHW"]]
    assert (info["real_input_index"], info["input_to_attr_index"], info["op_pattern"]) == ([], [1], "")
    assert ops.TBERegOp("b").get_op_info()["unknown_shape_formats"] == []
    with pytest.raises(TypeError, match="must be list"):
        tbe.real_input_index(3)
    with pytest.raises(TypeError, match="must be bool"):
        ops.TBERegOp("a").async_flag(3)
    with pytest.raises(ValueError, match="must be string"):
        ops.CustomRegOp(3)


def abs_of(x):
    return abs(x)


def test_registered_functions_of_primitives():
    @ops.vm_impl_registry.register("Neg")
    def of_neg(prim):
        return lambda x: -x

    try:
        assert ops.get_vm_impl_fn("Neg")(3) == ops.get_vm_impl_fn(ops.Neg())(3) == -3
        assert ops.get_vm_impl_fn(ops.Abs()) is None
    finally:
        ops.vm_impl_registry.clear()


def test_a_module_and_a_function_of_one_name(mindspore):
    from mindspore.ops import op_info_register as function
    from mindspore.ops.op_info_register import DataType, TBERegOp

    assert (
        DataType is ops.DataType and TBERegOp is ops.TBERegOp and callable(function) and callable(ops.op_info_register)
    )


# -- values --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("make_tuple", (1, 2), (1, 2)),
        ("make_list", (1, 2), [1, 2]),
        ("make_slice", (0, 2, 1), slice(0, 2, 1)),
        ("tuple_getitem", ((1, 2), 1), 2),
        ("tuple_setitem", ((1, 2), 0, 5), (5, 2)),
        ("list_setitem", ([1, 2], 0, 7), [7, 2]),
        ("dict_getitem", ({"a": 1}, "a"), 1),
        ("in_dict", ("a", {"a": 1}), True),
        ("not_in_dict", ("a", {"a": 1}), False),
        ("is_", (1, 1), True),
        ("switch", (True, 1, 2), 1),
        ("shape_mul", ((2, 3),), 6),
        ("tuple_reversed", ((1, 2),), (2, 1)),
        ("tuple_div", ((4, 6), (2, 3)), (2, 2)),
        ("reduced_shape", ((2, 3), (0,)), (1, 3)),
        ("is_sequence_value_unknown", ((1, 2),), False),
    ],
)
def test_operations_of_the_compiler(name, arguments, result):
    assert getattr(at("ops.functional"), name)(*arguments) == result


# -- primitives ----------------------------------------------------------------------------------------------------


def test_operators_with_all_their_options():
    inner = at("ops.auto_generate.pyboost_inner_prim")
    x, y = Tensor([[1.0, 2.0], [4.0, 3.0]]), Tensor([[1.0, 2.0], [4.0, 5.0]])
    assert np.array_equal(inner.softmax_impl(x, -1), ops.softmax(x, -1))
    assert inner.concat_impl((x, y), 1).shape == (2, 4) and inner.stack_ext_impl((x, y), 0).shape == (2, 2, 2)
    assert [t.tolist() for t in inner.argmax_with_value_impl(x, 1, False)] == [[1, 0], [2, 4]]
    assert inner.isclose_impl(x, y, 1e-5, 1e-8, False).tolist() == [[True, True], [True, False]]
    assert inner.reduce_all_impl(x > 1, (1,), False).tolist() == [False, True]
    assert inner.squeeze_impl(x[:1], (0,)).shape == (2,) and inner.reverse_v2_impl(x, (1,)).tolist()[0] == [2, 1]
    marked = at("ops.operations.comm_ops")._VirtualDataset()(x, y)
    assert marked[0] is x and marked[1] is y


def test_regions_of_images():
    pool = at("ops.operations._inner_ops").PsROIPooling(2, 2, 2, 0.5, 3, 2)
    features = Tensor(np.random.default_rng(0).normal(size=(2, 12, 8, 8)).astype(np.float32))
    rois = Tensor([[0.0, 2.0, 2.0, 9.0, 9.0], [1.0, 0.0, 4.0, 12.0, 14.0]])
    pooled, channels = pool(features, rois)
    assert np.array_equal(pooled, ops.PSROIPooling(0.5, 2, 3)(features, Tensor(rois.asnumpy().T[None])))
    assert channels.shape == (2, 3, 2, 2) and channels[1].ravel().tolist() == list(range(12))
    with pytest.raises(ValueError, match="bins"):
        at("ops.operations._inner_ops").PsROIPooling(3, 3, 2, 0.5, 3, 2)


# -- messages ------------------------------------------------------------------------------------------------------


def test_a_warning_is_said_once(monkeypatch):
    once = at("log")._LogActionOnce
    monkeypatch.setattr(once, "_said", set())

    said = []

    class Log:
        warning = staticmethod(said.append)

    @once(logger=Log, key="k")
    def warn():
        Log.warning("hello")
        return 3

    assert [warn(), warn()] == [3, 3] and said == ["hello"]
