"""The launcher: its arguments, and how everything ends when one process does."""

import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import msjax as ms
from msjax.alias import launch as launcher

from .conftest import ENVIRONMENT, PROGRAMS


@pytest.mark.parametrize(
    "words, message",
    [
        (["-n", "0", "a.py"], "must be positive"),
        (["-n", "2", "--local_worker_num", "3", "a.py"], "at most as large"),
        (["-n", "4", "--local_worker_num", "2", "a.py"], "--node_rank"),
        (["-n", "4", "--local_worker_num", "2", "--node_rank", "0", "a.py"], "--master_port"),
        (["-n", "4", "--local_worker_num", "2", "--node_rank", "2", "--master_port", "5000", "a.py"], "beyond"),
        (["-n", "2"], "task_script"),
        (["-n", "2", "--devices", "4", "a.py"], "for 8 devices give -n 8"),
    ],
)
def test_arguments(words, message, capsys):
    with pytest.raises(SystemExit):
        launcher.main(words)
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "words, command",
    [
        (["-n", "2", "train.py", "-m", "resnet", "-n", "5"], ["train.py", "-m", "resnet", "-n", "5"]),
        (["--worker_num=2", "--join=True", "-m", "package.train", "-n", "5"], ["-m", "package.train", "-n", "5"]),
    ],
)
def test_what_each_process_runs(words, command, monkeypatch, tmp_path):
    seen = []

    class Crew(launcher.Crew):
        def start(self, rank, local, log, shown):
            seen.append((rank, local, self._command, self._environment["MS_WORKER_NUM"], shown))

    monkeypatch.setattr(launcher, "Crew", Crew)
    assert launcher.main(["--log_dir", str(tmp_path), *words]) == 0
    assert seen == [(0, 0, command, "2", True), (1, 1, command, "2", False)]


def test_one_process_that_is_killed_ends_the_others(launch, tmp_path):
    begin = time.monotonic()
    status, printed, logs = launch(2, "ends.py", "killed", "0")
    assert status == 128 + signal.SIGKILL
    assert "rank 1 was killed by SIGKILL; the others are ended" in printed
    assert "rank 0 is ended, because rank 1 was killed by SIGKILL" in logs[0] or "Connection" in logs[0]
    assert time.monotonic() - begin < 60
    assert {*ms.load_checkpoint(str(tmp_path / "last.ckpt"))} == {"weight", "bias"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "way, told",
    [
        ("raises", "ValueError: no more"),
        ("shorter", "Rank 1: the sum of float64[1]"),
        ("leaves", "the end of the program"),
        ("vanishes", "after [1] had ended"),
    ],
)
def test_other_ways_to_end(launch, way, told):
    status, printed, _ = launch(2, "ends.py", way, "0")
    assert status == 1
    assert told in printed


@pytest.mark.slow
@pytest.mark.parametrize(
    "way, told",
    [
        ("groups", "Rank 0: the sum of float32[2], which is exchange 5 among the processes 0,1"),
        ("sizes", "which is exchange 9 among all processes"),
        ("made", "The group 'two' must be the same for all"),
        ("exits", "rank 1 ended with status 0, but without the others"),
        ("stops", "rank 1 is stopped, so that the others miss it"),
    ],
)
def test_processes_that_do_not_do_the_same(launch, way, told, monkeypatch):
    if way == "stops":
        monkeypatch.setitem(ENVIRONMENT, "MSJAX_HEARTBEAT_TIMEOUT", "5")
    begin = time.monotonic()
    status, printed, _ = launch(3, "orders.py", way)
    assert status and told in printed
    assert time.monotonic() - begin < 90


@pytest.mark.slow
def test_killed_at_any_time(launch, tmp_path):
    rng = np.random.default_rng(0)
    for _ in range(50):
        status, printed, logs = launch(2, "ends.py", "killed", str(rng.uniform(0, 2)))
        assert status == 128 + signal.SIGKILL and "rank 1 was killed" in printed
        assert time.time() - float(re.findall(r"ends at (\S+)", logs[1])[0]) < 30
        assert {*ms.load_checkpoint(str(tmp_path / "last.ckpt"))} == {"weight", "bias"}


# pytest may have been started in the background, where Ctrl-C is ignored.
LAUNCHER = """
import signal, sys
from msjax.alias.launch import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_launcher(number, tmp_path):
    words = [sys.executable, "-c", LAUNCHER, "-n", "2", "--log_dir", str(tmp_path)]
    process = subprocess.Popen(
        [*words, str(PROGRAMS / "ends.py"), "killed", "1000"], env=ENVIRONMENT, text=True, cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    while "going" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(number)
    assert process.wait(30) == (-number if number == signal.SIGKILL else 128 + number)
    process.stdout.read()  # which ends when nobody is left that could write
    process.stdout.close()
    assert os.path.getsize(tmp_path / "worker_0.log")
