"""Names of Parameters, on which checkpoints depend: of those without one, of groups' learning rates. Of Cells: `@jit`
on a class, `super().__init__()` that is missing, numbers over Parameters, lists that grow."""

import pytest

import msjax as ms
from msjax import Parameter, ParameterTuple, Tensor, nn
from msjax.experimental import optim


def unnamed():
    return Parameter(Tensor([1.0]))


def named(name):
    return Parameter(Tensor([1.0]), name=name)


class Holder(nn.Cell):
    def __init__(self, **attributes):
        super().__init__()
        for name, value in attributes.items():
            setattr(self, name, value)


def test_parameters_without_a_name_are_counted_where_a_cell_takes_them_in_a_tuple():
    cell = Holder(a=ParameterTuple([named("r"), unnamed(), unnamed()]), b=ParameterTuple([unnamed()]))
    assert list(cell.parameters_dict()) == ["r", "Parameter$1", "Parameter$2", "Parameter$3"]
    assert list(Holder(x=Holder(a=ParameterTuple([unnamed()]))).parameters_dict()) == ["x.Parameter$1"]
    alone = unnamed()
    assert ParameterTuple([alone])[0].name == alone.name and alone.name.startswith("Parameter#")
    first = unnamed()
    assert list(Holder(b=first, a=ParameterTuple([first])).parameters_dict()) == ["b"]
    optimizer = nn.Momentum([named("x"), unnamed(), unnamed()], 0.1, 0.9)
    assert [m.name for m in optimizer.moments] == ["moments.x", "moments.Parameter$1", "moments.Parameter$2"]
    with pytest.raises(ValueError, match="already exists"):
        Holder(a=ParameterTuple([unnamed(), named("Parameter$1")]))


class Two(nn.Cell):
    def __init__(self):
        super().__init__(auto_prefix=False)
        self.first, self.second = nn.Dense(2, 1), nn.Dense(2, 1)

    def construct(self, x):
        return (self.first(x) + self.second(x)).sum()


@pytest.mark.parametrize("call", [lambda net: net, ms.jit, lambda net: ms.grad(net, None, net.trainable_params())])
def test_parameters_of_one_name_are_renamed_at_the_first_call(call):
    net = Two()
    assert [p.name for p in net.trainable_params()] == ["weight", "bias", "weight", "bias"]
    called = call(net)
    for _ in range(2):
        called(Tensor([[1.0, 2.0]]))
    assert [p.name for p in net.trainable_params()] == ["first.weight", "first.bias", "second.weight", "second.bias"]


class Registered(nn.Cell):
    """Parameters that stand in a tuple, and cells that a container of the user's has put away itself."""

    def __init__(self):
        super().__init__()
        self.weights = ParameterTuple([named("w0"), named("w1")])
        self._cells["block"] = nn.ReLU()

    def construct(self, x):
        return (self.block(x * self.w0) + self.w1).sum()


@pytest.mark.parametrize("mode", ["auto", "off"])
def test_what_is_registered_is_an_attribute(mode, request):
    request.addfinalizer(lambda: ms.set_compile("auto"))
    ms.set_compile(mode)
    net, x = Registered(), Tensor([2.0, 3.0])
    assert net.w0 is net.weights[0] and nn.LSTM(2, 3).weight_ih_l0.shape == (12, 2)
    gradient = ms.grad(net, None, net.trainable_params())
    assert [float(g) for g in gradient(x)] == [5.0, 2.0]
    net._cells["block"] = nn.Tanh()
    assert [round(float(g), 3) for g in gradient(x)] == [0.171, 2.0]
    net._params["w0"] = net.w1
    assert round(float(net(x)), 3) == 3.959
    del net.w0
    assert not hasattr(net, "w0")
    with pytest.raises(AttributeError, match="no attribute 'w0'"):
        del net.w0


@pytest.mark.parametrize(
    ("groups", "names"),
    [
        ([{"params": "a", "lr": 0.1}, {"params": "bc"}], ["learning_rate_group_0", *["learning_rate"] * 2]),
        ([{"params": "a"}, {"params": "bc", "lr": 0.1}], ["learning_rate", *["learning_rate_group_1"] * 2]),
        (  # equal rates are rates of their own
            [{"params": "a", "lr": 0.1}, {"params": "b", "lr": 0.1}, {"params": "c"}],
            ["learning_rate_group_0", "learning_rate_group_1", "learning_rate"],
        ),
        (
            [{"params": "c", "lr": 0.3}, {"params": "a", "lr": 0.2}, {"params": "b"}, {"order_params": "abc"}],
            ["learning_rate_group_1", "learning_rate", "learning_rate_group_0"],
        ),
    ],
)
def test_rates_are_named_by_their_group(groups, names):
    parameters = {name: named(name) for name in "abc"}
    groups = [
        {key: [parameters[n] for n in value] if isinstance(value, str) else value for key, value in group.items()}
        for group in groups
    ]
    assert [rate.name for rate in nn.Momentum(groups, 0.05, 0.9).learning_rate] == names


def test_lists_of_rates_have_one_length():
    groups = [{"params": [named("a")], "lr": [0.1, 0.2, 0.3]}, {"params": [named("b")]}]
    assert nn.Momentum(groups, 0.1, 0.9).dynamic_lr
    with pytest.raises(ValueError, match=r"one length.*\[2, 3\]"):
        nn.Momentum(groups, [0.1, 0.2], 0.9)


def test_asgd_begins_at_the_rate_of_the_group():
    groups = [{"params": [named("a")], "lr": 0.5}, {"params": [named("b")]}]
    optimizer = nn.ASGD(groups, learning_rate=0.25)
    optimizer((Tensor([1.0]), Tensor([1.0])))
    assert [round(p.item(), 3) for p in optimizer.parameters] == [0.5, 0.75]


