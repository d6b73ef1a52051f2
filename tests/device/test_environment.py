"""Devices, memory, processes, and options that are only kept."""

import sys

import jax
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, communication, hal, runtime
from msjax.core import device


@pytest.mark.parametrize(
    ("put", "get", "reset", "key", "value"),
    [
        (ms.set_ps_context, ms.get_ps_context, ms.reset_ps_context, "enable_ps", True),
        (ms.set_algo_parameters, ms.get_algo_parameters, ms.reset_algo_parameters, "fully_use_devices", True),
    ],
)
def test_options_are_kept(put, get, reset, key, value):
    before = get(key)
    put(**{key: value})
    assert get(key) is value
    reset()
    assert get(key) == before
    for call, error in [
        (lambda: put(**{key: 3}), TypeError),
        (lambda: put(foo=1), ValueError),
        (lambda: get("foo"), ValueError),
    ]:
        with pytest.raises(error):
            call()


def test_passwords_are_taken_and_not_kept():
    ms.set_ps_context(enable_ps=True, client_password="x", server_password="")
    try:
        assert ms.get_ps_context("enable_ps") and ms.get_ps_context("scheduler_port") == 6667
        with pytest.raises(ValueError, match="client_password is not recognized"):
            ms.get_ps_context("client_password")
        with pytest.raises(TypeError, match="'server_password' must be"):
            ms.set_ps_context(server_password=3)
    finally:
        ms.reset_ps_context()


def test_recursion_limit():
    before = sys.getrecursionlimit()
    try:
        ms.set_recursion_limit(before + 10)
        assert sys.getrecursionlimit() == before + 10
        ms.set_recursion_limit(10)  # never below what there is
        assert sys.getrecursionlimit() == before + 10
    finally:
        sys.setrecursionlimit(before)
    with pytest.raises(TypeError):
        ms.set_recursion_limit("a")
    with pytest.raises(ValueError):
        ms.set_recursion_limit(0)


def test_symbol():
    assert str(ms.Symbol(max=8, divisor=4)) == "{'max': 8, 'divisor': 4}"
    assert ms.Symbol(unique=True).to_dict() == {"unique": True}
    for arguments, error in [
        ({"max": "a"}, TypeError),
        ({"unique": 1}, TypeError),
        ({"min": -1}, ValueError),
        ({"divisor": 0}, ValueError),
        ({"divisor": 2, "remainder": 3}, ValueError),
    ]:
        with pytest.raises(error):
            ms.Symbol(**arguments)


def test_quant_dtype():
    assert [ms.QuantDtype[name].value() for name in ("INT1", "INT8", "INT16", "UINT1", "UINT16")] == [
        0,
        7,
        15,
        100,
        115,
    ]
    assert str(ms.QuantDtype.INT8) == "INT8"


def test_dlpack():
    x = Tensor([1.0, 2.0])
    assert ms.from_dlpack(ms.to_dlpack(x)).tolist() == [1.0, 2.0]
    assert ms.from_dlpack(np.arange(3.0)).dtype is ms.float64
    for call in (lambda: ms.to_dlpack(3), lambda: ms.from_dlpack(3)):
        with pytest.raises(TypeError):
            call()


def test_current_device():
    device = ms.get_current_device()
    assert (device.device_target, device.device_id) == tuple(device)
    assert repr(device) == repr(tuple(device))


def test_memory_is_consistent():
    x = Tensor(np.ones(1000))
    runtime.synchronize()
    runtime.empty_cache()
    stats = runtime.memory_stats()
    assert stats["total_reserved_memory"] == stats["total_allocated_memory"] + stats["total_idle_memory"]
    assert stats["max_reserved_memory"] >= stats["total_reserved_memory"]
    assert f"{'max_allocated_memory':<24}" in runtime.memory_summary()
    for name in ("memory_allocated", "memory_reserved", "max_memory_allocated", "max_memory_reserved"):
        assert getattr(runtime, name)() >= 0 and getattr(hal, name)("CPU") >= 0
    assert x.shape == (1000,)


def test_devices():
    assert hal.is_available("CPU") and hal.is_initialized("CPU") and hal.device_count() == jax.local_device_count()
    assert not hal.is_available("Ascend")
    assert isinstance(hal.get_device_name(0), str)
    with pytest.raises(ValueError, match="must be one of"):
        hal.is_available("x")
    with pytest.raises(ValueError, match="devices"):
        hal.get_device_name(99)


def test_run_check(capsys):
    ms.run_check()
    assert "calculation is correct" in capsys.readouterr().out


def test_processes():
    communication.init()
    assert communication.GlobalComm.INITED
    assert (communication.get_rank(), communication.get_group_size()) == (0, 1)
    assert communication.get_process_group_ranks() == [0]
    assert communication.get_world_rank_from_group_rank("hccl_world_group", 0) == 0
    communication.release()
    assert not communication.GlobalComm.INITED
    with pytest.raises(RuntimeError, match="no group 'mine'"):
        communication.get_rank("mine")
    with pytest.raises(TypeError):
        communication.get_rank(3)
    with pytest.raises(RuntimeError):
        communication.init("x")
    from msjax.communication.management import get_rank

    assert get_rank is communication.get_rank


def test_a_kind_of_device_that_is_not_here_is_told_once(capfd):
    if device.devices("TPU"):
        pytest.skip("there is one")
    device._say_absent.cache_clear()
    before = ms.get_context("device_target")
    try:
        ms.set_context(device_target="TPU")
        ms.set_device("TPU")
        ms.set_context(device_target="Ascend")
    finally:
        ms.set_context(device_target=before)
    assert capfd.readouterr().err.count("JAX finds no TPU") == 1
