"""The calls of transforms of sounds that MindSpore answered (scripts/record_audio.py) and tests/dataset/test_audio.py
repeats: one line is one transform and the inputs on which it is called, or a function of `audio`."""

import numpy as np

_CALLS = """
AllpassBiquad(44100, 200.0, 0.707) | wave wave64 mono
AllpassBiquad(8000, 3000.5) | wave deep
AmplitudeToDB() | power power64 wave
AmplitudeToDB(ScaleType.MAGNITUDE, 2.0, 1e-5, 20.0) | power deep
Angle() | complex complex64 complexes
BandBiquad(44100, 200.0, 0.707) | wave wave64
BandBiquad(8000, 1000.0, 0.3, True) | wave
BandpassBiquad(44100, 200.0, 0.707) | wave
BandpassBiquad(8000, 1000.0, 0.5, True) | wave deep
BandrejectBiquad(44100, 200.0) | wave wave64
BassBiquad(44100, 100.0) | wave
BassBiquad(16000, -3.5, 200.0, 0.5) | wave wave64
Biquad(0.01, 0.02, 0.13, 1, 0.12, 0.3) | wave wave64 mono deep ints
Biquad(0.5, 0.2, -0.1, 2.0, 0.1, 0.3) | wave
ComplexNorm() | complex complex64 complexes
ComplexNorm(2.0) | complex
ComplexNorm(0.5) | complex wave
ComputeDeltas() | wave wave64 deep
ComputeDeltas(7, BorderType.EDGE) | wave
ComputeDeltas(5, BorderType.REFLECT) | wave
ComputeDeltas(5, BorderType.SYMMETRIC) | wave
ComputeDeltas(3, BorderType.CONSTANT) | wave
Contrast() | wave wave64 ints mono
Contrast(20.0) | wave deep
DBToAmplitude(0.5, 0.5) | wave wave64 ints
DBToAmplitude(2.0, 1.0) | wave
DCShift(0.5, 0.02) | wave wave64
DCShift(-0.8) | wave
DCShift(-0.3, 0.1) | wave
DCShift(0.0) | wave
DeemphBiquad(44100) | wave wave64
DeemphBiquad(48000) | wave
DetectPitchFrequency(30, 0.1, 3, 5, 25) | long
DetectPitchFrequency(16000) | tone
DetectPitchFrequency(8000, 0.02, 10, 85, 2000) | tone tone64
Dither() | wave wave64
EqualizerBiquad(44100, 1500, 5.5, 0.7) | wave
EqualizerBiquad(8000, 500.0, -2.0) | wave wave64
Fade(20, 30, FadeShape.LINEAR) | wave wave64
Fade(20, 30, FadeShape.QUARTER_SINE) | wave
Fade(10, 30, FadeShape.HALF_SINE) | wave
Fade(20, 7, FadeShape.LOGARITHMIC) | wave
Fade(20, 30, FadeShape.EXPONENTIAL) | wave ints
Fade() | wave
Fade(1, 1) | wave
Filtfilt([0.4, 0.2, 0.1], [0.1, 0.2, 0.3]) | wave
Filtfilt([1.0, 0.2, 0.3], [0.4, 0.2, 0.3], False) | wave wave64
Flanger(44100) | wave wave64
Flanger(16000, 3.0, 4.0, 20.0, 50.0, 2.0, 50.0, Modulation.TRIANGULAR, Interpolation.QUADRATIC) | wave
Flanger(8000, 1.0, 2.0, -20.0, 90.0, 9.0, 0.0, Modulation.SINUSOIDAL, Interpolation.QUADRATIC) | wave
FrequencyMasking(False, 0, 3, 1.0) | power
FrequencyMasking(True, 0) | power
Gain() | wave wave64 ints
Gain(0.2) | mono deep
GriffinLim(rand_init=False, n_iter=4) | spectrum
GriffinLim(50, 5, 40, 20, power=1.0, momentum=0.5, rand_init=False, length=260) | small
HighpassBiquad(44100, 1500, 0.7) | wave wave64
HighpassBiquad(8000, 100.0) | wave
InverseSpectrogram(1, 400, 400, 200) | halves
InverseSpectrogram(None, 20) | little
InverseSpectrogram(60, 20, 16, 5, 0, WindowType.HAMMING, True) | little
InverseSpectrogram(None, 20, center=False, window=WindowType.HAMMING) | little
LFCC(1600, 20, 10, 0.0, speckwargs=LINES) | long
LFCC(1600, 20, 10, 0.0, log_lf=True, speckwargs=LINES) | long
LFilter([0.4, 0.2, 0.1], [0.1, 0.2, 0.3]) | wave wave64
LFilter([1.0, 0.2, 0.3], [0.4, 0.2, 0.3], False) | wave deep
LowpassBiquad(4000, 1500, 0.7) | wave wave64
Magphase() | complex complex64
Magphase(2.0) | complex
MaskAlongAxis(0, 3, 0.5, 1) | power
MaskAlongAxis(2, 5, 0.0, 2) | power power64
MaskAlongAxisIID(0, 0.5, 1) | power
MelScale(20, 16000, 0.0, None, 26) | small
MelScale(10, 8000, 100.0, 3000.0, 26, NormType.SLANEY, MelType.SLANEY) | small small64
MelSpectrogram(1600, 80, 60, 30, n_mels=12) | long
MelSpectrogram(1600, 80, n_mels=8, norm=NormType.SLANEY, mel_scale=MelType.SLANEY, power=1.0, normalized=True) | long
MFCC(1600, 8, melkwargs=MELS) | long
MFCC(1600, 8, 2, NormMode.NONE, True, melkwargs=MELS) | long
MuLawDecoding() | codes
MuLawDecoding(16) | codes wave
MuLawEncoding() | wave wave64
MuLawEncoding(16) | wave mono
Overdrive() | wave wave64 mono
Overdrive(5.0, 60.0) | wave deep
Phaser(44100) | wave wave64
Phaser(8000, 0.5, 0.6, 2.0, 0.3, 1.5, False) | wave
PhaseVocoder(1.3, np.linspace(0, 3.0, 26, dtype=np.float32)[:, None]) | little_complex
PhaseVocoder(0.7, np.linspace(0, 3.0, 26)[:, None]) | little_complex64
PitchShift(1600, 4, n_fft=64) | long
PitchShift(1600, -3, 12, 64, 64, 16) | long
Resample(48000, 16000) | wave
Resample(16000, 24000, ResampleMethod.KAISER_WINDOW, 8, 0.9) | wave wave64
Resample(7, 5, ResampleMethod.SINC_INTERPOLATION, 3, 0.7) | deep
Resample() | wave
RiaaBiquad(44100) | wave wave64
RiaaBiquad(96000) | wave
SlidingWindowCmn(20, 5) | power deep
SlidingWindowCmn(4, 2, True, True) | power power64
SlidingWindowCmn(6, 3, False, True) | power
SpectralCentroid(44100) | tone
SpectralCentroid(16000, 64, 60, 20, 4, WindowType.HAMMING) | long
Spectrogram() | tone
Spectrogram(64, 60, 20, 4, WindowType.HAMMING) | long long64
Spectrogram(64, window=WindowType.BARTLETT, power=1.0, normalized=True) | long
Spectrogram(64, window=WindowType.BLACKMAN, power=0.0) | long
Spectrogram(64, window=WindowType.KAISER, power=3.0, center=False) | long
Spectrogram(64, pad_mode=BorderType.CONSTANT, onesided=False) | long
Spectrogram(64, pad_mode=BorderType.EDGE, power=0.5) | long
Spectrogram(64, pad_mode=BorderType.SYMMETRIC) | long
TimeMasking(False, 0, 3, 1.0) | power
TimeMasking(True, 0) | power
TimeStretch(64, 26, 1.3) | little_complex
TimeStretch(None, 26, 0.6) | little_complex little_complex64
TrebleBiquad(44100, 200.0) | wave
TrebleBiquad(16000, -5.0, 2000.0, 0.5) | wave wave64
Vol(0.2) | wave wave64
Vol(2.0, GainType.POWER) | wave
Vol(-6.0, GainType.DB) | wave
create_dct(10, 20)
create_dct(8, 16, NormMode.ORTHO)
linear_fbanks(26, 0.0, 4000.0, 10, 8000)
melscale_fbanks(26, 0.0, 4000.0, 10, 8000)
melscale_fbanks(101, 50.0, 7000.0, 20, 16000, NormType.SLANEY, MelType.SLANEY)
Gain() | none text flags
Contrast() | flags
Biquad(0.5, 0.2, -0.1, 2.0, 0.1, 0.3) | flags
AmplitudeToDB() | ints
DCShift(-0.5, 0.3) | wave64
GriffinLim(50, 6, power=2.0, rand_init=False) | small64
MelSpectrogram(1600, 80, f_min=900.0) | long
Phaser(8000, 2.0)
Overdrive(-1.0)
Dither(DensityFunction.TPDF, True) | wave
InverseMelScale(20, 8, f_min=9.0, f_max=3.0)
MuLawEncoding(0)
Vol(0.0, GainType.POWER)
MFCC(n_mfcc=200)
TimeStretch(n_freq=9, fixed_rate=1.5) | little_complex
Spectrogram(200) | wave
PitchShift(8000, 1, 0)
Flanger(0)
DetectPitchFrequency(0)
DetectPitchFrequency(16000, 0.0)
Angle() | wave
Magphase() | wave
MuLawEncoding() | ints
AllpassBiquad(44100, 200.0, 0.0)
AllpassBiquad(0, 200.0)
AllpassBiquad(44100.5, 200.0)
AmplitudeToDB("power")
Fade(-1)
Fade(200) | wave
Contrast(101.0)
Vol(-1.0)
LFilter([1.0], [1.0, 2.0])
DeemphBiquad(8000)
RiaaBiquad(8000)
ComputeDeltas(2)
Flanger(44100, 40.0)
MaskAlongAxis(0, 100, 0.5, 1) | power
TimeMasking(False, -1)
MelScale(10, n_stft=13) | small
Biquad(0.01, 0.02, 0.13, 0, 0.12, 0.3)
Resample(0)
Spectrogram(64, 80)
create_dct(-1, 3)
"""


