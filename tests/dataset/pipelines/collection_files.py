"""Small made-up files: labels and outlines in MATLAB's format, pairs of patches, boxes of faces, talks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .layout_files import Folder


class _Folder(Folder):
    def matlab(self, name: str, **arrays) -> None:
        from scipy.io import savemat

        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        savemat(self.root / name, arrays)

    def bitmap(self, name: str, pixels: np.ndarray) -> None:
        from PIL import Image

        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(self.root / name)

    def sphere(self, name: str, samples: np.ndarray, order: str) -> None:
        """A sound with the header of NIST's, in the order of bytes "01" or "10"."""
        head = (
            f"NIST_1A\n   1024\nsample_count -i {len(samples)}\nsample_n_bytes -i 2\nchannel_count -i 1\n"
            f"sample_byte_format -s2 {order}\nsample_rate -i 16000\nsample_coding -s3 pcm\nend_head\n"
        )
        self.raw(name, head.encode().ljust(1024) + samples.astype(">i2" if order == "10" else "<i2").tobytes())


def write(root: Path) -> None:
    to = _Folder(root)
    _outlines(to)
    _photographs(to)
    _talks(to)
    _translations(to)


def _outlines(to: _Folder) -> None:
    for number, (name, notes) in enumerate({"Faces": "Faces_2", "ant": "ant", "BACKGROUND_Google": "x"}.items()):
        for i in (1, 2):
            to.images(f"caltech101/101_ObjectCategories/{name}/image_{i:04d}.jpg")
            points = np.arange(4.0 + 2 * i).reshape(2, -1) + number
            to.matlab(f"caltech101/Annotations/{notes}/annotation_{i:04d}.mat", obj_contour=points)
    flowers = range(1, 7)
    to.images(*(f"flowers/jpg/image_{i:05d}.jpg" for i in flowers))
    to.images(*(f"flowers/segmim/segmim_{i:05d}.jpg" for i in flowers))
    to.matlab("flowers/imagelabels.mat", labels=np.array([[3, 1, 102, 77, 1, 2]], np.uint8))
    to.matlab("flowers/setid.mat", trnid=np.array([[6, 2]]), valid=np.array([[3]]), tstid=np.array([[1, 5, 4]]))
    from scipy.sparse import csc_matrix

    for number, name in enumerate(("2008_01", "2008_02", "2008_03")):
        to.images(f"sbd/img/{name}.jpg")
        edges = np.empty((20, 1), object)
        for i in range(20):
            edges[i, 0] = csc_matrix(np.eye(3, 4, k=(i + number) % 3, dtype=np.uint8))
        parts = {"Boundaries": edges, "Segmentation": np.full((3, 4), number + 1, np.uint8), "CategoriesPresent": 1}
        to.matlab(f"sbd/cls/{name}.mat", GTcls=parts)
    to.text("sbd/train.txt", "2008_03\n2008_01\n")
    to.text("sbd/val.txt", "2008_02\n")
    to.text("sbd/train_noval.txt", "2008_01\n")
    for part, count in (("train", 3), ("test", 2), ("extra", 2)):
        labels = np.array([[10], [1], [2]], np.uint8)[:count]
        to.matlab(f"svhn/{part}_32x32.mat", X=to.draw.randint(0, 256, (32, 32, 3, count), dtype=np.uint8), y=labels)


