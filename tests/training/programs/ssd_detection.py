"""A small single-shot detector: anchors matched in numpy, hard negatives by sorting, smooth L1."""

import argparse
from itertools import product

import mindspore as ms
import mindspore.common.dtype as mstype
import mindspore.dataset as de
import numpy as np
from mindspore import Tensor, nn, ops
from mindspore.ops import functional as F
from mindspore.ops import operations as P

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=6)
args = parser.parse_args()
CLASSES, SIZE, BATCHES = 4, 64, max(args.steps // 2, 1)


def default_boxes():
    boxes = []
    for cells, scale in ((8, 0.25), (4, 0.5)):
        for i, j in product(range(cells), repeat=2):
            for w, h in ((scale, scale), (scale * 1.4, scale / 1.4)):
                boxes.append([(j + 0.5) / cells, (i + 0.5) / cells, w, h])
    return np.array(boxes, np.float32)


ANCHORS = default_boxes()
CORNERS = np.concatenate([ANCHORS[:, :2] - ANCHORS[:, 2:] / 2, ANCHORS[:, :2] + ANCHORS[:, 2:] / 2], 1)


def iou(box, boxes):
    low, high = np.maximum(box[:2], boxes[:, :2]), np.minimum(box[2:], boxes[:, 2:])
    shared = np.prod(np.clip(high - low, 0, None), 1)
    return shared / (np.prod(box[2:] - box[:2]) + np.prod(boxes[:, 2:] - boxes[:, :2], 1) - shared)


def encode(boxes, labels):
    """For each anchor the offsets and the class of what it must find; class 0 is background."""
    t_label, t_box, best = np.zeros(len(ANCHORS), np.int32), np.tile([0, 0, 1, 1], (len(ANCHORS), 1)), 0.5
    t_box = t_box.astype(np.float32)
    for box, label in zip(boxes, labels):
        score = iou(box, CORNERS)
        score[np.argmax(score)] = 2.0
        t_label[score > best], t_box[score > best] = label, box
    center, size = (t_box[:, :2] + t_box[:, 2:]) / 2, t_box[:, 2:] - t_box[:, :2]
    offsets = np.concatenate(
        [(center - ANCHORS[:, :2]) / (ANCHORS[:, 2:] * 0.1), np.log(size / ANCHORS[:, 2:]) / 0.2], 1
    )
    return offsets.astype(np.float32), t_label


class Scenes:
    def __init__(self, count, seed):
        self.count, self.seed = count, seed

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        random = np.random.RandomState(1000 * self.seed + index)
        image, boxes, labels = random.uniform(0, 0.3, (SIZE, SIZE, 3)), [], []
        for _ in range(random.randint(1, 4)):
            w, h = random.uniform(0.2, 0.6, 2)
            x, y = random.uniform(0, 1 - w), random.uniform(0, 1 - h)
            label = random.randint(1, CLASSES)
            image[int(y * SIZE) : int((y + h) * SIZE), int(x * SIZE) : int((x + w) * SIZE), label - 1] = 1
            boxes.append([x, y, x + w, y + h])
            labels.append(label)
        return image.astype(np.float32), np.array(boxes, np.float32), np.array(labels, np.int32)


def create_dataset(count, seed):
    dataset = de.GeneratorDataset(Scenes(count, seed), ["image", "boxes", "labels"], shuffle=False)
    dataset = dataset.map(lambda image: (image - 0.3).transpose(2, 0, 1), input_columns="image")
    dataset = dataset.map(encode, input_columns=["boxes", "labels"], output_columns=["offset", "label"])
    return dataset.project(["image", "offset", "label"]).batch(4, drop_remainder=True)


def conv_bn_relu(inputs, outputs, stride=1):
    conv = nn.Conv2d(inputs, outputs, 3, stride, pad_mode="same", has_bias=False)
    return nn.SequentialCell([conv, nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.97), nn.ReLU6()])