def calls() -> list[tuple[str, str]]:
    """Calls, each with the name of an input, or "" if it is not called on one."""
    found = []
    for line in _CALLS.strip().splitlines():
        call, _, names = line.partition(" | ")
        found += [(call, name) for name in names.split() or [""]]
    return found


def inputs() -> dict[str, np.ndarray]:
    draw = np.random.RandomState(0)
    wave = draw.uniform(-1, 1, (2, 60)).astype(np.float32)
    time = np.arange(4000) / 16000
    tone = (0.6 * np.sin(2 * np.pi * 440 * time) + 0.1 * draw.uniform(-1, 1, 4000))[None].astype(np.float32)
    long = draw.uniform(-1, 1, (1, 400)).astype(np.float32)
    power = draw.uniform(0.1, 3, (2, 8, 10)).astype(np.float32)
    small = draw.uniform(0, 2, (1, 26, 14)).astype(np.float32)
    complexes = draw.uniform(-1, 1, (2, 5, 6, 2)).astype(np.float32)
    little = draw.uniform(-1, 1, (1, 26, 9, 2)).astype(np.float32)
    return {
        "wave": wave, "wave64": wave.astype(np.float64), "mono": wave[0], "deep": wave.reshape(2, 2, 30),
        "ints": (wave * 100).astype(np.int16), "tone": tone, "tone64": tone.astype(np.float64), "long": long,
        "long64": long.astype(np.float64), "power": power, "power64": power.astype(np.float64),
        "complex": complexes, "complex64": complexes.astype(np.float64), "complexes": complexes[0, :, 0] * 2,
        "spectrum": draw.uniform(0, 1, (1, 201, 6)).astype(np.float32), "small": small[..., :14],
        "small64": small.astype(np.float64), "halves": draw.uniform(-1, 1, (1, 201, 3, 2)).astype(np.float32),
        "little": draw.uniform(-1, 1, (1, 11, 9, 2)).astype(np.float32), "little_complex": little,
        "little_complex64": little.astype(np.float64), "codes": draw.randint(0, 16, (2, 20)).astype(np.int32),
        "none": np.zeros((2, 0), np.float32), "text": np.array(["a", "b"]),
        "flags": np.array([[True, False]]),
    }  # fmt: skip


def words(audio) -> dict:
    """The names that calls may use."""
    lines = {
        "n_fft": 80, "win_length": 80, "hop_length": 40, "power": 2.0, "pad": 0, "window": audio.WindowType.HANN,
        "normalized": False, "center": True, "pad_mode": audio.BorderType.REFLECT, "onesided": True,
    }  # fmt: skip
    mels = {"f_min": 0.0, "f_max": 800.0, "norm": audio.NormType.NONE, "mel_scale": audio.MelType.HTK, "n_mels": 16}
    own = {name: getattr(audio, name) for name in dir(audio) if not name.startswith("_")}
    return {"np": np, "LINES": lines, "MELS": lines | mels, **own}


def answer(audio, call: str, value: np.ndarray | None):
    """What a call gives: arrays, or the name of the error's type."""
    try:
        made = eval(call, words(audio))
        if value is not None:
            made = made(value.copy())
        elif not isinstance(made, np.ndarray):
            return "made"
        return list(made) if isinstance(made, tuple) else [np.asarray(made)]
    except Exception as error:
        return type(error).__name__
