"""LeNet by Model.train: callbacks of one's own and of the library, checkpoints kept and removed, evaluation."""

import argparse
import os

import mindspore as ms
import numpy as np
from mindspore import nn
from mindspore.common.initializer import Normal
from mindspore.dataset import NumpySlicesDataset
from mindspore.train import Accuracy, Callback, CheckpointConfig, LossMonitor, Model, ModelCheckpoint

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=12)
args = parser.parse_args()
BATCHES = max(args.steps // 3, 1)


def dataset(batches, seed, batch_size=32):
    random = np.random.RandomState(seed)
    labels = random.randint(0, 10, batches * batch_size).astype(np.int32)
    images = random.normal(size=(len(labels), 1, 32, 32)).astype(np.float32)
    for image, label in zip(images, labels):
        image[0, 3 * label : 3 * label + 3] += 1.5
    return NumpySlicesDataset((images, labels), ["image", "label"], shuffle=False).batch(batch_size)


class LeNet5(nn.Cell):
    def __init__(self, num_class=10, num_channel=1):
        super().__init__()
        self.conv1 = nn.Conv2d(num_channel, 6, 5, pad_mode="valid")
        self.conv2 = nn.Conv2d(6, 16, 5, pad_mode="valid")
        self.relu = nn.ReLU()
        self.max_pool2d = nn.MaxPool2d(kernel_size=2, stride=2)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Dense(16 * 5 * 5, 120, weight_init=Normal(0.02))
        self.fc2 = nn.Dense(120, 84, weight_init=Normal(0.02))
        self.fc3 = nn.Dense(84, num_class, weight_init=Normal(0.02))

    def construct(self, x):
        x = self.max_pool2d(self.relu(self.conv1(x)))
        x = self.max_pool2d(self.relu(self.conv2(x)))
        x = self.flatten(x)
        x = self.relu(self.fc1(x))
        x = self.relu(self.fc2(x))
        return self.fc3(x)


class EvalCallback(Callback):
    """Evaluates at the end of each epoch and keeps the best accuracy."""

    def __init__(self, model, eval_dataset):
        super().__init__()
        self.model, self.eval_dataset, self.best, self.losses = model, eval_dataset, 0.0, []

    def on_train_begin(self, run_context):
        cb_params = run_context.original_args()
        print("epochs", cb_params.epoch_num, "batches", cb_params.batch_num, cb_params.mode, cb_params.parallel_mode)

    def on_train_step_end(self, run_context):
        cb_params = run_context.original_args()
        self.losses.append(float(cb_params.net_outputs.asnumpy()))

    def on_train_epoch_end(self, run_context):
        cb_params = run_context.original_args()
        found = self.model.eval(self.eval_dataset, dataset_sink_mode=False)
        self.best = max(self.best, found["acc"])
        loss, epoch = np.mean(self.losses), cb_params.cur_epoch_num
        print(f"epoch {epoch} after {cb_params.cur_step_num}: {loss:.6f} {found['acc']:.4f}")
        self.losses.clear()

    def on_train_end(self, run_context):
        print("best", self.best)


class StopAtLoss(Callback):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def step_end(self, run_context):
        if run_context.original_args().net_outputs.asnumpy() < self.threshold:
            run_context.request_stop()


network = LeNet5()
loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
optimizer = nn.Momentum(network.trainable_params(), learning_rate=0.01, momentum=0.9)
model = Model(network, loss, optimizer, metrics={"acc": Accuracy(), "loss": nn.Loss()})
config = CheckpointConfig(save_checkpoint_steps=BATCHES, keep_checkpoint_max=2)
saved = ModelCheckpoint(prefix="lenet", directory="ckpt", config=config)
test_dataset = dataset(3, 1)
model.train(
    3,
    dataset(BATCHES, 0),
    callbacks=[LossMonitor(), EvalCallback(model, test_dataset), StopAtLoss(1e-3), saved],
    dataset_sink_mode=False,
)
print(sorted(os.listdir("ckpt"))[-3:], os.path.basename(saved.latest_ckpt_file_name))
found = model.eval(test_dataset, dataset_sink_mode=False)
print({name: round(value, 4) for name, value in sorted(found.items())})
again = LeNet5()
ms.load_checkpoint(saved.latest_ckpt_file_name, net=again)
image = next(test_dataset.create_dict_iterator())["image"]
print(np.abs(model.predict(image).asnumpy() - again(image).asnumpy()).max() < 1e-5)
