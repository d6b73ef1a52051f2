"""Networks for images."""

import mindspore as ms
from mindspore import Tensor, nn, ops

from programs import STEPS, classes, fill, normal, program


def training(net, loss, optimizer, *inputs):
    grad_fn = ms.value_and_grad(loss, None, optimizer.parameters)
    net.set_train()
    for _ in STEPS:
        value, grads = grad_fn(*inputs)
        optimizer(grads)
        yield value


class ConvNet(nn.Cell):
    def __init__(self):
        super().__init__()
        self.features = nn.SequentialCell(
            [nn.Conv2d(2, 4, 3, has_bias=True), nn.BatchNorm2d(4, momentum=0.9), nn.ReLU(), nn.AvgPool2d(2, 2)]
        )
        self.drop = nn.Dropout(p=0.2)
        self.classifier = nn.Dense(4 * 4 * 4, 3)

    def construct(self, x):
        x = self.features(x)
        return self.classifier(self.drop(x.view(x.shape[0], -1)))


@program(draws=True)
def batch_norm_and_dropout():
    net = fill(ConvNet())
    loss_fn = nn.CrossEntropyLoss()
    optimizer = nn.Momentum(net.trainable_params(), 0.05, 0.9)
    x, y = Tensor(normal(8, 2, 8, 8)), Tensor(classes(8, 3))
    for loss in training(net, lambda x, y: loss_fn(net(x), y), optimizer, x, y):
        yield loss, net.features[1].moving_mean.asnumpy().sum()


class ResidualBlock(nn.Cell):
    expansion = 1

    def __init__(self, in_channel, out_channel, stride=1, down_sample=None):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channel, out_channel, kernel_size=3, stride=stride)
        self.norm1 = nn.BatchNorm2d(out_channel)
        self.conv2 = nn.Conv2d(out_channel, out_channel, kernel_size=3)
        self.norm2 = nn.BatchNorm2d(out_channel)
        self.relu = nn.ReLU()
        self.down_sample = down_sample

    def construct(self, x):
        identity = x
        out = self.relu(self.norm1(self.conv1(x)))
        out = self.norm2(self.conv2(out))
        if self.down_sample is not None:
            identity = self.down_sample(x)
        return self.relu(out + identity)


class ResNet(nn.Cell):
    def __init__(self, block, num_classes=3):
        super().__init__()
        self.layer1 = self._make_layer(2, block, 4, 1)
        self.layer2 = self._make_layer(4, block, 8, 1, stride=2)
        self.fc = nn.Dense(8, num_classes)

    @staticmethod
    def _make_layer(last, block, channel, block_nums, stride=1):
        down_sample = None
        if stride != 1 or last != channel * block.expansion:
            down_sample = nn.SequentialCell(
                [nn.Conv2d(last, channel, kernel_size=1, stride=stride), nn.BatchNorm2d(channel)]
            )
        layers = [block(last, channel, stride=stride, down_sample=down_sample)]
        layers += [block(channel, channel) for _ in range(1, block_nums)]
        return nn.SequentialCell(layers)

    def construct(self, x):
        x = self.layer2(self.layer1(x))
        return self.fc(x.mean((2, 3)))


@program
def resnet():
    net = fill(ResNet(ResidualBlock))
    loss_fn = nn.CrossEntropyLoss()
    optimizer = nn.Momentum(net.trainable_params(), 0.01, 0.9, weight_decay=1e-4)
    x, y = Tensor(normal(4, 2, 8, 8)), Tensor(classes(4, 3))
    yield from training(net, lambda x, y: loss_fn(net(x), y), optimizer, x, y)


class UNet(nn.Cell):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(1, 4, 3, has_bias=True)
        self.bottom = nn.Conv2d(4, 8, 3, has_bias=True)
        self.up = nn.Conv2dTranspose(8, 4, 2, stride=2, has_bias=True)
        self.out = nn.Conv2d(8, 1, 3, has_bias=True)
        self.pool = nn.MaxPool2d(2, 2)

    def construct(self, x):
        skip = ops.relu(self.down(x))
        x = ops.relu(self.bottom(self.pool(skip)))
        return self.out(ops.concat((ops.relu(self.up(x)), skip), axis=1))


