"""Sounds in the folders in which they are published: a class for each, which says what is known of each file."""

from __future__ import annotations

import wave
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from msjax.dataset.rows import Row
from msjax.dataset.sources.folder import FolderDataset
from msjax.dataset.sources.reading import reading, regular, text_of

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
        if cls.__doc__ and not cls.__name__.startswith("_") and "Args:" not in cls.__doc__:
            parts, usage = [f'"{usage}"' for usage in cls._usages], ""
            if parts[1:]:
                usage = f"\n        {cls._name} (str): which part of the data: {', '.join(parts)}; None for {parts[0]}."
            cls.__doc__ = f"{cls.__doc__.rstrip()}\n{_ARGS.format(usage=usage)}"

    def __init__(
        self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=None, sampler=None,
        num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        super().__init__(dataset_dir, usage, num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id)
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
                waveform, rate = self._read(path)
            return (waveform, *([np.array(rate, self._rate)] if with_rate else []), *map(np.array, others))

        return len(self._rows), row

    def _read(self, sound: Any) -> tuple[np.ndarray, int]:
        """The samples, float32 of shape (channels, length), and the sample rate, of the first of an entry."""
        return _read(sound)

    def _at(self, *names: str) -> Path:
        return Path(self.dataset_dir, *names)

    def _lines(self, *names: str) -> list[str]:
        return [line for line in text_of(self._at(*names)).splitlines() if line.strip()]


def _read(path: str) -> tuple[np.ndarray, int]:
    """The sound of a WAV file, float32 of shape (channels, length), and its sample rate."""
    try:
        with wave.open(str(regular(path)), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            content = file.readframes(file.getnframes())
    except (wave.Error, EOFError, OSError) as error:
        raise RuntimeError(f"Invalid file, {path} is no WAV file: {error}.") from error
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


class LibriTTSDataset(_Sounds):
    """Books that are read aloud: columns `waveform`, float32, `sample_rate`, uint32, `original_text` and
    `normalized_text`, strings, `speaker_id` and `chapter_id`, uint32, and `utterance_id`, a string.
    https://www.openslr.org/60

    Differs from MindSpore: chapters come in the order of their folders' names, there in that of the file system.
    """

    _headings = (
        "waveform", "sample_rate", "original_text", "normalized_text", "speaker_id", "chapter_id", "utterance_id",
    )  # fmt: skip
    _rate = np.uint32
    _usages = (
        "all", "dev-clean", "dev-other", "test-clean", "test-other", "train-clean-100", "train-clean-360",
        "train-other-500",
    )  # fmt: skip

    def _entries(self):
        parts = self._usages[1:] if self.usage == "all" else (self.usage,)
        entries = []
        for path in [path for part in parts for path in sorted(self._at(part).glob("*/*/*.trans.tsv"))]:
            speaker, chapter = (np.array(int(folder.name), np.uint32) for folder in (path.parents[1], path.parent))
            for name, text, normal in (line.split("\t") for line in self._lines(str(path))):
                entries.append((str(path.with_name(f"{name}.wav")), text, normal, speaker, chapter, name))
        return entries


class TedliumDataset(_Sounds):
    """Talks of TED: columns `waveform`, float32, `sample_rate`, int32, `transcript`, `talk_id`, `speaker_id` and
    `identifier`, strings, with a row for each part that is transcribed. https://www.openslr.org/51

    Args:
        dataset_dir (str): the folder.
        release (str): "release1", "release2" or "release3".
        usage (str): which part of the data: "train", "test", "dev" or "all", of "release3" "all"; None for "all".
        extensions (str): the ending of the files of sounds; None for ".sph".
        num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id, cache: as for `YesNoDataset`.

    Raises:
        ValueError: if there is no such folder, release, or part of the data.
        RuntimeError: if the folder has no such files, or one is no file of NIST's with 16 bits.

    Differs from MindSpore: the sounds are read; there zeros come in their place.
    """

    _headings = "waveform", "sample_rate", "transcript", "talk_id", "speaker_id", "identifier"

    def __init__(
        self, dataset_dir, release, usage=None, extensions=None, num_samples=None, num_parallel_workers=None,
        shuffle=None, sampler=None, num_shards=None, shard_id=None, cache=None,
    ):  # fmt: skip
        if release not in ("release1", "release2", "release3"):
            raise ValueError("Input release is not within the valid set of ['release1', 'release2', 'release3'].")
        if extensions not in (None, ".sph"):
            raise ValueError(f"extensions should be '.sph', but got {extensions!r:.80}.")
        self._parts = ("data",) if release == "release3" else ("train", "test", "dev")
        self._usages = ("all",) if release == "release3" else (*self._parts, "all")
        super().__init__(
            dataset_dir, usage or "all", num_samples, num_parallel_workers, shuffle, sampler, num_shards, shard_id
        )
        self.release = release

    def _entries(self):
        """In the order of the lines: the first of all talks, then the second of all."""
        parts, entries = (self._parts if self.usage == "all" else (self.usage,)), []
        for path in [path for part in parts for path in self._at(part, "stm").glob("*.stm")]:
            sound = str(path.parents[1] / "sph" / f"{path.stem}.sph")
            for number, line in enumerate(self._lines(str(path))):
                talk, _, speaker, start, stop, identifier, text = line.split(" ", 6)
                entry = (sound, float(start), float(stop)), text, talk, speaker, identifier
                entries.append(((number, path.stem, sound), entry))
        return [entry for _, entry in sorted(entries)]

    def _read(self, sound: tuple[str, float, float]) -> tuple[np.ndarray, int]:
        path, start, stop = sound
        with reading(self, path):
            dtype, rate = _sphere(path)
            first, last = int(start * rate), int(stop * rate)
            if not 0 <= first <= last <= (Path(path).stat().st_size - _HEAD) // 2:
                raise ValueError(f"it has no samples from second {start} to {stop}")
            samples = np.fromfile(path, dtype, last - first, offset=_HEAD + 2 * first)
        return (samples / np.float32(32767)).astype(np.float32)[None], rate


_HEAD = 1024  # bytes


def _sphere(path: str) -> tuple[str, int]:
    """The dtype and the rate of the samples in a file of NIST's format SPHERE, as its head says."""
    with open(regular(path), "rb") as file:
        head = file.read(_HEAD).decode("latin1")
    if not head.startswith("NIST_1A\n   1024\n"):
        raise ValueError("it is no file of NIST's format")
    lines = (line.split(maxsplit=2) for line in head.partition("end_head")[0].splitlines())
    fields = {words[0]: words[2] for words in lines if len(words) == 3}
    layout = tuple(fields[name] for name in ("sample_n_bytes", "channel_count", "sample_coding"))
    dtype, rate = {"01": "<i2", "10": ">i2"}[fields["sample_byte_format"]], int(fields["sample_rate"])
    if layout != ("2", "1", "pcm"):
        raise ValueError("it should have one channel, pcm, with 2 bytes a sample")
    return dtype, rate
