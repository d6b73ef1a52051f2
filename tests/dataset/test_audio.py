"""Transforms of sounds: against MindSpore's answers (audio_answers.npz), and what no answer shows."""

import copy
import pickle
from pathlib import Path

import numpy as np
import pytest

import msjax.dataset as ds
from dataset import audio_calls
from msjax.dataset import audio

ANSWERS = np.load(Path(__file__).parent / "audio_answers.npz")
VALUES = audio_calls.inputs()
CALLS = audio_calls.calls()
# By how much results may differ, of a largest value of 1: MindSpore's float32 is rounded at each step. Phases go on
# from time to time, and so do their errors.
CLOSE = {np.float32: 1e-5, np.float64: 5e-6}
ROUGH = {"PitchShift": 1e-4, "TimeStretch": 2e-4, "SlidingWindowCmn": 3e-5}


def recorded(call: str, name: str) -> list[np.ndarray]:
    keys = [f"{call}|{name}|{index}" for index in range(3)]
    return [ANSWERS[key] for key in keys if key in ANSWERS.files]


@pytest.mark.parametrize("call", dict.fromkeys(call for call, _ in CALLS))
def test_as_in_mindspore(call):
    for name in [name for each, name in CALLS if each == call]:
        value = VALUES.get(name)
        got, expected = audio_calls.answer(audio, call, value), recorded(call, name)
        if isinstance(got, str) or expected[0].dtype.kind == "U":
            assert got == str(expected[0]), name
            continue
        for one, other in zip(got, expected, strict=True):
            assert (one.dtype, one.shape) == (other.dtype, other.shape), name
            bound = ROUGH.get(call.partition("(")[0], CLOSE.get(other.dtype.type, 0))
            np.testing.assert_allclose(one, other, rtol=0, atol=bound * max(1.0, np.abs(other).max()), err_msg=name)


def voice(length: int) -> np.ndarray:
    time = np.arange(length) / 8000
    tone = sum(np.sin(2 * np.pi * 120 * k * time + k) / k for k in range(1, 20))
    return 0.3 * tone * (1 + 0.5 * np.sin(2 * np.pi * 4 * time))


def test_where_a_voice_begins():
    noise = np.random.RandomState(0).uniform(-0.001, 0.001, 11000)
    sound = np.concatenate([noise[:8000], voice(6000), noise[8000:]])[None]
    kept = audio.Vad(8000)(sound)
    start = sound.shape[1] - kept.shape[1]
    assert 6500 < start <= 8200 and (kept == sound[:, start:]).all()
    assert audio.Vad(8000)(sound[:, :8000]).shape == (1, 8000)
    assert audio.Vad(8000, search_time=0.5)(sound[:, :8000]).shape == (1, 4800)


def test_bands_of_the_spectrum_that_is_found():
    bands = np.random.RandomState(0).uniform(0.5, 2, (1, 6, 4))
    found = audio.InverseMelScale(33, 6, max_iter=5000, tolerance_change=1e-12)(bands)
    np.testing.assert_allclose(audio.MelScale(6, n_stft=33)(found), bands, atol=0.02)
    assert found.min() >= 0


def test_a_sound_of_its_spectrum():
    sound = np.random.RandomState(0).uniform(-1, 1, (2, 300))
    for arguments in ({}, {"win_length": 50, "hop_length": 10}, {"normalized": True, "onesided": False}):
        spectrum = audio.Spectrogram(64, power=0.0, **arguments)(sound)
        np.testing.assert_allclose(audio.InverseSpectrogram(300, 64, **arguments)(spectrum)[:, :280], sound[:, :280])


@pytest.mark.parametrize("density", list(audio.DensityFunction))
def test_dither_rounds_to_16_bits(density):
    sound = np.random.RandomState(0).uniform(-1, 1, (2, 200))
    rounded = audio.Dither(density)(sound)
    assert (rounded * 2**15 == np.round(rounded * 2**15)).all()
    assert np.abs(rounded - sound).max() < 3 / 2**14


def test_random_masks_are_seeded_and_no_longer_than_said():
    ds.config.set_seed(3)
    try:
        rows = ds.NumpySlicesDataset({"x": np.ones((20, 1, 8, 30), np.float32)}, shuffle=False)
        rows = rows.map(audio.TimeMasking(True, 9), "x").map(audio.FrequencyMasking(True, 3), "x")
        first, again = ([row for (row,) in rows.create_tuple_iterator(None, 1, output_numpy=True)] for _ in range(2))
    finally:
        ds.config.set_seed(ds.config.UNSEEDED)
    assert all((one == other).all() for one, other in zip(first, again, strict=True))
    lengths = [int((row[0] == 0).all(axis=0).sum()) for row in first]
    assert max(lengths) < 10 and len(set(lengths)) > 3


def test_transforms_are_copied_and_pickled():
    for call, name in CALLS:
        answer = recorded(call, name)[0]
        if name and answer.dtype.kind != "U":
            made = eval(call, audio_calls.words(audio))
            for other in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
                assert np.array_equal(other(VALUES[name]), made(VALUES[name])), call
