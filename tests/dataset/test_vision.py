"""Transforms of images and of arrays: against MindSpore's answers (vision_answers.npz), and how they are called."""

import copy
import doctest
import functools
import pickle
import re
import struct
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import msjax as ms
import msjax.dataset
from dataset import image_pipelines, vision_calls
from msjax.dataset import seeding, transforms, vision
from msjax.dataset.vision import libraries

ANSWERS = np.load(Path(__file__).parent / "vision_answers.npz")
KINDS = dict(ANSWERS["kinds"].tolist())
ROWS = vision_calls.inputs(ms.Tensor)
CALLS = list(vision_calls.calls())

IMAGE = np.random.default_rng(0).integers(0, 256, (24, 32, 3), np.uint8)
BOXES = np.array([[2, 3, 5, 6]], np.float32)


def recorded(room: str, call: str, name: str) -> list:
    keys = [f"{room}|{call}|{name}|{index}" for index in range(20)]
    return [(KINDS[key], ANSWERS[key]) for key in keys if key in KINDS]


@functools.cache
def outcome(room: str, call: str, name: str) -> tuple:
    """What the call gives here, and whether its input was left alone."""
    row = copy.deepcopy(ROWS[name])
    results = vision_calls.answer(ms, room, call, row)
    alone = all((np.asarray(a) == np.asarray(b)).all() for a, b in zip(ROWS[name], row, strict=True))
    return results, alone


def check(call: str, name: str, kind: str, result: np.ndarray, expected_kind: str, expected: np.ndarray) -> None:
    if "error" in (kind, expected_kind):
        assert (kind, result[0]) == (expected_kind, expected[0]), (call, name, result, expected)
        return
    assert (kind, result.dtype, result.shape) == (expected_kind, expected.dtype, expected.shape), (call, name)
    if expected.dtype.kind in "Ub":
        assert (result == expected).all(), (call, name)
        return
    difference = np.abs(result.astype(np.float64) - expected.astype(np.float64)).max()
    largest = np.abs(expected.astype(np.float64)).max()
    bound = 1 if expected.dtype.kind in "iu" else 1e-5 * max(1.0, largest)
    assert difference <= bound, (call, name, difference)


@pytest.mark.parametrize("room", ["vision", "transforms"])
def test_as_mindspore(room):
    for _, call, name in [each for each in CALLS if each[0] == room]:
        results, _ = outcome(room, call, name)
        expected = recorded(room, call, name)
        assert len(results) == len(expected), (call, name, results)
        for result, answer in zip(results, expected, strict=True):
            check(call, name, *result, *answer)


def test_most_pixels_are_the_same():
    """One level off is for very few, in rotations with bicubic interpolation."""
    different = total = 0
    for room, call, name in CALLS:
        pairs = zip(outcome(room, call, name)[0], recorded(room, call, name), strict=True)
        for (_, result), (kind, expected) in pairs:
            if kind != "error" and expected.dtype == np.uint8:
                different, total = different + int((result != expected).sum()), total + expected.size
    assert different < 1e-4 * total


