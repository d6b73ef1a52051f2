"""Wide and deep: two losses, two optimizers on parts of one network, an AUC metric, old imports."""

import argparse

import mindspore.dataset as ds
import mindspore.nn as nn
import numpy as np
from mindspore import Parameter, ParameterTuple, context
from mindspore.common.initializer import Uniform, initializer
from mindspore.nn import FTRL, Adam
from mindspore.ops import composite as C
from mindspore.ops import functional as F
from mindspore.ops import operations as P
from mindspore.train.callback import Callback
from mindspore.train.metrics import Metric
from mindspore.train.model import Model

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
args = parser.parse_args()
context.set_context(device_target="CPU")
FIELDS, VOCAB, DIM, BATCH = 8, 400, 8, 64


class DenseLayer(nn.Cell):
    def __init__(self, inputs, outputs, activation=None):
        super(DenseLayer, self).__init__()
        self.weight = Parameter(initializer(Uniform(0.3), [inputs, outputs]), name="weight")
        self.bias = Parameter(initializer("zeros", [outputs]), name="bias")
        self.matmul, self.bias_add, self.activation = P.MatMul(), P.BiasAdd(), activation

    def construct(self, x):
        x = self.bias_add(self.matmul(x, self.weight), self.bias)
        return self.activation(x) if self.activation is not None else x


class WideDeepModel(nn.Cell):
    def __init__(self):
        super(WideDeepModel, self).__init__()
        self.wide_w = Parameter(initializer(Uniform(0.1), [VOCAB, 1]), name="wide_w")
        self.wide_b = Parameter(initializer("zeros", [1]), name="wide_b")
        self.embedding = nn.EmbeddingLookup(VOCAB, DIM, param_init=Uniform(0.1), target="DEVICE", sparse=False)
        self.dense1, self.dense2 = DenseLayer(FIELDS * DIM, 64, P.ReLU()), DenseLayer(64, 32, P.ReLU())
        self.dense3 = DenseLayer(32, 1)
        self.gather, self.mul, self.reduce_sum, self.reshape = (
            P.Gather(),
            P.Mul(),
            P.ReduceSum(keep_dims=False),
            P.Reshape(),
        )

    def construct(self, ids, values):
        mask = self.reshape(values, (-1, FIELDS, 1))
        wide = self.reduce_sum(self.mul(self.gather(self.wide_w, ids, 0), mask), 1) + self.wide_b
        vectors = self.mul(self.embedding(ids), mask)
        deep = self.dense3(self.dense2(self.dense1(self.reshape(vectors, (-1, FIELDS * DIM)))))
        return wide + deep, vectors


class NetWithLoss(nn.Cell):
    def __init__(self, network, l2=1e-4):
        super(NetWithLoss, self).__init__(auto_prefix=False)
        self.network, self.l2, self.loss = network, l2, P.SigmoidCrossEntropyWithLogits()
        self.mean, self.sum, self.square = P.ReduceMean(keep_dims=False), P.ReduceSum(keep_dims=False), P.Square()

    def construct(self, ids, values, label):
        logits, vectors = self.network(ids, values)
        wide = self.mean(self.loss(logits, label))
        return wide, wide + self.sum(self.square(vectors)) / 2 * self.l2


class OutputOf(nn.Cell):
    def __init__(self, network, index):
        super(OutputOf, self).__init__()
        self.network, self.index = network, index

    def construct(self, *inputs):
        return self.network(*inputs)[self.index]


class TrainStep(nn.Cell):
    def __init__(self, network, sens=1024.0):
        super(TrainStep, self).__init__()
        self.network, self.sens = network, sens
        self.network.set_train()
        wide = [p for p in network.trainable_params() if "wide" in p.name]
        deep = [p for p in network.trainable_params() if "wide" not in p.name]
        self.weights_w, self.weights_d = ParameterTuple(wide), ParameterTuple(deep)
        self.optimizer_w = FTRL(learning_rate=5e-2, params=self.weights_w, l1=1e-8, l2=1e-8, initial_accum=1.0)
        self.optimizer_d = Adam(self.weights_d, learning_rate=3.5e-3, eps=1e-8, loss_scale=sens)
        self.grad_w = C.GradOperation(get_by_list=True, sens_param=True)
        self.grad_d = C.GradOperation(get_by_list=True, sens_param=True)
        self.loss_w, self.loss_d = OutputOf(network, 0), OutputOf(network, 1)
        self.loss_w.set_grad()
        self.loss_d.set_grad()

    def construct(self, ids, values, label):
        loss_w, loss_d = self.network(ids, values, label)
        sens_w = P.Fill()(P.DType()(loss_w), P.Shape()(loss_w), 1.0)
        sens_d = P.Fill()(P.DType()(loss_d), P.Shape()(loss_d), self.sens)
        grads_w = self.grad_w(self.loss_w, self.weights_w)(ids, values, label, sens_w)
        grads_d = self.grad_d(self.loss_d, self.weights_d)(ids, values, label, sens_d)
        return F.depend(loss_w, self.optimizer_w(grads_w)), F.depend(loss_d, self.optimizer_d(grads_d))


class Predict(nn.Cell):
    def __init__(self, network):
        super(Predict, self).__init__()
        self.network, self.sigmoid = network, P.Sigmoid()

    def construct(self, ids, values, label):
        logits, _ = self.network(ids, values)
        return logits, self.sigmoid(logits), label


class AUC(Metric):
    def __init__(self):
        super(AUC, self).__init__()
        self.clear()

    def clear(self):
        self.labels, self.scores = [], []

    def update(self, *inputs):
        self.scores.extend(inputs[1].asnumpy().flatten().tolist())
        self.labels.extend(inputs[2].asnumpy().flatten().tolist())

    def eval(self):
        scores, labels = np.array(self.scores), np.array(self.labels)
        rank, ones = np.argsort(np.argsort(scores)) + 1, labels.sum()
        return float((rank[labels == 1].sum() - ones * (ones + 1) / 2) / (ones * (len(labels) - ones)))


class LossCallBack(Callback):
    def step_end(self, run_context):
        params = run_context.original_args()
        wide, deep = (float(np.mean(out.asnumpy())) for out in params.net_outputs)
        current = (params.cur_step_num - 1) % params.batch_num + 1
        print(
            f"epoch: {params.cur_epoch_num}, step: {current}, wide_loss: {wide:.6f}, deep_loss: {deep:.6f}", flush=True
        )


def clicks(count, seed):
    random = np.random.RandomState(seed)
    ids = random.randint(0, VOCAB // FIELDS, (count, FIELDS)) + np.arange(FIELDS) * (VOCAB // FIELDS)
    values = np.concatenate([np.ones((count, FIELDS - 1)), random.uniform(size=(count, 1))], 1)
    odds = (ids[:, 0] > 25) * 2.0 - (ids[:, 1] % 7 == 0) * 1.5 + values[:, -1] - 1
    label = random.uniform(size=count) < 1 / (1 + np.exp(-odds))
    columns = ids.astype(np.int32), values.astype(np.float32), label[:, None].astype(np.float32)
    return ds.NumpySlicesDataset(columns, ["ids", "values", "label"], shuffle=False).batch(BATCH)


net = WideDeepModel()
model = Model(TrainStep(NetWithLoss(net)), eval_network=Predict(net), metrics={"auc": AUC()})
model.train(2, clicks(BATCH * max(args.steps // 2, 1), 0), callbacks=[LossCallBack()], dataset_sink_mode=False)
print("auc", round(model.eval(clicks(256, 1), dataset_sink_mode=False)["auc"], 4))
