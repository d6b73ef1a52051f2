"""Small made-up files in the folders in which collections of images, sounds and sentences are published."""

from __future__ import annotations

import json
import struct
import wave
from itertools import count
from pathlib import Path

import numpy as np


class Folder:
    """Writes files of different contents below a folder."""

    def __init__(self, root: Path):
        from .files import png

        self.root, self.numbers, self.png = root, count(1), png
        self.draw = np.random.RandomState(0)

    def raw(self, name: str, content: bytes) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_bytes(content)

    def text(self, name: str, content: str) -> None:
        self.raw(name, content.encode())

    def images(self, *names: str) -> None:
        for name in names:
            self.raw(name, self.png(np.full((3, 4, 3), next(self.numbers), np.uint8)))

    def sounds(self, rate: int, *names: str) -> None:
        for name in names:
            self.raw(name, b"")
            with wave.open(str(self.root / name), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(rate)
                file.writeframes((np.arange(5) * 100 + next(self.numbers)).astype("<i2").tobytes())

    def idx(self, name: str, array: np.ndarray) -> None:
        code = 8 if array.dtype == np.uint8 else 12
        head = struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape)
        self.raw(name, head + array.astype(array.dtype.newbyteorder(">")).tobytes())


def write(root: Path) -> None:
    to = Folder(root)
    _images_by_folder(to)
    _images_by_list(to)
    _arrays(to)
    _sounds(to)
    _sentences(to)


def _images_by_folder(to: Folder) -> None:
    to.text("sun/ClassName.txt", "/a/abbey\n/b/bar/indoor\n/c/cave\n")
    to.images(*(f"sun/{name}/sun_{i}.jpg" for name in ("a/abbey", "b/bar/indoor", "c/cave") for i in (1, 2)))
    for part in ("train", "test", "valid"):
        to.images(*(f"rsst/{part}/{kind}/{i}.png" for kind in ("positive", "negative") for i in (0, 1)))
    for part in ("images_background", "images_evaluation"):
        letters = [f"{part}/{name}/character0{i}" for name in ("Greek", "Arcadian") for i in (2, 1)]
        to.images(*(f"omni/{letter}/0{i}.png" for letter in letters for i in (1, 2)))
    scenes = [f"{name}_{part}" for name in ("bedroom", "church_outdoor") for part in ("train", "val")]
    to.images(*(f"lsun/{scene}/{i}.jpg" for scene in scenes for i in (1, 2)))
    for part, first in (("train", 1), ("valid", 801)):
        for number in (first, first + 1):
            to.images(f"div2k/DIV2K_{part}_HR/{number:04d}.png")
            lower = [(how, scale) for how in ("bicubic", "unknown") for scale in (2, 3)]
            to.images(*(f"div2k/DIV2K_{part}_LR_{how}/X{by}/{number:04d}x{by}.png" for how, by in lower))
    for part in ("train", "val", "test"):
        for city in ("aachen", "bonn"):
            for name in (f"{city}/{city}_00000{i}_000019" for i in (1, 2)):
                to.images(f"city/leftImg8bit/{part}/{name}_leftImg8bit.png")
                kinds = ("instanceIds", "labelIds", "color")
                to.images(*(f"city/gtFine/{part}/{name}_gtFine_{kind}.png" for kind in kinds))
                to.text(f"city/gtFine/{part}/{name}_gtFine_polygons.json", '{"imgHeight": 3}')


def _images_by_list(to: Folder) -> None:
    to.images(*(f"food/images/{dish}/{i}.jpg" for dish in ("pie", "cake") for i in (1, 2, 3)))
    to.text("food/meta/train.txt", "pie/1\ncake/2\ncake/1\n")
    to.text("food/meta/test.txt", "pie/2\ncake/3\npie/3\n")
    to.text("food/meta/classes.txt", "cake\npie\n")
    objects = (
        "Car 0.00 0 -1.58 587.01 173.33 614.12 200.12 1.65 1.67 3.64 -0.65 1.71 46.70 -1.59\n"
        "DontCare -1 -1 -10 503.89 169.71 590.61 190.13 -1 -1 -1 -1000 -1000 -1000 -10\n"
    )
    to.images(*(f"kitti/data_object_image_2/training/image_2/00000{i}.png" for i in range(3)))
    to.images(*(f"kitti/data_object_image_2/testing/image_2/00000{i}.png" for i in range(2)))
    for i in range(3):
        more = "Cyclist 0.5 2 1 1 2 3 4 5 6 7 8 9 10 11\n" if i == 1 else ""
        to.text(f"kitti/data_object_label_2/training/label_2/00000{i}.txt", objects + more)
    to.images("flickr/images/1.jpg", "flickr/images/2.jpg", "flickr/images/3.jpg")
    to.text("flickr/a.token", "1.jpg#0\tone caption\n1.jpg#1\tsecond  one\n2.jpg#0\tdogs\n")
    people = ("Ann_Lee", "Bob_Ray", "Cy_Fox")
    for folder in ("lfw", "lfw_funneled", "lfw-deepfunneled"):
        to.images(*(f"lfw/{folder}/{name}/{name}_000{i}.jpg" for name in people for i in (1, 2, 3)))
    for part in ("Train", "Test"):
        to.text(f"lfw/pairsDev{part}.txt", "1\nAnn_Lee\t1\t2\nBob_Ray\t2\tCy_Fox\t3\n")
        to.text(f"lfw/peopleDev{part}.txt", "2\nAnn_Lee\t2\nCy_Fox\t1\n")
    pairs = "2\t1\nAnn_Lee\t1\t3\nBob_Ray\t2\tCy_Fox\t3\nBob_Ray\t1\t2\nAnn_Lee\t2\tCy_Fox\t1\n"
    to.text("lfw/pairs.txt", pairs)
    to.text("lfw/people.txt", "2\n2\nAnn_Lee\t2\nCy_Fox\t1\n1\nBob_Ray\t3\n")
    to.text("lfw/lfw-names.txt", "Ann_Lee\t3\nBob_Ray\t3\nCy_Fox\t3\n")
    to.text("places/categories_places365.txt", "/a/airfield 0\n/b/bar 1\n")
    to.text("places/places365_train_standard.txt", "/a/airfield/1.jpg 0\n/b/bar/2.jpg 1\n")
    to.text("places/places365_train_challenge.txt", "/a/airfield/c1.jpg 0\n")
    to.text("places/places365_val.txt", "v1.jpg 1\nv2.jpg 0\n")
    for size in ("256", "large"):
        to.images(f"places/data_{size}_standard/a/airfield/1.jpg", f"places/data_{size}_standard/b/bar/2.jpg")
        to.images(f"places/data_{size}_challenge/a/airfield/c1.jpg")
        to.images(f"places/val_{size}/v1.jpg", f"places/val_{size}/v2.jpg")


