"""Data sinks: the values, state and turns of training step by step, in fewer programs."""

import numpy as np
import pytest

import msjax as ms
import msjax.dataset as ds
from msjax import nn, ops, train
from msjax.compile.sink import Sink

ROWS = 13
X = np.random.RandomState(0).randn(ROWS * 4, 3).astype(np.float32)
Y = np.random.RandomState(1).randn(ROWS * 4, 2).astype(np.float32)


def rows(shuffle=False, drop_remainder=False):
    return ds.NumpySlicesDataset({"x": X, "y": Y}, shuffle=shuffle).batch(4, drop_remainder)


@pytest.fixture
def sinks(monkeypatch):
    """How many steps each program took."""
    taken, run = [], Sink.run

    def noted(self, arrays, written, columns):
        done = run(self, arrays, written, columns)
        if done is not None:
            taken.append(len(next(iter(columns.values()))))
        return done

    monkeypatch.setattr(Sink, "run", noted)
    return taken


def network():
    ms.set_seed(3)
    return nn.SequentialCell(nn.Dense(3, 8), nn.Tanh(), nn.Dense(8, 2))


def trained(epochs, data, optimizer=nn.Adam, callbacks=None, loss=None, **how):
    net = network()
    step = optimizer(net.trainable_params(), 0.01)
    model = train.Model(net, loss or nn.MSELoss(), step, metrics={"mae"})
    model.train(epochs, data, callbacks=callbacks, **how)
    return {p.name: p.asnumpy() for p in [*net.get_parameters(), *step.get_parameters()]}


def same(one, other):
    assert one.keys() == other.keys()
    for name, value in one.items():
        np.testing.assert_allclose(value, other[name], rtol=1e-5, atol=1e-6, err_msg=name)


class Ends(train.Callback):
    def __init__(self):
        self.seen = []

    def epoch_end(self, run_context):
        now = run_context.original_args()
        self.seen.append((now.cur_epoch_num, now.cur_step_num, now.batch_num, float(now.net_outputs)))


class Turns(Ends):
    def step_end(self, run_context):
        now = run_context.original_args()
        self.seen.append((now.cur_step_num, len(now.train_dataset_element), now.dataset_sink_mode))


@pytest.mark.parametrize("size", [-1, 1, 5, 100])
@pytest.mark.parametrize("optimizer", [nn.Adam, nn.Momentum])
def test_steps_of_a_sink_are_steps(size, optimizer, sinks):
    if optimizer is nn.Momentum:

        def optimizer(params, rate):
            return nn.Momentum(params, nn.CosineDecayLR(0.001, rate, 20), 0.9)

    plain, ends = Ends(), Ends()
    expected = trained(3, rows(), optimizer, plain)
    assert not sinks
    same(trained(3, rows(), optimizer, ends, dataset_sink_mode=True, sink_size=size), expected)
    assert sinks == [ROWS, ROWS]  # after the first epoch
    for one, other in zip(plain.seen, ends.seen, strict=True):
        batches = ROWS if size == -1 else size
        assert one[:2] == other[:2] and other[2] == batches
        assert one[3] == pytest.approx(other[3], rel=1e-5)


def test_a_remainder_and_batches_of_other_shapes(sinks):
    ragged = ds.NumpySlicesDataset({"x": X[:50], "y": Y[:50]}, shuffle=False).batch(4)  # the last one has two rows
    same(trained(3, ragged, dataset_sink_mode=True), trained(3, ragged))
    assert not sinks
    many = ds.NumpySlicesDataset({"x": X, "y": Y}, shuffle=False).batch(1, True).take(37)
    same(trained(3, many, dataset_sink_mode=True), trained(3, many))
    assert sinks == [18] * 5  # of each epoch one step is left over


def test_large_rows_are_taken_by_few(sinks, monkeypatch):
    monkeypatch.setattr("msjax.train.sink._BYTES", 5 * 4 * (3 + 2) * 4)
    same(trained(3, rows(), dataset_sink_mode=True), trained(3, rows()))
    assert sinks == [5] * 5  # there is no program before the first steps, and three are left over


def test_shuffles_go_on_as_they_do_step_by_step(sinks):
    ms.dataset.config.set_seed(5)
    expected = trained(3, rows(shuffle=True))
    ms.dataset.config.set_seed(5)
    same(trained(3, rows(shuffle=True), dataset_sink_mode=True), expected)
    assert sinks == [ROWS, ROWS]


def test_callbacks_that_look_at_steps_see_each(sinks):
    """As MindSpore's on a CPU do, where sink mode is off."""
    turns = Turns()
    trained(2, rows(), callbacks=turns, dataset_sink_mode=True, sink_size=5)
    assert not sinks
    assert [seen for seen in turns.seen if len(seen) == 3] == [(i + 1, 2, False) for i in range(2 * ROWS)]


def test_callbacks_see_sinks_where_mindspore_has_them(monkeypatch, sinks):
    monkeypatch.setattr("msjax.train.model._sinks_are_steps", lambda dataset: True)
    turns = Turns()
    trained(4, rows(), callbacks=turns, dataset_sink_mode=True, sink_size=5)
    assert [seen for seen in turns.seen if len(seen) == 3] == [(5 * i, 0, True) for i in range(1, 5)]
    assert sinks == [5, 5, 5]


