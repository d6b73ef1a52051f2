"""Layers, losses, optimizers, metrics and callbacks that build on the insides of MindSpore's own, trained by Model."""

import argparse

import mindspore as ms
import numpy as np
from mindspore import Parameter, Tensor, nn, ops
from mindspore.dataset import NumpySlicesDataset
from mindspore.nn.optim.optimizer import Optimizer
from mindspore.ops import composite as C
from mindspore.ops import functional as F
from mindspore.ops import operations as P
from mindspore.train import Accuracy, LossMonitor, Model, TimeMonitor

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=2)
args = parser.parse_args()


class StandardizedConv2d(nn.Conv2d):
    def construct(self, x):
        w = self.weight
        w = w - w.mean(axis=(1, 2, 3), keep_dims=True)
        w = w / ops.sqrt(P.ReduceMean(True)(w**2, (1, 2, 3)) + 1e-5)
        return self.bias_add(self.conv2d(x, w), self.bias)


class MaskedDense(nn.Dense):
    def __init__(self, in_channels, out_channels, **kwargs):
        super().__init__(in_channels, out_channels, **kwargs)
        mask = np.random.RandomState(0).rand(out_channels, in_channels) > 0.3
        self.mask = Parameter(Tensor(mask, ms.float32), name="mask", requires_grad=False)

    def construct(self, x):
        x_shape = self.shape_op(x)
        if len(x_shape) != 2:
            x = self.reshape(x, (-1, x_shape[-1]))
        x = self.bias_add(self.matmul(x, self.weight * self.mask), self.bias)
        return self.activation(x) if self.activation_flag else x


class Norm(nn.BatchNorm2d):
    def construct(self, x):
        if self.training:
            return self.bn_train(x, self.gamma, self.beta, self.moving_mean, self.moving_variance)[0]
        return self.bn_infer(x, self.gamma, self.beta, self.moving_mean, self.moving_variance)[0]


class CausalConv1d(nn.Conv1d):
    def construct(self, x):
        x = self.expand_dims(ops.concat((ops.zeros_like(x[:, :, :2]), x), 2), 2)
        return self.squeeze(self.bias_add(self.conv2d(x, self.weight), self.bias))


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = StandardizedConv2d(3, 6, 3, stride=2, has_bias=True, bias_init="zeros")
        self.bn = Norm(6)
        self.pool = nn.MaxPool2d(2, 2)
        self.causal = CausalConv1d(6, 6, 3, pad_mode="valid", has_bias=True)
        self.fc1 = MaskedDense(24, 8, activation="relu")
        self.fc2 = nn.Dense(8, 3)

    def construct(self, x):
        x = self.pool.max_pool(ops.relu(self.bn(self.conv(x))))
        x = self.causal(x.reshape(x.shape[0], 6, -1))
        return self.fc2(self.fc1(x.reshape(x.shape[0], -1)))


class FocalLoss(nn.LossBase):
    def __init__(self, gamma=2.0, reduction="mean"):
        super().__init__(reduction)
        self.gamma, self.onehot = gamma, P.OneHot()

    def construct(self, logits, labels):
        p = ops.softmax(logits, -1)
        target = self.onehot(labels, logits.shape[-1], Tensor(1.0, ms.float32), Tensor(0.0, ms.float32))
        return self.get_loss(-((1 - p) ** self.gamma * ops.log(p + 1e-9) * target).sum(-1))


_adam = C.MultitypeFuncGraph("adam")


@_adam.register("Tensor", "Tensor", "Tensor", "Tensor", "Tensor", "Tensor", "Tensor", "Tensor", "Tensor", "Bool")
def _adam_step(beta1, beta2, eps, lr, decay, param, m, v, gradient, decayed):
    m_new = beta1 * m + (1.0 - beta1) * gradient
    v_new = beta2 * v + (1.0 - beta2) * gradient * gradient
    update = m_new / (P.Sqrt()(v_new) + eps)
    if decayed:
        update = decay * param + update
    result = F.depend(update, F.assign(param, param - P.Reshape()(lr * update, P.Shape()(param))))
    result = F.depend(result, F.assign(m, m_new))
    return F.depend(result, F.assign(v, v_new))


