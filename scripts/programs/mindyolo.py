"""Training with mindyolo: its data pipeline for a small set in COCO's layout, its losses, its trainer.

The networks are those of `scripts/models/mindyolo.py`; hyperparameters are the usual ones of each release, but for two
that MindSpore's CPU kernels do not look at: `nesterov`, and another momentum for the first steps.
"""

import runpy
from functools import partial
from pathlib import Path

import mindspore as ms
import numpy as np
from mindyolo.data import COCODataset, create_loader
from mindyolo.models.losses import create_loss
from mindyolo.optim import EMA, create_group_param, create_lr_scheduler, create_optimizer
from mindyolo.utils.callback import BaseCallback
from mindyolo.utils.train_step_factory import create_train_step_fn, get_gradreducer, get_loss_scaler
from mindyolo.utils.trainer_factory import create_trainer
from mindyolo.utils.utils import set_seed
from PIL import Image

_SHARED = runpy.run_path(str(Path(__file__).parents[1] / "models" / "mindyolo.py"))
_SIZE, _IMAGES, _BATCH, _EPOCHS, _CLASSES = 64, 20, 4, 2, 4

_OLD = {"anchor_t": 4.0, "label_smoothing": 0.0, "fl_gamma": 0.0, "cls_pw": 1.0, "obj_pw": 1.0}
_NEW = {"box": 7.5, "cls": 0.5, "dfl": 1.5, "reg_max": 16}
_LOSSES = {
    "yolov3": {"name": "YOLOv3Loss", "box": 0.05, "obj": 1.0, "cls": 0.5, **_OLD},
    "yolov4": {
        "name": "YOLOv4Loss", "box": 0.05, "obj": 1.0, "cls": 0.5, "label_smoothing": 0.0, "ignore_threshold": 0.7,
        "iou_threshold": 0.213,
    },
    "yolov5": {"name": "YOLOv5Loss", "box": 0.05, "obj": 1.0, "cls": 0.5, **_OLD},
    "yolov7": {"name": "YOLOv7Loss", "box": 0.05, "obj": 0.7, "cls": 0.3, **_OLD},
    "yolov8": {"name": "YOLOv8Loss", **_NEW},
    "yolov9": {"name": "YOLOv9Loss", **_NEW},
    "yolov10": {"name": "YOLOv10Loss", **_NEW},
    "yolov11": {"name": "YOLOv11Loss", **_NEW},
    "yolox": {"name": "YOLOXLoss", "input_size": (_SIZE, _SIZE), "use_l1": True},
}  # fmt: skip
_LAST = [
    {"func_name": "label_norm"},
    {"func_name": "label_pad", "padding_size": 20, "padding_value": -1},
    {"func_name": "image_norm", "scale": 255.0},
    {"func_name": "image_transpose", "bgr2rgb": True, "hwc2chw": True},
]
_PLAIN = [{"func_name": "letterbox", "scaleup": True}, *_LAST]
_MOSAIC = [
    {"func_name": "mosaic", "prob": 1.0},
    {"func_name": "resample_segments"},
    {"func_name": "random_perspective", "translate": 0.1, "scale": 0.5},
    {"func_name": "hsv_augment", "hgain": 0.015, "sgain": 0.7, "vgain": 0.4},
    *_LAST[:1],
    {"func_name": "fliplr", "prob": 0.5},
    *_LAST[1:],
]


def _write_images(folder: Path) -> None:
    """Noise with a few rectangles in it, and where those are."""
    draw = np.random.RandomState(5)
    for kind in ("images", "labels"):
        (folder / kind / "train").mkdir(parents=True)
    for number in range(_IMAGES):
        image, lines = draw.randint(0, 60, (_SIZE, _SIZE, 3)), []
        for _ in range(draw.randint(1, 4)):
            kind, (w, h) = draw.randint(_CLASSES), draw.randint(14, 40, 2)
            x, y = draw.randint(0, _SIZE - w), draw.randint(0, _SIZE - h)
            image[y : y + h, x : x + w, kind % 3] += 120 + 20 * kind
            lines.append(f"{kind} {(x + w / 2) / _SIZE} {(y + h / 2) / _SIZE} {w / _SIZE} {h / _SIZE}")
        Image.fromarray(image.clip(0, 255).astype(np.uint8)).save(folder / f"images/train/{number}.png")
        (folder / f"labels/train/{number}.txt").write_text("\n".join(lines))


