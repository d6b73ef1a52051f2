"""Quick start: a data pipeline, a network, a functional training loop, tests, the weights saved and loaded."""

import argparse

import mindspore as ms
import numpy as np
from mindspore import nn
from mindspore.dataset import GeneratorDataset, transforms, vision

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=12)
parser.add_argument("--jit", action="store_true")
args = parser.parse_args()


class Digits:
    """Bright blocks whose place tells the class."""

    def __init__(self, size, seed):
        random = np.random.default_rng(seed)
        self.labels = random.integers(0, 10, size).astype(np.uint8)
        self.images = random.integers(0, 60, (size, 28, 28, 1)).astype(np.uint8)
        for image, label in zip(self.images, self.labels):
            row, column = divmod(int(label), 4)
            image[4 + 7 * row : 11 + 7 * row, 2 + 6 * column : 8 + 6 * column] += 150

    def __getitem__(self, index):
        return self.images[index], self.labels[index]

    def __len__(self):
        return len(self.labels)


def datapipe(size, seed, batch_size):
    dataset = GeneratorDataset(Digits(size, seed), ["image", "label"], shuffle=False)
    image_transforms = [
        vision.Rescale(1.0 / 255.0, 0),
        vision.Normalize(mean=(0.1307,), std=(0.3081,)),
        vision.HWC2CHW(),
    ]
    dataset = dataset.map(image_transforms, "image")
    dataset = dataset.map(transforms.TypeCast(ms.int32), "label")
    return dataset.batch(batch_size)


class Network(nn.Cell):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.dense_relu_sequential = nn.SequentialCell(
            nn.Dense(28 * 28, 512), nn.ReLU(), nn.Dense(512, 512), nn.ReLU(), nn.Dense(512, 10)
        )

    def construct(self, x):
        x = self.flatten(x)
        return self.dense_relu_sequential(x)


batches = max(args.steps // 3, 1)
train_dataset = datapipe(64 * batches, 1, 64)
test_dataset = datapipe(100, 2, 64)
for image, label in test_dataset.create_tuple_iterator():
    print(f"Shape of image [N, C, H, W]: {image.shape} {image.dtype}")
    print(f"Shape of label: {label.shape} {label.dtype}")
    break

model = Network()
print(model)
loss_fn = nn.CrossEntropyLoss()
optimizer = nn.SGD(model.trainable_params(), 1e-2)


def forward_fn(data, label):
    logits = model(data)
    loss = loss_fn(logits, label)
    return loss, logits


grad_fn = ms.value_and_grad(forward_fn, None, optimizer.parameters, has_aux=True)


def train_step(data, label):
    (loss, _), grads = grad_fn(data, label)
    optimizer(grads)
    return loss


if args.jit:
    train_step = ms.jit(train_step)


def test(model, dataset, loss_fn):
    model.set_train(False)
    total, test_loss, correct = 0, 0, 0
    for data, label in dataset.create_tuple_iterator():
        pred = model(data)
        total += len(data)
        test_loss += loss_fn(pred, label).asnumpy()
        correct += (pred.argmax(1) == label).asnumpy().sum()
    print(f"Test: Accuracy: {100 * correct / total:>0.1f}%, Avg loss: {test_loss / dataset.get_dataset_size():>8f}")


for _ in range(3):
    model.set_train()
    for batch, (data, label) in enumerate(train_dataset.create_tuple_iterator()):
        loss = train_step(data, label)
        print(f"step [{batch:>3d}/{batches:>3d}] loss: {loss.asnumpy():>7f}")
    test(model, test_dataset, loss_fn)

ms.save_checkpoint(model, "model.ckpt")
model = Network()
param_dict = ms.load_checkpoint("model.ckpt")
param_not_load, _ = ms.load_param_into_net(model, param_dict)
print(param_not_load)
test(model, test_dataset, loss_fn)
for data, label in test_dataset:
    predicted = model(data).argmax(1)
    print(f'Predicted: "{predicted[:10]}", Actual: "{label[:10]}"')
    break
