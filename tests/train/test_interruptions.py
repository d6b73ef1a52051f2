"""Backups, ends on request, and what else looks after a long training."""

import os
import re
import signal

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops, train

DATA = [(ops.ones((4, 2)), ops.zeros((4, 1)))] * 6


@pytest.fixture
def model():
    net = nn.Dense(2, 1)
    return train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params(), 0.01), metrics={"mae"})


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


class At(train.Callback):
    """Does something at one step, and counts."""

    def __init__(self, step, action):
        self.step, self.action, self.steps = step, action, 0

    def on_train_step_end(self, run_context):
        self.steps += 1
        if self.steps == self.step:
            self.action()


def files() -> list[str]:
    return sorted(os.listdir("files"))


# As MindSpore 2.10.0 leaves them.
@pytest.mark.parametrize(
    ("options", "left"),
    [
        (dict(keep_checkpoint_max=0), ["n-2_6.ckpt"]),
        (dict(keep_checkpoint_max=2, save_checkpoint_steps=3), ["n-2_3.ckpt", "n-2_6.ckpt"]),
        (dict(keep_checkpoint_max=0, keep_checkpoint_per_n_minutes=1), ["n-1_1.ckpt", "n-2_6.ckpt"]),
        (dict(save_checkpoint_steps=5), ["n-1_5.ckpt", "n-2_4.ckpt", "n-2_6.ckpt"]),
        (dict(save_checkpoint_steps=0), []),
    ],
)
def test_which_files_are_left(model, options, left):
    model.train(2, DATA, callbacks=train.ModelCheckpoint("n", "files", train.CheckpointConfig(**options)))
    assert files() == left


@pytest.mark.parametrize(
    ("options", "policy"),
    [
        ({}, [1, None, 5, None]),
        (dict(keep_checkpoint_max=0), [1, None, 1, 0]),
        (dict(save_checkpoint_steps=0, save_checkpoint_seconds=3), [0, 3, 5, None]),
        (dict(keep_checkpoint_max=0, keep_checkpoint_per_n_minutes=3), [1, None, 0, 3]),
        (
            dict(save_checkpoint_steps=None, keep_checkpoint_max=None, keep_checkpoint_per_n_minutes=3),
            [None, 0, None, 3],
        ),
    ],
)
def test_policies(options, policy):
    assert list(train.CheckpointConfig(**options).get_checkpoint_policy().values()) == [*policy, None]


def test_members_of_the_config():
    config = train.CheckpointConfig(append_info=["epoch_num", {"a": 1}], async_save="thread", incremental=True)
    assert config.append_dict == {"epoch_num": 0, "a": 1}
    assert (config.async_save, config.map_param_inc, config.enc_mode) == ("thread", True, "AES-GCM")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (dict(append_info=["x"]), ValueError),
        (dict(append_info={"a": 1}), TypeError),
        (dict(append_info=[{"a": 1}, {"b": 2}]), TypeError),
        (dict(append_info=[3]), TypeError),
        (dict(append_info=[{"a": [1]}]), TypeError),
        (dict(async_save="x"), ValueError),
        (dict(format="safetensors", crc_check=True), ValueError),
        (dict(enc_key=b"0" * 16), NotImplementedError),
    ],
)
def test_configs_that_are_refused(options, error):
    with pytest.raises(error):
        train.CheckpointConfig(**options)


def test_names_and_folders_by_functions(model):
    saving = train.ModelCheckpoint(lambda now: f"step{now.cur_step_num}", lambda now: f"files/{now.cur_epoch_num}")
    model.train(2, DATA[:1], callbacks=saving)
    assert saving.latest_ckpt_file_name == "files/2/step2.ckpt"
    assert os.path.exists("files/1/step1.ckpt")


def test_a_file_after_an_exception(model):
    def fail():
        raise RuntimeError("stop here")

    config = train.CheckpointConfig(save_checkpoint_steps=100, exception_save=True)
    with pytest.raises(RuntimeError, match="stop here"):
        model.train(2, DATA, callbacks=[train.ModelCheckpoint("n", "files", config), At(2, fail)])
    assert files() == ["n-1_2_breakpoint.ckpt"]


def test_backups(model):
    keeping = train.BackupAndRestore("files", delete_checkpoint=False)
    model.train(2, DATA, callbacks=keeping)
    weight = model.predict_network.weight.asnumpy().copy()
    model.predict_network.weight.set_data(Tensor(np.zeros_like(weight)))
    model.train(1, DATA[:1], callbacks=[train.BackupAndRestore("files"), At(9, None)])
    assert np.abs(model.predict_network.weight.asnumpy() - weight).max() < np.abs(weight).max() / 2  # it went on
    assert files() == []
    model.train(1, DATA, callbacks=train.BackupAndRestore("files", save_freq=5))  # ends before the first
    assert files() == []


