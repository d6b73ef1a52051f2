"""What compiles by itself, when, and what it costs in memory; the contract's programs show that nobody can tell."""

import gc
import os
import subprocess
import sys
import types
import weakref
from pathlib import Path

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.compile import table, task
from msjax.compile.mode import _chosen

X = [1.0, 2.0, 3.0]


def only(explanation) -> dict:
    (report,) = explanation.data
    return report


def network():
    return nn.SequentialCell(nn.Dense(3, 4), nn.Tanh(), nn.Dense(4, 1))


def test_the_second_call_compiles():
    def square(x):
        return x * x

    f = ms.grad(square)
    f(Tensor(X))
    assert only(ms.explain(f))["status"] == "new"
    f(Tensor(X))
    report = only(ms.explain(square))
    assert (report["status"], report["kind"], report["traces"]) == ("compiled", "grad", 1)
    assert "square" in report["function"] and report["seconds"] > 0


def test_other_shapes_compile_at_once():
    f = ms.grad(lambda x: ops.tanh(x * x).sum())
    f(Tensor(X)), f(Tensor(X))
    for length in (4, 5):
        np.testing.assert_allclose(f(Tensor([0.0] * length)).asnumpy(), 0)
    assert only(ms.explain(f))["traces"] == 3


MEMORY = """
import sys
import jax, jax.numpy as jnp
import msjax as ms
from msjax import Tensor, nn, ops

def used():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

@jax.jit
@jax.value_and_grad
def loss(weights, x):
    for w, b in weights:
        x = jax.nn.gelu(x @ w + b)
    return jax.nn.log_softmax(x).mean()

net = nn.SequentialCell(*[cell for _ in range(4) for cell in (nn.Dense(16, 16), nn.GELU())])
ours = ms.value_and_grad(lambda x: ops.log_softmax(net(x)).mean(), None, net.trainable_params())

weights = [(jnp.ones((16, 16)), jnp.ones(16))] * 4
for length in range(1, 40):
    x = ops.ones((length, 16))
    float((loss(weights, x.__jax_array__()) if sys.argv[1] == "plain" else ours(x))[0])
    if length == 9:
        before = used()
print((used() - before) / 30)
"""


@pytest.mark.slow
def test_a_shape_costs_hardly_more_memory_than_in_jax(tmp_path):
    (tmp_path / "shapes.py").write_text(MEMORY)
    environment = {**os.environ, "MSJAX_CACHE_DIR": "off", "JAX_COMPILATION_CACHE_DIR": ""}
    words = [sys.executable, str(tmp_path / "shapes.py")]
    plain, ours = (
        float(subprocess.run([*words, who], env=environment, capture_output=True, text=True, check=True).stdout)
        for who in ("plain", "ours")
    )
    assert ours < 1.3 * plain


def test_off_compiles_nothing():
    def cube(x):
        return x * x * x

    ms.set_compile("off")
    try:
        for _ in range(3):
            ms.grad(cube)(Tensor(X))
    finally:
        ms.set_compile("auto")
    assert not ms.explain(cube).data


def test_unknown_modes_are_refused():
    with pytest.raises(ValueError, match="auto"):
        ms.set_compile("always")


def test_functions_made_anew_share_a_program():
    def scaled(x, y):
        return (x * y * y).sum()

    for k in range(6):
        y = Tensor([1.0, 2.0, float(k)])
        g = ms.grad(lambda x: scaled(x, y))(Tensor(X))  # noqa: B023
        np.testing.assert_allclose(g.asnumpy(), [1.0, 4.0, float(k * k)])
    assert only(ms.explain(scaled))["traces"] == 1


def test_a_replaced_parameter_is_no_reason_to_trace_again():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(Tensor(X), name="w")

        def construct(self, x):
            return (x * self.w).sum()

    net = Net()
    f = ms.grad(net)
    for k in range(4):
        net.w = Parameter(Tensor([float(k)] * 3), name="w")
        np.testing.assert_allclose(f(Tensor(X)).asnumpy(), [float(k)] * 3)
    assert only(ms.explain(f))["traces"] == 1


def test_the_reason_names_file_and_line():
    def noisy(x):
        print("called")
        return x * x

    for _ in range(3):
        ms.grad(noisy)(Tensor(X))
    report = only(ms.explain(noisy))
    assert report["status"] == "eager"
    assert "print" in report["reason"] and f"{__file__}:{noisy.__code__.co_firstlineno + 1}" in report["reason"]
    assert "print" in str(ms.explain(noisy))


