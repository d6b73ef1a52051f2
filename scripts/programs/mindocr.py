"""Training with mindocr: what its train script does, for a detector and for recognizers, on images of words."""

import json
import runpy
from functools import partial
from pathlib import Path

import mindspore as ms
import numpy as np
from PIL import Image, ImageDraw

_SHARED = runpy.run_path(str(Path(__file__).parents[1] / "models" / "mindocr.py"))  # stands in for what is missing

from addict import Dict  # noqa: E402
from mindocr.data import build_dataset  # noqa: E402
from mindocr.losses import build_loss  # noqa: E402
from mindocr.models.backbones.mindcv_models.layers import DropPath  # noqa: E402
from mindocr.optim import create_group_params, create_optimizer  # noqa: E402
from mindocr.scheduler import create_scheduler  # noqa: E402
from mindocr.utils.callbacks import EvalSaveCallback  # noqa: E402
from mindocr.utils.ema import EMA  # noqa: E402
from mindocr.utils.loss_scaler import get_loss_scales  # noqa: E402
from mindocr.utils.model_wrapper import NetWithLossWrapper  # noqa: E402
from mindocr.utils.seed import set_seed  # noqa: E402
from mindocr.utils.train_step_wrapper import TrainOneStepWrapper  # noqa: E402

_IMAGES, _BATCH, _EPOCHS = 20, 4, 2


def _write_images(folder: Path, size: tuple[int, int]) -> None:
    """Words on noise; for a recognizer what they say, for a detector also where."""
    draw, (height, width) = np.random.RandomState(7), size
    (folder / "images").mkdir()
    said, placed = [], []
    for number in range(_IMAGES):
        image = Image.fromarray(draw.randint(0, 70, (height, width, 3)).astype(np.uint8))
        word = "".join(draw.choice(list("abcdefghij0123456789"), draw.randint(3, 7)))
        left, top = draw.randint(2, 12), draw.randint(2, height - 22)
        x1, y1, x2, y2 = map(int, ImageDraw.Draw(image).textbbox((left, top), word, font_size=16))
        ImageDraw.Draw(image).text((left, top), word, fill=(230, 240, 200), font_size=16)
        image.save(folder / "images" / f"{number}.png")
        said.append(f"{number}.png\t{word}")
        corners = [[x1, y1], [x2, y1], [x2, y2], [x1, y2]]
        placed.append(f"{number}.png\t" + json.dumps([{"transcription": word, "points": corners}]))
    (folder / "rec.txt").write_text("\n".join(said))
    (folder / "det.txt").write_text("\n".join(placed))


_DECODED = {"DecodeImage": {"img_mode": "RGB", "to_float32": False}}
_ENDS = [
    {"NormalizeImage": {"bgr_to_rgb": False, "is_hwc": True, "mean": "imagenet", "std": "imagenet"}},
    {"ToCHWImage": None},
]
DETECTION = {
    "size": (64, 96),
    "data": {
        "type": "DetDataset", "label_file": "det.txt",
        "output_columns": ["image", "binary_map", "mask", "thresh_map", "thresh_mask"],
    },
    "steps": [
        _DECODED, {"DetLabelEncode": None}, {"DetResize": {"target_size": [64, 64], "keep_ratio": False}},
        {"ShrinkBinaryMap": {"min_text_size": 4, "shrink_ratio": 0.4}},
        {"BorderMap": {"shrink_ratio": 0.4, "thresh_min": 0.3, "thresh_max": 0.7}}, *_ENDS,
    ],
    "inputs": [0], "labels": [1, 2, 3, 4],
    "loss": {"name": "DBLoss", "eps": 1e-6, "l1_scale": 10, "bce_scale": 5, "bce_replace": "bceloss"},
}  # fmt: skip


def _recognition(columns: list, encoded: dict, resized: dict, inputs: list, labels: list, loss: dict, size=(32, 100)):
    return {
        "size": size, "data": {"type": "RecDataset", "label_file": "rec.txt", "output_columns": columns},
        "steps": [_DECODED, encoded, resized, *_ENDS], "inputs": inputs, "labels": labels, "loss": loss,
    }  # fmt: skip


