"""Checkpoints while others read, write and die: nothing is lost, no file is met half written."""

import fcntl
import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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


@pytest.mark.parametrize("format", ["ckpt", "safetensors"])
@pytest.mark.parametrize("change", ["shorter", "longer", "other"])
def test_a_file_that_changes_while_it_is_read(folder, format, change):
    path = folder / f"a.{format}"
    weights = [{"name": name, "data": Tensor(np.zeros(100_000, np.float32))} for name in ("v", "w")]
    ms.save_checkpoint(weights, str(path), format=format)
    path.chmod(0o600)

    def changed(name):
        if name == "v":
            if change == "shorter":
                os.truncate(path, 100_000)
            else:
                with path.open("ab" if change == "longer" else "r+b") as file:
                    file.write(bytes(10))
        return True

    with pytest.raises(ValueError, match="while it was read"):
        ms.load_checkpoint(str(path), format=format, choice_func=changed)


_FULL = """
import resource
import numpy as np, msjax as ms
weights = {"w": ms.Tensor(np.ones(100_000, np.float32))}
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
for name in ("old", "new"):
    for format in ("ckpt", "safetensors"):
        try:
            ms.save_checkpoint(weights, f"{name}.{format}", format=format, async_save=name == "new")
        except OSError as error:
            print(error)
"""


def test_a_full_disk_leaves_the_old_file(folder):
    for format in ("ckpt", "safetensors"):
        ms.save_checkpoint({"w": Tensor(1.0)}, "old", format=format)
    told = subprocess.run([sys.executable, "-c", _FULL], capture_output=True, text=True, check=True)
    assert told.stdout.count("can not be written") == 2 and "old.ckpt" in told.stdout
    assert told.stderr.count("Failed to save the checkpoint file") == 2 and "new.ckpt" in told.stderr
    assert sorted(p.name for p in folder.iterdir()) == ["old.ckpt", "old.safetensors"]
    for format in ("ckpt", "safetensors"):
        assert ms.load_checkpoint(f"old.{format}", format=format)["w"].item() == 1.0


_ENDS = """
import atexit, os, signal, sys
import numpy as np, msjax as ms
weights = {"w": ms.Tensor(np.ones(2_000_000, np.float32))}
save = lambda: ms.save_checkpoint(weights, "a.ckpt", async_save=True)
END
"""


@pytest.mark.parametrize(
    "end",
    [
        "save(); 1 / 0",
        "atexit.register(save)",
        *(
            pytest.param(f"save(); {end}", marks=pytest.mark.slow)
            for end in ("", "sys.exit(1)", "raise KeyboardInterrupt")
        ),
    ],
)
def test_a_file_is_whole_however_the_program_ends(folder, end):
    subprocess.run([sys.executable, "-c", _ENDS.replace("END", end)], capture_output=True, check=False)
    assert ms.load_checkpoint("a.ckpt", crc_check=True)["w"].shape == (2_000_000,)
    assert [p.name for p in folder.iterdir()] == ["a.ckpt"]


@pytest.mark.slow
@pytest.mark.parametrize("end", ["os._exit(1)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_program_that_is_ended_leaves_the_former_file_or_the_new_one(folder, end):
    ms.save_checkpoint({"w": Tensor(1.0)}, "a.ckpt")
    subprocess.run([sys.executable, "-c", _ENDS.replace("END", f"save(); {end}")], capture_output=True, check=False)
    assert ms.load_checkpoint("a.ckpt")["w"].shape in ((), (2_000_000,))


@pytest.mark.parametrize("name", ["größe λ\u2028.ckpt", "a\udcff.ckpt", "a" * 250 + ".ckpt", "a b\n'\".ckpt"])
def test_unusual_names(folder, name):
    ms.save_checkpoint({"w": Tensor(2.0)}, name)
    assert ms.load_checkpoint(name)["w"].item() == 2.0
    assert [p.name for p in folder.iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("no/such/a.ckpt", FileNotFoundError), ("file/a.ckpt", NotADirectoryError), ("folder", IsADirectoryError),
        ("folder.ckpt", IsADirectoryError), ("a" * 300, OSError), ("a\0b", ValueError), ("", IsADirectoryError),
    ],
)  # fmt: skip
def test_files_that_can_not_be(folder, name, error):
    (folder / "file").write_text("")
    (folder / "folder.ckpt").mkdir()
    before = sorted(folder.iterdir())
    with pytest.raises(error):
        ms.save_checkpoint({"w": Tensor(1.0)}, name)
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("kind", [os.mkdir, os.mkfifo, lambda path: Path(path).write_bytes(b"")])
def test_what_is_no_file_of_values(folder, kind):
    kind("a.ckpt")
    with pytest.raises(ValueError, match=r"a\.ckpt"):
        ms.load_checkpoint("a.ckpt")


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
