"""Pipelines give the rows that MindSpore gave: `pipelines` says which."""

import json
from pathlib import Path

import pytest

import msjax.dataset as ds
from dataset.pipelines import cases, files, topics
from dataset.pipelines.outcome import outcome

RECORDED = Path(__file__).with_name("recorded")
# What differs, and is meant to: docs/differences.md says why.
DIFFERENT = {
    ("file_sources", "cut"),
    ("combinations", "split of a share"),
    ("combinations", "concat, random"),
    ("combinations", "concat of shuffled, random"),
}
HANGING: set[tuple[str, str]] = set()
ANSWERS = {topic: json.loads((RECORDED / f"{topic}.json").read_text()) for topic in topics()}


def same(got, expected) -> bool:
    return got == expected


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    files.write(folder)
    return str(folder)


@pytest.fixture(autouse=True)
def seed_put_back():
    yield
    ds.config.set_seed(ds.config.UNSEEDED)


@pytest.mark.parametrize("topic", topics())
def test_as_in_mindspore(topic, folder):
    differing = {}
    for name, expected in ANSWERS[topic].items():
        if name != "version" and (topic, name) not in DIFFERENT:
            got = json.loads(json.dumps(outcome(ds, folder, topic, name)))
            if not same(got, expected):
                differing[name] = (got, expected)
    assert not differing


def test_every_case_is_recorded():
    """Those that hang MindSpore apart."""
    missing = {(topic, name) for topic in topics() for name in cases(topic).keys() - ANSWERS[topic].keys()}
    assert missing == HANGING