def test_what_does_more_than_compute_runs_step_by_step(sinks, capsys):
    class Loud(nn.Cell):
        def construct(self, x, y):
            print("step")
            return ((x - y) ** 2).mean()

    trained(2, rows(), loss=Loud(), dataset_sink_mode=True)
    assert not sinks and capsys.readouterr().out.count("step") >= 2 * ROWS


def test_an_error_comes_at_its_step(sinks):
    """Labels out of range are found when values are known: the steps before are taken, and those after are not."""
    labels = np.zeros((ROWS * 4,), np.int32)
    wrong = labels.copy()
    wrong[22] = 7
    losses = nn.CrossEntropyLoss()
    net = network()
    step = nn.TrainOneStepCell(nn.WithLossCell(net, losses), nn.SGD(net.trainable_params(), 0.1))
    model = train.Model(step)
    good, bad = (ds.NumpySlicesDataset({"x": X, "y": y}, shuffle=False).batch(4) for y in (labels, wrong))
    model.train(2, good, dataset_sink_mode=True)
    before = [p.asnumpy().copy() for p in net.get_parameters()]
    seen = []
    for mode in (True, False):
        for p, value in zip(net.get_parameters(), before, strict=True):
            p.set_data(ms.Tensor(value))
        with pytest.raises((ValueError, IndexError, RuntimeError)) as raised:
            model.train(1, bad, dataset_sink_mode=mode)
        seen.append((type(raised.value), str(raised.value), {p.name: p.asnumpy() for p in net.get_parameters()}))
    assert seen[0][:2] == seen[1][:2]
    same(seen[0][2], seen[1][2])


def test_an_error_of_the_pipeline_comes_after_the_rows_before_it():
    def fails(x):
        if x[0] == X[4 * 8, 0]:
            raise ValueError("no such row")
        return x

    states = []
    for mode in (True, False):
        net = network()
        model = train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params(), 0.1))
        data = ds.NumpySlicesDataset({"x": X, "y": Y}, shuffle=False).map(fails, "x").batch(4)
        with pytest.raises(RuntimeError, match="no such row"):
            model.train(1, data, dataset_sink_mode=mode)
        states.append({p.name: p.asnumpy() for p in net.get_parameters()})
    same(*states)


def test_dropout_draws_what_it_draws_step_by_step(sinks):
    states = []
    for mode in (True, False):
        ms.set_seed(1)
        net = nn.SequentialCell(nn.Dense(3, 8), nn.Dropout(p=0.5), nn.Dense(8, 2))
        model = train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params(), 0.1))
        model.train(3, rows(), dataset_sink_mode=mode)
        states.append({p.name: p.asnumpy() for p in net.get_parameters()} | {"next": ops.rand(3).asnumpy()})
    same(*states)


def test_lists_of_tensors(sinks):
    data = [(ms.Tensor(X[i : i + 4]), ms.Tensor(Y[i : i + 4])) for i in range(0, 40, 4)]
    same(trained(3, data, dataset_sink_mode=True), trained(3, data))
    assert sinks == [10, 10]


@pytest.mark.parametrize("size", [1, 4, 5])
@pytest.mark.parametrize("config", [None, ms.JitConfig()])
def test_data_sink(size, config, sinks):
    def taken(net, sinking):
        optimizer = nn.SGD(net.trainable_params(), 0.1)
        gradient = ms.value_and_grad(lambda x, y: ((net(x) - y) ** 2).mean(), None, optimizer.parameters)

        def step(x, y):
            loss, gradients = gradient(x, y)
            optimizer(gradients)
            return loss

        if sinking:
            sink = ms.data_sink(step, rows(), size, jit_config=config)
            return [float(sink()) for _ in range(8)]
        each = [float(step(*row)) for row in rows().repeat(4).create_tuple_iterator(num_epochs=1)]
        return each[size - 1 :: size][:8]

    one, other = network(), network()
    np.testing.assert_allclose(taken(one, True), taken(other, False), rtol=1e-5)
    assert (set(sinks) == {size}) == (size > 1)


def test_a_connected_network_takes_rows_by_itself(sinks):
    net = network()
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.SGD(net.trainable_params(), 0.1))
    helper = ms.DatasetHelper(rows(), True, sink_size=5)
    connected = ms.connect_network_with_dataset(step, helper)
    losses = [float(connected(*inputs)) for _ in range(2) for inputs in helper]
    net = network()
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.SGD(net.trainable_params(), 0.1))
    each = [float(step(*row)) for _ in range(2) for row in ms.DatasetHelper(rows(), False)]
    np.testing.assert_allclose(losses, each[4::5][:4], rtol=1e-5)
    assert sinks and helper.sink_size() == 5 and helper.types_shapes()[1] == [[4, 3], [4, 2]]


def test_arguments_are_checked():
    for size, error in (("a", TypeError), (1.5, TypeError), (0, ValueError), (-2, ValueError)):
        with pytest.raises(error, match="sink_size"):
            trained(1, rows(), sink_size=size)
        with pytest.raises(error, match="sink_size"):
            ms.DatasetHelper(rows(), True, size)
        with pytest.raises(error, match="sink_size"):
            ms.data_sink(lambda x, y: x, rows(), size)
    with pytest.raises(TypeError, match="must be a bool, but got int"):
        trained(1, rows(), dataset_sink_mode=1)
    with pytest.raises(RuntimeError, match="dataset sink mode"):
        ms.connect_network_with_dataset(network(), ms.DatasetHelper(rows(), False))
