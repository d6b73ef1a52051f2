"""Networks as trees of statements: what is seen in them, and what becomes of changes."""

import numpy as np
import pytest

from msjax import Tensor, nn, ops
from msjax.rewrite import Node, NodeType, ScopedValue, SymbolTree, ValueType


class Inner(nn.Cell):
    def __init__(self):
        super().__init__()
        self.dense = nn.Dense(2, 2, weight_init="ones", bias_init="zeros")

    def construct(self, x):
        y = self.dense(x)
        return y  # noqa: RET504


def doubled(x):
    return x * 2


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.relu, self.add = nn.ReLU(), ops.Add()
        self.inner = Inner()
        self.blocks = nn.SequentialCell(nn.ReLU(), nn.Sigmoid())
        self.more, self.factor = True, 3

    def construct(self, x, bias=0.5):
        """What it computes."""
        x = self.relu(x)
        z = self.add(x, x) * 2 + self.factor
        if self.more:
            z = ops.tanh(z)
        else:
            z = ops.relu(z)
        first, second = ops.split(z, 1, axis=1)
        z = self.blocks(doubled(self.inner(z)))
        for _ in range(2):
            z = z + bias
        return self.relu(ops.abs(z)), first, -second


class Small(nn.Cell):
    def __init__(self):
        super().__init__()
        self.tanh, self.relu = nn.Tanh(), nn.ReLU()

    def construct(self, x):
        x = self.tanh(x)
        x = self.relu(x)
        return x  # noqa: RET504


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def name(text: str) -> ScopedValue:
    return ScopedValue.create_naming_value(text)


def x() -> Tensor:
    return Tensor(np.array([[0.3, -0.4], [0.1, 0.8]], np.float32))


def body(tree: SymbolTree) -> list[str]:
    """The statements of the network's `construct`."""
    lines = tree.get_code().rstrip().split("\n")
    return [line.strip() for line in lines[lines.index(next(n for n in lines if "def construct" in n)) + 1 :]]


def test_statements_are_nodes():
    found = [(node.get_name(), node.get_node_type().name) for node in SymbolTree.create(Net()).nodes()]
    assert found == [
        ("input_x", "Input"), ("input_bias", "Input"), ("relu", "CallCell"), ("add", "CallPrimitive"),
        ("binop_mult", "MathOps"), ("binop_add", "MathOps"), ("if_node", "ControlFlow"), ("else_node", "ControlFlow"),
        ("split", "CallFunction"), ("inner", "Tree"), ("doubled", "CallFunction"), ("blocks", "CellContainer"),
        ("range", "CallFunction"), ("for_node", "ControlFlow"), ("abs", "CallFunction"), ("relu_2", "CallCell"),
        ("unaryop_usub", "MathOps"), ("tuple", "CallMethod"), ("return", "Output"),
    ]  # fmt: skip


def test_nodes_in_bodies_and_called_networks_are_among_all():
    names = [node.get_name() for node in SymbolTree.create(Net()).nodes(all_nodes=True)]
    assert {"tanh", "relu_1", "dense", "binop_add_1"} <= {*names}


def test_values_go_from_node_to_node():
    add = SymbolTree.create(Net()).get_node("add")
    assert add is not None
    assert [str(value) for value in (*add.get_targets(), *add.get_args())] == ["add_var", "x", "x"]
    assert [node.get_name() for node in add.get_inputs()] == ["relu", "relu"]
    assert [node.get_name() for node in add.get_users()] == ["binop_mult"]
    assert add.get_instance_type() is ops.Add
    split = add.get_symbol_tree().get_node("split")  # pyright: ignore
    assert {key: str(value) for key, value in split.get_kwargs().items()} == {"axis": "1"}
    assert [str(value) for value in split.get_targets()] == ["first", "second"]


def test_the_network_computes_the_same():
    net = Net()
    wanted = net(x())
    made = SymbolTree.create(net).get_network()
    assert isinstance(made, Net)
    assert [p.name for p in made.get_parameters()] == [p.name for p in net.get_parameters()]
    for ours, theirs in zip(made(x()), wanted, strict=True):
        np.testing.assert_array_equal(ours.asnumpy(), theirs.asnumpy())


def test_nodes_are_inserted():
    tree = SymbolTree.create(Small())
    tree.insert(tree.after("tanh"), Node.create_call_cell(nn.Sigmoid(), ["x"], [name("x")], name="act"))
    again = tree.insert(tree.before("relu"), Node.create_call_cell(nn.ReLU(), ["y"], [name("x")], name="act"))
    tree.insert(tree.before("relu"), Node.create_call_function(ops.neg, ["y"], [name("y")]))
    relu = tree.get_node("relu")
    assert again.get_name() == "act_1"
    assert relu is not None
    relu.set_arg(0, "y")
    assert body(tree) == [
        "x = self.tanh(x)", "x = self.act(x)", "y = self.act_1(x)", "y = neg(y)", "x = self.relu(y)", "return x",
    ]  # fmt: skip
    made = tree.get_network()
    assert (made(x()).asnumpy() == 0).all()
    assert made.act is tree.get_node("act").instance  # pyright: ignore


def test_nodes_are_erased_and_replaced():
    net = Small()
    tree = SymbolTree.create(net)
    new = [Node.create_call_cell(cell, ["x"], [name("x")], name="new") for cell in (nn.Sigmoid(), nn.Sigmoid())]
    assert tree.replace(tree.get_node("tanh"), new) is new[1]  # pyright: ignore
    assert tree.erase("relu").get_symbol_tree() is None
    assert body(tree) == ["x = self.new(x)", "x = self.new_1(x)", "return x"]
    np.testing.assert_allclose(tree.get_network()(x()).asnumpy(), ops.sigmoid(ops.sigmoid(x())).asnumpy(), rtol=1e-6)


