"""The files that pipelines read, small and made up."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np

from . import collection_files, layout_files

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
    write_corpora(folder)
    write_annotated_images(folder)
    layout_files.write(folder / "layouts")
    collection_files.write(folder / "layouts")


def write_annotated_images(folder: Path) -> None:
    """Images with annotations, as of COCO, PASCAL VOC, CelebA and ModelArts."""
    draw = np.random.RandomState(3)
    names = [f"coco/{i}.png" for i in (1, 2, 3)] + [f"celeba/{i:06d}.jpg" for i in (1, 2, 3)]
    names += [f"voc/{part}" for name in "abc" for part in (f"JPEGImages/{name}.jpg", f"SegmentationClass/{name}.png")]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(png(draw.randint(0, 256, (2, 3, 3), dtype=np.uint8)))
    contents = {
        "coco.json": json.dumps(_coco()),
        "panoptic.json": json.dumps(_coco() | {"annotations": _PANOPTIC}),
        "celeba/list_attr_celeba.txt": "3\nA B C\n000001.jpg  1 -1 -1\n000002.jpg -1  1  1\n000003.jpg  1 -1 -1\n",
        "celeba/list_eval_partition.txt": "000001.jpg 0\n000002.jpg 1\n000003.jpg 0\n",
        "manifest.txt": "".join(
            json.dumps({"source": str(folder / source), "usage": usage, "annotation": [{"name": name, "type": _LABEL}]})
            + "\n"
            for source, usage, name in (
                ("coco/1.png", "train", "dog"), ("coco/2.png", "train", "cat"), ("coco/3.png", "eval", "dog")
            )
        ),
        "voc/ImageSets/Main/train.txt": "b\na\nc\n",
        "voc/ImageSets/Main/val.txt": "c\n",
        "voc/ImageSets/Segmentation/train.txt": "c\na\n",
        "voc/Annotations/a.xml": _voc(("dog", 0, 1, 1, 2, 3, 4), ("cat", 1, 0, 2, 2, 5, 6)),
        "voc/Annotations/b.xml": _voc(("person", 0, 0, 1, 1, 2, 2)),
        "voc/Annotations/c.xml": _voc(("zebra", 0, 0, 1, 1, 2, 2)),
    }  # fmt: skip
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


_LABEL = "modelarts/image_classification"
_PANOPTIC = [
    {
        "image_id": 1,
        "segments_info": [
            {"category_id": 7, "bbox": [1, 2, 3, 4], "iscrowd": 0, "area": 5},
            {"category_id": 3, "bbox": [0, 2, 3, 4], "iscrowd": 1, "area": 6},
        ],
    },
    {"image_id": 2, "segments_info": [{"category_id": 3, "bbox": [1, 1, 1, 1], "iscrowd": 1, "area": 2}]},
]


def _coco() -> dict:
    common = {"iscrowd": 0, "area": 3}
    return {
        "images": [{"id": i, "file_name": f"{i}.png", "width": 3, "height": 2} for i in (2, 1, 3)],
        "categories": [{"id": 7, "name": "cat", "isthing": 1}, {"id": 3, "name": "dog", "isthing": 0}],
        "annotations": [
            common | {"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4.5], "caption": "one",
                      "segmentation": [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10]], "keypoints": [1, 2, 1, 3, 4, 2],
                      "num_keypoints": 2},
            common | {"id": 2, "image_id": 1, "category_id": 3, "bbox": [0, 0, 1, 1], "caption": "three",
                      "segmentation": [[1, 1, 2, 2]], "keypoints": [1, 2, 1], "num_keypoints": 1},
            common | {"id": 3, "image_id": 2, "category_id": 3, "bbox": [5, 6, 7, 8], "caption": "é",
                      "segmentation": [[9, 9]], "keypoints": [1, 2, 1], "num_keypoints": 1},
        ],
    }  # fmt: skip


def _voc(*objects: tuple) -> str:
    each = (
        "<object><name>{}</name><truncated>{}</truncated><difficult>{}</difficult><bndbox><xmin>{}</xmin>"
        "<ymin>{}</ymin><xmax>{}</xmax><ymax>{}</ymax></bndbox></object>"
    )
    return f"<annotation>{''.join(each.format(*one) for one in objects)}</annotation>"


def write_corpora(folder: Path) -> None:
    """Texts in the files in which they are published."""
    contents = {
        "csv2/train.csv": '"1","t1"\n"2","t2"\n',
        "csv2/test.csv": '"1","t3"\n',
        "csv3/train.csv": '"1","t1","d, ""q"" 1"\n"2","t2","d2"\n"3","t3","d3"\n',
        "csv3/test.csv": '"4","t4","d4"\n"5","t5","é"\n',
        "csv4/train.csv": '"1","t1","a","b"\n"2","t2","c",""\n',
        "csv4/test.csv": '"1","t3","d","e"\n',
        "wiki/wiki.train.tokens": " \n = A = \n\n x y \n",
        "wiki/wiki.test.tokens": "t1\n",
        "wiki/wiki.valid.tokens": "v1\nv2\n",
        "ptb/ptb.train.txt": " a b \n\n c \n",
        "ptb/ptb.test.txt": "t1\n",
        "ptb/ptb.valid.txt": "v1\n",
        "enwik/enwik9": "<x>\n\n  y\n",
    }
    for part in ("train", "test"):
        for kind in ("pos", "neg"):
            for i in (0, 1, 10, 2):
                contents[f"imdb/{part}/{kind}/{i}_7.txt"] = f"{part} {kind} {i}"
    record = {
        "id": 3, "sentence1": "s1", "sentence2": "s2", "label": "1", "abst": "ab", "keyword": ["k1", "k22"],
        "label_des": "ld", "label_desc": "ldc", "sentence": "se", "keywords": "a,b", "idx": 7, "text": "te",
        "target": {"span1_index": 1, "span2_index": 2, "span1_text": "x", "span2_text": "y"},
    }  # fmt: skip
    records = [record, record | {"sentence1": "é", "label": 0}, record | {"id": "9"}]
    contents["clue.json"] = "\n".join(map(json.dumps, records)) + "\n\n"
    contents["clue_short.json"] = '{"id": 1}\n'
    contents["clue_broken.json"] = "{broken\n"
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


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
