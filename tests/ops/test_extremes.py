"""No argument, however empty, huge or extreme, ends the process or keeps it for ever."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SECONDS = 60  # for one call; on a quiet machine the longest takes two
# Where empty, huge and extreme arguments once did harm.
QUICK = """
    ops.mean ops.gcd ops.lcm ops.zeros ops.ones ops.full mint.full numpy.full ops.arange ops.eye ops.tile ops.one_hot
    ops.broadcast_to ops.repeat_interleave ops.pad ops.randn mint.empty ops.scatter_nd ops.diff ops.lrn ops.mvlgamma
    ops.bincount ops.sequence_mask numpy.polyder numpy.polyint
""".split()


def ends(*names: str) -> Iterator[tuple[str, str]]:
    """What `extremes.py` tells of the calls of these operators (of all, if none is named): (call, how it ended) of
    those that neither returned nor raised what MindSpore raises."""
    first = 0
    while first is not None:
        command = [sys.executable, Path(__file__).with_name("extremes.py"), str(first), *names]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            call = ""
            for line in _lines(process):
                if line.startswith("? "):
                    call = line[2:]
                else:
                    yield call, line
            first = None
            if process.wait():
                yield call, f"ended by {process.returncode}"
                first = int(call.split()[0]) + 1


def _lines(process: subprocess.Popen) -> Iterator[str]:
    """The lines of its output; it is killed if it says nothing for long."""
    rest = b""
    while select.select([process.stdout], [], [], SECONDS)[0]:
        told = os.read(process.stdout.fileno(), 1 << 16)
        if not told:
            return
        *lines, rest = (rest + told).split(b"\n")
        yield from map(bytes.decode, lines)
    process.kill()


def test_arguments_that_did_harm():
    assert not list(ends(*QUICK))


@pytest.mark.slow
def test_all_operators():
    assert not list(ends())