def _photographs(to: _Folder) -> None:
    to.images(*(f"caltech256/{name}_{i:04d}.jpg" for name in ("002.flag/002", "001.ak47/001") for i in (2, 1)))
    to.images(*(f"caltech256/002.flag/3.{ending}" for ending in ("JPEG", "JPG", "png")))
    to.text("caltech256/001.ak47/RENAME2", "x")
    to.text(
        "sbu/SBU_captioned_photo_dataset_urls.txt",
        "http://static.flickr.com/2723/4385_b0f2.jpg\nhttp://static.flickr.com/1/gone.jpg\nhttp://static.flickr.com/3/1_c.jpg\n",
    )
    to.text("sbu/SBU_captioned_photo_dataset_captions.txt", "A walk  by the sea \ngone\nThird, one.\n")
    to.images("sbu/sbu_images/m_2723_4385_b0f2.jpg", "sbu/sbu_images/m_3_1_c.jpg")
    for number in range(2):
        to.bitmap(f"tour/liberty/patches{number:04d}.bmp", to.draw.randint(0, 256, (1024, 1024), dtype=np.uint8))
    to.text("tour/liberty/info.txt", "".join(f"{i // 2} 0\n" for i in range(260)))
    pairs = ("0 0 0 1 0 0 0", "2 1 0 259 129 0 0", "17 8 0 16 8 0 0")
    to.text("tour/liberty/m50_100000_100000_0.txt", "".join(f"{pair}\n" for pair in pairs))
    faces = (
        "449 330 122 149 0 1 0 0 2 1 \n",
        "361 98 263 339 1 0 1 1 0 0 \n5 6 7 8 2 0 0 0 1 0 \n",
        "0 0 0 0 0 0 0 0 0 0 \n",
    )
    for part in ("train", "val"):
        names = [f"0--Parade/{part}_1.jpg", f"0--Parade/{part}_2.jpg", f"1--Hands/{part}_3.jpg"]
        to.images(*(f"wider/WIDER_{part}/images/{name}" for name in names))
        counts = (1, 2, 0)
        lines = (f"{name}\n{count}\n{text}" for name, count, text in zip(names, counts, faces, strict=True))
        to.text(f"wider/wider_face_split/wider_face_{part}_bbx_gt.txt", "".join(lines))
    to.images("wider/WIDER_test/images/0--Parade/t_1.jpg", "wider/WIDER_test/images/1--Hands/t_2.jpg")
    to.text("wider/wider_face_split/wider_face_test_filelist.txt", "1--Hands/t_2.jpg\n0--Parade/t_1.jpg\n")


def _talks(to: _Folder) -> None:
    for part in ("dev-clean", "train-clean-100"):
        for speaker, chapter in ((84, 121123), (116, 28804), (84, 9)):
            folder = f"libri/{part}/{speaker}/{chapter}"
            names = [f"{speaker}_{chapter}_00000{i}_000000" for i in (3, 1)]
            to.sounds(24000, *(f"{folder}/{name}.wav" for name in names))
            lines = (f"{name}\tSaid by Mr. {speaker}\tSaid by Mister {speaker}\n" for name in names)
            to.text(f"{folder}/{speaker}_{chapter}.trans.tsv", "".join(lines))
    folders = [f"ted1/{part}" for part in ("train", "test", "dev")]
    for folder in [*folders, "ted3/data"]:
        for talk in ("Bill_2010", "Al_2009"):
            to.sphere(f"{folder}/sph/{talk}.sph", np.arange(16) * 1000 - next(to.numbers), "01")
            said = (
                f"{talk} 1 {talk} 0.0000 0.0005 <o,f0,male> one  more thing \n"
                f"{talk} 1 inter_segment_gap 0.0003 0.00061 <o,,unknown> ignore_time_segment_in_scoring\n"
            )
            to.text(f"{folder}/stm/{talk}.stm", said)
    to.sphere("ted_big/train/sph/Al_2009.sph", np.arange(16) * 1000, "10")
    to.text("ted_big/train/stm/Al_2009.stm", "Al_2009 1 Al_2009 0.0000 0.0005 <o,f0,male> one\n")


def _translations(to: _Folder) -> None:
    head = "<url>http://x</url>\n<keywords>a, b</keywords>\n"
    for folder, year, pair in (
        ("iwslt16/texts/de/en/de-en", 16, "de-en"),
        ("iwslt16/texts/en/fr/en-fr", 16, "en-fr"),
        ("iwslt17/texts/DeEnItNlRo/DeEnItNlRo/DeEnItNlRo-DeEnItNlRo", 17, "de-en"),
        ("iwslt17/texts/DeEnItNlRo/DeEnItNlRo/DeEnItNlRo-DeEnItNlRo", 17, "it-nl"),
    ):
        for language in pair.split("-"):
            said = (
                f"First {language} & one\n  Second {language}  \n<description>TED</description>\n<b>Last {language}\n"
            )
            to.text(f"{folder}/train.tags.{pair}.{language}", head + said)
            for part in ("dev2010", "tst2010", "tst2013", "tst2014"):
                talk = "".join(f'<seg id="{i}"> {part} {language} &amp; {i} </seg>\n' for i in (1, 2))
                body = f'<doc docid="1"><title>A title</title>\n{talk}</doc>\n'
                text = f'<?xml version="1.0" encoding="UTF-8"?>\n<mteval><srcset>\n{body}</srcset></mteval>\n'
                to.text(f"{folder}/IWSLT{year}.TED.{part}.{pair}.{language}.xml", text)
