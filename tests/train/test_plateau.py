"""When callbacks that watch a metric act: after the epochs after which they do in MindSpore 2.10."""

import numpy as np
import pytest

from msjax import Tensor, nn, train
from msjax.train.callback import Facts

FALLS = [5.0, 4.0, 4.0, 4.0, 3.0, 3.0, 3.0, 3.0]
RISES = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]


def epochs(callback, values, **known):
    """Go through epochs that end with these values of the metric "m", gives what is known after each."""
    callback.on_train_begin(None)
    for epoch, value in enumerate(values, 1):
        results = {} if value is None else {"eval_results": {"m": value}}
        context = train.RunContext(Facts(cur_epoch_num=epoch, net_outputs=Tensor(0.0), **results, **known))
        callback.on_train_epoch_end(context)
        yield context


def rates(values, *options):
    optimizer = nn.SGD([nn.Dense(1, 1).weight], 1.0)
    plateau = train.ReduceLROnPlateau("m", 0.5, options[1], False, options[0], 0.5, options[2])
    return [optimizer.learning_rate.item() for _ in epochs(plateau, values, optimizer=optimizer)]


@pytest.mark.parametrize(
    ("values", "options", "halved"),
    [
        (FALLS, ("min", 1, 0), (3, 4, 6, 7, 8)),
        (FALLS, ("min", 1, 1), (3, 4, 6, 7, 8)),
        (FALLS, ("min", 1, 2), (3, 6, 8)),
        (FALLS, ("min", 2, 1), (4, 7)),
        (FALLS, ("auto", 2, 1), (3, 5, 7)),
        (RISES, ("auto", 1, 1), ()),
        (RISES, ("min", 0, 2), (2, 4, 6, 8)),
        ([None, 5.0] * 6, ("min", 0, 3), (4, 10)),  # epochs without evaluation do not count
    ],
)
def test_the_rate_is_lowered(values, options, halved):
    expected = [0.5 ** sum(epoch <= now for epoch in halved) for now in range(1, len(values) + 1)]
    assert rates(values, *options) == expected


def test_epochs_without_evaluation_do_not_count(capsys):
    stopping = train.EarlyStopping("m", patience=1, min_delta=100, verbose=True)
    stops = [context.get_stop_requested() for context in epochs(stopping, [None, 1.0, None, 1.0])]
    assert stops == [False, False, False, True]
    assert not capsys.readouterr().out  # what the others say of the epoch comes first
    stopping.on_train_end(None)
    assert capsys.readouterr().out == "Epoch 00004: early stopping\n"


@pytest.mark.parametrize(
    ("values", "options", "expected"),
    [  # after each epoch: wait, best, stopped_epoch, and of which epoch the weights are
        (FALLS, dict(mode="min"), [(0, 5.0, 1, 1)]),  # without patience the first epoch is the last, better or not
        (RISES, dict(mode="min", patience=1), [(0, 1.0, 0, 1), (1, 1.0, 2, 1)]),
        (RISES, dict(mode="min", patience=2, min_delta=-9), [(0, 1.0, 0, 1), (1, 1.0, 0, 2), (2, 1.0, 3, 1)]),
        # What is compared with `baseline` is min_delta.
        (FALLS[1:4], dict(mode="min", patience=2, baseline=9), [(1, 4.0, 0, 1), (2, 4.0, 2, 1)]),
        ([0.5, 0.1, 0.0], dict(mode="min", patience=2, min_delta=0.3, baseline=9), [(1, 0.5, 0, 1), (2, 0.1, 2, 2)]),
    ],
)
def test_what_early_stopping_knows(values, options, expected):
    net, found = nn.Dense(1, 1), []
    stopping = train.EarlyStopping("m", restore_best_weights=True, **options)
    net.weight.set_data(Tensor([[1.0]]))
    for context in epochs(stopping, values, train_network=net):
        found.append((stopping.wait, stopping.best, stopping.stopped_epoch, int(net.weight.item())))
        if context.get_stop_requested():
            break
        net.weight.set_data(net.weight + 1)
    assert found == expected


def test_what_is_known_of_an_evaluation(capsys):
    seen = []

    class Keep(train.Callback):
        def on_train_epoch_end(self, run_context):
            now = run_context.original_args()
            seen.append({name: now.get(name) for name in ("metrics", "eval_results")})

    net = nn.Dense(1, 1, weight_init="ones", has_bias=False)
    model = train.Model(net, nn.MSELoss(), nn.SGD([net.weight], 1e-9), metrics={"loss"})
    rows = [(np.full((1, 1), x, np.float32), np.zeros((1, 1), np.float32)) for x in (1, 3)]
    model.fit(3, rows, rows, valid_frequency=2, callbacks=[Keep(), train.LossMonitor(0)])
    evaluated = {"metrics": {"loss": 5.0}, "eval_results": {"loss": 5.0, "eval_loss": 9.0}}  # that of the last batch
    assert [seen[0], seen[2]] == [{"metrics": None, "eval_results": None}] * 2
    for kind, values in evaluated.items():
        assert seen[1][kind] == pytest.approx(values, rel=1e-5)
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_what_is_the_better_the_less_it_is():
    falling = {"loss", "eval_loss", "mae", "mse", "perplexity", "hausdorff_distance"}
    for name in falling | {"accuracy", "my_acc", "dice", "f1", "recall", "my_loss"}:
        assert train.EarlyStopping(name).is_improvement(1.0, 2.0) == (name in falling)