def test_a_retrace_has_its_cause():
    def reading(x, n):
        return x * n

    for n in (2, 2, 3, 3):
        ms.grad(reading)(Tensor(X), n)
    report = only(ms.explain(reading))
    assert report["traces"] == 2 and report["causes"] == ["2 became 3"]


def test_what_changes_on_each_call_ends_up_eager():
    box = {"rate": 0.0}

    def reading(x):
        return x * box["rate"]

    f = ms.grad(reading)
    for k in range(15):
        box["rate"] = float(k)
        np.testing.assert_allclose(f(Tensor(X)).asnumpy(), [float(k)] * 3)
    report = only(ms.explain(f))
    assert report["traces"] <= table.VARIANTS


def test_programs_do_not_keep_a_network_alive():
    net = network()
    f = ms.grad(net, None, net.trainable_params())
    for _ in range(3):
        f(Tensor([X]))
    assert ms.explain(f).compiled
    gone = weakref.ref(net)
    del net, f
    gc.collect()
    assert gone() is None


def test_an_optimizer_gives_up_its_memory():
    net = network()
    optimizer = nn.Adam(net.trainable_params())
    gradients = ms.grad(net, None, net.trainable_params())(Tensor([X]))
    for _ in range(3):
        optimizer(gradients)
    weight = net.trainable_params()[0]
    before = weight._array
    kept = weight.value()
    optimizer(gradients)
    assert not before.is_deleted()  # `before` and `kept` hold it: it was copied
    values = kept.asnumpy()
    optimizer(gradients)
    np.testing.assert_array_equal(kept.asnumpy(), values)
    del before, kept
    pointer = weight._array.unsafe_buffer_pointer()
    optimizer(gradients)
    assert weight._array.unsafe_buffer_pointer() == pointer


def test_a_whole_step_is_one_program():
    net = network()
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.SGD(net.trainable_params(), 0.01))
    losses = [float(step(Tensor([X]), Tensor([[1.0]]))) for _ in range(4)]
    assert losses == sorted(losses, reverse=True)
    assert ms.explain(step).compiled


class OwnStep(nn.Cell):
    """A step as programs write it that do not take TrainOneStepCell."""

    def __init__(self, net):
        super().__init__()
        self.net, self.optimizer = net, nn.SGD(net.trainable_params(), 0.01)
        self.grad = ops.GradOperation(get_by_list=True)

    def construct(self, x):
        loss = self.net(x)
        gradients = self.grad(self.net, self.optimizer.parameters)(x)
        return ops.depend(loss, self.optimizer(gradients))


def test_a_cell_that_has_an_optimizer_is_a_step():
    class Trainer(nn.Cell):
        def __init__(self, step):
            super().__init__()
            self.step = step

        def construct(self, x):
            return self.step(x), self.step(x)

    step = OwnStep(network())
    trainer = Trainer(step)
    for cell in (step, trainer):
        for _ in range(3):
            cell(Tensor([X]))
        assert only(ms.explain(cell))["kind"] == "step" and ms.explain(cell).compiled


def test_steps_with_a_loss_scale_compile():
    net = network()
    scale = nn.DynamicLossScaleUpdateCell(2.0**12, 2, 2)
    step = nn.TrainOneStepWithLossScaleCell(
        nn.WithLossCell(net, nn.MSELoss()), nn.SGD(net.trainable_params(), 0.1), scale
    )
    for _ in range(4):
        step(Tensor([X]), Tensor([[1.0]]))
    assert ms.explain(step).compiled
    weights = [p.asnumpy() for p in net.trainable_params()]
    _, overflow, _ = step(Tensor([[np.inf, 0.0, 0.0]]), Tensor([[1.0]]))
    assert overflow
    for p, before in zip(net.trainable_params(), weights, strict=True):
        np.testing.assert_array_equal(p.asnumpy(), before)


def test_the_cells_of_a_step_that_can_not_compile_do():
    class Gate(nn.Cell):
        def __init__(self):
            super().__init__()
            self.inner = network()

        def construct(self, x):
            y = self.inner(x)
            return y if y.asnumpy().sum() > 0 else -y

    gate = Gate()
    compiled = ms.jit(gate)
    for _ in range(3):
        compiled(Tensor([X]))
    assert "value of a Tensor" in ms.explain(gate).data[0]["reason"]
    assert any(r["kind"] == "Cell" and r["status"] == "compiled" for r in ms.explain(gate.inner).data)


@pytest.fixture
def graph_mode():
    ms.set_context(mode=ms.GRAPH_MODE)
    yield
    ms.set_context(mode=ms.PYNATIVE_MODE)


