"""The benchmarks run, compare what was computed, and show what failed."""

import argparse
import dataclasses

import numpy as np
import pytest

from benchmarks import programs, report
from benchmarks.runner import Failed, Measured, Process, Variant, measure, same
from benchmarks.workloads import WORKLOADS

HESSIAN = WORKLOADS["Hessian, d = 4"]


@pytest.fixture
def processes():
    variants = [Variant("JAX jit", "jax", compiled=True), Variant("msjax", "msjax")]
    started = {v.name: Process(v, threads=1) for v in variants}
    yield started
    for process in started.values():
        process.end()


def test_a_workload_in_turns(processes):
    found = measure(processes, HESSIAN, rounds=2)
    assert [(one.failure, one.wrong, len(one.seconds)) for one in found.values()] == [("", False, 2)] * 2
    assert found["msjax"].programs > 0
    assert "| Hessian | " in report.timings(list(found), {"Hessian": found})
    unknown = dataclasses.replace(HESSIAN, name="no such workload")
    assert all("KeyError" in one.failure for one in measure(processes, unknown, rounds=1).values())
    about = processes["msjax"].ask("about")
    assert set(about["versions"]) == {"jax", "msjax"}


def test_steps_of_a_whole_program():
    options = argparse.Namespace(rounds=1, steps=2, threads=1, mindspore=None)
    found = programs.measure("vae", options)
    assert not found["msjax"].failure and len(found["msjax"].seconds) == 1
    assert programs.row("vae", found)[2:] == ["", "", "", "inf", "inf"]  # there is no MindSpore


def test_a_worker_that_can_not_start():
    process = Process(Variant("none", "no such framework"), None)
    with pytest.raises(Failed, match="KeyError"):
        process.ask("about")
    process.end()


def test_same():
    a = np.array([1.0, 1000.0])
    assert same([a], [a + 0.5], rtol=1e-3)
    assert not same([a], [a + 2.0], rtol=1e-3)
    assert not same([a], [a, a], rtol=1) and not same([a], [a[:1]], rtol=1)


def test_cells():
    base, one = Measured([1e-3, 3e-3, 2e-3]), Measured([4e-6], wrong=True)
    assert report.cell(base, base) == "2 ms"
    assert report.cell(one, base) == "4 us **0.002x** (0.004x) *differs*"
    assert report.cell(Measured(failure="why"), base) == "fails"
