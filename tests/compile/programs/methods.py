"""Methods of training: accumulated and clipped gradients, averages, teachers, graphs, filters."""

import mindspore as ms
import numpy as np
from mindspore import Parameter, ParameterTuple, Tensor, nn, ops
from mindspore.ops import functional as F

from programs import STEPS, classes, fill, normal, program


def network(n_out=4, seed=0):
    return fill(nn.SequentialCell(nn.Dense(8, 12), nn.Tanh(), nn.Dense(12, n_out)), seed)


def batch():
    return Tensor(normal(16, 8)), Tensor(classes(16, 4))


class Accumulator:
    """Gradients are added up, and given to the optimizer at every second call."""

    def __init__(self, optimizer, every=2):
        self.optimizer, self.every = optimizer, every
        self.inner = optimizer.parameters.clone(prefix="accumulated", init="zeros")
        self.zeros = optimizer.parameters.clone(prefix="zeros", init="zeros")
        self.counter = Parameter(Tensor(1, ms.int32), "counter")
        self.map = ops.HyperMap()

    def __call__(self, grads):
        self.map(F.partial(ops.assign_add), self.inner, grads)
        if self.counter % self.every == 0:
            self.optimizer(self.inner)
            self.map(F.partial(ops.assign), self.inner, self.zeros)
        ops.assign_add(self.counter, Tensor(1, ms.int32))
        return True


@program
def accumulated_gradients():
    net = network()
    accumulate, loss_fn = Accumulator(nn.SGD(net.trainable_params(), 0.3)), nn.CrossEntropyLoss()

    def forward(x, y):
        return loss_fn(net(x), y) / 2

    grad_fn = ms.value_and_grad(forward, None, net.trainable_params())
    x, y = batch()
    for step in STEPS:
        part = slice(0, 8) if step % 2 else slice(8, 16)
        loss, grads = grad_fn(x[part], y[part])
        accumulate(grads)
        yield loss


@program
def accumulated_in_python():
    net, loss_fn = network(), nn.CrossEntropyLoss()
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
    grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)
    x, y = batch()
    for _ in STEPS:
        total, value = None, 0.0
        for part in (slice(0, 8), slice(8, 16)):
            loss, grads = grad_fn(x[part], y[part])
            total = grads if total is None else tuple(a + b for a, b in zip(total, grads, strict=True))
            value += float(loss) / 2
        optimizer(tuple(g / 2 for g in total))
        yield value


@program
def clipped_by_norm():
    net, loss_fn = network(), nn.CrossEntropyLoss()
    optimizer = nn.Momentum(net.trainable_params(), 0.2, 0.9)
    grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)

    def train_step(x, y):
        loss, grads = grad_fn(x, y)
        grads = ops.clip_by_global_norm(grads, 0.5)
        optimizer(grads)
        return loss

    for _ in STEPS:
        yield train_step(*batch())


class EMA(nn.Cell):
    """A moving average of the weights."""

    def __init__(self, model, decay=0.9):
        super().__init__()
        self.decay = decay
        self.weights = ParameterTuple(model.trainable_params())
        self.averages = self.weights.clone(prefix="ema", init="same")
        self.updates = Parameter(Tensor(0.0, ms.float32), requires_grad=False, name="updates")

    def construct(self):
        self.updates += 1
        decay = self.decay * (1 - ops.exp(-self.updates / 3))
        for average, weight in zip(self.averages, self.weights):  # noqa: B905
            ops.assign(average, decay * average + (1 - decay) * weight)
        return self.updates


@program
def moving_average_of_weights():
    net, loss_fn = network(), nn.CrossEntropyLoss()
    optimizer, ema = nn.Adam(net.trainable_params(), 0.02), EMA(net)
    grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)
    for _ in STEPS:
        loss, grads = grad_fn(*batch())
        optimizer(grads)
        ema()
        yield loss, ema.averages[0].asnumpy().sum()


class Distillation(nn.Cell):
    def __init__(self, student, teacher, temperature=2.0, alpha=0.5):
        super().__init__()
        self.student, self.teacher = student, teacher
        self.temperature, self.alpha = temperature, alpha
        self.kl = nn.KLDivLoss(reduction="batchmean")
        self.ce = nn.CrossEntropyLoss()
        for p in teacher.get_parameters():
            p.requires_grad = False

    def construct(self, x, y):
        logits = self.student(x)
        soft = ops.softmax(ops.stop_gradient(self.teacher(x)) / self.temperature, axis=1)
        kl = self.kl(ops.log_softmax(logits / self.temperature, axis=1), soft)
        return self.alpha * self.ce(logits, y) + (1 - self.alpha) * self.temperature**2 * kl


