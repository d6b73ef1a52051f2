"""Images in the folders in which they are published: a class for each, which says which file has which label."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.sources.annotated_images import AnnotatedImages, ReaderOfBoth
from msjax.dataset.sources.image_folder import ImageReader
from msjax.dataset.sources.reading import text_of

_ARGS = """
    Args:
        dataset_dir (str): the folder.{own}
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): how many workers read and decode.
        shuffle (bool): whether in random order; None for True.
        decode (bool): whether images are decoded, into shape (height, width, 3), or the contents of the files.
        sampler (Sampler or Iterable): which rows come, and in which order.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.

    Raises:
        ValueError: if there is no such folder, or no such part of the data.
        RuntimeError: if the folder has no such files.
"""
_USAGE = "\n        usage (str): which part of the data: {parts}; None for {default}."
_IMAGES = (".jpg", ".jpeg", ".png", ".bmp")


class _Images(AnnotatedImages):
    """Base of these sources. A class says which parts of the data there are, the one that is meant first."""

    _usages: tuple[str, ...] = ("all",)
    _others = ("label",)

    def __init_subclass__(cls) -> None:
        if cls.__doc__ and not cls.__name__.startswith("_"):
            parts = ", ".join(f'"{usage}"' for usage in cls._usages)
            usage = _USAGE.format(parts=parts, default=f'"{cls._usages[0]}"') if len(cls._usages) > 1 else ""
            cls.__doc__ = f"{cls.__doc__.rstrip()}\n{_ARGS.format(own=getattr(cls, '_own', '') + usage)}"

    def __init__(
        self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=None,
        decode: bool | None = False, sampler=None, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id)
        if usage is not None:
            check(type(self).__name__, "usage", usage, "str")
            if usage not in self._usages:
                raise ValueError(f"Input usage is not within the valid set of {list(self._usages)}.")
        self.usage = usage or self._usages[0]

    def _parts(self) -> list[str]:
        """The parts of the data that are asked for, in the order of their names in `_usages`."""
        return [part for part in self._usages if part != "all" and self.usage in ("all", part)]

    def _at(self, *names: str) -> Path:
        return Path(self.dataset_dir, *names)

    def _rows_of(self, *names: str) -> list[list[str]]:
        """The words of each line of a file that is not empty."""
        return [line.split() for line in text_of(self._at(*names)).splitlines() if line.strip()]


class _WithoutUsage(_Images):
    """Base of those that have no parts."""

    def __init__(
        self, dataset_dir, num_samples=None, num_parallel_workers=None, shuffle=None, decode=False, sampler=None,
        num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, None, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id
        )


def _folders(path: Path) -> list[Path]:
    return sorted(one for one in path.iterdir() if one.is_dir())


def _images(path: Path) -> list[str]:
    return [str(one) for one in sorted(path.iterdir()) if one.suffix.lower() in _IMAGES]


def _labelled(folders: list[Path], dtype: type = np.uint32) -> list[tuple]:
    """The images of folders, each with the number of its folder."""
    return [(path, np.array(label, dtype)) for label, folder in enumerate(folders) for path in _images(folder)]


class SUN397Dataset(_WithoutUsage):
    """Scenes of SUN397: columns `image`, uint8, and `label`, uint32, the place in ClassName.txt.
    https://vision.princeton.edu/projects/2010/SUN
    """

    def _entries(self):
        return _labelled([self._at(name.lstrip("/")) for (name,) in self._rows_of("ClassName.txt")])


class RenderedSST2Dataset(_Images):
    """Images of sentences, from SST-2: columns `image`, uint8, and `label`, uint32, 1 for positive ones.
    https://github.com/openai/CLIP/blob/main/data/rendered-sst2.md
    """

    _usages = ("all", "test", "train", "val")

    def _entries(self):
        folders = ["valid" if part == "val" else part for part in self._parts()]
        return [entry for folder in folders for entry in _labelled(_folders(self._at(folder)))]

    def num_classes(self) -> int:
        return 2


class Food101Dataset(_Images):
    """Dishes of Food-101: columns `image`, uint8, and `label`, a string.
    https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101
    """

    _usages = ("all", "train", "test")

    def _entries(self):
        names = [name for part in self._parts() for (name,) in self._rows_of("meta", f"{part}.txt")]
        return [(str(self._at("images", f"{name}.jpg")), np.array(name.partition("/")[0])) for name in names]


class OmniglotDataset(_Images):
    """Handwritten characters of Omniglot: columns `image`, uint8, and `label`, int32, the number of the character.
    https://github.com/brendenlake/omniglot
    """

    _own = "\n        background (bool): whether it is the part for training; None for True."

    def __init__(
        self, dataset_dir, background=None, num_samples=None, num_parallel_workers=None, shuffle=None, decode=False,
        sampler=None, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, None, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id
        )
        check("OmniglotDataset", "background", background, "None or bool")
        self.background = background is not False

    def _characters(self) -> list[Path]:
        alphabets = _folders(self._at("images_background" if self.background else "images_evaluation"))
        return [character for alphabet in alphabets for character in _folders(alphabet)]

    def _entries(self):
        return _labelled(self._characters(), np.int32)

    def num_classes(self) -> int:
        return len(self._characters())


class LSUNDataset(_Images):
    """Scenes of LSUN: columns `image`, uint8, and `label`, uint32. https://www.yf.io/p/lsun"""

    _usages = ("all", "train", "valid", "test")
    _own = "\n        classes (list[str]): which scenes; None for all."

    def __init__(
        self, dataset_dir, usage=None, classes=None, num_samples=None, num_parallel_workers=None, shuffle=None,
        decode=False, sampler=None, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, usage, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id
        )
        check("LSUNDataset", "classes", classes, "None or list")
        self.classes = classes

    def _entries(self):
        if self.usage == "test":
            return [(path, np.array(0, np.uint32)) for path in _images(self._at("test"))]
        ends = {"train": ("_train",), "valid": ("_val",), "all": ("_train", "_val")}[self.usage]
        if self.classes is not None:
            return _labelled([self._at(name + end) for name in self.classes for end in ends])
        return _labelled([folder for folder in _folders(self._at()) if folder.name.endswith(ends)])

    def num_classes(self) -> int:
        if self.classes is not None:
            return len(self.classes)
        return len(
            {one.name.rpartition("_")[0] for one in _folders(self._at()) if one.name.endswith(("_train", "_val"))}
        )


