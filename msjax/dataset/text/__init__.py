"""Transforms of texts: vocabularies, tokenizers, what cleans texts and shapes sequences of tokens.

>>> vocab = text.Vocab.from_list(["<unk>", "a", "good", "day"])
>>> tokens = text.WhitespaceTokenizer()("a very good day")
>>> text.Lookup(vocab, unknown_token="<unk>")(tokens).tolist()
[1, 0, 2, 3]
"""

from msjax.core.names import unknown_name
from msjax.dataset.text.base import TextTensorOperation
from msjax.dataset.text.bert import BasicTokenizer, BertTokenizer, WordpieceTokenizer
from msjax.dataset.text.cleaning import CaseFold, FilterWikipediaXML, NormalizeUTF8, RegexReplace
from msjax.dataset.text.encoding import to_bytes, to_str
from msjax.dataset.text.enumerations import (
    JiebaMode,
    NormalizeForm,
    SentencePieceModel,
    SPieceTokenizerLoadType,
    SPieceTokenizerOutType,
)
from msjax.dataset.text.jieba import JiebaTokenizer
from msjax.dataset.text.pieces import SentencePieceTokenizer, SentencePieceVocab
from msjax.dataset.text.sequences import AddToken, Ngram, SlidingWindow, ToNumber, Truncate, TruncateSequencePair
from msjax.dataset.text.tokenizers import (
    PythonTokenizer,
    RegexTokenizer,
    UnicodeCharTokenizer,
    UnicodeScriptTokenizer,
    WhitespaceTokenizer,
)
from msjax.dataset.text.vectors import CharNGram, FastText, GloVe, ToVectors, Vectors
from msjax.dataset.text.vocab import Lookup, Vocab

__getattr__ = unknown_name(__name__)
