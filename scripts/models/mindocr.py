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
from mindocr.models.backbones.layoutxlm import layoutxlm  # noqa: E402

# Weights come from the checkpoint: some models would download others while they are built, asked to or not.
for _name, _module in list(sys.modules.items()):
    for _loader in ("load_pretrained", "load_model"):
        if _name.startswith("mindocr.models") and hasattr(_module, _loader):
            setattr(_module, _loader, lambda *args, **kwargs: None)

# The images of each: channels, height, width.
_SIZES = {
    (3, 64, 64): (
        "dbnet_mobilenetv3 dbnet_ppocrv3 dbnet_resnet18 dbnet_resnet50 dbnet_resnet50_ch_en dbnetpp_resnet50 "
        "dbnetpp_resnet50_ch_en east_mobilenetv3 east_resnet50 psenet_mobilenetv3 psenet_resnet50 psenet_resnet152"
    ),
    (3, 48, 192): "cls_mobilenet_v3_small_100_model",
    (3, 32, 100): "crnn_resnet34 crnn_resnet34_ch crnn_vgg7 rare_resnet34 rare_resnet34_ch",
    (3, 32, 128): "abinet",
    (3, 128, 128): "yolov8",
    (3, 64, 256): "svtr_tiny visionlan_resnet45",
    (3, 32, 320): "svtr_tiny_ch",
    (3, 48, 320): "svtr_ppocrv3_ch",
    (3, 48, 160): "master_resnet31 robustscanner_resnet31",
    (3, 96, 96): "table_master",
}
MODELS = {name: size for size, models in _SIZES.items() for name in models.split()} | {"vi_layoutxlm_ser": ()}
names = MODELS.keys


class _Small(layoutxlm.LayoutXLMPretrainedConfig):
    """Of 12 layers two, and of 250,002 words 1,000."""

    def __init__(self, *args):
        super().__init__(*args)
        self.num_hidden_layers, self.vocab_size = 2, 1000


layoutxlm.LayoutXLMPretrainedConfig = _Small


class _OfOne(mindspore.nn.Cell):
    """Takes several inputs for a network that wants one list of them."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def construct(self, *inputs):
        return self.net(inputs)


def build(name):
    """A model without trained weights, and an image; of what decodes word by word, the words that are to come, too."""
    net = build_model(name, pretrained=False, pretrained_backbone=False)
    draw = np.random.RandomState(1)
    if name == "vi_layoutxlm_ser":
        words, corners = draw.randint(2, 1000, (1, 20)), np.sort(draw.randint(0, 1000, (1, 20, 4)))
        return _OfOne(net), [
            [words, corners[..., [0, 2, 1, 3]], np.ones((1, 20), np.int64), np.zeros((1, 20), np.int64)]
        ]
    inputs = [draw.uniform(size=(1, *MODELS[name])).astype(np.float32)]
    if name in ("master_resnet31", "table_master"):
        inputs.append(draw.randint(3, 40, (1, 12)).astype(np.int32))
    if name == "robustscanner_resnet31":
        inputs += [np.ones((1, 1, 40), np.float32), np.arange(40)[None]]
    return net, [inputs]
