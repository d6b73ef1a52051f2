"""Elements that a mask chooses, as many as it happens to choose."""

import contextlib

import numpy as np

import msjax as ms
from contract import attempt, program, watch
from msjax import Parameter, Tensor, mint, nn, ops

X = Tensor(np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32))
LABELS = Tensor([0, 3, 1, 2, 2, 0], ms.int32)
# Each number of elements costs the eager operators a compilation.
ROWS = [[1, 0, 1, 1, 0, 1], [0, 1, 1, 0, 1, 1], [0, 0, 0, 0, 0, 0], [1, 0, 1, 1, 0, 1]]


def calls(f, *others):
    """Of what is differentiated, for masks that choose several elements, or none."""
    step = watch(ms.value_and_grad(f, has_aux=True))
    for k, rows in enumerate(ROWS):
        mask = Tensor([bool(r) for r in rows])
        yield attempt(step, X * (1 + k), mask, *others)


@program(compiles=True)
def sums_and_their_kin():
    def f(x, rows):
        mask = ops.logical_and(rows.expand_dims(1), x > -1)
        flat, chosen = ops.masked_select(x * x, mask), x[rows]
        parts = (
            flat.mean(), flat.sum(), flat.max(), (-flat).min(), flat.std(),
            ops.masked_select(x, rows.expand_dims(1)).sum(),
            (chosen**2).mean(), chosen.sum(0).prod(), chosen.max(1)[0].sum(), chosen.mean(0).sum(), (chosen > 0).sum(),
            (chosen > -9).all(), (chosen > 9).any(), ops.norm(chosen), ops.logsumexp(chosen, 0).sum(), x[mask].var(),
        )  # fmt: skip
        return parts[0] + parts[3] + parts[4] + parts[6] + parts[7] + parts[8] + parts[13] + parts[14], parts

    yield from calls(f)


@program(compiles=True)
def losses():
    def f(x, rows, labels):
        chosen, target = x[rows], labels[rows]
        log = ops.log_softmax(chosen, -1)
        weights = ops.one_hot(target, 4, Tensor(1.0), Tensor(0.0))
        parts = (
            ops.cross_entropy(chosen, target), nn.CrossEntropyLoss()(chosen, target),
            nn.MSELoss()(chosen, (x * 2)[rows]),
            ops.smooth_l1_loss(chosen, chosen * 3, reduction="sum"), nn.HuberLoss()(chosen, chosen * 2),
            -ops.gather_elements(log, 1, target.expand_dims(1)).mean(), (log * weights).sum(),
            nn.L1Loss()(chosen, weights),
            ops.binary_cross_entropy_with_logits(chosen, weights, ops.ones_like(weights), ops.ones_like(weights)),
            (chosen.argmax(1) == target).astype(ms.float32).mean(), mint.nn.functional.relu(chosen).mean(),
        )  # fmt: skip
        return sum(parts), parts

    yield from calls(f, LABELS)


@program(compiles=True)
def ways_of_elements():
    layer = nn.Dense(4, 3, weight_init="ones")

    def f(x, rows):
        chosen = x[rows]
        twice = chosen[chosen[:, 0] > 0]
        left, right = chosen[:, :2], chosen[:, 2:]
        parts = (
            layer(chosen).mean(), ops.matmul(chosen.T, chosen).sum(), ops.matmul(chosen, x.T).mean(), twice.sum(),
            (left - right).abs().mean(), ops.cat((left, right * 2), 1).mean(), ops.stack((left, right), 1).sum(),
            (chosen.reshape(-1) ** 2).mean(), chosen.reshape(-1, 2)[:, 0].sum(), (chosen.cumsum(0) ** 2).mean(),
            ops.where(chosen > 0, chosen, chosen * 0.25).mean(), ops.softmax(chosen, 0)[:, 1].sum(),
            (chosen.expand_dims(0) - chosen.expand_dims(1)).abs().mean(), chosen.astype(ms.float16).sum(),
            x[ops.nonzero(rows).squeeze(-1)].sum(), ops.gather(x, rows.nonzero().flatten(), 0).mean(),
            x[ops.nonzero(x > 0, as_tuple=True)].mean(), ops.sort(chosen, 1)[0][:, 0].sum(), chosen.T.sum(0).mean(),
        )  # fmt: skip
        return sum(p.astype(ms.float32) for p in parts), parts

    yield from calls(f)


