"""Summaries, as TensorBoard reads them."""

import json
import re
import subprocess
import sys
import time
import urllib.request

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

import msjax as ms
from msjax import Tensor, nn, ops, train
from msjax.ops.control import summaries

IMAGES = Tensor(np.linspace(0, 1, 2 * 3 * 4 * 4, dtype=np.float32).reshape(2, 3, 4, 4))
DATA = [(ops.ones((4, 2)), ops.zeros((4, 1)))] * 6


def read(path) -> EventAccumulator:
    events = EventAccumulator(str(path), size_guidance={"scalars": 0, "histograms": 0, "images": 0, "tensors": 0})
    return events.Reload()


def scalars(events, tag) -> list:
    return [(event.step, round(event.value, 4)) for event in events.Scalars(tag)]


class Net(nn.Cell):
    """Gives away a number, a Tensor, a distribution and images."""

    def __init__(self):
        super().__init__()
        self.dense = nn.Dense(2, 1)
        self.scalar, self.tensor = ops.ScalarSummary(), ops.TensorSummary()
        self.histogram, self.image = ops.HistogramSummary(), ops.ImageSummary()

    def construct(self, x):
        y = self.dense(x)
        self.scalar("sum", y.sum())
        self.tensor("y", y)
        self.histogram("distribution", y)
        self.image("images", IMAGES)
        return y


def test_tensorboard_reads_what_a_record_has(tmp_path):
    net = Net()
    with ms.SummaryRecord(str(tmp_path), network=net) as record:
        for step in range(3):
            y = net(DATA[0][0])
            record.add_value("scalar", "added", Tensor(step / 2))
            assert record.record(step)
        assert record.log_dir.startswith(str(tmp_path))
        assert record.log_dir.endswith("_MS")
    events = read(tmp_path)
    assert scalars(events, "added") == [(0, 0.0), (1, 0.5), (2, 1.0)]
    assert scalars(events, "sum") == [(step, round(float(y.sum()), 4)) for step in range(3)]
    assert [h.histogram_value.num for h in events.Histograms("distribution")] == [4, 4, 4]
    assert events.Images("images")[0].encoded_image_string.startswith(b"\x89PNG")
    assert np.array_equal(tensor_util.make_ndarray(events.Tensors("y")[2].tensor_proto), y.asnumpy())
    (text,) = events.Tensors("network/text_summary")
    assert b"Dense" in text.tensor_proto.string_val[0]


@pytest.mark.parametrize("inputs", [[4, 4, 4, 4], [4, 4, 3, 3, 4]], ids=["one shape", "two shapes"])
def test_compiled_and_eager_steps_give_the_same_records(inputs):
    found = {}
    try:
        for mode in ("auto", "off"):
            ms.set_compile(mode)
            ms.set_seed(3)
            net = Net()
            step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.SGD(net.trainable_params(), 0.1))
            summaries.taken()
            found[mode] = []
            for n in inputs:
                step(ops.ones((n, 2)), ops.zeros((n, 1)))
                found[mode].append(summaries.taken())
    finally:
        ms.set_compile("auto")
    for compiled, eager in zip(found["auto"], found["off"], strict=True):
        assert [(kind, name) for kind, name, _ in compiled] == [(kind, name) for kind, name, _ in eager]
        assert all(np.allclose(a, b, rtol=1e-6) for (*_, a), (*_, b) in zip(compiled, eager, strict=True))
        assert {name for _, name, _ in eager} == {"sum", "y", "distribution", "images"}


def test_a_step_with_summaries_is_compiled():
    net = Net()
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.SGD(net.trainable_params(), 0.1))
    for _ in range(3):
        step(*DATA[0])
    assert any("Net.construct" in line and "compiled" in line for line in str(ms.explain()).splitlines())


def test_what_other_transforms_hold_is_left_alone():
    import jax

    summaries.taken()
    jax.jit(lambda a: (ops.ScalarSummary()("traced", Tensor(a)), a)[1])(1.0)
    assert summaries.taken() == []
    assert ms.vmap(lambda x: (ops.ScalarSummary()("sliced", x), x * 2)[1])(Tensor([1.0, 2.0])).asnumpy().tolist() == [
        2,
        4,
    ]
    assert summaries.taken() == []
    ms.jit(lambda x: (ops.ScalarSummary()("asked", x.sum()), x)[1])(Tensor([1.0, 2.0]))
    ms.grad(lambda x: (ops.ScalarSummary()("of a gradient", x.sum()), x.sum())[1])(Tensor([1.0, 2.0]))
    assert [(name, float(value)) for _, name, value in summaries.taken()] == [("asked", 3.0), ("of a gradient", 3.0)]


