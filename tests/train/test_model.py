"""Model and callbacks: turns, printed lines, files; against what MindSpore printed for the same network and data."""

import re

import numpy as np
import pytest

import msjax as ms
import msjax.dataset as ds
from msjax import Tensor, nn, ops, train

DATA = [(np.full((1, 2), i, np.float32), np.full((1, 1), i, np.float32)) for i in range(3)]


@pytest.fixture
def net():
    found = nn.Dense(2, 1)
    found.weight.set_data(Tensor([[0.5, -1.0]]))
    found.bias.set_data(Tensor([0.0]))
    return found


@pytest.fixture
def model(net):
    return train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params(), 0.01), metrics={"loss", "mae"})


class Turns(train.Callback):
    def __init__(self, stop_at=None):
        self.seen, self.stop_at = [], stop_at

    def epoch_begin(self, run_context):
        self.seen.append(f"epoch {run_context.original_args().get('cur_epoch_num', '')}".strip())

    def step_end(self, run_context):
        now = run_context.original_args()
        self.seen.append(f"{now.mode} {now.cur_step_num}/{now.batch_num}")
        if now.cur_step_num == self.stop_at:
            run_context.request_stop()

    def end(self, run_context):
        self.seen.append("end")


def numbers(text):
    return [float(n) for n in re.findall(r"[-\d.]+", text)]


def test_train_prints_what_mindspore_prints(model, capsys):
    turns = Turns()
    model.train(2, DATA, callbacks=[turns, train.LossMonitor(), train.TimeMonitor()])
    steps = [f"train {i}/3" for i in range(1, 7)]
    assert turns.seen == ["epoch 1", *steps[:3], "epoch 2", *steps[3:], "end"]
    lines = capsys.readouterr().out.splitlines()
    losses = [line for line in lines if "loss is" in line]
    expected = [0.0, 2.25, 8.1225004196167, 0.007568999659270048, 1.269542932510376, 4.9553704261779785]
    np.testing.assert_allclose([numbers(line)[-1] for line in losses], expected, rtol=1e-5)
    assert [line.split(",")[0] for line in losses] == [f"epoch: {e} step: {s}" for e in (1, 2) for s in (1, 2, 3)]
    assert sum(bool(re.match(r"Train epoch time: [\d.]+ ms, per step time: [\d.]+ ms$", line)) for line in lines) == 2


def test_eval_and_predict(model):
    model.train(2, DATA)
    turns = Turns()
    found = model.eval(DATA, callbacks=turns)
    assert turns.seen == ["epoch", "eval 1/3", "eval 2/3", "eval 3/3", "end"]
    assert found == pytest.approx({"mae": 0.9380730837583542, "loss": 1.3516572459290426}, rel=1e-5)
    assert model.predict(Tensor([[1.0, 2.0]])).item() == pytest.approx(-0.58095157, rel=1e-5)
    assert not model.predict_network.training


def test_fit_evaluates_after_epochs(model, capsys):
    history = train.History()
    model.fit(3, DATA, DATA, valid_frequency=2, callbacks=[train.LossMonitor(2), history])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines if "loss is" in line][:2] == ["epoch: 1 step: 2", "epoch: 2 step: 1"]
    assert any(line.startswith("Eval result: epoch 2, metrics: {") for line in lines)
    assert history.epoch == {"epoch": [1, 2, 3]}


def test_fit_calls_callbacks_where_it_evaluates(model, capsys):
    class Turns(train.Callback):
        def on_train_step_end(self, run_context):
            seen.append(f"train {run_context.original_args().cur_step_num}")

        def on_eval_step_end(self, run_context):
            now = run_context.original_args()
            seen.append(f"{now.mode} {now.cur_epoch_num} {now.cur_step_num}/{now.batch_num}")

    seen = []
    model.fit(1, DATA, DATA[:2], callbacks=[Turns(), train.LossMonitor(), train.TimeMonitor(), train.History()])
    assert seen == ["train 1", "train 2", "train 3", "eval 1 1/2", "eval 1 2/2"]
    lines = [line.split(",")[0].split(":")[0] for line in capsys.readouterr().out.splitlines()]
    assert lines == ["epoch"] * 3 + ["Eval epoch time", "Eval result", "Train epoch time"]


