"""A small transformer learns to count in words, one character after the other.

The text is "one, two, three, ..., nine hundred ninety-nine": grammar enough to learn, and easy to check. The network is
a decoder of `nn.TransformerEncoder` layers with a causal mask; what it has learned is seen when it goes on counting
from numbers of which it is given the first characters.

    python examples/counting.py                     with MindSpore
    python -m msjax examples/counting.py            the same with msjax
"""

import argparse
import os
import time

import mindspore as ms
import numpy as np
from mindspore import Tensor, nn, ops

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_words(number):
    if number >= 100:
        rest = number % 100
        return f"{ONES[number // 100]} hundred" + (f" {in_words(rest)}" if rest else "")
    if number >= 20:
        return TENS[number // 10 - 2] + (f"-{ONES[number % 10]}" if number % 10 else "")
    return ONES[number]


TEXT = ", ".join(map(in_words, range(1, 1000)))
LETTERS = sorted(set(TEXT))
CODES = np.array([LETTERS.index(letter) for letter in TEXT], np.int32)


class Writer(nn.Cell):
    """Scores of the next letter at each place: from (n, length) to (n, length, letters)."""

    def __init__(self, length, width=64, heads=4, depth=2):
        super().__init__()
        self.letters = nn.Embedding(len(LETTERS), width)
        self.places = ms.Parameter(Tensor(0.02 * np.random.randn(length, width).astype(np.float32)), name="places")
        layer = nn.TransformerEncoderLayer(width, heads, 4 * width, dropout=0.0, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, depth, nn.LayerNorm((width,)))
        self.head = nn.Dense(width, len(LETTERS))
        self.mask = Tensor(np.triu(np.full((length, length), -1e9, np.float32), 1))

    def construct(self, codes):
        return self.head(self.layers(self.letters(codes) + self.places, src_mask=self.mask))


def batch(rng, count, length):
    starts = rng.integers(0, len(CODES) - length - 1, count)
    rows = CODES[starts[:, None] + np.arange(length + 1)]
    return Tensor(rows[:, :-1]), Tensor(rows[:, 1:])


def go_on(network, text, length, letters):
    """`text` and the `letters` that the network puts behind it."""
    codes = [LETTERS.index(letter) for letter in text]
    for _ in range(letters):
        seen = codes[-length:]
        padded = np.array([seen + [0] * (length - len(seen))], np.int32)
        codes.append(int(network(Tensor(padded)).asnumpy()[0, len(seen) - 1].argmax()))
    return "".join(LETTERS[code] for code in codes)


def draw(path, losses):
    try:
        import matplotlib
    except ImportError:
        print("no picture: matplotlib is not installed")
        return
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 4), layout="constrained")
    axis.semilogy(*zip(*losses, strict=True))
    axis.set(title="counting in words", xlabel="step", ylabel="loss")
    figure.savefig(path, dpi=120)
    print("picture:", os.path.abspath(path))


def main():
    parser = argparse.ArgumentParser(description="A transformer of letters that learns to count.")
    parser.add_argument("--steps", type=int, default=3000, help="(default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="150 steps of shorter texts")
    parser.add_argument("--picture", default="counting.png", help="(default: %(default)s)")
    options = parser.parse_args()
    steps, length, count = (150, 32, 16) if options.quick else (options.steps, 64, 32)

    ms.set_seed(1)
    np.random.seed(1)
    rng = np.random.default_rng(1)
    network = Writer(length)
    rate = nn.cosine_decay_lr(1e-5, 3e-3, steps, steps, 1)
    optimizer = nn.AdamWeightDecay(network.trainable_params(), learning_rate=rate, weight_decay=0.01)

    def loss(codes, following):
        scores = network(codes)
        return ops.cross_entropy(scores.reshape(-1, len(LETTERS)), following.reshape(-1))

    loss_and_gradients = ms.value_and_grad(loss, None, optimizer.parameters)
    print("  step     loss   ms/step", flush=True)
    network.set_train()
    losses, every, begin, begun = [], max(steps // 15, 1), time.perf_counter(), 0
    for step in range(1, steps + 1):
        value, gradients = loss_and_gradients(*batch(rng, count, length))
        optimizer(ops.clip_by_global_norm(gradients, 1.0))
        if step == 1 or step % every == 0:
            losses.append((step, float(value)))
            now = time.perf_counter()
            print(f"{step:6d}  {losses[-1][1]:.1e}  {1e3 * (now - begin) / (step - begun):8.2f}", flush=True)
            begin, begun = now, step

    network.set_train(False)
    codes, following = batch(rng, 64, length)
    right = network(codes).asnumpy().argmax(-1) == following.asnumpy()
    print("share of letters that is wrong:", f"{1 - right[:, length // 2 :].mean():.3f}")
    for start in ("forty-one, forty-tw", "one hundred, one hundred o"):
        print("it goes on:", go_on(network, start, length, 20 if options.quick else 60))
    draw(options.picture, losses)


if __name__ == "__main__":
    main()
