"""Effects outside of the function: text, logs, warnings, containers and counters."""

import collections
import logging
import sys
import warnings

import contract_helper as helper
import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])
COUNT = 0
SEEN = []


@program(compiles=False)
def print_text():
    def forward(x):
        print("forward")
        return (x * x).sum()

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def print_tensors():
    def forward(x):
        y = x * x
        print(y, y.shape, y.dtype, end=";\n")
        return y.sum()

    f = watch(ms.value_and_grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def print_in_construct():
    class Net(nn.Cell):
        def construct(self, x):
            print("construct", x)
            return x * 2

    f = watch(ms.grad(Net()))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def print_gradient_of_inner_function():
    def forward(x):
        print("inner", ms.grad(lambda a: a * a)(x))
        return x * x

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def write_to_streams():
    def forward(x):
        sys.stdout.write("out\n")
        sys.stderr.write("err\n")
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X)


@program(compiles=False)
def print_operator():
    show = ops.Print()

    def forward(x):
        show("value", x)
        return x * x

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def formatted_strings():
    texts = []

    def forward(x):
        texts.append(f"{x.sum()} and {x.shape} and {x[0].item():.2f}")
        return x * x

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k), list(texts)


@program(compiles=True)
def formatted_shape_only():
    def forward(x):
        key = f"rank{x.ndim}"
        return {"rank1": x * 2, "rank2": x}[key]

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def logged_messages():
    logger = logging.getLogger("contract")
    logger.setLevel(logging.INFO)

    def forward(x):
        logger.info("forward of %s", x.shape)
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X)


@program(compiles=False)
def messages_of_mindspore():
    def forward(x):
        ms.log.error("seen")
        return x * x

    f = watch(ms.grad(forward))
    for _ in range(2):
        yield f(X)
    with_count = []

    def counted(x):
        with_count.append(ms.log.get_level())
        return x * x

    f = watch(ms.grad(counted))
    for _ in STEPS:
        yield f(X), len(with_count)


@program(compiles=False)
def warned():
    def forward(x):
        warnings.warn("careful", UserWarning, stacklevel=1)
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X)


@program(compiles=False)
def list_appended():
    history = []

    def forward(x):
        history.append(len(history))
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), list(history)


@program
def list_of_tensors_appended():
    history = []

    def forward(x):
        y = x * x
        history.append(y)
        return y.sum()

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X + k), history[-1], len(history)
    yield history


@program(compiles=False)
def list_through_an_alias():
    history = []
    box = {"deep": [history]}

    def forward(x):
        alias = box["deep"][0]
        alias += [x.shape]
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), len(history)


@program(compiles=False)
def list_insert_pop_reverse_sort():
    numbers = [5, 1, 4]

    def forward(x):
        numbers.insert(0, numbers.pop() + 1)
        numbers.reverse()
        numbers.sort(reverse=len(numbers) % 2 == 0)
        return x * numbers[0]

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), list(numbers)


@program(compiles=False)
def list_item_and_slice_assigned():
    slots = [0, 0, 0]

    def forward(x):
        slots[1] += 1
        slots[2:] = [slots[1] * 2]
        return x * slots[2]

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), list(slots)


@program(compiles=False)
def dict_changed():
    table = {"calls": 0}

    def forward(x):
        table["calls"] += 1
        table.setdefault("first", table["calls"])
        table.update({table["calls"]: "seen"})
        if table["calls"] > 2:
            del table[table["calls"] - 2]
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), dict(table)


@program
def dict_of_tensors_stored():
    cache = {}

    def forward(x):
        cache["x"] = x * 2
        return (cache["x"] * x).sum()

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X + k), cache["x"]


@program(compiles=False)
def set_and_deque_changed():
    members, queue, counter = set(), collections.deque(maxlen=3), collections.Counter()

    def forward(x):
        members.add(len(members))
        queue.append(len(members))
        counter["calls"] += 1
        return x * len(members)

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), set(members), collections.deque(queue), dict(counter)


@program(compiles=False)
def through_a_helper_module():
    def forward(x):
        helper.note(x.shape)
        helper.bump()
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), list(helper.CALLS), helper.TOTAL


@program(compiles=True)
def through_a_method():
    class Log:
        def __init__(self):
            self.lines = []

        def write(self, line):
            self.lines.append(line)

    log = Log()

    def forward(x):
        log.write("called")
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), list(log.lines)


@program(compiles=False)
def through_a_default_argument():
    def forward(x, seen=[]):  # noqa: B006
        seen.append(1)
        return x * len(seen)

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X)


@program(compiles=False)
def through_a_bound_method_in_a_variable():
    history = []
    push = history.append

    def forward(x):
        push("called")
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), list(history)


@program(compiles=False)
def nonlocal_counter():
    count = 0

    def forward(x):
        nonlocal count
        count += 1
        return x * count

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), count


@program(compiles=False)
def global_counter():
    def forward(x):
        global COUNT
        COUNT += 1
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), COUNT


@program(compiles=False)
def globals_dictionary():
    def forward(x):
        globals()["COUNT"] = COUNT + 2
        SEEN.append(COUNT)
        return x * x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), COUNT, list(SEEN)


@program(compiles=False)
def function_attribute():
    def forward(x):
        forward.calls += 1
        return x * forward.calls

    forward.calls = 0
    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), forward.calls


@program(compiles=False)
def an_argument_is_changed():
    def forward(x, log):
        log.append("called")
        return x * x

    log = []
    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X, log), list(log)


@program(compiles=False)
def effects_on_the_third_call_only():
    calls = []

    def forward(x, k):
        if k == 2:
            calls.append(k)
        return x * k

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X, k), list(calls)
    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X, 2), list(calls)
