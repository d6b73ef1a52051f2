"""FlopsUtilizationCollector: how many operations a step computes, and which share of the device's that is."""

from __future__ import annotations

import time
from typing import Any

import jax

from msjax import log
from msjax.core.kinds import takes
from msjax.core.tensor import raw, wrap
from msjax.nn.pure import lend
from msjax.train.callback.callback import Callback, RunContext


@takes(data_size="int > 0", computility="number > 0", full_flops="bool", enable_ma_collector="bool")
class FlopsUtilizationCollector(Callback):
    """Print the floating-point operations of a step, its time, and which share of the device's speed that is.

    Args:
        data_size: steps of an epoch; of the last of each nothing is printed.
        computility: operations per second that the device can compute.
        full_flops: whether the line on operations tells those of all devices, which is one here.
        enable_ma_collector: accepted for compatibility.

    Raises:
        TypeError, ValueError: if an argument is of another type, or not positive.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
        >>> data = [(ops.zeros((4, 2)), ops.zeros((4, 1)))] * 2
        >>> model.train(1, data, callbacks=ms.train.FlopsUtilizationCollector(2, computility=1e12))
        Full model flops is ..., Full hardware flops is ..., Shard model flops is ..., Shard hardware flops is ....
        Train per step time: ... ms mfu:...% hfu:...%

    Differs from MindSpore: it works in PYNATIVE_MODE, too, and all operations count that XLA reports, those of the
    optimizer and elementwise ones among them.
    """

    _sees_evaluations = False

    def __init__(
        self, data_size: int, computility: float = 1, full_flops: bool = True, enable_ma_collector: bool = False
    ):
        self.data_size, self.computility, self.full_flops = data_size, computility, full_flops
        self._flops: float | None = None
        self._start = 0.0

    def step_begin(self, run_context: RunContext) -> None:
        self._start = time.perf_counter()

    def step_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        jax.block_until_ready(jax.tree.map(raw, now.net_outputs))
        seconds = time.perf_counter() - self._start
        if self._flops is None:
            self._flops = flops = _operations(now)
            shard = f"hard model flops is {flops}, Shard hardware flops is {flops}."
            full = f"Full model flops is {flops}, Full hardware flops is {flops}, "
            print(f"{full if self.full_flops else ''}S{shard}", flush=True)
        if now.cur_step_num % self.data_size:
            share = self._flops / seconds / self.computility
            print(
                f"{now.mode.title()} per step time: {1000 * seconds:5.3f} ms mfu:{share:.2%} hfu:{share:.2%}",
                flush=True,
            )


def _operations(now: Any) -> float:
    """The floating-point operations of a step, as XLA counts them."""
    network = now.train_network if now.mode == "train" else now.eval_network
    inputs = now.train_dataset_element if now.mode == "train" else now.eval_dataset_element
    handles = list(network.get_parameters())

    def step(values, *arrays):
        result, after = lend(handles, values, lambda: network(*map(wrap, arrays)))
        return jax.tree.map(raw, result), after

    try:
        analysis: Any = jax.jit(step).lower([raw(h) for h in handles], *map(raw, inputs)).cost_analysis()
    except Exception as error:  # what the network does needs values, as a `while` over a Tensor
        log.warning("The operations of a step can not be counted: %s", error)
        return float("nan")
    return float(analysis.get("flops", float("nan")))