_OBJECTS: list[str] = [*"Car Cyclist DontCare Misc Pedestrian Person_sitting Tram Truck Van".split()]


class KITTIDataset(_Images):
    """Scenes of traffic of KITTI. https://www.cvlibs.net/datasets/kitti

    Columns are `image`, uint8, and for "train", with a row for each object, `label`, uint32, `truncated`, float32,
    `occluded`, uint32, `alpha`, `bbox`, `dimensions`, `location` and `rotation_y`, float32.
    """

    _usages = ("train", "test")
    # How many numbers of a line, and as what.
    _fields = (("truncated", 1, np.float32), ("occluded", 1, np.uint32), ("alpha", 1, np.float32),
               ("bbox", 4, np.float32), ("dimensions", 3, np.float32), ("location", 3, np.float32),
               ("rotation_y", 1, np.float32))  # fmt: skip

    def _columns(self) -> list[str]:
        return ["image", *(["label", *(name for name, *_ in self._fields)] if self.usage == "train" else [])]

    def _entries(self):
        train = self.usage == "train"
        paths = _images(self._at("data_object_image_2", "training" if train else "testing", "image_2"))
        return [(path, *self._objects(Path(path).stem)) if train else (path,) for path in paths]

    def _objects(self, name: str) -> Iterator[np.ndarray]:
        lines = self._rows_of("data_object_label_2", "training", "label_2", f"{name}.txt")
        yield np.array([[_OBJECTS.index(kind)] for kind, *_ in lines], np.uint32)
        numbers, start = np.array([list(map(float, line[1:15])) for line in lines]), 0
        for _, count, dtype in self._fields:
            part = numbers[:, start : start + count]
            yield part.astype(np.int64).astype(np.uint32) if dtype is np.uint32 else part.astype(dtype)
            start += count


