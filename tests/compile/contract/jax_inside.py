"""JAX's own transforms on functions of Tensors. Of those that JAX remembers, it keeps what they read at first."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor, nn, ops

X = Tensor([0.5, 1.0, -2.0])
GAIN = 2.0
CALLS = []


@jax.custom_vjp
def sine(x):
    return ops.sin(x)


sine.defvjp(lambda x: (ops.sin(x), x), lambda x, g: (g * ops.cos(x) * 3,))


@jax.custom_jvp
def cosine(x):
    return ops.cos(x)


cosine.defjvp(lambda primals, tangents: (ops.cos(primals[0]), tangents[0] * 5))


def double(x):
    return x * 2


def scaled(x):
    return x * GAIN


def scaled_step(c, a):
    return scaled(c) * a, None


def noted(x):
    CALLS.append(1)
    return x * 2


WITHIN = {
    "custom_vjp": lambda x: sine(x) * 2,
    "custom_jvp": lambda x: cosine(x) * 2,
    "checkpoint": lambda x: jax.checkpoint(lambda x: ops.sin(x) * x)(x),
    "checkpoint_of_an_operator": lambda x: jax.checkpoint(ops.sin)(x) * 2,
    "jit": lambda x: jax.jit(ops.sin)(x) + jax.jit(lambda x: x * 3)(x),
    "vmap": lambda x: jax.vmap(lambda a: ops.sin(a) * a)(x) * 2,
    "scan": lambda x: lax.scan(lambda c, a: (c * a, c), x, x)[0],
    "cond": lambda x: lax.cond(True, double, lambda x: x, x),
    "cond_of_a_value": lambda x: lax.cond(x.sum() > 0, lambda x: x * 2, lambda x: x * 3, x),
    "fori": lambda x: lax.fori_loop(0, 3, lambda i, c: c * x, x),
    "jvp": lambda x: jax.jvp(ops.sin, (x,), (x,))[1],
    "grad": lambda x: jax.grad(lambda x: jnp.sum(ops.sin(x)))(x),
    "hessian": lambda x: Tensor(jax.hessian(lambda x: jnp.sum(ops.sin(x) * x))(x)),
    "made_of_an_array": lambda x: Tensor(jnp.sin(x)) * 2,
    "tree_map": lambda x: jax.tree.map(lambda a: a * 2, x),
    "nested": lambda x: jax.vmap(jax.grad(lambda a: jnp.sum(jax.checkpoint(ops.sin)(a) * a)))(x),
}


def steps(function):
    for k in STEPS:
        yield function(X + k)


def named(name: str, body, compiles: bool):
    body.__name__ = name
    return program(compiles=compiles)(body)


def _through(name):
    def body():
        yield from steps(watch(ms.grad(WITHIN[name])))

    return named(f"through_{name}", body, True)


for _name in WITHIN:
    globals()[f"through_{_name}"] = _through(_name)


@program(compiles=True)
def a_while_loop():
    yield from steps(watch(ms.jacfwd(lambda x: lax.while_loop(lambda c: jnp.sum(c * c) < 99, double, x))))


@program(compiles=True)
def values_of_a_network():
    net = nn.Dense(3, 3)

    def loss(x):
        return lax.scan(lambda c, a: (ops.tanh(net(c)) * a, None), x, x)[0].sum()

    step = watch(ms.value_and_grad(loss, None, net.trainable_params()))
    for k in STEPS:
        value, gradients = step(X + k)
        net.weight.set_data(net.weight - 0.5 * gradients[0])
        yield value, gradients


@program(compiles=True)
def a_transform_that_is_kept():
    kept = jax.vmap(double)
    yield from steps(watch(ms.grad(lambda x: kept(x) * x)))


@program
def a_global_in_what_is_mapped():
    global GAIN
    f = ms.grad(lambda x: jax.vmap(scaled)(x) * x)
    for k in STEPS:
        GAIN = float(k)
        yield f(X)


def _with_a_global(name, function):
    def body():
        global GAIN
        GAIN = 2.0
        f = watch(ms.grad(function))
        for k in STEPS:
            GAIN = float(k + 1)
            yield f(X)

    return named(f"a_global_that_is_kept_by_{name}", body, False)


kept_by_scan = _with_a_global("scan", lambda x: lax.scan(scaled_step, x, x)[0] * 1)
kept_by_cond = _with_a_global("cond", lambda x: lax.cond(True, scaled, double, x) * x)
kept_by_checkpoint = _with_a_global("checkpoint", lambda x: jax.checkpoint(scaled)(x) * x)
kept_by_jit = _with_a_global("jit", lambda x: jax.jit(scaled)(x) * x)


@program(compiles=True)
def a_rule_that_changes():
    def make(k):
        @jax.custom_vjp
        def f(x):
            return x * k

        f.defvjp(lambda x: (x * k, None), lambda _, g: (g * k * 10,))
        return f

    for k in STEPS:
        rule = make(float(k // 2))
        f = watch(ms.grad(lambda x: rule(x) * x))
        yield f(X)
        yield f(X)


@program(compiles=False)
def effects_inside():
    f = watch(ms.grad(lambda x: jax.vmap(noted)(x) * x))
    for _ in STEPS:
        yield f(X), len(CALLS)


@program
def a_handle_from_a_loop():
    kept = []

    def f(x):
        def body(c, a):
            kept[:] = [c * 1]
            return c * a, None

        return lax.scan(body, x, x)[0]

    g = ms.grad(f)
    for k in STEPS:
        yield g(X + k), len(kept)


@program(compiles=True)
def in_place_in_a_loop():
    def body(c, a):
        c += a
        c[0] = 1.0
        return c * 2, None

    yield from steps(watch(ms.grad(lambda x: lax.scan(body, x * 1, x)[0])))


@program(compiles=True)
def results_are_handles():
    f = watch(ms.value_and_grad(lambda x: lax.cond(True, double, lambda x: x, x)))
    for k in STEPS:
        value, gradient = f(X + k)
        value += 1
        yield value, gradient, np.asarray(value).sum()


def _scheduled(make):
    def body():
        optax = __import__("optax")
        schedule = make(optax)
        f = watch(ms.jit(lambda x, count: x * schedule(count)))
        for k in STEPS:
            yield f(X, Tensor(k))

    return body


SCHEDULES = {
    "cosine": lambda optax: optax.cosine_decay_schedule(0.5, 4),
    "exponential": lambda optax: optax.exponential_decay(0.5, 2, 0.5),
    "warmup": lambda optax: optax.warmup_cosine_decay_schedule(0.0, 0.5, 2, 4),
    "joined": lambda optax: optax.join_schedules([optax.linear_schedule(0.5, 0.0, 4), lambda count: count * GAIN], [2]),
}
for _name, _make in SCHEDULES.items():
    globals()[f"schedule_{_name}"] = named(f"schedule_{_name}", _scheduled(_make), _name != "joined" or None)
