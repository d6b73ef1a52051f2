"""The tokenizers of BERT: into words, and these into pieces of a vocabulary."""

from __future__ import annotations

from collections.abc import Iterable

from msjax.core.kinds import takes
from msjax.dataset.text.base import TextTensorOperation, Tokenizer, as_tokens, byte_offsets
from msjax.dataset.text.characters import case_folded, normalized
from msjax.dataset.text.cleaning import check_form
from msjax.dataset.text.enumerations import NormalizeForm
from msjax.dataset.text.patterns import compiled
from msjax.dataset.text.tokenizers import split
from msjax.dataset.text.vocab import Vocab, check_vocab
from msjax.dataset.transforms.base import refusal

_SPECIAL = r"\[CLS\]|\[SEP\]|\[UNK\]|\[PAD\]|\[MASK\]|\[unused\d+\]"
_CONTROL = r"\p{Cc}|\p{Cf}"
# Signs, and the characters of Chinese: each is a token.
_SINGLE = (
    r"[!-/:-@\[-`{-~\p{P}\u4E00-\u9FFF\u3400-\u4DBF\U00020000-\U0002A6DF\U0002A700-\U0002B73F\U0002B740-\U0002B81F"
    r"\U0002B820-\U0002CEAF\uF900-\uFAFF\U0002F800-\U0002FA1F]"
)


class BasicTokenizer(Tokenizer):
    """Split a text into words, signs and Chinese characters, as BERT does.

    Args:
        lower_case (bool): whether to put the text in lower case and take off its accents first. Default: False.
        keep_whitespace (bool): whether white space is a token too. Default: False.
        normalization_form (NormalizeForm): what to bring the text to, unless `lower_case` does. Default:
            `NormalizeForm.NONE`.
        preserve_unused_token (bool): whether [CLS], [SEP], [UNK], [PAD], [MASK] and [unused1] are tokens. Default:
            True.
        with_offsets (bool): whether to give where each token begins and ends too, in bytes of the text that is split.
            Default: False.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if the input is no single text.

    Example:
        >>> text.BasicTokenizer(lower_case=True)("Olá 北京, [MASK]").tolist()
        ['ola', '北', '京', ',', '[MASK]']
    """

    @takes(lower_case="bool", keep_whitespace="bool", preserve_unused_token="bool", with_offsets="bool")
    def __init__(
        self,
        lower_case: bool = False,
        keep_whitespace: bool = False,
        normalization_form: NormalizeForm = NormalizeForm.NONE,
        preserve_unused_token: bool = True,
        with_offsets: bool = False,
    ):
        check_form(type(self).__name__, "normalization_form", normalization_form)
        self.lower_case = lower_case
        self.keep_whitespace = keep_whitespace
        self.normalization_form = normalization_form
        self.preserve_unused_token = preserve_unused_token
        self.with_offsets = with_offsets

    def _tokens(self, text: str):
        text = self._lowered(text) if self.lower_case else normalized(text, self.normalization_form)
        return super()._tokens(compiled(_CONTROL).sub(" ", text))

    def _lowered(self, text: str) -> str:
        if self.preserve_unused_token:
            spans = split(text, compiled(_SPECIAL), compiled(_SPECIAL))
            parts = [text[start:end] for start, end in spans]
        else:
            parts = [text]
        # The special tokens are every second part.
        folded = "".join(part if at % 2 else case_folded(part) for at, part in enumerate(parts))
        return compiled(r"\p{Mn}").sub("", normalized(folded, NormalizeForm.NFD))

    def _pieces(self, text: str):
        tokens = f"{_SPECIAL}|{_SINGLE}" if self.preserve_unused_token else _SINGLE
        spaces = rf"\s+|{tokens}"
        return split(text, compiled(spaces), compiled(spaces if self.keep_whitespace else tokens))


