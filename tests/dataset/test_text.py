"""Transforms of texts: against MindSpore's answers (text_answers.json), and where they differ on purpose."""

import base64
import json
import math
import pickle
import sys
from pathlib import Path

import pytest

import msjax as ms
import msjax.dataset
from dataset import text_calls
from msjax.dataset import text

ANSWERS = json.loads(Path(__file__).with_name("text_answers.json").read_text(encoding="utf-8"))

# What differs, and is meant to: docs/differences.md says why.
DIFFERENT = {
    'BasicTokenizer(True)("A [CLS] B [unused3] C")': ["a", "[CLS]", "b", "[unused3]", "c"],
    'BertTokenizer(vocab, lower_case=True)("I [UNK] AM")': ["i", "[UNK]", "am"],
    'RegexReplace("a", "")(["abab", "xa"])': ["bb", "x"],
    'RegexReplace("a", "b")(np.array([["a"], ["c"]]))': [["b"], ["c"]],
    'FilterWikipediaXML()(["a b", "c"])': ["a b", "c"],
    'FilterWikipediaXML()("RAR")': "rar",
    'RegexReplace("[a-c&&[^b]]", "_")("abc")': RuntimeError,
    'ToVectors(Vectors.from_file("vectors"), None, True)(["NOT", "Not"])': [[0, 0, 0], [1, 2, 3]],
}


def same(got, expected) -> bool:
    """Equal; floats as closely as float32 has them."""
    if isinstance(expected, list) and isinstance(got, list):
        return len(got) == len(expected) and all(map(same, got, expected))
    if isinstance(expected, float) and isinstance(got, float):
        return math.isclose(got, expected, rel_tol=1e-6) or (math.isnan(got) and math.isnan(expected))
    return got == expected


@pytest.fixture
def scope(tmp_path, monkeypatch):
    """What the names in calls mean, in a folder with their files."""
    monkeypatch.chdir(tmp_path)
    text_calls.write_files(tmp_path)
    for name, model in ANSWERS["models"].items():
        Path(name).write_bytes(base64.b64decode(model))
    return text_calls.names(ms)


def differing(scope: dict, calls: list[str]) -> dict:
    """The calls that give something else than MindSpore's, with both answers."""
    answers = {call: json.loads(json.dumps(text_calls.answer(scope, call))) for call in calls}
    return {call: (got, ANSWERS[call]) for call, got in answers.items() if not same(got, ANSWERS[call])}


def test_as_mindspore(scope):
    assert not differing(scope, [call for call in text_calls.CALLS if call not in DIFFERENT])


def test_pieces_as_mindspore(scope):
    pytest.importorskip("sentencepiece")
    assert not differing(scope, text_calls.PIECES)


def test_a_missing_library_is_named(scope, monkeypatch):
    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    with pytest.raises(ImportError, match=r'pip install "msjax\[text\]"'):
        scope["characters"]()


@pytest.mark.parametrize("call", DIFFERENT)
def test_differs_from_mindspore(scope, call):
    got = text_calls.answer(scope, call)
    assert not same(json.loads(json.dumps(got)), ANSWERS[call])
    if DIFFERENT[call] is RuntimeError:
        assert got == {"error": "RuntimeError"}
    else:
        assert eval(call, scope).tolist() == DIFFERENT[call]


def test_transforms_pickle(scope):
    """As worker processes need it."""
    vocab = scope["vocab"]
    for transform in (text.BertTokenizer(vocab), text.Lookup(vocab, "[UNK]"), text.RegexTokenizer(r"\s+")):
        again = pickle.loads(pickle.dumps(transform))
        assert again("work").tolist() == transform("work").tolist()


def test_in_worker_processes(scope):
    rows = scope["lines"]().map(
        text.BertTokenizer(scope["vocab"]), "text", python_multiprocessing=True, num_parallel_workers=2
    )
    tokens = [row[0].tolist() for row in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)]
    assert tokens[0] == ["[UNK]", "am", "work", "##ing"]


@pytest.mark.parametrize("pattern", [r"\p{Nothing}", "[a[b]]", "(", "[[:nothing:]]"])
def test_a_pattern_that_cannot_be_read(pattern):
    with pytest.raises(RuntimeError, match="no regular expression that can be read"):
        text.RegexTokenizer(pattern)("a")


def test_errors_name_what_was_wrong(tmp_path):
    vocab, path = text.Vocab.from_list(["a"]), tmp_path / "vectors.txt"
    path.write_text("a 1 2\nb 1\n")
    with pytest.raises(RuntimeError, match="'zz' is not in the vocabulary"):
        text.Lookup(vocab)(["a", "zz"])
    with pytest.raises(RuntimeError, match="line 2 has a vector of size 1"):
        text.Vectors.from_file(str(path))


def test_each_has_an_example():
    classes = {name: item for name, item in vars(text).items() if isinstance(item, type) and "__call__" in dir(item)}
    transforms = [item for item in classes.values() if hasattr(item, "random") and item is not text.TextTensorOperation]
    assert len(transforms) >= 20
    assert not [item.__name__ for item in transforms if ">>>" not in item.__doc__]


def test_a_vocabulary_by_the_older_name():
    words = msjax.dataset.NumpySlicesDataset({"word": ["b", "a", "c", "a"]}, shuffle=False)
    assert words.build_vocab("word", None, 2, ["<p>"], True).vocab() == {"<p>": 0, "a": 1, "b": 2}
