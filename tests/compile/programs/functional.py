"""Programs of MindSpore 2.x: a forward function, its value_and_grad, a step in a loop."""

import mindspore as ms
from mindspore import Parameter, Tensor, mint, nn, ops
from mindspore.experimental import optim

from programs import STEPS, classes, fill, normal, program


class Network(nn.Cell):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.dense_relu_sequential = nn.SequentialCell(
            nn.Dense(16, 12), nn.ReLU(), nn.Dense(12, 12), nn.ReLU(), nn.Dense(12, 4)
        )

    def construct(self, x):
        return self.dense_relu_sequential(self.flatten(x))


def images():
    return Tensor(normal(8, 4, 4)), Tensor(classes(8, 4))


@program
def quickstart():
    model = fill(Network())
    loss_fn = nn.CrossEntropyLoss()
    optimizer = nn.SGD(model.trainable_params(), 0.1)

    def forward_fn(data, label):
        logits = model(data)
        loss = loss_fn(logits, label)
        return loss, logits

    grad_fn = ms.value_and_grad(forward_fn, None, optimizer.parameters, has_aux=True)

    def train_step(data, label):
        (loss, _), grads = grad_fn(data, label)
        optimizer(grads)
        return loss

    def train(model, dataset):
        model.set_train()
        for data, label in dataset:
            yield train_step(data, label)

    yield from train(model, [images() for _ in STEPS])


@program
def jit_step():
    model = fill(Network())
    loss_fn = nn.CrossEntropyLoss()
    optimizer = nn.Adam(model.trainable_params(), 0.02)

    def forward_fn(data, label):
        return loss_fn(model(data), label)

    grad_fn = ms.value_and_grad(forward_fn, None, optimizer.parameters)

    @ms.jit
    def train_step(data, label):
        loss, grads = grad_fn(data, label)
        return ops.depend(loss, optimizer(grads))

    for _ in STEPS:
        yield train_step(*images())


@program
def evaluated_in_between():
    model = fill(Network())
    loss_fn = nn.CrossEntropyLoss()
    optimizer = nn.Adam(model.trainable_params(), 0.02)
    grad_fn = ops.value_and_grad(lambda x, y: loss_fn(model(x), y), None, optimizer.parameters)
    data, label = images()
    for _ in STEPS:
        model.set_train(True)
        loss, grads = grad_fn(data, label)
        optimizer(grads)
        model.set_train(False)
        accuracy = (model(data).argmax(1) == label).astype(ms.float32).mean().asnumpy()
        yield loss, accuracy


@program
def weights_and_inputs():
    model = fill(Network())
    optimizer = nn.SGD(model.trainable_params(), 0.1)

    def forward(data, label):
        return ops.cross_entropy(model(data), label)

    grad_fn = ms.value_and_grad(forward, 0, optimizer.parameters)
    data, label = images()
    for _ in STEPS:
        loss, (data_grad, grads) = grad_fn(data, label)
        optimizer(grads)
        data = data - 0.1 * data_grad
        yield loss


class Trainer:
    """The loop as an object; what a step needs are its attributes."""

    def __init__(self, net, loss_fn, optimizer):
        self.net, self.loss_fn, self.opt = net, loss_fn, optimizer
        self.value_and_grad = ms.value_and_grad(self.forward_fn, None, weights=self.net.trainable_params())
        self.global_step, self.history = 0, []

    def forward_fn(self, inputs, labels):
        return self.loss_fn(self.net(inputs), labels)

    def train_single(self, inputs, labels):
        loss, grads = self.value_and_grad(inputs, labels)
        self.opt(grads)
        return loss

    def train(self, dataset):
        self.net.set_train()
        for inputs, labels in dataset:
            loss = self.train_single(inputs, labels)
            self.global_step += 1
            self.history.append(float(loss.asnumpy()))


@program
def trainer_object():
    net = fill(Network())
    trainer = Trainer(net, nn.CrossEntropyLoss(), nn.Momentum(net.trainable_params(), 0.05, 0.9))
    trainer.train([images() for _ in STEPS])
    yield from trainer.history


@program
def batch_of_a_dict():
    net = fill(Network())
    config = {"lr": 0.05, "label_weight": 0.8, "reg": 1e-3}
    optimizer = nn.Momentum(net.trainable_params(), config["lr"], 0.9)

    def forward(batch):
        logits = net(batch["image"])
        loss = ops.cross_entropy(logits, batch["label"]) * config["label_weight"]
        penalty = 0.0
        for weight in net.trainable_params():
            if weight.name.endswith("weight"):
                penalty = penalty + ops.square(weight).sum()
        return loss + config["reg"] * penalty

    grad_fn = ms.value_and_grad(forward, None, optimizer.parameters)
    data, label = images()
    batch = {"image": data, "label": label}
    for _ in STEPS:
        loss, grads = grad_fn(batch)
        optimizer(grads)
        yield loss


@program
def several_losses():
    """Two heads on one body; the losses are told apart outside."""
    body, head, other = fill(nn.Dense(8, 8, activation="tanh")), fill(nn.Dense(8, 4), 1), fill(nn.Dense(8, 1), 2)
    weights = body.trainable_params() + head.trainable_params() + other.trainable_params()
    for i, weight in enumerate(weights):
        weight.name = f"{i}.{weight.name}"
    optimizer = nn.Adam(weights, 0.02)
    cross_entropy, mse = nn.CrossEntropyLoss(), nn.MSELoss()

    def forward(x, label, target):
        hidden = body(x)
        class_loss, value_loss = cross_entropy(head(hidden), label), mse(other(hidden), target)
        return class_loss + 0.5 * value_loss, class_loss, value_loss

    grad_fn = ms.value_and_grad(forward, None, weights, has_aux=True)
    x, label, target = Tensor(normal(8, 8)), Tensor(classes(8, 4)), Tensor(normal(8, 1, seed=1))
    for _ in STEPS:
        found, grads = grad_fn(x, label, target)
        optimizer(grads)
        yield found


@program
def learned_by_hand():
    """No optimizer: the Parameters are assigned."""
    w, b = Parameter(Tensor(normal(3, 1)), name="w"), Parameter(ops.zeros((1,), ms.float32), name="b")

    def forward(x, y):
        return ops.square(ops.matmul(x, w) + b - y).mean()

    grad_fn = ms.value_and_grad(forward, None, [w, b])
    x, y = Tensor(normal(16, 3)), Tensor(normal(16, 1, seed=1))
    for _ in STEPS:
        loss, (dw, db) = grad_fn(x, y)
        ops.assign_sub(w, 0.1 * dw)
        b.set_data(b - 0.1 * db)
        yield loss


class MintNet(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc1 = mint.nn.Linear(16, 12)
        self.fc2 = mint.nn.Linear(12, 4)

    def construct(self, x):
        x = mint.flatten(x, 1)
        return self.fc2(mint.nn.functional.relu(self.fc1(x)))


@program
def mint_and_open_groups():
    net = fill(MintNet())
    optimizer = optim.AdamW(net.trainable_params(), lr=0.02)
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)
    loss_fn = nn.CrossEntropyLoss()
    grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, net.trainable_params())
    for _ in STEPS:
        loss, grads = grad_fn(*images())
        optimizer(grads)
        scheduler.step()
        yield loss