def test_what_a_dataset_must_give(model):
    rows = ds.NumpySlicesDataset({"x": np.ones((4, 2), np.float32)}).batch(2)
    for sink in (False, True):
        with pytest.raises(ValueError, match="should return two elements, but got 1"):
            model.train(1, rows, dataset_sink_mode=sink)
        with pytest.raises(ValueError, match="no valid data"):
            model.train(1, rows.batch(3, drop_remainder=True), dataset_sink_mode=sink)


def test_rows_are_tuples_dicts_or_single(net):
    seen = []

    class Step(nn.Cell):
        def construct(self, *inputs):
            seen.append([i.shape for i in inputs])
            return inputs[0].sum()

    x = np.ones((2, 2), np.float32)
    train.Model(Step()).train(1, [(x, x), {"a": x}, Tensor(x)])
    assert seen == [[(2, 2), (2, 2)], [(2, 2)], [(2, 2)]]


def test_stopping(model):
    turns = Turns(stop_at=2)
    model.train(5, DATA, callbacks=turns)
    assert turns.seen == ["epoch 1", "train 1/3", "train 2/3", "end"]


def test_checkpoints(model, tmp_path):
    def config(**options):
        return train.CheckpointConfig(save_checkpoint_steps=2, keep_checkpoint_max=2, **options)

    info = [{"lr": 0.01, "step_num": 100}, "epoch_num"]
    callback = train.ModelCheckpoint("net", str(tmp_path), config(append_info=info))
    model.train(2, DATA, callbacks=callback)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["net-2_1.ckpt", "net-2_3.ckpt"]
    loaded = ms.load_checkpoint(callback.latest_ckpt_file_name)
    assert list(loaded)[:3] == ["weight", "bias", "global_step"]
    further = {name: loaded[name].item() for name in list(loaded)[-3:]}
    assert list(further.items()) == [("epoch_num", 2), ("step_num", 106), ("lr", pytest.approx(0.01))]
    again = train.ModelCheckpoint("net", str(tmp_path), config())
    model.train(1, DATA, callbacks=again)
    assert again.latest_ckpt_file_name.endswith("net_1-1_3.ckpt")
    for call, error in [
        (lambda: train.CheckpointConfig(0, 0, 0, 0), ValueError),
        (lambda: train.CheckpointConfig(-1), ValueError),
        (lambda: train.ModelCheckpoint("a/b"), ValueError),
        (lambda: train.ModelCheckpoint(config=3), TypeError),
    ]:
        with pytest.raises(error):
            call()


def test_early_stopping_gives_the_best_weights_back(net):
    model = train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params(), 10.0), metrics={"loss"})  # diverges
    best = []
    keep = train.LambdaCallback(
        on_train_epoch_end=lambda c: best or best.append(net.weight.asnumpy()),
    )
    model.fit(5, DATA, DATA, callbacks=[keep, train.EarlyStopping(patience=1, restore_best_weights=True)])
    np.testing.assert_array_equal(net.weight.asnumpy(), best[0])


def test_learning_rate_falls_on_a_plateau(net):
    optimizer = nn.SGD(net.trainable_params(), 1e-9)  # nothing is learned
    model = train.Model(net, nn.MSELoss(), optimizer, metrics={"loss"})
    model.fit(5, DATA, DATA, callbacks=train.ReduceLROnPlateau(factor=0.5, patience=2))
    assert optimizer.learning_rate.item() == pytest.approx(1e-9 / 4)
    with pytest.raises(ValueError, match="factor"):
        train.ReduceLROnPlateau(factor=1)


def test_invalid_losses_end_training(net):
    model = train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params(), 0.1))
    with pytest.raises(ValueError, match="Invalid loss"):
        model.train(1, [(np.full((1, 2), np.inf, np.float32), DATA[0][1])], callbacks=train.LossMonitor())


class Scaled(nn.Cell):
    """A step that gives its loss and a scale, as one with a scaled loss does."""

    def construct(self, x, y):
        return x.sum() / y.sum(), ops.ones(())


