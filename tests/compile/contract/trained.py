"""Training as people write it: what optimizers, schedulers, precision, models and loops change and leave behind."""

import gc
import threading

import numpy as np

import msjax as ms
from contract import attempt, program, watch
from msjax import Parameter, Tensor, amp, nn, ops

X = Tensor([[1.0, 2.0], [0.5, -1.0]])
Y = Tensor([[0.5], [0.25]])


def network():
    return nn.SequentialCell(nn.Dense(2, 2, weight_init="ones"), nn.Tanh(), nn.Dense(2, 1, weight_init="ones"))


def loss_of(net):
    return nn.WithLossCell(net, nn.MSELoss())


def weights(net):
    return list(net.get_parameters())


@program(compiles=True)
def a_rate_that_is_assigned():
    net = network()
    opt = nn.Momentum(net.trainable_params(), 0.125, 0.5)
    step = watch(nn.TrainOneStepCell(loss_of(net), opt))
    for i in range(7):
        yield step(X, Y), weights(net), opt.learning_rate
        if i % 2:
            ops.assign(opt.learning_rate, Tensor(0.125 / (i + 1), ms.float32))


@program
def settings_of_an_optimizer_change():
    net = network()
    opt = nn.Adam(net.trainable_params(), 0.125, weight_decay=0.0)
    step = watch(nn.TrainOneStepCell(loss_of(net), opt))
    for i in range(8):
        yield step(X, Y), weights(net)
        if i == 2:
            opt.weight_decay = 0.5
        if i == 4:
            opt.loss_scale = 2.0
        if i == 5:
            attempt(setattr, opt, "use_nesterov", True)


@program
def experimental_groups_change():
    net = network()
    opt = ms.experimental.optim.SGD(net.trainable_params(), lr=0.125, momentum=0.5)
    grad = watch(ms.value_and_grad(lambda x, y: loss_of(net)(x, y), None, net.trainable_params()))
    for i in range(8):
        value, g = grad(X, Y)
        opt(g)
        yield value, weights(net), [group["lr"] for group in opt.param_groups]
        if i == 2:
            opt.param_groups[0]["lr"] = 0.25
        if i == 4:
            opt.param_groups[0]["momentum"] = 0.0
        if i == 5:
            opt.param_groups[0]["weight_decay"] = 0.5


@program
def a_scheduler_steps_between():
    net = network()
    opt = ms.experimental.optim.Adam(net.trainable_params(), lr=0.125)
    sched = ms.experimental.optim.lr_scheduler.StepLR(opt, step_size=2, gamma=0.5)
    grad = watch(ms.value_and_grad(loss_of(net), None, net.trainable_params()))
    for _ in range(7):
        value, g = grad(X, Y)
        opt(g)
        sched.step()
        yield value, weights(net), sched.get_last_lr(), sched.last_epoch


@program
def a_scheduler_steps_inside():
    net = network()
    opt = ms.experimental.optim.SGD(net.trainable_params(), lr=0.125)
    sched = ms.experimental.optim.lr_scheduler.ExponentialLR(opt, gamma=0.5)

    def f(x, y):
        value = loss_of(net)(x, y)
        sched.step()
        return value

    grad = watch(ms.value_and_grad(f, None, net.trainable_params()))
    for _ in range(6):
        value, g = grad(X, Y)
        opt(g)
        yield value, weights(net), sched.get_last_lr(), sched.last_epoch


@program
def the_optimizer_steps_inside_a_function():
    net = network()
    opt = nn.Adam(net.trainable_params(), nn.cosine_decay_lr(0.0, 0.25, 8, 2, 4))
    grad = ms.value_and_grad(loss_of(net), None, opt.parameters)

    def step(x, y, n):
        value, g = grad(x, y)
        if n % 2:
            g = ops.clip_by_global_norm(g, 0.5)
        opt(g)
        return value

    for n in range(8):
        yield step(X, Y, n), weights(net), opt.global_step, opt.get_lr()


@program
def accumulated_gradients():
    net = network()
    opt = nn.SGD(net.trainable_params(), 0.125)
    grad = watch(ms.value_and_grad(loss_of(net), None, opt.parameters))
    total = None
    for n in range(8):
        value, g = grad(X * n, Y)
        total = g if total is None else tuple(a.add_(b) if n % 3 else a + b for a, b in zip(total, g))
        if n % 4 == 3:
            opt(total)
            total = None
        yield value, weights(net), total