def test_filters_modes_and_sizes(tmp_path):
    net = Net()
    with ms.SummaryRecord(str(tmp_path / "filtered")) as record:
        net(DATA[0][0])
        record.record(1, plugin_filter=lambda plugin: plugin == "histogram")
        record.set_mode("eval")
        net(DATA[0][0])
        record.record(2)
    events = read(tmp_path / "filtered")
    assert (events.Tags()["scalars"], events.Tags()["histograms"]) == ([], ["distribution"])
    assert [h.step for h in events.Histograms("distribution")] == [1]
    with ms.SummaryRecord(str(tmp_path / "small"), max_file_size=300) as record:
        written = []
        for step in range(9):
            record.add_value("scalar", "x", Tensor(1.0))
            written.append(record.record(step))
    assert written == sorted(written, reverse=True)
    assert len(read(tmp_path / "small").Scalars("x")) == sum(written) < 9


def test_what_was_recorded_is_in_the_file_after_flush(tmp_path):
    """Also a distribution with values beyond TensorBoard's own bins."""
    with ms.SummaryRecord(str(tmp_path)) as record:
        for step in range(200):
            record.add_value("histogram", "x", Tensor([1.0, 3e38, -3e38, 0.0]))
            record.record(step)
        record.flush()
        histograms = read(tmp_path).Histograms("x")
    assert [h.step for h in histograms] == [*range(200)]
    assert sum(histograms[-1].histogram_value.bucket) == 4


def test_one_record_after_the_other_in_a_second(tmp_path):
    for _ in range(2):
        with ms.SummaryRecord(str(tmp_path), file_suffix="_a[1]") as record:
            assert record.log_dir.endswith("_a[1]")
            record.add_value("scalar", "x", Tensor(1.0))
            record.record(1)
    assert [read(path).Scalars("x")[0].value for path in tmp_path.iterdir()] == [1.0, 1.0]


def test_tensors_as_files(tmp_path):
    with ms.SummaryRecord(str(tmp_path), export_options={"tensor_format": "npy"}) as record:
        record.add_value("tensor", "a/b", Tensor([1.0, 2.0]))
        record.record(3)
    (file,) = tmp_path.glob("export_*/tensor/a_b_3.npy")
    assert np.load(file).tolist() == [1.0, 2.0]


def test_values_that_are_no_numbers_are_left_out(tmp_path, capsys):
    with ms.SummaryRecord(str(tmp_path)) as record:
        record.add_value("histogram", "h", Tensor([1.0, np.nan, np.inf, 2.0]))
        record.add_value("histogram", "none", Tensor([np.nan]))
        record.add_value("image", "i", Tensor(np.full((1, 1, 2, 2), 200.0, np.float32)))
        record.record(0)
    events = read(tmp_path)
    assert events.Histograms("h")[0].histogram_value.num == 2
    assert events.Tags()["histograms"] == ["h"]
    assert "not finite" in capsys.readouterr().err


def test_the_collector(tmp_path):
    net = Net()
    model = train.Model(net, nn.MSELoss(), nn.Momentum(net.trainable_params(), 0.1, 0.9), {"mae"})
    collector = train.SummaryCollector(str(tmp_path), collect_freq=5, custom_lineage_data={"run": "first", "number": 3})
    history = []

    class Losses(train.Callback):
        def on_train_step_end(self, run_context):
            now = run_context.original_args()
            history.append((now.cur_step_num, round(float(now.net_outputs), 4)))

    model.fit(2, DATA, DATA[:2], callbacks=[collector, Losses()])
    events = read(tmp_path)
    assert scalars(events, "loss/auto") == [(step, loss) for step, loss in history if step in (1, 5, 10)]
    assert [step for step, _ in scalars(events, "sum")] == [1, 5, 10]
    assert [step for step, _ in scalars(events, "mae/eval")] == [6, 12]
    assert [h.step for h in events.Histograms("dense.weight/auto")] == [1, 5, 10]
    tags = [tag for tag in events.Tags()["tensors"] if tag.endswith("/text_summary")]
    texts = {tag: events.Tensors(tag)[0].tensor_proto.string_val[0].decode() for tag in tags}
    assert "Momentum" in texts["train_lineage/text_summary"]
    assert '"number": 3' in texts["custom_lineage_data/text_summary"]
    assert "Dense" in texts["network/text_summary"]


