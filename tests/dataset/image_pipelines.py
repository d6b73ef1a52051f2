"""Pipelines of transforms of images, whose rows MindSpore gave (scripts/record_vision.py).

Random ones draw MindSpore's numbers; on PIL images, which it leaves to Python, with one worker.
"""

import io
import re

import numpy as np
from PIL import Image

IMAGES = np.random.RandomState(0).randint(0, 256, (4, 10, 12, 3)).astype(np.uint8)
LABELS = np.arange(4).astype(np.int32)
BOXES = np.tile(np.float32([[[2, 3, 4, 5]]]), (4, 1, 1))


def _png(image) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return np.frombuffer(file.getvalue(), np.uint8)


def pipelines(ms) -> dict:
    """name -> what makes the pipeline, of MindSpore or of what is compared with it."""
    ds = ms.dataset
    v, t = ds.vision, ds.transforms
    encoded = [(_png(image), label) for image, label in zip(IMAGES, LABELS, strict=True)]

    def files():
        return ds.GeneratorDataset(encoded, ["image", "label"], shuffle=False)

    def rows():
        return ds.NumpySlicesDataset({"image": IMAGES, "label": LABELS}, shuffle=False)

    def boxed():
        return ds.NumpySlicesDataset({"image": IMAGES, "box": BOXES}, shuffle=False)

    def labels():
        return rows().map(t.OneHot(4), "label").batch(2)

    normalize = v.Normalize([100.0, 100, 100], [50.0, 50, 50])
    cutmix = v.CutMixBatch(v.ImageBatchFormat.NHWC, 1.0, 0.0)
    on_pil = [v.ToPIL(), v.RandomCrop(9), v.RandomHorizontalFlip(), v.RandomRotation(20), v.ToTensor()]
    policy = v.RandomSelectSubpolicy([[(v.Invert(), 1.0), (v.HorizontalFlip(), 1.0)]])

    def together(*crops):
        return np.stack([v.ToTensor()(crop) for crop in crops])

    return {
        "decode": lambda: (
            files().map([v.Decode(), v.Resize((7, 8)), v.CenterCrop(6), normalize, v.HWC2CHW()], "image").batch(3)
        ),
        "decode to PIL": lambda: files().map([v.Decode(True), v.Resize((7, 8)), v.ToTensor()], "image").batch(2),
        "random PIL": lambda: rows().map(on_pil, "image", num_parallel_workers=1),
        "PIL at the end": lambda: rows().map([v.ToPIL(), v.Resize(5)], "image"),
        "compose": lambda: rows().map(t.Compose([v.Resize(5), lambda x: x + 1, v.HWC2CHW()]), "image"),
        "mixup": lambda: labels().map(v.MixUp(2, 0.5), ["image", "label"], num_parallel_workers=1),
        "cutmix": lambda: labels().map(cutmix, ["image", "label"]),
        "patches": lambda: rows().map(v.SlicePatches(2, 2), "image", ["a", "b", "c", "d"]).project(["a", "d"]),
        "crops": lambda: rows().map(
            [v.ToPIL(), v.FiveCrop(4), lambda *x: np.stack([v.ToTensor()(i) for i in x])], "image"
        ),
        "batches": lambda: rows().batch(2).map([v.Resize(5), v.Normalize([1.0], [2.0])], "image"),
        "erasing": lambda: rows().map([v.ToTensor(), v.RandomErasing(1.0)], "image", num_parallel_workers=1),
        "boxes": lambda: boxed().map(v.RandomHorizontalFlipWithBBox(1.0), ["image", "box"]),
        "policy": lambda: rows().map(policy, "image"),
        "twice": lambda: rows().map(t.Duplicate(), "label", ["one", "two"]).project(["two", "one"]),
        "not an image": lambda: rows().map(v.Resize(5), "label"),
        "not a label": lambda: rows().map(t.OneHot(3), "label"),
    }


# Each of them over two epochs, by one worker and by two.
RANDOM = """
RandomHorizontalFlip(0.5)
RandomVerticalFlip(0.3)
RandomCrop(5)
RandomCrop((9, 11), 2)
RandomResizedCrop(6)
RandomResizedCrop(3, (0.9, 1.0), (2.4, 2.5))
RandomColorAdjust(0.4, 0.4, 0.4, 0.1)
RandomRotation(30)
RandomAffine(20, (-0.2, 0.2, -0.1, 0.1), (0.8, 1.2), (-10, 10, -5, 5))
RandomSharpness()
RandomColor()
RandomPosterize((1, 8))
RandomSolarize()
RandomInvert()
RandomAutoContrast(20.0)
RandomLighting(0.5)
CutOut(4, 2)
RandomResize(6)
AutoAugment()
RandomSelectSubpolicy([[(Invert(), 0.5), (Equalize(), 0.5)], [(HorizontalFlip(), 0.5)]])
RandomApply([Invert()], 0.5)
RandomChoice([Invert(), HorizontalFlip()])
UniformAugment([Invert(), HorizontalFlip(), Equalize()], 2)
Compose([RandomCrop(8), RandomHorizontalFlip()])
""".strip().splitlines()


def random_outcome(ms, call: str, workers: int) -> np.ndarray:
    """The rows of a pipeline with one random transform."""
    ds = ms.dataset
    ds.config.set_seed(11)
    names = [*"Invert Equalize HorizontalFlip".split(), call.partition("(")[0], *re.findall("Random[A-Za-z]+", call)]
    rooms = {name: getattr(ds.transforms, name, None) or getattr(ds.vision, name) for name in names}
    rows = ds.NumpySlicesDataset(np.stack([IMAGES[0]] * 5), ["image"], shuffle=False)
    rows = rows.map(eval(call, rooms), "image", num_parallel_workers=workers)
    iterator = rows.create_tuple_iterator(num_epochs=2, output_numpy=True)
    return np.stack([image for _ in range(2) for (image,) in iterator])


def outcome(ms, name: str) -> list[np.ndarray]:
    """All the values of the rows of a pipeline, or the type of its error."""
    ms.dataset.config.set_seed(11)
    try:
        rows = list(pipelines(ms)[name]().create_tuple_iterator(num_epochs=1, output_numpy=True))
    except Exception as error:
        return [np.array(type(error).__name__)]
    return [np.asarray(value) for row in rows for value in row]


NAMES = (
    "decode;decode to PIL;random PIL;PIL at the end;compose;mixup;cutmix;patches;crops;batches;erasing;boxes;policy;"
    "twice;not an image;not a label"
).split(";")
