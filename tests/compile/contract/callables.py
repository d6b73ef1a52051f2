"""All kinds of callables: lambdas made anew, partial, bound methods, decorators, deep closures."""

import functools

import contract_helper as helper
import msjax as ms
from contract import STEPS, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


@program(compiles=True)
def lambda_made_anew():
    for k in STEPS:
        f = watch(ms.grad(lambda x: x * x * x))
        yield f(X + k)


@program(compiles=True)
def transform_made_anew():
    def loss(x):
        return (x * x).sum()

    for k in STEPS:
        yield watch(ms.value_and_grad(loss))(X + k)


@program
def lambda_made_anew_over_changing_values():
    for k in STEPS:
        rate = float(k)
        yield ms.grad(lambda x: x * rate)(X), ms.grad(lambda x, k=k: x * k)(X)


@program(compiles=True)
def lambda_made_anew_over_changing_tensors():
    for k in STEPS:
        scale = X * k
        yield watch(ms.grad(lambda x: x * scale * x))(X)


@program
def lambdas_alike_but_for_their_closure():
    functions = [lambda x, n=n: x * n for n in range(3)]
    closures = [(lambda n: lambda x: x * x * n)(n) for n in range(3)]
    for _ in range(3):
        yield [ms.grad(f)(X) for f in functions], [ms.grad(f)(X) for f in closures]


@program
def partial_objects():
    def scaled(x, a, b=1.0):
        return x * a * b * x

    for k in STEPS:
        f = ms.grad(functools.partial(scaled, a=float(k % 2), b=2.0))
        yield f(X), f(X), f(X, a=3.0)


@program
def partial_changed():
    weights = {"a": 1.0}
    f = ms.grad(functools.partial(lambda w, x: x * w["a"], weights))
    for k in STEPS:
        weights["a"] = float(k)
        yield f(X)


@program
def callable_objects():
    class Scale:
        def __init__(self, factor):
            self.factor = factor

        def __call__(self, x):
            return x * self.factor

    objects = [Scale(1.0), Scale(2.0), Scale(X)]
    functions = [ms.grad(model) for model in objects]
    for k in STEPS:
        yield [f(X) for f in functions]
        objects[1].factor = float(k)


@program
def bound_methods():
    class Model:
        def __init__(self, factor):
            self.factor = factor

        def loss(self, x):
            return (x * x * self.factor).sum()

        @staticmethod
        def plain(x):
            return x * 2

        @classmethod
        def named(cls, x):
            return x * len(cls.__name__)

    model, other = Model(2.0), Model(3.0)
    f = ms.grad(model.loss)
    for k in STEPS:
        yield f(X), ms.grad(other.loss)(X), ms.grad(model.plain)(X), ms.grad(Model.named)(X)
        model.factor = float(k)


@program(compiles=True)
def bound_method_without_state():
    class Model:
        def loss(self, x):
            return (x * x).sum()

    model = Model()
    for k in STEPS:
        yield watch(ms.grad(model.loss))(X + k)


@program(compiles=True)
def decorated():
    @helper.plain
    def loss(x):
        return (x * x).sum()

    f = watch(ms.grad(loss))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def decorated_with_a_counter():
    @helper.logged
    def loss(x):
        return (x * x).sum()

    f = watch(ms.grad(loss))
    for k in STEPS:
        yield f(X + k), loss.calls


@program
def closures_three_deep():
    def outer(a):
        def middle(b):
            def inner(x):
                return x * a * b[0] * c

            return inner

        return middle

    c = 1.0
    box = [1.0]
    f = ms.grad(outer(2.0)(box))
    for k in STEPS:
        box[0] = float(k)
        yield f(X)
        c += 1.0


@program
def closure_shared_with_a_setter():
    def make():
        rate = 1.0

        def get(x):
            return x * rate

        def change(value):
            nonlocal rate
            rate = value

        return get, change

    get, change = make()
    f = ms.grad(get)
    for k in STEPS:
        yield f(X)
        change(float(k))


