"""Cells of `mindspore.parallel`: batches in pieces, AutoParallel's settings, and what is only noted.

Values, words and kinds of errors are MindSpore 2.10.0's.
"""

import numpy as np
import pytest

import msjax as ms
from msjax import ParameterTuple, Tensor, nn, ops
from msjax.parallel import nn as pnn
from msjax.parallel import set_op_strategy_config
from msjax.parallel.auto_parallel import AutoParallel


def network():
    ms.set_seed(1)
    return nn.WithLossCell(nn.SequentialCell(nn.Dense(4, 4), nn.Dense(4, 2)), nn.MSELoss())


X, Y = Tensor(np.arange(16, dtype=np.float32).reshape(4, 4) / 16), ops.ones((4, 2))
IN_PIECES = [pnn.GradAccumulation, pnn.Pipeline, pnn.MicroBatchInterleaved, nn.GradAccumulationCell, nn.PipelineCell]


@pytest.mark.parametrize("kind", IN_PIECES)
@pytest.mark.parametrize("pieces", [1, 2, 4])
def test_values_are_summed_over_pieces(kind, pieces):
    net = network()
    whole, cell = net(X, Y), kind(net, pieces)
    np.testing.assert_allclose(cell(X, Y).asnumpy(), pieces * whole.asnumpy(), rtol=1e-6)
    assert [p.name for p in cell.get_parameters()] == [p.name for p in net.get_parameters()]
    weights = net.trainable_params()
    ours, theirs = (ms.grad(n, None, weights)(X, Y) for n in (cell, net))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a.asnumpy(), pieces * b.asnumpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", IN_PIECES)
def test_pieces_that_can_not_be(kind):
    with pytest.raises(ValueError, match=r"shape of input\(4\) must be divided by micro size\(3\)"):
        kind(network(), 3)(X, Y)
    with pytest.raises(ValueError, match="must be large than 0, but got 0"):
        kind(network(), 0)
    with pytest.raises(TypeError, match="must be integer, but got the type : <class 'float'>"):
        kind(network(), 2.0)
    if kind is not pnn.MicroBatchInterleaved:
        with pytest.raises(TypeError, match="must cell type"):
            kind(5, 2)


def test_stages_are_noted():
    net = nn.SequentialCell(nn.Dense(4, 4), nn.Dense(4, 2))
    nn.PipelineCell(net, 2, stage_config={"0": 0, "1": 1})
    assert net[1].pipeline_stage == 1
    with pytest.raises(KeyError, match=r"'stage_config' : \{'no': 0\} is not found"):
        nn.PipelineCell(net, 2, stage_config={"no": 0})


def test_a_stage_is_a_number():
    cell = nn.Dense(2, 2)
    with pytest.raises(AttributeError, match="has no attribute 'pipeline_stage'"):
        cell.pipeline_stage  # noqa: B018
    with pytest.raises(TypeError, match="'pipeline_stage' must be int >= 0, but got True"):
        cell.pipeline_stage = True
    with pytest.raises(ValueError, match="must be int >= 0, but got -1"):
        cell.pipeline_stage = -1
    cell.weight.add_pipeline_stage(0)
    with pytest.raises(TypeError, match="must not be negative"):
        cell.weight.add_pipeline_stage(-1)
    cell.set_data_parallel()
    assert cell.parameter_layout_dict == {}


def test_gradients_of_a_pipeline_are_divided_by_the_scale():
    reduce = pnn.PipelineGradReducer(ParameterTuple(nn.Dense(2, 2).trainable_params()), 2.0)
    assert [p.name for p in reduce.get_parameters()] == ["accu_grads.weight", "accu_grads.bias", "scale_sense"]
    np.testing.assert_array_equal(reduce((X, Y))[1].asnumpy(), np.full((4, 2), 0.5))


def test_auto_parallel_is_its_network():
    net = network()
    cell = AutoParallel(net)
    assert cell(X, Y) == net(X, Y)
    assert [p.name for p in cell.get_parameters()] == [p.name for p in net.get_parameters()]
    assert cell.network is net and cell.get_pipeline_stages() == 1
    cell.pipeline(2, scheduler="gpipe")
    assert cell.get_pipeline_stages() == 2
    assert ms.get_auto_parallel_context("parallel_mode") == "stand_alone"


