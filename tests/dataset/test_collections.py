"""Sources with files in the formats of MATLAB and NIST: what is not recorded, and files that are broken."""

from pathlib import Path

import numpy as np
import pytest

import msjax.dataset as ds
from dataset.pipelines import collection_files

scipy_io = pytest.importorskip("scipy.io")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("collections")
    collection_files.write(folder)
    return folder


def rows(dataset):
    return list(dataset.create_dict_iterator(num_epochs=1, output_numpy=True))


@pytest.mark.parametrize("name, release, usage", [("ted_big", "release1", "train"), ("ted1", "release2", "test")])
def test_talks_are_heard(folder, name, release, usage):
    """MindSpore gives zeros in place of the samples."""
    row, *others = rows(ds.TedliumDataset(str(folder / name), release, usage, shuffle=False))
    content = (folder / name / usage / "sph" / "Al_2009.sph").read_bytes()[1024:]
    samples = np.frombuffer(content, ">i2" if name == "ted_big" else "<i2")
    np.testing.assert_array_equal(row["waveform"], samples[None, :8] / np.float32(32767), strict=True)
    if others:
        np.testing.assert_array_equal(others[1]["waveform"], samples[None, 4:9] / np.float32(32767), strict=True)


@pytest.mark.parametrize(
    "content, says",
    [
        (b"", "no file of NIST's format"),
        (b"NIST_1A\n   1024\nsample_rate -i many\nend_head\n", "sample_n_bytes"),
        (b"RIFF" + bytes(range(256)) * 8, "no file of NIST's format"),
    ],
)
def test_broken_talks(tmp_path, content, says):
    for part, text in (("sph", content), ("stm", b"a 1 b 0.0 0.1 <o> text\n")):
        (tmp_path / "train" / part).mkdir(parents=True)
        (tmp_path / "train" / part / f"a.{part}").write_bytes(text)
    with pytest.raises(RuntimeError, match=says) as raised:
        rows(ds.TedliumDataset(str(tmp_path), "release1", "train"))
    assert "a.sph" in str(raised.value)


def test_a_talk_ends_before_its_text(folder, tmp_path):
    (tmp_path / "train" / "stm").mkdir(parents=True)
    (tmp_path / "train" / "sph").symlink_to(folder / "ted_big" / "train" / "sph")
    (tmp_path / "train" / "stm" / "Al_2009.stm").write_text("Al_2009 1 b 0.0 7.5 <o> text\n")
    with pytest.raises(RuntimeError, match=r"no samples from second 0\.0 to 7\.5"):
        rows(ds.TedliumDataset(str(tmp_path), "release1", "train"))


@pytest.mark.parametrize("content", [b"", b"MATLAB 5.0 MAT-file" + bytes(range(256)) * 4, b"\x89HDF\r\n\x1a\n" * 99])
def test_broken_arrays(tmp_path, content):
    (tmp_path / "train_32x32.mat").write_bytes(content)
    with pytest.raises(RuntimeError, match=r"train_32x32\.mat is no file of MATLAB's with an array 'X'"):
        ds.SVHNDataset(str(tmp_path), "train")


def test_arrays_that_are_missing(tmp_path):
    scipy_io.savemat(tmp_path / "train_32x32.mat", {"X": np.zeros((32, 32, 3, 2), np.uint8)})
    with pytest.raises(RuntimeError, match=r"with an array 'y'"):
        ds.SVHNDataset(str(tmp_path), "train")


def test_indices_out_of_a_matrix(folder, tmp_path):
    """SciPy reads them as they are, and goes where they point."""
    for name in ("img", "train.txt", "val.txt"):
        (tmp_path / name).symlink_to(folder / "sbd" / name)
    for path in (folder / "sbd" / "cls").iterdir():
        content = scipy_io.loadmat(path)
        for edges in content["GTcls"]["Boundaries"][0, 0][:, 0]:
            edges.indices[:] = 2**30
        (tmp_path / "cls").mkdir(exist_ok=True)
        scipy_io.savemat(tmp_path / "cls" / path.name, {"GTcls": content["GTcls"]})
    assert len(rows(ds.SBDataset(str(tmp_path), "Segmentation"))) == 3
    with pytest.raises(RuntimeError, match=r"cls.2008_03\.mat"):
        rows(ds.SBDataset(str(tmp_path), shuffle=False))


def test_an_outline_that_is_missing(folder, tmp_path):
    (tmp_path / "101_ObjectCategories").symlink_to(folder / "caltech101" / "101_ObjectCategories")
    assert len(rows(ds.Caltech101Dataset(str(tmp_path)))) == 4
    with pytest.raises(RuntimeError, match=r"annotation_0001\.mat"):
        rows(ds.Caltech101Dataset(str(tmp_path), "annotation", shuffle=False))


def test_a_bitmap_of_another_size(folder, tmp_path):
    (tmp_path / "liberty").mkdir()
    (tmp_path / "liberty" / "info.txt").write_text("0 0\n")
    (tmp_path / "liberty" / "patches0000.bmp").write_bytes(
        Path(folder, "caltech256/001.ak47/001_0001.jpg").read_bytes()
    )
    with pytest.raises(RuntimeError, match="1024 x 1024 pixels"):
        rows(ds.PhotoTourDataset(str(tmp_path), "liberty"))


def test_languages_of_different_lengths(folder, tmp_path):
    names = "train.tags.de-en.de", "train.tags.de-en.en"
    home = tmp_path / "texts" / "de" / "en" / "de-en"
    home.mkdir(parents=True)
    for name, text in zip(names, ("one\ntwo\n", "one\n"), strict=True):
        (home / name).write_text(text)
    with pytest.raises(RuntimeError, match="different numbers of sentences"):
        rows(ds.IWSLT2016Dataset(str(tmp_path), "train"))
    (home / names[0]).write_text("one\n\n")
    with pytest.raises(RuntimeError, match="has an empty line"):
        rows(ds.IWSLT2016Dataset(str(tmp_path), "train"))


def test_classes(folder):
    assert ds.Caltech101Dataset(str(folder / "caltech101")).get_class_indexing() == {"Faces": 0, "ant": 1}
    flowers = ds.Flowers102Dataset(str(folder / "flowers")).get_class_indexing()
    assert len(flowers) == 102 and flowers["pink primrose"] == 0 and flowers["blackberry lily"] == 101
    assert ds.Caltech256Dataset(str(folder / "caltech256")).num_classes() == 2
