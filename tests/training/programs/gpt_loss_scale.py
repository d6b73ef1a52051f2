"""A character model as large-model kits train it: own loss-scale training cell, old operators, Model."""

import argparse
import math

import mindspore as ms
import mindspore.nn as nn
import numpy as np
from mindspore import Parameter, Tensor, amp, context
from mindspore.common.initializer import TruncatedNormal, initializer
from mindspore.dataset import GeneratorDataset
from mindspore.nn.wrap.loss_scale import DynamicLossScaleUpdateCell, TrainOneStepWithLossScaleCell
from mindspore.ops import composite as C
from mindspore.ops import functional as F
from mindspore.ops import operations as P
from mindspore.train.callback import Callback, LossMonitor
from mindspore.train.model import Model

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
args = parser.parse_args()
context.set_context(device_target="CPU")
TEXT = (
    "whether tis nobler in the mind to suffer the slings and arrows of outrageous fortune or to take arms against " * 3
)
CHARS = sorted(set(TEXT))
SEQ, DIM, HEADS, LAYERS, BATCH = 32, 64, 4, 2, 8


class Attention(nn.Cell):
    def __init__(self):
        super(Attention, self).__init__()
        self.dense1, self.dense2, self.dense3 = (nn.Dense(DIM, DIM) for _ in range(3))
        self.projection = nn.Dense(DIM, DIM)
        self.transpose, self.softmax = P.Transpose(), nn.Softmax()
        self.batch_matmul, self.batch_matmul_t = P.BatchMatMul(), P.BatchMatMul(transpose_b=True)
        self.multiply_data = Tensor([-10000.0], dtype=ms.float32)

    def heads(self, x):
        return self.transpose(F.reshape(x, (-1, SEQ, HEADS, DIM // HEADS)), (0, 2, 1, 3))

    def construct(self, x, mask):
        q, k, v = self.heads(self.dense1(x)), self.heads(self.dense2(x)), self.heads(self.dense3(x))
        score = self.batch_matmul_t(q, k) / F.cast(F.tuple_to_array((math.sqrt(DIM // HEADS),)), ms.float32)
        score = score + P.Sub()(F.tuple_to_array((1.0,)), P.ExpandDims()(mask, 1)) * self.multiply_data
        merged = self.transpose(self.batch_matmul(self.softmax(score), v), (0, 2, 1, 3))
        return self.projection(F.reshape(merged, (-1, SEQ, DIM)))


class Block(nn.Cell):
    def __init__(self):
        super(Block, self).__init__()
        self.layernorm1, self.layernorm2 = nn.LayerNorm((DIM,)), nn.LayerNorm((DIM,))
        self.attention = Attention()
        self.mapping, self.projection, self.activation = nn.Dense(DIM, 4 * DIM), nn.Dense(4 * DIM, DIM), nn.GELU()

    def construct(self, x, mask):
        x = x + self.attention(self.layernorm1(x), mask)
        return x + self.projection(self.activation(self.mapping(self.layernorm2(x))))


class GPT(nn.Cell):
    def __init__(self):
        super(GPT, self).__init__()
        self.embedding_table = Parameter(initializer(TruncatedNormal(0.02), [len(CHARS), DIM]), name="embedding_table")
        self.position = Parameter(initializer(TruncatedNormal(0.02), [SEQ, DIM]), name="position_table")
        self.blocks = nn.CellList([Block() for _ in range(LAYERS)])
        self.layernorm = nn.LayerNorm((DIM,)).to_float(ms.float32)
        self.gather, self.matmul = P.Gather(), P.MatMul(transpose_b=True)

    def construct(self, input_ids, mask):
        x = self.gather(self.embedding_table, input_ids, 0) + P.ExpandDims()(self.position, 0)
        for i in range(LAYERS):
            x = self.blocks[i](x, mask)
        return self.matmul(F.reshape(self.layernorm(x), (-1, DIM)), self.embedding_table)


class GPTWithLoss(nn.Cell):
    def __init__(self, network):
        super(GPTWithLoss, self).__init__(auto_prefix=False)
        self.network = network
        self.lower = Tensor(np.tril(np.ones((SEQ, SEQ))), ms.float32)
        self.log_softmax, self.onehot = P.LogSoftmax(), P.OneHot()
        self.on_value, self.off_value = Tensor(1.0, ms.float32), Tensor(0.0, ms.float32)

    def construct(self, input_ids):
        tokens, label = input_ids[:, :-1], F.reshape(input_ids[:, 1:], (-1,))
        mask = F.tile(F.expand_dims(self.lower, 0), (F.shape(tokens)[0], 1, 1))
        logits = self.log_softmax(F.cast(self.network(tokens, mask), ms.float32))
        onehot = self.onehot(label, len(CHARS), self.on_value, self.off_value)
        return P.ReduceMean()(P.Neg()(P.ReduceSum()(logits * onehot, -1)))


grad_scale = C.MultitypeFuncGraph("grad_scale")
reciprocal = P.Reciprocal()


@grad_scale.register("Tensor", "Tensor")
def tensor_grad_scale(scale, grad):
    return grad * F.cast(reciprocal(scale), F.dtype(grad))


class TrainOneStep(TrainOneStepWithLossScaleCell):
    def __init__(self, network, optimizer, scale_update_cell=None, enable_global_norm=True):
        super(TrainOneStep, self).__init__(network, optimizer, scale_update_cell)
        self.network, self.optimizer, self.enable_global_norm = network, optimizer, enable_global_norm

    def construct(self, input_ids):
        weights = self.weights
        loss = self.network(input_ids)
        scaling_sens = self.scale_sense
        scaling_sens_filled = C.ones_like(loss) * F.cast(scaling_sens, F.dtype(loss))
        grads = self.grad(self.network, weights)(input_ids, scaling_sens_filled)
        grads = self.hyper_map(F.partial(grad_scale, scaling_sens), grads)
        if self.enable_global_norm:
            grads = C.clip_by_global_norm(grads, 1.0)
        grads = self.grad_reducer(grads)
        overflow = self.process_loss_scale(P.LogicalNot()(amp.all_finite(grads)))
        if not overflow:
            loss = F.depend(loss, self.optimizer(grads))
        return loss, overflow, scaling_sens


class Watch(Callback):
    def step_end(self, run_context):
        params = run_context.original_args()
        loss, overflow, scale = params.net_outputs
        print(
            f"step {params.cur_step_num} loss {loss.asnumpy():.5f} overflow {bool(overflow)} scale {float(scale):.0f}"
        )


def windows(count):
    ids, random = np.array([CHARS.index(c) for c in TEXT], np.int32), np.random.RandomState(0)
    for start in random.randint(0, len(ids) - SEQ - 1, count):
        yield (ids[start : start + SEQ + 1],)


gpt = GPT()
decayed = [p for p in gpt.trainable_params() if "layernorm" not in p.name.lower() and "bias" not in p.name]
others = [p for p in gpt.trainable_params() if "layernorm" in p.name.lower() or "bias" in p.name]
groups = [{"params": decayed, "weight_decay": 1e-2}, {"params": others, "weight_decay": 0.0}]
groups.append({"order_params": gpt.trainable_params()})
optimizer = nn.AdamWeightDecay(groups, learning_rate=2e-3, eps=1e-8, beta1=0.9, beta2=0.95)
update = DynamicLossScaleUpdateCell(loss_scale_value=2**16, scale_factor=2, scale_window=4)
step = TrainOneStep(GPTWithLoss(gpt), optimizer, update)
dataset = GeneratorDataset(list(windows(BATCH * args.steps)), ["input_ids"], shuffle=False).batch(BATCH)
Model(step).train(1, dataset, callbacks=[Watch(), LossMonitor(args.steps)], dataset_sink_mode=False)
