"""Transforms of a text into tokens, by white space, characters, scripts or a pattern."""

from __future__ import annotations

import numpy as np

from msjax.core.kinds import takes
from msjax.dataset.text.base import Tokenizer, runs
from msjax.dataset.text.characters import is_space, script
from msjax.dataset.text.encoding import to_str
from msjax.dataset.text.patterns import compiled
from msjax.dataset.transforms.base import refusal


class WhitespaceTokenizer(Tokenizer):
    """Split a text at white space.

    Args:
        with_offsets (bool): whether to give where each token begins and ends too, in bytes. Default: False.

    Raises:
        TypeError: if `with_offsets` is no bool.
        RuntimeError: if the input is no single text.

    Example:
        >>> text.WhitespaceTokenizer()("a good  day").tolist()
        ['a', 'good', 'day']
    """

    @takes(with_offsets="bool")
    def __init__(self, with_offsets: bool = False):
        self.with_offsets = with_offsets

    def _pieces(self, text: str):
        return [span for span in runs(text, is_space) if not is_space(text[span[0] : span[0] + 1])]


class UnicodeCharTokenizer(Tokenizer):
    """Split a text into its characters.

    Args:
        with_offsets (bool): whether to give where each token begins and ends too, in bytes. Default: False.

    Raises:
        TypeError: if `with_offsets` is no bool.
        RuntimeError: if the input is no single text.

    Example:
        >>> [x.tolist() for x in text.UnicodeCharTokenizer(with_offsets=True)("né")]
        [['n', 'é'], [0, 1], [1, 3]]
    """

    @takes(with_offsets="bool")
    def __init__(self, with_offsets: bool = False):
        self.with_offsets = with_offsets

    def _pieces(self, text: str):
        return [(at, at + 1) for at in range(len(text))]


class UnicodeScriptTokenizer(Tokenizer):
    """Split a text where the script changes, as from Latin to Han, and at white space.

    Args:
        keep_whitespace (bool): whether white space is a token too. Default: False.
        with_offsets (bool): whether to give where each token begins and ends too, in bytes. Default: False.

    Raises:
        TypeError: if an argument is no bool.
        RuntimeError: if the input is no single text.

    Example:
        >>> text.UnicodeScriptTokenizer()("Beijing 北京!").tolist()
        ['Beijing', '北京', '!']
    """

    @takes(keep_whitespace="bool", with_offsets="bool")
    def __init__(self, keep_whitespace: bool = False, with_offsets: bool = False):
        self.keep_whitespace = keep_whitespace
        self.with_offsets = with_offsets

    def _pieces(self, text: str):
        spans = runs(text, lambda character: (script(character), is_space(character)))
        return [span for span in spans if self.keep_whitespace or not is_space(text[span[0] : span[0] + 1])]


class RegexTokenizer(Tokenizer):
    """Split a text where a pattern of ICU matches.

    Args:
        delim_pattern (str): what matches it is between tokens.
        keep_delim_pattern (str): what of that matches this as a whole is a token too. Default: "", nothing.
        with_offsets (bool): whether to give where each token begins and ends too, in bytes. Default: False.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if the input is no single text, or a pattern cannot be read.

    Example:
        >>> text.RegexTokenizer(r"\\s+|,", ",")("a, b").tolist()
        ['a', ',', 'b']
    """

    @takes(delim_pattern="str", keep_delim_pattern="str", with_offsets="bool")
    def __init__(self, delim_pattern: str, keep_delim_pattern: str = "", with_offsets: bool = False):
        self.delim_pattern = delim_pattern
        self.keep_delim_pattern = keep_delim_pattern
        self.with_offsets = with_offsets

    def _pieces(self, text: str):
        try:
            delimiter, keep = compiled(self.delim_pattern), compiled(self.keep_delim_pattern)
        except ValueError as error:
            raise refusal(self, str(error).rstrip(".")) from error
        return split(text, delimiter, keep)


def split(text: str, delimiter, keep):
    """Where the parts of a text are, between the matches of a pattern; those that match `keep` as a whole are parts."""
    at = 0
    for match in delimiter.finditer(text):
        yield at, match.start()
        if keep.fullmatch(match.group()):
            yield match.span()
        at = match.end()
    yield at, len(text)


class PythonTokenizer:
    """Split texts by a function of the user's.

    Args:
        tokenizer (function): from a str to a list of str.

    Raises:
        TypeError: if `tokenizer` is no function, or the input is no array.
        RuntimeError: if it gives no list, or lists of different lengths for the texts of one array.

    Example:
        >>> text.PythonTokenizer(lambda line: line.split("-"))(np.array("a-b")).tolist()
        ['a', 'b']
    """

    random = False

    def __init__(self, tokenizer):
        if not callable(tokenizer):
            raise TypeError(f"For 'PythonTokenizer', the 'tokenizer' must be a function, but got {tokenizer!r:.80}.")
        self.tokenizer = tokenizer

    def __call__(self, in_array):
        if not isinstance(in_array, np.ndarray):
            raise TypeError(
                f"For 'PythonTokenizer', the input must be a numpy array, but got {type(in_array).__name__}."
            )
        texts = to_str(in_array) if in_array.dtype.kind == "S" else in_array
        results = [self.tokenizer(text) for text in texts.ravel()]
        lengths = {len(tokens) if isinstance(tokens, (list, tuple, np.ndarray)) else None for tokens in results}
        if None in lengths or len(lengths) != 1:
            raise refusal(self, "the 'tokenizer' must give lists of tokens, of one length for all texts of an array")
        return np.array(results, np.str_).reshape(*texts.shape, *lengths)
