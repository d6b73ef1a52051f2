"""The models of mindaudio, small ones of each kind. They are not listed by the package."""

from types import SimpleNamespace as Options

import numpy as np
from mindaudio.models.conformer import ConformerEncoder
from mindaudio.models.conv_tasnet import ConvTasNet
from mindaudio.models.deepspeech2 import DeepSpeechModel
from mindaudio.models.ecapatdnn import EcapaTDNN
from mindaudio.models.tasnet import TasNet
from mindaudio.models.wavegrad import WaveGrad


def normal(*shape):
    return np.random.RandomState(1).standard_normal(shape).astype(np.float32)


def _conformer():
    masks = np.ones((2, 1, 11), np.float32)
    net = ConformerEncoder(40, 32, attention_heads=2, linear_units=64, num_blocks=2, feature_norm=False)
    return net, [normal(2, 47, 40), masks, masks]


def _deepspeech():
    audio = Options(sample_rate=16000, window_size=0.02)
    net = DeepSpeechModel(1, "_'ABCD ", 32, 2, audio, "LSTM", bidirectional=True)
    return net, [normal(1, 1, 161, 40), np.array([40], np.int32)]


def _wavegrad():
    blocks = Options(
        init_conv_channels=8, init_conv_kernels=5, hidden_size=[16, 16], factor=[2, 2], kernel_size=[3, 3, 3],
        dilations=[1, 2, 4],
    )  # fmt: skip
    up = Options(hidden_size=[16, 8, 8], factor=[2, 2, 1], kernel_size=3, dilation=[[1, 2, 1, 2]] * 3)
    films = Options(output_size=[8, 8, 16], kernel_size=[3, 3, 3])
    first = Options(hidden_size=16, kernel_size=3)
    options = Options(dblock=blocks, film=films, ublock=up, first_conv=first, n_mels=20)
    return WaveGrad(options), [normal(1, 64), np.array([0.5], np.float32), normal(1, 20, 16)]


MODELS = {
    "conformer": _conformer,
    "conv_tasnet": lambda: (ConvTasNet(32, 20, 16, 32, 3, 2, 2, 2), [normal(1, 32000)]),  # the only length
    "deepspeech2": _deepspeech,
    "ecapatdnn": lambda: (EcapaTDNN(40, 16, channels=(32,) * 4 + (96,)), [normal(2, 50, 40)]),
    "tasnet": lambda: (TasNet(20, 24, 32, 2, bidirectional=False), [normal(1, 12, 20)]),
    "wavegrad": _wavegrad,
}
names = MODELS.keys


def build(name):
    """A model, and its inputs."""
    net, inputs = MODELS[name]()
    return net, [inputs]