def test_a_body_of_which_all_is_erased_passes():
    tree = SymbolTree.create(Net())
    tree.erase("tanh")
    assert "pass" in body(tree)
    tree.insert(tree.before("if_node"), Node.create_call_function(ops.neg, ["z"], [name("z")]))
    assert tree.get_network()(x())[0].shape == (2, 2)


def test_a_called_network_is_changed():
    net = Net()
    before = net.inner(x()).asnumpy()
    tree = SymbolTree.create(net)
    inner = tree.get_node("inner").get_sub_tree()  # pyright: ignore
    inner.insert(inner.after("dense"), Node.create_call_function(ops.neg, ["y"], [name("y")]))
    np.testing.assert_array_equal(tree.get_network().inner(x()).asnumpy(), -before)


def test_the_argument_of_a_node_is_another_nodes_value():
    tree = SymbolTree.create(Net())
    tree.get_node("doubled").set_arg_by_node(0, tree.get_node("split"), 1)  # pyright: ignore
    assert "doubled_var = doubled(second)" in body(tree)


def test_the_source_is_saved(tmp_path):
    tree = SymbolTree.create(Small())
    tree.get_network()
    (file,) = (tmp_path / "rewritten_network").iterdir()
    assert file.read_text(encoding="utf-8") == tree.get_code()


def test_the_source_is_not_saved_through_a_link(tmp_path):
    victim, folder = tmp_path / "precious", tmp_path / "rewritten_network"
    victim.write_text("precious")
    SymbolTree.create(Small()).get_network()
    (file,) = folder.iterdir()
    name, _, number = file.stem.rpartition("_")
    (folder / f"{name}_{int(number) + 1}.py").symlink_to(victim)
    SymbolTree.create(Small()).get_network()
    assert victim.read_text() == "precious" and len([*folder.iterdir()]) == 2


class Above(nn.Cell):
    def construct(self, x):
        return x + 1


class Below(Above):
    def construct(self, x):
        return super().construct(x) * 2


def test_super_is_that_of_the_class_it_stands_in():
    assert SymbolTree.create(Below()).get_network()(Tensor(1.0)).asnumpy() == 4


def test_names_are_unique():
    tree = SymbolTree.create(Small())
    assert [tree.unique_name(n) for n in ("x", "x", "y", "output")] == ["x_1", "x_2", "y", "output"]


def test_the_table_says_where_values_come_from_and_go(capsys):
    SymbolTree.create(Small()).print_node_tabulate()
    line = capsys.readouterr().out.split("\n")[2]
    assert line.split("  ")[:2] == ["NodeType.CallCell", "tanh"]
    assert "x = self.tanh(x)" in line
    assert "{0: ('input_x', 0)}" in line
    assert "{0: [('relu', 0)]}" in line


@pytest.mark.parametrize(
    "value, kind",
    [(1, "Constant"), ("a", "Constant"), (None, "Constant"), ((1, 2), "Tuple"), ([1], "List"), ({"a": 1}, "Dict")],
)
def test_constants_have_types(value, kind):
    made = ScopedValue.create_variable_value(value)
    assert made.type is ValueType[f"{kind}Value"]
    tree = SymbolTree.create(Small())
    tree.get_node("relu").set_arg(0, made)  # pyright: ignore
    assert f"x = self.relu({value!r})" in body(tree)


@pytest.mark.parametrize(
    "wrong, error",
    [
        (lambda t: SymbolTree.create(3), TypeError),
        (lambda t: t.insert(3, Node.create_call_cell(nn.ReLU(), ["x"])), TypeError),
        (lambda t: t.insert(t.after("relu"), 3), TypeError),
        (
            lambda t: SymbolTree.create(Small()).insert(t.after("relu"), Node.create_call_cell(nn.ReLU(), [])),
            ValueError,
        ),
        (lambda t: t.before(3), TypeError),
        (lambda t: t.erase("nothing"), RuntimeError),
        (lambda t: t.replace("relu", []), TypeError),
        (lambda t: t.get_node("relu").get_sub_tree(), TypeError),
        (lambda t: t.get_node("relu").set_arg(3, "x"), ValueError),
        (lambda t: t.get_node("relu").set_arg(0, 3), TypeError),
        (lambda t: t.nodes(3), TypeError),
        (lambda t: t.unique_name(3), TypeError),
        (lambda t: Node.create_call_cell(3, ["x"]), TypeError),
        (lambda t: Node.create_call_cell(nn.ReLU(), "x"), TypeError),
        (lambda t: Node.create_call_cell(nn.ReLU(), ["x"], ["x"]), TypeError),
        (lambda t: Node.create_call_function(3, ["x"]), TypeError),
        (lambda t: ScopedValue.create_naming_value(3), TypeError),
        (lambda t: ScopedValue.create_name_values(["a"], ["", ""]), ValueError),
    ],
)
def test_what_is_wrong_is_refused(wrong, error):
    with pytest.raises(error):
        wrong(SymbolTree.create(Small()))


def test_kinds_of_nodes_have_mindspores_numbers():
    assert [NodeType.CallCell.value, NodeType.Tree.value, NodeType.ControlFlow.value] == [1, 9, 12]


def test_names_hold_no_statements(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    evil = "x\n        open('written', 'w')"
    for made in (
        Node.create_call_cell(nn.ReLU(), ["x"], [name("x")], name=evil),
        Node.create_call_cell(nn.ReLU(), ["x"], [name("x")], {f"a=1); {evil}": name("x")}),
    ):
        tree = SymbolTree.create(Small())
        with pytest.raises(ValueError, match=r"can not be a name|illegal"):
            tree.insert(tree.before("relu"), made)
            tree.get_network()
    assert not list(tmp_path.iterdir())
