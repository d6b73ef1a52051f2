"""`mindspore.utils` without an Ascend chip, and Tensors one after the other."""

import pytest

import msjax as ms
from msjax import Tensor


def test_detection_says_what_mindspore_says_on_cpus():
    ms.utils.sdc_detect_start()
    ms.utils.sdc_detect_stop()
    assert ms.utils.get_sdc_detect_result() is False
    with pytest.raises(RuntimeError, match="not supported"):
        ms.utils.stress_detect()
    with pytest.raises(TypeError, match="detect_type"):
        ms.utils.stress_detect(3)


def test_simulation(monkeypatch):
    monkeypatch.setenv("MS_SIMULATION_LEVEL", "")
    assert ms.utils.dryrun.mock(3, lambda a: a, 5) == 5
    ms.utils.dryrun.set_simulation()
    assert ms.utils.dryrun.mock(3, lambda a: a, 5) == 3


def test_tensors_one_after_the_other():
    from msjax.hal.contiguous_tensors_handle import combine_tensor_list_contiguous as combine

    x, y = Tensor([1.0, 2.0]), Tensor([[3.0, 4.0], [5.0, 6.0]])
    handle = combine([x, y], False)
    assert handle[0].tolist() == [1] and handle[1:3].tolist() == [2, 3] and handle[:].shape == (6,)
    assert handle.slice_by_tensor_index(1, 2).tolist() == [3, 4, 5, 6]
    x[0] = 5
    assert handle[:2].tolist() == [5, 2]
    for wrong, error in (([x, Tensor([1])], ValueError), ([], ValueError), ([x, 3], TypeError)):
        with pytest.raises(error):
            combine(wrong)
    with pytest.raises(TypeError, match="enable_mem_align"):
        combine([x], 1)
