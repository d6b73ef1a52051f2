"""What programs ask of the auto-parallel context behind its public functions."""

import pytest

import msjax as ms


@pytest.fixture(autouse=True)
def fresh():
    yield
    ms.reset_auto_parallel_context()


def test_the_context_as_an_object(mindspore):
    from mindspore.parallel._auto_parallel_context import auto_parallel_context

    ms.set_auto_parallel_context(
        parallel_mode="data_parallel", device_num=8, gradients_mean=True, pipeline_config={"pipeline_interleave": True}
    )
    one = auto_parallel_context()
    assert one is auto_parallel_context()
    assert (one.get_parallel_mode(), one.get_device_num(), one.get_gradients_mean()) == ("data_parallel", 8, True)
    assert one.get_device_num_is_set() and not one.get_global_rank_is_set()
    assert one.get_pipeline_interleave() and one.get_pipeline_scheduler() == "1f1b"
    one.set_all_reduce_fusion_split_indices([3, 5])
    assert ms.get_auto_parallel_context("all_reduce_fusion_config") == [3, 5]
    one.reset()
    assert ms.get_auto_parallel_context("device_num") == 1
    with pytest.raises(AttributeError, match="get_no_such"):
        one.get_no_such()


def test_how_many_and_which(mindspore):
    from mindspore.parallel._utils import _get_device_num, _get_global_rank, _get_parallel_mode, _get_stage_device_num

    ms.set_auto_parallel_context(device_num=8, global_rank=3)
    assert (_get_device_num(), _get_global_rank(), _get_parallel_mode()) == (1, 0, "stand_alone")
    ms.set_auto_parallel_context(parallel_mode="semi_auto_parallel", pipeline_stages=2)
    assert (_get_device_num(), _get_global_rank(), _get_stage_device_num()) == (8, 3, 4)
    ms.reset_auto_parallel_context()
    ms.set_auto_parallel_context(parallel_mode="data_parallel")
    assert (_get_device_num(), _get_global_rank()) == (1, 0)  # of the group, which is this one process


def test_questions_of_mode(mindspore):
    from mindspore.parallel import _utils

    assert not _utils._is_in_auto_parallel_mode() and not _utils._need_to_full()
    ms.set_auto_parallel_context(parallel_mode="auto_parallel", search_mode="sharding_propagation")
    assert _utils._is_in_auto_parallel_mode() and _utils._is_sharding_propagation() and _utils._need_to_full()
    ms.set_auto_parallel_context(full_batch=True)
    assert not _utils._need_to_full()
    ms.set_auto_parallel_context(parallel_mode="data_parallel")
    with pytest.raises(RuntimeError, match="full_batch"):
        _utils._check_full_batch()


def test_options_without_effect_are_kept(mindspore):
    from mindspore.context import set_ps_context
    from mindspore.parallel import _cost_model_context, set_algo_parameters
    from mindspore.parallel._cost_model_context import set_cost_model_context

    set_cost_model_context(costmodel_alpha=2.0)
    assert _cost_model_context.get_cost_model_context("costmodel_alpha") == 2.0
    with pytest.raises(TypeError, match="costmodel_alpha"):
        set_cost_model_context(costmodel_alpha="a")
    with pytest.raises(ValueError, match="zz is not recognized"):
        set_cost_model_context(zz=1)
    _cost_model_context.reset_cost_model_context()
    assert set_algo_parameters is ms.set_algo_parameters and set_ps_context is ms.set_ps_context
