"""Callbacks of pipelines, and rows that wait for training."""

import numpy as np
import pytest

import msjax as ms
import msjax.dataset as ds
from msjax import nn, train


def numbers(count=4):
    return ds.NumpySlicesDataset({"x": np.arange(count)}, shuffle=False)


class Recording(ds.DSCallback):
    def __init__(self, step_size=1):
        super().__init__(step_size)
        self.calls = []


for method in ("ds_begin", "ds_epoch_begin", "ds_epoch_end", "ds_step_begin", "ds_step_end"):

    def record(self, context, method=method):
        self.calls.append((method, context.cur_epoch_num, context.cur_step_num, context.cur_step_num_in_epoch))

    setattr(Recording, method, record)


def calls(step_size=1, epochs=2, repeat=1):
    callback = Recording(step_size)
    rows = numbers().map(lambda x: x, callbacks=[callback])
    iterator = (rows.repeat(repeat) if repeat > 1 else rows).create_tuple_iterator(num_epochs=epochs)
    for _ in range(epochs):
        for _ in iterator:
            pass
    return callback.calls


# As MindSpore calls them, apart from how many rows it has in work at once.
def test_each_call_says_where_the_pipeline_is():
    assert calls()[:4] == [("ds_begin", 0, 0, 0), ("ds_epoch_begin", 1, 0, 0), ("ds_step_begin", 1, 1, 1),
                           ("ds_step_end", 1, 1, 1)]  # fmt: skip
    assert calls()[9:13] == [("ds_step_end", 1, 4, 4), ("ds_epoch_end", 1, 4, 4), ("ds_epoch_begin", 2, 4, 0),
                             ("ds_step_begin", 2, 5, 1)]  # fmt: skip
    assert calls()[-1] == ("ds_epoch_end", 2, 8, 4)


def test_step_size():
    steps = [call[1:] for call in calls(2) if call[0] == "ds_step_begin"]
    assert steps == [(1, 1, 1), (1, 3, 3), (2, 5, 1), (2, 7, 3)]


def test_a_repeat_above_makes_no_epochs():
    of_epochs = [call for call in calls(epochs=1, repeat=2) if "epoch" in call[0]]
    assert of_epochs == [("ds_epoch_begin", 1, 0, 0), ("ds_epoch_end", 1, 8, 8)]


def test_errors():
    class Failing(ds.DSCallback):
        def ds_step_begin(self, context):
            raise ValueError("in the callback")

    with pytest.raises(RuntimeError, match=r"ds_step_begin of Failing failed\. in the callback"):
        list(numbers().map(lambda x: x, callbacks=Failing()).create_tuple_iterator(num_epochs=1))
    with pytest.raises(TypeError, match="callbacks"):
        numbers().map(lambda x: x, callbacks=3)
    with pytest.raises(ValueError, match="step_size"):
        ds.DSCallback(0)


def test_a_waited_callback_goes_along_with_training():
    steps = []

    class Along(ds.WaitedDSCallback):
        def sync_step_begin(self, trained, context):
            steps.append((trained["cur_step_num"], context.cur_step_num))

    callback = Along()
    rows = numbers().map(lambda x: x, callbacks=callback)
    for number, _ in enumerate(rows.create_tuple_iterator(num_epochs=1), 1):
        callback.step_end(train.RunContext({"cur_step_num": number}))
    assert steps == [(1, 2), (2, 3), (3, 4)]


def test_a_waited_callback_in_training():
    events = []

    class Pipeline(ds.WaitedDSCallback):
        def sync_epoch_begin(self, trained, context):
            events.append(f"epoch {context.cur_epoch_num}")

        def sync_step_begin(self, trained, context):
            events.append(f"row {context.cur_step_num}")

    class Training(ms.Callback):
        def step_end(self, run_context):
            events.append(f"step {run_context.original_args().cur_step_num}")

    class Net(nn.Cell):
        def construct(self, x, y):
            return x

    rows = ds.NumpySlicesDataset(([1, 2], [1, 2]), ["x", "y"], shuffle=False)
    callback = Pipeline()
    rows = rows.map(lambda x: x, callbacks=callback)
    ms.Model(Net()).train(2, rows, callbacks=[Training(), callback], dataset_sink_mode=False)
    assert events == ["step 1", "row 2", "step 2", "epoch 2", "row 3", "step 3", "row 4", "step 4"]


def test_a_waited_callback_does_not_wait_for_ever():
    ds.config.set_callback_timeout(1)
    try:
        with pytest.raises(RuntimeError, match="timed out after 1 seconds"):
            list(numbers().map(lambda x: x, callbacks=ds.WaitedDSCallback()).create_tuple_iterator(num_epochs=1))
    finally:
        ds.config.set_callback_timeout(60)


def test_sync_wait():
    log = []
    rows = numbers().sync_wait("go", callback=log.append).map(lambda x: log.append(int(x)) or x)
    for (x,) in rows.create_tuple_iterator(num_epochs=1, output_numpy=True):
        rows.sync_update("go", data=f"after {x}")
    assert log == [0, "after 0", 1, "after 1", 2, "after 2", 3, "after 3"]
    with pytest.raises(RuntimeError, match="not found"):
        rows.sync_update("come")
    with pytest.raises(RuntimeError, match="in use"):
        numbers().sync_wait("go").sync_wait("go")


def test_a_portion_is_of_batches():
    rows = numbers(8).sync_wait("go").map(lambda x: x + 1).batch(4)
    batches = rows.create_tuple_iterator(num_epochs=1, output_numpy=True)
    assert next(batches)[0].tolist() == [1, 2, 3, 4]
    rows.sync_update("go")
    assert next(batches)[0].tolist() == [5, 6, 7, 8]


def test_an_iterator_that_waits_can_be_dropped():
    iterator = numbers().sync_wait("go").create_tuple_iterator(num_epochs=1)
    next(iterator)
    del iterator
