"""Exceptions: after effects, caught inside, on the third call only; what they leave behind."""

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


@program(compiles=False)
def raised_after_an_effect():
    log = []

    def forward(x):
        log.append("before")
        raise ValueError(f"no gradient of {x.shape}")

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield attempt(f, X), list(log)


@program
def raised_after_a_parameter_changed():
    p = Parameter(Tensor([0.0, 0.0, 0.0]), name="p", requires_grad=False)

    def forward(x, fail):
        ops.assign(p, p + x)
        if fail:
            raise RuntimeError("failed")
        return (x * p).sum()

    f = ms.grad(forward)
    for k in STEPS:
        yield attempt(f, X, k in (2, 3)), p.asnumpy()


@program(compiles=False)
def raised_on_a_counter():
    calls = [0]

    def forward(x):
        calls[0] += 1
        if calls[0] == 3:
            raise KeyError("third")
        return x * calls[0]

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield attempt(f, X), calls[0]


@program
def bad_shape_on_the_third_call():
    f = ms.grad(lambda x, y: (x * y).sum())
    for k in STEPS:
        y = X if k != 2 else ops.ones((2,), ms.float32)
        yield attempt(f, X, y), attempt(f, X, X)


@program
def bad_arguments():
    f = ms.grad(lambda x, y: (x * y).sum())
    for _ in range(2):
        yield attempt(f, X, X), attempt(f, X), attempt(f, X, X, X), attempt(f, X, z=X)


@program
def raised_on_a_value():
    def forward(x):
        if (x > 5).any():
            raise OverflowError(f"too large: {x}")
        return x * x

    f = ms.grad(forward)
    for k in STEPS:
        yield attempt(f, X + k)


@program(compiles=True)
def caught_inside():
    table = {"a": 2.0}

    def forward(x):
        try:
            factor = table["b"]
        except KeyError:
            factor = 3.0
        return x * x * factor

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program
def caught_inside_until_it_is_there():
    table = {}

    def forward(x):
        try:
            return x * table["rate"]
        except KeyError:
            return x * x

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X)
        if k == 2:
            table["rate"] = 5.0


@program
def error_of_an_operator_caught_inside():
    def forward(x, y):
        try:
            return (x @ y).sum()
        except (ValueError, TypeError, RuntimeError):
            return (x * x).sum()

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X, ops.ones((2, 2), ms.float32)), f(X, X + k)


@program
def conversion_error_caught_inside():
    def forward(x):
        try:
            return x * float(x)
        except (TypeError, ValueError):
            return x * 2

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X + k), f(Tensor([2.0]))


@program
def everything_caught_inside():
    def forward(x):
        try:
            if x.sum() > 6:
                return x * 2
        except Exception:
            return x * 1000
        return x

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X - k), f(X + k)


@program
def bare_except_around_asnumpy():
    def forward(x):
        try:
            return x * float(x.asnumpy().max())
        except BaseException:
            return x * 1000

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def finally_with_an_effect():
    log = []

    def forward(x):
        try:
            return x * x
        finally:
            log.append("finally")

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), len(log)


@program
def gradient_after_an_exception():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.grad(lambda x: net(x).sum(), None, net.trainable_params())
    for k in STEPS:
        bad = attempt(f, ops.ones((1, 2 + k % 2), ms.float32))
        yield bad, f(X.reshape((1, 3))), net.weight.asnumpy()


@program
def own_exception_classes():
    class Stop(Exception):
        def __init__(self, x):
            super().__init__("stop")
            self.x = x

    def forward(x, stop):
        if stop:
            raise Stop(x * 2)
        return x * x

    f = ms.grad(forward)
    for k in STEPS:
        try:
            yield f(X + k, k == 3)
        except Stop as stop:
            yield str(stop), stop.x


@program
def exception_chained():
    def forward(x):
        try:
            raise KeyError("inner")
        except KeyError as error:
            raise ValueError("outer") from error

    f = ms.grad(forward)
    for _ in STEPS:
        try:
            f(X)
        except ValueError as error:
            yield str(error), repr(error.__cause__)


@program
def results_without_a_tensor():
    f = ms.grad(lambda x: "text")
    g = ms.grad(lambda x: None)
    for _ in range(3):
        yield attempt(f, X), attempt(g, X)