@pytest.mark.parametrize("name", image_pipelines.NAMES)
def test_pipelines_as_mindspore(name):
    expected = [ANSWERS[key] for key in ANSWERS.files if key.startswith(f"pipeline|{name}|")]
    results = image_pipelines.outcome(ms, name)
    ms.dataset.config.set_seed(ms.dataset.config.UNSEEDED)
    assert [(array.dtype, array.shape) for array in results] == [(array.dtype, array.shape) for array in expected]
    for array, answer in zip(results, expected, strict=True):
        assert (array == answer).all() if answer.dtype.kind in "U" else np.allclose(array, answer, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("call", image_pipelines.RANDOM)
def test_random_rows_as_mindspore(call, workers):
    expected = ANSWERS[f"random|{call}|{workers}"]
    images = image_pipelines.random_outcome(ms, call, workers)
    ms.dataset.config.set_seed(ms.dataset.config.UNSEEDED)
    assert images.shape == expected.shape
    assert np.abs(images.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("workers", [1, 4])
def test_random_rows_do_not_depend_on_workers(workers):
    def rows(seed: int) -> bytes:
        ms.dataset.config.set_seed(seed)
        source = ms.dataset.NumpySlicesDataset(np.stack([IMAGE] * 12), ["x"], shuffle=False)
        chain = [vision.RandomCrop(9), vision.RandomHorizontalFlip(), vision.RandomColorAdjust(0.5, 0.5, 0.5)]
        source = source.map(chain, "x", num_parallel_workers=workers)
        return b"".join(row.tobytes() for (row,) in source.create_tuple_iterator(num_epochs=1, output_numpy=True))

    assert rows(5) == rows(5) != rows(6)
    ms.dataset.config.set_seed(ms.dataset.config.UNSEEDED)


def test_errors_name_the_operation():
    for room, call, name in CALLS:
        kind, result = outcome(room, call, name)[0][0]
        operation = call.partition("(")[0]
        if kind == "error" and not re.search("arguments?", result[1]):
            assert result[1].startswith(f"For '{operation}', "), (call, name, result[1])
            assert "but got" in result[1] or "must" in result[1] or "can not" in result[1], (call, name, result[1])


def test_input_is_left_alone():
    for each in CALLS:
        assert outcome(*each)[1], each


def test_results_are_contiguous():
    for call in ("HorizontalFlip()", "HWC2CHW()", "CenterCrop(5)", "RandomVerticalFlip(1.0)", "Crop((1, 1), 4)"):
        assert eval(f"vision.{call}")(IMAGE).flags.c_contiguous


def test_transforms_pickle():
    for room, call, name in {each[1]: each for each in CALLS}.values():
        names = vars(getattr(ms.dataset, room)) | {"np": np, "ms": ms, "Relational": transforms.Relational}
        try:
            transform = eval(call, names)
        except (TypeError, ValueError):
            continue
        copied = pickle.loads(pickle.dumps(transform))
        assert type(copied) is type(transform), (call, name)


def test_dtypes_that_casts_take():
    for dtype in (ms.float16, np.float16, np.dtype("float16"), "float16"):
        assert transforms.TypeCast(dtype)(np.arange(2)).dtype == np.float16
        assert vision.ToType(dtype)(np.arange(2)).dtype == np.float16


def test_one_hot_with_smoothing():
    """MindSpore 2.10 gives the one to the last row only."""
    rows = transforms.OneHot(4, 0.2)(np.array([1, 3]))
    assert np.allclose(rows, 0.8 * np.eye(4)[[1, 3]] + 0.05)


def test_normalize_pad():
    """MindSpore 2.10 puts all the zeros at the end of an (H, W, C) image."""
    result = vision.NormalizePad([100.0, 90, 80], [50.0, 60, 70], "float16")(IMAGE)
    expected = vision.Normalize([100.0, 90, 80], [50.0, 60, 70])(IMAGE)
    assert result.dtype == np.float16 and np.allclose(result[..., :3], expected, atol=2e-3)
    assert (result[..., 3] == 0).all()


def test_hue_of_floats():
    """MindSpore 2.10 gives numbers without meaning."""
    red = np.array([[[1.0, 0.0, 0.0]]], np.float32)
    assert np.allclose(vision.AdjustHue(1 / 3)(red), [[[0.0, 1.0, 0.0]]], atol=1e-5)


def test_files(tmp_path):
    path = str(tmp_path / "image.png")
    vision.write_png(path, IMAGE, 3)
    assert (vision.read_image(path) == IMAGE).all()
    assert vision.read_image(path, vision.ImageReadMode.GRAYSCALE).shape == (24, 32, 1)
    assert (vision.Decode()(vision.read_file(path)) == IMAGE).all()
    vision.write_jpeg(path, IMAGE, 90)
    assert (vision.read_file(path) == vision.encode_jpeg(IMAGE, 90)).all()
    vision.write_file(path, ms.Tensor([1, 2], ms.uint8))
    assert vision.read_file(path).tolist() == [1, 2]
    for call in (vision.read_file, vision.read_image):
        with pytest.raises(RuntimeError, match="filename"):
            call(str(tmp_path / "none"))
    with pytest.raises(RuntimeError, match="must be an image"):
        vision.read_image(path)
    with pytest.raises(RuntimeError, match=r"\[1, 100\]"):
        vision.encode_jpeg(IMAGE, 0)
    with pytest.raises(RuntimeError, match="uint8"):
        vision.encode_png(IMAGE.astype(np.float32))


def huge_png(width: int, height: int) -> np.ndarray:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND", b"")
    return np.frombuffer(b"\x89PNG\r\n\x1a\n" + b"".join(parts), np.uint8)


def test_images_that_are_too_large(tmp_path):
    image = huge_png(100_000, 100_000)
    vision.write_file(str(tmp_path / "huge.png"), image)
    with pytest.raises(RuntimeError, match="OpenCV can decode"):
        vision.Decode()(image)
    with pytest.raises(RuntimeError, match="OpenCV can decode"):
        vision.read_image(str(tmp_path / "huge.png"))
    with pytest.raises(ValueError, match="exceeds limit"):
        vision.Decode(to_pil=True)(image)


def test_no_other_program_is_run_to_decode(tmp_path, monkeypatch):
    """Pillow would have Ghostscript draw what is PostScript, whatever its file is called."""
    gs = tmp_path / "gs"
    gs.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    gs.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    text = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"
    with pytest.raises(ValueError, match="Pillow can decode"):
        vision.Decode(to_pil=True)(np.frombuffer(text, np.uint8))
    assert not (tmp_path / "ran").exists()


def seeded(call):
    np.random.seed(3)
    return call()


RANDOM = """RandomHorizontalFlip() RandomVerticalFlip() RandomCrop(9) RandomResizedCrop(9) RandomRotation(40)
RandomAffine(20,(-0.1,0.1,-0.1,0.1),(0.8,1.2),10) RandomColorAdjust(0.5,0.5,0.5,0.2) RandomColor() RandomSharpness()
RandomPosterize((1,8)) RandomSolarize() RandomLighting(0.5) CutOut(5,2) AutoAugment() RandAugment()
TrivialAugmentWide() RandomResize(9) RandomInvert() RandomEqualize() RandomAutoContrast(20.0) RandomAdjustSharpness(2.0)
RandomErasing(0.9) RandomSelectSubpolicy([[(Invert(),0.5),(Equalize(),0.5)],[(HorizontalFlip(),0.5)]])
UniformAugment([Invert(),Equalize()],1)""".split()


@pytest.mark.parametrize("call", RANDOM)
def test_random_transforms_follow_the_seed(call):
    transform = eval(call, vars(vision))

    def results(own: int | None) -> list:
        seeding.use(None if own is None else seeding.Lane(own, own=True))
        try:
            return [transform(IMAGE).tobytes() for _ in range(12)]
        finally:
            seeding.use(None)

    assert results(5) == results(5) != results(6)
    if "Uniform" not in call and "Erasing" not in call:  # which draw from Python's numbers too
        assert seeded(lambda: results(None)) == seeded(lambda: results(None))


def test_random_parameters_are_in_range():
    seeding.use(seeding.Lane(0, own=True))
    ramp = np.broadcast_to(np.arange(100, dtype=np.float32)[:, None, None], (100, 100, 3)).copy()
    crop, flip, cut = vision.RandomCrop(90), vision.RandomVerticalFlip(0.3), vision.CutOut(40)
    resized = vision.RandomResizedCrop(50, (0.25, 0.25), (1.0, 1.0))
    tops = {int(crop(ramp)[0, 0, 0]) for _ in range(300)}
    assert tops == set(range(11))
    flips = sum(flip(ramp)[0, 0, 0] == 99 for _ in range(500))
    assert 100 < flips < 200
    areas = [np.ptp(resized(ramp)) for _ in range(20)]
    assert all(48 < area < 51 for area in areas)
    erased = [(cut(ramp + 1) == 0).all(-1).sum() for _ in range(50)]
    assert max(erased) == 1600 and 0 <= min(erased) < 1600
    seeding.use(None)


def test_boxes_follow_crops():
    for seed in range(20):
        seeding.use(seeding.Lane(seed, own=True))
        marked = np.zeros((20, 30, 3), np.uint8)
        marked[5:9, 10:16] = 255
        image, boxes = vision.RandomCropWithBBox((12, 18), 2)(marked, np.array([[10, 5, 6, 4]], np.float32))
        if len(boxes):
            x, y, width, height = boxes[0].astype(int)
            assert (image[y : y + height, x : x + width] == 255).all()
            assert (image == 255).all(-1).sum() == width * height
        else:
            assert not image.any()
    seeding.use(None)


def test_mixes_keep_the_sum_of_labels():
    images = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3)).astype(np.uint8)
    labels = np.eye(6, dtype=np.int32)
    for transform in (vision.MixUpBatch(), vision.CutMixBatch(vision.ImageBatchFormat.NHWC, 1.0, 0.5)):
        mixed, weights = transform(images, labels)
        assert mixed.dtype == np.uint8 and weights.dtype == np.float32 and np.allclose(weights.sum(1), 1)
    constant = np.broadcast_to(np.arange(6.0).reshape(6, 1, 1, 1), (6, 3, 8, 8)).astype(np.float32)
    mixed, weights = vision.CutMixBatch(vision.ImageBatchFormat.NCHW)(constant, labels)
    assert np.allclose(mixed.mean((1, 2, 3)), weights @ np.arange(6), atol=1e-5)
    mixed, weights = vision.MixUpBatch(0.4)(constant, labels)
    assert np.allclose(mixed[:, 0, 0, 0], weights @ np.arange(6), atol=1e-5)


