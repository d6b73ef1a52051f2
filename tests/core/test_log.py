"""`mindspore.log` writes MindSpore's layout to standard error."""

import re

from msjax import log


def test_layout_and_level(capsys):
    log.info("not at the default level")
    log.warning("a %s b", 3)
    said = capsys.readouterr().err
    pattern = r"\[WARNING\] ME\(\d+:\d+,MainProcess\):[\d-]{10}-[\d:]{8}\.\d{3}\.000 \[.*test_log\.py:\d+\] a 3 b\n"
    assert re.fullmatch(pattern, said)
    assert log.get_level() == "2" and log.get_log_config() == {"GLOG_v": "2", "GLOG_logtostderr": "1"}
