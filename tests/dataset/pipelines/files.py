"""The files that pipelines read, small and made up."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np

RECORDED = Path(__file__).resolve().parent.parent / "recorded"


def write(folder: Path) -> None:
    """Write all of them into a folder."""
    for name, lines in (("a", 7), ("b", 5), ("c", 3)):
        (folder / f"{name}.txt").write_text("".join(f"{name}{i}\n" for i in range(lines)))
    (folder / "odd.text").write_bytes("x\n\n  \ny z\r\nlast é".encode())
    (folder / "header.csv").write_text('x,y,z\n1,2.5,abc\n4,5.5,"d,e"\n7,8.5,\n')
    (folder / "plain.csv").write_text("1,2.5,abc\n4,5.5,de\n")
    (folder / "quoted.csv").write_text('a,b\n"x ""y"" z",2\n"l1\nl2",3\n\n5,\n')
    write_mnist(folder / "mnist")
    write_cifar(folder)
    write_images(folder / "images")
    write_tfrecords(folder)
    zipfile.ZipFile(RECORDED / "mindrecord.zip").extractall(folder / "mindrecord")


def write_mnist(folder: Path) -> None:
    folder.mkdir()
    draw = np.random.RandomState(0)
    for part, count in (("train", 7), ("t10k", 5)):
        images = draw.randint(0, 256, (count, 28, 28), dtype=np.uint8)
        labels = bytes(i % 3 for i in range(count))
        head = struct.pack(">IIII", 2051, count, 28, 28)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(head + images.tobytes())
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 2049, count) + labels)


def write_cifar(folder: Path) -> None:
    """One file of each kind, of the size that MindSpore insists on."""
    draw = np.random.RandomState(1)
    for name, file, labels in (("cifar10", "test_batch.bin", 1), ("cifar100", "test.bin", 2)):
        (folder / name).mkdir()
        records = np.zeros((10000, labels + 3072), np.uint8)
        records[:4] = draw.randint(0, 256, records[:4].shape)
        records[:, :labels] = np.arange(10000)[:, None] % 10
        records.tofile(folder / name / file)


def write_images(folder: Path) -> None:
    draw = np.random.RandomState(2)
    for name, count in (("dog", 3), ("cat", 2), ("ant", 1)):
        (folder / name).mkdir(parents=True)
        for i in range(count):
            image = png(draw.randint(0, 256, (4 + i, 5, 3), dtype=np.uint8))
            (folder / name / f"{i}.{'png' if i % 2 else 'PNG'}").write_bytes(image)
    (folder / "dog" / "readme.txt").write_text("no image")
    (folder / "empty").mkdir()


def png(image: np.ndarray) -> bytes:
    """An image of shape (height, width, 3) in the format PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    height, width, _ = image.shape
    lines = b"".join(b"\0" + line.tobytes() for line in image)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def write_tfrecords(folder: Path) -> None:
    for name, count in (("a", 5), ("b", 3), ("c", 2)):
        records = [{"n": [i], "x": [i + 0.5, -1.5], "s": [f"{name}{i}".encode()]} for i in range(count)]
        (folder / f"{name}.tfrecord").write_bytes(b"".join(map(tfrecord, records)))
    several = {"n": [1, -2, 3, 4], "x": [0.5], "s": [b"one", b"three"], "none": []}
    (folder / "several.tfrecord").write_bytes(tfrecord(several) * 2)
    (folder / "ragged.tfrecord").write_bytes(tfrecord({"n": [1]}) + tfrecord({"n": [1, 2]}))
    (folder / "cut.tfrecord").write_bytes((tfrecord({"n": [1]}) * 2)[:-3])
    broken = bytearray(tfrecord({"n": [1]}) * 2)
    broken[14] ^= 255
    (folder / "broken.tfrecord").write_bytes(broken)


def tfrecord(features: dict) -> bytes:
    """A record of TensorFlow's with an Example: lists of bytes, ints or floats, by name."""
    entries = b""
    for name, values in features.items():
        if values and isinstance(values[0], bytes):
            feature = field(1, b"".join(field(1, value) for value in values))
        elif values and isinstance(values[0], float):
            feature = field(2, field(1, struct.pack(f"<{len(values)}f", *values)))
        else:
            feature = field(3, field(1, b"".join(varint(value % 2**64) for value in values)))
        entries += field(1, field(1, name.encode()) + field(2, feature))
    content = field(1, entries)
    length = struct.pack("<Q", len(content))
    return length + masked(length) + content + masked(content)


def field(number: int, content: bytes) -> bytes:
    """A field of a protocol buffer that holds bytes."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def masked(content: bytes) -> bytes:
    """The CRC-32C of bytes, as the format masks it."""
    crc = 0xFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) % 2**32)
