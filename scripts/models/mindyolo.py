"""The models of mindyolo: a narrow network of the blocks and the head of each release.

The package has its networks in files that are not part of it, so the plan is here: three strides, a pyramid, a head.
"""

import numpy as np
from mindyolo.models.model_factory import create_model
from mindyolo.utils.config import Config

_STRIDES = [8, 16, 32]
_ANCHORS = [[12, 16, 19, 36, 40, 28], [36, 75, 76, 55, 72, 146], [142, 110, 192, 243, 459, 401]]
_FREE = ["nc", "reg_max", "stride"]  # heads without anchors
_BOUND = ["nc", "anchors", "stride"]

# The block and its arguments after the channels, what halves an image, what stands at the end, the head and its
# arguments.
MODELS = {
    "yolov3": (("Bottleneck", []), "ConvNormAct", ["SPPF"], "YOLOv3Head", _BOUND),
    "yolov4": (("C3", []), "ConvNormAct", ["SPPF"], "YOLOv4Head", ["nc", "anchors"]),
    "yolov5": (("C3", []), "ConvNormAct", ["SPPF"], "YOLOv5Head", _BOUND),
    "yolov7": (("RepConv", [3, 1]), "DownC", ["SPPCSPC"], "YOLOv7Head", _BOUND),
    "yolov8": (("C2f", [True]), "ConvNormAct", ["SPPF"], "YOLOv8Head", _FREE),
    "yolov9": (("RepNCSPELAN4", [16, 8, 1]), "AConv", ["SPPELAN"], "YOLOv9Head", _FREE),
    "yolov10": (("C2fCIB", [True, True]), "SCDown", ["SPPF", "PSA"], "YOLOv10Head", _FREE),
    "yolov11": (("C3k2", [True]), "ConvNormAct", ["SPPF", "C2PSA"], "YOLOv11Head", _FREE),
    "yolox": (("DWC3", []), "DWConvNormAct", ["SPPF"], "YOLOXHead", ["nc", "stride"]),
}
_DOWN = {"ConvNormAct": [3, 2], "DWConvNormAct": [3, 2], "SCDown": [3, 2], "DownC": [], "AConv": []}
_END = {"SPPF": [5], "SPPCSPC": [], "SPPELAN": [8], "PSA": [], "C2PSA": []}
names = MODELS.keys


def build(name):
    """A model of four classes, and two small images."""
    (block, more), down, ends, head, wanted = MODELS[name]

    def stage(channels):
        return [-1, 1, block, [channels, *more]]

    def halved(channels):
        return [-1, 1, down, [channels, *_DOWN[down]]]

    body = [[-1, 1, "ConvNormAct", [64, 3, 2]], [-1, 1, "ConvNormAct", [128, 3, 2]], stage(128)]
    for channels in (256, 512, 1024):
        body += [halved(channels), stage(channels)]
    body += [[-1, 1, end, [1024, *_END[end]]] for end in ends]
    deep = len(body) - 1
    top = []
    for level, channels in ((6, 512), (4, 256)):
        top += [[-1, 1, "Upsample", ["None", 2, "nearest"]], [[-1, level], 1, "Concat", [1]], stage(channels)]
    for level, channels in ((deep + 3, 512), (deep, 1024)):
        top += [halved(channels), [[-1, level], 1, "Concat", [1]], stage(channels)]
    levels = [deep + 6, deep + 9, deep + 12]
    if head == "YOLOv9Head":  # it has a second branch, for training
        levels += [4, 6, 8]
    top += [[levels, 1, head, wanted]]
    anchors = np.reshape(_ANCHORS, (9, 2)).tolist() if head == "YOLOv4Head" else _ANCHORS
    options = {
        "backbone": body, "head": top, "stride": _STRIDES, "anchors": anchors, "reg_max": 16, "max_channels": 1024,
        "depth_multiple": 0.33, "width_multiple": 0.125, "scale": "n",
    }  # fmt: skip
    size = 128 if head == "YOLOv10Head" else 64  # that picks 300 boxes
    images = np.random.RandomState(1).uniform(size=(2, 3, size, size)).astype(np.float32)
    return create_model(name, model_cfg=Config(options), num_classes=4), [[images]]
