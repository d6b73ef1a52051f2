"""Numbers that differ from call to call: as arguments, attributes, global and captured variables."""

import math

import msjax as ms
from contract import attempt, program, watch
from msjax import Tensor, nn, ops

CALLS = range(9)
epoch = 0


def network():
    return nn.Dense(2, 1, weight_init="ones", bias_init="zeros")


@program(compiles=True)
def a_step_that_is_compared():
    net = network()

    def f(x, step):
        if step < 4:
            return net(x).sum()
        return net(x).sum() * (0.5 if step == 6 else 2.0)

    step = watch(ms.value_and_grad(f, None, net.trainable_params()))
    for k in CALLS:
        yield step(Tensor([[1.0, 2.0]]), k)


@program(compiles=True)
def an_epoch_that_is_global():
    global epoch
    net = network()

    def f(x):
        return net(x).sum() * (1.0 if epoch < 5 else 0.25) + epoch * 0.5

    step = watch(ms.value_and_grad(f, None, net.trainable_params()))
    for k in CALLS:
        epoch = k
        yield step(Tensor([[1.0, 2.0]]))
    epoch = "a text"
    yield attempt(step, Tensor([[1.0, 2.0]]))[0]
    epoch = 2.5
    yield step(Tensor([[1.0, 2.0]]))


@program(compiles=True)
def a_weight_that_is_captured():
    net, weight = network(), 0.0

    def f(x):
        return net(x).sum() * weight

    step = watch(ms.value_and_grad(f, None, net.trainable_params()))
    for k in CALLS:
        weight = min(1, k / 4)
        yield step(Tensor([[1.0, 2.0]]))


@program(compiles=True)
def a_temperature_that_is_an_attribute():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense, self.temperature = network(), 1.0

        def construct(self, x):
            return ops.softmax(self.dense(x).squeeze(-1) / self.temperature, -1)[0]

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for k in CALLS:
        net.temperature = 1.0 + k / 8
        yield step(Tensor([[1.0, 2.0], [0.5, 0.25]]))


@program(compiles=True)
def computed_with():
    net = network()

    def f(x, step, rate):
        scale = 0.5 * (1 + math.cos(math.pi * step / 8)) * rate**2
        bounded = max(min(scale, 0.75), abs(-0.125)) - (-rate) % 0.5 + round(rate, 1) + step // 2
        return net(x).sum() * scale + Tensor(bounded) * ops.full((2,), rate).sum()

    step = watch(ms.value_and_grad(f, None, net.trainable_params()))
    for k in CALLS:
        yield step(Tensor([[1.0, 2.0]]), k, k / 16)


@program
def what_needs_the_number():
    net, table = network(), [1.0, 2.0, 4.0]

    def f(x, n, text):
        for _ in range(n % 3):
            x = x * 0.5
        return net(x).sum() * table[n % 3] * len(f"{n}{text}") * {0: 1.0, 1: 3.0, 2: 5.0}[n % 3]

    step = watch(ms.value_and_grad(f, None, net.trainable_params()))
    for k in CALLS:
        yield step(Tensor([[1.0, 2.0]]), k, "x")


@program
def numbers_of_other_types_and_signs():
    def f(x, n):
        return (x * n).sum() + (1.0 if isinstance(n, int) else 2.0) + (3.0 if math.copysign(1.0, n) < 0 else 0.0)

    gradient = watch(ms.value_and_grad(f))
    for n in (1, 2, 3, 4, 0.0, -0.0, 0.5, 1.5, 2.5, True, False, float("inf"), 2**62, 5):
        yield gradient(Tensor([1.0, 2.0]), n)


@program
def a_number_that_is_divided_by():
    def f(x, n):
        return (x / n).sum() * (1 / n)

    gradient = watch(ms.value_and_grad(f))
    for n in (1, 2, 4, 8, 0, 16, 3.5, 0.0, 2.5):
        yield attempt(gradient, Tensor([1.0, 2.0]), n)


@program
def a_number_that_is_returned():
    def f(x, n):
        return (x * n).sum(), n + 1

    step = watch(ms.value_and_grad(f, has_aux=True))
    for k in CALLS:
        (loss, n), gradient = step(Tensor([1.0, 2.0]), k)
        yield loss, n, gradient


@program
def half_precision_and_integers():
    def f(x, i, n, r):
        return (x * r).sum() + (i * n).sum() + (i.astype(ms.float16) * r).astype(ms.float32).sum()

    gradient = watch(ms.value_and_grad(f))
    for k in CALLS:
        yield gradient(Tensor([1.0, 2.0], ms.float16).astype(ms.float32), Tensor([1, 2], ms.int32), k, k / 8)


@program
def exponents():
    def f(x, n):
        return (x**n).sum()

    gradient = watch(ms.value_and_grad(f))
    for n in (1, 2, 3, 4, 5, 0, 0.5, 1.5, 2.5, 3.5):
        yield gradient(Tensor([1.0, 2.0]), n)