SETTINGS = [
    ("comm_fusion", ({},)), ("dataset_strategy", ("full_batch",)), ("dataset_strategy", ("data_parallel",)),
    ("dataset_strategy", (((2, 1),),)), ("dataset_strategy", ((ms.Layout((2, 2), ("a", "b"))("a", "b"),),)),
    ("dataset_strategy", ((),)), ("disable_gradient_fp32_sync", ()), ("disable_loss_repeated_mean", ()),
    ("disable_strategy_file_only_for_trainable_params", ()), ("dump_local_norm", ("/tmp/x",)),
    ("enable_device_local_norm", ()), ("enable_fp32_communication", ()), ("enable_gradients_mean", ()),
    ("hsdp", ()), ("hsdp", (8,)), ("hsdp", (-1, 64, "level2")), ("load_operator_strategy_file", ("/tmp/x.json",)),
    ("no_init_parameters_in_compile", ()), ("pipeline", (2, True, True, "gpipe")), ("print_local_norm", ()),
    ("save_operator_strategy_file", ("/tmp/x.json",)), ("save_param_strategy_file", ("/tmp/x",)),
    ("set_group_ckpt_save_file", ("/tmp/g",)), ("transformer_opt", (None,)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments"), SETTINGS)
def test_settings(name, arguments):
    cell = AutoParallel(network())
    assert getattr(cell, name)(*arguments) is None
    assert cell(X, Y).shape == ()


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("comm_fusion", (5,), TypeError), ("dataset_strategy", ("xx",), ValueError),
        ("dataset_strategy", (5,), TypeError), ("dataset_strategy", (((2, "a"),),), TypeError),
        ("dump_local_norm", (5,), TypeError), ("hsdp", (0,), ValueError), ("hsdp", (-1, 64, "x"), ValueError),
        ("hsdp", (-1, -1), ValueError), ("hsdp", ("a",), ValueError), ("load_operator_strategy_file", ("x",), KeyError),
        ("load_operator_strategy_file", (5,), TypeError), ("load_param_strategy_file", (5,), TypeError),
        ("pipeline", (0,), ValueError), ("pipeline", (2, 5), TypeError), ("pipeline", ("a",), TypeError),
        ("pipeline", (2, True, True, "zz"), ValueError), ("save_operator_strategy_file", ("/tmp/x",), KeyError),
        ("save_param_strategy_file", (4,), TypeError), ("set_group_ckpt_save_file", (5,), TypeError),
        ("transformer_opt", ("/tmp/none",), ValueError),
    ],
)  # fmt: skip
def test_settings_that_are_none(name, arguments, error):
    with pytest.raises(error):
        getattr(AutoParallel(network()), name)(*arguments)


def test_modes():
    AutoParallel(network(), "sharding_propagation")
    with pytest.raises(ValueError, match="but got the value : x"):
        AutoParallel(network(), "x")


def test_what_is_only_noted():
    ms.sync_pipeline_shared_parameters(network())
    with pytest.raises(TypeError, match="should be a Cell, but got <class 'int'>"):
        ms.sync_pipeline_shared_parameters(5)
    ms.parameter_broadcast(network(), {})
    with pytest.raises(KeyError, match="absolute path"):
        set_op_strategy_config()
    with pytest.raises(KeyError, match="'SAVE' or 'LOAD'"):
        set_op_strategy_config("Z", "/tmp/x.json")


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"device_num": 0}, ValueError, "'device_num' must be a positive integer"),
        ({"device_num": "8"}, TypeError, "'device_num' must be <class 'int'>, but got <class 'str'>"),
        ({"global_rank": -1}, ValueError, r"'global_rank' must be in \[0, 4095\]"),
        ({"parallel_mode": "x"}, ValueError, "'parallel_mode' only support .*but got the value : x"),
        ({"dataset_strategy": "xx"}, ValueError, "'dataset_strategy' must be 'full_batch' or 'data_parallel'"),
        ({"gradients_mean": 1}, TypeError, "'gradients_mean' must be <class 'bool'>, but got <class 'int'>"),
        ({"all_reduce_fusion_config": 5}, TypeError, "<class 'list'>"),
        ({"nope": 1}, ValueError, "Set context keyword nope is not recognized"),
    ],
)
def test_options_of_the_context_that_are_none(options, error, words):
    with pytest.raises(error, match=words):
        ms.set_auto_parallel_context(**{"gradients_mean": True, **options})
    assert not ms.get_auto_parallel_context("gradients_mean")
