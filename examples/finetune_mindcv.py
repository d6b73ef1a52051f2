"""A network of the package mindcv learns one task from many images, and then another one from few.

The images are drawn by the program itself, noisy and in random colours: first circles, squares, triangles and crosses,
then rings, diamonds, arrows and bars. The small MobileNet learns to tell the first four apart; what it has learned is
saved, but for its last layer. From there it needs few images of the others, more than which it is not given: starting
from nothing, with the same images and as many steps, it is wrong more often.

    pip install mindcv
    python examples/finetune_mindcv.py                    with MindSpore
    python -m msjax examples/finetune_mindcv.py           the same with msjax
"""

import argparse
import os
import sys
import time

import mindspore as ms
import numpy as np
from mindspore import Tensor

try:
    from mindcv.loss import create_loss
    from mindcv.models import create_model
    from mindcv.optim import create_optimizer
except ImportError:
    sys.exit("This example needs mindcv: pip install mindcv")

SIZE = 32
FIRST = {
    "circle": lambda x, y: np.hypot(x, y) < 1,
    "square": lambda x, y: np.maximum(abs(x), abs(y)) < 0.85,
    "triangle": lambda x, y: (y < 0.7) & (y > 2 * abs(x) - 1),
    "cross": lambda x, y: (np.minimum(abs(x), abs(y)) < 0.3) & (np.maximum(abs(x), abs(y)) < 1),
}
SECOND = {
    "ring": lambda x, y: abs(np.hypot(x, y) - 0.75) < 0.25,
    "diamond": lambda x, y: abs(x) + abs(y) < 1,
    "arrow": lambda x, y: (abs(y - abs(x)) < 0.3) & (y < 0.8),
    "bar": lambda x, y: (abs(x) < 1) & (abs(y) < 0.3),
}


def images_of(shapes, count, rng):
    """Images (count, 3, SIZE, SIZE), and which shape each shows."""
    kinds = rng.integers(0, len(shapes), count)
    images = rng.normal(0, 0.1, (count, 3, SIZE, SIZE))
    for image, kind in zip(images, kinds, strict=True):
        radius = rng.uniform(8, 15)
        y, x = (np.mgrid[:SIZE, :SIZE] - rng.uniform(radius, SIZE - radius, (2, 1, 1))) / radius
        image += np.multiply.outer(rng.uniform(0.4, 1, 3), [*shapes.values()][kind](x, y))
    return images.astype(np.float32), kinds.astype(np.int32)


class Training:
    """A network, and the steps that train it; all tasks have as many classes, so one step serves them all."""

    def __init__(self, name, rate):
        self.network = create_model(name, num_classes=len(FIRST))
        self.optimizer = create_optimizer(self.network.trainable_params(), "adam", lr=rate)
        self.cells = self.network, self.optimizer
        self.beginning = self.state()
        loss = create_loss("CE", label_smoothing=0.05)
        self.gradients = ms.value_and_grad(
            lambda images, kinds: loss(self.network(images), kinds), None, self.optimizer.parameters
        )

    def state(self):
        return {weight.name: weight.asnumpy().copy() for cell in self.cells for weight in cell.get_parameters()}

    def restore(self, state):
        for cell in self.cells:
            for weight in cell.get_parameters():
                weight.set_data(Tensor(state[weight.name]))

    def train(self, images, kinds, steps, batch, rng):
        """The loss of each tenth of the steps."""
        self.network.set_train()
        losses, begin, begun = [], time.perf_counter(), 0
        for step in range(1, steps + 1):
            chosen = rng.integers(0, len(images), batch)
            loss, gradients = self.gradients(Tensor(images[chosen]), Tensor(kinds[chosen]))
            self.optimizer(gradients)
            if step % max(steps // 10, 1) == 0:
                losses.append((step, float(loss)))
                now = time.perf_counter()
                print(f"{step:6d}  {losses[-1][1]:.1e}  {1e3 * (now - begin) / (step - begun):8.2f}", flush=True)
                begin, begun = now, step
        return losses

    def wrong(self, images, kinds):
        """The share of images that are taken for something else."""
        self.network.set_train(False)
        return float((self.network(Tensor(images)).asnumpy().argmax(-1) != kinds).mean())


def draw(path, histories, images):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for label, losses in histories.items():
        left.semilogy(*zip(*losses, strict=True), label=label)
    left.set(title="loss", xlabel="step")
    left.legend()
    shown = np.clip(0.5 + 0.5 * images[:16].reshape(4, 4, 3, SIZE, SIZE), 0, 1)
    right.imshow(shown.transpose(0, 3, 1, 4, 2).reshape(4 * SIZE, 4 * SIZE, 3))
    right.set(title="images of the second task", xticks=[], yticks=[])
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A network of mindcv that learns a second task from few images.")
    parser.add_argument("--model", default="mobilenet_v1_025", help="a name of mindcv (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=400, help="for the first task (default: %(default)s)")
    parser.add_argument("--few", type=int, default=64, help="images of the second task (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="fewer steps")
    parser.add_argument("--picture", default="finetune_mindcv.png", help="(default: %(default)s)")
    options = parser.parse_args()
    steps, more = (160, 60) if options.quick else (options.steps, 100)

    ms.set_seed(1)
    np.random.seed(1)
    rng = np.random.default_rng(1)
    many, few, others = (images_of(*task, rng) for task in ((FIRST, 2048), (SECOND, options.few), (SECOND, 512)))
    training = Training(options.model, 3e-3)
    histories = {}
    print("  step     loss   ms/step", flush=True)
    print("first task")
    histories["first task"] = training.train(*many, steps, 32, rng)
    learned = training.state()
    last = {weight.name for weight in training.network.trainable_params()[-2:]}
    of_optimizer = {weight.name for weight in training.optimizer.get_parameters()} - {
        weight.name for weight in training.network.get_parameters()
    }
    fresh = {name: training.beginning[name] for name in last | of_optimizer}
    shares = {}
    for label, start in {"fine-tuned": learned | fresh, "from nothing": training.beginning}.items():
        print(label)
        training.restore(start)
        histories[label] = training.train(*few, more, 32, np.random.default_rng(2))
        shares[label] = training.wrong(*others)
    for label, share in shares.items():
        print(f"share that is wrong, {label}: {share:.3f}")
    draw(options.picture, histories, others[0])


if __name__ == "__main__":
    main()