def test_a_scheduler_that_goes_from_the_last_rates():
    class Halving(optim.lr_scheduler.LRScheduler):
        def get_lr(self):
            return [rate * 0.5 for rate in self._last_lr]

    optimizer = optim.SGD([named("w")], 0.8)
    scheduler = Halving(optimizer)
    scheduler.step()
    assert [float(r) for r in scheduler.get_last_lr()] == pytest.approx([0.2])
    assert optim.lr_scheduler.ReduceLROnPlateau(optimizer).get_last_lr()[0].item() == pytest.approx(0.2)


def test_an_optimizer_without_a_step():
    with pytest.raises(NotImplementedError, match="construct"):
        nn.Optimizer(0.5, [named("p")]).construct()


def test_jit_of_a_class_compiles_what_its_objects_construct():
    @ms.jit
    class Scale(nn.Cell):
        def __init__(self, start):
            super().__init__()
            self.factor = Parameter(Tensor(start), name="factor")

        def construct(self, x):
            return x * self.factor

    @ms.jit
    class Plain:
        def twice(self, x):
            return x * 2

    net = Scale([2.0])
    assert isinstance(net, Scale) and net(Tensor([5.0])).item() == 10
    assert [g.item() for g in ms.grad(net, 0, net.factor)(Tensor([5.0]))] == [2, 5]
    assert Plain().twice(Tensor(1.0)).item() == 2


class Counter(nn.Cell):
    def __init__(self, dtype=ms.int32):
        super().__init__()
        self.count = Parameter(Tensor(1, dtype), name="count")

    def construct(self, x, start):
        self.count = start
        return x + self.count


def test_graph_mode_assigns_numbers_to_parameters():
    plain = Counter()
    with pytest.raises(TypeError, match="must be a Parameter or a Tensor"):
        plain(Tensor(1.0), 5)
    assert plain.count == 1
    ms.set_context(mode=ms.GRAPH_MODE)
    try:
        assert plain(Tensor(1.0), 5) == 6 and plain.count == 5 and plain.count.dtype == ms.int32
        assert isinstance(plain.count, Parameter) and Counter(ms.float16)(Tensor(1.0), 2.5) == 3.5
        with pytest.raises(TypeError, match="does not fit"):
            plain(Tensor(1.0), 1.5)
    finally:
        ms.set_context(mode=ms.PYNATIVE_MODE)
    assert ms.jit(plain)(Tensor(1.0), 7) == 8 and plain.count == 7


def test_what_lacks_super_says_so_in_graph_mode():
    class Late(nn.Cell):
        def __init__(self):
            self.size = 3

        def construct(self, x):
            return x * self.size

    with pytest.raises(AttributeError, match=r"Cell.__init__\(\)"):
        Late()(Tensor(1.0))
    ms.set_context(mode=ms.GRAPH_MODE)
    try:
        with pytest.raises(AttributeError, match=r"lacks `super\(\).__init__\(\)`"):
            Late()(Tensor(1.0))
    finally:
        ms.set_context(mode=ms.PYNATIVE_MODE)


def test_a_list_of_cells_grows():
    cells = nn.CellList([nn.Dense(2, 3)])
    same = cells
    cells += [nn.ReLU(), nn.Dense(3, 1)]
    assert cells is same and len(cells) == 3 and list(cells.parameters_dict())[2] == "2.weight"


# -- what comes later: names as MindSpore 2.10.0 gives them ------------------------------------------------------------


def dense():
    return nn.Dense(2, 2, has_bias=False)


def row(*cells):
    return nn.SequentialCell(*cells)


def two():
    return [dense(), dense()]


LATER = {
    "append": (lambda: nn.CellList(two()), lambda d: d.append(dense()), "d.0 d.1 d.2"),
    "to a row": (lambda: row(dense()), lambda d: d.append(dense()), "d.0 d.1"),
    "to a list of rows": (lambda: nn.CellList([row(dense())]), lambda d: d.append(dense()), "d.0.0 d.0.1"),
    "to rows in a list": (lambda: nn.CellList([row(dense()), row(dense())]), lambda d: d[0].append(dense()),
                          "d.0.0 d.0.1 d.1.0"),
    "all, one by one": (nn.CellList, lambda d: [d.append(row(dense())) for _ in range(3)], "0.0 0.1.0 0.2.0"),
    "all at once": (nn.CellList, lambda d: d.extend([row(dense()), row(dense())]), "0.0 1.0"),
    "extend": (lambda: nn.CellList([dense()]), lambda d: d.extend([dense(), row(dense())]), "d.0 d.1 d.2.0"),
    "insert": (lambda: nn.CellList(two()), lambda d: d.insert(1, row(dense())), "d.0 d.1.0 d.2"),
    "replace": (lambda: nn.CellList(two()), lambda d: d.__setitem__(1, dense()), "d.0 d.1"),
    "delete": (lambda: nn.CellList([dense(), *two()]), lambda d: d.__delitem__(0), "d.0 d.1"),
    "behind no weights": (nn.CellList, lambda d: [d.append(c) for c in (nn.ReLU(), row(dense()), row(dense()))],
                          "1.0 2.0"),
    "into a dict": (lambda: nn.CellDict({"a": dense()}), lambda d: d.update({"c": dense()}), "d.a d.c"),
}  # fmt: skip


@pytest.mark.parametrize("case", LATER)
def test_what_comes_later_is_named_as_what_is_there(case):
    make, change, names = LATER[case]
    net = nn.Cell()
    net.d = make()
    change(net.d)
    assert [p.name.removesuffix(".weight") for p in net.get_parameters()] == names.split()