@program
def distillation():
    net = Distillation(fill(nn.Dense(8, 4)), network(seed=1))
    optimizer = nn.Adam(net.student.trainable_params(), 0.05)
    grad_fn = ms.value_and_grad(net, None, optimizer.parameters)
    for _ in STEPS:
        loss, grads = grad_fn(*batch())
        optimizer(grads)
        yield loss


@program
def private_gradients():
    """The gradient of each sample is clipped before they are averaged."""
    w, b = Parameter(Tensor(normal(8)), name="w"), Parameter(Tensor(0.0, ms.float32), name="b")
    optimizer = nn.SGD([w, b], 0.2)

    def loss(w, b, x, y):
        return ops.square((w * x).sum() + b - y)

    per_sample = ms.vmap(ms.value_and_grad(loss, (0, 1)), in_axes=(None, None, 0, 0))
    x, y = Tensor(normal(16, 8)), Tensor(normal(16, seed=1))
    for _ in STEPS:
        losses, (dw, db) = per_sample(w, b, x, y)
        norm = ops.sqrt(ops.square(dw).sum(1) + ops.square(db))
        factor = ops.minimum(ops.ones_like(norm), 1.0 / norm)
        optimizer(((dw * factor.expand_dims(1)).mean(0), (db * factor).mean()))
        yield losses.mean()


@program
def meta_learning():
    """Gradients through the steps that adapt to a task."""
    meta = ParameterTuple([
        Parameter(Tensor(normal(1, 8)), name="w0"), Parameter(Tensor(0.1 * normal(8)), name="b0"),
        Parameter(Tensor(normal(8, 1, seed=1) / 3), name="w1"), Parameter(Tensor([0.0]), name="b1"),
    ])  # fmt: skip
    optimizer = nn.SGD(meta, 0.1)

    def task_loss(w0, b0, w1, b1, x, y):
        hidden = ops.tanh(ops.matmul(x, w0) + b0)
        return ops.square(ops.matmul(hidden, w1) + b1 - y).mean()

    inner = ms.grad(task_loss, (0, 1, 2, 3))

    def outer(x, y, x_test, y_test):
        adapted = tuple(meta)
        for _ in range(2):
            grads = inner(*adapted, x, y)
            adapted = tuple(p - 0.05 * g for p, g in zip(adapted, grads, strict=True))
        return task_loss(*adapted, x_test, y_test)

    grad_fn = ms.value_and_grad(outer, None, meta)
    x, x_test = normal(8, 1), normal(8, 1, seed=1)
    for step in STEPS:
        phase = 0.05 * step
        loss, grads = grad_fn(*map(Tensor, (x, np.sin(x + phase), x_test, np.sin(x_test + phase))))
        optimizer(grads)
        yield loss


@program
def gauss_newton():
    """A curve is fitted by damped Gauss-Newton steps, with the Jacobian of the residuals."""
    t = np.linspace(0, 2, 12, dtype=np.float32)
    measured = Tensor(2 * np.exp(-1.5 * t) + 0.5 + 0.1 * normal(12))

    def residual(p, t, y):
        return p[0] * ops.exp(-p[1] * t) + p[2] - y

    jacobian, t, p = ms.jacrev(residual), Tensor(t), Tensor([1.0, 1.0, 0.0])
    for _ in STEPS:
        error, slopes = residual(p, t, measured), jacobian(p, t, measured)
        normal_matrix = ops.matmul(slopes.T, slopes) + 1e-2 * ops.eye(3, 3, ms.float32)
        p = p - ops.matmul(ops.inverse(normal_matrix), ops.matmul(slopes.T, error))
        yield (error * error).mean()


@program
def sharpness_aware():
    """Two gradients a step: at the weights, and uphill of them."""
    net, loss_fn, rho = network(), nn.CrossEntropyLoss(), 0.05
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
    weights = optimizer.parameters
    grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, weights)
    for _ in STEPS:
        loss, grads = grad_fn(*batch())
        norm = ops.sqrt(sum(ops.square(g).sum() for g in grads))
        climbs = [rho * g / (norm + 1e-12) for g in grads]
        for w, climb in zip(weights, climbs, strict=True):
            ops.assign_add(w, climb)
        _, grads = grad_fn(*batch())
        for w, climb in zip(weights, climbs, strict=True):
            ops.assign_sub(w, climb)
        optimizer(grads)
        yield loss


