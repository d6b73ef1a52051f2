"""What people see of a training: bars, lines and curves."""

import io

import numpy as np
import pytest

from msjax import Tensor, nn, ops, train

DATA = [(ops.ones((4, 2)), ops.zeros((4, 1)))] * 6


@pytest.fixture
def model():
    net = nn.Dense(2, 1)
    return train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params(), 0.01), metrics={"mae"})


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_line_for_each_epoch_in_a_file(model, capsys):
    model.fit(2, DATA, DATA[:1], callbacks=train.Progress())
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]
    assert all("loss 0." in line and ", mae 0." in line for line in lines)


def test_a_bar_in_a_terminal(model, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    model.train(2, DATA, callbacks=train.Progress())
    model.eval(DATA[:2], callbacks=train.Progress())
    said = terminal.getvalue()
    assert "epoch 2/2: 100%" in said
    assert "6/6" in said
    assert "evaluation: 100%" in said
    assert "loss" in said


def test_a_bar_is_closed_after_an_exception(model, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    progress = train.Progress()

    def fail(context):
        raise RuntimeError("stop here")

    with pytest.raises(RuntimeError, match="stop here"):
        model.train(2, DATA, callbacks=[progress, train.LambdaCallback(on_train_step_end=fail)])
    assert progress._bar is None


def test_curves(model, tmp_path):
    history = train.History()
    model.fit(3, DATA, DATA[:1], callbacks=history)
    for curves in (history, {"a": [1.0, 2.0], "b": [Tensor(-1.0), np.float32(3)]}, [0.5, 0.25]):
        path = train.draw_curves(curves, str(tmp_path / "curves.png"), "a title")
        with open(path, "rb") as file:
            assert file.read(8) == b"\x89PNG\r\n\x1a\n"
    with pytest.raises(ValueError, match="no numbers"):
        train.draw_curves({"a": ["text"]}, str(tmp_path / "x.png"))
