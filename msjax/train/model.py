"""Model: a network with its loss, optimizer and metrics, trained and evaluated over datasets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from msjax import nn
from msjax.core.context import ParallelMode, get_context, in_graph
from msjax.core.kinds import is_a
from msjax.nn.cell import Cell
from msjax.train.callback import Callback, Callbacks, Facts, RunContext
from msjax.train.callback.monitors import loss_of
from msjax.train.metrics import Loss, Metric, get_metrics
from msjax.train.mixed_precision import build_train_network
from msjax.train.sink import check_sink_size, endless, steps_of, tensors_of

_NO_LAYOUT = (
    "'{}' only supports 'semi_auto_parallel' and 'auto_parallel' mode, but got stand_alone: this program runs on one "
    "device, and its Parameters are whole."
)


class Model:
    """Train, evaluate and use a network.

    Args:
        network: a Cell.
        loss_fn: a Cell or function of output and label; None if the network gives its loss.
        optimizer: an optimizer; None if the network trains itself.
        metrics: a dict name -> Metric, or a set of names.
        eval_network: a Cell for evaluation instead of the network with its loss.
        eval_indexes: which outputs of `eval_network` are (loss, output, label).
        amp_level: as for `auto_mixed_precision`.
        boost_level: accepted for compatibility.
        kwargs: as for `build_train_network`.

    Raises:
        TypeError: if `network` or `optimizer` is no Cell.
        ValueError: if `eval_indexes` are no three numbers, there are metrics but nothing to evaluate, or an option of
            training without an optimizer.

    Example:
        >>> net = nn.Dense(2, 1, has_bias=False)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()), metrics={"mae"})
        >>> model.train(1, [(ops.zeros((4, 2)), ops.zeros((4, 1)))])
        >>> model.eval([(ops.zeros((4, 2)), ops.zeros((4, 1)))])
        {'mae': 0.0}
    """

    def __init__(
        self,
        network: Cell,
        loss_fn: Callable[..., Any] | None = None,
        optimizer: Cell | None = None,
        metrics: dict[str, Metric] | Iterable[str] | None = None,
        eval_network: Cell | None = None,
        eval_indexes: Sequence[int] | None = None,
        amp_level: str = "O0",
        boost_level: str = "O0",
        **kwargs: Any,
    ):
        if not isinstance(network, Cell):
            raise TypeError(f"The type of 'network' should be 'Cell', but got type '{type(network).__name__}'.")
        if eval_network is not None and eval_indexes is not None and len(eval_indexes) != 3:
            raise ValueError(f"The argument 'eval_indexes' must be a list of three ints, but got {eval_indexes!r}.")
        self._metric_fns = get_metrics(metrics)
        if self._metric_fns and eval_network is None and loss_fn is None:
            raise ValueError("'metrics' need a 'loss_fn' or an 'eval_network', whose outputs they measure.")
        if boost_level not in ("O0", "O1", "O2"):
            raise ValueError(f"The argument 'boost_level' must be 'O0', 'O1' or 'O2', but got {boost_level!r}.")
        _check_optimizer(optimizer, amp_level, kwargs)
        self._network, self._loss_fn, self._optimizer = network, loss_fn, optimizer
        self._eval_indexes = (0, 1, 2) if eval_indexes is None and eval_network is None else eval_indexes
        if optimizer is not None:
            self._train_network = build_train_network(network, optimizer, loss_fn, amp_level, boost_level, **kwargs)
        else:
            self._train_network = network if loss_fn is None else nn.WithLossCell(network, loss_fn)
        self._loss_scale_manager = kwargs.get("loss_scale_manager")
        self._eval_network = eval_network
        if eval_network is None and loss_fn is not None:
            self._eval_network = nn.WithEvalCell(network, loss_fn, amp_level in ("O2", "O3"))

    @property
    def train_network(self) -> Cell:
        return self._train_network

    @property
    def eval_network(self) -> Cell | None:
        return self._eval_network

    @property
    def predict_network(self) -> Cell:
        return self._network

    _predict_network = predict_network

    def train(
        self,
        epoch: int,
        train_dataset: Iterable,
        callbacks: Callback | list[Callback] | None = None,
        dataset_sink_mode: bool = False,
        sink_size: int = -1,
        initial_epoch: int = 0,
    ) -> None:
        """Train.

        Args:
            epoch: how often to go over the dataset.
            train_dataset: a dataset, or an iterable of tuples or dicts of Tensors or numpy arrays.
            callbacks: a Callback, or a list of them.
            initial_epoch: how many epochs count as done; steps are counted from 1 all the same.
            dataset_sink_mode: whether many steps may run in one compiled program. On a CPU, and in PYNATIVE_MODE, that
                is done where no callback looks at steps, so nobody can tell. Elsewhere callbacks see a sink as one
                step, and an epoch is a sink.
            sink_size: how many steps a sink has; -1 for all of the dataset.

        Raises:
            ValueError: if `epoch` is no positive int, or `sink_size` neither -1 nor positive; if the dataset has no
                rows, or others than pairs where the Model has a loss.
            TypeError: if a callback is no Callback, or another argument has another type.
        """
        self.fit(
            epoch, train_dataset, None, callbacks=callbacks, dataset_sink_mode=dataset_sink_mode, sink_size=sink_size,
            initial_epoch=initial_epoch,
        )  # fmt: skip

    def fit(
        self,
        epoch: int,
        train_dataset: Iterable,
        valid_dataset: Iterable | None = None,
        valid_frequency: int | Sequence[int] = 1,
        callbacks: Callback | list[Callback] | None = None,
        dataset_sink_mode: bool = False,
        valid_dataset_sink_mode: bool = False,
        sink_size: int = -1,
        initial_epoch: int = 0,
    ) -> None:
        """Train, and evaluate over another dataset after epochs.

        Callbacks see the evaluation, too, but for those of `train` that report the training.

        Args:
            epoch, train_dataset, callbacks, dataset_sink_mode, sink_size, initial_epoch: as for `train`.
            valid_dataset: the dataset to evaluate over.
            valid_frequency: epochs from one evaluation to the next, or a list of epochs.
            valid_dataset_sink_mode: accepted for compatibility.

        Raises:
            ValueError, TypeError: as `train`; ValueError if there are no metrics to evaluate.
        """
        if not is_a(epoch, f"int > {initial_epoch}"):
            raise ValueError(f"The argument 'epoch' must be int and > {initial_epoch}, but got '{epoch}'.")
        _check_bools(dataset_sink_mode, valid_dataset_sink_mode)
        check_sink_size(sink_size)
        if valid_dataset is not None:
            self._check_metrics()
        size = _size(train_dataset)
        if size == 0 and _is_pipeline(train_dataset):
            raise ValueError("There is no valid data in dataset, please check dataset file firstly.")
        batches = sink_size if dataset_sink_mode and sink_size > 0 else size
        sinks = dataset_sink_mode and _sinks_are_steps(train_dataset)
        now = Facts(
            mode="train", epoch_num=epoch - initial_epoch, cur_epoch_num=initial_epoch, batch_num=batches,
            cur_step_num=0, network=self._network, train_network=self._train_network, loss_fn=self._loss_fn,
            optimizer=self._optimizer, train_dataset=train_dataset, valid_dataset=valid_dataset, net_outputs=None,
            dataset_sink_mode=sinks, train_dataset_element=None, device_number=1,
            parallel_mode=ParallelMode.STAND_ALONE, initial_step=None, last_save_ckpt_step=None, latest_ckpt_file=None,
            loss_scale_mananger=self._loss_scale_manager,  # MindSpore's spelling
        )  # fmt: skip
        context = RunContext(now)
        with Callbacks(callbacks) as called:
            now.list_callback = called.all
            one_epoch = self._epochs(now, context, called, epoch - initial_epoch, dataset_sink_mode)
            called.call("on_train_begin", context)
            for now.cur_epoch_num in range(initial_epoch + 1, epoch + 1):
                self._train_network.set_train()
                called.call("on_train_epoch_begin", context)
                one_epoch()
                if valid_dataset is not None and _is_due(now.cur_epoch_num, valid_frequency):
                    found = self._evaluate(valid_dataset, called.of_evaluation(), now)
                    now.metrics, now.eval_results = found.metrics, found.eval_results
                called.call("on_train_epoch_end", context)
                for of_this_epoch in ("metrics", "eval_results"):
                    now.pop(of_this_epoch, None)
                if context.get_stop_requested():
                    break
            called.call("on_train_end", context)

    def _epochs(self, now: Facts, context: RunContext, called: Callbacks, count: int, sink: bool) -> Callable:
        """What trains for an epoch."""
        network, dataset = self._train_network, now.train_dataset
        if now.dataset_sink_mode:
            rows, steps = endless(dataset), steps_of(network, now.batch_num)
            return lambda: self._sink(now, context, called, steps.over(islice(rows, now.batch_num)))
        # What other iterables do when rows are taken ahead, somebody could tell.
        if sink and (_is_pipeline(dataset) or type(dataset) in (list, tuple)) and not called.look_at_steps():
            rows, steps = _epochs(dataset, count, output_numpy=True), steps_of(network, _size(dataset))
            return lambda: self._unseen(
                now, steps.over(self._checked(rows, 1 if context.get_stop_requested() else None))
            )
        rows = _epochs(dataset, count)
        return lambda: self._epoch(now, context, called, rows)

    def _epoch(self, now: Facts, context: RunContext, called: Callbacks, rows: Iterable) -> None:
        """Steps that callbacks look at."""
        for inputs in map(tensors_of, self._checked(rows)):
            now.cur_step_num += 1
            now.train_dataset_element = inputs
            called.call("on_train_step_begin", context)
            now.net_outputs = self._train_network(*inputs)
            called.call("on_train_step_end", context)
            if context.get_stop_requested():
                break

    def _checked(self, rows: Iterable, most: int | None = None) -> Iterator:
        """Rows of an epoch, up to `most`: pairs of input and label, if there is a loss."""
        for row in islice(rows, most):
            count = len(row) if isinstance(row, tuple | list | dict) else 1
            if self._loss_fn is not None and count != 2:
                raise ValueError(
                    f"When 'loss_fn' is not None, 'train_dataset' should return two elements, but got {count}, please "
                    "check the number of elements returned by 'train_dataset'."
                )
            yield row

    def _unseen(self, now: Facts, steps: Iterable) -> None:
        """Steps at which no callback looks."""
        for count, now.train_dataset_element, now.net_outputs in steps:
            now.cur_step_num += count

    def _sink(self, now: Facts, context: RunContext, called: Callbacks, steps: Iterable) -> None:
        """A sink, which callbacks see as one step."""
        now.train_dataset_element = ()
        called.call("on_train_step_begin", context)
        for count, _, now.net_outputs in steps:
            now.cur_step_num += count
        called.call("on_train_step_end", context)

    def eval(
        self,
        valid_dataset: Iterable,
        callbacks: Callback | list[Callback] | None = None,
        dataset_sink_mode: bool = False,
    ) -> dict[str, Any]:
        """Evaluate the metrics over a dataset.

        Args:
            valid_dataset: a dataset, or an iterable of tuples or dicts of Tensors or numpy arrays.
            callbacks: a Callback, or a list of them.
            dataset_sink_mode: accepted for compatibility; metrics look at each step.

        Returns:
            name -> value of each metric.

        Raises:
            ValueError: if there are no metrics.
        """
        _check_bools(dataset_sink_mode)
        self._check_metrics()
        with Callbacks(callbacks) as called:
            known = {"network": self._network, "list_callback": called.all}
            return self._evaluate(valid_dataset, called, known).metrics

    def _evaluate(self, dataset: Iterable, called: Callbacks, known: dict[str, Any]) -> Facts:
        """Evaluate a dataset. Gives what callbacks know at the end: of the evaluation, and what else is known."""
        assert self._eval_network is not None
        for metric in self._metric_fns.values():
            metric.clear()
        now = Facts(known)
        now.update(
            mode="eval", cur_step_num=0, batch_num=_size(dataset), eval_network=self._eval_network,
            valid_dataset=dataset, dataset_sink_mode=False,
        )  # fmt: skip
        context = RunContext(now)
        self._eval_network.set_train(False)
        called.call("on_eval_begin", context)
        called.call("on_eval_epoch_begin", context)
        for inputs in map(tensors_of, _epochs(dataset, 1)):
            now.cur_step_num += 1
            now.eval_dataset_element = inputs
            called.call("on_eval_step_begin", context)
            now.net_outputs = self._eval_network(*inputs)
            self._update(now.net_outputs)
            called.call("on_eval_step_end", context)
            if context.get_stop_requested():
                break
        now.metrics = {name: metric.eval() for name, metric in self._metric_fns.items()}
        now.eval_results = {**now.metrics, "eval_loss": self._evaluated_loss(now)}
        called.call("on_eval_epoch_end", context)
        called.call("on_eval_end", context)
        return now

    def _evaluated_loss(self, now: Facts) -> Any:
        """That of the last batch of an evaluation."""
        outputs, indexes = now.get("net_outputs"), self._eval_indexes
        return loss_of(outputs[indexes[0]] if indexes and isinstance(outputs, tuple) else outputs)

    def build(
        self,
        train_dataset: Iterable | None = None,
        valid_dataset: Iterable | None = None,
        sink_size: int = -1,
        epoch: int = 1,
        sink_mode: bool = True,
    ) -> None:
        """Nothing to do but to check the arguments: programs are made at the first steps, and kept.

        Args:
            train_dataset, valid_dataset, sink_size, epoch, sink_mode: as for `fit`.

        Raises:
            ValueError, TypeError: as `fit`.

        Differs from MindSpore: it works on a CPU, too.
        """
        _check_bools(sink_mode)
        check_sink_size(sink_size)
        if valid_dataset is not None:
            self._check_metrics()

    def infer_train_layout(self, train_dataset: Iterable, dataset_sink_mode: bool = True, sink_size: int = -1) -> Any:
        """How Parameters are split among devices: for several only, so it always raises.

        Args:
            train_dataset, dataset_sink_mode, sink_size: as for `train`.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError(_NO_LAYOUT.format("infer_train_layout"))

    def infer_predict_layout(self, *predict_data: Any, skip_backend_compile: bool = False) -> Any:
        """How Parameters are split among devices: for several only, so it always raises.

        Args:
            predict_data: as for `predict`.
            skip_backend_compile: accepted for compatibility.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError(_NO_LAYOUT.format("infer_predict_layout"))

    def _check_metrics(self) -> None:
        if not self._metric_fns:
            raise ValueError(
                "For Model.eval, the model argument 'metrics' can not be None or empty, you should set the argument "
                "'metrics' for model."
            )

    def _update(self, outputs) -> None:
        outputs = outputs if isinstance(outputs, tuple | list) else (outputs,)
        for metric in self._metric_fns.values():
            if self._eval_indexes is None or len(outputs) < 3:
                metric.update(*outputs)
            elif isinstance(metric, Loss):
                metric.update(outputs[self._eval_indexes[0]])
            else:
                metric.update(outputs[self._eval_indexes[1]], outputs[self._eval_indexes[2]])

    def predict(self, *predict_data: Any, backend: str | None = None, config: dict | None = None) -> Any:
        """Run the network in evaluation mode.

        Args:
            predict_data: its inputs.
            backend, config: accepted for compatibility.

        Returns:
            The network's output.
        """
        self._network.set_train(False)
        return self._network(*predict_data)


def _is_due(epoch: int, frequency) -> bool:
    return epoch % frequency == 0 if isinstance(frequency, int) else epoch in frequency


def _size(dataset) -> int:
    return dataset.get_dataset_size() if hasattr(dataset, "get_dataset_size") else len(dataset)


def _check_optimizer(optimizer: Any, amp_level: str, options: dict[str, Any]) -> None:
    """Raises:
    TypeError, ValueError: if the optimizer is none, or one is needed for an option of training.
    """
    if optimizer is not None:
        if not isinstance(optimizer, Cell):
            raise TypeError(f"The type of 'optimizer' should be 'Optimizer', but got '{type(optimizer).__name__}'.")
    elif amp_level != "O0":
        raise ValueError(f"The 'amp_level' {amp_level!r} has no effect without an 'optimizer'; it must be 'O0' then.")
    elif options.get("loss_scale_manager") is not None:
        raise ValueError("The 'loss_scale_manager' has no effect without an 'optimizer'.")


def _check_bools(*values) -> None:
    for value in values:
        if not isinstance(value, bool):
            raise TypeError(f"The input value must be a bool, but got {type(value).__name__}.")


def _sinks_are_steps(dataset) -> bool:
    """Whether sinks of a dataset are steps to callbacks, as in MindSpore: not on a CPU, nor in PYNATIVE_MODE."""
    return _is_pipeline(dataset) and in_graph() and get_context("device_target") != "CPU"


def _epochs(dataset, count: int, **how) -> Iterable:
    """What each loop over is an epoch: of a pipeline one iterator for all, whose shuffles go on in the next epoch."""
    return dataset.create_tuple_iterator(num_epochs=count, **how) if _is_pipeline(dataset) else dataset


def _is_pipeline(dataset) -> bool:
    return hasattr(dataset, "create_tuple_iterator")
