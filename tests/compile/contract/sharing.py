"""Which Tensors share their elements afterwards: every result is written to, and all others are looked at."""

import numpy as np

import msjax as ms
from contract import attempt, program, watch
from msjax import Parameter, Tensor, nn, ops


def weight(*shape):
    return Parameter(Tensor(np.arange(1, 1 + np.prod(shape), dtype=np.float32).reshape(shape)), name="w")


def flat(value, found=None):
    found = [] if found is None else found
    if isinstance(value, Tensor):
        found.append(value)
    elif isinstance(value, dict):
        for v in value.values():
            flat(v, found)
    elif isinstance(value, (tuple, list)):
        for v in value:
            flat(v, found)
    return found


def disturbed(tensors):
    """Write to each in turn; gives what all held after that."""
    seen = []
    for i, t in enumerate(tensors):
        attempt(lambda t=t, i=i: t.mul_(2.0 + i))
        seen.append([u.asnumpy().tolist() for u in tensors])
    return seen


def run(function, *shapes, weights=1):
    """`function(x, w)`: gives a loss and what else it gives."""
    w = weight(2, 3)
    x = Tensor(np.ones((2, 3), np.float32))
    step = watch(ms.value_and_grad(lambda x: function(x, w), None, [w], has_aux=True))
    for _ in range(4):
        (value, *aux), grads = step(x)
        yield disturbed([*flat(value), *flat(aux), *flat(grads), x, w])
        w.set_data(weight(2, 3))
        x.assign_value(Tensor(np.ones((2, 3), np.float32)))


@program
def one_tensor_twice():
    def f(x, w):
        y = x * w
        return y.sum(), y, y

    yield from run(f)


@program
def a_tensor_and_its_slice():
    def f(x, w):
        y = x * w
        return y.sum(), y, y[0], y.T, y.reshape(3, 2)[1]

    yield from run(f)


@program
def slices_without_their_base():
    def f(x, w):
        y = x * w
        return y.sum(), y[0], y[:, 1], y.view(6)[2:5]

    yield from run(f)


@program
def the_argument_and_its_views():
    yield from run(lambda x, w: ((x * w).sum(), x, x[0], x.T, x[1, 1:]))


@program
def the_weight_and_its_views():
    yield from run(lambda x, w: ((x * w).sum(), w, w[0], w.T, w.view(-1)[3:]))


@program
def what_may_be_a_copy_or_not():
    def f(x, w):
        y = x * w
        return (
            y.sum(),
            y,
            y.astype(ms.float32),
            y.copy(),
            y.contiguous(),
            y + 0,
            ops.stop_gradient(y),
            y.reshape(2, 3),
            y.expand_as(y),
            ops.identity(y) if hasattr(ops, "identity") else y,
            y.squeeze(),
            y.swapaxes(0, 1),
            ops.transpose(y, (0, 1)),
            y.flatten(),
            y.broadcast_to((2, 3)),
        )

    yield from run(f)


@program
def what_may_be_the_argument_or_not():
    yield from run(
        lambda x, w: (
            (x * w).sum(),
            x.astype(ms.float32),
            x.copy(),
            x.contiguous(),
            ops.stop_gradient(x),
            x.reshape(2, 3),
            x.squeeze(),
            Tensor(x),
            x.detach() if hasattr(x, "detach") else x,
            x.to(ms.float32) if hasattr(x, "to") else x,
            x.float() if hasattr(x, "float") else x,
        )
    )


@program
def what_may_be_the_weight_or_not():
    yield from run(
        lambda x, w: (
            (x * w).sum(),
            w.astype(ms.float32),
            w.copy(),
            w.contiguous(),
            ops.stop_gradient(w),
            w.reshape(2, 3),
            w.squeeze(),
            Tensor(w),
            w.value(),
            w.float(),
        )
    )


@program
def split_and_chunk_and_unbind():
    def f(x, w):
        y = x * w
        return y.sum(), ops.split(y, 1), ops.chunk(y, 3, 1), ops.unbind(y), ops.unstack(y, 1), list(y)

    yield from run(f)


@program
def splits_of_the_weight():
    yield from run(lambda x, w: ((x * w).sum(), ops.split(w, 1), ops.chunk(w, 3, 1), ops.unbind(w), w.split(2, 1)))


@program
def meshes_and_diagonals():
    def f(x, w):
        y = x * w
        return y.sum(), ops.meshgrid(y[0], y[1]), y.diagonal(), ops.diagonal(y), y.narrow(1, 0, 2), y.select(0, 1)

    yield from run(f)