class FlickrDataset(_Images):
    """Photographs of Flickr8k or Flickr30k: columns `image`, uint8, and `annotation`, some sentences.
    https://doi.org/10.1162/tacl_a_00166
    """

    _others = ("annotation",)
    _own = "\n        annotation_file (str): the file with the sentences."

    def __init__(
        self, dataset_dir, annotation_file, num_samples=None, num_parallel_workers=None, shuffle=None, decode=None,
        sampler=None, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, None, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id
        )
        check("FlickrDataset", "annotation_file", annotation_file, "str")
        if not Path(annotation_file).is_file():
            raise ValueError(f"The file {annotation_file} does not exist or permission denied!")
        self.annotation_file = annotation_file

    def _entries(self):
        sentences: dict[str, list[str]] = {}
        for line in Path(self.annotation_file).read_text(encoding="utf-8").splitlines():
            name, _, sentence = line.partition("\t")
            sentences.setdefault(name.partition("#")[0], []).append(sentence)
        return [(str(self._at(name)), np.array(listed)) for name, listed in sentences.items()]


class _Pairs(_Images):
    """Base of those that have two images in a row."""

    def _columns(self) -> list[str]:
        return list(self._others)

    def _reader(self) -> ImageReader:
        return ReaderOfBoth(self.decode, self.decrypt)


class DIV2KDataset(_Pairs):
    """Photographs of DIV2K, in full and in low resolution: columns `hr_image` and `lr_image`, uint8.
    https://data.vision.ee.ethz.ch/cvl/DIV2K
    """

    _usages, _others = ("train", "valid", "all"), ("hr_image", "lr_image")
    _own = """
        downgrade (str): how the resolution was lowered: "bicubic", "unknown", "mild", "difficult" or "wild".
        scale (int): how many times it is lower: 2, 3, 4 or 8."""

    def __init__(
        self, dataset_dir, usage="train", downgrade="bicubic", scale=2, num_samples=None, num_parallel_workers=None,
        shuffle=None, decode=None, sampler=None, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, usage, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id
        )
        for name, value, known in (
            ("downgrade", downgrade, ["bicubic", "unknown", "mild", "difficult", "wild"]),
            ("scale", scale, [2, 3, 4, 8]),
        ):
            if value not in known:
                raise ValueError(f"Input {name} is not within the valid set of {known}.")
        if (scale == 8 and downgrade != "bicubic") or (scale != 4 and downgrade in ("mild", "difficult", "wild")):
            raise ValueError(f"DIV2KDataset has no images of downgrade {downgrade!r} and scale {scale}.")
        self.downgrade, self.scale = downgrade, scale

    def _entries(self):
        return [entry for part in self._parts() for entry in self._pairs(part)]

    def _pairs(self, part: str) -> list[tuple]:
        if self.scale == 8 or self.downgrade in ("mild", "difficult", "wild"):
            low, mark = f"DIV2K_{part}_LR_{'x8' if self.scale == 8 else self.downgrade}", f"x{self.scale}"
            low, mark = (low, mark if self.scale == 8 else f"x4{self.downgrade[0]}")
        else:
            low, mark = f"DIV2K_{part}_LR_{self.downgrade}/X{self.scale}", f"x{self.scale}"
        high = map(Path, _images(self._at(f"DIV2K_{part}_HR")))
        return [(str(path), str(self._at(low, f"{path.stem}{mark}{path.suffix}"))) for path in high]


_SCENES = {"instance": "instanceIds.png", "semantic": "labelIds.png", "color": "color.png", "polygon": "polygons.json"}


