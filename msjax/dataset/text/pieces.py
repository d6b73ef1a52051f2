"""Pieces of words, as SentencePiece learns and cuts them: `pip install "msjax[text]"`."""

from __future__ import annotations

import importlib
import io
from pathlib import Path

import numpy as np

from msjax.core.kinds import check, check_is
from msjax.dataset.text.base import TextTensorOperation
from msjax.dataset.text.enumerations import SentencePieceModel, SPieceTokenizerOutType
from msjax.dataset.transforms.base import refusal


def _library():
    try:
        return importlib.import_module("sentencepiece")
    except ImportError as error:
        raise ImportError('Pieces of words need SentencePiece: pip install "msjax[text]"') from error


class SentencePieceVocab:
    """The pieces that SentencePiece has learned of texts. It is made by `from_dataset` or `from_file`."""

    def __init__(self):
        self._model: bytes | None = None

    @property
    def model(self) -> bytes:
        """The model, as SentencePiece writes it."""
        if self._model is None:
            raise RuntimeError("The SentencePieceVocab is empty: make it by from_dataset or from_file.")
        return self._model

    @classmethod
    def from_dataset(cls, dataset, col_names, vocab_size, character_coverage, model_type, params) -> SentencePieceVocab:
        """Learn pieces of the texts in a dataset.

        Args:
            dataset (Dataset): where the texts are.
            col_names (list[str]): the columns with texts; if it is empty, all.
            vocab_size (int): how many pieces.
            character_coverage (float): which share of the characters they cover, 0.98 to 1.0.
            model_type (SentencePieceModel): how to learn them.
            params (dict[str, str]): more options of SentencePiece's trainer.

        Returns:
            SentencePieceVocab, the pieces.

        Raises:
            TypeError: if an argument is of another type.
            ValueError: if `vocab_size` is negative.
            RuntimeError: if there is no such column, or SentencePiece refuses an argument.
        """
        check("SentencePieceVocab.from_dataset", "col_names", col_names, "list or tuple")
        names = dataset.get_col_names()
        for name in col_names:
            if name not in names:
                raise RuntimeError(f"For 'SentencePieceVocab.from_dataset', there is no column {name!r} in {names}.")
        rows = dataset.create_dict_iterator(num_epochs=1, output_numpy=True)
        texts = (str(text) for row in rows for name in col_names or row for text in row[name].ravel())
        return cls._learned(vocab_size, character_coverage, model_type, params, sentence_iterator=texts)

    @classmethod
    def from_file(cls, file_path, vocab_size, character_coverage, model_type, params) -> SentencePieceVocab:
        """Learn pieces of the lines of files.

        Args:
            file_path (list[str]): the files.
            vocab_size (int): how many pieces.
            character_coverage (float): which share of the characters they cover, 0.98 to 1.0.
            model_type (SentencePieceModel): how to learn them.
            params (dict[str, str]): more options of SentencePiece's trainer.

        Returns:
            SentencePieceVocab, the pieces.

        Raises:
            TypeError: if an argument is of another type.
            ValueError: if `vocab_size` is negative.
            RuntimeError: if a file cannot be read, or SentencePiece refuses an argument.
        """
        check("SentencePieceVocab.from_file", "file_path", file_path, "list")
        return cls._learned(vocab_size, character_coverage, model_type, params, input=file_path)

    @classmethod
    def _learned(cls, vocab_size, character_coverage, model_type, params, **source) -> SentencePieceVocab:
        check("SentencePieceVocab", "vocab_size", vocab_size, "int [0, 4294967295]")
        check("SentencePieceVocab", "character_coverage", character_coverage, "float")
        check("SentencePieceVocab", "params", params, "dict")
        check_is("SentencePieceVocab", "model_type", model_type, SentencePieceModel)
        written = io.BytesIO()
        options = {"minloglevel": 2} | params | source
        try:
            _library().SentencePieceTrainer.train(
                model_writer=written,
                vocab_size=vocab_size,
                character_coverage=character_coverage,
                model_type=model_type.name.lower(),
                **options,
            )
        except OSError as error:
            raise RuntimeError(f"For 'SentencePieceVocab', SentencePiece says: {error}") from error
        vocab = cls()
        vocab._model = written.getvalue()
        return vocab

    @classmethod
    def save_model(cls, vocab: SentencePieceVocab, path: str, filename: str) -> None:
        """Write a model to a file.

        Args:
            vocab (SentencePieceVocab): the model.
            path (str): the folder.
            filename (str): the name of the file.

        Raises:
            TypeError: if an argument is of another type.
            RuntimeError: if there is no such folder.
        """
        _check_vocab("SentencePieceVocab.save_model", "vocab", vocab)
        check("SentencePieceVocab.save_model", "path", path, "str")
        check("SentencePieceVocab.save_model", "filename", filename, "str")
        if not Path(path).is_dir():
            raise RuntimeError(f"For 'SentencePieceVocab.save_model', there is no folder {path!r}.")
        Path(path, filename).write_bytes(vocab.model)


def _check_vocab(owner: str, name: str, vocab) -> None:
    check_is(owner, name, vocab, SentencePieceVocab)


class SentencePieceTokenizer(TextTensorOperation):
    """Split a text into pieces of words that SentencePiece has learned.

    Args:
        mode (Union[str, SentencePieceVocab]): the model, or its file.
        out_type (SPieceTokenizerOutType): whether to give the pieces, or their numbers, of int32.

    Raises:
        TypeError: if an argument is of another type.
        RuntimeError: if the input is no single text, or the file holds no model.
        ImportError: if SentencePiece is not installed.

    Example:
        >>> pieces = text.SentencePieceVocab.from_file(  # doctest: +SKIP
        ...     ["corpus.txt"], 5000, 0.9995, text.SentencePieceModel.UNIGRAM, {}
        ... )
        >>> text.SentencePieceTokenizer(pieces, text.SPieceTokenizerOutType.STRING)("a day")  # doctest: +SKIP
    """

    def __init__(self, mode, out_type: SPieceTokenizerOutType):
        if not isinstance(mode, str):
            _check_vocab("SentencePieceTokenizer", "mode", mode)
        check_is("SentencePieceTokenizer", "out_type", out_type, SPieceTokenizerOutType)
        self.mode = mode
        self.out_type = out_type
        self._processor = None

    def __getstate__(self):
        return self.__dict__ | {"_processor": None}

    def _compute(self, array):
        if array.ndim or array.dtype.kind != "U":
            raise refusal(self, f"the input must be one text, but got shape {array.shape} of {array.dtype}")
        if self._processor is None:
            self._processor = self._loaded()
        as_text = self.out_type == SPieceTokenizerOutType.STRING
        pieces = self._processor.encode(array.item(), out_type=str if as_text else int)
        return np.array(pieces, np.str_ if as_text else np.int32)

    def _loaded(self):
        library = _library()
        try:
            model = Path(self.mode).read_bytes() if isinstance(self.mode, str) else self.mode.model
            return library.SentencePieceProcessor(model_proto=model)
        except (OSError, RuntimeError) as error:
            raise refusal(self, f"the model cannot be read: {error}") from error