@program
def a_model_with_callbacks():
    net = network()
    opt = nn.Momentum(net.trainable_params(), 0.125, 0.5)

    class Rate(ms.train.Callback):
        def on_train_step_end(self, run_context):
            params = run_context.original_args()
            print(params.cur_step_num, params.net_outputs)
            ops.assign(opt.learning_rate, opt.learning_rate * 0.5)
            if params.cur_step_num == 7:
                run_context.request_stop()

    model = ms.Model(net, nn.MSELoss(), opt, metrics=None)

    class Data:
        def __init__(self):
            self.n = 0

        def __iter__(self):
            for i in range(4):
                yield X * i, Y

        def get_dataset_size(self):
            return 4

        def create_dict_iterator(self, *args, **kwargs):
            return iter([])

        def create_tuple_iterator(self, *args, **kwargs):
            return iter(self)

    yield attempt(model.train, 3, Data(), callbacks=[Rate()], dataset_sink_mode=False)
    yield weights(net), opt.learning_rate


@program
def mixed_precision_with_a_scaler():
    net = amp.auto_mixed_precision(network(), "O2")
    opt = nn.Adam(net.trainable_params(), 0.0625)
    scaler = amp.DynamicLossScaler(1024.0, 2, 2)
    loss = nn.MSELoss()

    def forward(x, y):
        return scaler.scale(loss(net(x).astype(ms.float32), y))

    grad = watch(ms.value_and_grad(forward, None, opt.parameters))
    for i in range(8):
        value, g = grad(X * (1e30 if i == 3 else 1.0), Y)
        g = scaler.unscale(g)
        fine = amp.all_finite(g)
        if fine:
            opt(g)
        scaler.adjust(fine)
        yield scaler.unscale(value), fine, scaler.scale_value, weights(net)


@program
def loss_scale_cells():
    net = network()
    opt = nn.Momentum(net.trainable_params(), 0.0625, 0.5)
    step = watch(nn.TrainOneStepWithLossScaleCell(loss_of(net), opt, nn.DynamicLossScaleUpdateCell(1024.0, 2, 2)))
    for i in range(8):
        yield step(X * (1e38 if i in (2, 5) else 1.0), Y), weights(net)


@program
def batch_norm_and_dropout_in_turns():
    net = nn.SequentialCell(
        nn.Dense(2, 4, weight_init="ones"), nn.BatchNorm1d(4), nn.Dropout(p=0.5), nn.Dense(4, 1, weight_init="ones")
    )
    opt = nn.SGD(net.trainable_params(), 0.0078125)
    step = watch(nn.TrainOneStepCell(loss_of(net), opt))
    for i in range(8):
        net.set_train(i % 3 != 2)
        yield (step(X, Y) if i % 3 != 2 else net(X)), weights(net)
    yield ops.standard_normal((1,))


@program
def layers_are_frozen_between():
    net = network()
    for i in range(8):
        for p in net[0].get_parameters():
            p.requires_grad = i % 3 != 1
        opt = nn.SGD(net.trainable_params(), 0.125)
        step = watch(nn.TrainOneStepCell(loss_of(net), opt))
        yield step(X, Y), weights(net)


@program
def layers_are_frozen_under_one_step():
    net = network()
    opt = nn.SGD(net.trainable_params(), 0.125)
    step = watch(nn.TrainOneStepCell(loss_of(net), opt))
    for i in range(8):
        for p in net[0].get_parameters():
            p.requires_grad = i % 3 != 1
        yield attempt(step, X, Y), weights(net)


@program
def layers_are_appended_and_taken_away():
    net = network()
    for i in range(8):
        opt = nn.SGD(net.trainable_params(), 0.125)
        step = watch(ms.value_and_grad(loss_of(net), None, opt.parameters))
        for _ in range(2):
            value, g = step(X, Y)
            opt(g)
            yield value, weights(net)
        if i % 2 == 0:
            net.append(nn.Dense(1, 1, weight_init="ones"))
        else:
            del net[-1]