class OwnAdam(nn.AdamWeightDecay):
    def construct(self, gradients):
        step = F.partial(_adam, self.beta1, self.beta2, self.eps, self.get_lr(), self.get_weight_decay())
        return self.hyper_map(step, self._parameters, self.moments1, self.moments2, gradients, self.decay_flags)


_lion = C.MultitypeFuncGraph("lion")


@_lion.register("Number", "Number", "Tensor", "Tensor", "Tensor", "Tensor")
def _lion_step(b1, b2, lr, param, m, gradient):
    done = F.depend(True, F.assign(param, param - lr * ops.sign(b1 * m + (1 - b1) * gradient)))
    return F.depend(done, F.assign(m, b2 * m + (1 - b2) * gradient))


class Lion(Optimizer):
    def __init__(self, params, learning_rate, b1=0.9, b2=0.99, weight_decay=0.0, loss_scale=1.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        self.m = self.parameters.clone(prefix="lion", init="zeros")
        self.b1, self.b2 = b1, b2

    def construct(self, gradients):
        gradients = self.flatten_gradients(gradients)
        gradients = self.decay_weight(gradients)
        gradients = self.gradients_centralization(gradients)
        gradients = self.scale_grad(gradients)
        lr = self.get_lr()
        if self._is_dynamic_lr_or_weight_decay():
            self.assignadd(self.global_step, self.global_step_increase_tensor)
        if self.is_group_lr:
            return self.map_(F.partial(_lion, self.b1, self.b2), lr, self.parameters, self.m, gradients)
        return self.hyper_map(F.partial(_lion, self.b1, self.b2, lr), self.parameters, self.m, gradients)


class Monitor(LossMonitor):
    def step_end(self, run_context):
        now = run_context.original_args()
        if self._per_print_times and now.cur_step_num - self._last_print_time >= self._per_print_times:
            self._last_print_time = now.cur_step_num
            print(f"step {now.cur_step_num} loss {float(np.mean(now.net_outputs.asnumpy())):.5f}")


class Times(TimeMonitor):
    def epoch_end(self, run_context):
        now = run_context.original_args()
        print("epoch", now.cur_epoch_num, "of", self.data_size or now.batch_num, self.epoch_time > 0)


class Right(Accuracy):
    def update(self, *inputs):
        predicted, true = self._convert_data(inputs[0]), self._convert_data(inputs[1])
        self._correct_num += (predicted.argmax(1) == true).sum()
        self._total_num += true.shape[0]


def data():
    random = np.random.RandomState(1)
    label = random.randint(0, 3, 24).astype(np.int32)
    image = random.randn(24, 3, 8, 8).astype(np.float32)
    image[np.arange(24), label] += 1
    return NumpySlicesDataset({"image": image, "label": label}, shuffle=False).batch(8)


def groups(net):
    conv = [p for p in net.trainable_params() if "conv" in p.name]
    rest = [p for p in net.trainable_params() if "conv" not in p.name]
    return [
        {"params": conv, "weight_decay": 0.01, "lr": 5e-4, "grad_centralization": True},
        {"params": rest},
        {"order_params": net.trainable_params()},
    ]


def adam(net):
    return OwnAdam(net.trainable_params(), 1e-2, weight_decay=0.01)


def lion(net):
    return Lion(groups(net), nn.PolynomialDecayLR(1e-3, 1e-4, 12, 1.0), loss_scale=2.0)


for make, scale in ((adam, 1.0), (lion, 2.0)):
    print(make.__name__)
    net = Net()
    optimizer = make(net)
    step = nn.TrainOneStepCell(nn.WithLossCell(net, FocalLoss()), optimizer, sens=scale)
    Model(step).train(args.epochs, data(), callbacks=[Monitor(), Times()], dataset_sink_mode=False)
    found = Model(net, FocalLoss(), metrics={"right": Right()}).eval(data(), dataset_sink_mode=False)
    print(found, optimizer.global_step.asnumpy())
