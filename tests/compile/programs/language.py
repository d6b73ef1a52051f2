"""Networks for text: embeddings, recurrent layers, attention."""

import math

import mindspore as ms
from mindspore import Parameter, Tensor, nn, ops
from mindspore.ops import operations as P

from programs import STEPS, classes, fill, normal, program

WORDS = 12


def tokens(*shape, seed=0):
    return Tensor(classes(int(math.prod(shape)), WORDS, seed).reshape(shape))


def training(loss, optimizer, *inputs):
    grad_fn = ms.value_and_grad(loss, None, optimizer.parameters)

    def train_step(*inputs):
        value, grads = grad_fn(*inputs)
        optimizer(grads)
        return value

    for _ in STEPS:
        yield train_step(*inputs)


class TextClassifier(nn.Cell):
    def __init__(self, hidden=8, pad_idx=0):
        super().__init__()
        self.embedding = nn.Embedding(WORDS, hidden, padding_idx=pad_idx)
        self.fc = nn.Dense(hidden, 2)
        self.pad_idx = pad_idx

    def construct(self, ids):
        mask = (ids != self.pad_idx).astype(ms.float32).expand_dims(-1)
        hidden = (self.embedding(ids) * mask).sum(1) / ops.clamp(mask.sum(1), min=1.0)
        return self.fc(hidden)


@program
def text_classifier():
    net = fill(TextClassifier())
    loss_fn = nn.CrossEntropyLoss()
    optimizer = nn.Adam(net.trainable_params(), 0.05)
    yield from training(lambda x, y: loss_fn(net(x), y), optimizer, tokens(8, 6), Tensor(classes(8, 2)))


class SentimentNet(nn.Cell):
    def __init__(self, hidden=6):
        super().__init__()
        self.embedding = nn.Embedding(WORDS, 5)
        self.encoder = nn.LSTM(5, hidden, num_layers=1, batch_first=True, bidirectional=True)
        self.decoder = nn.Dense(2 * hidden, 1)

    def construct(self, ids):
        _, (hidden, _) = self.encoder(self.embedding(ids))
        return self.decoder(ops.concat((hidden[0], hidden[1]), 1)).squeeze(1)


@program
def lstm():
    net = fill(SentimentNet())
    loss_fn = nn.BCEWithLogitsLoss()
    optimizer = nn.Adam(net.trainable_params(), 0.02)
    label = Tensor(classes(4, 2).astype("float32"))
    yield from training(lambda x, y: loss_fn(net(x), y), optimizer, tokens(4, 5), label)


class GRUByHand(nn.Cell):
    def __init__(self, n_in, hidden):
        super().__init__()
        self.hidden = hidden
        self.gates = nn.Dense(n_in + hidden, 2 * hidden, activation="sigmoid")
        self.candidate = nn.Dense(n_in + hidden, hidden, activation="tanh")
        self.concat = P.Concat(axis=1)
        self.split = P.Split(1, 2)

    def construct(self, x, h):
        update, reset = self.split(self.gates(self.concat((x, h))))
        candidate = self.candidate(self.concat((x, reset * h)))
        return update * h + (1 - update) * candidate


@program
def characters_by_a_loop():
    embedding, cell, head = fill(nn.Embedding(WORDS, 5)), fill(GRUByHand(5, 6), 1), fill(nn.Dense(6, WORDS), 2)
    model = nn.CellList([embedding, cell, head])
    optimizer = nn.RMSProp(model.trainable_params(), 0.02)

    def loss(ids):
        h = ops.zeros((ids.shape[0], cell.hidden), ms.float32)
        total = 0.0
        for t in range(ids.shape[1] - 1):
            h = cell(embedding(ids[:, t]), h)
            total += ops.cross_entropy(head(h), ids[:, t + 1])
        return total / (ids.shape[1] - 1)

    yield from training(loss, optimizer, tokens(4, 5))


@program
def state_carried_between_batches():
    """Backpropagation through time that is cut: the state of one batch starts the next."""
    cell, head = fill(nn.GRUCell(4, 6)), fill(nn.Dense(6, 1), 1)
    model = nn.CellList([cell, head])
    optimizer = nn.Adam(model.trainable_params(), 0.02)

    def forward(xs, y, h):
        for x in xs:
            h = cell(x, h)
        return ops.mse_loss(head(h), y), h

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters, has_aux=True)
    h, y = ops.zeros((3, 6), ms.float32), Tensor(normal(3, 1))
    xs = [Tensor(normal(3, 4, seed=seed)) for seed in range(3)]
    for _ in STEPS:
        (loss, h), grads = grad_fn(xs, y, ops.stop_gradient(h))
        optimizer(grads)
        yield loss


class SelfAttention(nn.Cell):
    def __init__(self, size, heads):
        super().__init__()
        self.heads, self.size_per_head = heads, size // heads
        self.query, self.key, self.value = nn.Dense(size, size), nn.Dense(size, size), nn.Dense(size, size)
        self.out = nn.Dense(size, size)
        self.matmul_trans_b = P.BatchMatMul(transpose_b=True)
        self.matmul = P.BatchMatMul()
        self.softmax = nn.Softmax()
        self.transpose, self.reshape = P.Transpose(), P.Reshape()
        self.trans_shape = (0, 2, 1, 3)
        self.multiply = P.Mul()
        self.scores_mul = 1.0 / math.sqrt(self.size_per_head)

    def split(self, x):
        return self.transpose(self.reshape(x, (x.shape[0], -1, self.heads, self.size_per_head)), self.trans_shape)

    def construct(self, x, mask):
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = self.multiply(self.matmul_trans_b(q, k), self.scores_mul) + mask * -10000.0
        context = self.transpose(self.matmul(self.softmax(scores), v), self.trans_shape)
        return self.out(self.reshape(context, x.shape))


