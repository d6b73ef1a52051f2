"""One process on eight devices: the tests in `eight`, in a process of their own, since JAX makes its devices once."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def test_on_eight_devices():
    env = {**os.environ, "PYTHONPATH": str(ROOT), "JAX_PLATFORMS": "cpu", "JAX_NUM_CPU_DEVICES": "8"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-o", "python_files=*.py", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, str(HERE / "eight")], capture_output=True, text=True, env=env, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
