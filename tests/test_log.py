"""`mindspore.log` writes MindSpore's layout to standard error."""

import os
import re
import subprocess
import sys

import pytest

from msjax import log


def test_layout_and_level(capsys, monkeypatch):
    log.info("not at the default level")
    log.warning("a %s b", 3)
    said = capsys.readouterr().err
    pattern = r"\[WARNING\] ME\(\d+:\d+,MainProcess\):[\d-]{10}-[\d:]{8}\.\d{3}\.000 \[.*test_log\.py:\d+\] a 3 b\n"
    assert re.fullmatch(pattern, said)
    monkeypatch.setenv("GLOG_v", "0")  # too late
    assert log.get_level() == "2" and log.get_log_config() == {"GLOG_v": "2", "GLOG_logtostderr": "1"}


PROGRAM = """
from msjax import log
log.debug("d %s", 1), log.info("i"), log.warning("w %s", "x"), log.error("e"), log.critical("c")
print(log.get_level())
"""


@pytest.mark.parametrize("level, heard", [(None, "wec"), ("0", "diwec"), ("3", "ec")])
def test_the_environment_says_what_is_heard(level, heard):
    environment = {k: v for k, v in os.environ.items() if k != "GLOG_v"} | ({"GLOG_v": level} if level else {})
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == f"{level or 2}\n"
    assert "".join(line.split("] ")[-1][0] for line in done.stderr.splitlines()) == heard


LOGGING = """
import logging
logging.basicConfig(level=logging.DEBUG)
import msjax as ms
ms.jit(lambda x: x + 1)(ms.Tensor([1.0]))
logging.debug("mine")
"""


def test_a_log_of_the_users_holds_nothing_of_jax():
    done = subprocess.run([sys.executable, "-c", LOGGING], capture_output=True, text=True, check=True)
    assert done.stderr == "DEBUG:root:mine\n"