@program
def in_lists_patterns_and_arithmetic_of_other_kinds():
    import fractions

    import numpy as np

    def f(x, n):
        match n:
            case int() if n % 2:
                scale = n.bit_length()
            case int():
                scale = (n & 3) | 4
            case float():
                scale = n.as_integer_ratio()[0]
            case _:
                scale = 0.5
        listed = [n, 1.0]
        listed.append(n)
        parts = [*("ab" * int(n)), *([0] * (int(n) // 1))]
        mixed = np.float32(0.5) * n + float(fractions.Fraction(1, 2) * fractions.Fraction(n)) + n * np.ones(2)[0]
        return (x * Tensor(listed)).sum() * scale + len(parts) + float(mixed) + sum(sorted(listed)) + divmod(n, 2)[0]

    gradient = watch(ms.value_and_grad(f))
    for n in (1, 2, 3, 4, 5, 0.5, 1.5, 2.5, 3.5):
        yield attempt(gradient, Tensor([1.0, 2.0, 3.0]), n)


@program
def a_number_that_is_caught():
    def f(x, n):
        try:
            return (x * n).sum() + n.nothing
        except AttributeError:
            return (x * n).sum() * 2.0

    gradient = watch(ms.value_and_grad(f))
    for n in range(6):
        yield gradient(Tensor([1.0, 2.0]), n)


@program(compiles=True)
def numbers_beside_narrow_integers():
    bytes_, signed, floats = Tensor([2, 200], ms.uint8), Tensor([2, -3], ms.int8), Tensor([1.0, -7.3])

    def f(x, n):
        fits = ops.cat((bytes_ < n, signed >= n, bytes_ == n)).astype(ms.float32)
        return (x * x).sum() + (bytes_ / n).sum() + (bytes_ % n).sum() + (floats % (n / 7)).sum() + fits.sum()

    step = watch(ms.value_and_grad(f))
    for n in (3, 300, 258, -1, 100, 127, 40000):
        yield step(floats, n), bytes_ // n, ops.minimum(signed, n)


@program(compiles=True)
def numbers_in_containers():
    weights, settings = [1.0, 2.0], {"scale": 1.0, "kind": "sum", "inside": {"n": 0}}
    net = network()

    def f(batch, extra):
        loss = (net(batch["x"]) * settings["scale"] + batch["step"] * weights[0]).sum() + settings["inside"]["n"]
        for k, number in enumerate(extra):
            loss = loss + number * weights[k % 2]
        return loss * (2.0 if settings["kind"] == "sum" and weights[1] > 4 else 1.0)

    step = watch(ms.value_and_grad(f, None, net.trainable_params()))
    for k in CALLS:
        weights[:], settings["scale"], settings["inside"]["n"] = [0.5 * k, 2.0 + k], 1 / (k + 1), k
        yield step({"x": Tensor([[1.0, 2.0]]), "step": k}, (k, 0.25 * k))
    weights.append(1.0)
    yield step({"x": Tensor([[1.0, 2.0]]), "step": 1}, (1, 2, 3.0))
    settings["scale"] = "a text"
    yield attempt(step, {"x": Tensor([[1.0, 2.0]]), "step": 1}, (1, 2, 3.0))[0]


@program
def containers_that_are_changed_or_given_back():
    numbers = [1.0, 2.0]

    def f(x, held):
        if held["n"] == 3:
            held["seen"] = True
        elif held["n"] == 4:
            numbers.append(held["n"])
        return (x * numbers[0] * held["n"]).sum(), numbers is held["numbers"], len(numbers)

    step = watch(ms.value_and_grad(f, has_aux=True))
    for k in CALLS:
        held = {"n": k, "numbers": numbers}
        numbers[0] = 0.5 * k
        yield attempt(step, Tensor([1.0, 2.0]), held), held, numbers


@program(compiles=True)
def tensors_of_numbers():
    import numpy as np

    scale = [1.0]

    def f(x, n, r):
        made = (
            Tensor([n, r, 1]), Tensor([[r], [2.5], [n]], ms.float16), ms.tensor([n, n, 2]), Tensor(r, ms.float64),
            Tensor(np.array([r, 2, n], np.float32)), Tensor(np.asarray([n, 3, n])), Tensor(np.float32(r), ms.int32),
            Tensor(np.array(scale * 3), ms.float32), ops.scalar_to_tensor(n), ops.scalar_to_tensor(r, ms.float16),
            Tensor([n > 2, True, r > 1]), Tensor([n * 100], ms.uint8), ops.dropout(x, p=r / 20).shape[0] * x,
        )  # fmt: skip
        return sum(((x * t).sum() for t in made), x.sum()), made

    step = watch(ms.value_and_grad(f, has_aux=True))
    for k in CALLS:
        scale[0] = 0.5 * k
        yield step(Tensor([1.0, 2.0, 3.0]), k, 0.25 * k)
    yield step(Tensor([1.0, 2.0, 3.0]), 2**40, 0.5)
    yield attempt(step, Tensor([1.0, 2.0, 3.0]), 3, float("nan"))
    yield attempt(step, Tensor([1.0, 2.0, 3.0]), 2**63, 1e300)
