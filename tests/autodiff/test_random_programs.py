"""Random differentiated programs give what plain JAX gives, compiled as eagerly. See tests/autodiff/random_programs."""

import sys

import pytest

import msjax as ms
from autodiff.random_programs.check import check
from autodiff.random_programs.constructs import ALL, BY_NAME
from autodiff.random_programs.generate import FORMS, HOSTS, Generator, jax_source, source
from autodiff.random_programs.variations import VARIATIONS
from autodiff.random_programs.ways import WAYS

SAMPLE = range(5)
MANY = range(3000)


def said(seed: int, variation: str | None = None) -> str | None:
    """What is wrong with the program of a seed, and its source."""
    program = Generator(seed, variation=variation).make()
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


@pytest.mark.parametrize("variation", VARIATIONS)
def test_variations_as_in_jax(variation):
    assert not (wrong := said(1, variation)), wrong


@pytest.mark.slow
@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("first", range(0, 200, 50))
def test_many_variations_as_in_jax(variation, first):
    wrong = [text for seed in range(first, first + 50) if (text := said(seed, variation))]
    assert not wrong, "\n\n".join(wrong)


# -- the fuzzer itself ------------------------------------------------------------------------------------------------


def test_everything_appears():
    programs = [Generator(seed).make() for seed in MANY]
    assert {str(c) for c in ALL} == {name for p in programs for name in p.names}
    assert (set(WAYS), set(HOSTS)) == ({p.way.name for p in programs}, {p.host for p in programs})
    assert set(FORMS) == {p.form for p in programs}
    assert sum(p.judged for p in programs) == len(programs)


@pytest.mark.parametrize("variation", VARIATIONS)
def test_variations_have_what_they_are_for(variation):
    varied, programs = VARIATIONS[variation], [Generator(seed, variation=variation).make() for seed in range(300)]
    assert {c.name for c in varied.must} <= {name for p in programs for name in p.names}
    assert {p.dtype for p in programs} == set(varied.dtypes)
    assert {p.way.name for p in programs} == set(varied.ways)
    assert all(p.same or set(varied.kinds) <= set(p.arguments.values()) for p in programs)
    for program in programs[::20]:
        compile(source(program), "program", "exec")


def test_narrow_numbers_may_differ_by_rounding_alone(monkeypatch):
    right = ms.grad
    for factor in (1.0, 1.5):
        monkeypatch.setattr(ms, "grad", lambda *args, by=factor: lambda *given: right(*args)(*given) * by)
        program = Generator(0, [BY_NAME["maths.sin"]], "grad", "narrow").make()
        program.positions = (0,)
        assert bool(check(program).wrong) is (factor != 1)


def test_errors_of_the_inside_are_found(monkeypatch):
    def broken(*args):
        raise KeyError("a Tracer of jax")

    monkeypatch.setattr(ms, "grad", lambda *args: broken)
    assert "Tracer" in check(Generator(0, way="grad", variation="errors").make()).failed


@pytest.mark.parametrize(("variation", "field"), [("errors", "told"), (None, "wrong")])
def test_other_values_compiled_than_eagerly_are_found(variation, field, monkeypatch):
    module, changed = sys.modules[check.__module__], []
    right = module._observed

    def observed(stem, mode, folder):
        seen = right(stem, "off", folder)
        results = [step["tuple"][0] for step in seen["steps"][1:]]
        if mode == "auto" and results and "values" in results[0]:
            results[0]["values"][0] += 1
            changed.append(stem)
        return seen

    monkeypatch.setattr(module, "_observed", observed)
    made = (Generator(seed, way="grad", variation=variation).make() for seed in range(100))
    outcome = next(outcome for program in made if (outcome := check(program)) and changed)
    assert getattr(outcome, field) and not outcome.failed


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
