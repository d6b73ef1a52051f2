"""Boxes on images: what is drawn where. OpenCV draws."""

import numpy as np
import pytest

from msjax.dataset.utils import imshow_det_bbox
from msjax.dataset.vision import libraries

cv2 = pytest.importorskip("cv2")

IMAGE = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
BOXES = np.array([[2, 3, 20, 10, 0.9], [30, 15, 25, 20, 0.4], [5, 20, 10, 12, 0.75]])
LABELS = np.array([[1], [0], [7]])
MASKS = np.zeros((3, 40, 60), np.uint8)
MASKS[0, 5:10, 5:10] = MASKS[2, 30:, 40:] = 1


def drawn(*args, **options):
    return imshow_det_bbox(*args, show=False, out_file="", **options)


def by_hand(texts, boxes=BOXES[:, :4]):
    """What OpenCV draws, box by box."""
    image = np.ascontiguousarray(IMAGE[..., ::-1])
    for text, (left, top, width, height) in zip(texts, boxes.astype(int).tolist(), strict=True):
        if text is not None:
            cv2.rectangle(image, (left, top), (left + width, top + height), (0, 255, 0), 2)
            cv2.putText(image, text, (left, top + height), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (203, 192, 255), 2)
    return image


@pytest.mark.parametrize(
    "boxes, options, texts",
    [
        (BOXES[:, :4], {}, ["class 1", "class 0", "class 7"]),
        (BOXES[:, :4], {"class_names": ["cat", "dog"]}, ["dog", "cat", "class 7"]),
        (BOXES, {"class_names": {7: "cow"}, "score_threshold": 0.5}, ["class 1|0.90", None, "cow|0.75"]),
    ],
)
def test_boxes(boxes, options, texts):
    np.testing.assert_array_equal(drawn(IMAGE, boxes, LABELS, **options), by_hand(texts), strict=True)


def test_channels_may_come_first():
    first = drawn(IMAGE.transpose(2, 0, 1), BOXES, LABELS)
    np.testing.assert_array_equal(first, drawn(IMAGE, BOXES, LABELS))


def test_masks():
    image = IMAGE[..., ::-1].copy()
    for place in (np.s_[5:10, 5:10], np.s_[30:, 40:]):
        image[place] = (image[place] * 0.5 + np.array([128, 0, 128]) * 0.5).astype(np.uint8)
    np.testing.assert_array_equal(drawn(IMAGE, None, None, MASKS), image)
    image = by_hand(["class 1|0.90"], BOXES[:1, :4])
    image[5:10, 5:10] = (image[5:10, 5:10] * 0.5 + np.array([128, 0, 128]) * 0.5).astype(np.uint8)
    np.testing.assert_array_equal(drawn(IMAGE, BOXES[:1], LABELS[:1], MASKS), image)
    np.testing.assert_array_equal(drawn(IMAGE, None, None), IMAGE[..., ::-1])


def test_a_file(tmp_path):
    path = tmp_path / "boxes.png"
    image = imshow_det_bbox(IMAGE, BOXES, LABELS, show=False, out_file=str(path))
    np.testing.assert_array_equal(cv2.imread(str(path)), image)
    assert path.stat().st_mode & 0o777 == 0o600
    for bad in ("boxes", "nowhere/boxes.png"):
        with pytest.raises(RuntimeError, match="cannot write"):
            imshow_det_bbox(IMAGE, BOXES, LABELS, show=False, out_file=str(tmp_path / bad))


class _Windows:
    """OpenCV with windows."""

    error = cv2.error

    def __init__(self, key, shown):
        self.imshow, self.waitKey = lambda name, image: shown.append((name, image)), lambda time: key

    def __getattr__(self, name):
        return getattr(cv2, name)


def test_a_window(monkeypatch):
    shown = []
    monkeypatch.setattr(libraries, "cv2", lambda: _Windows(-1, shown))
    image = imshow_det_bbox(IMAGE, BOXES, LABELS, win_name="mine")
    ((name, seen),) = shown
    assert name == "mine" and (seen == image).all()
    monkeypatch.setattr(libraries, "cv2", lambda: _Windows(27, shown))
    with pytest.raises(SystemExit):
        imshow_det_bbox(IMAGE, BOXES, LABELS)


def test_no_window(monkeypatch):
    class Headless(_Windows):
        def __init__(self):
            super().__init__(-1, [])
            self.imshow = lambda *_: (_ for _ in ()).throw(cv2.error("no windows"))

    monkeypatch.setattr(libraries, "cv2", Headless)
    with pytest.raises(RuntimeError, match="show=False"):
        imshow_det_bbox(IMAGE, BOXES, LABELS)


@pytest.mark.parametrize(
    "arguments, options, says",
    [
        ((IMAGE[..., :2], BOXES, LABELS), {}, "image"),
        ((IMAGE, BOXES[:, :3], LABELS), {}, "bboxes"),
        ((IMAGE, BOXES, LABELS[:2]), {}, "labels"),
        ((IMAGE, BOXES, LABELS, MASKS[:, 1:]), {}, "segm"),
        ((IMAGE, BOXES, LABELS, MASKS[:2]), {}, "a mask for each"),
        ((IMAGE, BOXES, LABELS), {"class_names": "dog"}, "class_names"),
        ((IMAGE, BOXES, LABELS), {"mask_color": [1, 2, 3]}, "mask_color"),
        ((IMAGE, BOXES, LABELS), {"thickness": -1}, "thickness"),
        ((IMAGE, BOXES, LABELS), {"font_size": "1"}, "font_size"),
        ((IMAGE, BOXES[:, :4], LABELS), {"score_threshold": 0.5}, "scores"),
        ((IMAGE, None, None), {"score_threshold": 0.5}, "scores"),
        ((IMAGE, BOXES, LABELS), {"out_file": None}, "out_file"),
        ((IMAGE, BOXES, LABELS), {"wait_time": 0.5}, "wait_time"),
    ],
)
def test_arguments(arguments, options, says):
    with pytest.raises(AssertionError, match=says):
        imshow_det_bbox(*arguments, **({"show": False, "out_file": ""} | options))