class SSD(nn.Cell):
    def __init__(self):
        super(SSD, self).__init__()
        self.backbone = nn.SequentialCell([conv_bn_relu(3, 8, 2), conv_bn_relu(8, 16, 2), conv_bn_relu(16, 32, 2)])
        self.extra = conv_bn_relu(32, 32, 2)
        self.loc = nn.CellList([nn.Conv2d(32, 8, 3, has_bias=True) for _ in range(2)])
        self.conf = nn.CellList([nn.Conv2d(32, 2 * CLASSES, 3, has_bias=True) for _ in range(2)])
        self.transpose, self.concat = P.Transpose(), P.Concat(axis=1)

    def construct(self, x):
        a = self.backbone(x)
        features, locs, confs = (a, self.extra(a)), (), ()
        for i in range(2):
            locs += (self.flat(self.loc[i](features[i]), 4),)
            confs += (self.flat(self.conf[i](features[i]), CLASSES),)
        return self.concat(locs), self.concat(confs)

    def flat(self, x, last):
        return F.reshape(self.transpose(x, (0, 2, 3, 1)), (F.shape(x)[0], -1, last))


class SSDWithLoss(nn.Cell):
    def __init__(self, network, ratio=3):
        super(SSDWithLoss, self).__init__()
        self.network, self.ratio = network, ratio
        self.loc_loss, self.ce = nn.SmoothL1Loss(reduction="none"), nn.CrossEntropyLoss(reduction="none")
        self.greater, self.sort, self.reduce_sum = P.Greater(), P.Sort(descending=True), P.ReduceSum()

    def construct(self, image, offset, label):
        loc, conf = self.network(image)
        positive = F.cast(self.greater(label, 0), mstype.float32)
        count = self.reduce_sum(positive, 1)
        near = self.reduce_sum(self.loc_loss(loc, offset).sum(-1) * positive, 1)
        ce = F.reshape(self.ce(F.reshape(conf, (-1, CLASSES)), F.reshape(label, (-1,))), F.shape(label))
        negative = F.stop_gradient(ce) * (1 - positive)
        _, order = self.sort(negative)
        _, rank = self.sort(-F.cast(order, mstype.float32))
        hard = F.cast(rank < F.cast(self.ratio * count, mstype.int32).expand_dims(1), mstype.float32)
        kind = self.reduce_sum(ce * F.clip_by_value(positive + hard, 0, 1), 1)
        return self.reduce_sum((near + kind) / ops.maximum(count, 1.0)) / F.shape(image)[0]


ssd = SSD()
optimizer = nn.Momentum(ssd.trainable_params(), 0.01, 0.9, weight_decay=1.5e-4, loss_scale=16.0)
train = nn.TrainOneStepCell(SSDWithLoss(ssd), optimizer, sens=16.0)
train.set_train()
dataset = create_dataset(4 * BATCHES, 0)
for epoch in range(2):
    for i, row in enumerate(dataset.create_dict_iterator(num_epochs=1)):
        loss = train(row["image"], row["offset"], row["label"])
        print(f"epoch {epoch} step {i}, loss is {float(loss.asnumpy()):.5f}")

ssd.set_train(False)
loc, conf = ssd(next(create_dataset(4, 1).create_tuple_iterator())[0])
anchors = Tensor(ANCHORS)
center, size = loc[0, :, :2] * 0.1 * anchors[:, 2:] + anchors[:, :2], ops.exp(loc[0, :, 2:] * 0.2) * anchors[:, 2:]
score = ops.softmax(conf[0], -1)[:, 1:].max(axis=1)
boxes = ops.concat((center - size / 2, center + size / 2, score.expand_dims(1)), 1)
best = boxes[ops.topk(score, 20)[1]]
kept, index, mask = P.NMSWithMask(0.5)(best)
print(kept.shape, index.dtype, 1 <= int(mask.astype(ms.int32).sum()) <= 20, f"{float(score.max()):.4f}")
