"""The device that Tensors are made on; streams; settings without effect."""

import pytest

import msjax as ms
from msjax import Tensor
from msjax.core import context


def test_targets_are_accepted_and_reported():
    for target in ("Ascend", "GPU", "TPU", "CPU"):
        ms.set_device(target)
        assert ms.get_current_device() == (target, 0)
        assert ms.get_context("device_target") == target
        assert Tensor([1.0]).asnumpy() == 1.0
    ms.set_context(device_target="CPU", device_id=3)  # the number is without meaning for the CPU, as in MindSpore
    assert ms.get_current_device() == ("CPU", 3)
    assert "device_target" not in context.ignored()


def test_wrong_devices_are_refused():
    with pytest.raises(ValueError, match="'device_target' must be one of"):
        ms.set_device("abacus")
    with pytest.raises(ValueError, match="'device_id' must be in range"):
        ms.set_device("CPU", -1)
    with pytest.raises(TypeError, match="'device_id' must be"):
        ms.set_device("CPU", "1")


def test_a_tensor_is_made_on_the_chosen_device_and_stays(run_python, monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_force_host_platform_device_count=2")
    code = """
import msjax as ms
a = ms.Tensor([1.0])
ms.set_device("CPU", 1)
b = ms.Tensor([2.0])
print(a._array.device.id, b._array.device.id, (b + b)._array.device.id, ms.get_current_device())
"""
    assert run_python(code).strip() == "0 1 1 ('CPU', 1)"


def test_choosing_the_cpu_starts_no_device(run_python):
    code = "import msjax as ms, jax; ms.set_context(device_target='CPU'); "
    code += "from jax._src import xla_bridge; print(bool(xla_bridge._backends))"
    assert run_python(code).strip() == "False"


def test_a_device_is_initialized_when_it_is_used(run_python):
    code = "import msjax as ms; print(ms.hal.is_initialized('CPU')); ms.Tensor([1.0]); "
    code += "print(ms.hal.is_initialized('CPU'), ms.hal.is_initialized('Ascend'))"
    assert run_python(code).split() == ["False", "True", "False"]


def test_memory_statistics():
    keep = Tensor([1.0] * 1000)
    for room in (ms.runtime, ms.hal):
        stats = room.memory_stats()
        assert stats["common_mem_pool_stats"] == {"block_unit_size": 0, "block_counts": 0, "blocks_info": {}}
        assert stats["total_reserved_memory"] >= stats["total_allocated_memory"] >= 0
        assert room.max_memory_allocated() >= room.memory_allocated() == stats["total_allocated_memory"]
        assert room.max_memory_reserved() >= room.memory_reserved()
        for reset in ("reset_peak_memory_stats", "reset_max_memory_allocated", "reset_max_memory_reserved"):
            getattr(room, reset)()
        assert "total_idle_memory" in room.memory_summary()
    assert ms.hal.memory_allocated("Ascend") == 0
    assert keep.shape == (1000,)


def test_properties_of_devices():
    assert ms.hal.get_device_properties(0)["name"] == ms.hal.get_device_name(0)
    assert ms.hal.get_device_capability(0, "CPU") is None and ms.hal.get_arch_list("CPU") is None
    with pytest.raises(ValueError, match="there are 0 devices, but got the number 0"):
        ms.hal.get_device_name(0, "Ascend")


def test_streams_and_events():
    stream, begin, end = ms.runtime.Stream(), ms.runtime.Event(enable_timing=True), ms.hal.Event(enable_timing=True)
    begin.record()
    with ms.runtime.StreamCtx(stream):
        assert ms.runtime.current_stream() == stream
        y = Tensor([1.0]) + 1
    stream.record_event(end)
    stream.wait_event(end)
    stream.synchronize()
    assert y.asnumpy() == 2 and stream.query() and end.query()
    assert begin.elapsed_time(end) > 0
    assert repr(stream).startswith("Stream(device_name=CPU, device_id:0, stream id:")
    assert ms.runtime.default_stream() == ms.hal.communication_stream() == ms.hal.default_stream()
    with pytest.raises(RuntimeError, match="enable_timing"):
        ms.runtime.Event().elapsed_time(end)
    with pytest.raises(TypeError, match="'stream' must be Stream"):
        ms.runtime.set_cur_stream(3)
    with pytest.raises(TypeError, match="For 'record', the 'stream' must be Stream"):
        ms.runtime.Event().record(3)


def test_settings_are_noted():
    from msjax.device_context.ascend.op_precision import precision_mode

    precision_mode("allow_fp32_to_fp16")
    ms.device_context.ascend.op_tuning.aclnn_cache(enable_global_cache=True)
    ms.device_context.gpu.op_precision.matmul_allow_tf32(True)
    ms.device_context.cpu.op_tuning.threads_num(4)
    ms.runtime.set_memory(max_size="10GB")
    noted = context.ignored()
    assert noted["ascend.op_precision.precision_mode"] == "allow_fp32_to_fp16"
    assert noted["ascend.op_tuning.aclnn_cache"] == {"enable_global_cache": True, "cache_queue_length": 10000}
    assert noted["gpu.op_precision.matmul_allow_tf32"] is True and noted["cpu.op_tuning.threads_num"] == 4
    assert noted["runtime.set_memory"]["max_size"] == "10GB"
    assert ms.device_context.cpu.is_available() and ms.device_context.cpu.device_count() >= 1
    assert not ms.device_context.ascend.is_available() and not ms.device_context.gpu.device.device_count()
    with pytest.raises(TypeError):
        precision_mode()


def test_settings_under_mindspores_name(run_python):
    code = "import msjax; msjax.install_as('mindspore')\n"
    code += "from mindspore.device_context.ascend import op_debug\n"
    code += "import mindspore.device_context.gpu.op_tuning as t\n"
    code += "op_debug.execute_timeout(3); print(t.conv_fprop_algo('normal'))"
    assert run_python(code).strip() == "None"
