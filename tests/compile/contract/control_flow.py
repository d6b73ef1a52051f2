"""Control flow that depends on data, on Python values, on counters."""

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


@program(compiles=True)
def branch_on_a_value():
    f = watch(ms.grad(lambda x: x * x if x.sum() > 0 else -x))
    for k in STEPS:
        yield f(X - k)


@program(compiles=True)
def branch_on_a_value_in_construct():
    class Net(nn.Cell):
        def construct(self, x):
            if ops.max(x)[0] > 3:
                return x * 2
            return x * x

    f = watch(ms.grad(Net()))
    for k in STEPS:
        yield f(X + k % 2)


@program(compiles=True)
def while_on_a_value():
    def forward(x):
        while x.sum() < 100:
            x = x * 2
        return x

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X * (k + 1))


@program(compiles=False)
def for_with_a_count_from_a_tensor():
    def forward(x, n):
        for _ in range(int(n)):
            x = x * 2
        return x

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X, Tensor(k))


@program(compiles=True)
def loops_over_python_values():
    def forward(x):
        y = x
        for k, factor in zip(range(5), (1.0, 2.0, 3.0), strict=False):
            if k == 1:
                continue
            y = y * factor
        else:
            y = y + x
        while y.ndim < 3:
            y = y.expand_dims(0)
        return y.sum()

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def where_instead_of_if():
    f = watch(ms.grad(lambda x: ops.where(x > 2, x * x, -x).sum()))
    for k in STEPS:
        yield f(X + k)


@program
def early_return_on_a_flag():
    flag = [False]

    def forward(x):
        if flag[0]:
            return x * 3
        return x * x

    f = ms.grad(forward)
    for k in STEPS:
        flag[0] = k in (1, 4)
        yield f(X)


@program(compiles=True)
def assertion_on_a_value():
    def forward(x):
        assert x.min() > 0
        return x * x

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def branch_only_taken_later():
    seen = []

    def forward(x):
        if (x > 6).any():
            seen.append("large")
            return x * 10
        return x

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k), list(seen)


@program
def comparison_chained_and_short_circuit():
    f = ms.grad(lambda x: x * 2 if 0 < x[0] < 3 and (x.sum() > 6 or x[1] == 2) else x)
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def recursion_on_a_python_int():
    def power(x, n):
        return x if n == 1 else x * power(x, n - 1)

    f = watch(ms.grad(lambda x: power(x, 4)))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def recursion_on_a_value():
    def halve(x):
        return x if x.sum() < 4 else halve(x / 2)

    f = watch(ms.grad(halve))
    for k in STEPS:
        yield f(X + k)


@program(compiles=True)
def match_statement():
    def forward(x, command):
        match command:
            case ("scale", int(n)):
                return x * n * x
            case _:
                return x

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k, ("scale", 3)), f(X, "none"), f(X + k, ("scale", 3))


@program(compiles=True)
def other_operand_changes_what_is_updated():
    class Box:
        pass

    def by_item(x):
        kept = [x]

        def double():
            kept[0] = kept[0] * 2
            return x

        kept[0] += double()
        return kept[0]

    def by_attribute(x):
        box = Box()
        box.value = x

        def double():
            box.value = box.value * 2
            return x

        box.value += double()
        return box.value

    f, g = watch(ms.grad(by_item)), watch(ms.grad(by_attribute))
    for _ in STEPS:
        yield f(X), g(X)


@program(compiles=True)
def targets_from_left_to_right():
    def loss(x):
        kept, i = [x, x * 2, x * 3], 0
        kept[i], i = x * 7, 2
        i, kept[i] = 1, x * 9
        for i, kept[i] in enumerate([x * 5]):
            pass
        return kept[0] + kept[1] * kept[2]

    f = watch(ms.grad(loss))
    for _ in STEPS:
        yield f(X)
