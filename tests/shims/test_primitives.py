"""What `msjax.shims.primitives` says of JAX's primitives is true of each in this version of JAX."""

from functools import cache, partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from msjax.autodiff import columns, rows
from msjax.shims import primitives as p
from msjax.shims import programs

X, Y = jnp.array([[0.3, 0.6, 0.8], [0.2, 0.9, 0.5]]), jnp.array([[0.7, 0.1, 0.4], [0.5, 0.3, 0.8]])
Z, BOOLS = X + 1j * Y, X > 0.5
SQUARE, IMAGE = jnp.array([[2.0, 0.0], [1.0, 3.0]]), jnp.ones((1, 1, 4, 4))

# Names of other versions of JAX than this one may be: what they mean has another name here, or no primitive at all.
ELSEWHERE = set("core_call closed_call copy_p expand_dims custom_vjp_call_jaxpr stack unstack".split())

_OF_TWO = "add sub mul div pow max min atan2 nextafter rem eq ne lt le gt ge"

# A function and arguments that lead to the primitive, where `lax` has no function of its name that takes one array.
SAMPLES = {
    **{n: (getattr(lax, n), (X, Y)) for n in _OF_TWO.split()},
    **{n: (getattr(lax, n), (Z,)) for n in "real imag conj".split()},
    **{n: (getattr(lax, f"bitwise_{n}"), (BOOLS, ~BOOLS)) for n in "and or xor".split()},
    **{n: (partial(getattr(lax, n), axis=1), (X,)) for n in "cumsum cumprod cummax cummin cumlogsumexp".split()},
    **{f"reduce_{n}": (f, (X,)) for n, f in {
        "sum": lambda x: x.sum(1), "max": lambda x: x.max(1), "min": lambda x: x.min(1), "prod": lambda x: x.prod(1),
    }.items()},
    "not": (lax.bitwise_not, (BOOLS,)),
    "reduce_and": (lambda x: x.all(1), (BOOLS,)),
    "reduce_or": (lambda x: x.any(1), (BOOLS,)),
    "argmax": (lambda x: lax.argmax(x, 1, np.int32), (X,)),
    "argmin": (lambda x: lax.argmin(x, 1, np.int32), (X,)),
    "add_any": (jax.grad(lambda x: (jnp.sin(x) * jnp.cos(x)).sum()), (X,)),
    "asin": (lax.asin, (X,)), "acosh": (lax.acosh, (X + 1,)),
    "integer_pow": (lambda x: lax.integer_pow(x, 3), (X,)),
    "select_n": (lax.select_n, (BOOLS, X, Y)),
    "clamp": (lax.clamp, (0.4, X, 0.7)),
    "complex": (lax.complex, (X, Y)),
    "concatenate": (lambda x, y: lax.concatenate([x, y], 1), (X, Y)),
    "optimization_barrier": (lambda x: lax.optimization_barrier(x), (X,)),
    "reshape": (lambda x: lax.reshape(x, (3, 2)), (X,)),
    "broadcast_in_dim": (lambda x: lax.broadcast_in_dim(x, (4, 2, 3), (1, 2)), (X,)),
    "transpose": (lambda x: lax.transpose(x, (1, 0)), (X,)),
    "squeeze": (lambda x: lax.squeeze(x, (0,)), (X[:1],)),
    "slice": (lambda x: lax.slice(x, (0, 1), (2, 3)), (X,)),
    "dynamic_slice": (lambda x, i: lax.dynamic_slice(x, (i, i), (1, 2)), (X, 1)),
    "dynamic_update_slice": (lambda x, y, i: lax.dynamic_update_slice(x, y, (i, i)), (X, Y[:1, :2], 1)),
    "gather": (lambda x, i: x.at[i].get(), (X, jnp.array([1, 0]))),
    "scatter-add": (lambda x, i, y: x.at[i].add(y), (X, jnp.array([1, 1]), Y)),
    "rev": (lambda x: lax.rev(x, (1,)), (X,)),
    "split": (lambda x: lax.split(x, (1, 2), 1), (X,)),
    "pad": (lambda x, y: lax.pad(x, y, ((0, 0, 0), (1, 2, 0))), (X, jnp.float64(0.5))),
    "fft": (lambda x: lax.fft(x, "fft", (3,)), (Z,)),
    "convert_element_type": (lambda x: lax.convert_element_type(x, np.float32), (X,)),
    "reduce_precision": (lambda x: lax.reduce_precision(x, 8, 7), (X,)),
    "copy": (lambda x: jnp.array(x, copy=True), (X,)),
    "triangular_solve": (lambda x: lax.linalg.triangular_solve(SQUARE, x, left_side=True, lower=True), (X,)),
    "dot_general": (lambda x, y: lax.dot_general(x, y, (((1,), (1,)), ((), ()))), (X, Y)),
    "conv_general_dilated": (lambda x, y: lax.conv(x, y, (1, 1), "VALID"), (IMAGE, IMAGE[:, :, :2, :2])),
    "reduce_window_sum": (lambda x: lax.reduce_window(x, 0.0, lax.add, (1, 1, 2, 2), (1, 1, 1, 1), "VALID"), (IMAGE,)),
    "select_and_scatter_add": (jax.grad(lambda x: lax.reduce_window(
        x, -jnp.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID").sum()), (jnp.arange(16.0).reshape(1, 1, 4, 4),)),
    "select_and_gather_add": (lambda x: jax.jvp(lambda y: lax.reduce_window(
        y, -jnp.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID"), (x,), (2 * x,)),
        (jnp.arange(16.0).reshape(1, 1, 4, 4),)),
    "while": (lambda x: lax.while_loop(lambda y: y.sum() < 9, lambda y: y + 1, x), (X,)),
    "scan": (lambda x: lax.scan(lambda c, row: (c + row, c), jnp.zeros(3), x), (X,)),
    "cond": (lambda x: lax.cond(x.sum() > 0, jnp.sin, jnp.cos, x), (X,)),
    "custom_jvp_call": (jax.nn.relu, (X,)),
    "custom_vjp_call": (lambda x: _doubled(x), (X,)),
}  # fmt: skip


@jax.custom_vjp
def _doubled(x):
    return 2 * x


_doubled.defvjp(lambda x: (2 * x, None), lambda _, ct: (2 * ct,))

LINEAR = {**p.LINEAR_IN, **dict.fromkeys(p.JOINTLY_LINEAR)}
TABLES = (
    p.WITH_RULES, p.SMOOTH, p.SMOOTH_IN_ONE, p.ELEMENTWISE, p.ELEMENTWISE_OR_NUMBERS, LINEAR,
    p.BILINEAR, p.AFFINE, p.AFFINE_IN_FIRST, p.PIECEWISE_LINEAR, p.SCALING, p.KEEPS_ZEROS, p.REDUCTIONS, p.RUNNING,
    p.MOVING, p.JOINING, p.CHEAP, p.COSTLY, p.LONG, rows.RULES, columns._RULES,
)  # fmt: skip
NAMES = sorted(set().union(*TABLES) - ELSEWHERE)


@cache
def equation_of(name):
    """An equation of the primitive, and arguments for it."""
    function, arguments = SAMPLES.get(name) or (getattr(lax, name), (X,))
    program, met = jax.make_jaxpr(function)(*arguments), []

    def apply(equation, given):
        if equation.primitive.name == name:
            met.append((equation, given))
        if called := programs.inner(equation):
            return programs.run(*called, given, apply)
        return programs.bound(equation)(*given)

    programs.run(program.jaxpr, program.consts, jax.tree.leaves(arguments), apply)
    return met[0]


@pytest.mark.parametrize("name", NAMES)
def test_jax_has_it(name):
    equation, _ = equation_of(name)
    assert equation.primitive.name == name


@pytest.mark.parametrize("name", sorted(LINEAR.keys() - ELSEWHERE))
def test_linear(name):
    equation, given = equation_of(name)
    places = range(len(given)) if LINEAR[name] is None else LINEAR[name]
    function, moving = programs.bound(equation), [given[i] for i in places]

    def of(values):
        changed = dict(zip(places, values, strict=True))
        return function(*(changed.get(i, a) for i, a in enumerate(given)))

    zeros = of(list(map(jnp.zeros_like, moving)))
    thrice = of([3 * m for m in moving])
    for result, zero, triple in zip(of(moving), zeros, thrice, strict=True):
        assert not np.any(zero)
        np.testing.assert_allclose(triple, 3 * result, rtol=1e-5)


@pytest.mark.parametrize("name", sorted((p.SMOOTH | p.ELEMENTWISE | p.ELEMENTWISE_OR_NUMBERS) - ELSEWHERE))
def test_elementwise(name):
    equation, given = equation_of(name)
    function = programs.bound(equation)
    given = [jnp.broadcast_to(g, X.shape) for g in given]
    (whole,) = function(*given)
    flipped = [g[:, ::-1] for g in given]
    np.testing.assert_array_equal(function(*flipped)[0], whole[:, ::-1])
    changed = [g.at[0, 0].set(g[1, 1]) for g in given]
    np.testing.assert_array_equal(function(*changed)[0][:, 1:], whole[:, 1:])


@pytest.mark.parametrize("name", sorted(p.BILINEAR))
def test_bilinear(name):
    equation, (a, b) = equation_of(name)
    function = programs.bound(equation)
    np.testing.assert_allclose(function(3 * a, b)[0], 3 * function(a, b)[0], rtol=1e-6)
    np.testing.assert_allclose(function(a, 3 * b)[0], 3 * function(a, b)[0], rtol=1e-6)


@pytest.mark.parametrize("name", sorted((p.AFFINE | p.AFFINE_IN_FIRST) - ELSEWHERE))
def test_affine(name):
    equation, given = equation_of(name)
    function = programs.bound(equation)
    moving = given[:1] if name in p.AFFINE_IN_FIRST else given

    def second(*values):
        along = lambda *v: jax.jvp(lambda *w: function(*w, *given[len(moving) :])[0], v, tuple(moving))[1]  # noqa: E731
        return jax.jvp(along, values, tuple(moving))[1]

    assert not np.any(second(*moving))


@pytest.mark.parametrize("name", sorted(p.KEEPS_ZEROS - ELSEWHERE))
def test_zeros_stay_zeros(name):
    equation, given = equation_of(name)
    assert not any(map(np.any, programs.bound(equation)(*map(jnp.zeros_like, given))))


@pytest.mark.parametrize("name", sorted(p.REDUCTIONS))
def test_reductions_name_their_axes(name):
    assert tuple(equation_of(name)[0].params["axes"]) == (1,)


@pytest.mark.parametrize("name", sorted(p.RUNNING | {"cumsum"}))
def test_running_operators_name_their_axis(name):
    assert equation_of(name)[0].params["axis"] == 1


@pytest.mark.parametrize("name", sorted(p.WITH_RULES - ELSEWHERE))
def test_what_is_inside(name):
    params = equation_of(name)[0].params
    assert any(part in params for part in p.INSIDE)


@pytest.mark.parametrize(("transform", "names"), [(jax.jit, p.CALLS), (jax.checkpoint, p.CHECKPOINTS)])
def test_what_calls_a_program(transform, names):
    (equation,) = jax.make_jaxpr(lambda x: transform(jnp.tanh)(x))(X).jaxpr.eqns
    assert equation.primitive.name in names and any(part in equation.params for part in p.INSIDE)


# The parameters that rules of `autodiff` and `diffops` read, of the samples above.
PARAMETERS = {
    "broadcast_in_dim": {"broadcast_dimensions": (1, 2)},
    "transpose": {"permutation": (1, 0)},
    "squeeze": {"dimensions": (0,)},
    "reduce_sum": {"axes": (1,)},
    "slice": {"start_indices": (0, 1), "limit_indices": (2, 3), "strides": None},
    "pad": {"padding_config": ((0, 0, 0), (1, 2, 0))},
    "concatenate": {"dimension": 1},
    "split": {"axis": 1},
    "rev": {"dimensions": (1,)},
    "dot_general": {"dimension_numbers": (((1,), (1,)), ((), ()))},
    "convert_element_type": {"new_dtype": np.dtype("float32")},
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters(name):
    params = equation_of(name)[0].params
    assert {key: params[key] for key in PARAMETERS[name]} == PARAMETERS[name]
