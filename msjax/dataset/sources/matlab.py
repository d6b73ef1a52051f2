"""Images whose labels, outlines or pixels are in files of MATLAB's.

SciPy, which JAX brings, reads them. For some that are damaged it ends the process: take them from who publishes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from msjax.core.kinds import check
from msjax.dataset.sources.folder import check_folder
from msjax.dataset.sources.generator import GeneratorDataset
from msjax.dataset.sources.image_folder import ImageReader
from msjax.dataset.sources.reading import reading, regular
from msjax.dataset.sources.slices import NumpySlicesDataset


def _matlab(path: Path, name: str) -> Any:
    """An array in a file of MATLAB's.

    Raises:
        RuntimeError: if there is no such file, or it has no such array.
    """
    from scipy.io import loadmat

    try:
        return loadmat(path)[name]
    except Exception as error:  # what bytes that are no such file raise is not limited to a few types
        raise RuntimeError(f"Invalid data, {path} is no file of MATLAB's with an array {name!r}: {error!r}.") from error


class _Rows:
    """Rows with numbers: what is made of each entry when it is asked for."""

    def __init__(self, entries: Sequence[tuple], read: Callable[..., tuple]):
        self._entries, self._read = entries, read

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: int) -> tuple:
        return self._read(*self._entries[index])


def _check_files(*paths: Path) -> None:
    for path in paths:
        if not path.is_file():
            raise ValueError(f"The file {path} does not exist or permission denied!")


def _check_choice(name: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"Input {name} is not within the valid set of {list(known)}.")


_ARGS = """
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): how many workers read and decode.
        shuffle (bool): whether in random order; None for True.
        decode (bool): whether images are decoded, into shape (height, width, 3), or the contents of the files.
        sampler (Sampler or Iterable): which rows come, and in which order.
        num_shards, shard_id (int): how many shares there are, and which this is.

    Raises:
        ValueError: if there is no such folder, or an argument is none of those above.
        FileNotFoundError: if there is no list or folder of the images.
        RuntimeError: if another file is missing, or one is not what it should be.
