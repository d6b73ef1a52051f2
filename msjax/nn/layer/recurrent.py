"""Recurrent layers: RNN, LSTM and GRU, and their single steps."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.core.parameter import Parameter, ParameterTuple
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
from msjax.nn.initializer import Uniform, initializer
from msjax.nn.layer.dense import Dropout
from msjax.ops.call.operator import Operator
from msjax.ops.networks.recurrent import lstm_step


def _expect(name: str, what: str, value, shape: tuple, dtype=None) -> None:
    """Raises:
    TypeError: if `value` is no Tensor of floats, or not of `dtype`.
    ValueError: if it is not of `shape`, in which a word stands for any size."""
    if not isinstance(value, Tensor) or value.dtype not in mstype.float_type or dtype not in (None, value.dtype):
        kind = value.dtype if isinstance(value, Tensor) else type(value).__name__
        raise TypeError(f"For '{name}', '{what}' must be a Tensor of {dtype or 'floats'}, but got {kind}.")
    sizes = zip(shape, value.shape, strict=False)
    if len(shape) != value.ndim or any(wanted != size for wanted, size in sizes if isinstance(wanted, int)):
        wanted = ", ".join(map(str, shape))
        raise ValueError(f"For '{name}', '{what}' must be of shape ({wanted}), but got {value.shape}.")


def _state(name: str, hx, count: int, shape: tuple, dtype) -> tuple[Tensor, ...]:
    if count == 1:
        _expect(name, "hx", hx, shape, dtype)
        return (hx,)
    if not isinstance(hx, (tuple, list)) or len(hx) != count:
        raise TypeError(f"For '{name}', 'hx' must be a pair of Tensors, (h, c), but got {hx!r:.60}.")
    for i, part in enumerate(hx):
        _expect(name, f"hx[{i}]", part, shape, dtype)
    return tuple(hx)


# -- one step: (x, state, weights) -> state; a state is a tuple of arrays, its first the output ----------------------


def _gates(x, h, w_ih, w_hh, b_ih, b_hh):
    from_x, from_h = x @ w_ih.T, h @ w_hh.T
    return (from_x, from_h) if b_ih is None else (from_x + b_ih, from_h + b_hh)


def _rnn(activation):
    def step(x, state, *weights):
        return (activation(sum(_gates(x, state[0], *weights))),)

    return step


def _lstm(x, state, *weights):
    i, f, g, o = jnp.split(sum(_gates(x, state[0], *weights)), 4, -1)
    *_, o, c, tanh = lstm_step(i, f, g, o, state[1])
    return o * tanh, c


def _gru(x, state, *weights):
    from_x, from_h = (jnp.split(part, 3, -1) for part in _gates(x, state[0], *weights))
    r, z = (jax.nn.sigmoid(from_x[k] + from_h[k]) for k in (0, 1))
    n = jnp.tanh(from_x[2] + r * from_h[2])
    return (n + z * (state[0] - n),)


# name of the step -> the step, number of gates, number of arrays in a state
STEPS = {"tanh": (_rnn(jnp.tanh), 1, 1), "relu": (_rnn(jax.nn.relu), 1, 1), "lstm": (_lstm, 4, 2), "gru": (_gru, 3, 1)}


def _step(x, state, w_ih, w_hh, b_ih, b_hh, *, kind):
    return STEPS[kind][0](x, state, w_ih, w_hh, b_ih, b_hh)


def _run(x, state, w_ih, w_hh, b_ih, b_hh, lengths=None, *, kind, reverse):
    """One layer in one direction over x (time, batch, features); beyond a sample's length its state stays and its
    output is 0."""
    step = STEPS[kind][0]
    w_ih, w_hh, b_ih, b_hh = (w if w is None else w.astype(x.dtype) for w in (w_ih, w_hh, b_ih, b_hh))

    def advance(state, at):
        t, here = at
        new = step(here, state, w_ih, w_hh, b_ih, b_hh)
        if lengths is None:
            return new, new[0]
        inside = (t < lengths)[:, None]
        return tuple(jnp.where(inside, a, b) for a, b in zip(new, state, strict=True)), jnp.where(inside, new[0], 0)

    times = jnp.arange(x.shape[0], dtype=np.int64)
    final, outputs = lax.scan(advance, tuple(state), (times, x), reverse=reverse)
    return outputs, *final


_SIZES = {"input_size": "int > 0", "hidden_size": "int > 0", "has_bias": "bool"}
_STEP, _RUN = Operator(_step), Operator(_run)


class _Direction(Cell):
    """Runs one layer in one direction; it stands in the tree of Cells under MindSpore's name."""

    def construct(self, x, state, weights, seq_length, reverse):
        return _RUN.call((x, state, *weights, seq_length), (self.kind, reverse))


