"""Small networks of mindcv, of weights that a generator draws: what they say of two images, and gradients.

    PYTHON_WITH_MINDSPORE tests/packages/networks.py > tests/packages/networks.json    records what MindSpore computes
    python -m msjax tests/packages/networks.py NETWORK...                              prints the same of msjax

With --gradients, networks say theirs; without names, all do. The first ones train, and so count what they saw; the
others, which drop some of their values then, do not.
"""

import argparse
import json
from importlib.metadata import version

import mindspore as ms
import numpy as np
from mindcv.models import create_model
from mindspore import Tensor, ops

TRAINED = ("mobilenet_v1_025", "shufflenet_v2_x0_5")
NETWORKS = (*TRAINED, "squeezenet1_1", "mobilenet_v3_small_075", "edgenext_xx_small")


def draw(net):
    """Fill all Parameters in the order of their names, so that values neither vanish nor grow from layer to layer."""
    generator = np.random.default_rng(1)
    for _, weight in sorted((weight.name, weight) for weight in net.get_parameters()):
        values = generator.standard_normal(weight.shape)
        if weight.name.endswith(("gamma", "moving_variance")):
            values = 1 + 0.5 * np.tanh(values)
        elif weight.ndim < 2:
            values *= 0.1
        else:
            values *= (2 / np.prod(weight.shape[1:])) ** 0.5
        weight.set_data(Tensor(values.astype(np.float32)))


def told(name, with_gradients):
    """Scores of ten classes; of each Parameter's gradient the norm, and the product with numbers that are not equal."""
    net = create_model(name, num_classes=10)
    draw(net)
    generator = np.random.default_rng(2)
    images = Tensor(generator.standard_normal((2, 3, 64, 64)).astype(np.float32))
    classes = Tensor(np.array([1, 7], np.int32))
    net.set_train(False)
    answer = {"scores": rounded(net(images).asnumpy())}
    if with_gradients:
        net.set_train(name in TRAINED)
        weights = net.trainable_params()
        loss = ms.value_and_grad(lambda images: ops.cross_entropy(net(images), classes), None, weights)
        gradients = [slope.asnumpy().astype(np.float64).ravel() for slope in loss(images)[1]]
        sums = [rounded(np.array((np.linalg.norm(g), g @ np.cos(np.arange(g.size))))) for g in gradients]
        answer["gradients"] = dict(zip([weight.name for weight in weights], sums, strict=True))
        seen = {w.name: w.asnumpy().mean() for w in net.get_parameters() if ".moving" in w.name and name in TRAINED}
        answer["seen"] = {name: rounded(mean) for name, mean in seen.items()}
    return answer


def rounded(values):
    return np.vectorize(lambda value: float(f"{value:.7g}"))(values).tolist()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--gradients", action="store_true")
    given = parser.parse_args()
    recording = not hasattr(ms, "set_compile")
    answers = {name: told(name, recording or given.gradients) for name in given.networks}
    print(json.dumps({"mindspore": ms.__version__, "mindcv": version("mindcv"), "networks": answers}))


if __name__ == "__main__":
    main()