def test_the_collector_collects_what_it_is_told(tmp_path):
    net = Net()
    model = train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
    asked = {"collect_metric": False, "histogram_regular": ".*bias"}
    collector = train.SummaryCollector(
        str(tmp_path), collect_freq=6, collect_specified_data=asked, keep_default_action=False, collect_tensor_freq=2
    )
    model.train(1, DATA, callbacks=collector)
    events = read(tmp_path)
    assert sorted(events.Tags()["histograms"]) == ["dense.bias/auto", "distribution"]
    assert events.Tags()["scalars"] == ["sum"]
    assert [t.step for t in events.Tensors("y")] == [1, 2, 4, 6]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: ops.ScalarSummary()("", Tensor(1.0)), ValueError),
        (lambda: ops.ScalarSummary()(1, Tensor(1.0)), TypeError),
        (lambda: ops.ScalarSummary()("a", "b"), TypeError),
        (lambda: ops.ScalarSummary()("a", Tensor([[1.0]])), ValueError),
        (lambda: ops.ImageSummary()("a", IMAGES[0]), ValueError),
        (lambda: ms.SummaryRecord(3), TypeError),
        (lambda: ms.SummaryRecord("x", network=3), TypeError),
        (lambda: ms.SummaryRecord("x", export_options={"tensor_format": "x"}), ValueError),
        (lambda: ms.SummaryCollector("x", collect_freq=0), ValueError),
        (lambda: ms.SummaryCollector("x", collect_specified_data={"x": 1}), ValueError),
        (lambda: ms.SummaryCollector("x", collect_specified_data={"collect_metric": 1}), TypeError),
        (lambda: ms.SummaryCollector("x", custom_lineage_data={1: 1}), TypeError),
        (lambda: ms.SummaryCollector(3), TypeError),
    ],
)
def test_what_is_refused(call, error, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error):
        call()


def test_what_a_record_refuses(tmp_path, capsys):
    with ms.SummaryRecord(str(tmp_path)) as record:
        for wrong, error in [
            (("x", "a", Tensor(1.0)), ValueError),
            (("scalar", "a", 1.0), TypeError),
            (("scalar", 3, Tensor(1.0)), ValueError),
            (("scalar", "a", Tensor([[1.0]])), ValueError),
            (("image", "a", IMAGES[0]), ValueError),
        ]:
            with pytest.raises(error):
                record.add_value(*wrong)
        with pytest.raises(TypeError):
            record.record("a")
        with pytest.raises(TypeError):
            record.record(1, 3)
        with pytest.raises(ValueError, match="mode"):
            record.set_mode("x")
        with pytest.raises(RuntimeError, match="one"):
            ms.SummaryRecord(str(tmp_path))
    assert not record.record(1)
    assert "closed" in capsys.readouterr().err


@pytest.mark.slow
def test_tensorboard_serves_them(tmp_path):
    """Its own server, as a browser asks it."""
    net = Net()
    with ms.SummaryRecord(str(tmp_path), network=net) as record:
        for step in range(3):
            net(DATA[0][0])
            record.add_value("scalar", "added", Tensor(step / 2))
            record.record(step)
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(tmp_path), "--port", "0", "--load_fast=false"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            (port,) = next(found for line in server.stdout if (found := re.findall(r"http://[^/]*:(\d+)/", line)))

            def get(path: str) -> bytes:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/data/{path}", timeout=60) as answer:
                    return answer.read()

            end = time.monotonic() + 60
            while not (runs := json.loads(get("runs"))) and time.monotonic() < end:
                time.sleep(0.2)
            (run,) = runs
            points = json.loads(get(f"plugin/scalars/scalars?run={run}&tag=added"))
            assert [point[1:] for point in points] == [[0, 0.0], [1, 0.5], [2, 1.0]]
            assert set(json.loads(get("plugin/scalars/tags"))[run]) == {"added", "sum"}
            image = json.loads(get(f"plugin/images/images?run={run}&tag=images&sample=0"))[0]
            assert get(f"plugin/images/individualImage?{image['query']}").startswith(b"\x89PNG")
            assert len(json.loads(get(f"plugin/histograms/histograms?run={run}&tag=distribution"))) == 3
            assert b"Dense" in get(f"plugin/text/text?run={run}&tag=network%2Ftext_summary")
        finally:
            server.terminate()
