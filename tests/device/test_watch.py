"""What the thread finds that watches processes, with a dictionary as their store."""

import json

import pytest

from msjax.device.communication import cluster, group, watch
from msjax.device.communication.agreement import Waiting
from msjax.device.communication.group import Group


class Agreement:
    """What one process knows of a group."""

    def __init__(self, name, ranks, begun, waiting=None, marks=None):
        self.name, self.ranks, self.begun, self.marks = name, ranks, begun, marks or {}
        self._waiting = waiting and Waiting(begun, waiting, -1000.0, True)

    def waiting(self):
        return self._waiting


class Ended(BaseException):
    pass


@pytest.fixture
def store(monkeypatch):
    texts: dict[str, str] = {}
    monkeypatch.setattr(watch.distributed, "tell", texts.__setitem__)
    monkeypatch.setattr(watch.distributed, "heard", texts.get)

    def end(reason):
        raise Ended(reason)

    monkeypatch.setattr(watch, "end", end)
    return texts


def look(monkeypatch, processes, times):
    """Let the watches of all processes look, so often."""
    watches = [watch.Watch({a.name: a for a in agreements}) for agreements in processes]
    for _ in range(times):
        for rank, each in enumerate(watches):
            monkeypatch.setattr(cluster, "rank", lambda rank=rank: rank)
            each._look()


def test_processes_that_wait_for_each_other_are_ended(store, monkeypatch):
    monkeypatch.setenv("MSJAX_EXCHANGE_TIMEOUT", "1e9")
    processes = [
        [Agreement("0,1", [0, 1], 5, "a sum"), Agreement("all", [0, 1, 2], 4)],
        [Agreement("0,1", [0, 1], 4), Agreement("all", [0, 1, 2], 5, "a gather")],
        [Agreement("all", [0, 1, 2], 5, "a gather")],
    ]
    with pytest.raises(Ended) as told:
        look(monkeypatch, processes, 5)
    for line in ("Rank 0: a sum, which is exchange 5 among the processes 0,1", "Rank 2: a gather, .* all processes"):
        assert told.match(line)


def test_processes_that_wait_for_one_that_works_are_not(store, monkeypatch):
    monkeypatch.setenv("MSJAX_EXCHANGE_TIMEOUT", "1e9")
    waits = Agreement("all", [0, 1, 2], 5, "a sum")
    look(monkeypatch, [[waits], [waits], [Agreement("all", [0, 1, 2], 4)]], 5)
    look(monkeypatch, [[waits], [waits], [waits]], 5)  # it only takes long
    monkeypatch.setenv("MSJAX_EXCHANGE_TIMEOUT", "10")
    with pytest.raises(Ended, match="MSJAX_EXCHANGE_TIMEOUT"):
        look(monkeypatch, [[waits], [waits], [Agreement("all", [0, 1, 2], 4)]], 1)


def test_other_orders_are_seen(store, monkeypatch):
    first = Agreement("all", [0, 1], 128, marks={64: 1, 128: 2})
    look(monkeypatch, [[first], [Agreement("all", [0, 1], 64, marks={64: 1})]], 1)
    look(monkeypatch, [[first], [Agreement("all", [0, 1], 200, marks={64: 1, 128: 2, 192: 7})]], 1)
    with pytest.raises(Ended, match="Rank 0 and rank 1 have done 128 exchanges among all processes, but in different"):
        look(monkeypatch, [[first], [Agreement("all", [0, 1], 128, marks={64: 1, 128: 3})]], 1)


def test_a_name_that_means_other_processes(store, monkeypatch):
    mine = Group("g", (0, 1))
    monkeypatch.setattr(group, "_ever_made", {mine})
    monkeypatch.setattr(cluster, "rank", lambda: 0)
    assert group.mistaken(mine, 1) is None and group.mistaken(Group("world", (0, 1)), 1) is None
    for ranks in ([0, 1], [1, 2]):  # the same; another one that this process is not in
        store["msjax/group/g/1"] = json.dumps(ranks)
        assert group.mistaken(mine, 1) is None
    store["msjax/group/g/1"] = json.dumps([1, 0])
    assert group.mistaken(mine, 1) == (
        "The group 'g' must be the same for all, but has the ranks [0, 1] for rank 0, and [1, 0] for rank 1."
    )
