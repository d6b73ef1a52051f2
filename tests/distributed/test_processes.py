"""Several processes: what they exchange, what they train, and what they are told when they do something wrong."""

import pytest


@pytest.mark.parametrize("count, program", [(2, "exchanges.py"), (2, "mistakes.py"), (4, "training.py")])
def test_processes_agree_with_one(launch, count, program):
    status, printed, logs = launch(count, program)
    assert status == 0, printed
    assert all(f"all is well {rank}" in log for rank, log in enumerate(logs))
