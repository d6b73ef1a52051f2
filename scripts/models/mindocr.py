"""The models of mindocr whose weights need no download to build.

MindSpore 2.10 has no `parallel._transformer`, which mindocr 0.5 imports for the model `abinet`: an empty module stands
in for it there, so that the other models can be compared.
"""

import importlib.util
import sys
from types import ModuleType

import mindspore
import numpy as np


class _Gone(ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: lambda function: function


if "msjax" not in str(mindspore.__file__) and importlib.util.find_spec("mindspore.parallel._transformer") is None:
    for _path in ("", ".layers", ".moe", ".op_parallel_config", ".transformer"):
        sys.modules[_path := f"mindspore.parallel._transformer{_path}"] = _Gone(_path)

from mindocr import build_model  # noqa: E402 (after what stands in)

# The images of each: channels, height, width.
_SIZES = {
    (
        3,
        64,
        64,
    ): "dbnet_mobilenetv3 dbnet_ppocrv3 dbnet_resnet18 dbnet_resnet50 dbnetpp_resnet50 psenet_resnet152 yolov8",
    (3, 48, 192): "cls_mobilenet_v3_small_100_model",
    (3, 32, 100): "crnn_resnet34 crnn_vgg7 rare_resnet34",
    (3, 32, 128): "abinet",
    (3, 64, 256): "svtr_tiny visionlan_resnet45",
    (3, 48, 320): "svtr_ppocrv3_ch",
    (3, 48, 160): "master_resnet31 robustscanner_resnet31",
}
MODELS = {name: size for size, models in _SIZES.items() for name in models.split()}
names = MODELS.keys


def build(name):
    """A model without trained weights, and an image."""
    options = {"pretrained": False}
    if name.startswith(("cls", "dbnet", "psenet")):
        options["pretrained_backbone"] = False
    image = np.random.RandomState(1).uniform(size=(1, *MODELS[name])).astype(np.float32)
    return build_model(name, **options), [[image]]
