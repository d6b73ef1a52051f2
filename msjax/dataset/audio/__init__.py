"""Transforms of sounds: filters, spectra and effects on arrays, whose last axis is time.

    >>> wave = np.sin(np.arange(400) / 5)[None].astype(np.float32)
    >>> audio.Spectrogram(n_fft=64)(audio.LowpassBiquad(8000, 1500.0)(wave)).shape
    (1, 33, 13)

They compute in float64 what MindSpore does in the dtype of the input, and give that dtype. Formulas are those of SoX
and of torchaudio, as MindSpore's are.
"""

from msjax.core.names import Lazily, unknown_name

# Where each name has its home.
_NAMES = {
    "enumerations": "BorderType DensityFunction FadeShape GainType Interpolation MelType Modulation NormMode NormType "
    "ResampleMethod ScaleType WindowType",
    "biquads": "AllpassBiquad BandBiquad BandpassBiquad BandrejectBiquad BassBiquad Biquad DeemphBiquad "
    "EqualizerBiquad HighpassBiquad LowpassBiquad RiaaBiquad TrebleBiquad",
    "filters": "Filtfilt LFilter",
    "amplitudes": "AmplitudeToDB Angle ComplexNorm DBToAmplitude Gain Magphase MuLawDecoding MuLawEncoding Vol",
    "effects": "Contrast DCShift Dither Fade Flanger Overdrive Phaser",
    "masking": "FrequencyMasking MaskAlongAxis MaskAlongAxisIID TimeMasking",
    "banks": "InverseMelScale MelScale create_dct linear_fbanks melscale_fbanks",
    "spectra": "GriffinLim InverseSpectrogram LFCC MFCC MelSpectrogram SpectralCentroid Spectrogram",
    "speed": "PhaseVocoder PitchShift Resample TimeStretch",
    "features": "ComputeDeltas DetectPitchFrequency SlidingWindowCmn",
    "voice": "Vad",
}
_lazily = Lazily(__name__, (), _NAMES)
__getattr__, __dir__ = unknown_name(__name__, _lazily), _lazily.dir
