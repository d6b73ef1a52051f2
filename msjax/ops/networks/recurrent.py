"""Recurrent networks as primitives: a layer over a whole sequence."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call.promotion import array
from msjax.ops.table import op

_Five = tuple[jax.Array, jax.Array, jax.Array, jax.Array, jax.Array]
_Six = tuple[jax.Array, jax.Array, jax.Array, jax.Array, jax.Array, jax.Array]
_Eight = tuple[jax.Array, jax.Array, jax.Array, jax.Array, jax.Array, jax.Array, jax.Array, jax.Array]


def lstm_step(i, f, g, o, c):
    """The gates after their activations, the cell's next state and its tanh, from the gates and its state before."""
    i, f, g, o = jax.nn.sigmoid(i), jax.nn.sigmoid(f), jnp.tanh(g), jax.nn.sigmoid(o)
    c = f * c + i * g
    return i, f, g, o, c, jnp.tanh(c)


def _expect(what: str, **shapes) -> None:
    """Raise ValueError unless each array, beside the shape that it must have, has that."""
    for name, (found, wanted) in shapes.items():
        if found is not None and found.shape != wanted:
            raise ValueError(f"For '{what}', the shape of '{name}' must be {wanted}, but got {found.shape}.")


def _sequence(what: str, x, seq_length) -> None:
    if x.ndim != 3:
        raise ValueError(f"For '{what}', 'x' must be of shape (time, batch, features), but got {x.shape}.")
    if seq_length is not None:
        raise ValueError(f"For '{what}', 'seq_length' must be None: sequences are of one length.")


def _wide(x):
    """At least in float32, in which steps are computed."""
    return x.astype(np.promote_types(x.dtype, np.float32))


@op(
    "ops.DynamicRNN(cell_type: _ = 'LSTM', direction: _ = 'UNIDIRECTIONAL', cell_depth: _ = 1, "
    "use_peephole: _ = False, keep_prob: _ = 1.0, cell_clip=-1.0, num_proj: _ = 0, time_major: _ = True, "
    "activation: _ = 'tanh', forget_bias=0.0, is_training: _ = True)(x, w, b, seq_length, init_h, init_c)",
    floats=("x", "w", "b", "init_h", "init_c"),
    kinds={"cell_clip": "float", "forget_bias": "float"},
)
def dynamic_rnn(x, w, b, seq_length, init_h, init_c, *, cell_clip=-1.0, forget_bias=0.0) -> _Eight:
    """Long short-term memory over a sequence, with all that the steps compute.

        i, j, f, o = split([x, h] @ w + b)
        c = sigmoid(f + forget_bias) * c + sigmoid(i) * tanh(j)
        h = sigmoid(o) * tanh(c)

    Args:
        x: the sequences, of shape (time, batch, input_size).
        w: the weights, of shape (input_size + hidden_size, 4 * hidden_size).
        b: the biases, of shape (4 * hidden_size,).
        seq_length: None.
        init_h, init_c: the first states, of shape (1, batch, hidden_size).
        cell_type: "LSTM".
        direction: "UNIDIRECTIONAL".
        cell_depth: 1.
        use_peephole: False.
        keep_prob: 1.0.
        cell_clip: the largest size of elements of c, if positive.
        num_proj: 0.
        time_major: True.
        activation: "tanh".
        forget_bias: what is added to the forget gate before its activation.

    Returns:
        Of each step: the output; h; c; the gates i, j, f and o after their activations; and tanh(c). All of shape
        (time, batch, hidden_size), h in the dtype of `x`, the others in that of `b`.

    Raises:
        TypeError: if an input is not of a float dtype.
        ValueError: if the shapes are others.

    Source:
        Hochreiter and Schmidhuber, Long short-term memory (1997).

    Differs from MindSpore: it runs on all devices, and takes float32 too.
    """
    _sequence("DynamicRNN", x, seq_length)
    _, batch, features = x.shape
    hidden = init_h.shape[-1]
    _expect(
        "DynamicRNN", w=(w, (features + hidden, 4 * hidden)), b=(b, (4 * hidden,)), init_h=(init_h, (1, batch, hidden)),
        init_c=(init_c, (1, batch, hidden)),
    )  # fmt: skip
    weights, bias = _wide(w), _wide(b)

    def step(state, now):
        h, c = state
        i, j, f, o = jnp.split(now + h @ weights[features:], 4, -1)
        i, f, j, o, c, tanhc = lstm_step(i, f + forget_bias, j, o, c)
        if cell_clip > 0:
            c = jnp.clip(c, -cell_clip, cell_clip)
            tanhc = jnp.tanh(c)
        h = o * tanhc
        return (h, c), (h, h, c, i, j, f, o, tanhc)

    start = _wide(init_h)[0], _wide(init_c)[0]
    steps = jax.lax.scan(step, start, _wide(x) @ weights[:features] + bias)[1]
    y, h, c, i, j, f, o, tanhc = (part.astype(x.dtype if k == 1 else b.dtype) for k, part in enumerate(steps))
    return y, h, c, i, j, f, o, tanhc