CTC = _recognition(
    ["image", "text_seq"], {"RecCTCLabelEncode": {"max_text_len": 8, "use_space_char": False, "lower": True}},
    {"RecResizeImg": {"image_shape": [32, 100], "infer_mode": False, "padding": False}}, [0], [1],
    {"name": "CTCLoss", "pred_seq_len": 24, "max_label_len": 8, "batch_size": _BATCH},
)  # fmt: skip
ATTENTION = _recognition(
    ["image", "text_seq"], {"RecAttnLabelEncode": {"max_text_len": 25, "lower": True}},
    {"RecResizeImg": {"image_shape": [32, 100], "infer_mode": False, "padding": False}}, [0, 1], [1],
    {"name": "AttentionLoss", "reduction": "mean", "ignore_index": 0},
)  # fmt: skip


def train(
    run, name, plan, optimizer=None, schedule="constant", lr=0.001, grouping=None, scaler=None, average=False,
    clip=False, add=1, level="O0",
):  # fmt: skip
    set_seed(42)
    if not (run.folder / "images").exists():
        _write_images(run.folder, plan["size"])
    data = {"dataset_root": str(run.folder), "data_dir": "images", "sample_ratio": 1.0, "shuffle": True}
    loader = build_dataset(
        {**data, **plan["data"], "transform_pipeline": plan["steps"]},
        {"shuffle": False, "batch_size": _BATCH, "drop_remainder": True, "num_workers": 1}, is_train=True,
    )  # fmt: skip
    net = _SHARED["build"](name)[0]
    run.start(net)
    net.set_train(True)
    for _, cell in net.cells_and_names():  # random numbers are others in msjax
        if isinstance(cell, DropPath):
            cell.keep_prob = 1.0
        elif isinstance(cell, ms.nn.Dropout):
            cell.p = 0.0
    ms.amp.auto_mixed_precision(net, amp_level=level)
    whole = NetWithLossWrapper(
        net, build_loss(**plan["loss"]), pred_cast_fp32=level != "O0", input_indices=plan["inputs"],
        label_indices=plan["labels"],
    )  # fmt: skip
    rates = create_scheduler(
        loader.get_dataset_size(), scheduler=schedule, lr=lr, num_epochs=_EPOCHS, warmup_epochs=1, decay_epochs=1,
        warmup_factor=0.2,
    )  # fmt: skip
    groups = create_group_params(net.trainable_params(), weight_decay=1e-4, grouping_strategy=grouping)
    scale, of_optimizer = get_loss_scales(Dict({"loss_scaler": scaler, "train": {}} if scaler else {"train": {}}))
    update = create_optimizer(
        groups, lr=rates, loss_scale=of_optimizer, weight_decay=1e-4, **(optimizer or {"opt": "adam"})
    )
    averages = EMA(net, ema_decay=0.99) if average else None
    step = TrainOneStepWrapper(
        whole, optimizer=update, scale_sense=scale, drop_overflow_update=False, gradient_accumulation_steps=add,
        clip_grad=clip, clip_norm=5.0, ema=averages,
    )  # fmt: skip
    kept = EvalSaveCallback(net, None, ema=averages, ckpt_save_dir=str(run.folder / "kept"), device_num=None)
    ms.Model(step).train(_EPOCHS, loader, callbacks=[run.callback(), kept], dataset_sink_mode=False)


PROGRAMS = {
    "dbnet_ppocrv3": partial(train, name="dbnet_ppocrv3", plan=DETECTION, schedule="cosine_decay"),
    "dbnet_ppocrv3, momentum": partial(
        train, name="dbnet_ppocrv3", plan=DETECTION, schedule="polynomial_decay", lr=0.007,
        optimizer={"opt": "SGD", "momentum": 0.9},
    ),
    "crnn_vgg7": partial(train, name="crnn_vgg7", plan=CTC, grouping="filter_norm_and_bias"),
    "crnn_vgg7, scaled, averaged, clipped": partial(
        train, name="crnn_vgg7", plan=CTC, average=True, clip=True,
        scaler={"type": "dynamic", "loss_scale": 512, "scale_factor": 2.0, "scale_window": 4},
    ),
    "crnn_vgg7, gradients of two added": partial(train, name="crnn_vgg7", plan=CTC, add=2, optimizer={"opt": "adamw"}),
    "crnn_vgg7, level O2": partial(
        train, name="crnn_vgg7", plan=CTC, level="O2", scaler={"type": "static", "loss_scale": 512}
    ),
    "svtr_tiny": partial(
        train, name="svtr_tiny", plan={**CTC, "loss": {**CTC["loss"], "pred_seq_len": 25}}, grouping="svtr",
        optimizer={"opt": "adamw"},
    ),
    "rare_resnet34": partial(train, name="rare_resnet34", plan=ATTENTION),
}  # fmt: skip
