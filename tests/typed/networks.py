"""Networks as users write them: annotated Cells, training, checkpoints."""

import numpy as np

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.train import LossMonitor, Model


class Net(nn.Cell):
    def __init__(self, width: int = 8) -> None:
        super().__init__()
        self.first = nn.Dense(2, width, activation="tanh")
        self.last = nn.Dense(width, 1)
        self.scale = Parameter(Tensor([1.0]), name="scale")
        self.norm = nn.LayerNorm((width,))
        self.act = nn.LeakyReLU(alpha=0.1)
        self.layers = nn.SequentialCell([nn.Dense(width, width), nn.ReLU()])

    def construct(self, x: Tensor) -> Tensor:
        h: Tensor = self.act(self.norm(self.first(x)))
        h = self.layers(h) + h
        return ops.tanh(self.last(h)) * self.scale


class Wide(Net):
    def __init__(self) -> None:
        super().__init__(width=32)

    def construct(self, x: Tensor, shift: float = 0.0) -> Tensor:
        return super().construct(x) + shift


net = Net()
x = Tensor(np.ones((4, 2), np.float32))
y: Tensor = net(x)
weight: Tensor = net.first.weight
print(weight.shape[0], net.scale.name, net.trainable_params()[0].name, net.weight)

loss_fn = nn.MSELoss()
optimizer = nn.Adam(net.trainable_params(), learning_rate=1e-3)


def forward(data: Tensor, label: Tensor) -> tuple[Tensor, Tensor]:
    logits = net(data)
    return loss_fn(logits, label), logits


grad_fn = ms.value_and_grad(forward, None, optimizer.parameters, has_aux=True)


@ms.jit
def step(data: Tensor, label: Tensor) -> Tensor:
    (loss, _), grads = grad_fn(data, label)
    optimizer(grads)
    return loss


net.set_train()
for _ in range(3):
    loss = step(x, y)
    print(f"{float(loss.asnumpy()):.3f}")

one_step = nn.TrainOneStepCell(nn.WithLossCell(net, loss_fn), optimizer).set_train()
one_step(x, y)
model = Model(net, loss_fn, optimizer, metrics={"mse"})
LossMonitor(1)
ms.save_checkpoint(net, "net.ckpt")
ms.load_param_into_net(net, ms.load_checkpoint("net.ckpt"))
with ms._no_grad():
    net(x)


class Weighted(nn.LossBase):
    def construct(self, logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
        return self.get_loss((logits - labels) ** 2, weights)


schedule = nn.cosine_decay_lr(0.0, 1e-2, 100, 10, 10)
nn.Momentum(net.trainable_params(), schedule, momentum=0.9)
mapped = ms.vmap(forward, in_axes=(0, None))
