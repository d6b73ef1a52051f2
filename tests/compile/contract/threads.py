"""Threads: networks of their own, and one shared by turns."""

import threading
from concurrent.futures import ThreadPoolExecutor

import msjax as ms
from contract import STEPS, program
from msjax import Tensor, nn

X = Tensor([[1.0, 2.0, 3.0]])


def in_threads(*functions):
    """Their results, each run in a thread of its own at the same time."""
    with ThreadPoolExecutor(len(functions)) as pool:
        return [future.result() for future in [pool.submit(fn) for fn in functions]]


@program
def networks_of_their_own():
    def work(scale):
        net = nn.Dense(3, 1, weight_init="ones", bias_init="zeros")  # random ones would be the race itself
        update = nn.SGD(net.trainable_params(), 0.125)
        f = ms.value_and_grad(lambda x: (net(x) ** 2).mean(), None, net.trainable_params())
        losses = []
        for _ in STEPS:
            loss, gradients = f(X * scale)
            update(gradients)
            losses.append(float(loss))
        return losses, net.weight

    yield in_threads(lambda: work(0.25), lambda: work(0.5))


@program
def one_gradient_function_of_their_own_tensors():
    f = ms.grad(lambda x: x * x * x)

    def work(k):
        x = X + k
        return [f(x) for _ in STEPS]

    yield in_threads(lambda: work(0), lambda: work(1))


@program
def one_network_by_turns():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.grad(lambda x: (net(x) ** 2).sum(), None, net.trainable_params())
    turn = threading.Lock()

    def work(k):
        results = []
        for _ in STEPS:
            with turn:
                results.append(f(X * k))
        return results

    yield in_threads(lambda: work(1), lambda: work(2))


@program
def first_called_in_another_thread():
    net = nn.Dense(3, 1, weight_init="ones")
    f = ms.grad(lambda x: (net(x) ** 2).sum(), None, net.trainable_params())
    for k in STEPS:
        yield in_threads(lambda: f(X)), f(X)
        net.weight.set_data(net.weight * k / 2)


@program
def counter_of_a_thread():
    local = threading.local()

    def forward(x):
        local.calls = getattr(local, "calls", 0) + 1
        return x * local.calls

    f = ms.grad(forward)
    yield f(X), f(X), f(X)
    yield in_threads(lambda: [f(X) for _ in STEPS])
    yield f(X), local.calls


@program
def thread_started_inside():
    log = []

    def forward(x):
        thread = threading.Thread(target=log.append, args=(x.shape,))
        thread.start()
        thread.join()
        return x * len(log)

    f = ms.grad(forward)
    for _ in STEPS:
        yield f(X), list(log)


@program
def lock_taken_inside():
    lock = threading.Lock()

    def forward(x):
        with lock:
            return x * x

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X + k), lock.locked()