@program
def layers_change_under_one_step():
    net = nn.CellList([nn.Dense(2, 2, weight_init="ones"), nn.Dense(2, 2, weight_init="ones")])

    def f(x):
        for layer in net:
            x = ops.tanh(layer(x))
        return x.sum()

    step = watch(ms.value_and_grad(f, 0))
    for i in range(8):
        yield step(X)
        if i == 1:
            net.append(nn.Dense(2, 2, weight_init="ones"))
        if i == 3:
            net[0] = nn.Identity()
        if i == 5:
            del net[1]
        if i == 6:
            net.insert(0, nn.Dense(2, 2, weight_init="zeros"))


@program
def a_checkpoint_is_loaded_between():
    net = network()
    opt = nn.Adam(net.trainable_params(), 0.125)
    step = watch(nn.TrainOneStepCell(loss_of(net), opt))
    saved = None
    for i in range(8):
        yield step(X, Y), weights(net), opt.global_step
        if i == 2:
            saved = {k: Parameter(p.copy(), name=k) for k, p in net.parameters_dict().items()}
        if i == 5:
            ms.load_param_into_net(net, saved)


@program
def weights_by_set_data_of_another_dtype_or_shape():
    net = network()
    step = watch(ms.value_and_grad(loss_of(net), None, net.trainable_params()))
    for i in range(8):
        yield attempt(step, X, Y)
        if i == 2:
            net[0].weight.set_data(Tensor(np.ones((3, 2), np.float32)), slice_shape=True)
        if i == 4:
            net[0].weight.set_data(Tensor(np.ones((2, 2), np.float32)), slice_shape=True)
        if i == 5:
            net[0].weight.set_dtype(ms.float16)


@program
def ema_in_a_function_of_its_own():
    net = network()
    ema = [p.copy() for p in net.trainable_params()]
    opt = nn.SGD(net.trainable_params(), 0.125)
    grad = watch(ms.value_and_grad(loss_of(net), None, opt.parameters))

    @ms.jit
    def update(decay):
        for e, p in zip(ema, net.trainable_params()):
            ops.assign(e, e * decay + p * (1 - decay))

    for i in range(7):
        value, g = grad(X, Y)
        opt(g)
        update(0.5 if i < 4 else 0.25 * i)
        yield value, ema


@program
def a_gan_with_two_optimizers():
    g, d = nn.Dense(2, 2, weight_init="ones"), nn.SequentialCell(nn.Dense(2, 1, weight_init="ones"), nn.Sigmoid())
    og, od = nn.Adam(g.trainable_params(), 0.125), nn.Adam(d.trainable_params(), 0.0625)
    bce = nn.BCELoss(reduction="mean")

    def gloss(z):
        fake = g(z)
        return bce(d(fake), ops.ones((2, 1))), fake

    def dloss(real, fake):
        return (bce(d(real), ops.ones((2, 1))) + bce(d(fake), ops.zeros((2, 1)))) / 2

    gg = watch(ms.value_and_grad(gloss, None, og.parameters, has_aux=True))
    dg = watch(ms.value_and_grad(dloss, None, od.parameters))
    for i in range(6):
        (lg, fake), grads = gg(ops.standard_normal((2, 2)))
        og(grads)
        ld, grads = dg(X, ops.stop_gradient(fake))
        od(grads)
        yield lg, ld, weights(g), weights(d)


@program
def an_rnn_that_carries_its_state():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.rnn = nn.GRUCell(2, 2)
            for p in self.rnn.get_parameters():
                p.set_data(ops.ones(p.shape, p.dtype) * 0.25)
            self.h = Tensor(np.zeros((2, 2), np.float32))

        def construct(self, x):
            self.h = self.rnn(x, self.h)
            return self.h.sum()

    net = Net()
    opt = nn.SGD(net.trainable_params(), 0.125)
    step = watch(ms.value_and_grad(net, None, opt.parameters))
    for i in range(7):
        value, g = step(X)
        opt(g)
        yield value, net.h
        if i == 3:
            net.h = Tensor(np.zeros((2, 2), np.float32))


@program
def threads_that_share_a_network():
    net = network()
    step = ms.value_and_grad(loss_of(net), None, net.trainable_params())
    found = [None] * 4

    def work(k):
        for _ in range(4):
            found[k] = step(X * (k + 1), Y)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    yield found, step(X, Y)


