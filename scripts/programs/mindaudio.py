"""Training with mindaudio, on noise that has labels: its models, losses and schedules, with `Model`."""

import mindspore as ms
import mindspore.dataset as ds
import numpy as np
from mindaudio.loss.AdditiveAngularMargin import AdditiveAngularMargin
from mindaudio.loss.ctc_loss import CTC, NetWithCTCLoss
from mindaudio.models.conformer import ConformerEncoder
from mindaudio.models.deepspeech2 import DeepSpeechModel
from mindaudio.models.ecapatdnn import Classifier, EcapaTDNN
from mindaudio.scheduler.scheduler_factory import ASRWarmupLR, step_lr
from mindspore import nn, ops

_BATCH, _STEPS, _EPOCHS = 4, 5, 2


def _train(run, step, rows: list, columns: list[str]) -> None:
    """A pipeline that gives each entry of `rows` as a batch."""
    ms.set_seed(3)
    ms.Model(step).train(
        _EPOCHS, ds.GeneratorDataset(rows, columns, shuffle=False), callbacks=[run.callback()], dataset_sink_mode=False
    )


def _words(draw, *shape):
    return draw.randint(1, 6, shape).astype(np.int32)


def deepspeech2(run) -> None:
    """Spectrograms of differing length; labels in the form that `ops.CTCLoss` takes."""
    options = type("Audio", (), {"sample_rate": 16000, "window_size": 0.02})
    net = DeepSpeechModel(_BATCH, "_'ABCD ", 32, 1, options, "LSTM", bidirectional=True)
    run.start(net)
    draw, rows = np.random.RandomState(4), []
    places = np.array([[i, j] for i in range(_BATCH) for j in range(4)], np.int64)
    for _ in range(_STEPS):
        audio = draw.standard_normal((_BATCH, 1, 161, 40)).astype(np.float32)
        rows.append((audio, np.array([40, 38, 36, 32], np.float32), places, _words(draw, 4 * _BATCH)))
    rate = ms.Tensor(step_lr(lr_init=3e-4, total_epochs=_EPOCHS, steps_per_epoch=_STEPS), ms.float32)
    update = nn.Adam(net.trainable_params(), learning_rate=rate, eps=1e-8, loss_scale=1024)
    step = nn.TrainOneStepCell(NetWithCTCLoss(net), update, sens=1024).set_train(True)
    _train(run, step, rows, ["inputs", "input_length", "target_indices", "label_values"])


class _Recognizer(nn.Cell):
    """An encoder and the loss of what it hears."""

    def __init__(self):
        super().__init__()
        self.encoder = ConformerEncoder(
            40, 32, attention_heads=2, linear_units=64, num_blocks=2, feature_norm=False, dropout_rate=0.0,
            positional_dropout_rate=0.0, attention_dropout_rate=0.0,
        )  # fmt: skip
        self.ctc = CTC(7, 32, 0.0)

    def construct(self, audio, masks, short, lengths, words, word_lengths):
        heard, _ = self.encoder(audio, masks, short)
        return self.ctc(heard, lengths, words, word_lengths)


def conformer(run) -> None:
    net = _Recognizer()
    run.start(net)
    draw, rows = np.random.RandomState(4), []
    for _ in range(_STEPS):
        masks = np.ones((_BATCH, 1, 11), np.float32)
        audio = draw.standard_normal((_BATCH, 47, 40)).astype(np.float32)
        rows.append(
            (audio, masks, masks, np.full(_BATCH, 11, np.int32), _words(draw, _BATCH, 3), np.full(_BATCH, 3, np.int32))
        )
    update = nn.Adam(net.trainable_params(), learning_rate=ASRWarmupLR(0.002, 4), weight_decay=1e-6)
    _train(
        run,
        nn.TrainOneStepCell(net, update).set_train(True),
        rows,
        ["audio", "masks", "short", "lengths", "words", "word_lengths"],
    )


class _Speakers(nn.Cell):
    """Who speaks: embeddings, their cosines to those of all speakers, the margin."""

    def __init__(self):
        super().__init__()
        self.embed = EcapaTDNN(40, 16, channels=(32,) * 4 + (96,))
        self.classify = Classifier(1, 0, 16, 5)
        self.margin = AdditiveAngularMargin(0.2, 30.0)

    def construct(self, audio, speakers):
        cosines = self.classify(self.embed(audio).squeeze(1))
        targets = ops.one_hot(speakers, 5, ms.Tensor(1.0), ms.Tensor(0.0))
        return ops.cross_entropy(self.margin(cosines, targets), speakers)


def ecapatdnn(run) -> None:
    net = _Speakers()
    run.start(net)
    draw = np.random.RandomState(4)
    rows = [
        (draw.standard_normal((_BATCH, 50, 40)).astype(np.float32), draw.randint(0, 5, _BATCH).astype(np.int32))
        for _ in range(_STEPS)
    ]
    rate = nn.cosine_decay_lr(1e-5, 1e-3, _EPOCHS * _STEPS, _STEPS, _EPOCHS)
    update = nn.Adam(net.trainable_params(), learning_rate=rate, weight_decay=2e-6)
    _train(run, nn.TrainOneStepCell(net, update).set_train(True), rows, ["audio", "speakers"])


PROGRAMS = {"deepspeech2": deepspeech2, "conformer": conformer, "ecapatdnn": ecapatdnn}