class Block(nn.Cell):
    def __init__(self, size):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm((size,)), nn.LayerNorm((size,))
        self.attention = SelfAttention(size, 2)
        self.mlp = nn.SequentialCell(nn.Dense(size, 2 * size), nn.GELU(), nn.Dense(2 * size, size))

    def construct(self, x, mask):
        x = x + self.attention(self.norm1(x), mask)
        return x + self.mlp(self.norm2(x))


class LanguageModel(nn.Cell):
    def __init__(self, size=8, length=5, layers=1):
        super().__init__()
        self.embedding = nn.Embedding(WORDS, size)
        self.position = Parameter(Tensor(0.1 * normal(length, size)), name="position")
        self.blocks = nn.CellList([Block(size) for _ in range(layers)])
        self.norm = nn.LayerNorm((size,))
        self.mask = Tensor(1 - ms.numpy.tril(ms.numpy.ones((length, length))).asnumpy())

    def construct(self, ids):
        x = self.embedding(ids) + self.position
        for block in self.blocks:
            x = block(x, self.mask)
        return ops.matmul(self.norm(x), self.embedding.embedding_table.T)


@program
def transformer():
    net = fill(LanguageModel())
    optimizer = nn.AdamWeightDecay(net.trainable_params(), 0.02)

    def loss(ids, target):
        logits = net(ids)
        return ops.cross_entropy(logits.reshape(-1, WORDS), target.reshape(-1))

    yield from training(loss, optimizer, tokens(4, 5), tokens(4, 5, seed=1))


@program
def transformer_layers():
    embedding, head = fill(nn.Embedding(WORDS, 8)), fill(nn.Dense(8, 2), 1)
    encoder = fill(nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True), 1), 2)
    model = nn.CellList([embedding, encoder, head])
    optimizer = nn.Adam(model.trainable_params(), 0.01)

    def loss(ids, label):
        return ops.cross_entropy(head(encoder(embedding(ids)).mean(1)), label)

    yield from training(loss, optimizer, tokens(4, 5), Tensor(classes(4, 2)))


class Translator(nn.Cell):
    """Encoder and decoder, both recurrent, with attention in between; the teacher forces."""

    def __init__(self, hidden=6):
        super().__init__()
        self.embedding = nn.Embedding(WORDS, hidden)
        self.encoder = nn.GRU(hidden, hidden, batch_first=True)
        self.decoder = nn.GRUCell(hidden, hidden)
        self.out = nn.Dense(2 * hidden, WORDS)

    def construct(self, source, target):
        memory, hidden = self.encoder(self.embedding(source))
        h, logits = hidden[0], []
        for t in range(target.shape[1]):
            h = self.decoder(self.embedding(target[:, t]), h)
            weight = ops.softmax(ops.bmm(memory, h.expand_dims(2)), axis=1)
            logits.append(self.out(ops.concat([(weight * memory).sum(axis=1), h], axis=1)))
        return ops.stack(logits, axis=1)


@program
def translation_with_attention():
    net = fill(Translator())
    optimizer = nn.Adam(net.trainable_params(), 0.02)

    def loss(source, target, expected):
        return ops.cross_entropy(net(source, target).reshape(-1, WORDS), expected.reshape(-1))

    yield from training(loss, optimizer, tokens(3, 4), tokens(3, 3, seed=1), tokens(3, 3, seed=2))


class LabelSmoothedLoss(nn.LossBase):
    def __init__(self, smooth_factor=0.1, num_classes=4):
        super().__init__()
        self.onehot = P.OneHot()
        self.on_value = Tensor(1.0 - smooth_factor, ms.float32)
        self.off_value = Tensor(1.0 * smooth_factor / (num_classes - 1), ms.float32)
        self.ce = nn.SoftmaxCrossEntropyWithLogits()
        self.mean = P.ReduceMean(False)

    def construct(self, logits, label):
        one_hot = self.onehot(label, P.Shape()(logits)[1], self.on_value, self.off_value)
        return self.mean(self.ce(logits, one_hot), 0)


@program
def label_smoothing():
    net, loss_fn = fill(nn.Dense(8, 4)), LabelSmoothedLoss()
    train = nn.TrainOneStepCell(nn.WithLossCell(net, loss_fn), nn.Momentum(net.trainable_params(), 0.2, 0.9))
    x, y = Tensor(normal(8, 8)), Tensor(classes(8, 4))
    for _ in STEPS:
        yield train(x, y)


@program
def word_vectors():
    center = Parameter(Tensor(0.5 * normal(WORDS, 4)), name="center")
    context = Parameter(Tensor(0.5 * normal(WORDS, 4, seed=1)), name="context")

    def loss(word, near, far):
        v = ops.gather(center, word, 0)
        positive = (v * ops.gather(context, near, 0)).sum(-1)
        negative = ops.bmm(ops.gather(context, far, 0), v.expand_dims(-1)).squeeze(-1)
        return -(ops.log(ops.sigmoid(positive)) + ops.log(ops.sigmoid(-negative)).sum(-1)).mean()

    optimizer = nn.Adagrad([center, context], learning_rate=0.1)
    yield from training(loss, optimizer, tokens(8), tokens(8, seed=1), tokens(8, 3, seed=2))