class CityscapesDataset(_Pairs):
    """Streets of Cityscapes: columns `image`, uint8, and `task`, the image of the labels, or a string of polygons.
    https://www.cityscapes-dataset.com
    """

    _usages, _others = ("train", "test", "val", "train_extra", "all"), ("image", "task")
    _own = """
        quality_mode (str): "fine" or "coarse".
        task (str): "instance", "semantic", "polygon" or "color"."""

    def __init__(
        self, dataset_dir, usage="train", quality_mode="fine", task="instance", num_samples=None,
        num_parallel_workers=None, shuffle=None, decode=None, sampler=None, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, usage, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id
        )
        if task not in _SCENES:
            raise ValueError(f"Input task is not within the valid set of {list(_SCENES)}.")
        if quality_mode not in ("fine", "coarse"):
            raise ValueError("Input quality_mode is not within the valid set of ['fine', 'coarse'].")
        allowed = ("train", "test", "val", "all") if quality_mode == "fine" else ("train", "train_extra", "val", "all")
        if self.usage not in allowed:
            raise ValueError(f"Input usage is not within the valid set of {list(allowed)}.")
        self.quality_mode, self.task, self._allowed = quality_mode, task, allowed

    def _entries(self):
        labels = "gtFine" if self.quality_mode == "fine" else "gtCoarse"
        entries = []
        for part in [part for part in self._allowed if part != "all" and self.usage in ("all", part)]:
            for city in _folders(self._at("leftImg8bit", part)):
                for path in map(Path, _images(city)):
                    name = path.name.removesuffix("_leftImg8bit.png")
                    other = self._at(labels, part, city.name, f"{name}_{labels}_{_SCENES[self.task]}")
                    entries.append((str(path), self._polygons(other) if self.task == "polygon" else str(other)))
        return entries

    def _polygons(self, path: Path) -> np.ndarray:
        import json

        return np.array(json.dumps(json.loads(text_of(path)), separators=(",", ":")))

    def _reader(self) -> ImageReader:
        return ImageReader(self.decode, self.decrypt) if self.task == "polygon" else super()._reader()


_MOST_FACES = 9999  # of a person, whose numbers have four digits


class LFWDataset(_Images):
    """Faces of Labeled Faces in the Wild: columns `image`, uint8, and `label`, uint32, the number of the person; for
    pairs `image1`, `image2` and `label`, 1 if both are of one person. http://vis-www.cs.umass.edu/lfw
    """

    _usages = ("all", "10fold", "train", "test")
    _own = """
        task (str): "people" or "pairs"; None for "people".
        image_set (str): "original", "funneled" or "deepfunneled"; None for "funneled"."""
    _sets = {"original": "lfw", "funneled": "lfw_funneled", "deepfunneled": "lfw-deepfunneled"}  # noqa: RUF012

    def __init__(
        self, dataset_dir, task=None, usage=None, image_set=None, num_samples=None, num_parallel_workers=None,
        shuffle=None, decode=False, sampler=None, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, usage, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id
        )
        if task not in (None, "people", "pairs"):
            raise ValueError("Input task is not within the valid set of ['people', 'pairs'].")
        if image_set is not None and image_set not in self._sets:
            raise ValueError(f"Input image_set is not within the valid set of {list(self._sets)}.")
        self.task, self.image_set = task or "people", image_set or "funneled"

    def _columns(self) -> list[str]:
        return ["image", "label"] if self.task == "people" else ["image1", "image2", "label"]

    def _reader(self) -> ImageReader:
        return super()._reader() if self.task == "people" else ReaderOfBoth(self.decode, self.decrypt)

    def _face(self, name: str, number: int | str) -> str:
        return str(self._at(self._sets[self.image_set], name, f"{name}_{int(number):04d}.jpg"))

    def _entries(self):
        files = {"10fold": [""], "train": ["DevTrain"], "test": ["DevTest"], "all": ["DevTrain", "DevTest"]}[self.usage]
        lines = [line for file in files for line in self._rows_of(f"{self.task}{file}.txt")]
        if self.task == "pairs":
            return [entry for line in lines for entry in self._pair(line)]
        numbers = {name: number for number, (name, *_) in enumerate(sorted(self._rows_of("lfw-names.txt")))}
        return [
            (self._face(name, number), np.array(numbers[name], np.uint32))
            for name, count in (line for line in lines if len(line) == 2)
            for number in range(1, min(int(count), _MOST_FACES) + 1)
        ]

    def _pair(self, line: list[str]) -> Iterator[tuple]:
        if len(line) == 3:
            yield self._face(line[0], line[1]), self._face(line[0], line[2]), np.array(1, np.uint32)
        elif len(line) == 4:
            yield self._face(line[0], line[1]), self._face(line[2], line[3]), np.array(0, np.uint32)