def _direction(kind: str) -> Cell:
    cell = _DIRECTIONS[kind]()
    cell.kind = kind
    return cell


_DIRECTIONS = {
    kind: type(name, (_Direction,), {"__module__": __name__})
    for kind, name in (
        ("tanh", "_DynamicRNNTanh"),
        ("relu", "_DynamicRNNRelu"),
        ("lstm", "_DynamicLSTMCPUGPU"),
        ("gru", "_DynamicGRUCPUGPU"),
    )
}
globals().update((cls.__name__, cls) for cls in _DIRECTIONS.values())  # so that they can be pickled


class _Layers(Cell):
    """Several layers, in one or both directions, each over the outputs of the one before.

    Args:
        batch_first: whether sequences are (batch, time, features), else (time, batch, features).
        dropout: the probability of dropout between layers, in training.
        bidirectional: whether each layer also runs backwards; both outputs are put side by side.

    Inputs:
        x: the sequences, (time, batch, input_size).
        hx: the first states, (num_layers * directions, batch, hidden_size); zeros by default.
        seq_length: the length of each sample, a Tensor of ints (batch,); None for the whole.

    Returns:
        The outputs, (time, batch, hidden_size * directions), and the last states.

    Raises:
        TypeError, ValueError: for other sizes, probabilities, shapes or dtypes.
    """

    @takes(**_SIZES, num_layers="int > 0", batch_first="bool", dropout="float [0, 1)", bidirectional="bool")
    def _make(self, kind, input_size, hidden_size, num_layers, has_bias, batch_first, dropout, bidirectional, dtype):
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.dropout = dropout
        self.has_bias, self.batch_first, self.bidirectional, self._kind = has_bias, batch_first, bidirectional, kind
        self.rnn, self.dropout_op = _direction(kind), Dropout(p=float(dropout))
        rows, directions = STEPS[kind][1] * hidden_size, 2 if bidirectional else 1
        suffixes = [f"l{k}{suffix}" for k in range(num_layers) for suffix in ("", "_reverse")[:directions]]
        bound = 1 / math.sqrt(hidden_size)
        weights: dict[str, list] = {label: [] for label in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
        for k, suffix in enumerate(suffixes):
            width = input_size if k < directions else hidden_size * directions
            for label, shape in zip(weights, [(rows, width), (rows, hidden_size), (rows,), (rows,)], strict=True):
                if has_bias or label.startswith("weight"):  # as in MindSpore, numpy's next numbers
                    first = np.random.uniform(-bound, bound, shape).astype(np.float32)
                    weights[label].append(Parameter(Tensor(first, dtype), f"{label}_{suffix}"))
        lists = [ParameterTuple(each) if each else (None,) * len(suffixes) for each in weights.values()]
        self.w_ih_list, self.w_hh_list, self.b_ih_list, self.b_hh_list = lists

    def construct(self, x, hx=None, seq_length=None):
        name, axes = type(self).__name__, ("batch", "time") if self.batch_first else ("time", "batch")
        _expect(name, "x", x, (*axes, self.input_size))
        x = ops.swapaxes(x, 0, 1) if self.batch_first else x
        states = self._states(name, x, hx)
        self._check_lengths(name, seq_length, x.shape[1])
        directions, last = 2 if self.bidirectional else 1, []
        for layer in range(self.num_layers):
            outputs = []
            for direction in range(directions):
                k = layer * directions + direction
                weights = (self.w_ih_list[k], self.w_hh_list[k], self.b_ih_list[k], self.b_hh_list[k])
                state = tuple(s[k] for s in states)
                output, *final = self.rnn(x, state, weights, seq_length, direction == 1)
                outputs.append(output)
                last.append(final)
            x = outputs[0] if directions == 1 else ops.concat(outputs, -1)
            if self.dropout and layer < self.num_layers - 1:
                x = self.dropout_op(x)
        final = tuple(ops.stack([state[i] for state in last]) for i in range(len(states)))
        return ops.swapaxes(x, 0, 1) if self.batch_first else x, final[0] if len(final) == 1 else final

    def _states(self, name: str, x, hx) -> tuple[Tensor, ...]:
        count = STEPS[self._kind][2]
        shape = (self.num_layers * (2 if self.bidirectional else 1), x.shape[1], self.hidden_size)
        if hx is None:
            return (ops.zeros(shape, x.dtype),) * count
        return _state(name, hx, count, shape, x.dtype)

    @staticmethod
    def _check_lengths(name: str, lengths, batch: int) -> None:
        if lengths is None:
            return
        if not isinstance(lengths, Tensor) or lengths.dtype not in mstype.int_type:
            raise TypeError(f"For '{name}', 'seq_length' must be a Tensor of ints, but got {lengths!r:.60}.")
        if lengths.shape != (batch,):
            raise ValueError(
                f"For '{name}', the batches of 'x' and 'seq_length' must be equal, but got {batch} and the shape "
                f"{lengths.shape}."
            )


@documented
@takes(nonlinearity="'tanh' or 'relu'")
class RNN(_Layers):
    """A recurrent network: h = tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh), or relu of it.

    Args:
        nonlinearity: "tanh" or "relu".

    Example:
        >>> outputs, state = nn.RNN(3, 4)(ops.ones((5, 2, 3)))
        >>> outputs.shape, state.shape
        ((5, 2, 4), (1, 2, 4))
    """

    def __init__(self, input_size, hidden_size, num_layers: Any = 1, nonlinearity: Any = "tanh", has_bias=True,
                 batch_first=False, dropout: Any = 0.0, bidirectional=False, dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self._make(
            nonlinearity, input_size, hidden_size, num_layers, has_bias, batch_first, dropout, bidirectional, dtype
        )


@documented
class LSTM(_Layers):
    """Long short-term memory (Hochreiter and Schmidhuber, 1997); the state is a pair, (h, c).

        i, f, g, o = split(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = sigmoid(o) * tanh(c)

    Example:
        >>> outputs, (h, c) = nn.LSTM(3, 4)(ops.ones((5, 2, 3)))
        >>> outputs.shape, h.shape, c.shape
        ((5, 2, 4), (1, 2, 4), (1, 2, 4))
    """

    def __init__(self, input_size, hidden_size, num_layers: Any = 1, has_bias=True, batch_first=False,
                 dropout: Any = 0.0, bidirectional=False, dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self._make("lstm", input_size, hidden_size, num_layers, has_bias, batch_first, dropout, bidirectional, dtype)


@documented
class GRU(_Layers):
    """Gated recurrent units (Cho et al., 2014).

        r, z = sigmoid(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh), a part for each
        n = tanh(x @ w_in.T + b_in + r * (h @ w_hn.T + b_hn))
        h = (1 - z) * n + z * h

    Example:
        >>> outputs, state = nn.GRU(3, 4)(ops.ones((5, 2, 3)))
        >>> outputs.shape, state.shape
        ((5, 2, 4), (1, 2, 4))
    """

    def __init__(self, input_size, hidden_size, num_layers: Any = 1, has_bias=True, batch_first=False,
                 dropout: Any = 0.0, bidirectional=False, dtype: Any = mstype.float32):  # fmt: skip
        super().__init__()
        self._make("gru", input_size, hidden_size, num_layers, has_bias, batch_first, dropout, bidirectional, dtype)


class RNNCellBase(Cell):
    """The weights of a cell that goes one step, for subclasses.

    Args:
        input_size, hidden_size: the lengths of the input and of the state.
        has_bias: whether there are biases.
        num_chunks: how many times as many rows as the state is long the weights have.
        dtype: of the weights.
    """

    @takes(**_SIZES, num_chunks="int > 0")
    def __init__(self, input_size, hidden_size, has_bias, num_chunks, dtype: Any = mstype.float32):
        super().__init__()
        self.input_size, self.hidden_size, self.has_bias = input_size, hidden_size, has_bias
        rows, first = num_chunks * hidden_size, Uniform(1 / math.sqrt(hidden_size))
        shapes = [(rows, input_size), (rows, hidden_size), *[(rows,)] * (2 * has_bias)]
        np.random.randn(sum(map(math.prod, shapes)))  # MindSpore draws these first and does not keep them
        weights = [Parameter(initializer(first, shape, dtype)) for shape in shapes]
        self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh = weights if has_bias else (*weights, None, None)


class _OneStep(RNNCellBase):
    """Inputs:
        x: the step's input, (batch, input_size).

    Returns:
        The next state, (batch, hidden_size).

    Raises:
        TypeError, ValueError: for other sizes, shapes or dtypes.
    """

    def __init__(self, kind: str, input_size, hidden_size, has_bias, dtype):
        super().__init__(input_size, hidden_size, has_bias, STEPS[kind][1], dtype)
        self._kind = kind

    def construct(self, x, hx):
        name, dtype = type(self).__name__, self.weight_ih.dtype
        _expect(name, "x", x, ("batch", self.input_size), dtype)
        states = _state(name, hx, STEPS[self._kind][2], (x.shape[0], self.hidden_size), dtype)
        state = _STEP.call((x, states, self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh), (self._kind,))
        return state[0] if len(state) == 1 else state


@documented
@takes(nonlinearity="'tanh' or 'relu'")
class RNNCell(_OneStep):
    """One step of `RNN`.

    Args:
        nonlinearity: "tanh" or "relu".

    Example:
        >>> nn.RNNCell(3, 4)(ops.ones((2, 3)), ops.zeros((2, 4))).shape
        (2, 4)
    """

    def __init__(self, input_size, hidden_size, has_bias=True, nonlinearity: Any = "tanh", dtype: Any = mstype.float32):
        super().__init__(nonlinearity, input_size, hidden_size, has_bias, dtype)


@documented
class LSTMCell(_OneStep):
    """One step of `LSTM`; the state is a pair, (h, c).

    Example:
        >>> h, c = nn.LSTMCell(3, 4)(ops.ones((2, 3)), (ops.zeros((2, 4)), ops.zeros((2, 4))))
        >>> h.shape, c.shape
        ((2, 4), (2, 4))
    """

    def __init__(self, input_size, hidden_size, has_bias=True, dtype: Any = mstype.float32):
        super().__init__("lstm", input_size, hidden_size, has_bias, dtype)


@documented
class GRUCell(_OneStep):
    """One step of `GRU`.

    Example:
        >>> nn.GRUCell(3, 4)(ops.ones((2, 3)), ops.zeros((2, 4))).shape
        (2, 4)
    """

    def __init__(self, input_size, hidden_size, has_bias=True, dtype: Any = mstype.float32):
        super().__init__("gru", input_size, hidden_size, has_bias, dtype)