@op(
    "ops.DynamicGRUV2(direction: _ = 'UNIDIRECTIONAL', cell_depth: _ = 1, keep_prob: _ = 1.0, cell_clip: _ = -1.0, "
    "num_proj: _ = 0, time_major: _ = True, activation: _ = 'tanh', gate_order='rzh', reset_after=True, "
    "is_training: _ = True)(x, weight_input, weight_hidden, bias_input, bias_hidden, seq_length, init_h)",
    floats=("x", "weight_input", "weight_hidden", "init_h"),
    kinds={"gate_order": "'rzh' or 'zrh'", "reset_after": "bool"},
)
def dynamic_gru(
    x, weight_input, weight_hidden, bias_input, bias_hidden, seq_length, init_h, *, gate_order="rzh", reset_after=True
) -> _Six:
    """A layer of gated recurrent units over a sequence, with all that the steps compute.

        r, z = sigmoid(x @ weight_input + bias_input + h @ weight_hidden + bias_hidden), a part for each
        n = tanh(x @ w_in + b_in + r * (h @ w_hn + b_hn))
        h = (1 - z) * n + z * h

    Args:
        x: the sequences, of shape (time, batch, input_size).
        weight_input: of shape (input_size, 3 * hidden_size).
        weight_hidden: of shape (hidden_size, 3 * hidden_size).
        bias_input, bias_hidden: of shape (3 * hidden_size,), or None.
        seq_length: None.
        init_h: the first state, of shape (batch, hidden_size).
        direction: "UNIDIRECTIONAL".
        cell_depth: 1.
        keep_prob: 1.0.
        cell_clip: not positive.
        num_proj: 0.
        time_major: True.
        activation: "tanh".
        gate_order: whether the parts of the weights are those of r, z and n, or of z, r and n.
        reset_after: whether r is multiplied with h after it has met the weights, else before.

    Returns:
        Of each step: the output; h; the gates z, r and n after their activations; and h @ w_hn + b_hn. All of shape
        (time, batch, hidden_size), in the dtype of the biases, or that of `init_h`.

    Raises:
        TypeError: if an input is not of a float dtype.
        ValueError: if the shapes are others.

    Source:
        Cho et al., Learning phrase representations using RNN encoder-decoder (2014).

    Differs from MindSpore: it runs on all devices, and takes float32 too.
    """
    _sequence("DynamicGRUV2", x, seq_length)
    _, batch, features = x.shape
    hidden = init_h.shape[-1]
    _expect(
        "DynamicGRUV2", weight_input=(weight_input, (features, 3 * hidden)), init_h=(init_h, (batch, hidden)),
        weight_hidden=(weight_hidden, (hidden, 3 * hidden)), bias_input=(bias_input, (3 * hidden,)),
        bias_hidden=(bias_hidden, (3 * hidden,)),
    )  # fmt: skip
    dtype = next(a for a in (bias_input, bias_hidden, init_h) if a is not None).dtype
    weights = jnp.split(_wide(weight_hidden), 3, -1)
    biases = [0, 0, 0] if bias_hidden is None else jnp.split(_wide(bias_hidden), 3)
    order = [0, 1, 2] if gate_order == "rzh" else [1, 0, 2]
    (w_r, w_z, w_n), (b_r, b_z, b_n) = ([parts[k] for k in order] for parts in (weights, biases))

    def step(h, now):
        gates = jnp.split(now, 3, -1)
        x_r, x_z, x_n = (gates[k] for k in order)
        r, z = jax.nn.sigmoid(x_r + h @ w_r + b_r), jax.nn.sigmoid(x_z + h @ w_z + b_z)
        hidden_new = (h if reset_after else r * h) @ w_n + b_n
        n = jnp.tanh(x_n + (r * hidden_new if reset_after else hidden_new))
        h = (1 - z) * n + z * h
        return h, (h, h, z, r, n, hidden_new)

    from_x = _wide(x) @ _wide(weight_input)
    from_x = from_x if bias_input is None else from_x + _wide(bias_input)
    y, h, z, r, n, hidden_new = jax.lax.scan(step, _wide(init_h), from_x)[1]
    return y.astype(dtype), h.astype(dtype), z.astype(dtype), r.astype(dtype), n.astype(dtype), hidden_new.astype(dtype)


