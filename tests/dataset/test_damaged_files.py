"""Whatever happened to its files, a source gives rows or raises RuntimeError, its documented error."""

import random
import shutil
from pathlib import Path

import pytest
from damage import damaged

import msjax.dataset as ds
from dataset.pipelines import cases, files
from dataset.test_pipelines import ANSWERS, seed_put_back  # noqa: F401  the fixture

TOPICS = ("annotated", "collections", "corpora", "layouts", "mindrecord", "file_sources")
QUICK, ALL = range(1), range(1, 60)
LEFT_ALONE = ".png", ".jpg", ".mat"  # the last since SciPy's reader itself crashes for some that are damaged


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    files.write(folder)
    return folder


def ends(whole: Path, folder: Path, topic: str, seed: int) -> dict[str, str]:
    """What the pipelines of a topic raise besides RuntimeError and what they raise of whole files."""
    draw = random.Random(f"{topic} {seed}")
    shutil.copytree(whole, folder)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in LEFT_ALONE:
            path.write_bytes(damaged(path.read_bytes(), draw))
    wrong = {}
    for name, make in cases(topic).items():
        try:
            rows = make(ds, str(folder))
            if isinstance(rows, ds.Dataset):
                for _ in rows.create_tuple_iterator(num_epochs=1, output_numpy=True):
                    pass
        except Exception as error:
            if type(error) is not RuntimeError and ANSWERS[topic][name].get("error") != type(error).__name__:
                wrong[name] = repr(error)[:300]
    return wrong


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("seed", QUICK)
def test_rows_or_one_error(topic, seed, whole, tmp_path):
    assert not ends(whole, tmp_path / "damaged", topic, seed)


@pytest.mark.slow
@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("seed", ALL)
def test_rows_or_one_error_more_often(topic, seed, whole, tmp_path):
    assert not ends(whole, tmp_path / "damaged", topic, seed)
    shutil.rmtree(tmp_path / "damaged")


@pytest.mark.parametrize("declared", ['<!ENTITY a SYSTEM "file:///etc/hostname">', '<!ENTITY a "aaaaaaaaaa">'])
def test_annotations_declare_no_entities(declared, whole, tmp_path):
    shutil.copytree(whole / "voc", tmp_path / "voc")
    path = tmp_path / "voc/Annotations/a.xml"
    path.write_text(f"<!DOCTYPE annotation [{declared}]>{path.read_text().replace('dog', '&a;')}")
    with pytest.raises(RuntimeError, match="declares a document type"):
        ds.VOCDataset(str(tmp_path / "voc"), "Detection").get_class_indexing()
