"""Folders of JPEG images, one for each class, as MindRecord files."""

from __future__ import annotations

import os
from collections.abc import Iterator

from msjax import log
from msjax.mindrecord.converters.base import check_partitions, check_str, write
from msjax.mindrecord.errors import PathNotExistsError

_SCHEMA = {"label": {"type": "int32"}, "image": {"type": "bytes"}, "file_name": {"type": "string"}}


class ImageNetToMR:
    """Write images in folders as MindRecord files: the class, the file as it is, and its name.

    Args:
        map_file (str): a text file with a line for each class: the name of its folder, a blank, its number.
        image_dir (str): the folder with those folders.
        destination (str): the MindRecord file.
        partition_number (int): how many files share out the rows.

    Raises:
        ValueError: if an argument is of another type, or the text file another.
        OSError: if there is no such file.
        PathNotExistsError: if there is no such folder.

    Example:
        >>> import os, tempfile
        >>> from msjax.mindrecord import FileReader, ImageNetToMR
        >>> folder = tempfile.mkdtemp()
        >>> os.mkdir(os.path.join(folder, "cats"))
        >>> for name, text in (("map.txt", "cats 5"), ("cats/a.jpeg", "...")):
        ...     with open(os.path.join(folder, name), "w") as file:
        ...         _ = file.write(text)
        >>> destination = os.path.join(folder, "images.mindrecord")
        >>> ImageNetToMR(os.path.join(folder, "map.txt"), folder, destination).transform()
        >>> [(row["label"], row["image"]) for row in FileReader(destination).get_next()]
        [(5, b'...')]
    """

    def __init__(self, map_file, image_dir, destination, partition_number: int = 1):
        check_str("map_file", map_file)
        check_str("image_dir", image_dir)
        check_str("destination", destination)
        check_partitions(partition_number)
        self.map_file, self.image_dir = map_file, image_dir
        self.destination, self.partition_number = destination, partition_number

    def transform(self) -> None:
        """Write the file."""
        if not os.path.exists(self.map_file):
            raise OSError(f"map file {self.map_file} not exists")
        if not os.path.isdir(self.image_dir) or not os.listdir(self.image_dir):
            raise PathNotExistsError(f"not valid image dir in {self.image_dir}")
        index = ["label", "file_name"]
        write(
            self.destination, self.partition_number, _SCHEMA, "imagenet_schema", index, self._rows(), whole=True
        )  # fmt: skip

    def _rows(self) -> Iterator[dict]:
        for name, label in self._classes():
            folder = os.path.join(self.image_dir, name)
            if not os.path.isdir(folder):
                log.warning(f"The class {name} of {self.map_file} is left out: there is no folder {folder}.")
                continue
            for file_name in sorted(os.listdir(folder)):
                path = os.path.join(folder, file_name)
                if file_name.lower().endswith((".jpg", ".jpeg")):
                    with open(path, "rb") as file:
                        yield {"label": label, "file_name": path, "image": file.read()}

    def _classes(self) -> list[tuple[str, int]]:
        with open(self.map_file, encoding="utf-8") as file:
            lines = [line.split() for line in file if line.strip()]
        for line in lines:
            if len(line) < 2 or not line[1].isdecimal() or not int(line[1][:20]) < 2**31:
                raise ValueError(f"map file {self.map_file}: a line should have a name and a number, but has {line}.")
        return [(line[0], int(line[1])) for line in lines]