class GraphConvolution(nn.Cell):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.fc = nn.Dense(n_in, n_out, has_bias=False)

    def construct(self, x, sources, targets, n_nodes):
        messages = ops.gather(self.fc(x), sources, 0)
        count = ops.unsorted_segment_sum(ops.ones((messages.shape[0], 1), ms.float32), targets, n_nodes)
        return ops.unsorted_segment_sum(messages, targets, n_nodes) / ops.maximum(count, Tensor(1.0))


class GCN(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first, self.second = GraphConvolution(6, 8), GraphConvolution(8, 3)

    def construct(self, x, sources, targets):
        n = x.shape[0]
        return self.second(ops.relu(self.first(x, sources, targets, n)), sources, targets, n)


@program
def graph_network():
    net, loss_fn = fill(GCN()), nn.CrossEntropyLoss()
    optimizer = nn.Adam(net.trainable_params(), 0.05)
    grad_fn = ms.value_and_grad(lambda x, s, t, y: loss_fn(net(x, s, t), y), None, optimizer.parameters)
    data = normal(10, 6), classes(30, 10), classes(30, 10, seed=1), classes(10, 3)
    for _ in STEPS:
        loss, grads = grad_fn(*map(Tensor, data))
        optimizer(grads)
        yield loss


class KalmanFilter(nn.Cell):
    """A filter whose state lives in Parameters that have no gradient; its noises are learned."""

    def __init__(self):
        super().__init__()
        self.log_q = Parameter(Tensor(0.0, ms.float32), name="log_q")
        self.log_r = Parameter(Tensor(1.0, ms.float32), name="log_r")
        self.mean = Parameter(Tensor(0.0, ms.float32), name="mean", requires_grad=False)
        self.variance = Parameter(Tensor(1.0, ms.float32), name="variance", requires_grad=False)

    def construct(self, measured):
        mean, variance, loss = self.mean, self.variance, 0.0
        for i in range(measured.shape[0]):
            variance = variance + ops.exp(self.log_q)
            spread = variance + ops.exp(self.log_r)
            error = measured[i] - mean
            loss = loss + 0.5 * (ops.log(spread) + ops.square(error) / spread)
            gain = variance / spread
            mean, variance = mean + gain * error, (1 - gain) * variance
        ops.assign(self.mean, ops.stop_gradient(mean))
        ops.assign(self.variance, ops.stop_gradient(variance))
        return loss / measured.shape[0]


@program(falls=False)
def kalman_filter():
    net = KalmanFilter()
    optimizer = nn.Adam(net.trainable_params(), 0.1)
    grad_fn = ms.value_and_grad(net, None, optimizer.parameters)
    path = np.cumsum(0.1 * normal(48)) + 0.1 * normal(48, seed=1)
    for step in STEPS:
        loss, grads = grad_fn(Tensor(path[8 * step : 8 * step + 8].astype(np.float32)))
        optimizer(grads)
        yield loss, net.variance.value()


class Mixture(nn.Cell):
    """Expectation and maximization by turns, in Parameters that nothing differentiates."""

    def __init__(self):
        super().__init__()
        self.mean = Parameter(Tensor([-1.0, 0.5, 1.0]), name="mean", requires_grad=False)
        self.log_weight = Parameter(
            Tensor(np.log(np.full(3, 1 / 3, np.float32))), name="log_weight", requires_grad=False
        )

    def construct(self, x):
        log_prob = self.log_weight - 0.5 * ops.square(x.expand_dims(1) - self.mean)
        total = ops.logsumexp(log_prob, 1, True)
        share = ops.exp(log_prob - total)
        count = share.sum(0)
        self.mean = (share * x.expand_dims(1)).sum(0) / count
        self.log_weight = ops.log(count / x.shape[0])
        return -total.mean()


@program
def expectation_maximization():
    net = ms.jit(Mixture())
    x = Tensor(np.concatenate([normal(16) - 3, normal(16, seed=1), normal(16, seed=2) + 3]))
    for _ in STEPS:
        yield net(x)


class Straight(nn.Cell):
    """A step function with the gradient of a line."""

    def construct(self, x):
        return ops.cast(x > 0, ms.float32)

    def bprop(self, x, out, dout):
        return (dout * ops.cast(ops.abs(x) < 1, ms.float32),)


@program
def binary_activations():
    net = fill(nn.SequentialCell(nn.Dense(8, 16), Straight(), nn.Dense(16, 4)))
    loss_fn = nn.CrossEntropyLoss()
    optimizer = nn.Adam(net.trainable_params(), 0.02)
    grad_fn = ms.value_and_grad(lambda x, y: loss_fn(net(x), y), None, optimizer.parameters)
    for _ in STEPS:
        loss, grads = grad_fn(*batch())
        optimizer(grads)
        yield loss
