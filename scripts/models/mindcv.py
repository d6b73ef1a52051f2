"""The models of mindcv: two images of the size that each is made for, and the cross entropy of their labels."""

import sys

import numpy as np
from mindcv.models import create_model, list_models, model_entrypoint
from mindspore import Tensor, ops

names = list_models


def build(name):
    """A model of ten classes, and its images."""
    configurations = vars(sys.modules[model_entrypoint(name).__module__]).get("default_cfgs", {})
    size = configurations.get(name, {}).get("input_size", (3, 224, 224))
    images = np.random.RandomState(1).standard_normal((2, *size)).astype(np.float32)
    return create_model(name, num_classes=10), [images]


def loss(outputs):
    """Of the first output: the others are of branches that only training uses."""
    return ops.cross_entropy(outputs[0], Tensor(np.array([1, 7], np.int32)))