@program
def steps_until_a_tolerance():
    w = Parameter(Tensor([4.0, -2.0]), name="w")
    opt = nn.SGD([w], 0.25)
    grad = watch(ms.value_and_grad(lambda: (w * w).sum(), None, [w]))
    n, last = 0, float("inf")
    while last > 1e-3 and n < 50:
        value, g = grad()
        opt(g)
        last = float(value)
        n += 1
    yield n, last, w


@program
def a_curriculum_of_shapes_and_losses():
    net = network()
    opt = nn.Momentum(net.trainable_params(), 0.0625, 0.5)
    grad = watch(ms.value_and_grad(lambda x, y, loss: loss(net(x), y), None, opt.parameters))
    losses = [
        nn.MSELoss(),
        nn.L1Loss(),
        ops.mse_loss if hasattr(ops, "mse_loss") else nn.MSELoss(),
        lambda a, b: ((a - b) ** 4).sum(),
    ]
    for i in range(12):
        n = 1 + i % 2
        value, g = grad(X[:n], Y[:n], losses[i // 3])
        opt(g)
        yield value, weights(net)


@program
def a_custom_optimizer():
    class Lion(nn.Optimizer):
        def __init__(self, params, rate):
            super().__init__(rate, params)
            self.m = self.parameters.clone("m", "zeros")
            self.steps = 0

        def construct(self, grads):
            self.steps += 1
            lr = self.get_lr()
            for p, g, m in zip(self.parameters, grads, self.m):
                ops.assign(p, p - lr * ops.sign(m * 0.5 + g * 0.5))
                ops.assign(m, m * 0.75 + g * 0.25)
            return True

    net = network()
    opt = Lion(net.trainable_params(), 0.0625)
    step = watch(nn.TrainOneStepCell(loss_of(net), opt))
    for _ in range(6):
        yield step(X, Y), weights(net), opt.steps, list(opt.m)


@program
def a_hook_on_a_weight_comes_and_goes():
    net = network()
    seen = []
    step = watch(ms.value_and_grad(loss_of(net), None, net.trainable_params()))
    for i in range(8):
        yield step(X, Y), len(seen)
        if i == 2:
            handle = net[0].weight.register_hook(lambda g: seen.append(1) or g * 2)
        if i == 5:
            handle.remove()


@program
def compilation_is_switched_in_the_middle():
    net = network()
    opt = nn.Adam(net.trainable_params(), 0.125)
    step = watch(nn.TrainOneStepCell(loss_of(net), opt))
    for i in range(8):
        ms.set_context(mode=ms.GRAPH_MODE if i in (2, 3, 6) else ms.PYNATIVE_MODE)
        yield step(X, Y), weights(net), opt.global_step


@program
def seeds_are_set_between():
    net = nn.SequentialCell(nn.Dense(2, 2, weight_init="ones"), nn.Dropout(p=0.5))
    net.set_train()
    step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
    for i in range(9):
        if i % 3 == 0:
            ms.set_seed(7)
        yield step(X)
        if i == 4:
            state = ms.get_rng_state() if hasattr(ms, "get_rng_state") else None
        if i == 6 and state is not None:
            ms.set_rng_state(state)


@program
def a_generator_of_random_numbers():
    from msjax import mint

    gen = ms.Generator() if hasattr(ms, "Generator") else None
    w = Parameter(Tensor([1.0, 2.0]), name="w")

    def f():
        return (mint.rand(2, generator=gen) * w).sum() if gen is not None else w.sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for i in range(8):
        if gen is not None and i % 4 == 0:
            gen.manual_seed(i)
        yield step()


@program
def a_long_loop_over_functions_made_anew():
    w = Parameter(Tensor([1.0, 2.0]), name="w")
    opt = nn.SGD([w], 0.0078125)
    for i in range(40):
        value, g = ms.value_and_grad(lambda x: (x * w * (i % 5)).sum(), None, [w])(X)
        opt(g)
        yield value, w


@program
def networks_made_anew_for_each_fold():
    for fold in range(6):
        net = network()
        opt = nn.Adam(net.trainable_params(), 0.125)
        step = nn.TrainOneStepCell(loss_of(net), opt)
        for i in range(6):
            yield step(X * fold, Y), weights(net)
        del net, opt, step
        if fold % 2:
            gc.collect()
