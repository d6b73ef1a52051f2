"""Chinese words, as cppjieba, MindSpore's library for them, cuts them: https://github.com/yanyiwu/cppjieba.

The most probable words of a dictionary come by dynamic programming from the end of a text (`_Words`). A hidden Markov
model says of each character whether it begins a word, ends one, is in the middle of one or is one; the Viterbi
algorithm finds the most probable states (`_Model`).
"""

from __future__ import annotations

import functools
import math
import os
import re
from itertools import groupby

from msjax.core.kinds import check, check_is, takes
from msjax.dataset.text.base import Tokenizer
from msjax.dataset.text.enumerations import JiebaMode
from msjax.dataset.transforms.base import refusal

_SEPARATOR = re.compile("([ \t\n，。])")
_LATIN = re.compile(r"[a-zA-Z][a-zA-Z0-9]*|[0-9][0-9.]*|.", re.DOTALL)
_NEVER = -3.14e100
_LONGEST = 1000  # characters of a word, all of whose beginnings are kept
_BEGIN, _END, _MIDDLE, _SINGLE = range(4)


class _Words:
    """The words of a dictionary, with the logarithms of their probabilities."""

    def __init__(self, path: str):
        counts = {}
        with open(path, encoding="utf-8") as file:
            for line in filter(str.strip, file):
                word, count, *_ = line.split()
                counts[word] = float(count)
        self.total = sum(counts.values())
        self.weights = {word: math.log(count / self.total) for word, count in counts.items()}
        ordered = sorted(self.weights.values())
        self.least, self.median = ordered[0], ordered[len(ordered) // 2]
        self.prefixes = _prefixes(counts)


def _prefixes(words) -> set[str]:
    if longest := [word for word in words if len(word) > _LONGEST]:
        raise ValueError(f"a word has {len(longest[0])} characters, more than {_LONGEST}: {longest[0]:.20}...")
    return {word[:length] for word in words for length in range(1, len(word) + 1)}


class _Model:
    """Logarithms of probabilities: of states at the start, from state to state, of characters in each state."""

    def __init__(self, path: str):
        with open(path, encoding="utf-8") as file:
            lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
        self.start = [float(number) for number in lines[0].split()]
        self.transitions = [[float(number) for number in line.split()] for line in lines[1:5]]
        self.emissions = [dict(self._emission(pair) for pair in line.split(",")) for line in lines[5:9]]

    @staticmethod
    def _emission(pair: str) -> tuple[str, float]:
        character, _, number = pair.rpartition(":")
        return character, float(number)

    def lengths(self, text: str) -> list[int]:
        """The lengths of the words of a text."""
        weights, origins = [], []
        for character in text:
            emissions = [emission.get(character, _NEVER) for emission in self.emissions]
            if not weights:
                weights.append([start + one for start, one in zip(self.start, emissions, strict=True)])
                continue
            before = weights[-1]
            best = [self._best(before, state, emission) for state, emission in enumerate(emissions)]
            weights.append([weight for weight, _ in best])
            origins.append([origin for _, origin in best])
        states = [_END if weights[-1][_END] >= weights[-1][_SINGLE] else _SINGLE]
        for origin in reversed(origins):
            states.append(origin[states[-1]])
        ends = [at + 1 for at, state in enumerate(reversed(states)) if state in (_END, _SINGLE)]
        return [end - start for start, end in zip([0, *ends], ends, strict=False)]

    def _best(self, before: list[float], state: int, emission: float) -> tuple[float, int]:
        """The weight of a state and the one that it most probably comes from."""
        best = (_NEVER, _END)
        for origin, weight in enumerate(before):
            new = weight + self.transitions[origin][state] + emission
            if new > best[0]:
                best = (new, origin)
        return best


# Files are read once, however many tokenizers use them.
_words = functools.lru_cache(4)(_Words)
_model = functools.lru_cache(4)(_Model)


class JiebaTokenizer(Tokenizer):
    """Split a Chinese text into words.

    Args:
        hmm_path (str): the file of the hidden Markov model, cppjieba's hmm_model.utf8.
        mp_path (str): the file of the dictionary, cppjieba's jieba.dict.utf8: a word, how often it is used, and a tag
            in each line.
        mode (JiebaMode): `JiebaMode.MP` cuts into the most probable words of the dictionary, `JiebaMode.HMM` by the
            model, `JiebaMode.MIX` by the model where the dictionary knows single characters only. Default:
            `JiebaMode.MIX`.
        with_offsets (bool): whether to give where each token begins and ends too, in bytes. Default: False.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if there is no such file.
        RuntimeError: if the input is no single text, or a file cannot be read.

    Example:
        >>> import pathlib, tempfile
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> words, model = folder / "words.txt", folder / "model.txt"
        >>> _ = words.write_text("今天 5 t\\n天气 3 n\\n", encoding="utf-8")
        >>> _ = model.write_text("", encoding="utf-8")
        >>> text.JiebaTokenizer(str(model), str(words), text.JiebaMode.MP)("今天天气").tolist()
        ['今天', '天气']
    """

    @takes(hmm_path="str", mp_path="str", with_offsets="bool")
    def __init__(self, hmm_path: str, mp_path: str, mode: JiebaMode = JiebaMode.MIX, with_offsets: bool = False):
        check_is("JiebaTokenizer", "mode", mode, JiebaMode)
        for path in (hmm_path, mp_path):
            _check_file("JiebaTokenizer", path)
        self.hmm_path = hmm_path
        self.mp_path = mp_path
        self.mode = mode
        self.with_offsets = with_offsets
        self._added: dict[str, int] = {}
        self._prefixes: set[str] = set()

    def add_word(self, word: str, freq: int | None = None) -> None:
        """Add a word to the dictionary.

        Args:
            word (str): the word.
            freq (int, optional): how often it is used. Default: None, as often as the word in the middle.

        Raises:
            TypeError: if an argument is of another type.
            ValueError: if `freq` is negative.
        """
        check("JiebaTokenizer.add_word", "word", word, "str")
        check("JiebaTokenizer.add_word", "freq", freq, "None or int [0, 4294967295]")
        self._added[word] = freq or 0
        self._prefixes |= _prefixes([word])

    def add_dict(self, user_dict) -> None:
        """Add words to the dictionary.

        Args:
            user_dict (Union[str, dict[str, int]]): how often each word is used, or a file with a word, and how often
                it is used if that is known, in each line.

        Raises:
            TypeError: if `user_dict` is of another type.
            ValueError: if there is no such file, or a number is negative.
        """
        check("JiebaTokenizer.add_dict", "user_dict", user_dict, "str or dict")
        if isinstance(user_dict, str):
            _check_file("JiebaTokenizer.add_dict", user_dict)
            with open(user_dict, encoding="utf-8") as file:
                fields = [line.split() for line in file if line.strip()]
            user_dict = {word: int(rest[0]) if rest and rest[0].isdigit() else None for word, *rest in fields}
        for word, freq in user_dict.items():
            self.add_word(word, freq)

    def _pieces(self, text: str):
        try:
            spans, at = [], 0
            for part in _SEPARATOR.split(text):
                for length in self._lengths(part):
                    spans.append((at, at + length))
                    at += length
            return spans
        except (OSError, ValueError, IndexError, ArithmeticError) as error:
            raise refusal(self, f"the files {self.mp_path!r} and {self.hmm_path!r} cannot be read: {error}") from error

    def _lengths(self, text: str) -> list[int]:
        """The lengths of the words of a text."""
        if self.mode == JiebaMode.HMM:
            return self._by_model(text)
        if self.mode == JiebaMode.MP:
            return [len(word) for word in self._words_in(text)]
        lengths: list[int] = []
        for single, group in groupby(self._words_in(text), lambda word: len(word) == 1 and word not in self._added):
            words = list(group)
            lengths += self._by_model("".join(words)) if single else map(len, words)
        return lengths

    def _by_model(self, text: str) -> list[int]:
        """Words by the model; numbers and Latin words as they are written."""
        lengths = []
        for ascii_, group in groupby(text, str.isascii):
            part = "".join(group)
            lengths += [len(word) for word in _LATIN.findall(part)] if ascii_ else _model(self.hmm_path).lengths(part)
        return lengths

    def _words_in(self, text: str) -> list[str]:
        """The most probable words of the dictionary."""
        known = _words(self.mp_path)
        weights, lengths = [0.0] * (len(text) + 1), [1] * len(text)
        for start in range(len(text) - 1, -1, -1):
            best = -math.inf
            for end in range(start + 1, len(text) + 1):
                word = text[start:end]
                weight = self._weight(word, known)
                if weight is None and end == start + 1:
                    weight = known.least
                if weight is not None and weight + weights[end] > best:
                    best, lengths[start] = weight + weights[end], end - start
                if word not in known.prefixes and word not in self._prefixes:
                    break
            weights[start] = best
        words, at = [], 0
        while at < len(text):
            words.append(text[at : at + lengths[at]])
            at += lengths[at]
        return words

    def _weight(self, word: str, known: _Words) -> float | None:
        """The logarithm of the probability of a word, if there is such a word."""
        if word in self._added:
            count = self._added[word]
            return math.log(count / known.total) if count else known.median
        return known.weights.get(word)


def _check_file(owner: str, path: str) -> None:
    if not os.path.exists(path):
        raise ValueError(f"For '{owner}', there is no file {path!r}.")