@program
def written_before_returned():
    def f(x, w):
        y = x * w
        row = y[0]
        row.add_(1.0)
        y[1] = 3.0
        return y.sum(), y, row, row[1:]

    yield from run(f)


@program
def the_loss_is_a_view():
    def f(x, w):
        y = (x * w).reshape(-1)
        total = y.sum(0, keepdims=True)
        return total[0], total, y

    yield from run(f)


@program
def the_argument_as_a_loss():
    w = weight(1)
    x = Tensor([2.0])
    step = watch(ms.value_and_grad(lambda x: x, 0, [w]))
    for _ in range(4):
        value, (gx, gw) = step(x)
        yield value is x, disturbed([value, gx, *gw, x, w])
        x.assign_value(Tensor([2.0]))


@program
def gradients_that_are_one_array():
    a, b = weight(2), weight(2)
    step = watch(ms.value_and_grad(lambda x: (x * (a + b)).sum(), 0, [a, b]))
    x = Tensor([1.0, 3.0])
    for _ in range(4):
        value, (gx, gw) = step(x)
        yield disturbed([value, gx, *gw])


@program
def gradients_that_are_the_argument():
    w = weight(2)
    step = watch(ms.grad(lambda x: (x * w).sum(), 0, [w]))
    x = Tensor([1.0, 3.0])
    for _ in range(4):
        gx, gw = step(x)
        yield disturbed([gx, *gw, x, w])
        x.assign_value(Tensor([1.0, 3.0]))
        w.set_data(weight(2))


@program
def a_weight_assigned_from_another():
    a, b = weight(2), weight(2)

    def f(x):
        ops.assign(b, a)
        return (x * b).sum()

    step = watch(ms.value_and_grad(f, None, [a]))
    x = Tensor([1.0, 3.0])
    for _ in range(4):
        value, g = step(x)
        yield disturbed([value, *flat(g), a, b, x])


@program
def state_that_is_the_argument():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight(2)
            self.last = Tensor([0.0, 0.0])

        def construct(self, x):
            self.last = x
            return (x * self.w).sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in range(4):
        x = Tensor([1.0, float(i)])
        value, _ = step(x)
        x.mul_(2.0)
        yield value, net.last, net.last is x


@program
def state_that_is_a_view_of_the_argument():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight(2)
            self.last = Tensor([0.0])

        def construct(self, x):
            self.last = x[1:]
            return (x * self.w).sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in range(4):
        x = Tensor([1.0, float(i)])
        value, _ = step(x)
        x.mul_(2.0)
        yield value, net.last


@program
def state_that_is_also_returned():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight(2)
            self.last = Tensor([0.0, 0.0])

        def construct(self, x):
            self.last = x * self.w
            return self.last.sum(), self.last, self.last[0]

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params(), has_aux=True))
    for i in range(4):
        (value, last, first), _ = step(Tensor([1.0, float(i)]))
        yield last is net.last, disturbed([value, last, first, net.last])


@program
def a_state_in_two_places():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight(2)
            self.a = self.b = Tensor([0.0, 0.0])

        def construct(self, x):
            self.a = self.b = x * self.w
            return self.a.sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in range(4):
        step(Tensor([1.0, float(i)]))
        yield net.a is net.b, disturbed([net.a, net.b])


@program
def states_that_are_exchanged():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight(2)
            self.a, self.b = Tensor([1.0, 0.0]), Tensor([0.0, 2.0])

        def construct(self, x):
            self.a, self.b = self.b, self.a
            return (self.a * self.w * x).sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in range(4):
        yield step(Tensor([1.0, float(i)])), net.a, net.b


@program
def a_buffer_of_numpy():
    buffer = np.ones((2, 3), np.float32)
    x = Tensor(buffer)
    w = weight(2, 3)
    step = watch(ms.value_and_grad(lambda: (x * w).sum(), None, [w]))
    for i in range(5):
        buffer[0] = i
        yield step(), x


@program
def a_buffer_by_from_numpy():
    buffer = np.ones((2, 3), np.float32)
    x = Tensor.from_numpy(buffer)
    w = weight(2, 3)
    step = watch(ms.value_and_grad(lambda x: (x * w).sum(), None, [w]))
    for i in range(6):
        buffer[0] = i
        yield step(x), x
        if i == 3:
            x += 1
            yield buffer.copy(), x


@program
def asnumpy_is_kept_from_before():
    w = weight(2, 3)
    opt = nn.SGD([w], 0.5)
    step = watch(ms.value_and_grad(lambda x: (x * w).sum(), None, [w]))
    held = []
    for i in range(5):
        held.append(w.asnumpy())
        _, g = step(Tensor(np.ones((2, 3), np.float32)))
        held.append(g[0].asnumpy())
        opt(g)
        yield held


