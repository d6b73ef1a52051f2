"""The models of mindcv: two images, small ones if it takes them, and the cross entropy of their labels."""

import sys

import numpy as np
from mindcv.models import create_model, list_models, model_entrypoint
from mindspore import Tensor, ops

names = list_models


def build(name):
    """A model of ten classes, and images of sizes to try."""
    configurations = vars(sys.modules[model_entrypoint(name).__module__]).get("default_cfgs", {})
    channels, *size = configurations.get(name, {}).get("input_size", (3, 224, 224))
    draw = np.random.RandomState(1).standard_normal
    sizes = [[64, 64], [128, 128], size, [256, 256]]
    return create_model(name, num_classes=10), [[draw((2, channels, *size)).astype(np.float32)] for size in sizes]


def family(name):
    return model_entrypoint(name).__module__.rpartition(".")[2]


def loss(outputs):
    """Of the first output: the others are of branches that only training uses."""
    return ops.cross_entropy(outputs[0], Tensor(np.array([1, 7], np.int32)))
