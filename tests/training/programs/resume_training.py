"""Training that stops, is saved with its optimizer, and goes on in new objects as if nothing had been."""

import argparse
import os

import mindspore as ms
import numpy as np
from mindspore import nn
from mindspore.dataset import GeneratorDataset
from mindspore.train import (
    Callback,
    CheckpointConfig,
    EarlyStopping,
    LearningRateScheduler,
    LossMonitor,
    Model,
    ModelCheckpoint,
    ReduceLROnPlateau,
)

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=16)
args = parser.parse_args()
BATCHES = max(args.steps // 4, 1)


class Rows:
    def __init__(self, count, seed):
        random = np.random.RandomState(seed)
        self.x = random.uniform(-2, 2, (count, 8)).astype(np.float32)
        y = np.sin(self.x[:, :1] * 2) + self.x[:, 1:2] * self.x[:, 2:3] + 0.1 * random.normal(size=(count, 1))
        self.y = y.astype(np.float32)

    def __getitem__(self, index):
        return self.x[index], self.y[index]

    def __len__(self):
        return len(self.x)


def dataset(count, seed):
    return GeneratorDataset(Rows(count, seed), ["x", "y"], shuffle=False).batch(32)


def built():
    net = nn.SequentialCell(nn.Dense(8, 64), nn.ReLU(), nn.Dense(64, 64), nn.ReLU(), nn.Dense(64, 1))
    optimizer = nn.Adam(net.trainable_params(), learning_rate=5e-3, weight_decay=1e-5, use_nesterov=True)
    return net, optimizer, Model(net, nn.MSELoss(), optimizer, metrics={"mse": nn.MSE(), "mae": nn.MAE()})


class Losses(Callback):
    def __init__(self):
        super().__init__()
        self.found = []

    def on_train_step_end(self, run_context):
        self.found.append(round(float(run_context.original_args().net_outputs), 4))

    def on_eval_end(self, run_context):
        metrics = run_context.original_args().metrics
        print({name: round(float(value), 4) for name, value in sorted(metrics.items())})


def halve(rate, step):
    return rate * 0.5 if int(optimizer.global_step) % (3 * BATCHES) == 0 else rate


train, valid = (lambda: dataset(32 * BATCHES, 0)), (lambda: dataset(64, 1))
net, optimizer, model = built()
config = CheckpointConfig(
    save_checkpoint_steps=BATCHES,
    keep_checkpoint_max=5,
    saved_network=nn.TrainOneStepCell(net, optimizer),
    append_info=[{"seen": 7, "note": "half"}],
)
losses = Losses()
stop = EarlyStopping(monitor="eval_loss", patience=1, mode="min")
model.train(
    4,
    train(),
    callbacks=[LossMonitor(), losses, LearningRateScheduler(halve), ModelCheckpoint("run", "saved", config)],
)
print(sorted(os.listdir("saved")), int(optimizer.global_step.asnumpy()[0]), optimizer.learning_rate.asnumpy())

net, optimizer, model = built()
again = nn.TrainOneStepCell(net, optimizer)
params = ms.load_checkpoint(f"saved/run-2_{BATCHES}.ckpt", choice_func=lambda name: not name.startswith("nothing"))
print({name: params.pop(name) for name in ("seen", "note")}, len(params))
print(ms.load_param_into_net(again, params, strict_load=True))
print("goes on at", int(optimizer.global_step.asnumpy()[0]), float(optimizer.learning_rate.asnumpy()))
resumed = Losses()
model.train(4, train(), callbacks=[resumed, LearningRateScheduler(halve)], initial_epoch=2)
print("the same losses", np.allclose(losses.found[2 * BATCHES :], resumed.found, atol=2e-3))

plateau = ReduceLROnPlateau(monitor="eval_loss", factor=0.1, patience=0, min_delta=10.0, mode="min")
model = Model(net, nn.MSELoss(), optimizer, metrics={"loss": nn.Loss(), "mae": nn.MAE()})
model.fit(3, train(), valid(), callbacks=[resumed, plateau, EarlyStopping("eval_loss", patience=2, min_delta=10.0)])
print(len(resumed.found), f"{float(optimizer.learning_rate.asnumpy()):.8f}")
