"""Training with mindcv: what its train script does, of its own functions, for images in folders.

One small network without a normalization, so that curves can be followed, and one with. What an option means, mindcv's
functions say.
"""

from functools import partial

import numpy as np
from mindcv.data import create_dataset, create_loader, create_transforms
from mindcv.loss import create_loss
from mindcv.models import create_model
from mindcv.optim import create_optimizer
from mindcv.scheduler import create_scheduler
from mindcv.utils import StateMonitor, create_trainer, get_metrics, set_seed
from PIL import Image

_CLASSES, _IMAGES, _EPOCHS, _BATCH = 5, 10, 2, 10


def _write_images(folder) -> None:
    """Small images whose colour and stripe say the class."""
    draw = np.random.RandomState(3)
    for kind in range(_CLASSES):
        (place := folder / "train" / f"class{kind}").mkdir(parents=True)
        for number in range(_IMAGES):
            image = draw.randint(0, 90, (40, 40, 3))
            image[:, :, kind % 3] += 60
            image[8 * kind : 8 * kind + 6] += 80
            Image.fromarray(image.clip(0, 255).astype(np.uint8)).save(place / f"{number}.png")


def train(
    run, model="squeezenet1_1", images=None, mixed=None, loss="CE", smoothing=0.1, optimizer="momentum", lr=0.01,
    schedule="cosine_decay", amp="O0", scale=1.0, kind="fixed", drop=False, ema=False, clip=0.0, add=1, sink=False,
    of_model=(("drop_rate", 0.0),),
):  # fmt: skip
    set_seed(1)
    if not (run.folder / "train").exists():
        _write_images(run.folder)
    rows = create_dataset(name="", root=str(run.folder), split="train", shuffle=True, num_parallel_workers=1)
    plain = {"is_training": False, "crop_pct": 0.875, "interpolation": "bilinear"}
    transforms = create_transforms(dataset_name="imagenet", image_resize=32, **(images or plain))
    loader = create_loader(
        rows, _BATCH, drop_remainder=True, is_training=True, num_classes=_CLASSES, transform=transforms,
        num_parallel_workers=1, **(mixed or {}),
    )  # fmt: skip
    net = create_model(model, num_classes=_CLASSES, **dict(of_model))
    run.start(net)
    rates = create_scheduler(
        loader.get_dataset_size(), scheduler=schedule, lr=lr, min_lr=1e-5, warmup_epochs=1, warmup_factor=0.1,
        decay_epochs=1, num_epochs=_EPOCHS, milestones=[1],
    )  # fmt: skip
    of_optimizer = scale if kind == "fixed" and not drop else 1.0
    update = create_optimizer(
        net.trainable_params(), opt=optimizer, lr=rates, weight_decay=1e-3, loss_scale=of_optimizer,
        weight_decay_filter="norm_and_bias",
    )  # fmt: skip
    trainer = create_trainer(
        net, create_loss(name=loss, label_smoothing=smoothing), update, get_metrics(_CLASSES), amp_level=amp,
        amp_cast_list=None, loss_scale_type=kind, loss_scale=scale, drop_overflow_update=drop, ema=ema, ema_decay=0.9,
        clip_grad=clip > 0, clip_value=clip or 15.0, gradient_accumulation_steps=add,
    )  # fmt: skip
    monitor = StateMonitor(
        trainer, model_name="m", dataset_sink_mode=sink, dataset_val=None, ckpt_save_dir=str(run.folder),
        summary_dir=str(run.folder / "summaries"), log_interval=1,
    )  # fmt: skip
    trainer.train(_EPOCHS, loader, callbacks=[run.callback(), monitor], dataset_sink_mode=sink)


_AUGMENT = {"is_training": True, "scale": (0.5, 1.0), "hflip": 0.5, "interpolation": "bilinear"}
_OPTIONS = {
    "plain": {},
    "normalized": {"model": "mobilenet_v1_025", "of_model": ()},
    "sunk": {"sink": True},
    "crops, flips, colours": {"images": _AUGMENT | {"color_jitter": (0.4, 0.4, 0.4)}},
    "vertical flips, erasing": {"images": _AUGMENT | {"vflip": 0.5, "re_prob": 0.7}},
    "autoaugment": {"images": _AUGMENT | {"auto_augment": "autoaug"}},
    "randaugment": {"images": _AUGMENT | {"auto_augment": "randaug-m9-n2"}},
    "augmix": {"images": _AUGMENT | {"auto_augment": "augmix-m5-w4-d2"}},
    "trivialaugment": {"images": _AUGMENT | {"auto_augment": "trivialaugwide"}},
    "mixup": {"mixed": {"mixup": 0.2}, "smoothing": 0.0},
    "cutmix": {"mixed": {"cutmix": 1.0, "cutmix_prob": 1.0}, "loss": "BCE"},
    "level O1": {"amp": "O1"},
    "level O2, scaled": {"amp": "O2", "scale": 128.0},
    "level O3": {"amp": "O3"},
    "scaled": {"scale": 1024.0},
    "scaled, overflow dropped": {"scale": 1024.0, "drop": True},
    "scaled dynamically": {"scale": 1024.0, "drop": True, "kind": "dynamic"},
    "moving averages, clipped": {"ema": True, "clip": 1.0},
    "gradients of two added": {"add": 2, "optimizer": "adamw", "lr": 1e-3},
    "sgd, steps": {"optimizer": "sgd", "schedule": "step_decay"},
    "adamw, warmup": {"optimizer": "adamw", "lr": 1e-3, "schedule": "warmup_cosine_decay"},
    "adan, polynomial": {"optimizer": "adan", "lr": 1e-3, "schedule": "polynomial_decay"},
    "lion": {"optimizer": "lion", "lr": 1e-4},
    "nadam, exponential": {"optimizer": "nadam", "lr": 1e-3, "schedule": "exponential_decay"},
    "rmsprop, milestones": {"optimizer": "rmsprop", "lr": 1e-4, "schedule": "multi_step_decay"},
    "adagrad": {"optimizer": "adagrad", "lr": 1e-3, "schedule": "constant"},
    "lamb": {"optimizer": "lamb", "lr": 1e-3},
    "asymmetric loss": {"loss": "asl_single_label"},
}
PROGRAMS = {name: partial(train, **options) for name, options in _OPTIONS.items()}
