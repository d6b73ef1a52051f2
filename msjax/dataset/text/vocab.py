"""Vocabularies: numbers of words, and the transform that looks them up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice

import numpy as np

from msjax.core import dtype as mstype
from msjax.core.dtype import DType
from msjax.core.kinds import check, check_is, takes
from msjax.dataset.text.base import TextTensorOperation, numeric_type, require_texts
from msjax.dataset.transforms.base import refusal

_ID = "int [0, 2147483647]"


class Vocab:
    """A number for each word. It is made by one of the methods `from_...`.

    Example:
        >>> vocab = text.Vocab.from_list(["the", "cat"], special_tokens=["<pad>"])
        >>> vocab.vocab()
        {'<pad>': 0, 'the': 1, 'cat': 2}
        >>> vocab.tokens_to_ids(["cat", "dog"]), vocab.ids_to_tokens(1)
        ([2, -1], 'the')
    """

    def __init__(self):
        self._ids: dict[str, int] | None = None
        self._words: dict[int, str] = {}

    @classmethod
    def _of(cls, ids: dict[str, int]) -> Vocab:
        vocab = cls()
        vocab._ids, vocab._words = ids, {number: word for word, number in ids.items()}
        return vocab

    @classmethod
    def _of_words(cls, words: Iterable[str], special: list[str] | None, first: bool) -> Vocab:
        words, special = list(words), special or []
        ordered = [*special, *words] if first else [*words, *special]
        return cls._of({word: number for number, word in enumerate(ordered)})

    @property
    def ids(self) -> dict[str, int]:
        """The number of each word."""
        if self._ids is None:
            raise RuntimeError(
                "The Vocab is empty: make it by Vocab.from_dataset, from_file, from_list or from_dict, not by Vocab()."
            )
        return self._ids

    @classmethod
    def from_dataset(
        cls, dataset, columns=None, freq_range=None, top_k=None, special_tokens=None, special_first=True
    ) -> Vocab:
        """A vocabulary of the words in a dataset, the most frequent first; equally frequent ones by their characters.

        Args:
            dataset (Dataset): where the words are.
            columns (Union[str, list[str]], optional): the columns with words. Default: None, all.
            freq_range (tuple, optional): the least and greatest frequency of a word, both included; None is no bound.
                Default: None.
            top_k (int, optional): how many words. Default: None, all.
            special_tokens (list[str], optional): words to add. Default: None.
            special_first (bool): whether these come first, else last. Default: True.

        Returns:
            Vocab, the vocabulary.

        Raises:
            TypeError: if an argument is of another type.
            ValueError: if `freq_range` is no range, `top_k` is not positive, or a special token is there twice.
            RuntimeError: if there is no such column, a column holds no texts, or a special token is in the dataset.

        Example:
            >>> rows = ds.NumpySlicesDataset({"word": ["b", "a", "c", "a"]}, shuffle=False)
            >>> ds.text.Vocab.from_dataset(rows, "word", top_k=2).vocab()
            {'a': 0, 'b': 1}
        """
        owner = "Vocab.from_dataset"
        check(owner, "columns", columns, "None or str or list")
        check(owner, "top_k", top_k, "None or int > 0")
        low, high = _frequencies(freq_range)
        _check_special(owner, special_tokens, special_first)
        counts = _counted(dataset, [columns] if isinstance(columns, str) else columns or [])
        clash = sorted(set(special_tokens or []) & counts.keys())
        if clash:
            raise RuntimeError(f"For '{owner}', the 'special_tokens' {clash} are words of the dataset.")
        words = sorted((word for word, count in counts.items() if low <= count <= high), key=lambda w: (-counts[w], w))
        return cls._of_words(words[:top_k], special_tokens, special_first)

    @classmethod
    def from_file(cls, file_path, delimiter="", vocab_size=None, special_tokens=None, special_first=True) -> Vocab:
        """A vocabulary of the lines of a file.

        Args:
            file_path (str): the file.
            delimiter (str): a word ends where one of these characters stands. Default: "", at the line's end.
            vocab_size (int, optional): how many words. Default: None, all.
            special_tokens (list[str], optional): words to add. Default: None.
            special_first (bool): whether these come first, else last. Default: True.

        Returns:
            Vocab, the vocabulary.

        Raises:
            TypeError: if an argument is of another type.
            ValueError: if `vocab_size` is not positive, or a special token is there twice.
            RuntimeError: if the file cannot be read, has a word twice, or a special token.

        Example:
            >>> import pathlib, tempfile
            >>> path = pathlib.Path(tempfile.mkdtemp(), "words.txt")
            >>> _ = path.write_text("the,9\\ncat,2\\n")
            >>> text.Vocab.from_file(str(path), delimiter=",").vocab()
            {'the': 0, 'cat': 1}
        """
        owner = "Vocab.from_file"
        check(owner, "file_path", file_path, "str")
        check(owner, "delimiter", delimiter, "str")
        check(owner, "vocab_size", vocab_size, "None or int > 0")
        _check_special(owner, special_tokens, special_first)
        try:
            with open(file_path, encoding="utf-8", newline="\n") as file:
                lines = [line.removesuffix("\n") for line in islice(file, vocab_size)]
        except (OSError, UnicodeDecodeError) as error:
            raise RuntimeError(f"For '{owner}', the file {file_path!r} cannot be read: {error}.") from error
        end = re.compile(f"[{re.escape(delimiter)}]" if delimiter else "$")
        words = [end.split(line, 1)[0] for line in lines]
        repeated = _repeated([*words, *(special_tokens or [])])
        if repeated is not None:
            raise RuntimeError(f"For '{owner}', the word {repeated!r} is there twice in {file_path!r}.")
        return cls._of_words(words, special_tokens, special_first)

    @classmethod
    def from_list(cls, word_list, special_tokens=None, special_first=True) -> Vocab:
        """A vocabulary of words, in this order.

        Args:
            word_list (list[str]): the words.
            special_tokens (list[str], optional): words to add. Default: None.
            special_first (bool): whether these come first, else last. Default: True.

        Returns:
            Vocab, the vocabulary.

        Raises:
            TypeError: if an argument is of another type.
            ValueError: if a word is there twice.

        Example:
            >>> text.Vocab.from_list(["a", "b"], ["<unk>"], special_first=False).vocab()
            {'a': 0, 'b': 1, '<unk>': 2}
        """
        check("Vocab.from_list", "word_list", word_list, "list")
        for at, word in enumerate(word_list):
            check("Vocab.from_list", f"word_list[{at}]", word, "str")
        _check_special("Vocab.from_list", special_tokens, special_first)
        _check_unique("Vocab.from_list", "word_list and special_tokens", [*word_list, *(special_tokens or [])])
        return cls._of_words(word_list, special_tokens, special_first)

    @classmethod
    def from_dict(cls, word_dict) -> Vocab:
        """A vocabulary of words and their numbers.

        Args:
            word_dict (dict[str, int]): the number of each word.

        Returns:
            Vocab, the vocabulary.

        Raises:
            TypeError: if an argument is of another type.
            ValueError: if a number is negative.

        Example:
            >>> text.Vocab.from_dict({"a": 3}).tokens_to_ids("a")
            3
        """
        check("Vocab.from_dict", "word_dict", word_dict, "dict")
        for word, number in word_dict.items():
            check("Vocab.from_dict", "key of word_dict", word, "str")
            check("Vocab.from_dict", f"word_dict[{word!r}]", number, _ID)
        return cls._of(dict(word_dict))

    def vocab(self) -> dict[str, int]:
        """The number of each word.

        Returns:
            dict, from words to numbers.

        Raises:
            RuntimeError: if the vocabulary was made by `Vocab()`.
        """
        return dict(self.ids)

    def tokens_to_ids(self, tokens):
        """The numbers of words.

        Args:
            tokens (Union[str, list[str], numpy.ndarray]): the words.

        Returns:
            A list of int, or an int for a single word; -1 for a word that is not in the vocabulary.

        Raises:
            TypeError: if `tokens` is of another type.
        """
        check("Vocab.tokens_to_ids", "tokens", tokens, "str or list or array")
        ids = self.ids
        return _single([ids.get(token, -1) for token in _listed("tokens_to_ids", "tokens", tokens, "str")])

    def ids_to_tokens(self, ids):
        """The words of numbers.

        Args:
            ids (Union[int, list[int], numpy.ndarray]): the numbers.

        Returns:
            A list of str, or a str for a single number; an empty one for a number that no word has.

        Raises:
            TypeError: if `ids` is of another type.
            ValueError: if a number is negative.
        """
        check("Vocab.ids_to_tokens", "ids", ids, f"{_ID} or list or array")
        self.ids  # noqa: B018 (raises if there are none)
        return _single([self._words.get(number, "") for number in _listed("ids_to_tokens", "ids", ids, _ID)])


def _listed(method: str, name: str, values, kind: str) -> list:
    """The values of an argument that is one value, a list of them or an array."""
    values = values.tolist() if isinstance(values, np.ndarray) else values
    values = values if isinstance(values, list) else [values]
    plain = [value.item() if isinstance(value, np.generic) else value for value in values]
    for at, value in enumerate(plain):
        check(f"Vocab.{method}", f"{name}[{at}]", value, kind)
    return plain


def _single(values: list):
    return values[0] if len(values) == 1 else values


def check_vocab(owner: str, vocab) -> None:
    """Check that an argument is a `Vocab`.

    Raises:
        TypeError: if it is not.
    """
    check_is(owner, "vocab", vocab, Vocab)


def _repeated(words: list[str]) -> str | None:
    """The first word that is there twice."""
    return next((word for word, count in Counter(words).items() if count > 1), None)


def _check_unique(owner: str, name: str, words: list[str]) -> None:
    repeated = _repeated(words)
    if repeated is not None:
        raise ValueError(f"For '{owner}', the word {repeated!r} is twice in {name}.")


def _check_special(owner: str, special_tokens, special_first) -> None:
    check(owner, "special_tokens", special_tokens, "None or list")
    check(owner, "special_first", special_first, "bool")
    for at, token in enumerate(special_tokens or []):
        check(owner, f"special_tokens[{at}]", token, "str")
    _check_unique(owner, "special_tokens", special_tokens or [])


def _frequencies(freq_range) -> tuple[float, float]:
    """The least and greatest frequency."""
    owner = "Vocab.from_dataset"
    check(owner, "freq_range", freq_range, "None or tuple")
    if freq_range is None:
        return 0, np.inf
    if len(freq_range) != 2:
        raise ValueError(f"For '{owner}', the 'freq_range' must be two bounds, but got {freq_range!r:.80}.")
    for bound in freq_range:
        check(owner, "bound in freq_range", bound, "None or int")
    low, high = freq_range[0] or 0, np.inf if freq_range[1] is None else freq_range[1]
    if not 0 <= low <= high:
        raise ValueError(f"For '{owner}', the 'freq_range' must be (a, b) with 0 <= a <= b, but got {freq_range}.")
    return low, high


def _counted(dataset, columns: list[str]) -> Counter:
    """How often each word is in the columns of a dataset."""
    names = dataset.get_col_names()
    for name in columns:
        if name not in names or columns.count(name) > 1:
            raise RuntimeError(
                f"For 'Vocab.from_dataset', the 'columns' must be different ones of {names}, but got {name!r}."
            )
    counts: Counter = Counter()
    for row in dataset.create_dict_iterator(num_epochs=1, output_numpy=True):
        for name in columns or row:
            if row[name].dtype.kind != "U":
                raise RuntimeError(
                    f"For 'Vocab.from_dataset', the column {name!r} must hold texts, but got {row[name].dtype}."
                )
            counts.update(row[name].ravel().tolist())
    return counts


class Lookup(TextTensorOperation):
    """Put the number of each word of an array in its place.

    Args:
        vocab (Vocab): the vocabulary.
        unknown_token (str, optional): the word whose number others get that are not in it. Default: None, they are
            an error.
        data_type (mindspore.dtype): of the numbers. Default: `mindspore.int32`.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if `data_type` is none of numbers, `unknown_token` is not in the vocabulary, or a word is not.

    Example:
        >>> vocab = text.Vocab.from_list(["<unk>", "a", "b"])
        >>> text.Lookup(vocab, "<unk>")(["a", "z"]).tolist()
        [1, 0]
    """

    @takes(unknown_token="None or str", data_type="dtype")
    def __init__(self, vocab: Vocab, unknown_token: str | None = None, data_type: DType = mstype.int32):
        check_vocab("Lookup", vocab)
        self.vocab = vocab
        self.unknown_token = unknown_token
        self.data_type = numeric_type(self, data_type, "iufb", RuntimeError)

    def _compute(self, array):
        require_texts(self, array)
        ids = self.vocab.ids
        if self.unknown_token is not None and self.unknown_token not in ids:
            raise refusal(self, f"the 'unknown_token' {self.unknown_token!r} is not in the vocabulary")
        unknown = -1 if self.unknown_token is None else ids[self.unknown_token]
        words = array.ravel().tolist()
        numbers = [ids.get(word, unknown) for word in words]
        if self.unknown_token is None and -1 in numbers:
            raise refusal(self, f"{words[numbers.index(-1)]!r} is not in the vocabulary, and there is no unknown_token")
        return np.array(numbers).reshape(array.shape).astype(self.data_type)
