"""Images with the boxes, classes and masks of what is in them drawn upon."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

_ESCAPE = 27  # the number of the key


def imshow_det_bbox(
    image, bboxes, labels, segm=None, class_names=None, score_threshold=0, bbox_color=(0, 255, 0),
    text_color=(203, 192, 255), mask_color=(128, 0, 128), thickness=2, font_size=0.8, show=True, win_name="win",
    wait_time=2000, out_file=None,
):  # fmt: skip
    """Draw boxes with their classes, and masks, on an image.

    Args:
        image (numpy.ndarray): an image, uint8 of shape (H, W, 3) or (3, H, W), RGB.
        bboxes (numpy.ndarray): boxes, of shape (N, 4): left, top, width, height; or (N, 5) with scores; or None.
        labels (numpy.ndarray): the class of each box, of shape (N, 1).
        segm (numpy.ndarray): masks, of shape (M, H, W), the first N of the boxes; None for none.
        class_names (list, tuple or dict): the names of the classes by their numbers; None for numbers.
        score_threshold (float): boxes with a lower score are left out.
        bbox_color, text_color, mask_color (tuple): blue, green and red.
        thickness (int): how many pixels lines are thick.
        font_size (float): the size of the text.
        show (bool): whether a window shows the image.
        win_name (str): its name.
        wait_time (int): for how many milliseconds it waits for a key. The key Escape ends the program.
        out_file (str): the file to write the image to, whose ending says the format; None for none.

    Returns:
        numpy.ndarray, the image, BGR, of shape (H, W, 3).

    Raises:
        AssertionError: if an argument is none of these, or the image is neither shown nor written.
        ImportError: if there is no OpenCV.
        RuntimeError: if it is to be shown, but OpenCV has no windows, or if the file cannot be written.

    Example:
        >>> from msjax.dataset.utils import imshow_det_bbox
        >>> image, boxes, labels = np.zeros((8, 8, 3), np.uint8), np.array([[1, 2, 4, 3]]), np.array([[0]])
        >>> drawn = imshow_det_bbox(image, boxes, labels, class_names=["dog"], font_size=0, show=False, out_file="")
        >>> drawn[2, 1].tolist()
        [0, 255, 0]

    Differs from MindSpore: `class_names` may be None, as it is by default.
    """
    from msjax.dataset.vision.libraries import cv2  # here, since the transforms that come along take a while to load

    _check_arrays(image, bboxes, labels, segm)
    _check_options(
        class_names, (bbox_color, text_color, mask_color), thickness, font_size, show, win_name, wait_time, out_file
    )
    assert score_threshold <= 0 or (bboxes is not None and bboxes.shape[1] == 5), (
        "bboxes must have scores, if there is a score_threshold."
    )
    cv = cv2()
    drawn = cv.cvtColor(image.transpose(1, 2, 0) if image.shape[0] == 3 else image, cv.COLOR_RGB2BGR)
    things = bboxes if bboxes is not None else segm if segm is not None else ()
    for i in range(len(things)):
        if bboxes is not None:
            left, top, width, height, *score = bboxes[i]
            if score and score[0] < score_threshold:
                continue
            begin, end = (int(left), int(top)), (int(left + width), int(top + height))
            cv.rectangle(drawn, begin, end, bbox_color, thickness)
            text = _name(class_names, labels[i, 0]) + "".join(f"|{one:.02f}" for one in score)
            where = begin[0], end[1]
            cv.putText(drawn, text, where, cv.FONT_HERSHEY_SIMPLEX, font_size, text_color, thickness)
        if segm is not None:
            mask = segm[i].astype(bool)
            drawn[mask] = drawn[mask] * 0.5 + np.array(mask_color) * 0.5
    if show:
        _show(cv, win_name, drawn, wait_time)
    if out_file:
        _write(cv, out_file, drawn)
    return drawn


def _check_arrays(image, bboxes, labels, segm) -> None:
    assert _is_array(image, 3) and 3 in (image.shape[0], image.shape[2]), (
        "image must be an array of shape (H, W, 3) or (3, H, W)."
    )
    if bboxes is not None:
        assert _is_array(bboxes, 2) and bboxes.shape[1] in (4, 5), "bboxes must be an array of shape (N, 4) or (N, 5)."
        assert _is_array(labels, 2) and labels.shape == (len(bboxes), 1), (
            "labels must be an array of shape (N, 1), with as many rows as bboxes."
        )
    if segm is not None:
        size = image.shape[:2] if image.shape[2] == 3 else image.shape[1:]
        assert _is_array(segm, 3) and segm.shape[1:] == size, "segm must be an array of shape (M, H, W), as the image."
        assert bboxes is None or len(bboxes) <= len(segm), "segm must have a mask for each of bboxes."


def _check_options(class_names, colors, thickness, font_size, show, win_name, wait_time, out_file) -> None:
    assert class_names is None or isinstance(class_names, (tuple, list, dict)), (
        "class_names must be a list, tuple or dict."
    )
    for name, color in zip(("bbox_color", "text_color", "mask_color"), colors, strict=True):
        assert isinstance(color, tuple) and len(color) == 3, f"{name} must be a tuple of blue, green and red."
    assert isinstance(thickness, int) and thickness >= 0, "thickness must be an int, and not less than 0."
    assert isinstance(font_size, (int, float)) and font_size >= 0, "font_size must be a number, and not less than 0."
    assert isinstance(show, bool), "show must be a bool."
    assert isinstance(win_name, str), "win_name must be a str."
    assert isinstance(wait_time, int) and wait_time >= 0, "wait_time must be an int, and not less than 0."
    assert out_file is None or isinstance(out_file, str), "out_file must be a str."
    assert show or out_file is not None, "an image that is not shown must have an out_file."


def _is_array(value: Any, rank: int) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == rank


def _name(class_names, label: Any) -> str:
    """The name of a class, or its number, if it has none."""
    try:
        return str(class_names[label]) if class_names is not None else f"class {label}"
    except (IndexError, KeyError):
        return f"class {label}"


def _show(cv: Any, win_name: str, image: np.ndarray, wait_time: int) -> None:
    try:
        cv.imshow(win_name, image)
        key = cv.waitKey(wait_time)
    except cv.error as error:
        raise RuntimeError(
            "imshow_det_bbox cannot show the image: give show=False and an out_file, or install opencv-python in place "
            f"of opencv-python-headless, on a machine with a display ({error})."
        ) from error
    if key == _ESCAPE:
        sys.exit()


def _write(cv: Any, path: str, image: np.ndarray) -> None:
    try:
        written = cv.imwrite(path, image)
    except cv.error as error:  # of an ending that it does not know
        raise RuntimeError(f"imshow_det_bbox cannot write {path}: {error}.") from error
    if not written:
        raise RuntimeError(f"imshow_det_bbox cannot write {path}.")
    Path(path).chmod(0o600)
