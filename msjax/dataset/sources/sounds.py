"""Sounds in the folders in which they are published: a class for each, which says what is known of each file."""

from __future__ import annotations

import wave
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import numpy as np

from msjax.dataset.rows import Row
from msjax.dataset.sources.folder import FolderDataset
from msjax.dataset.sources.reading import reading

_ARGS = """
    Args:
        dataset_dir (str): the folder.{usage}
        num_samples (int): how many rows come; None for all.
        num_parallel_workers (int): accepted for compatibility.
        shuffle (bool): whether in random order; None for True.
        sampler (Sampler or Iterable): which rows come, and in which order.
        num_shards, shard_id (int): how many shares there are, and which this is.
        cache: accepted for compatibility.

    Raises:
        ValueError: if there is no such folder, or no such part of the data.
        RuntimeError: if the folder has no such files, or one is no WAV file of 16 bits.
"""


class _Sounds(FolderDataset):
    """Base of these sources. A class defines `_entries()`: the file of each sound, and the other columns of its row."""

    _usages: tuple[str, ...] = ()
    _headings: tuple[str, ...] = ()
    _rate: type = np.int32  # of the column `sample_rate`
    _name = "usage"  # of the argument that says which part

    def __init_subclass__(cls) -> None:
        if cls.__doc__ and not cls.__name__.startswith("_"):
            parts, usage = [f'"{usage}"' for usage in cls._usages], ""
            if parts[1:]:
                usage = f"\n        {cls._name} (str): which part of the data: {', '.join(parts)}; None for {parts[0]}."
            cls.__doc__ = f"{cls.__doc__.rstrip()}\n{_ARGS.format(usage=usage)}"

    def __init__(
        self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
        num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(
            dataset_dir, usage, self._usages, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id
        )
        self.usage = usage or next(iter(self._usages), "all")

    def _entries(self) -> list[tuple]:
        raise NotImplementedError

    def _columns(self) -> list[str]:
        return list(self._headings)

    @cached_property
    def _rows(self) -> list[tuple]:
        with reading(self, self.dataset_dir):
            entries = self._entries()
        if not entries:
            raise self.no_data("the sounds")
        return entries

    def _length(self) -> int:
        return len(self._rows)

    def _table(self) -> tuple[int, Callable[[int], Row]]:
        with_rate = "sample_rate" in self._headings

        def row(index: int) -> Row:
            path, *others = self._rows[index]
            with reading(self, path):
                waveform, rate = _read(path)
            return (waveform, *([np.array(rate, self._rate)] if with_rate else []), *map(np.array, others))

        return len(self._rows), row

    def _at(self, *names: str) -> Path:
        return Path(self.dataset_dir, *names)

    def _lines(self, *names: str) -> list[str]:
        return [line for line in self._at(*names).read_text(encoding="utf-8").splitlines() if line.strip()]


def _read(path: str) -> tuple[np.ndarray, int]:
    """The sound of a WAV file, float32 of shape (channels, length), and its sample rate."""
    with wave.open(path, "rb") as file:
        channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
        content = file.readframes(file.getnframes())
    if width != 2:
        raise RuntimeError(f"Invalid file, {path} has {8 * width} bits a sample, but must have 16.")
    samples = np.frombuffer(content, "<i2").reshape(-1, channels).T
    return (samples / np.float32(32767)).astype(np.float32), rate


class _WithoutUsage(_Sounds):
    """Base of those that have no parts."""

    def __init__(
        self, dataset_dir, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None, num_shards=None,
        shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, None, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id)


def _sounds(path: Path) -> list[str]:
    return [str(one) for one in sorted(path.iterdir()) if one.suffix == ".wav"]


class YesNoDataset(_WithoutUsage):
    """Recordings of eight words each, yes or no in Hebrew: columns `waveform`, float32, `sample_rate`, int32, and
    `label`, int32, 1 for each yes. https://www.openslr.org/1
    """

    _headings = "waveform", "sample_rate", "label"

    def _entries(self):
        return [
            (path, np.array([int(word) for word in Path(path).stem.split("_")], np.int32))
            for path in _sounds(self._at())
        ]


class GTZANDataset(_Sounds):
    """Music of ten genres: columns `waveform`, float32, `sample_rate`, uint32, and `label`, a string.
    http://marsyas.info/downloads/datasets.html

    Differs from MindSpore: only the whole of it is known, not the parts "train", "valid" and "test".
    """

    _headings, _rate, _usages = ("waveform", "sample_rate", "label"), np.uint32, ("all",)

    def _entries(self):
        folders = sorted(one for one in self._at().iterdir() if one.is_dir())
        return [(path, folder.name) for folder in folders for path in _sounds(folder)]


class SpeechCommandsDataset(_Sounds):
    """Single words: columns `waveform`, float32, `sample_rate`, int32, `label` and `speaker_id`, strings, and
    `utterance_number`, int32. https://arxiv.org/abs/1804.03209
    """

    _headings = "waveform", "sample_rate", "label", "speaker_id", "utterance_number"
    _usages = "all", "train", "test", "valid"

    def _entries(self):
        lists = {"valid": {*self._lines("validation_list.txt")}, "test": {*self._lines("testing_list.txt")}}
        entries = []
        for folder in sorted(one for one in self._at().iterdir() if one.is_dir() and one.name[0] != "_"):
            for path in _sounds(folder):
                name = f"{folder.name}/{Path(path).name}"
                part = next((part for part, names in lists.items() if name in names), "train")
                if self.usage in ("all", part):
                    speaker, _, number = Path(path).stem.partition("_nohash_")
                    entries.append((path, folder.name, speaker, np.array(int(number), np.int32)))
        return entries


class LJSpeechDataset(_WithoutUsage):
    """A book that is read aloud: columns `waveform`, float32, `sample_rate`, int32, `transcription` and
    `normalized_transcription`, strings. https://keithito.com/LJ-Speech-Dataset
    """

    _headings = "waveform", "sample_rate", "transcription", "normalized_transcription"

    def _entries(self):
        records = [line.split("|") for line in self._lines("metadata.csv")]
        return [(str(self._at("wavs", f"{name}.wav")), text, normal) for name, text, normal in records]


class CMUArcticDataset(_Sounds):
    """Sentences, read by some speakers: columns `waveform`, float32, `sample_rate`, uint32, `transcript` and
    `utterance_id`, strings. http://www.festvox.org/cmu_arctic
    """

    _headings, _rate, _name = ("waveform", "sample_rate", "transcript", "utterance_id"), np.uint32, "name"
    _usages = (
        "aew", "ahw", "aup", "awb", "axb", "bdl", "clb", "eey", "fem", "gka", "jmk", "ksp", "ljm", "lnh", "rms",
        "rxr", "slp", "slt",
    )  # fmt: skip

    def __init__(
        self, dataset_dir, name=None, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
        num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, name, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id)

    def _entries(self):
        folder, entries = f"cmu_us_{self.usage}_arctic", []
        for line in self._lines(folder, "etc", "txt.done.data"):
            name, text = line.strip("() ").split(" ", 1)
            path = str(self._at(folder, "wav", f"{name}.wav"))
            entries.append((path, text.strip().strip('"'), name.removeprefix("arctic_")))
        return entries