def test_the_loss_among_several_outputs_is_printed_as_an_array_and_may_be_infinite(capsys):
    rows = [(np.full((1, 2), 0.1, np.float32), np.full((1, 1), y, np.float32)) for y in (3, 0)]
    train.Model(Scaled()).train(1, rows, callbacks=train.LossMonitor())
    assert capsys.readouterr().out == "epoch: 1 step: 1, loss is 0.06666667\nepoch: 1 step: 2, loss is inf\n"


def test_epochs_that_count_as_done(model):
    seen = []

    class Watch(train.Callback):
        def on_train_step_end(self, run_context):
            now = run_context.original_args()
            seen.append((now.cur_epoch_num, now.cur_step_num, now.epoch_num))
            assert now.list_callback == [self]  # though it was given by itself

    model.train(4, DATA, callbacks=Watch(), initial_epoch=2)
    assert seen == [(3, 1, 2), (3, 2, 2), (3, 3, 2), (4, 4, 2), (4, 5, 2), (4, 6, 2)]


def test_learning_rate_scheduler_is_given_the_rate_as_it_prints(net):
    seen = []
    optimizer = nn.SGD(net.trainable_params(), 0.1)
    schedule = train.LearningRateScheduler(lambda rate, step: seen.append((rate, step)) or rate)
    train.Model(net, nn.MSELoss(), optimizer).train(1, DATA, callbacks=schedule)
    assert seen == [(0.1, 1), (0.1, 2), (0.1, 3)]


def test_learning_rate_scheduler(net):
    optimizer = nn.SGD(net.trainable_params(), 0.1)
    schedule = train.LearningRateScheduler(lambda rate, step: rate / 2)
    train.Model(net, nn.MSELoss(), optimizer).train(1, DATA, callbacks=schedule)
    assert optimizer.learning_rate.item() == pytest.approx(0.1 / 8)


@pytest.mark.parametrize("level", ["O2", "O3"])
def test_mixed_precision(net, level):
    model = train.Model(
        net,
        nn.MSELoss(),
        nn.SGD(net.trainable_params(), 0.01),
        metrics={"mae"},
        amp_level=level,
        loss_scale_manager=None,
    )
    model.train(1, DATA)
    assert net.weight.dtype is ms.float32
    assert model.eval(DATA)["mae"] == pytest.approx(1.2, abs=0.2)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda m: train.Model(3), TypeError),
        (lambda m: train.Model(nn.ReLU(), eval_network=nn.ReLU(), eval_indexes=[0]), ValueError),
        (lambda m: train.Model(nn.ReLU(), metrics=3), TypeError),
        (lambda m: train.Model(nn.ReLU(), metrics={"mae"}), ValueError),
        (lambda m: train.Model(nn.ReLU(), nn.MSELoss(), amp_level="O2"), ValueError),
        (lambda m: train.Model(nn.ReLU(), nn.MSELoss(), loss_scale_manager=ms.FixedLossScaleManager()), ValueError),
        (lambda m: train.Model(nn.ReLU(), nn.MSELoss(), boost_level="O5"), ValueError),
        (lambda m: train.Model(nn.ReLU(), nn.MSELoss(), "SGD"), TypeError),
        (lambda m: m.train(0, DATA), ValueError),
        (lambda m: m.train(1, DATA, callbacks=3), TypeError),
        (lambda m: train.Model(nn.ReLU(), nn.MSELoss()).eval(DATA), ValueError),
        (lambda m: train.RunContext(3), TypeError),
        (lambda m: train.LossMonitor(-1), ValueError),
        (lambda m: train.EarlyStopping(mode="x"), ValueError),
        (lambda m: train.LambdaCallback(on_nothing=print), TypeError),
    ],
)
def test_what_is_refused(model, call, error):
    with pytest.raises(error):
        call(model)


def test_what_callbacks_are_told():
    told = {}

    class Ask(train.Callback):
        def on_train_begin(self, run_context):
            told.update(run_context.original_args())

    net = nn.Dense(2, 1)
    data = [(ops.ones((2, 2)), ops.ones((2, 1)))]
    train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params())).train(1, data, callbacks=[Ask()])
    assert (told["parallel_mode"], told["device_number"]) == ("stand_alone", 1)
    for name in "initial_step last_save_ckpt_step latest_ckpt_file loss_scale_mananger train_dataset_element".split():
        assert told[name] is None