@program(compiles=True)
def functions_passed_as_arguments():
    def twice(fn, x):
        return fn(fn(x))

    f = watch(ms.grad(lambda x: twice(lambda a: a * a, x)))
    for k in STEPS:
        yield f(X + k)


@program
def function_arguments_of_the_gradient():
    f = ms.grad(lambda x, act: act(x).sum())
    for act in (ops.tanh, ops.sin, ops.tanh, ops.sin, lambda a: a * 2):
        yield f(X, act)


@program(compiles=False)
def effects_in_key_and_map_functions():
    order = []

    def key(n):
        order.append(n)
        return -n

    def forward(x):
        first = sorted([1, 3, 2], key=key)[0]
        rest = list(filter(lambda n: order.append("f") or n > 1, map(key, [1, 2])))
        return x * first * (len(rest) + 1)

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), len(order)


@program(compiles=True)
def sorted_map_filter_reduce():
    def forward(x):
        powers = sorted(map(lambda n: n * 2, filter(lambda n: n > 0, [2, 0, 1])), key=lambda n: -n)
        return functools.reduce(lambda a, n: a + x**n, powers, x * 0)

    f = watch(ms.grad(forward))
    for k in STEPS:
        yield f(X + k)


@program
def nested_functions_with_parameters():
    w = Parameter(X * 1, name="w")

    def model(x):
        def layer(h):
            return h * w

        return layer(layer(x)).sum()

    f = ms.value_and_grad(model, 0, [w])
    for k in STEPS:
        yield f(X)
        w.set_data(w - k)


@program
def cell_or_its_construct():
    net = nn.Dense(3, 1, weight_init="ones")
    f, g = ms.grad(net), ms.grad(net.construct)
    x = X.reshape((1, 3))
    for k in STEPS:
        net.weight.set_data(net.weight * k)
        yield f(x), g(x)


@program
def exec_made_function():
    names = {}
    exec("def made(x):\n    return x * x * rate\nrate = 1.0", names)
    f = ms.grad(names["made"])
    for k in STEPS:
        names["rate"] = float(k)
        yield f(X)


SEEN, GAIN = [], 1.0


def multitype():
    scaled = ops.MultitypeFuncGraph("scaled")

    @scaled.register("Number", "Tensor")
    def scaled_number(number, x):
        return number * x * GAIN

    return scaled


@program(compiles=True)
def kept_by_a_multitype_function():
    scaled, each = multitype(), ops.HyperMap()
    f = watch(ms.grad(lambda x: each(ops.partial(scaled, 2), (x, x * x))[1].sum()))
    for k in STEPS:
        yield f(X + k)


@program
def kept_by_a_multitype_function_over_changing_values():
    global GAIN
    scaled, each = multitype(), ops.HyperMap()
    f = ms.grad(lambda x: each(ops.partial(scaled, 2), (x, x * x))[1].sum())
    for k in STEPS:
        GAIN = float(k)
        if k == 3:
            scaled.register("Tensor", "Tensor")(lambda x, y: x * y)
            scaled.entries.reverse()
        yield f(X)


@program
def kept_by_a_multitype_function_with_an_effect():
    noted = ops.MultitypeFuncGraph("noted")

    @noted.register("Tensor")
    def noted_tensor(x):
        SEEN.append(1)
        return x * x

    f = ms.grad(lambda x: ops.Map()(noted, (x, x))[0].sum())
    for _ in STEPS:
        yield f(X), len(SEEN)


@program
def kept_by_a_map():
    def noted(x):
        SEEN.append(1)
        return x * GAIN

    each = ops.HyperMap(noted)
    f = ms.grad(lambda x: each((x, x))[0].sum())
    for _ in STEPS:
        yield f(X), len(SEEN)


@program
def kept_by_a_network_with_its_loss():
    global GAIN

    def loss(output, label):
        SEEN.append(1)
        return ((output - label) ** 2).sum() * GAIN

    net = nn.WithLossCell(nn.ReLU(), loss)
    f = ms.grad(net)
    for k in STEPS:
        GAIN = float(k)
        yield f(X, X * 2), len(SEEN), nn.WithEvalCell(nn.ReLU(), loss)(X, X)
