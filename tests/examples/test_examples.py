"""Every example learns within seconds, measures itself and draws a picture; at full length it is as good as it says."""

import itertools
import re
from dataclasses import dataclass

import pytest

L2, EIGENVALUES = "relative L2 error:", "relative error of the 10 largest eigenvalues:"


@dataclass(frozen=True)
class Example:
    """How far the loss falls in a quick run, and bounds of what is printed after a label, in quick and full runs."""

    name: str
    falls: float
    quick: dict[str, float]
    full: dict[str, float]
    loss: float = float("inf")  # the last one of a full run
    quickly: tuple[str, ...] = ("--quick",)
    fully: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()  # where several print their losses, one below the other
    heavy: bool = False  # a quick run takes long, too


EXAMPLES = [
    Example(
        "pinn_burgers", 5, {L2: 0.6}, {L2: 0.03},
        quickly=("--steps", "600", "--points", "100"), fully=("--steps", "10000"),
    ),
    Example("poisson_2d", 4, {L2: 0.5}, {L2: 1e-3}),
    Example("poisson_100d", 2, {L2: 0.6}, {L2: 3e-2}),
    Example("kovasznay", 4, {L2: 0.8}, {L2: 5e-3}),
    Example("wave", 4, {L2: 0.9}, {L2: 1e-2}),
    Example("plate", 4, {L2: 0.5}, {L2: 1e-2}),
    Example("schroedinger", 5, {L2: 1.5}, {L2: 0.01}, loss=1e-4),
    Example("kdv", 2, {L2: 1.5}, {L2: 0.01}, loss=1e-4),
    Example("inverse", 5, {"largest relative error:": 1}, {"largest relative error:": 0.01}),
    Example(
        "molecule", 5,
        {"relative error of unseen forces:": 0.3, "relative error of the Hessian at the minimum:": 0.5},
        {"relative error of unseen forces:": 0.02, "relative error of the Hessian at the minimum:": 0.02},
    ),
    Example("counting", 2, {"share of letters that is wrong:": 0.5}, {"share of letters that is wrong:": 0.1}),
    Example("ring_gan", 5, {"energy distance:": 0.15}, {"energy distance:": 0.03}),
    Example(
        "narrow_numbers", 3, {"largest share that is wrong:": 0.1}, {"largest share that is wrong:": 0.01},
        methods=("float32", "float16, O2", "float16, O3"),
    ),
    Example(
        "finetune_mindcv", 1.2, {"share that is wrong, fine-tuned:": 0.6}, {"share that is wrong, fine-tuned:": 0.2},
        methods=("first task", "fine-tuned", "from nothing"), heavy=True,
    ),
    Example("heat_sink", 5, {L2: 0.2}, {L2: 1e-2}),
    Example("curvature", 5, {EIGENVALUES: 1e-6}, {EIGENVALUES: 1e-6}, methods=("Adam", "Newton-CG")),
]  # fmt: skip
OTHERS = {"autodiff_tutorial", "hessian", "pole", "shapes"}  # print the same each time, or no loss
by_name = pytest.mark.parametrize(
    "example", [pytest.param(e, id=e.name, marks=[pytest.mark.slow] * e.heavy) for e in EXAMPLES]
)


def assert_below(solved, bounds):
    values = {label: float(solved.value(label)) for label in bounds}
    assert all(values[label] < bound for label, bound in bounds.items()), values


@by_name
def test_quick(example, solve):
    solved = solve(example.name, *example.quickly)
    histories = [solved.losses_of(method) for method in example.methods] or [solved.losses]
    assert sum(map(len, histories)) > 10
    assert all(losses[-1] < losses[0] / example.falls for losses in histories)
    assert_below(solved, example.quick)
    assert solved.picture.read_bytes().startswith(b"\x89PNG")
    SPECIAL.get(example.name, lambda solved: None)(solved)


@pytest.mark.slow
@by_name
def test_trained_long_enough(example, solve):
    solved = solve(example.name, *example.fully)
    assert solved.losses[-1] < example.loss
    assert_below(solved, example.full)
    SPECIAL_IN_FULL.get(example.name, lambda solved: None)(solved)


def assert_states_its_errors(solved):
    for name in ("D:", "k:"):
        true, fitted, error = (float(number) for number in re.findall(r"\d+\.\d+", solved.value(name)))
        assert error == pytest.approx(abs(fitted / true - 1), abs=2e-4)


def assert_frequencies_are_right(solved):
    learned, exact = (list(map(float, solved.value(f"frequencies, {of}:").split())) for of in ("network", "exact"))
    assert learned == pytest.approx(exact, rel=0.02)


def assert_newton_gets_further(solved):
    newton, adam = (float(solved.value(f"{method}: loss").split()[0]) for method in ("Newton-CG", "Adam"))
    assert newton < adam / 2


SPECIAL = {"inverse": assert_states_its_errors}
SPECIAL_IN_FULL = {"molecule": assert_frequencies_are_right, "curvature": assert_newton_gets_further}


def test_newton_converges_quadratically(run_example):
    """... which it does only with the right Hessian, and to the solution of numpy."""
    number = re.compile(r"-?\d+\.?\d*(?:e[+-]\d+)?")
    lines = run_example("hessian", "--steps", "5")
    steps = [[float(n) for n in number.findall(line)] for line in lines if re.match(r" +\d+  ", line)]
    errors = [error for _, _, _, error in steps]
    assert len(errors) == 6
    assert errors[0] > 0.1 and errors[-1] < 1e-12
    for before, after in itertools.pairwise(errors[:5]):
        assert after < 10 * before**2
    newton, by_numpy = ([float(n) for n in number.findall(line)] for line in lines[-2:])
    assert newton == by_numpy


def test_shapes_are_told_apart(solve, tmp_path):
    """... and the run is to be seen in TensorBoard."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    printed = solve("shapes", "--quick")
    assert printed.losses[-1] < printed.losses[0]
    assert float(printed.value("share that is wrong:")) < 0.45
    assert sorted(path.name for path in (tmp_path / "shapes_run").glob("*.ckpt"))[-1] == "shapes-3_32.ckpt"
    events = EventAccumulator(str(tmp_path / "shapes_run" / "summary")).Reload()
    assert [event.step for event in events.Scalars("accuracy/eval")] == [32, 64, 96]
    assert [event.step for event in events.Scalars("loss/auto")][:3] == [1, 16, 32]


def test_the_pole_stands_longer(solve):
    printed = solve("pole", "--quick")
    first, last = (float(printed.value(f"steps that it stands, at {when}:").split()[0]) for when in ("first", "last"))
    assert last > 2 * first
    assert printed.picture.read_bytes().startswith(b"\x89PNG")


def test_every_example_is_tested(examples):
    assert {path.stem for path in examples.glob("*.py")} == {example.name for example in EXAMPLES} | OTHERS
