"""What `msjax.shims.jax` and `msjax.shims.programs` take from JAX does what they say, in this version of JAX."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from msjax.shims import jax as shim
from msjax.shims import programs

ONE = jnp.ones(3)


@jax.custom_vjp
def doubled(x):
    return 2 * x


doubled.defvjp(lambda x: (2 * x, None), lambda _, ct: (2 * ct,))


def program_of(function, *arguments):
    return jax.make_jaxpr(function)(*arguments)


def equation_of(function, *arguments):
    (equation,) = program_of(function, *arguments).jaxpr.eqns
    return equation


# -- inside transforms --


def test_tracers_are_told_from_values():
    seen = []
    jax.make_jaxpr(lambda x: seen.append(isinstance(x, shim.Tracer)))(ONE)
    assert seen == [True] and not isinstance(ONE, shim.Tracer)


def test_trace_state_tells_transforms_apart():
    outside, inside = shim.trace_state(), []
    jax.make_jaxpr(lambda x: inside.extend([shim.trace_state(), shim.trace_state()]))(ONE)
    assert outside == shim.trace_state() and inside[0] == inside[1] != outside


def test_lanes_hold_the_values_of_all():
    seen = []
    jax.vmap(lambda x: seen.append(shim.lanes(x)) or x)(ONE)
    np.testing.assert_array_equal(seen[0], ONE)
    assert shim.lanes(ONE) is ONE


def test_symbolic_sizes():
    sizes = []
    (n,) = jax.export.symbolic_shape("n")

    def function(x):
        sizes.append((shim.max_size(x.shape[0], 2), shim.min_size(x.shape[0], 2)))
        return x

    jax.export.export(jax.jit(function))(jax.ShapeDtypeStruct((n,), jnp.float32))
    assert [str(s) for s in sizes[0]] == ["max(n, 2)", "min(n, 2)"]
    assert (shim.max_size(3, 2), shim.min_size(3, 2)) == (3, 2)


# -- errors --


PUSHES = {"jvp": lambda f: jax.jvp(f, (ONE,), (ONE,)), "linearize": lambda f: jax.linearize(f, ONE)[1](ONE)}


@pytest.mark.parametrize("name", PUSHES)
def test_forward_mode_says_that_it_needs_reverse(name):
    with pytest.raises((TypeError, NotImplementedError)) as caught:
        PUSHES[name](doubled)
    assert shim.needs_reverse(caught.value)


@pytest.mark.parametrize("name", PUSHES)
def test_what_a_function_makes_of_that_needs_reverse_too(name):
    def careless(x):
        try:
            y = doubled(x)
        finally:
            y = y + 1  # there is none
        return y

    with pytest.raises((UnboundLocalError, TypeError, NotImplementedError)) as caught:
        PUSHES[name](careless)
    assert shim.needs_reverse(caught.value)


def test_other_errors_need_no_reverse():
    assert not shim.needs_reverse(TypeError("got an unexpected keyword"))


def test_the_remark_below_a_cut_traceback():
    @jax.jit
    def fails(x):
        raise ValueError

    with pytest.raises(ValueError) as caught:
        fails(ONE)
    assert any(shim.FILTERED in note for note in caught.value.__notes__)


# -- programs --


def test_programs_run():
    program = program_of(lambda x, y: (x + y, x * np.arange(3.0)), ONE, ONE)
    for results in (shim.eval_program(program, ONE, 2 * ONE), shim.as_function(program)(ONE, 2 * ONE)):
        np.testing.assert_array_equal(results[0], 3 * ONE)
        np.testing.assert_array_equal(results[1], np.arange(3.0))


def test_programs_run_by_equations():
    def function(x):
        return jax.jit(jnp.sin)(x) + lax.cond(x.sum() > 0, jnp.cos, jnp.sin, x), jax.nn.relu(x)

    program, names = program_of(function, ONE), []

    def apply(equation, arguments):
        names.append(equation.primitive.name)
        if called := programs.inner(equation):
            return programs.run(*called, arguments, apply)
        return programs.bound(equation)(*arguments)

    for result, wanted in zip(programs.run(program.jaxpr, program.consts, [ONE], apply), function(ONE), strict=True):
        np.testing.assert_allclose(result, wanted, rtol=1e-6)
    assert {"sin", "cond"} <= {*names} <= programs.names_of(program.jaxpr)
    assert "cos" in programs.names_of(program.jaxpr)  # in a branch


def test_calls_with_and_without_places_for_arrays():
    call = equation_of(lambda x: jax.jit(jnp.tanh)(x), ONE)
    assert programs.inner(call) is not None
    device = jax.sharding.SingleDeviceSharding(jax.devices()[0])
    placed = equation_of(lambda x: jax.jit(jnp.tanh, out_shardings=device)(x), ONE)
    assert programs.inner(placed) is None
    assert programs.inner(equation_of(jnp.negative, ONE)) is None


def test_parts_of_loops_and_branches():
    loop = equation_of(lambda x: lax.fori_loop(0, 3, lambda _, y: y * 2, x), ONE)
    *_, choice = program_of(lambda x, one: lax.cond(one, jnp.sin, jnp.cos, x), ONE, True).jaxpr.eqns
    assert len(programs.parts_of(loop)) == 1 and len(programs.parts_of(choice)) == 2


def test_literals_are_told_from_variables():
    equation = equation_of(lambda x: lax.mul(x, np.float32(2)), jnp.float32(1))
    assert sorted(map(programs.is_literal, equation.invars)) == [False, True]
    assert programs.is_literal(shim.zero(equation.outvars[0].aval))


def test_elementwise_programs():
    program = program_of(lambda x: jax.jit(jnp.tanh)(x) * 2, ONE).jaxpr
    assert programs.is_elementwise(program, [0])
    assert not programs.is_elementwise(program_of(lambda x: x[::-1] + x, ONE).jaxpr, [0])


def test_product_takes_the_parameters_of_an_equation():
    matrix = jnp.arange(6.0).reshape(2, 3)
    equation = next(e for e in program_of(lambda a: lax.dot(a, ONE), matrix).jaxpr.eqns)
    assert equation.primitive.name == "dot_general"
    np.testing.assert_array_equal(shim.product(matrix, ONE, **equation.params), matrix @ ONE)


def test_taylor():
    zero, one = jnp.float32(0), jnp.float32(1)
    (value,), ((first, second),) = shim.taylor(jax.make_jaxpr(jnp.exp)(zero), (zero,), ([one, zero],))
    assert (value, first, second) == (1, 1, 1)


# -- the way back --


def test_the_program_of_a_pullback_can_be_exchanged():
    _, pullback = jax.vjp(lambda x: jnp.sin(x) * 3, ONE)
    program = shim.linear_program(pullback)
    renamed = program.replace(eqns=[e.replace(invars=list(e.invars)) for e in program.eqns])
    np.testing.assert_array_equal(shim.with_linear_program(pullback, renamed)(ONE)[0], pullback(ONE)[0])


def test_rules_keep_their_names():
    def backward(_, ct):
        return (2 * ct,)

    @jax.custom_vjp
    def named(x):
        return 2 * x

    named.defvjp(lambda x: (2 * x, x), backward)
    _, pullback = jax.vjp(named, ONE)
    (equation,) = (e for e in shim.linear_program(pullback).eqns if shim.name_of_rule(e))
    assert shim.name_of_rule(equation) == "backward"
    assert shim.first_linear(equation).aval.shape == (3,)


# -- what JAX makes of functions --


def _function(x):
    return x


def test_what_jax_makes_of_functions_keeps_them():
    rule = jax.custom_vjp(_function)
    rule.defvjp(_function, _function)
    slope = jax.custom_jvp(_function)
    slope.defjvp(_function)
    for made in (jax.jit(_function), rule, slope):
        parts = [getattr(made, name) for name in shim.MADE_BY_JAX[type(made)]]
        assert _function in parts
    assert type(jax.jit(_function)) is shim.JITTED


@pytest.mark.parametrize(
    "function", [jnp.sin, jnp.linalg.norm, lax.add, jax.nn.relu, jax.tree.map, jax.grad(_function)]
)
def test_functions_that_compute_are_known_by_their_modules(function):
    module = function.__globals__["__name__"] if hasattr(function, "__globals__") else function.__module__
    assert module.startswith("jax") and any(part in module for part in shim.COMPUTING)


@pytest.mark.parametrize("function", [lax.scan, lax.cond, lax.while_loop, jax.checkpoint])
def test_functions_that_remember_programs_are_known_by_their_modules(function):
    assert function.__module__.startswith(shim.REMEMBERING) or function.__globals__["__name__"].startswith(
        shim.REMEMBERING
    )
