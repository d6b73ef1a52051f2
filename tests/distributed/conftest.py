"""Programs in several processes on this host."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).with_name("programs")
ENVIRONMENT = {**os.environ, "JAX_PLATFORMS": "cpu", "MSJAX_EXCHANGE_TIMEOUT": "60"}


@pytest.fixture
def launch(tmp_path):
    """Runs a program in so many processes; its exit status, what it printed, and the logs by rank."""

    def run(count: int, program: str, *arguments: str):
        words = [sys.executable, "-m", "msjax.launch", "-n", str(count), "--log_dir", str(tmp_path)]
        done = subprocess.run(
            [*words, str(PROGRAMS / program), *arguments], env=ENVIRONMENT, text=True, timeout=300,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=tmp_path, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, [(tmp_path / f"worker_{rank}.log").read_text() for rank in range(count)]

    return run