class Places365Dataset(_Images):
    """Scenes of Places365: columns `image`, uint8, and `label`, uint32. http://places2.csail.mit.edu"""

    _usages = ("train-standard", "train-challenge", "val")
    _own = "\n        small (bool): whether images have 256 x 256 pixels."
    # The file of labels, and the folder of the images.
    _layout = {  # noqa: RUF012
        "train-standard": ("places365_train_standard.txt", "data_{}_standard"),
        "train-challenge": ("places365_train_challenge.txt", "data_{}_challenge"),
        "val": ("places365_val.txt", "val_{}"),
    }

    def __init__(
        self, dataset_dir, usage=None, small=True, decode=False, num_samples=None, num_parallel_workers=None,
        shuffle=None, sampler=None, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, usage, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id
        )
        check("Places365Dataset", "small", small, "bool")
        self.small = small

    def _entries(self):
        file, folder = self._layout[self.usage]
        folder = folder.format("256" if self.small else "large")
        return [
            (str(self._at(folder, name.lstrip("/"))), np.array(int(label), np.uint32))
            for name, label in self._rows_of(file)
        ]


class SBUDataset(_WithoutUsage):
    """Photographs of Flickr of the SBU collection: columns `image`, uint8, and `caption`, a string.
    https://www.cs.rice.edu/~vo9/sbucaptions

    Differs from MindSpore: an address of another host than Flickr's is taken, if its image is there.
    """

    _others = ("caption",)

    def _entries(self):
        urls, captions = (
            text_of(self._at(f"SBU_captioned_photo_dataset_{what}.txt")).splitlines() for what in ("urls", "captions")
        )
        # Not all images are still to be had: those that are there come.
        paths = [self._at("sbu_images", "m_" + "_".join(url.strip().split("/")[-2:])) for url in urls]
        pairs = zip(paths, captions, strict=True)
        return [(str(path), np.array(caption.strip())) for path, caption in pairs if path.is_file()]


class WIDERFaceDataset(_Images):
    """Faces in crowds of WIDER FACE. http://shuoyang1213.me/WIDERFACE

    Columns are `image`, uint8, and but for "test", for each face, `bbox` (left, top, width, height), `blur`,
    `expression`, `illumination`, `occlusion`, `pose` and `invalid`, int32. "all" is "train" and "valid".

    The columns have the numbers of a line in this order, as in MindSpore; the file itself says that the last three are
    `invalid`, `occlusion` and `pose`.

    Differs from MindSpore: images come in the order of their names, there in that of the file system.
    """

    _usages = ("all", "train", "valid", "test")
    _fields = "blur", "expression", "illumination", "occlusion", "pose", "invalid"

    def _columns(self) -> list[str]:
        return ["image", *([] if self.usage == "test" else ["bbox", *self._fields])]

    def _entries(self):
        if self.usage == "test":
            return [(path,) for folder in _folders(self._at("WIDER_test", "images")) for path in _images(folder)]
        parts = ("train", "val") if self.usage == "all" else (self.usage.removesuffix("id"),)
        return [entry for part in parts for entry in self._faces(part)]

    def _faces(self, part: str) -> Iterator[tuple]:
        lines = iter(self._rows_of("wider_face_split", f"wider_face_{part}_bbx_gt.txt"))
        # An image without faces has one line, too, of zeros.
        faces = {name: [next(lines) for _ in range(max(int(next(lines)[0]), 1))] for (name,) in lines}
        for name, rows in sorted(faces.items()):
            numbers = np.array(rows, np.int32)
            if numbers.shape[1:] != (10,):
                raise ValueError(f"a face of {name} should have 10 numbers")
            yield str(self._at(f"WIDER_{part}", "images", name)), numbers[:, :4], *numbers[:, 4:].T
