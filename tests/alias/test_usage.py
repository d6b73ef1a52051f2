"""The names of MindSpore's that public projects use: which resolve, and why the others do not.

`usage.txt` says how many of 600 projects use a name, `usage_missing.txt` which names are missing, by reason. Those
under "not yet" may come, the others stay away. `python tests/alias/test_usage.py` prints what is missing, unlisted.
"""

import importlib
from pathlib import Path

import pytest

import msjax

HERE = Path(__file__).parent
NOT_YET = "not yet"


def lines(name: str):
    return [line for line in (HERE / name).read_text().splitlines() if line and not line.startswith("#")]


def used() -> dict[str, int]:
    """How many projects use a name."""
    counts, module = {}, ""
    for line in lines("usage.txt"):
        if not line.startswith(" "):
            module = line
            continue
        for entry in line.split():
            name, _, count = entry.partition(":")
            counts[f"{module}.{name}".lstrip(".")] = int(count)
    return counts


def known_missing() -> dict[str, str]:
    """The reasons of names that are missing."""
    reasons, reason = {}, ""
    for line in lines("usage_missing.txt"):
        if not line.startswith(" "):
            reason = line
            continue
        module, _, names = line.strip().partition(": ")
        reasons.update((f"{module}.{name}", reason) for name in names.split())
    return reasons


def resolves(name: str) -> bool:
    """Whether a name leads to something: by import as far as it goes, then by attributes."""
    parts = name.replace("mindspore", "msjax", 1).split(".")
    for cut in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:cut]))
            for part in parts[cut:]:
                value = getattr(value, part)
        except (ImportError, AttributeError):
            continue
        return True
    return False


@pytest.fixture(scope="module")
def found():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names of older releases
        return {name: resolves(name) for name in used()}


def test_all_resolve_but_those_that_are_listed(found):
    reasons = known_missing()
    assert [name for name, there in found.items() if not there and name not in reasons] == []


def test_those_that_are_listed_do_not(found):
    reasons = known_missing()
    assert set(reasons) <= set(found)
    assert [name for name, why in reasons.items() if found[name] and why != NOT_YET] == []


def test_nearly_all_uses_are_of_names_that_resolve(found):
    counts = used()
    missing = sum(counts[name] for name, there in found.items() if not there)
    assert missing < 0.004 * sum(counts.values())


if __name__ == "__main__":
    msjax.install_as("mindspore")
    for name, count in sorted(used().items(), key=lambda item: -item[1]):
        if not resolves(name) and name not in known_missing():
            print(count, name)