class WordpieceTokenizer(TextTensorOperation):
    """Split words into the longest pieces that a vocabulary has, from front to back.

    Args:
        vocab (Vocab): the vocabulary.
        suffix_indicator (str): what pieces begin with in the vocabulary that are not the first of a word. Default:
            "##".
        max_bytes_per_token (int): longer words are unknown. Default: 100.
        unknown_token (str): what unknown words become; if empty they stay as they are. Default: "[UNK]".
        with_offsets (bool): whether to give where each piece begins and ends in its word too, in bytes. Default: False.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if `max_bytes_per_token` is negative.
        RuntimeError: if the input is no text, nor an array of one axis of them.

    Example:
        >>> vocab = text.Vocab.from_list(["work", "##ing", "hour"])
        >>> text.WordpieceTokenizer(vocab)(["working", "hours"]).tolist()
        ['work', '##ing', '[UNK]']
    """

    @takes(suffix_indicator="str", max_bytes_per_token="int [0, 4294967295]", unknown_token="str", with_offsets="bool")
    def __init__(
        self,
        vocab: Vocab,
        suffix_indicator: str = "##",
        max_bytes_per_token: int = 100,
        unknown_token: str = "[UNK]",
        with_offsets: bool = False,
    ):
        check_vocab(type(self).__name__, vocab)
        self.vocab = vocab
        self.suffix_indicator = suffix_indicator
        self.max_bytes_per_token = max_bytes_per_token
        self.unknown_token = unknown_token
        self.with_offsets = with_offsets

    def _compute(self, array):
        if array.ndim > 1 or array.dtype.kind != "U":
            raise refusal(self, f"the input must be texts in at most one axis, but got {array.shape} of {array.dtype}")
        words = array.ravel().tolist()
        return self._of_words(words, [0] * len(words))

    def _of_words(self, words: list[str], starts: Iterable[int]):
        tokens, offsets = [], []
        for word, begin in zip(words, starts, strict=True):
            at = byte_offsets(word) if word else [0]
            for token, start, end in self._split(word, at[-1]):
                tokens.append(token)
                offsets.append((begin + at[start], begin + at[end]))
        return as_tokens(tokens, offsets if self.with_offsets else None)

    def _split(self, word: str, size: int) -> list[tuple[str, int, int]]:
        """The pieces of a word, and where they begin and end."""
        known, pieces, start = self.vocab.ids, [], 0
        while start < len(word) and size <= self.max_bytes_per_token:
            prefix = self.suffix_indicator if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if prefix + word[start:end] in known), None)
            if end is None:
                break
            pieces.append((prefix + word[start:end], start, end))
            start = end
        return pieces if start == len(word) else [(self.unknown_token or word, 0, len(word))]


class BertTokenizer(TextTensorOperation):
    """Split a text into pieces of a vocabulary, as BERT does: `BasicTokenizer`, and `WordpieceTokenizer` after it.

    Args:
        vocab (Vocab): the vocabulary.
        suffix_indicator (str): what pieces begin with in the vocabulary that are not the first of a word. Default:
            "##".
        max_bytes_per_token (int): longer words are unknown. Default: 100.
        unknown_token (str): what unknown words become; if empty they stay as they are. Default: "[UNK]".
        lower_case (bool): whether to put the text in lower case and take off its accents first. Default: False.
        keep_whitespace (bool): whether white space is a word too. Default: False.
        normalization_form (NormalizeForm): what to bring the text to, unless `lower_case` does. Default:
            `NormalizeForm.NONE`.
        preserve_unused_token (bool): whether [CLS], [SEP], [UNK], [PAD], [MASK] and [unused1] are words. Default: True.
        with_offsets (bool): whether to give where each piece begins and ends too, in bytes of the text that is split.
            Default: False.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if `max_bytes_per_token` is negative.
        RuntimeError: if the input is no single text.

    Example:
        >>> vocab = text.Vocab.from_list(["i", "am", "work", "##ing"])
        >>> text.BertTokenizer(vocab, lower_case=True)("I am working").tolist()
        ['i', 'am', 'work', '##ing']
    """

    def __init__(
        self,
        vocab: Vocab,
        suffix_indicator: str = "##",
        max_bytes_per_token: int = 100,
        unknown_token: str = "[UNK]",
        lower_case: bool = False,
        keep_whitespace: bool = False,
        normalization_form: NormalizeForm = NormalizeForm.NONE,
        preserve_unused_token: bool = True,
        with_offsets: bool = False,
    ):
        self.with_offsets = with_offsets
        self._words = BasicTokenizer(lower_case, keep_whitespace, normalization_form, preserve_unused_token, True)
        self._pieces = WordpieceTokenizer(vocab, suffix_indicator, max_bytes_per_token, unknown_token, with_offsets)

    def _compute(self, array):
        words, starts, _ = self._words._compute(array)
        return self._pieces._of_words(words.tolist(), starts.tolist())
