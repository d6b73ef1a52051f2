"""Random programs of the contract of compilation, and that the fuzzer finds what it is for. See tests/compile/fuzz."""

import functools
import subprocess
import sys
from pathlib import Path

import pytest

import msjax as ms
from fuzz.alone import write
from fuzz.carriers import CARRIERS
from fuzz.check import check, run
from fuzz.construct import EVERYWHERE
from fuzz.constructs import ALL, BY_NAME
from fuzz.generate import LINKS, OPTIONS, Part, Spec, carriers, homes, simpler, source, spec
from fuzz.known import KNOWN
from fuzz.shrink import shrink
from fuzz.ways import HOSTS, OPTIMIZERS, WAYS
from msjax.compile.guards import Guards

SAMPLE = range(40)
MANY = range(2000)
TRUSTED = [construct for construct in ALL if str(construct) not in KNOWN]

outcome = functools.cache(lambda seed: check(spec(seed, TRUSTED)))


def one(name: str, way: str = "grad", host: str = "function", home: str = "global", carrier: str = "inline", *options):
    """A program of one construct."""
    return Spec(host, way, (Part(BY_NAME[name], home, carrier),), frozenset(options))


def told(seed: int) -> str | None:
    """What is to be said of a program that can be told apart, made short."""
    if not outcome(seed).told:
        return None
    found, shortest = shrink(spec(seed, TRUSTED))
    return f"seed {seed}: {shortest.told}\n{source(found)}"


@pytest.mark.parametrize("seed", SAMPLE)
def test_nobody_can_tell(seed: int):
    assert outcome(seed).broken is None
    assert not (said := told(seed)), said


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, len(MANY), 100))
def test_nobody_can_tell_of_many(first: int):
    said = [text for seed in range(first, first + 100) if (text := told(seed))]
    assert not said, "\n\n".join(said)


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_known_to_differ_still_does(name: str):
    way, home, carrier = KNOWN[name]
    host = {"self": "cell", "child": "cell", "closure": "closure"}.get(home, "function")
    assert check(one(name, way, host, home, carrier)).told, f"take {name} off the list of fuzz.known"


# -- the fuzzer itself ------------------------------------------------------------------------------------------------


def test_a_good_part_of_the_programs_compiles():
    compiled = [seed for seed in SAMPLE if outcome(seed).compiled]
    assert len(compiled) >= 20, {seed: outcome(seed).reason for seed in SAMPLE if seed not in compiled}


def test_hardly_any_program_only_raises():
    assert sum(outcome(seed).failed == 5 for seed in SAMPLE[:20]) <= 3


def test_everything_appears():
    specs = [spec(seed) for seed in MANY]
    parts = [part for s in specs for part in s.parts]
    assert {str(c) for c in ALL} == {str(part.construct) for part in parts}
    assert set(CARRIERS) | {"child"} == {part.carrier for part in parts}
    assert (set(EVERYWHERE), {"", *LINKS}) == ({p.home for p in parts}, {p.link for p in parts})
    assert (set(WAYS), set(HOSTS)) == ({s.way for s in specs}, {s.host for s in specs})
    assert (set(OPTIONS), set(OPTIMIZERS)) == ({o for s in specs for o in s.options}, {s.optimizer for s in specs})


def test_names_are_told_apart():
    assert len(BY_NAME) == len(ALL) >= 400


@pytest.mark.parametrize("construct", ALL[::12], ids=str)
def test_constructs_do_what_they_say(construct):
    host = "function" if "global" in construct.homes else "cell"
    home = homes(host, construct)[0]
    carrier = carriers(host, home, WAYS["aux"])[0]
    seen = run(Spec(host, "aux", (Part(construct, home, carrier),)), "off")
    assert seen["raised"] is None
    calls = [step["tuple"][0] for step in seen["steps"] if "tuple" in step]
    raised = [call for call in calls if isinstance(call, dict) and isinstance(call.get("tuple", [None])[0], str)]
    assert bool(raised) is construct.raises, raised


@pytest.mark.parametrize("seed", range(0, 400, 10))
def test_all_programs_are_python(seed: int):
    for candidate in (spec(seed), *simpler(spec(seed))):
        compile(source(candidate), "program", "exec")


@pytest.mark.parametrize("name", ["numbers.rate", "containers.config_dict", "rebinding.function_kept"])
def test_a_check_that_is_missing_is_found(monkeypatch, name):
    assert check(one(name)).told is None
    monkeypatch.setattr(Guards, "fail_if", lambda self, condition: None)
    assert check(one(name)).told


def test_what_is_found_is_made_short(monkeypatch):
    parts = [
        Part(BY_NAME[name], home, carrier)
        for name, home, carrier in (
            ("classes.dense", "box", "function"),
            ("numbers.rate", "table", "nested"),
            ("state.dropout", "self", "loop"),
        )
    ]
    long = Spec("cell", "aux", tuple(parts), frozenset({"poked", "twice"}))
    assert check(long).told is None
    monkeypatch.setattr(Guards, "fail_if", lambda self, condition: None)
    short, found = shrink(long)
    assert found.told
    assert (short.host, short.options, [str(p) for p in short.parts]) == (
        "function",
        frozenset(),
        ["numbers.rate (global, inline)"],
    )


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("state.added", lambda fn: lambda *a: _without(fn, *a)),
        ("effects.print", lambda fn: lambda *a: print("more") or fn(*a)),
        ("numbers.rate", lambda fn: functools.cache(lambda *a: fn(*a))),
    ],
    ids=["state", "output", "result"],
)
def test_what_a_compiler_may_do_wrong_is_seen(monkeypatch, name, broken):
    monkeypatch.setattr(ms, "jit", lambda fn: broken(fn))
    assert check(one(name, "jit", "function", "global", "inline", "constant")).told


def _without(fn, *args):
    """A call of which the writes are lost."""
    state = fn.__globals__["b_1"]
    before = state.copy()
    result = fn(*args)
    state.assign_value(before)
    return result


def test_a_program_stands_alone(tmp_path):
    path = write(one("state.added"), 'what "differs"', tmp_path, "alone")
    root = str(Path(ms.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, env={"PYTHONPATH": root, "JAX_PLATFORMS": "cpu"}
    )
    assert done.stdout.splitlines()[-1] == "same", done.stderr