@program
def a_stored_row_of_a_trained_weight():
    w = weight(2, 3)
    rows = [w[0], w[1], w.T, w.reshape(3, 2)]
    opt = nn.Momentum([w], 0.5, 0.5)
    step = watch(ms.value_and_grad(lambda x: (x * rows[0]).sum() + rows[2].sum() * 2, None, [w]))
    for _ in range(5):
        value, g = step(Tensor([1.0, 2.0, 3.0]))
        opt(g)
        yield value, g, rows


@program
def a_trained_weight_in_a_whole_step():
    w = weight(2, 3)
    rows = [w[0], w.T]
    opt = nn.Adam([w], 0.5)
    grad = ms.value_and_grad(lambda x: (x * w).sum() + rows[1].sum() * 2, None, [w])

    def step(x):
        value, g = grad(x)
        opt(g)
        return value, rows[0] * 1

    for _ in range(5):
        yield step(Tensor([1.0, 2.0, 3.0])), rows


@program
def aux_containers_are_new():
    w = weight(2, 3)
    step = watch(
        ms.value_and_grad(lambda x: ((x * w).sum(), {"a": [x, (x * w, [])], "b": ()}), None, [w], has_aux=True)
    )
    x = Tensor(np.ones((2, 3), np.float32))
    kept = []
    for i in range(4):
        (_, aux), _ = step(x)
        aux["a"][1][1].append(i)
        aux["c"] = i
        kept.append(aux)
        yield kept, aux["a"][0] is x


@program
def gradients_are_new_each_time():
    w = weight(2, 3)
    step = watch(ms.grad(lambda x: (x * w).sum(), None, [w]))
    x = Tensor(np.ones((2, 3), np.float32))
    total = None
    for _ in range(5):
        g = step(x)[0]
        if total is None:
            total = g
        else:
            total.add_(g)
        g.mul_(2)
        yield total, g


@program
def zero_copies_of_constants():
    w = weight(2)
    zero = Tensor([0.0, 0.0])
    step = watch(ms.value_and_grad(lambda x: ((x * w).sum(), zero, ops.zeros(2), zero + 0), None, [w], has_aux=True))
    for _ in range(4):
        (value, *aux), g = step(Tensor([1.0, 2.0]))
        yield aux[0] is zero, disturbed([value, *aux, *g, zero])
        zero.assign_value(Tensor([0.0, 0.0]))


def written_back(function, i=(1, 0)):
    """What items are set of what `function(x, w, i)` gives, and what is seen of it in all others."""
    w, i = weight(2, 3), Tensor(list(i), ms.int32)
    step = watch(ms.value_and_grad(lambda x, i: function(x, w, i), 0, [w], has_aux=True))
    for turn in range(4):
        x = Tensor(np.ones((2, 3), np.float32))
        (value, *aux), grads = step(x, i)
        tensors = [*flat(value), *flat(aux), *flat(grads), x, w]
        for t in flat(aux):
            t[0] = -1.0 - turn
            yield [u.asnumpy().tolist() for u in tensors]
        w.set_data(weight(2, 3))


@program
def rows_copied_from_what_is_returned_too():
    def f(x, w, i):
        y = x * w
        return y.sum(), y[i], y, y[:, 1][i], y[i][:, i]

    yield from written_back(f)


@program
def rows_copied_from_what_nobody_sees():
    yield from written_back(lambda x, w, i: ((x * w).sum(), (x * w)[i]))


@program
def rows_copied_from_arguments_and_captured():
    yield from written_back(lambda x, w, i: ((x * w).sum(), x[:, 1:][i], w[i + 0], w[[1, 0]], x[[0], i]))


@program
def elements_copied_by_a_mask():
    yield from written_back(lambda x, w, i: ((x * w).sum(), w[w > 2], x[x > 0]))


@program
def items_set_in_what_an_index_copied():
    def f(x, w, i):
        y = x * w
        y[i][:, 0] = 5.0
        y[y > 3][0] = 9.0
        y[:, 1:][i][0] *= w[0, 1:]
        return (y * y).sum(), y

    yield from written_back(f)


@program
def copies_that_are_given():
    w = weight(2, 3)

    def f(x, c):
        y = (x * w).sum()
        c[0] = 2.0
        return y * c.sum()

    step = watch(ms.value_and_grad(f, 0, [w]))
    for turn in range(6):
        x = Tensor(np.ones((2, 3), np.float32))
        base = Tensor(np.zeros((2, 3), np.float32))
        c = base[[1, 0]] if turn != 4 else Tensor(np.zeros((2, 3), np.float32))
        yield step(x, c), base, c
