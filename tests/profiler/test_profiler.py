"""Profilers: what is recorded, when, and what the files say to JAX's own reader and as JSON."""

import gzip
import json
import sys
from pathlib import Path

import jax
import pytest

import msjax as ms
from msjax import nn, ops, profiler
from msjax.alias import older
from msjax.profiler import trace


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def work():
    x = ops.ones((50, 50))
    return ops.matmul(x, x).asnumpy()


def names(path) -> list[str]:
    with gzip.open(trace.latest(path), "rt") as file:
        return [event.get("name") for event in json.load(file)["traceEvents"]]


def test_the_operators_that_took_longest_are_printed(capsys):
    recorder = ms.Profiler(output_path="here")
    work()
    recorder.analyse()
    said = capsys.readouterr().out
    assert said.startswith("here/plugins/profile/")
    assert "(jit_matmul)" in said
    (row,) = (row for row in trace.operators(trace.latest(recorder.path)) if row.program == "jit_matmul")
    assert row.calls == 1
    assert row.milliseconds > 0
    assert json.loads(recorder.op_analyse(row.operator))[row.operator][0]["program"] == "jit_matmul"
    ms.Profiler.offline_analyse("here")
    assert capsys.readouterr().out == said


def test_jax_reads_the_file_for_tensorboard():
    with profiler.profile() as recorder:
        work()
    (file,) = recorder.path.glob("*.xplane.pb")
    events = [e.name for p in jax.profiler.ProfileData.from_file(str(file)).planes for s in p.lines for e in s.events]
    assert "step" in events


def test_marks_are_in_the_trace():
    with profiler.profile() as recorder:
        number = profiler.mstx.range_start("the work", domain="mine")
        work()
        profiler.mstx.mark("done")
        profiler.mstx.range_end(number, domain="mine")
    assert {"mine: the work", "done"} <= set(names(recorder.path))
    assert profiler.mstx.range_start(3) == 0


# As MindSpore 2.10.0 answers.
@pytest.mark.parametrize(
    ("plan", "actions"),
    [
        (dict(wait=1, warmup=1, active=2, repeat=2, skip_first=1), "NNWRSNWRSNNN"),
        (dict(wait=0, active=1), "SSSSSSSSSSSS"),
        (dict(wait=0, active=2, warmup=1, repeat=1), "WRSNNNNNNNNN"),
        (dict(wait=-1, active=0), "SSSSSSSSSSSS"),
    ],
)
def test_schedules(plan, actions):
    letters = {"NONE": "N", "WARM_UP": "W", "RECORD": "R", "RECORD_AND_SAVE": "S"}
    plan = profiler.schedule(**plan)
    assert "".join(letters[plan(step).name] for step in range(len(actions))) == actions
    with pytest.raises(ValueError, match="step"):
        plan(-1)


def test_a_schedule_gives_a_trace_for_each_round():
    seen = []
    plan = profiler.schedule(wait=1, active=2, repeat=2)
    with profiler.profile(schedule=plan, on_trace_ready=lambda p: seen.append(p.path)) as recorder:
        for step in range(8):
            profiler.mstx.mark(f"step {step}")
            recorder.step()
    assert len(set(seen)) == 2
    marked = [{name for name in names(path) if name and name.startswith("step ")} for path in seen]
    assert marked == [{"step 1", "step 2"}, {"step 4", "step 5"}]


def test_traces_go_where_tensorboard_looks(capsys):
    with profiler.profile(on_trace_ready=profiler.tensorboard_trace_handler("logs", "me")) as recorder:
        work()
    assert sorted(p.name for p in recorder.path.iterdir()) == ["me.trace.json.gz", "me.xplane.pb"]
    assert recorder.path.as_posix().startswith("logs/plugins/profile/")
    assert "jit_matmul" in capsys.readouterr().out


def test_a_handler_may_be_called_by_another():
    def handler(recorder):
        profiler.tensorboard_trace_handler("elsewhere", analyse_flag=False)(recorder)

    with profiler.profile(on_trace_ready=handler):
        work()
    assert trace.latest(Path("elsewhere"))


def test_metadata_and_memory_are_beside_the_trace():
    recorder = profiler.profile(profile_memory=True)
    recorder.add_metadata("who", "me")
    recorder.add_metadata_json("sizes", "[1, 2]")
    recorder.add_metadata_json("sizes", "[1")
    recorder.stop()
    assert json.loads((recorder.path / "profiler_metadata.json").read_text()) == {"who": "me", "sizes": [1, 2]}
    assert (recorder.path / "memory.prof").stat().st_size


def test_one_at_a_time():
    with profiler.profile(), pytest.raises(RuntimeError, match="one"):
        ms.Profiler()
    with ms.Profiler(start_profile=False) as recorder:
        work()
    assert recorder.path is not None


def test_what_inner_runs_took_is_not_counted_twice():
    line = [
        {"ts": 0.0, "dur": 10.0, "args": {"hlo_op": "while"}},
        {"ts": 1.0, "dur": 4.0, "args": {"hlo_op": "dot"}},
        {"ts": 5.0, "dur": 4.0, "args": {"hlo_op": "dot"}},
        {"ts": 12.0, "dur": 1.0, "args": {"hlo_op": "add"}},
    ]
    assert [own for _, own in trace._own_times(line)] == [2.0, 4.0, 4.0, 1.0]


def test_a_file_switches_the_monitor_on(capsys):
    monitor = profiler.DynamicProfilerMonitor("config", "traces")
    file = Path("config/profiler_config.json")
    file.write_text(json.dumps(json.loads(file.read_text()) | {"start_step": 2, "stop_step": 3, "analyse_mode": 0}))
    net = nn.Dense(2, 1)
    model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
    model.train(2, [(ops.zeros((4, 2)), ops.zeros((4, 1)))] * 2, callbacks=monitor)
    assert capsys.readouterr().out.startswith("traces/plugins/profile/")
    assert names(Path("traces")).count("step") >= 2


def test_the_paths_that_programs_import_from(monkeypatch):
    from msjax.profiler.common.constant import ProfilerLevel

    monkeypatch.delitem(sys.modules, "msjax.profiler.profiling", raising=False)  # another test may have come this way
    monkeypatch.setattr(older, "_warned", set())

    with pytest.warns(FutureWarning, match="older release"):
        from msjax.profiler.profiling import Profiler

    assert ms.Profiler is profiler.Profiler is Profiler
    assert ProfilerLevel is profiler.ProfilerLevel