def test_graph_mode_compiles_cells_and_gradients(graph_mode):
    net = network()
    f = ms.value_and_grad(net, None, net.trainable_params())
    for _ in range(3):
        net(Tensor([X]))
        f(Tensor([X]))
    kinds = {r["kind"] for r in ms.explain(net).data if r["status"] == "compiled"}
    assert kinds == {"Cell", "value_and_grad"}


def test_settings_without_effect_are_listed():
    ms.set_context(save_graphs=0)
    assert "save_graphs" in ms.explain().ignored and "save_graphs" in str(ms.explain())


def test_random_state_is_an_input():
    def noisy(x):
        return (x * ops.standard_normal((3,))).sum()

    f = ms.grad(noisy)
    ms.set_seed(1)
    first = [f(Tensor(X)).asnumpy() for _ in range(4)]
    assert ms.explain(f).compiled
    ms.set_seed(1)
    again = [f(Tensor(X)).asnumpy() for _ in range(4)]
    np.testing.assert_allclose(first, again, rtol=1e-6)
    assert not np.allclose(first[2], first[3])


def resident() -> int:
    """Bytes of memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_no_trace_and_no_memory_in_a_long_loop(count):
    net = network()
    optimizer = nn.Adam(net.trainable_params())
    f = ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params())
    x = Tensor([X])

    def steps(count):
        for _ in range(count):
            _, gradients = f(x)
            optimizer(gradients)

    steps(5)
    gc.collect()
    traces, objects, memory = only(ms.explain(f))["traces"], len(gc.get_objects()), resident()
    steps(count)
    gc.collect()
    assert only(ms.explain(f))["traces"] == traces
    assert len(gc.get_objects()) - objects < 50
    assert resident() - memory < 8 << 20


class Elbo(nn.LossBase):
    def construct(self, x):
        return self.get_loss(x * x) * float(np.log(2.0))


class Heavy(nn.Optimizer):
    """Written as optimizers are for MindSpore, with its base's methods."""

    def __init__(self, parameters):
        super().__init__(nn.ExponentialDecayLR(0.1, 0.5, 1), parameters, weight_decay=0.5)
        self.moments = self.parameters.clone(prefix="m", init="zeros")

    def construct(self, gradients):
        gradients = self.scale_grad(self.decay_weight(self.flatten_gradients(gradients)))
        rate = self.get_lr()
        if self._is_dynamic_lr_or_weight_decay() and self.get_lr_parameter(self.parameters[0]) is not None:
            self.assignadd(self.global_step, self.global_step_increase_tensor)
        for p, g, m in zip(self.parameters, gradients, self.moments, strict=True):
            ops.assign(m, m * 0.9 + g)
            ops.assign(p, p - rate * m)
        return True


class Told(Heavy):
    said = ()

    @nn.Optimizer.target.setter
    def target(self, value):
        self.said += (value,)
        self._set_base_target(value)


def test_a_property_that_is_set_in_another_way_compiles_where_it_is_not_set():
    optimizer = Told([Parameter(Tensor(X), name="w")])
    for _ in range(4):
        optimizer((Tensor(X),))
    assert only(ms.explain(optimizer))["status"] == "compiled"
    optimizer.target = "CPU"
    assert optimizer.said == ("CPU",) and optimizer.target == "CPU"


def test_methods_of_losses_scalers_and_optimizers_compile():
    w = Parameter(Tensor(X), name="w")
    loss, scaler, optimizer = Elbo(), ms.amp.DynamicLossScaler(8, 2, 2), Heavy([w])
    gradient = ms.grad(lambda: scaler.scale(loss(w)), None, [w])
    expected, moment, rate = np.array(X), 0.0, 0.1
    for _ in range(4):
        optimizer(gradient())
        moment = 0.9 * moment + 8 * 2 * expected / 3 * np.log(2) + 0.5 * expected
        expected, rate = expected - rate * moment, rate / 2
        np.testing.assert_allclose(w.asnumpy(), expected, rtol=1e-5)
    assert [only(ms.explain(f))["status"] for f in (gradient, optimizer)] == ["compiled", "compiled"]


def _traces(name: str) -> int:
    return sum(r["traces"] for r in ms.explain().data if name in r["function"])