@op(
    "ops.LSTM(input_size, hidden_size, num_layers: _, has_bias, bidirectional, dropout: _, proj_size=0)"
    "(input: x, h, c, w)",
    floats=("x", "h", "c", "w"),
    kinds={
        "input_size": "int > 0", "hidden_size": "int > 0", "has_bias": "bool", "bidirectional": "bool",
        "proj_size": "int >= 0",
    },
)  # fmt: skip
def lstm(x, h, c, w, *, input_size, hidden_size, has_bias, bidirectional, proj_size=0) -> _Five:
    """A layer of long short-term memory over a sequence, of which all weights are in one Tensor.

        i, f, g, o = split(x @ w_ih.T + h @ w_hh.T + b)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = sigmoid(o) * tanh(c), times w_p.T if there is a projection

    Args:
        x: the sequences, of shape (time, batch, input_size).
        h: the first states, of shape (directions, batch, hidden_size), or proj_size for the last.
        c: the cells' first states, of shape (directions, batch, hidden_size).
        w: one after the other w_ih, w_hh, w_p if there is a projection, and b with as many zeros behind, each for both
            directions.
        num_layers: 1.
        dropout: has no effect on a single layer.
        proj_size: what h is projected to, less than `hidden_size`; 0 for no projection.

    Returns:
        The outputs, of shape (time, batch, directions * hidden_size), or proj_size for the last; the last h and c; and
        two Tensors that only kernels have a use for: zeros of shape (1, 1).

    Raises:
        TypeError: if an input is not of a float dtype.
        ValueError: if the shapes are others, or `w` is too small.

    Example:
        >>> step = ops.LSTM(1, 1, 1, False, False, 0.0)
        >>> weights = Tensor([1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
        >>> step(Tensor([[[1.0]]]), Tensor([[[0.0]]]), Tensor([[[0.0]]]), weights)[0].shape
        (1, 1, 1)

    Differs from MindSpore: the fourth result, which its kernels keep for the gradient, is zeros.
    """
    if proj_size >= hidden_size:
        raise ValueError(f"For 'LSTM', 'proj_size' must be less than {hidden_size}, but got {proj_size}.")
    _sequence("LSTM", x, None)
    directions, real, batch = 1 + bidirectional, proj_size or hidden_size, x.shape[1]
    _expect(
        "LSTM", input=(x, (len(x), batch, input_size)), h=(h, (directions, batch, real)),
        c=(c, (directions, batch, hidden_size)),
    )  # fmt: skip
    shapes = [(4 * hidden_size, input_size), (4 * hidden_size, real)]
    shapes += [(real, hidden_size)] if proj_size else []
    shapes += [(4 * hidden_size,)] if has_bias else []
    sizes = [directions * int(np.prod(shape)) for shape in shapes]
    needed = sum(sizes) + has_bias * sizes[-1]
    if w.size < needed:
        raise ValueError(f"For 'LSTM', 'w' must have at least {needed} elements, but its shape is {w.shape}.")
    ends = np.cumsum(sizes)
    weights = [
        w.reshape(-1)[end - size : end].reshape(directions, *shape)
        for end, size, shape in zip(ends, sizes, shapes, strict=True)
    ]
    runs = [
        _run_lstm(x, h[d], c[d], [weight[d] for weight in weights], bool(proj_size), has_bias, d == 1)
        for d in range(directions)
    ]
    outputs, last_h, last_c = zip(*runs, strict=True)
    nothing = jnp.zeros((1, 1), x.dtype)
    return jnp.concatenate(outputs, -1), jnp.stack(last_h), jnp.stack(last_c), nothing, nothing


def _run_lstm(x, h, c, weights, projects: bool, has_bias: bool, reverse: bool):
    """The outputs of one direction and its last states."""
    w_ih, w_hh, *others = weights
    from_x = x @ w_ih.T + (others[-1] if has_bias else array(0.0))

    def step(state, now):
        h, c = state
        i, f, g, o = jnp.split(now + h @ w_hh.T, 4, -1)
        *_, o, c, tanhc = lstm_step(i, f, g, o, c)
        h = o * tanhc @ others[0].T if projects else o * tanhc
        return (h, c), h

    (h, c), outputs = jax.lax.scan(step, (h, c), from_x, reverse=reverse)
    return outputs, h, c