@program(compiles=True)
def masks_that_are_computed_twice():
    layer = nn.Dense(4, 4, weight_init="ones")

    def f(x, rows):
        y = layer(x) * rows.expand_dims(1)
        near = ops.logical_and
        parts = (
            (y[x > 0.5] - x[x > 0.5]).abs().mean(), (y[near(x < 1, y > x)] * x[near(x < 1, y > x)]).sum(),
            (ops.masked_select(y, y > y.mean()) - ops.masked_select(x, y > y.mean())).sum(),
            (y[(x * x).sum(1) > 1] - x[(x * x).sum(1) > 1]).mean(), (x[x > 0].mean() - x[x > -0.5].mean()),
        )  # fmt: skip
        return sum(parts), parts

    yield from calls(f)


@program(compiles=True)
def a_network_that_is_trained():
    net = nn.SequentialCell(nn.Dense(4, 8, "ones"), nn.Tanh(), nn.Dense(8, 4, "ones"))
    optimizer = nn.Adam(net.trainable_params(), 0.125)

    def loss(x, rows, labels):
        logits = net(x)
        hard = ops.cross_entropy(logits, labels, reduction="none")
        return ops.cross_entropy(logits[rows], labels[rows]) + ops.masked_select(hard, hard > hard.mean()).mean()

    step = watch(ms.value_and_grad(loss, None, optimizer.parameters))
    for rows in (*ROWS, [0, 1, 0, 0, 0, 0], [1] * 6):
        value, gradients = step(X, Tensor([bool(r) for r in rows]), LABELS)
        optimizer(gradients)
        yield value, gradients, list(net.get_parameters())


@program
def what_leaves_with_its_shape():
    kept = Parameter(Tensor([0.0]), name="kept")

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.last = Tensor([0.0])

        def construct(self, x, rows):
            self.last = x[rows]
            return self.last.sum()

    def given(x, rows):
        return x.sum(), x[rows]

    def read(x, rows):
        chosen = x[rows]
        half = chosen.shape[0] / 2
        if chosen.shape[0] == 4:
            return chosen.sum() * half, f"{chosen.shape}"
        return chosen.sum() / max(1, len(chosen)), chosen.size

    def gone_through(x, rows):
        return sum((row * k for k, row in enumerate(x[rows])), x.sum()), ()

    def joined(x, rows):
        return ops.cat((x, x[rows])).sum(), ops.cat((x[rows], x[rows]), 1).shape

    def beside(x, rows):
        return (x[rows] + x[:4]).sum(), ()

    def cut(x, rows):
        return x[rows][1:].sum() + x[rows][0].sum() + x[rows][-1].sum(), ()

    def by_equal_masks(x, rows, labels=LABELS):
        return (x[labels > 1] * (x * 2)[labels > 1]).sum(), ()

    net = Net()
    with_net = ms.value_and_grad(net)
    for f in (given, read, gone_through, joined, beside, cut, by_equal_masks):
        yield from calls(f)
    for rows in ROWS:
        yield with_net(X, Tensor([bool(r) for r in rows])), net.last, kept


@program
def exceptions_that_are_handled():
    def tried(x, rows):
        try:
            return (x[rows] + x[:4]).sum(), ()
        except ValueError:
            return x.sum(), ()

    def suppressed(x, rows):
        with contextlib.suppress(Exception):
            return (x[rows] + x[:4]).sum(), ()
        return x.sum() * 2, ()

    for f in (tried, suppressed):
        yield from calls(f)


@program
def within_transforms():
    def f(x, rows):
        return (x[rows] ** 3).mean()

    def penalty(x, rows):
        return (ms.grad(f)(x, rows) ** 2).sum()

    recomputed = nn.Dense(4, 2, "ones")
    recomputed.recompute()
    functions = (
        ms.grad(penalty),
        ms.jit(f),
        ms.grad(lambda x, rows: (recomputed(x)[rows] ** 2).sum()),
        ms.grad(lambda x, rows: ms.vmap(lambda row: (row[row > 0] ** 2).sum())(x).sum()),
        lambda x, rows: ms.jvp(lambda x: f(x, rows), x, x * 0.5),
        lambda x, rows: ms.jacrev(lambda x: x[rows].sum(0))(x),
        ms.grad(lambda x, rows: ops.dropout(x[rows], 0.5).sum() * 0),
        ms.grad(lambda x, rows: x.view(-1)[(x > 0).view(-1)].sum() + x.copy()[x > 0].mean()),
    )
    for function in functions:
        for rows in ROWS:
            yield attempt(function, X, Tensor([bool(r) for r in rows]))
