"""Checkpoints while others read, write and die: nothing is lost, no file is met half written."""

import fcntl
import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


_WRITER = """
import sys
import numpy as np
from msjax.train.checkpoint import files

path, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for k in range(count):
    files.write(path, "ckpt", {"w": np.full(size, k, np.float32)}, True)
    if k == 0:
        print(k, flush=True)
"""


def _writer(path, count: int, size: int) -> subprocess.Popen:
    """It says so when it has written once."""
    command = [sys.executable, "-c", _WRITER, path, str(count), str(size)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE)
    with writer.stdout:
        writer.stdout.readline()
    return writer


def _saves_that_are_read(folder, threads: int, processes: int, each: int) -> None:
    """All write one file, which is read all the while."""
    path = str(folder / "a.ckpt")

    def write(k):
        for _ in range(each):
            ms.save_checkpoint([{"name": "w", "data": Tensor(np.full(50_000, k, np.float32))}], path, crc_check=True)

    write(0)
    others = [_writer(path, each, 50_000) for _ in range(processes)]
    with ThreadPoolExecutor(threads) as pool:
        writing = [pool.submit(write, k) for k in range(threads)]
        while not all(one.done() for one in writing) or any(one.poll() is None for one in others):
            values = ms.load_checkpoint(path, crc_check=True)["w"].asnumpy()
            assert values.shape == (50_000,) and (values == values[0]).all()
    assert [one.result() for one in writing] == [None] * threads and not any(one.wait() for one in others)
    assert [p.name for p in folder.iterdir()] == ["a.ckpt"]


def test_every_read_is_whole(folder):
    _saves_that_are_read(folder, threads=4, processes=1, each=6)


@pytest.mark.slow
def test_every_read_of_a_thousand_saves_is_whole(folder):
    _saves_that_are_read(folder, threads=4, processes=2, each=167)


def _kills(folder, count: int) -> None:
    """Writers are killed at any moment; then the file is whole, and the next writer removes what they left."""
    path, draw = str(folder / "a.ckpt"), random.Random(count)
    ms.save_checkpoint({"w": Tensor(np.zeros(10, np.float32))}, path)
    for _ in range(count):
        writer = _writer(path, 10_000, 500_000)
        time.sleep(draw.uniform(0, 0.02))
        writer.kill()
        writer.wait()
        values = ms.load_checkpoint(path, crc_check=True)["w"].asnumpy()
        assert values.size == 500_000 and (values == values[0]).all()
    for left in folder.glob(".msjax-*"):
        os.utime(left, (0, 0))
    ms.save_checkpoint({"w": Tensor(1.0)}, path)
    assert [p.name for p in folder.iterdir()] == ["a.ckpt"]


def test_killed_writers(folder):
    _kills(folder, 1)


@pytest.mark.slow
def test_two_hundred_killed_writers(folder):
    _kills(folder, 200)


def test_files_that_are_being_written_are_left_alone(folder):
    left, written, new = (folder / f".msjax-{name}.tmp" for name in ("left", "written", "new"))
    for path in (left, written, new):
        path.write_text("")
    for path in (left, written):
        os.utime(path, (0, 0))
    with written.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        ms.save_checkpoint({"w": Tensor(1.0)}, "a.ckpt")
    assert not left.exists() and written.exists() and new.exists()


@pytest.mark.slow
def test_saving_needs_little_memory(folder):
    """At most 1.2 times what is saved, beside that."""
    program = """
import resource
import numpy as np, msjax as ms
w = ms.Tensor(np.ones(2**28, np.float32))
ms.save_checkpoint({"a": ms.Tensor(1.0)}, "a.ckpt")
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
ms.save_checkpoint({"w": w}, "w", format=FORMAT)
print((peak() - before) / 2**30)
"""
    for format in ("ckpt", "safetensors"):
        command = [sys.executable, "-c", program.replace("FORMAT", repr(format))]
        assert float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) < 1.2