def test_a_number_that_always_changes_is_carried_along():
    name = "a_number_that_always_changes"
    for k in range(12):
        rate = k / 8
        gradient = ms.grad(lambda x: x * x * rate)(Tensor([1.0]))  # noqa: B023
        assert gradient.tolist() == [2 * rate]
    assert _traces(name) == 1  # once three numbers were seen

    class Model:
        rate = 1.0

        def loss(self, x):
            return x * x * self.rate

    model = Model()
    for k in range(12):
        model.rate = k / 8
        assert ms.grad(model.loss)(Tensor([1.0])).tolist() == [2 * model.rate]
    assert _traces(name) == 1 + 2
    assert ms.explain(model.loss).compiled


def test_numbers_in_containers_and_in_tensors_made_of_them_are_carried_along():
    state = {"step": 0, "weights": [1.0, 2.0]}

    def in_containers(x, numbers):
        made = Tensor(state["weights"]) + Tensor(np.array([numbers[0], 1.0], np.float32))
        return (x * made).sum() * state["step"] + ops.dropout(x, p=numbers[0]).sum()

    gradient = ms.grad(in_containers)
    for k in range(12):
        state["step"], state["weights"][1] = k, 0.5 * k
        gradient(Tensor([1.0, 2.0]), (k / 16, "always the same"))
    assert only(ms.explain(gradient))["traces"] == 1


def test_calls_that_differ_in_what_never_comes_again_are_not_compiled():
    def named(x, name):
        return x.sum() * (2.0 if name == "a" else 1.0)

    gradient, weight = ms.grad(named), Tensor([1.0, 2.0])
    for name in ("a", "a", "a", *map(str, range(12))):
        gradient(weight, name)
    assert only(ms.explain(gradient))["traces"] == 1


def test_a_number_whose_value_is_needed_is_compiled_a_few_times_only():
    class Model:
        many = 1

        def loss(self, x):
            return x.repeat(self.many).sum()

    model = Model()
    for k in range(12):
        model.many = 1 + k
        assert ms.grad(model.loss)(Tensor([1.0])).tolist() == [1.0 + k]
    assert _traces("a_number_whose_value_is_needed") <= 4
    assert "changes from call to call" in only(ms.explain(model.loss))["reason"]


def test_objects_that_are_made_anew_are_compiled_a_few_times_only():
    class Model:
        def __init__(self, rate):
            self.rate = rate

        def loss(self, x):
            return x * x * self.rate

    for k in range(12):
        model = Model(k / 8)
        for _ in range(2):
            ms.grad(model.loss)(Tensor([1.0]))
        del model
        gc.collect()  # that it is gone is what counts
    assert 1 <= _traces("objects_that_are_made_anew") <= 6


def test_layers_of_msjax_that_are_made_anew_are_compiled_a_few_times_only(graph_mode):
    for _ in range(12):
        assert nn.ClipByNorm()(Tensor([3.0, 4.0]), Tensor([1.0])).tolist() == pytest.approx([0.6, 0.8])
    made = [part for part in ms.explain().data if part["function"].startswith("ClipByNorm")]
    assert sum(part["traces"] for part in made) <= 6


def test_layers_that_are_made_anew_in_graph_mode(graph_mode, monkeypatch):
    traced = []
    monkeypatch.setattr(task.Task, "_traced", lambda *args, plain=task.Task._traced: traced.append(1) or plain(*args))

    class Clip(nn.Cell):
        def construct(self, x, limit):
            return x if x.sum() < 0 else nn.ClipByNorm()(x, limit)  # the sum's value is needed, so it runs eagerly

    clip = Clip()
    for _ in range(30):
        np.testing.assert_allclose(clip(Tensor([3.0, 4.0]), Tensor([1.0])).asnumpy(), [0.6, 0.8], rtol=1e-6)
        gc.collect()
    assert len(traced) <= 8


def test_operators_that_layers_make_when_they_are_looked_for_are_compiled():
    class Standardized(nn.Conv2d):
        def construct(self, x):
            w = self.weight - self.weight.mean(axis=(1, 2, 3), keep_dims=True)
            return self.bias_add(self.conv2d(x, w), self.bias)

    class Step(nn.AdamWeightDecay):
        def construct(self, gradients):
            if self._is_dynamic_lr_or_weight_decay():
                self.assignadd(self.global_step, self.global_step_increase_tensor)
            for p, g in zip(self.parameters, gradients, strict=True):
                ops.assign(p, p - self.get_lr() * (g * (1 - self.beta1)).reshape(p.shape))
            return True

    net = Standardized(2, 3, 3, has_bias=True)
    optimizer = Step(net.trainable_params(), 0.1)
    gradient = ms.grad(lambda x: net(x).sum(), None, optimizer.parameters)
    for _ in range(3):
        optimizer(gradient(Tensor(np.ones((1, 2, 4, 4), np.float32))))
    assert {part["status"] for part in ms.explain().data if part["function"].startswith(("Step", "test_op"))} == {
        "compiled"
    }
    x = Tensor(np.random.RandomState(0).normal(size=(1, 2, 4, 4)).astype(np.float32))
    before = gradient(x)[0].asnumpy()
    net.conv2d = lambda x, w: ops.Conv2D(3, 3, pad_mode="same")(x, 3 * w)  # counts from now on
    np.testing.assert_allclose(gradient(x)[0].asnumpy(), 3 * before, rtol=1e-4, atol=1e-4)


