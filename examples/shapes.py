"""A convolutional network tells circles, squares, triangles and crosses apart, with `Model` and what belongs to it.

The images are drawn by the program itself: 16 by 16 points, noisy, each shape of a random size at a random place. A
pipeline of `mindspore.dataset` shuffles and batches them; callbacks save the network, collect what TensorBoard shows,
and print a line for each epoch. At the end the network that was saved is read back into a new one, which has to give
the same confusion matrix.

    python examples/shapes.py                       with MindSpore
    python -m msjax examples/shapes.py              the same with msjax
    tensorboard --logdir shapes_run/summary
"""

import argparse
import os
import time

import mindspore as ms
import numpy as np
from mindspore import Tensor, nn, train
from mindspore import dataset as ds

NAMES = ["circle", "square", "triangle", "cross"]
SIZE = 16


def draw_shape(kind, rng):
    """One image of shape (1, SIZE, SIZE)."""
    radius = rng.uniform(3, 6)
    y, x = np.mgrid[:SIZE, :SIZE] - rng.uniform(radius, SIZE - 1 - radius, (2, 1, 1))
    inside = [
        np.hypot(x, y) < radius,
        np.maximum(abs(x), abs(y)) < 0.85 * radius,
        (y < 0.7 * radius) & (y > 2 * abs(x) - radius),
        (np.minimum(abs(x), abs(y)) < 0.3 * radius) & (np.maximum(abs(x), abs(y)) < radius),
    ][kind]
    return (inside + 0.3 * rng.standard_normal(inside.shape))[None].astype(np.float32)


def pipeline(count, batch, rng, shuffle):
    kinds = rng.integers(0, len(NAMES), count).astype(np.int32)
    images = np.stack([draw_shape(kind, rng) for kind in kinds])
    data = ds.NumpySlicesDataset((images, kinds), ["image", "kind"], shuffle=shuffle)
    return data.batch(batch, drop_remainder=True)


class Network(nn.Cell):
    def __init__(self):
        super().__init__()
        self.features = nn.SequentialCell(
            nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2, 2),
            nn.Conv2d(8, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2, 2),
        )  # fmt: skip
        self.head = nn.SequentialCell(nn.Flatten(), nn.Dense(16 * (SIZE // 4) ** 2, len(NAMES)))

    def construct(self, x):
        return self.head(self.features(x))


class Lines(train.Callback):
    """Prints a line for each epoch, and keeps the numbers."""

    def __init__(self):
        super().__init__()
        self.losses, self.accuracies, self.start = [], [], time.perf_counter()

    def on_train_epoch_end(self, run_context):
        now = run_context.original_args()
        self.losses.append(float(now.net_outputs.asnumpy()))
        self.accuracies.append(now.metrics["accuracy"])
        seconds = time.perf_counter() - self.start
        print(f"{now.cur_epoch_num:7d}  {self.losses[-1]:.1e}  {self.accuracies[-1]:8.3f}  {seconds:7.1f}", flush=True)


def confusion(network, data):
    """How often each shape (rows) is taken for each (columns)."""
    matrix = train.ConfusionMatrix(len(NAMES))
    network.set_train(False)
    for image, kind in data.create_tuple_iterator(num_epochs=1):
        matrix.update(network(image), kind)
    return matrix.eval()


def draw(path, lines, matrix):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
    epochs = np.arange(1, len(lines.losses) + 1)
    left.semilogy(epochs, lines.losses)
    left.set(title="loss of the last batch", xlabel="epoch")
    middle.plot(epochs, lines.accuracies)
    middle.set(title="accuracy on other images", xlabel="epoch", ylim=(0, 1.02))
    right.imshow(matrix, cmap="Blues")
    right.set(title="what (rows) is taken for what", xticks=range(4), yticks=range(4))
    right.set_xticklabels(NAMES)
    right.set_yticklabels(NAMES)
    for (row, column), count in np.ndenumerate(matrix):
        right.text(column, row, int(count), ha="center", va="center")
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A classifier of images with Model, callbacks and checkpoints.")
    parser.add_argument("--epochs", type=int, default=12, help="(default: %(default)s)")
    parser.add_argument("--images", type=int, default=4096, help="to train with (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="3 epochs of 1024 images")
    parser.add_argument("--folder", default="shapes_run", help="for checkpoints and summaries (default: %(default)s)")
    parser.add_argument("--picture", default="shapes.png", help="(default: %(default)s)")
    options = parser.parse_args()
    epochs, images = (3, 1024) if options.quick else (options.epochs, options.images)

    ms.set_seed(1)
    rng = np.random.default_rng(1)
    training, others = pipeline(images, 32, rng, True), pipeline(512, 64, rng, False)
    network = Network()
    rate = nn.cosine_decay_lr(1e-4, 3e-3, epochs * training.get_dataset_size(), training.get_dataset_size(), epochs)
    optimizer = nn.Adam(network.trainable_params(), learning_rate=rate)
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    model = train.Model(network, loss, optimizer, metrics={"accuracy"})

    lines = Lines()
    config = train.CheckpointConfig(save_checkpoint_steps=training.get_dataset_size(), keep_checkpoint_max=2)
    saving = train.ModelCheckpoint("shapes", directory=options.folder, config=config)
    collecting = train.SummaryCollector(os.path.join(options.folder, "summary"), collect_freq=16)
    print("  epoch     loss  accuracy  seconds", flush=True)
    model.fit(epochs, training, others, callbacks=[lines, saving, collecting], dataset_sink_mode=False)

    again = Network()
    ms.load_param_into_net(again, ms.load_checkpoint(saving.latest_ckpt_file_name))
    matrix = confusion(again, others)
    assert (matrix == confusion(network, others)).all()
    print("rows: what it is; columns: what it is taken for")
    for name, row in zip(NAMES, matrix, strict=True):
        print(f"{name:>10}", *(f"{int(count):5d}" for count in row))
    print("share that is wrong:", f"{1 - np.trace(matrix) / matrix.sum():.3f}")
    print("one image:", NAMES[int(model.predict(Tensor(draw_shape(3, rng)[None])).asnumpy().argmax())])
    draw(options.picture, lines, matrix)


if __name__ == "__main__":
    main()