def test_users_subclass():
    class Shift(vision.PyTensorOperation):
        def __init__(self, by):
            self.by = by

        def _execute_py(self, image):
            return image + self.by

    class Callable:
        def __call__(self, image):
            return image * 2

    both = transforms.Compose([Shift(1), Callable(), lambda image: (image, image + 1)])
    assert both(np.array([1])) == (4, 5)


def test_pil_images_stay_pil_images():
    image = Image.fromarray(IMAGE)
    for call in "Resize(8) CenterCrop(8) RandomCrop(8) Pad(1) RandomRotation(3) RandomColorAdjust(0.3)".split():
        assert isinstance(eval(f"vision.{call}")(image), Image.Image)
    chain = transforms.Compose([vision.Decode(True), vision.Resize((8, 9)), vision.ToTensor()])
    assert chain(vision.encode_png(IMAGE)).shape == (3, 8, 9)


@pytest.mark.parametrize("module, call", [("cv2", "Resize(4)"), ("PIL", "ToPIL()")])
def test_a_missing_library_is_named(module, call, monkeypatch):
    libraries._library.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=r'pip install "msjax\[vision\]"'):
        eval(f"vision.{call}")(IMAGE)


def test_libraries_are_imported_when_needed():
    code = """
import sys
import threading
import time
import numpy as np
import msjax.dataset.vision as vision
vision.Normalize([1.0], [2.0])(vision.HWC2CHW()(vision.RandomCrop(2)(np.zeros((4, 4, 3), np.uint8))))
assert not {"cv2", "PIL"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def examples():
    for module in (vision, transforms):
        for name, item in vars(module).items():
            if callable(item) and item.__module__.startswith("msjax.dataset"):
                yield from doctest.DocTestFinder(recurse=False).find(item, name, globs={})


def test_each_has_an_example():
    plain = {"Implementation", "Relational", "TensorOperation", "ImageTensorOperation", "CompoundOperation"}
    plain |= {name for name in dir(vision) if hasattr(getattr(vision, name), "__members__")}
    assert {example.name for example in examples() if not example.examples} <= plain


def many_rows(transform, workers: int):
    ms.dataset.config.set_seed(3)
    rows = ms.dataset.NumpySlicesDataset(np.stack([IMAGE] * 300), ["x"], shuffle=False)
    return rows.map(transform, "x", num_parallel_workers=workers)


def worker_threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith("msjax-dataset")]


def test_workers_of_random_transforms_end():
    iterator = iter(many_rows(vision.RandomCrop(9), 8).create_tuple_iterator(output_numpy=True))
    next(iterator)
    assert worker_threads()
    del iterator
    ms.dataset.config.set_seed(ms.dataset.config.UNSEEDED)
    for _ in range(100):
        if not worker_threads():
            return
        time.sleep(0.02)
    raise AssertionError(worker_threads())


def test_errors_of_workers_of_random_transforms():
    rows = many_rows([vision.RandomHorizontalFlip(), vision.Crop((20, 20), 9)], 8)
    with pytest.raises(RuntimeError, match="For 'Crop'"):
        list(rows.create_tuple_iterator(num_epochs=1, output_numpy=True))
    ms.dataset.config.set_seed(ms.dataset.config.UNSEEDED)


def test_rows_before_an_error_come():
    def source():
        for number in range(30):
            yield (IMAGE if number != 17 else IMAGE[:4],)

    ms.dataset.config.set_seed(3)
    rows = ms.dataset.GeneratorDataset(list(source()), ["x"], shuffle=False)
    rows = rows.map(vision.RandomCrop(9), "x", num_parallel_workers=4)
    count = 0
    with pytest.raises(RuntimeError, match="For 'RandomCrop'"):
        for _ in rows.create_tuple_iterator(num_epochs=1, output_numpy=True):
            count += 1
    assert count == 17
    ms.dataset.config.set_seed(ms.dataset.config.UNSEEDED)


@pytest.mark.parametrize("cpus", [1, 3])
def test_rows_do_not_depend_on_processors(cpus, monkeypatch):
    def rows() -> bytes:
        dataset = many_rows([vision.RandomCrop(9), vision.RandomHorizontalFlip()], 5)
        iterator = dataset.create_tuple_iterator(num_epochs=2, output_numpy=True)
        return b"".join(row.tobytes() for _ in range(2) for (row,) in iterator)

    expected = rows()
    monkeypatch.setattr("os.cpu_count", lambda: cpus)
    assert rows() == expected
    ms.dataset.config.set_seed(ms.dataset.config.UNSEEDED)


def test_functions_of_the_users_in_random_transforms():
    """They run in the order of the rows, as they may draw from the program's random numbers."""

    def noisy(image):
        return image + np.random.randint(0, 5, image.shape).astype(np.uint8)

    def rows() -> bytes:
        dataset = many_rows(transforms.Compose([vision.RandomCrop(9), noisy]), 4)
        return b"".join(row.tobytes() for (row,) in dataset.create_tuple_iterator(num_epochs=1, output_numpy=True))

    assert rows() == rows()
    ms.dataset.config.set_seed(ms.dataset.config.UNSEEDED)