def test_lambdas_that_were_partly_computed_beforehand():
    f = ms.grad(lambda x: (x * 2).sum() if False else (x * 3).sum())
    for _ in range(3):
        f(Tensor([1.0]))
    assert ms.explain(f).compiled


@pytest.mark.parametrize("kind", [types.SimpleNamespace, lambda rate: Options(rate)], ids=["namespace", "slots"])
def test_objects_that_can_not_tell_that_they_are_gone(kind):
    loss = ms.grad(lambda x, options: (x * options.rate).sum())
    before, kept = len(table.entries), kind(rate=1.0)
    for k in range(100):
        options = kind(rate=2.0)
        for _ in range(2 + k % 3):
            loss(Tensor(X), options)
        loss(Tensor(X), kept)
    assert len(table.entries) - before <= 20


class Options:
    __slots__ = ("rate",)

    def __init__(self, rate):
        self.rate = rate


def test_the_environment_chooses_the_mode(monkeypatch):
    for asked, mode in {"OFF": "off", "0": "off", "": "auto", "true": "auto"}.items():
        monkeypatch.setenv("MSJAX_COMPILE", asked)
        assert _chosen() == mode
    monkeypatch.setenv("MSJAX_COMPILE", "no")
    with pytest.raises(ValueError, match=r"MSJAX_COMPILE must be one of .*'auto'.*'off'.*'no'"):
        _chosen()


class Returning(nn.Optimizer):
    """An optimizer of the user's as tutorials write it: it assigns, and returns its Parameters."""

    def construct(self, gradients):
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            ops.assign(parameter, parameter - self.get_lr() * gradient)
        return self.parameters


def test_tuples_of_parameters_may_be_returned():
    weights = [Parameter(Tensor([1.0, 2.0]), name="a"), Parameter(Tensor([3.0]), name="b")]
    optimizer = Returning(0.5, weights)
    for gradients in ((Tensor([1.0, 1.0]), Tensor([1.0])), [Tensor([1.0, 1.0]), Tensor([1.0])]):
        updated = optimizer(gradients)
        assert type(updated) is ms.ParameterTuple and all(u is w for u, w in zip(updated, weights, strict=True))
    assert weights[0].asnumpy().tolist() == [0.0, 1.0]
    assert [(r["status"], r["reason"]) for r in ms.explain().data if "Returning" in r["function"]] == [("compiled", "")]
    asked = ms.jit(lambda x: (optimizer.parameters, x + 1))  # which only returns them
    assert [type(asked(Tensor(1.0))[0]) for _ in range(2)] == [tuple, tuple]
    optimizer.parameters = ms.ParameterTuple(weights[:1])
    assert len(asked(Tensor(1.0))[0]) == 1


def test_assigning_leaves_no_trace_on_a_tensor():
    target = Tensor([1.0])
    before = {*vars(target)}
    ops.assign(target, Tensor([2.0]))
    assert {*vars(target)} - before <= {"_version", "_used"}


def test_elements_that_a_mask_chooses_are_compiled_once():
    """However many there are; only where there are none, or one, the call runs eagerly."""

    def chosen(x, mask):
        return (
            (x[mask] ** 2).mean() + ops.masked_select(x, mask).sum() + ops.gather(x, mask.nonzero().flatten(), 0).max()
        )

    gradient, x = ms.value_and_grad(chosen), np.arange(1.0, 8.0, dtype=np.float32)
    for count in (4, 4, 2, 7, 3, 1, 5):
        mask = np.arange(7) < count
        value, slope = gradient(Tensor(x), Tensor(mask))
        assert np.isclose(value.asnumpy(), (x[mask] ** 2).mean() + x[mask].sum() + count)
        assert np.allclose(slope.asnumpy(), mask * (2 * x / count + 1 + (x == count)))
    report = only(ms.explain(gradient))
    assert (report["status"], report["traces"]) == ("compiled", 1)