"""


class _Images(GeneratorDataset):
    """Base of these sources. A class defines `_entries()`: the number or name of each image, and what goes with it; and
    `_row()`, which makes a row of these.
    """

    def __init_subclass__(cls) -> None:
        cls.__doc__ = f"{(cls.__doc__ or '').rstrip()}{_ARGS}"

    def __init__(
        self, dataset_dir, columns, num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards, shard_id
    ):
        check(type(self).__name__, "decode", decode, "None or bool")
        self.dataset_dir, self.decode = dataset_dir, bool(decode)
        self._image = ImageReader(self.decode, None)
        super().__init__(
            _Rows(self._entries(), self._row), columns, num_samples=num_samples, sampler=sampler, shuffle=shuffle,
            num_parallel_workers=num_parallel_workers, num_shards=num_shards, shard_id=shard_id,
        )  # fmt: skip

    def _entries(self) -> list[tuple]:
        raise NotImplementedError

    def _row(self, *entry) -> tuple:
        raise NotImplementedError

    def _at(self, *names: str) -> Path:
        return Path(self.dataset_dir, *names)


# Classes whose outlines are in a folder of another name.
_OUTLINES = {
    "Faces": "Faces_2",
    "Faces_easy": "Faces_3",
    "Motorbikes": "Motorbikes_16",
    "airplanes": "Airplanes_Side_2",
}


class Caltech101Dataset(_Images):
    """Photographs of Caltech-101: columns `image`, uint8, and `category`, int64, or `annotation`, float64, the outline
    as points of shape (2, number of points), or all three. https://data.caltech.edu/records/mzrjq-6wc02

    Differs from MindSpore: `get_class_indexing` gives the classes that are in the folder.

    Args:
        dataset_dir (str): the folder with 101_ObjectCategories and Annotations.
        target_type (str): "category", "annotation" or "all"; None for "category".
    """

    def __init__(
        self, dataset_dir, target_type=None, num_samples=None, num_parallel_workers=1, shuffle=None, decode=False,
        sampler=None, num_shards=None, shard_id=None,
    ):  # fmt: skip
        check_folder(self, dataset_dir, None, ())
        self.target_type = target_type or "category"
        _check_choice("target_type", self.target_type, ("category", "annotation", "all"))
        others = [one for one in ("category", "annotation") if self.target_type in (one, "all")]
        super().__init__(
            dataset_dir, ["image", *others], num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards,
            shard_id,
        )  # fmt: skip

    def get_class_indexing(self) -> dict:
        """The numbers of the classes, by name."""
        names = sorted(path.name for path in self._at("101_ObjectCategories").iterdir() if path.is_dir())
        return {name: number for number, name in enumerate(name for name in names if name != "BACKGROUND_Google")}

    def _entries(self) -> list[tuple]:
        return [
            (path, label)
            for name, label in self.get_class_indexing().items()
            for path in sorted(self._at("101_ObjectCategories", name).glob("image_*.jpg"))
        ]

    def _row(self, path: Path, label: int) -> tuple:
        row = [*self._image(str(path))]
        if self.target_type != "annotation":
            row.append(np.array(label, np.int64))
        if self.target_type != "category":
            folder = _OUTLINES.get(path.parent.name, path.parent.name)
            file = self._at("Annotations", folder, f"annotation_{path.stem.removeprefix('image_')}.mat")
            row.append(_matlab(file, "obj_contour"))
        return tuple(row)


_FLOWERS = (
    "pink primrose, hard-leaved pocket orchid, canterbury bells, sweet pea, english marigold, tiger lily, moon "
    "orchid, bird of paradise, monkshood, globe thistle, snapdragon, colt's foot, king protea, spear thistle, yellow "
    "iris, globe-flower, purple coneflower, peruvian lily, balloon flower, giant white arum lily, fire lily, "
    "pincushion flower, fritillary, red ginger, grape hyacinth, corn poppy, prince of wales feathers, stemless "
    "gentian, artichoke, sweet william, carnation, garden phlox, love in the mist, mexican aster, alpine sea holly, "
    "ruby-lipped cattleya, cape flower, great masterwort, siam tulip, lenten rose, barbeton daisy, daffodil, sword "
    "lily, poinsettia, bolero deep blue, wallflower, marigold, buttercup, oxeye daisy, common dandelion, petunia, "
    "wild pansy, primula, sunflower, pelargonium, bishop of llandaff, gaura, geranium, orange dahlia, pink-yellow "
    "dahlia?, cautleya spicata, japanese anemone, black-eyed susan, silverbush, californian poppy, osteospermum, "
    "spring crocus, bearded iris, windflower, tree poppy, gazania, azalea, water lily, rose, thorn apple, morning "
    "glory, passion flower, lotus, toad lily, anthurium, frangipani, clematis, hibiscus, columbine, desert-rose, tree "
    "mallow, magnolia, cyclamen, watercress, canna lily, hippeastrum, bee balm, ball moss, foxglove, bougainvillea, "
    "camellia, mallow, mexican petunia, bromelia, blanket flower, trumpet creeper, blackberry lily"
)


class Flowers102Dataset(_Images):
    """Flowers of Oxford's: columns `image`, uint8, for "Segmentation" `segmentation`, the image of the segments, and
    `label`, uint32. https://www.robots.ox.ac.uk/~vgg/data/flowers/102

    Args:
        dataset_dir (str): the folder with jpg, segmim, imagelabels.mat and setid.mat.
        task (str): "Classification" or "Segmentation".
        usage (str): which part of the data: "train", "valid", "test" or "all".
    """

    _parts = {"train": "trnid", "test": "tstid", "valid": "valid"}  # noqa: RUF012

    def __init__(
        self, dataset_dir, task="Classification", usage="all", num_samples=None, num_parallel_workers=1, shuffle=None,
        decode=False, sampler=None, num_shards=None, shard_id=None,
    ):  # fmt: skip
        check_folder(self, dataset_dir, usage, (*self._parts, "all"))
        _check_choice("task", task, ("Classification", "Segmentation"))
        _check_files(*(Path(dataset_dir, f"{name}.mat") for name in ("imagelabels", "setid")))
        self.task, self.usage = task, usage
        others = ["segmentation", "label"] if task == "Segmentation" else ["label"]
        super().__init__(
            dataset_dir, ["image", *others], num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards,
            shard_id,
        )  # fmt: skip

    def _entries(self) -> list[tuple]:
        lists = [name for part, name in self._parts.items() if self.usage in (part, "all")]
        with reading(self, self.dataset_dir):
            labels = _matlab(self._at("imagelabels.mat"), "labels").ravel() - 1
            numbers = np.concatenate([_matlab(self._at("setid.mat"), name).ravel() for name in lists])
            return [(int(number), labels[number - 1].astype(np.uint32)) for number in numbers]

    def _row(self, number: int, label: np.uint32) -> tuple:
        folders = ("jpg", "image"), ("segmim", "segmim")
        images = [
            self._image(str(self._at(folder, f"{name}_{number:05d}.jpg")))[0]
            for folder, name in folders[: 2 if self.task == "Segmentation" else 1]
        ]
        return *images, label

    def get_class_indexing(self) -> dict:
        """The numbers of the classes, by name."""
        return {name: number for number, name in enumerate(_FLOWERS.split(", "))}


class SBDataset(_Images):
    """The Semantic Boundaries data: columns `image`, uint8, and `task`, uint8: for "Boundaries" of shape (20, height,
    width), for each class where its edges are, for "Segmentation" of shape (height, width), the class of each pixel.
    http://home.bharathh.info/pubs/codes/SBD/download.html

    Args:
        dataset_dir (str): the folder with img, cls, train.txt, val.txt and train_noval.txt.
        task (str): "Boundaries" or "Segmentation".
        usage (str): which part of the data: "train", "val", "train_noval" or "all", which is "train" and "val".
    """

    def __init__(
        self, dataset_dir, task="Boundaries", usage="all", num_samples=None, num_parallel_workers=1, shuffle=None,
        decode=None, sampler=None, num_shards=None, shard_id=None,
    ):  # fmt: skip
        check_folder(self, dataset_dir, usage, ("train", "val", "train_noval", "all"))
        _check_choice("task", task, ("Boundaries", "Segmentation"))
        self.task, self.usage = task, usage
        super().__init__(
            dataset_dir, ["image", "task"], num_samples, num_parallel_workers, shuffle, decode, sampler, num_shards,
            shard_id,
        )  # fmt: skip

    def _entries(self) -> list[tuple]:
        files = [self._at(f"{part}.txt") for part in (("train", "val") if self.usage == "all" else (self.usage,))]
        lists = b"\n".join(regular(file).read_bytes() for file in files)
        with reading(self, "the lists of images"):
            return [(name,) for name in lists.decode("utf-8").split()]

    def _row(self, name: str) -> tuple:
        (image,) = self._image(str(self._at("img", f"{name}.jpg")))
        file = self._at("cls", f"{name}.mat")
        with reading(self, file):
            truth = _matlab(file, "GTcls")
            segments = truth["Segmentation"][0, 0]
            if self.task == "Segmentation":
                return image, segments
            return image, np.stack([_dense(edges, segments.shape) for edges in truth["Boundaries"][0, 0][:, 0]])


def _dense(matrix: Any, shape: tuple[int, ...]) -> np.ndarray:
    """The array of a sparse matrix, whose indices are checked: nobody else does, and those of a damaged file crash."""
    if matrix.shape != shape:
        raise ValueError(f"a matrix has the shape {matrix.shape}, but should have {shape}")
    matrix.check_format(full_check=True)
    return matrix.toarray()


class SVHNDataset(NumpySlicesDataset):
    """Numbers of houses in the street: columns `image`, uint8 of shape (32, 32, 3), and `label`, uint32, the digit.
    http://ufldl.stanford.edu/housenumbers

    Args:
        dataset_dir (str): the folder with train_32x32.mat, test_32x32.mat and extra_32x32.mat.
        usage (str): "train", "test", "extra" or "all"; None for all.
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): accepted for compatibility.
        shuffle (bool): whether in random order; None for True.
        sampler (Sampler or Iterable): which rows come, and in which order.
        num_shards, shard_id (int): how many shares there are, and which this is.

    Raises:
        ValueError: if there is no such folder, file or usage.
        RuntimeError: if a file is not what it should be.
    """

    def __init__(
        self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=1, shuffle=None, sampler=None,
        num_shards=None, shard_id=None,
    ):  # fmt: skip
        parts = "train", "test", "extra"
        check_folder(self, dataset_dir, usage, (*parts, "all"))
        files = [Path(dataset_dir, f"{part}_32x32.mat") for part in parts if usage in (None, "all", part)]
        _check_files(*files)
        with reading(self, dataset_dir):
            images = np.concatenate([_matlab(file, "X").transpose(3, 0, 1, 2) for file in files])
            labels = np.concatenate([_matlab(file, "y").ravel().astype(np.uint32) for file in files])
            if not len(labels) or len(labels) != len(images):
                raise ValueError(f"there are {len(images)} images and {len(labels)} labels")
        labels[labels == 10] = 0  # as the files say 0
        super().__init__(
            (images, labels), ["image", "label"], num_samples, num_parallel_workers, shuffle, sampler, num_shards,
            shard_id,
        )  # fmt: skip
        self.dataset_dir, self.usage = dataset_dir, usage or "all"