@program
def unet():
    net = fill(UNet())

    def dice_and_bce(x, mask):
        logits = net(x)
        bce = ops.binary_cross_entropy_with_logits(logits, mask, ops.ones_like(logits), ops.ones_like(logits))
        prob = ops.sigmoid(logits)
        dice = 1 - (2 * (prob * mask).sum() + 1) / (prob.sum() + mask.sum() + 1)
        return bce + dice

    x = normal(2, 1, 8, 8)
    optimizer = nn.Adam(net.trainable_params(), 0.01)
    yield from training(net, dice_and_bce, optimizer, Tensor(x), Tensor((x > 0).astype("float32")))


class AutoEncoder(nn.Cell):
    def __init__(self):
        super().__init__()
        self.encoder = nn.SequentialCell(nn.Dense(16, 8), nn.ReLU(), nn.Dense(8, 2))
        self.decoder = nn.SequentialCell(nn.Dense(2, 8), nn.ReLU(), nn.Dense(8, 16), nn.Sigmoid())

    def construct(self, x):
        return self.decoder(self.encoder(x))


@program(draws=True)
def denoising_autoencoder():
    net, mse = fill(AutoEncoder()), nn.MSELoss()

    def loss(x):
        noisy = x + 0.1 * ops.standard_normal(x.shape)
        return mse(net(noisy), x)

    x = Tensor(1 / (1 + abs(normal(16, 16))))
    yield from training(net, loss, nn.Adam(net.trainable_params(), 0.05), x)


class Siamese(nn.Cell):
    def __init__(self, backbone, margin=1.0):
        super().__init__()
        self.backbone, self.margin = backbone, margin

    def construct(self, left, right, same):
        distance = ops.norm(self.backbone(left) - self.backbone(right) + 1e-6, dim=1)
        near = same * ops.square(distance)
        far = (1 - same) * ops.square(ops.relu(self.margin - distance))
        return (near + far).mean()


@program
def siamese():
    net = Siamese(fill(nn.SequentialCell(nn.Dense(8, 8), nn.Tanh(), nn.Dense(8, 4))))
    same = Tensor(classes(8, 2).astype("float32"))
    optimizer = nn.Adam(net.trainable_params(), 0.02)
    yield from training(net, net, optimizer, Tensor(normal(8, 8)), Tensor(normal(8, 8, seed=1)), same)


@program
def contrastive():
    encoder = fill(nn.SequentialCell(nn.Dense(8, 8), nn.ReLU(), nn.Dense(8, 4)))
    normalize, temperature = ops.L2Normalize(axis=1), 0.5

    def nt_xent(left, right):
        n = left.shape[0]
        z = normalize(ops.concat((encoder(left), encoder(right))))
        similarity = ops.matmul(z, z.T) / temperature
        similarity = similarity - 1e9 * ops.eye(2 * n, 2 * n, ms.float32)
        labels = ops.concat((ops.arange(n, 2 * n), ops.arange(0, n))).astype(ms.int32)
        return ops.cross_entropy(similarity, labels)

    x = normal(6, 8)
    views = Tensor(x + 0.1 * normal(6, 8, seed=1)), Tensor(x + 0.1 * normal(6, 8, seed=2))
    yield from training(encoder, nt_xent, nn.Adam(encoder.trainable_params(), 0.02), *views)


@program
def triplets():
    encoder = fill(nn.SequentialCell(nn.Dense(8, 8), nn.ReLU(), nn.Dense(8, 4)))
    triplet = nn.TripletMarginLoss(margin=2.0)

    def loss(anchor, positive, negative):
        return triplet(encoder(anchor), encoder(positive), encoder(negative), Tensor(2.0, ms.float32))

    data = [Tensor(normal(6, 8, seed=seed)) for seed in range(3)]
    yield from training(encoder, loss, nn.Adam(encoder.trainable_params(), 0.02), *data)
