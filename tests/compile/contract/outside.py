"""The world outside: clocks, the environment, files, generators and iterators, context managers."""

import contextlib
import itertools
import logging
import os
import pathlib
import tempfile
import time

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor

X = Tensor([1.0, 2.0, 3.0])


@program(compiles=False)
def clock():
    stamps = []

    def forward(x):
        stamps.append(time.perf_counter())
        return x * x

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X), len(stamps), k == 0 or stamps[-1] > stamps[-2]


@program(compiles=False)
def clock_in_the_result():
    f = watch(ms.value_and_grad(lambda x: (x.sum(), time.perf_counter_ns()), has_aux=True))
    values = [f(X) for _ in STEPS]
    stamps = [stamp for (_, stamp), _ in values]
    yield stamps == sorted(set(stamps)), [gradient for _, gradient in values]


@program
def environment_read():
    f = ms.grad(lambda x: x * float(os.environ.get("CONTRACT_RATE", "1")) * float(os.getenv("CONTRACT_SHIFT", "2")))
    try:
        for k in STEPS:
            yield f(X), f(X)
            os.environ["CONTRACT_RATE"] = str(k)
    finally:
        os.environ.pop("CONTRACT_RATE", None)


@program(compiles=False)
def environment_written():
    def forward(x):
        os.environ["CONTRACT_CALLS"] = str(int(os.environ.get("CONTRACT_CALLS", "0")) + 1)
        return x * x

    f = watch(ms.grad(forward))
    try:
        for _ in STEPS:
            yield f(X), os.environ["CONTRACT_CALLS"]
    finally:
        os.environ.pop("CONTRACT_CALLS", None)


@program(compiles=False)
def file_written():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "log.txt")

        def forward(x):
            with path.open("a") as file:
                file.write("called\n")
            return x * x

        f = watch(ms.grad(forward))
        for _ in STEPS:
            yield f(X), path.read_text()


@program
def file_read():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "rate.txt")
        f = ms.grad(lambda x: x * float(path.read_text()))
        for k in STEPS:
            path.write_text(str(k))
            yield f(X)


@program
def file_looked_for():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "flag")
        f = ms.grad(lambda x: x * 2 if os.path.exists(path) else x)
        for k in STEPS:
            yield f(X), f(X)
            if k == 2:
                pathlib.Path(path).touch()


@program(compiles=False)
def next_of_an_iterator():
    numbers = iter([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    f = watch(ms.grad(lambda x: x * next(numbers)))
    for _ in STEPS:
        yield f(X)
    yield next(numbers)


@program(compiles=False)
def next_of_a_generator():
    def rates():
        rate = 1.0
        while True:
            yield rate
            rate *= 2

    rates = rates()
    f = watch(ms.grad(lambda x: x * next(rates)))
    for _ in STEPS:
        yield f(X)
    yield next(rates)


@program(compiles=False)
def generator_sent_to():
    def average():
        total, count = 0.0, 0
        while True:
            total += yield (total / count if count else 0.0)
            count += 1

    running = average()
    next(running)
    f = watch(ms.grad(lambda x: x * running.send(len(x))))
    for _ in STEPS:
        yield f(X)


@program(compiles=False)
def itertools_objects():
    counter, cycle = itertools.count(), itertools.cycle([1.0, -1.0])
    f = watch(ms.grad(lambda x: x * next(counter) * next(cycle)))
    for _ in STEPS:
        yield f(X)
    yield next(counter)


@program
def iterator_used_up():
    numbers = iter(range(3))
    f = ms.grad(lambda x: x * (sum(numbers) + 1))
    for _ in STEPS:
        yield f(X)


@program
def map_and_zip_used_up():
    factors = zip(map(float, [1, 2, 3]), [4, 5, 6], strict=True)
    f = ms.grad(lambda x: sum((x * a * b for a, b in factors), x * 0))
    for _ in STEPS:
        yield f(X)


@program(compiles=True)
def generators_made_inside():
    def terms(x):
        for k in range(3):
            yield x * k * x

    f = watch(ms.grad(lambda x: sum(terms(x)).sum()))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def context_manager_with_effects():
    events = []

    @contextlib.contextmanager
    def scope(name):
        events.append(f"enter {name}")
        try:
            yield name
        finally:
            events.append(f"leave {name}")

    def forward(x):
        with scope("a"), scope("b") as name:
            return x * len(name)

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), len(events)
    yield events


@program(compiles=True)
def context_manager_without_effects():
    def forward(x):
        with contextlib.nullcontext(2.0) as factor, contextlib.suppress(KeyError):
            x = x * factor
            {}["none"]
        return x * x

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program
def called_inside_a_context():
    depth = [0]

    @contextlib.contextmanager
    def deeper():
        depth[0] += 1
        yield
        depth[0] -= 1

    f = ms.grad(lambda x: x * depth[0])
    for _ in range(2):
        yield f(X)
        with deeper():
            yield f(X), f(X)
            with deeper():
                yield f(X), f(X)


LOGGER = logging.getLogger("contract.outside")
LOGGER.setLevel(logging.WARNING)


@program(compiles=True)
def log_that_is_silent():
    def forward(x):
        LOGGER.debug("forward of %s", x)
        LOGGER.info("shape %s", x.shape)
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X)


@program
def log_that_is_turned_on():
    messages = []

    class Kept(logging.Handler):
        def emit(self, record):
            messages.append(record.getMessage())

    def forward(x):
        LOGGER.info("%s axes", x.ndim)
        return x * (2 if LOGGER.level == logging.INFO else 3)

    def quiet(x):
        LOGGER.info("%s axes", x.ndim)
        return x * x

    f, g, handler = ms.grad(forward), ms.grad(quiet), Kept()
    LOGGER.addHandler(handler)
    try:
        for k in STEPS:
            if k == 2:
                LOGGER.setLevel(logging.INFO)
            if k == 4:
                LOGGER.setLevel(logging.WARNING)
                LOGGER.info = lambda *args: messages.append(args)
            yield f(X), g(X), list(messages)
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(logging.WARNING)
        LOGGER.__dict__.pop("info", None)
