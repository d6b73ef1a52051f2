"""What the arguments of transforms of texts may be."""

from enum import IntEnum


class JiebaMode(IntEnum):
    """How `JiebaTokenizer` cuts: `MP`, the most probable words; `HMM`, by a hidden Markov model; `MIX`, by the model
    what is no word of the first."""

    MIX = 0
    MP = 1
    HMM = 2


class NormalizeForm(IntEnum):
    """A normalization form of Unicode: `NONE`, `NFC`, `NFKC`, `NFD`, `NFKD`."""

    NONE = 0
    NFC = 1
    NFKC = 2
    NFD = 3
    NFKD = 4


class SentencePieceModel(IntEnum):
    """How SentencePiece learns its pieces: `UNIGRAM`, `BPE`, `CHAR`, `WORD`."""

    UNIGRAM = 0
    BPE = 1
    CHAR = 2
    WORD = 3


class SPieceTokenizerLoadType(IntEnum):
    """Where a model of SentencePiece comes from: `FILE`, or `MODEL` in memory."""

    FILE = 0
    MODEL = 1


class SPieceTokenizerOutType(IntEnum):
    """What `SentencePieceTokenizer` gives: `STRING`, the pieces; `INT`, their numbers."""

    STRING = 0
    INT = 1
