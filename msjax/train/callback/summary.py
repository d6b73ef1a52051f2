"""SummaryCollector: what is to be seen of a training in TensorBoard, collected by itself."""

from __future__ import annotations

import json
import re
from typing import Any

from msjax import log
from msjax.core.kinds import check, takes
from msjax.core.tensor import Tensor
from msjax.train.callback.callback import Callback, RunContext
from msjax.train.callback.monitors import loss_of
from msjax.train.summary import SummaryRecord

# What is collected, what that may be, and the default.
_KINDS = {
    **dict.fromkeys(
        "collect_metric collect_graph collect_train_lineage collect_eval_lineage collect_input_data "
        "collect_dataset_graph".split(),
        ("bool", True),
    ),
    "histogram_regular": ("None or str", None),
    "collect_landscape": ("None or dict", None),
}
_HISTOGRAMS = 5  # of so many Parameters, if no names are asked for
_TENSORS = 20  # are collected of each name at most, if no frequency is asked for


@takes(
    summary_dir="str", collect_freq="int > 0", num_process="int > 0", collect_specified_data="None or dict",
    keep_default_action="bool", custom_lineage_data="None or dict", collect_tensor_freq="None or int > 0",
    max_file_size="None or int > 0", export_options="None or dict",
)  # fmt: skip
class SummaryCollector(Callback):
    """Write losses, metrics, distributions of Parameters and more for TensorBoard: `tensorboard --logdir FOLDER`.

    Args:
        summary_dir: the folder.
        collect_freq: steps from one record to the next; the first step is recorded, too.
        num_process: accepted for compatibility.
        collect_specified_data: what is collected, {name: whether}: "collect_metric", the loss, and metrics after
            evaluations; "collect_graph", the network's structure, as a text; "collect_input_data", images that the
            network gets; "collect_train_lineage" and "collect_eval_lineage", numbers of the whole run, as texts;
            "histogram_regular", a regular expression for the names of Parameters whose distribution is recorded, None
            for those of the first five. "collect_dataset_graph" and "collect_landscape" have no effect.
        keep_default_action: whether what is not named there is collected.
        custom_lineage_data: further texts and numbers to record.
        collect_tensor_freq: steps from one record of what `ops.TensorSummary` gives to the next; None for 20 in all.
        max_file_size, export_options: as for `SummaryRecord`.

    Raises:
        TypeError, ValueError: if an argument is of another type, or there is no such thing to collect.
        ImportError: when it is used, without tensorboardX, which `pip install msjax[summary]` brings.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
        >>> data = [(ops.zeros((4, 2)), ops.zeros((4, 1)))] * 4
        >>> model.train(2, data, callbacks=ms.train.SummaryCollector("./summary", collect_freq=2))

    Differs from MindSpore: as `SummaryRecord`.
    """

    _sees_evaluations = False

    def __init__(
        self,
        summary_dir: str,
        collect_freq: int = 10,
        num_process: int = 32,
        collect_specified_data: dict[str, Any] | None = None,
        keep_default_action: bool = True,
        custom_lineage_data: dict[str, Any] | None = None,
        collect_tensor_freq: int | None = None,
        max_file_size: int | None = None,
        export_options: dict | None = None,
    ):
        self._collected = _collected(collect_specified_data or {}, keep_default_action)
        for name, value in (custom_lineage_data or {}).items():
            check("SummaryCollector", "custom_lineage_data", name, "str")
            check("SummaryCollector", f"custom_lineage_data[{name!r}]", value, "str or number or bool")
        self._folder, self._every, self._custom = summary_dir, collect_freq, custom_lineage_data
        self._tensors_every = collect_tensor_freq
        self._options: dict[str, Any] = dict(max_file_size=max_file_size, export_options=export_options)
        self._record: SummaryRecord | None = None
        self._begun, self._step = False, 0

    def __enter__(self):
        self._record = SummaryRecord(self._folder, **self._options)
        return self

    def __exit__(self, *error) -> None:
        assert self._record is not None
        self._record.close()

    def begin(self, run_context: RunContext) -> None:
        now, record = run_context.original_args(), self._record
        if sum(isinstance(callback, SummaryCollector) for callback in now.list_callback) > 1:
            raise ValueError("There may be only one SummaryCollector among the callbacks.")
        if record is None:  # it is called by hand, without `with`
            raise RuntimeError("SummaryCollector must be given to Model, or be entered by 'with'.")
        record.set_mode(now.mode)
        if now.mode == "train" and not self._begun:
            self._begun = True
            if self._collected["collect_graph"]:
                record.add_value("graph", "network", f"```\n{now.train_network}\n```")
            if self._custom:
                record.add_value("custom_lineage_data", "custom_lineage_data", _as_text(self._custom))

    def step_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        if now.mode != "train":
            return
        self._step = step = now.cur_step_num
        every = self._tensors_every or max(self._every, now.epoch_num * now.batch_num // _TENSORS)
        first = step == 1
        tensors, others = first or step % every == 0, first or step % self._every == 0
        if not (tensors or others):
            return
        assert self._record is not None
        if others:
            self._add(now)
        self._record.record(step, plugin_filter=lambda plugin: tensors if plugin == "tensor" else others)

    def epoch_end(self, run_context: RunContext) -> None:
        now, record = run_context.original_args(), self._record
        assert record is not None
        if now.mode == "train" and now.get("metrics") and self._collected["collect_metric"]:
            record.set_mode("eval")  # what the network gave away meanwhile is not of a step
            self._write_metrics(record, now.metrics)
            record.set_mode("train")
        record.flush()

    def end(self, run_context: RunContext) -> None:
        now, record = run_context.original_args(), self._record
        assert record is not None
        record.set_mode("eval")  # what networks give away from here on is not of a step
        if now.mode == "train" and self._collected["collect_train_lineage"]:
            record.add_value("train_lineage", "train_lineage", _as_text(_lineage(now)))
        if now.mode == "eval":
            if self._collected["collect_metric"]:
                self._write_metrics(record, now.metrics)
            if self._collected["collect_eval_lineage"]:
                record.add_value("eval_lineage", "eval_lineage", _as_text({k: str(v) for k, v in now.metrics.items()}))
        record.record(self._step)

    def _add(self, now) -> None:
        """Add what is collected after a step."""
        record = self._record
        assert record is not None
        loss = loss_of(now.net_outputs)
        if self._collected["collect_metric"] and isinstance(loss, float):
            record.add_value("scalar", "loss/auto", Tensor(loss))
        image = next(iter(now.train_dataset_element or ()), None)
        if self._collected["collect_input_data"] and isinstance(image, Tensor):
            if image.ndim == 4 and image.shape[1] in (1, 3):
                record.add_value("image", "input_data/auto", image)
            else:
                self._collected["collect_input_data"] = False
        for parameter in self._parameters(now):
            record.add_value("histogram", f"{parameter.name}/auto", Tensor(parameter))

    def _parameters(self, now) -> list:
        """The Parameters whose distributions are recorded."""
        pattern = self._collected["histogram_regular"]
        parameters = now.optimizer.parameters if now.optimizer is not None else now.network.trainable_params()
        if pattern is not None:
            return [p for p in parameters if re.match(pattern, p.name)]
        return list(parameters)[:_HISTOGRAMS] if self._collected["defaults"] else []

    def _write_metrics(self, record: SummaryRecord, metrics: dict) -> None:
        for name, value in metrics.items():
            try:
                record.add_value("scalar", f"{name}/eval", Tensor(float(value)))
            except (TypeError, ValueError):  # an array
                log.info("The metric %s is no number, and is not recorded.", name)
        record.record(self._step)


def _collected(asked: dict, defaults: bool) -> dict[str, Any]:
    """What is collected, all names in it; "defaults" says whether what is not named is."""
    if unknown := set(asked) - set(_KINDS):
        raise ValueError(
            f"For 'SummaryCollector', 'collect_specified_data' has {sorted(unknown)}, but there are only {[*_KINDS]}."
        )
    for name, value in asked.items():
        check("SummaryCollector", name, value, _KINDS[name][0])
    return (
        {name: default if defaults else None for name, (_, default) in _KINDS.items()} | asked | {"defaults": defaults}
    )


def _lineage(now) -> dict:
    """What the training was, in words and numbers."""
    optimizer, rate = now.optimizer, getattr(now.optimizer, "learning_rate", None)
    return {
        "network": type(now.network).__name__,
        "loss_fn": type(now.loss_fn).__name__,
        "optimizer": type(optimizer).__name__,
        "learning_rate": float(rate.asnumpy()) if isinstance(rate, Tensor) and rate.size == 1 else str(rate),
        "epoch": now.epoch_num,
        "batch_num": now.batch_num,
        "step_num": now.cur_step_num,
        "loss": loss_of(now.net_outputs),
    }


def _as_text(values: dict) -> str:
    return f"```\n{json.dumps(values, indent=4, default=str)}\n```"
