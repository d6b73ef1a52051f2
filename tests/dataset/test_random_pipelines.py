"""Random pipelines give the rows, columns, sizes and errors that MindSpore gave: `random_pipelines` says which."""

import json
import lzma
from pathlib import Path

import pytest

import msjax.dataset as ds
from dataset.pipelines import files
from dataset.random_pipelines import known, outcome

RECORDED = Path(__file__).with_name("recorded") / "random_pipelines.json.xz"
ANSWERS = {int(seed): answer for seed, answer in json.loads(lzma.decompress(RECORDED.read_bytes()))["answers"].items()}
QUICK = 300
DIFFERENT = {
    "MindSpore counts columns that were dropped": {420, 938, 1156},
    "MindSpore runs out of memory": {428},
    "MindDataset refuses a sampler with an AttributeError": {850, 861},
    "a share can be split": {1067},
    "shares of shares": {1344},
    "a share of a source that draws on in each epoch": {1442},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    files.write(folder)
    return str(folder)


@pytest.fixture(autouse=True)
def seed_put_back():
    yield
    ds.config.set_seed(ds.config.UNSEEDED)


@pytest.mark.parametrize(
    "seeds", [range(QUICK), pytest.param(range(QUICK, 1500), marks=pytest.mark.slow)], ids=["some", "others"]
)
def test_as_in_mindspore(seeds, folder):
    meant, differing = set().union(*DIFFERENT.values()), {}
    for seed in ANSWERS.keys() & {*seeds} - meant:
        got = outcome(ds, folder, seed)
        if known(json.loads(json.dumps(got))) != ANSWERS[seed]:
            differing[seed] = (got, ANSWERS[seed])
    assert not differing


def test_most_pipelines_have_rows():
    kinds = [type(answer.get("rows")) for answer in ANSWERS.values()]
    assert len(kinds) > 1400
    assert kinds.count(list) > 0.6 * len(kinds) and kinds.count(dict) > 0.1 * len(kinds)
