"""Ctrl-C, other threads and exceptions: whoever looks at the weights of a training finds those before a step, or those
after it."""

import random
import signal
import sys
import threading
import time
from pathlib import Path

import jax
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn
from msjax.compile import task
from msjax.core.frames import Frame

X = Tensor(np.linspace(-1, 1, 64 * 16).reshape(64, 16).astype(np.float32))
Y = Tensor(np.linspace(1, -1, 64 * 4).reshape(64, 4).astype(np.float32))


def training(form: str):
    """A step, and the Tensors that it changes."""
    net = nn.SequentialCell(nn.Dense(16, 64), nn.Tanh(), nn.Dense(64, 4))
    for i, p in enumerate(net.get_parameters()):
        p.set_data(Tensor(np.random.default_rng(i).standard_normal(p.shape).astype(np.float32) * 0.1))
    optimizer, loss = nn.Adam(net.trainable_params(), 1e-3), nn.MSELoss()
    state = [*optimizer.parameters, *optimizer.get_parameters(), optimizer.global_step]
    if form == "cell":
        step = nn.TrainOneStepCell(nn.WithLossCell(net, loss), optimizer)
        return net, state, lambda: step(X, Y)
    gradient = ms.value_and_grad(lambda x, y: loss(net(x), y), None, optimizer.parameters)

    def step(x, y):
        value, gradients = gradient(x, y)
        optimizer(gradients)
        return value

    step = ms.jit(step) if form == "jit" else step
    return net, state, lambda: step(X, Y)


def values(state) -> list:
    return [t.asnumpy() for t in state]


def interrupted(form: str, times: int):
    _, state, step = training(form)
    start, finished = values(state), []
    for _ in range(40):
        finished.append(values(state))
        step()
    handler = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        for _ in range(times):
            for t, value in zip(state, start, strict=True):
                t.assign_value(Tensor(value))
            done = 0
            try:
                signal.setitimer(signal.ITIMER_REAL, random.uniform(2e-4, 5e-3))
                while done < len(finished) - 2:
                    step()
                    done += 1
                time.sleep(0.1)  # where it came while Python collected garbage, the interrupt is lost
            except KeyboardInterrupt:
                pass
            found = values(state)
            wanted = finished[int(found[-1][0])]
            assert int(found[-1][0]) in (done, done + 1)
            for a, b in zip(found, wanted, strict=True):
                np.testing.assert_array_equal(a, b)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)


lost = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@lost
@pytest.mark.parametrize("form", ["cell", "two functions", "jit"])
def test_weights_are_those_of_a_finished_step(form):
    interrupted(form, 30)


@lost
@pytest.mark.slow
@pytest.mark.parametrize("form", ["cell", "two functions", "jit"])
def test_three_hundred_interrupts(form):
    interrupted(form, 300)


def read_while_training(form: str, seconds: float):
    net, _, step = training(form)
    for _ in range(3):
        step()
    stop, errors, reads = threading.Event(), [], []
    infer = ms.jit(net)

    def reading(what):
        while not stop.is_set():
            try:
                what()
                reads.append(1)
            except Exception as error:
                errors.append(error)

    kinds = [
        lambda: [p.asnumpy() for p in net.get_parameters()],
        lambda: net(X).asnumpy(),
        lambda: infer(X).asnumpy(),
        lambda: [float((p * 2).sum()) for p in net.get_parameters()],
    ]
    threads = [threading.Thread(target=reading, args=[kind]) for kind in kinds]
    for thread in threads:
        thread.start()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        step()
    stop.set()
    for thread in threads:
        thread.join()
    assert not errors, errors[0]
    assert len(reads) > 10


@pytest.mark.parametrize("form", ["cell", "two functions"])
def test_reading_while_another_thread_trains(form):
    read_while_training(form, 2.0)


@pytest.mark.slow
def test_ten_minutes_of_reading():
    read_while_training("cell", 600.0)


class Timeout(Exception):
    pass


def over(*_):
    raise Timeout


@pytest.mark.parametrize(("owner", "name"), [(task.Program, "__init__"), (Frame, "escaping"), (nn.Tanh, "construct")])
def test_what_the_handler_of_a_signal_raises_in_a_trace_comes_out(monkeypatch, owner, name):
    _, state, step = training("cell")
    start, original, signals = values(state), getattr(owner, name), [signal.SIGALRM]

    def signalled(*args, **kwargs):
        if signals:
            signal.raise_signal(signals.pop())
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, signalled)
    handler = signal.signal(signal.SIGALRM, over)
    try:
        with pytest.raises(Timeout):
            step()
    finally:
        signal.signal(signal.SIGALRM, handler)
    for a, b in zip(values(state), start, strict=True):
        np.testing.assert_array_equal(a, b)
    step()
    assert values(state)[-1] == 1


# What may raise: layers, losses, optimizers, operators and transforms, and the script. What carries values over between
# handles and programs is one transaction, which raises nowhere.
MSJAX = Path(ms.__file__).parent
PLACES = tuple(str(MSJAX / room) + "/" for room in ("nn", "ops", "autodiff"))


def raising_at(step, number: int) -> bool:
    """Take a step in which the line of this number among those of `PLACES` raises; whether there was one."""
    lines = 0

    def line(frame, event, argument):
        nonlocal lines
        lines += event == "line"
        if lines == number:
            raise Timeout
        return line

    def call(frame, event, argument):
        name = frame.f_code.co_filename
        return line if name.startswith(PLACES) or name == __file__ else None

    sys.settrace(call)
    try:
        step()
    except Timeout:
        pass
    finally:
        sys.settrace(None)
    return lines >= number


def injected(form: str, before: int, numbers) -> int:
    """How many exceptions were raised, one in each step, in a training that has taken some steps before."""
    _, state, step = training(form)
    wanted, warm = [values(state)], before > 1
    for _ in range(before + 2):
        step()
        wanted.append(values(state))
    for count, number in enumerate(numbers):
        if not (warm and count):  # in a compiled step nothing is left to be made anew
            _, state, step = training(form)
            for _ in range(before):
                step()
        else:
            for t, value in zip(state, wanted[before], strict=True):
                t.assign_value(Tensor(value))
        if not raising_at(step, number):
            return count
        assert not any(isinstance(t._array, jax.core.Tracer) for t in [*state, X, Y]), number
        for done in (0, 1):
            found = values(state)
            for a, b in zip(found, wanted[int(found[-1][0])], strict=True):
                np.testing.assert_array_equal(a, b, err_msg=f"{form} {before} {number} {done}")
            step()
    return len(numbers)


@pytest.mark.parametrize("form", ["cell", "two functions", "jit"])
def test_exceptions_in_a_step(form):
    for before in (0, 3):
        assert injected(form, before, [1, 2, 5, 17, 40])


@pytest.mark.slow
@pytest.mark.parametrize("form", ["cell", "two functions", "jit"])
def test_exceptions_all_along_a_step(form):
    """Some 3000 in all, most of them in the first step, where most is done."""
    assert injected(form, 0, range(1, 10_000, 2 if form == "cell" else 1)) > 100
    for before in (1, 2, 3):
        assert injected(form, before, range(1, 100))
