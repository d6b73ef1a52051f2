"""Images whose rows stand in a file of annotations: COCO, PASCAL VOC, CelebA, manifests."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.execution import Pass, Run
from msjax.dataset.operations.workers import Workers
from msjax.dataset.rows import Row
from msjax.dataset.sources.folder import FolderDataset
from msjax.dataset.sources.image_folder import ImageReader
from msjax.dataset.sources.reading import reading, text_of, xml


class AnnotatedImages(FolderDataset):
    """Base of these sources. A class defines `_entries()`: the file of each image, and the other columns of its row."""

    _others: tuple[str, ...] = ()  # the columns beside the image

    def __init__(
        self, dataset_dir, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id,
        decrypt=None, extra_metadata=False,
    ):  # fmt: skip
        super().__init__(dataset_dir, None, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id)
        owner = type(self).__name__
        check(owner, "decode", decode, "None or bool")
        check(owner, "decrypt", decrypt, "None or function")
        check(owner, "extra_metadata", extra_metadata, "bool")
        self.decode, self.decrypt, self.extra_metadata = bool(decode), decrypt, extra_metadata

    def _entries(self) -> list[tuple]:
        raise NotImplementedError

    def _columns(self) -> list[str]:
        return ["image", *self._others, *(["_meta-filename"] if self.extra_metadata else [])]

    @cached_property
    def _rows(self) -> list[tuple]:
        with reading(self, "annotations"):
            entries = self._entries()
        if not entries:
            raise self.no_data("the annotations")
        if not self.extra_metadata:
            return entries
        return [(*entry, Path(entry[0]).stem) for entry in entries]

    def _length(self) -> int:
        return len(self._rows)

    def _reader(self) -> ImageReader:
        return ImageReader(self.decode, self.decrypt)

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        read = self._reader()
        return len(self._rows), lambda i: read(*self._rows[i])

    def _open(self, run: Run) -> Pass:
        epoch = self.sampler.opened(self, len(self._rows), run.seed)
        workers = Workers(run, [self._reader()], tuple, self.num_parallel_workers, False, type(self).__name__)
        return lambda: (row for _, row in workers.over((None, self._rows[i]) for i in epoch()))


_TASKS = {
    "Detection": ("bbox", "category_id", "iscrowd"),
    "Stuff": ("segmentation", "iscrowd"),
    "Keypoint": ("keypoints", "num_keypoints"),
    "Panoptic": ("bbox", "category_id", "iscrowd", "area"),
    "Captioning": ("captions",),
}


class CocoDataset(AnnotatedImages):
    """Images of COCO, those with annotations. https://cocodataset.org

    Columns are `image`, uint8, and those of the task, with a row for each annotation: "Detection" has `bbox`, float32,
    `category_id` and `iscrowd`, uint32; "Stuff" `segmentation`, float32, and `iscrowd`; "Keypoint" `keypoints`,
    float32, and `num_keypoints`, uint32; "Panoptic" those of "Detection" and `area`; "Captioning" `captions`. What is
    shorter than the longest is padded with -1.

    Args:
        dataset_dir (str): the folder with the images.
        annotation_file (str): the JSON file with the annotations.
        task (str): "Detection", "Stuff", "Keypoint", "Panoptic" or "Captioning".
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): how many workers read and decode.
        shuffle (bool): whether in random order; None for True.
        decode (bool): whether `image` is decoded, into shape (height, width, 3), or the content of the file.
        sampler (Sampler or Iterable): which rows come, and in which order.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.
        extra_metadata (bool): whether a column `_meta-filename` has the name of the image's file. It comes if it is
            renamed.
        decrypt (function): of a path, gives the content of the file; None for what is in it.

    Raises:
        ValueError: if there is no such folder, file or task.
        RuntimeError: if the annotations are not what they should be.
    """

    def __init__(
        self, dataset_dir, annotation_file, task="Detection", num_samples=None, num_parallel_workers=None, shuffle=None,
        decode=False, sampler=None, num_shards=None, shard_id=None, cache=None, extra_metadata=False, decrypt=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id, decrypt,
            extra_metadata,
        )  # fmt: skip
        check("CocoDataset", "task", task, "str")
        if task not in _TASKS:
            raise ValueError(f"Invalid task type: {task}. It must be one of {list(_TASKS)}.")
        _check_file("CocoDataset", "annotation_file", annotation_file)
        self.annotation_file, self.task, self._others = annotation_file, task, _TASKS[task]

    @cached_property
    def _content(self) -> dict[str, Any]:
        return json.loads(Path(self.annotation_file).read_text(encoding="utf-8"))

    def _entries(self) -> list[tuple]:
        annotations: dict[int, list[dict]] = {}
        for annotation in self._content["annotations"]:
            parts = annotation["segments_info"] if self.task == "Panoptic" else [annotation]
            annotations.setdefault(annotation["image_id"], []).extend(parts)
        images = [image for image in self._content["images"] if image["id"] in annotations]
        return [
            (str(Path(self.dataset_dir, image["file_name"])), *self._cells(annotations[image["id"]]))
            for image in images
        ]

    def _cells(self, annotations: list[dict]) -> tuple:
        def column(name: str) -> np.ndarray:
            return np.array([[one.get(name, 0)] for one in annotations], np.uint32)

        if self.task == "Captioning":
            return (np.array([[one["caption"]] for one in annotations]),)
        if self.task == "Keypoint":
            return _padded([one["keypoints"] for one in annotations]), column("num_keypoints")
        if self.task == "Stuff":
            if any(one["iscrowd"] for one in annotations):
                raise ValueError("the task Stuff has no annotations of crowds")
            return _padded([part for one in annotations for part in one["segmentation"]]), column("iscrowd")
        boxes = np.array([one["bbox"] for one in annotations], np.float32).reshape(-1, 4)
        return boxes, np.array([[one["category_id"]] for one in annotations], np.uint32), *map(column, self._others[2:])

    def get_class_indexing(self) -> dict:
        """The numbers of each category: its own, and for "Panoptic" whether it is a thing.

        Raises:
            NotImplementedError: for "Captioning", which has no categories.
        """
        if self.task == "Captioning":
            raise NotImplementedError("CocoDataset has no classes for the task Captioning.")
        things = self.task == "Panoptic"
        with reading(self, self.annotation_file):
            categories = self._content["categories"]
            return {one["name"]: [one["id"], *([one["isthing"]] if things else [])] for one in categories}


def _padded(rows: list[list[float]]) -> np.ndarray:
    """The array of rows of different lengths."""
    result = np.full((len(rows), max(map(len, rows))), -1, np.float32)
    for target, row in zip(result, rows, strict=True):
        target[: len(row)] = row
    return result


class VOCDataset(AnnotatedImages):
    """Images of PASCAL VOC. http://host.robots.ox.ac.uk/pascal/VOC

    Columns are `image`, uint8, and for the task "Segmentation" `target`, the image of the segments; for "Detection",
    with a row for each object, `bbox` (left, top, width, height), float32, and `label`, `difficult` and `truncate`,
    uint32.

    Args:
        dataset_dir (str): the folder with Annotations, ImageSets, JPEGImages and SegmentationClass.
        task (str): "Segmentation" or "Detection".
        usage (str): which list of ImageSets: "train", "val" and the like.
        class_indexing (dict): numbers of the classes by name, which alone are taken, for "Detection"; None for 0 and so
            on, in the order of the names.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): how many workers read and decode.
        shuffle (bool): whether in random order; None for True.
        decode (bool): whether images are decoded, into shape (height, width, 3), or the contents of the files.
        sampler (Sampler or Iterable): which rows come, and in which order.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.
        extra_metadata (bool): whether a column `_meta-filename` has the name of the image's file. It comes if it is
            renamed.
        decrypt (function): of a path, gives the content of the file; None for what is in it.

    Raises:
        ValueError: if there is no such folder, list or task, or `class_indexing` is given for "Segmentation".
        RuntimeError: if the annotations are not what they should be.
    """

    def __init__(
        self, dataset_dir, task="Segmentation", usage="train", class_indexing=None, num_samples=None,
        num_parallel_workers=None, shuffle=None, decode=False, sampler=None, num_shards=None, shard_id=None, cache=None,
        extra_metadata=False, decrypt=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id, decrypt,
            extra_metadata,
        )  # fmt: skip
        check("VOCDataset", "task", task, "str")
        check("VOCDataset", "usage", usage, "str")
        check("VOCDataset", "class_indexing", class_indexing, "None or dict")
        if task not in ("Segmentation", "Detection"):
            raise ValueError(f"Invalid task : {task}. It must be Segmentation or Detection.")
        if task == "Segmentation" and class_indexing is not None:
            raise ValueError("class_indexing is not supported in Segmentation task.")
        self._detection = task == "Detection"
        self._list = Path(dataset_dir, "ImageSets", "Main" if self._detection else "Segmentation", f"{usage}.txt")
        _check_file("VOCDataset", "usage", str(self._list))
        self.task, self.usage, self.class_indexing = task, usage, class_indexing
        self._others = ("bbox", "label", "difficult", "truncate") if self._detection else ("target",)

    @cached_property
    def _objects(self) -> dict[str, list[tuple]]:
        """The class, box and two flags of each object, by image."""
        with reading(self, "annotations"):
            return {name: self._objects_in(name) for name in self._list.read_text(encoding="utf-8").split()}

    def _objects_in(self, name: str) -> list[tuple]:
        objects = []
        for one in xml(Path(self.dataset_dir, "Annotations", f"{name}.xml")).iter("object"):
            left, top, right, bottom = (float(one.find("bndbox").find(side).text) for side in _SIDES)  # type: ignore[union-attr, arg-type]
            flags = [int(one.findtext(flag, "0")) for flag in ("difficult", "truncated")]
            objects.append((one.findtext("name"), (left, top, right - left, bottom - top), *flags))
        return objects

    def _entries(self) -> list[tuple]:
        if not self._detection:
            names = self._list.read_text(encoding="utf-8").split()
            return [(self._image(name), self._target(name)) for name in names]
        numbers, entries = self.get_class_indexing(), []
        for name, objects in self._objects.items():
            taken = [one for one in objects if one[0] in numbers]
            if taken:
                boxes = np.array([box for _, box, _, _ in taken], np.float32)
                flags = np.array([(numbers[kind], *flags) for kind, _, *flags in taken], np.uint32)
                entries.append((self._image(name), boxes, *(flags[:, i : i + 1] for i in range(3))))
        return entries

    def _reader(self) -> ImageReader:
        return super()._reader() if self._detection else ReaderOfBoth(self.decode, self.decrypt)

    def _image(self, name: str) -> str:
        return str(Path(self.dataset_dir, "JPEGImages", f"{name}.jpg"))

    def _target(self, name: str) -> str:
        return str(Path(self.dataset_dir, "SegmentationClass", f"{name}.png"))

    def get_class_indexing(self) -> dict:
        """The numbers of the classes, by name.

        Raises:
            NotImplementedError: for "Segmentation".
        """
        if not self._detection:
            raise NotImplementedError("VOCDataset has classes for the task Detection only.")
        if self.class_indexing is not None:
            return self.class_indexing
        kinds = {kind for objects in self._objects.values() for kind, *_ in objects}
        return {kind: number for number, kind in enumerate(sorted(kinds))}


class ReaderOfBoth(ImageReader):
    """Reads an image, and that of its segments."""

    def __call__(self, path: str, *others) -> Row:
        target, *rest = others
        return *super().__call__(path), *super().__call__(target, *rest)


_SIDES = "xmin", "ymin", "xmax", "ymax"


class CelebADataset(AnnotatedImages):
    """Faces of CelebA: columns `image`, uint8, and `attr`, uint32, 1 for each attribute that a face has.
    https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html

    Args:
        dataset_dir (str): the folder with the images, list_attr_celeba.txt and list_eval_partition.txt.
        num_parallel_workers (int): how many workers read and decode.
        shuffle (bool): whether in random order; None for True.
        usage (str): "all", "train", "valid" or "test".
        sampler (Sampler or Iterable): which rows come, and in which order.
        decode (bool): whether `image` is decoded, into shape (height, width, 3), or the content of the file.
        extensions (list[str]): endings of the files that are taken, as ".jpg"; None for all.
        num_samples (int): how many rows come; None for all.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.
        decrypt (function): of a path, gives the content of the file; None for what is in it.

    Raises:
        ValueError: if there is no such folder or usage.
        RuntimeError: if the lists are not what they should be.
    """

    _others = ("attr",)

    def __init__(
        self, dataset_dir, num_parallel_workers=None, shuffle=None, usage="all", sampler=None, decode=False,
        extensions=None, num_samples=None, num_shards=None, shard_id=None, cache=None, decrypt=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id, decrypt
        )
        if usage not in ("all", "train", "valid", "test"):
            raise ValueError(f"usage should be 'all', 'train', 'valid' or 'test', but got {usage!r:.80}.")
        check("CelebADataset", "extensions", extensions, "None or list")
        self.usage, self.extensions = usage, extensions

    def _entries(self) -> list[tuple]:
        _, _, *records = self._lines("list_attr_celeba.txt")
        if self.usage != "all":
            number = str(("train", "valid", "test").index(self.usage))
            wanted = {name for name, part in self._lines("list_eval_partition.txt") if part == number}
            records = [record for record in records if record[0] in wanted]
        return [
            (str(Path(self.dataset_dir, name)), np.array([int(sign) > 0 for sign in signs], np.uint32))
            for name, *signs in records
            if self.extensions is None or Path(name).suffix in self.extensions
        ]

    def _lines(self, name: str) -> list[list[str]]:
        return [line.split() for line in text_of(Path(self.dataset_dir, name)).splitlines() if line]


class ManifestDataset(AnnotatedImages):
    """Images that a manifest of ModelArts lists: columns `image`, uint8, and `label`, int32.

    Args:
        dataset_file (str): the manifest, with a JSON record in each line.
        usage (str): "train", "eval" or "inference".
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): how many workers read and decode.
        shuffle (bool): whether in random order; None for True.
        sampler (Sampler or Iterable): which rows come, and in which order.
        class_indexing (dict): numbers of the classes by name, which alone are taken; None for 0 and so on, in the order
            of the names.
        decode (bool): whether `image` is decoded, into shape (height, width, 3), or the content of the file.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.

    Raises:
        ValueError: if there is no such file.
        RuntimeError: if it is not what it should be, or has no images of this usage.
    """

    _others = ("label",)

    def __init__(
        self, dataset_file, usage="train", num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
        class_indexing=None, decode=False, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        _check_file("ManifestDataset", "dataset_file", dataset_file)
        super().__init__(
            str(Path(dataset_file).parent), num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards,
            shard_id,
        )  # fmt: skip
        check("ManifestDataset", "usage", usage, "str")
        check("ManifestDataset", "class_indexing", class_indexing, "None or dict")
        self.dataset_file, self.usage, self.class_indexing = dataset_file, usage, class_indexing

    @cached_property
    def _labelled(self) -> list[tuple[str, list[str]]]:
        """The images of this usage, and the names of their classes."""
        with reading(self, self.dataset_file):
            lines = Path(self.dataset_file).read_text(encoding="utf-8").splitlines()
            records = [json.loads(line) for line in lines if line.strip()]
            return [
                (record["source"].removeprefix("file://"), [one["name"] for one in record.get("annotation", ())])
                for record in records
                if record["usage"] == self.usage
            ]

    def _entries(self) -> list[tuple]:
        numbers = self.get_class_indexing()
        entries = []
        for path, names in self._labelled:
            labels = [numbers[name] for name in names if name in numbers]
            if labels or not names:
                entries.append((path, np.array(labels[0] if len(labels) == 1 else labels, np.int32)))
        return entries

    def get_class_indexing(self) -> dict:
        """The numbers of the classes, by name."""
        if self.class_indexing is not None:
            return self.class_indexing
        names = {name for _, labels in self._labelled for name in labels}
        return {name: number for number, name in enumerate(sorted(names))}

    def num_classes(self) -> int:
        return len(self.get_class_indexing())


def _check_file(owner: str, name: str, path: str) -> None:
    check(owner, name, path, "str")
    if not Path(path).is_file():
        raise ValueError(f"The file {path} does not exist or permission denied!")
