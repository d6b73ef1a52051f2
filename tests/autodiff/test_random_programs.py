"""Random differentiated programs give what plain JAX gives, compiled as eagerly. See tests/autodiff/random_programs."""

import pytest

import msjax as ms
from autodiff.random_programs.check import check
from autodiff.random_programs.constructs import ALL, BY_NAME
from autodiff.random_programs.generate import FORMS, HOSTS, Generator, jax_source, source
from autodiff.random_programs.ways import WAYS

SAMPLE = range(5)
MANY = range(3000)


def said(seed: int) -> str | None:
    """What is wrong with the program of a seed, and its source."""
    program = Generator(seed).make()
    outcome = check(program)
    wrong = outcome.told or outcome.failed or outcome.wrong or outcome.broken
    return wrong and f"{program}: {wrong}\n{source(program)}\n# JAX\n{jax_source(program)}"


@pytest.mark.parametrize("seed", SAMPLE)
def test_as_in_jax(seed):
    assert not (wrong := said(seed)), wrong


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, len(MANY), 50))
def test_many_as_in_jax(first):
    wrong = [text for seed in range(first, first + 50) if (text := said(seed))]
    assert not wrong, "\n\n".join(wrong)


# -- the fuzzer itself ------------------------------------------------------------------------------------------------


def test_everything_appears():
    programs = [Generator(seed).make() for seed in MANY]
    assert {str(c) for c in ALL} == {name for p in programs for name in p.names}
    assert (set(WAYS), set(HOSTS)) == ({p.way.name for p in programs}, {p.host for p in programs})
    assert set(FORMS) == {p.form for p in programs}
    assert sum(p.judged for p in programs) == len(programs)


def test_names_are_told_apart():
    assert len(BY_NAME) == len(ALL) > 300


def test_all_programs_are_python():
    for seed in MANY[::10]:
        program = Generator(seed).make()
        compile(source(program), "program", "exec")
        compile(jax_source(program), "twin", "exec")


def test_a_wrong_gradient_is_found(monkeypatch):
    right = ms.grad
    monkeypatch.setattr(ms, "grad", lambda *args: lambda *given: right(*args)(*given) + 1)
    program = Generator(0, [BY_NAME["maths.sin"]], "grad").make()
    program.positions = (0,)
    assert check(program).wrong


def test_a_wrong_structure_is_found(monkeypatch):
    right = ms.grad
    monkeypatch.setattr(ms, "grad", lambda *args: lambda *given: (right(*args)(*given),))
    program = Generator(0, [BY_NAME["maths.sin"]], "grad").make()
    program.positions = (0,)
    assert check(program).wrong