class _Tells(BaseCallback):
    def __init__(self, run):
        self.run = run

    def on_train_step_end(self, run_context):
        self.run.step(run_context.loss[:1])


def train(run, name, transforms=_PLAIN, accumulate=1, scaler="static", clip=False):
    set_seed(2)
    ms.set_recursion_limit(2000)  # as its train script does, for yolov9
    if not (run.folder / "images").exists():
        _write_images(run.folder)
    rows = COCODataset(
        str(run.folder / "images" / "train"), _SIZE, transforms, is_training=True, augment=True, batch_size=_BATCH,
        num_cls=_CLASSES,
    )  # fmt: skip
    rows.buffer = list(range(_IMAGES))  # mosaics take others from there
    loader = create_loader(
        rows, rows.train_collate_fn, rows.column_names_getitem, rows.column_names_collate, _BATCH, epoch_size=_EPOCHS,
        num_parallel_workers=1, shuffle=True, drop_remainder=True,
    )  # fmt: skip
    steps = loader.get_dataset_size() // _EPOCHS
    net = _SHARED["build"](name)[0]
    run.start(net)
    net.set_train(True)
    average = EMA(net, _SHARED["build"](name)[0])
    average.clone_from_model()
    options = dict(  # an epoch more: the log asks for the rate after the last step
        optimizer="momentum", lr_init=0.01, momentum=0.9, nesterov=False, group_param="yolov8",
        gp_weight_decay=5e-4, start_factor=1.0, end_factor=0.01, warmup_epochs=0, min_warmup_step=0,
        warmup_bias_lr=0.1, epochs=_EPOCHS + 1, steps_per_epoch=steps, total_batch_size=_BATCH, accumulate=accumulate,
    )  # fmt: skip
    rate = create_lr_scheduler(**options)
    groups = create_group_param(params=net.trainable_params(), **options)
    update = create_optimizer(params=groups, lr=rate, **{k: options[k] for k in ("optimizer", "momentum", "nesterov")})
    anchors = _SHARED["_ANCHORS"]
    if name == "yolov4":
        anchors = np.reshape(anchors, (9, 2)).tolist()
    loss = create_loss(**{**_LOSSES[name], "anchors": anchors, "stride": _SHARED["_STRIDES"], "nc": _CLASSES})
    scaled = get_loss_scaler(scaler, scale_value=1024)
    reducer = get_gradreducer(False, update.parameters)
    step = create_train_step_fn(
        task="detect", network=net, loss_fn=loss, optimizer=update, loss_ratio=1.0, scaler=scaled, reducer=reducer,
        ema=average, overflow_still_update=False, ms_jit=run.mode == 0, clip_grad=clip,
    )  # fmt: skip
    trainer = create_trainer(
        model_name=name, train_step_fn=step, scaler=scaled, network=net, loss_fn=loss, ema=average, optimizer=update,
        dataloader=loader, steps_per_epoch=steps, callback=[_Tells(run)], reducer=reducer, data_sink=False,
        profiler=False,
    )  # fmt: skip
    trainer.train(
        epochs=_EPOCHS, main_device=True, accumulate=accumulate, log_interval=1,
        loss_item_name=loss.loss_item_name, save_dir=str(run.folder), ms_jit=run.mode == 0, rank_size=1,
    )  # fmt: skip


PROGRAMS = {name: partial(train, name=name) for name in _LOSSES} | {
    "yolov8, mosaics": partial(train, name="yolov8", transforms=_MOSAIC),
    "yolov8, gradients of two added": partial(train, name="yolov8", accumulate=2),
    "yolov8, clipped, scaled dynamically": partial(train, name="yolov8", scaler="dynamic", clip=True),
}