def _arrays(to: Folder) -> None:
    lines = []
    for i in range(4):
        pixels = ["1.0000" if i * j % 3 == 0 else "0.0000" for j in range(256)]
        lines.append(" ".join([*pixels, *("1" if k == i else "0" for k in range(10)), "\n"]))
    to.text("semeion/semeion.data", "".join(lines))
    for part, rows in (("train", 3), ("test", 2), ("unlabeled", 2)):
        to.raw(f"stl/{part}_X.bin", to.draw.randint(0, 256, (rows, 3, 96, 96), dtype=np.uint8).tobytes())
        to.raw(f"stl/{part}_y.bin", bytes(range(1, rows + 1)))
    for name, rows in (("usps", 3), ("usps.t", 2)):
        pixels = [" ".join(f"{j + 1}:{k * j % 200 / 100 - 1:.4f}" for j in range(256)) for k in range(rows)]
        to.text(f"usps/{name}", "".join(f"{k + 1} {line} \n" for k, line in enumerate(pixels)))
    for name, rows in (("qmnist-train", 4), ("qmnist-test", 5), ("xnist", 3)):
        to.idx(f"qmnist/{name}-images-idx3-ubyte", to.draw.randint(0, 256, (rows, 28, 28), dtype=np.uint8))
        to.idx(f"qmnist/{name}-labels-idx2-int", np.arange(rows * 8, dtype=np.int32).reshape(rows, 8))


def _sounds(to: Folder) -> None:
    to.sounds(8000, "yesno/0_1_0_1_1_0_0_1.wav")
    to.sounds(22050, *(f"gtzan/{name[:-6]}/{name}.wav" for name in ("blues.00000", "blues.00001", "jazz.00000")))
    words = [f"speech/{word}/abc{i}d_nohash_{i}.wav" for word in ("bed", "cat") for i in (0, 1)]
    to.sounds(16000, *words, "speech/_background_noise_/n.wav")
    to.text("speech/validation_list.txt", "bed/abc0d_nohash_0.wav\n")
    to.text("speech/testing_list.txt", "cat/abc1d_nohash_1.wav\n")
    to.sounds(22050, "lj/wavs/LJ001-0001.wav", "lj/wavs/LJ001-0002.wav")
    to.text("lj/metadata.csv", "LJ001-0001|Printing 1|Printing one\nLJ001-0002|in being|in being x\n")
    for name in ("aew", "ahw"):
        folder = f"cmu/cmu_us_{name}_arctic"
        to.sounds(16000, f"{folder}/wav/arctic_a0001.wav", f"{folder}/wav/arctic_b0002.wav")
        said = '( arctic_a0001 "Author of the danger, trail" )\n( arctic_b0002 "Not at this" )\n'
        to.text(f"{folder}/etc/txt.done.data", said)


def _sentences(to: Folder) -> None:
    to.text("conll/train.txt", "Confidence NN B-NP\nin IN B-PP\n\nthe DT B-NP\n. . O\n\n")
    to.text("conll/test.txt", "Rockwell NNP B-NP\n\nx NN I-NP\n\n")
    for part in ("train", "dev", "test"):
        to.text(f"udpos/en-ud-tag.v2.{part}.txt", f"Al{part}\tPROPN\tNNP\n-\tPUNCT\tHYPH\n\nI\tPRON\tPRP\n\n")
    to.text("sst2/train.tsv", "sentence\tlabel\nhide new \t0\ncontains wit\t1\n")
    to.text("sst2/dev.tsv", "sentence\tlabel\nit s\t1\n")
    to.text("sst2/test.tsv", "index\tsentence\n0\tuneasy mishmash\n1\tb c\n")
    answers = [{"text": "ctx", "answer_start": 0}, {"text": "one", "answer_start": 4}]
    questions = [{"id": "1", "question": "q1?", "answers": answers}, {"id": "2", "question": "q2?", "answers": []}]
    article = {"title": "T", "paragraphs": [{"context": "ctx one", "qas": questions}]}
    for part in ("train", "dev"):
        to.text(f"squad/{part}-v1.1.json", json.dumps({"version": "1.1", "data": [article]}))
    for language in ("en", "de"):
        to.text(f"multi/training/train.{language}", f"Two {language}\nA man {language} \n")
        to.text(f"multi/validation/val.{language}", f"Val {language}\n")
        to.text(f"multi/mmt16_task1_test/test.{language}", f"Test {language}\n")
