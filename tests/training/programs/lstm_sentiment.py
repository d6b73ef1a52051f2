"""Sentiment by a bidirectional LSTM: a vocabulary, padded sentences of different lengths, an embedding that is kept."""

import argparse

import mindspore as ms
import mindspore.dataset as ds
import numpy as np
from mindspore import Tensor, nn, ops
from mindspore.dataset import text

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
args = parser.parse_args()
BATCHES, LENGTH = max(args.steps // 2, 1), 20
GOOD, BAD = "superb lovely moving clever bright".split(), "dull clumsy boring empty false".split()
PLAIN = "the a film story was and but with very quite its end music scene actor".split()


class Reviews:
    def __init__(self, count, seed):
        random = np.random.RandomState(seed)
        self.rows = []
        for _ in range(count):
            label = random.randint(2)
            words = list(random.choice(PLAIN, random.randint(6, 24)))
            for _ in range(3):
                words.insert(random.randint(len(words)), random.choice(GOOD if label else BAD))
            self.rows.append((" ".join(words), np.float32(label)))

    def __getitem__(self, index):
        return self.rows[index]

    def __len__(self):
        return len(self.rows)


vocab = text.Vocab.from_list(PLAIN + GOOD + BAD, special_tokens=["<pad>", "<unk>"], special_first=True)
pad_index = vocab.tokens_to_ids("<pad>")
table = np.random.RandomState(0).normal(size=(len(vocab.vocab()), 32)).astype(np.float32)
table[pad_index] = 0


def pipeline(count, seed):
    dataset = ds.GeneratorDataset(Reviews(count, seed), ["text", "label"], shuffle=False)
    dataset = dataset.map([text.WhitespaceTokenizer(), text.Lookup(vocab, unknown_token="<unk>")], ["text"])
    dataset = dataset.map(lambda ids: (ids, np.int32(min(len(ids), LENGTH))), ["text"], ["text", "length"])
    dataset = dataset.map(lambda ids: ids[:LENGTH], ["text"])
    dataset = dataset.map(ds.transforms.PadEnd([LENGTH], pad_value=pad_index), ["text"])
    return dataset.project(["text", "length", "label"]).batch(32, drop_remainder=True)


class RNN(nn.Cell):
    def __init__(self, embeddings, hidden_dim, output_dim, n_layers):
        super().__init__()
        vocab_size, embedding_dim = embeddings.shape
        self.embedding = nn.Embedding(
            vocab_size, embedding_dim, embedding_table=Tensor(embeddings), padding_idx=pad_index
        )
        self.rnn = nn.LSTM(embedding_dim, hidden_dim, num_layers=n_layers, bidirectional=True, batch_first=True)
        self.fc = nn.Dense(hidden_dim * 2, output_dim)

    def construct(self, inputs, lengths):
        embedded = self.embedding(inputs)
        _, (hidden, _) = self.rnn(embedded, seq_length=lengths)
        hidden = ops.concat((hidden[-2, :, :], hidden[-1, :, :]), axis=1)
        return self.fc(hidden).squeeze(1)


ms.set_seed(1)
model = RNN(table, hidden_dim=32, output_dim=1, n_layers=2)
for cell in model.cells():
    if isinstance(cell, nn.LSTM):
        print([(p.name, p.shape) for p in cell.get_parameters()][:2])
loss_fn = nn.BCEWithLogitsLoss(reduction="mean")
optimizer = nn.Adam(model.trainable_params(), learning_rate=5e-3)


def forward_fn(data, lengths, label):
    logits = model(data, lengths)
    return loss_fn(logits, label)


grad_fn = ms.value_and_grad(forward_fn, None, optimizer.parameters)


def train_step(data, lengths, label):
    loss, grads = grad_fn(data, lengths, label)
    optimizer(grads)
    return loss


def binary_accuracy(preds, y):
    rounded_preds = np.around(ops.sigmoid(preds).asnumpy())
    return (rounded_preds == y.asnumpy()).astype(np.float32).mean()


train_set, test_set = pipeline(32 * BATCHES, 1), pipeline(64, 2)
for epoch in range(2):
    model.set_train()
    for step, (data, lengths, label) in enumerate(train_set.create_tuple_iterator()):
        loss = train_step(data, lengths, label)
        print(f"epoch {epoch} step {step} loss {loss.asnumpy():.6f}")
    model.set_train(False)
    found = [binary_accuracy(model(data, n), label) for data, n, label in test_set.create_tuple_iterator()]
    print(f"accuracy {np.mean(found):.4f}")
print(np.abs(model.embedding.embedding_table.asnumpy()[pad_index]).max())
words = "the film was superb and moving".split()
ids = np.array([vocab.tokens_to_ids(words)], np.int32)
print(f"{float(ops.sigmoid(model(Tensor(ids), Tensor([len(words)], ms.int32)))):.4f}")