def test_a_signal_ends_training_after_the_step(model):
    before = signal.getsignal(signal.SIGTERM)
    asking = At(2, lambda: os.kill(os.getpid(), signal.SIGTERM))
    model.train(2, DATA, callbacks=[asking, train.OnRequestExit(file_name="N", directory="files")])
    assert asking.steps == 2
    assert signal.getsignal(signal.SIGTERM) is before
    loaded = ms.load_checkpoint("files/rank_0/N_train.ckpt")
    assert loaded["global_step"].item() == 2
    again = train.OnRequestExit(file_name="N", directory="files")
    seen = []
    look = train.LambdaCallback(on_train_begin=lambda c: seen.append(c.original_args().optimizer.global_step.item()))
    model.train(1, DATA[:1], callbacks=[again, look])
    assert seen == [2]


def test_a_file_asks_for_an_end(model, tmp_path):
    config = tmp_path / "ask.json"
    asking = At(3, lambda: config.write_text('{"GracefulExit": 1}'))
    model.train(2, DATA, callbacks=[train.OnRequestExit(directory="files", config_file=str(config)), asking])
    assert asking.steps == 4
    assert os.path.exists("files/rank_0/Net_train.ckpt")


def test_operations_of_a_step(model, capsys):
    model.train(1, DATA[:3], callbacks=train.FlopsUtilizationCollector(3, computility=1e12))
    first, *lines = capsys.readouterr().out.splitlines()
    flops = float(re.search(r"Full model flops is ([\d.]+)", first)[1])
    assert 2 * 2 * 4 * 2 <= flops < 500  # products of (4, 2) and (2, 1), forward and back, and the optimizer
    assert len(lines) == 2
    assert all(re.fullmatch(r"Train per step time: +[\d.]+ ms mfu:[\d.]+% hfu:[\d.]+%", line) for line in lines)


def test_a_loop_of_the_users_own(model):
    from msjax.train.callback import _CallbackManager, _InternalCallbackParam

    now = _InternalCallbackParam()
    now.cur_epoch_num, now.cur_step_num, now.batch_num = 1, 0, 3
    now.train_network = model.train_network
    context = train.RunContext(now)
    saving = _CallbackManager([train.ModelCheckpoint("own", "files", train.CheckpointConfig(3))])
    saving.begin(context)
    for _ in range(3):
        now.net_outputs = model.train_network(*DATA[0])
        now.cur_step_num += 1
        saving.step_end(context)
    saving.end(context)
    assert files() == ["own-1_3.ckpt"]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: train.BackupAndRestore("files", save_freq=0), ValueError),
        (lambda: train.BackupAndRestore("files", save_freq=1.5), TypeError),
        (lambda: train.OnRequestExit(save_ckpt=1), ValueError),
        (lambda: train.OnRequestExit(sig=signal.SIGKILL), ValueError),
        (lambda: train.FlopsUtilizationCollector(0), ValueError),
        (lambda: train.TrainFaultTolerance(), ValueError),
        (lambda: ms.set_dump(3), ValueError),
        (lambda: ms.set_dump(nn.ReLU(), 3), ValueError),
        (lambda: ms.load_mindir("x"), NotImplementedError),
        (lambda: ms.obfuscate_ckpt(nn.ReLU(), "x"), NotImplementedError),
    ],
)
def test_what_is_refused(call, error):
    with pytest.raises(error):
        call()


def test_what_is_accepted(model, capsys):
    ms.set_dump(model.predict_network)
    assert "no dumps" in capsys.readouterr().err
    assert train.TrainFaultTolerance.get_optimizer_wrapper(nn.SGD) is nn.SGD
    model.train(1, DATA[:1], callbacks=train.TrainFaultTolerance("files"))
    for infer in (lambda: model.infer_train_layout(DATA), lambda: model.infer_predict_layout(DATA[0][0])):
        with pytest.raises(RuntimeError, match="stand_alone"):
            infer()
    converted = train.ConvertModelUtils().convert_to_thor_model(model, model.predict_network)
    assert converted is model


def test_programs_are_let_go_of(model):
    model.train(1, DATA[:2])
    ms.ms_memory_recycle()
    assert np.isfinite(model.predict(DATA[0][0]).asnumpy()).all()
