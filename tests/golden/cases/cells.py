"""Cells, how their parameters are named and walked, and what is refused."""

from golden.cases import Table

SETUP = """
class Leaf(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([1.0, 2.0]))
        self.b = Parameter(Tensor([3.0]), name='bias')

    def construct(self, x):
        return x * self.w + self.b

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first = Leaf()
        self.scale = Parameter(Tensor([5.0]), name='factor', requires_grad=False)
        self.second = Leaf()

    def construct(self, x):
        return self.second(self.first(x)) * self.scale

def names(cell):
    return [p.name for p in cell.get_parameters()]

x = Tensor([1.0, 2.0])
net = Net()
leaf = Leaf()
"""

NAMING = """
    names(leaf)
    names(net)
    [p.name for p in net.trainable_params()]
    [p.name for p in net.trainable_params(recurse=False)]
    [p.name for p in net.untrainable_params()]
    [p.name for p in net.get_parameters(expand=False)]
    [(name, p.name) for name, p in net.parameters_and_names()]
    [(name, p.name) for name, p in net.parameters_and_names('pre')]
    list(net.parameters_dict())
    list(net.parameters_dict(recurse=False))
    type(net.parameters_dict()).__name__
    list(net.name_cells())
    [name for name, _ in net.cells_and_names()]
    [type(c).__name__ for c in net.cells()]
    type(net.trainable_params()).__name__
    names(nn.SequentialCell(Leaf(), Leaf()))
    names(nn.SequentialCell(collections.OrderedDict(one=Leaf(), two=Leaf())))
    names(nn.SequentialCell([Leaf(), Leaf()]))
    names(nn.CellList([Leaf(), Leaf()]))
    names(nn.CellDict({'a': Leaf(), 'b': Leaf()}))
    names(nn.Dense(2, 3))
    names(nn.SequentialCell(nn.Dense(2, 3), nn.BatchNorm1d(3)))
    names(nn.LayerNorm((3,)))
    names(nn.Embedding(4, 2))
    names(nn.Conv2d(1, 1, 3, has_bias=True))
    net(x)
    leaf(x)
    leaf.training
    leaf.set_train().training
    net.set_train().first.training
    net.set_train().set_train(False).first.training
    net.set_train() is net
    net.set_grad() is net
    net.set_grad().requires_grad
    net.set_grad().first.requires_grad
    net.phase
    net.set_train().phase
    net.set_train(False).phase
    leaf.cls_name
    leaf.w
    leaf.nonsense
    nn.Cell()(x)
    len(nn.SequentialCell(Leaf(), Leaf()))
    nn.SequentialCell(nn.ReLU(), nn.Tanh())(Tensor([-1.0, 1.0]))
    type(nn.SequentialCell(nn.ReLU(), nn.Tanh())[0]).__name__
    type(nn.SequentialCell(nn.ReLU(), nn.Tanh())[0:1]).__name__
    len(nn.CellList([nn.ReLU()]))
    nn.CellList([nn.ReLU()])(x)
    nn.CellList([3])
    nn.SequentialCell(3)
    leaf()
    leaf(x, x)
    leaf.set_train(1).training
    leaf.set_train('a')
    nn.Dense(2, 3, weight_init='ones', bias_init='zeros')(Tensor([[1.0, 2.0]]))
    nn.Dense(2, 3, weight_init='ones').to_float(ms.float16)(Tensor([[1.0, 2.0]])).dtype
    nn.Dense(2, 3).to_float(ms.int32)
    leaf.to_float('float16')
    copy.deepcopy(leaf)(x)
    names(copy.deepcopy(net))
    pickle.loads(pickle.dumps(nn.Dense(2, 1, weight_init='ones')))(x.reshape((1, 2)))
    isinstance(leaf.w, Parameter)
    leaf.insert_param_to_cell('a.b', Parameter(1.0))
    leaf.insert_param_to_cell('', Parameter(1.0))
    leaf.insert_param_to_cell('construct', Parameter(1.0))
    leaf.insert_param_to_cell('q', 3)
    leaf.insert_child_to_cell('a.b', Leaf())
    leaf.insert_child_to_cell('w', Leaf())
    leaf.insert_child_to_cell('q', 3)
    leaf.insert_child_to_cell(3, Leaf())
    leaf.update_parameters_name('1 x')
"""

STATEMENTS = {
    "auto_prefix off": """
        class Flat(nn.Cell):
            def __init__(self):
                super().__init__(auto_prefix=False)
                self.leaf = Leaf()

        names(Flat())
    """,
    "cell assigned twice": """
        class Twice(nn.Cell):
            def __init__(self):
                super().__init__()
                self.a = leaf
                self.b = leaf

        twice = Twice()
        names(twice), list(twice.name_cells())
    """,
    "tied weight": """
        class Tied(nn.Cell):
            def __init__(self):
                super().__init__()
                self.a = Leaf()
                self.b = Leaf()
                self.b.w = self.a.w

        names(Tied())
    """,
    "equal names in one cell": """
        class Same(nn.Cell):
            def __init__(self):
                super().__init__()
                self.p = Parameter(Tensor([1.0]), name='n')
                self.q = Parameter(Tensor([2.0]), name='n')

            def construct(self, x):
                return x * self.p * self.q

        same = Same()
        before = names(same)
        before, same(x), names(same)
    """,
    "plain containers are not registered": """
        class Plain(nn.Cell):
            def __init__(self):
                super().__init__()
                self.cells_list = [Leaf()]
                self.params = [Parameter(Tensor([1.0]), name='n')]
                self.mapping = {'k': Leaf()}

        plain = Plain()
        names(plain), list(plain.name_cells())
    """,
    "parameter tuple": """
        class Tupled(nn.Cell):
            def __init__(self):
                super().__init__()
                self.params = ParameterTuple([Parameter(Tensor([1.0]), name='n'), Parameter(Tensor([1.0]), name='m')])

        names(Tupled())
    """,
    "no super().__init__": """
        class Forgot(nn.Cell):
            def __init__(self):
                self.p = Parameter(Tensor([1.0]))

        Forgot()
    """,
    "no super().__init__, child": """
        class Forgot(nn.Cell):
            def __init__(self):
                self.p = Leaf()

        Forgot()
    """,
    "tensor over a parameter": "leaf.w = Tensor([7.0, 8.0])\nleaf.w, names(leaf)",
    "int tensor over a parameter": "leaf.w = Tensor([7, 8])\nleaf.w",
    "augmented parameter": "leaf.w += 1\nleaf.w, type(leaf.w).__name__",
    "None over a parameter": "leaf.w = None\nleaf.w, names(leaf)",
    "number over a parameter": "leaf.w = 3\nleaf.w",
    "parameter over a parameter": "leaf.w = Parameter(Tensor([9.0, 9.0]), name='fresh')\nnames(leaf), leaf(x)",
    "number over a child": "net.first = 3\nnet.first",
    "None over a child": "net.first = None\nnet.first, names(net)",
    "cell over a child": "net.first = nn.ReLU()\nnames(net), net(x)",
    "deleting a parameter": "del leaf.w\nnames(leaf)",
    "deleting a child": "del net.first\nnames(net)",
    "update_parameters_name": "net.update_parameters_name('a.')\nfirst = names(net)\nnet.update_parameters_name('b.')\nfirst, names(net)",
    "insert a parameter": "leaf.insert_param_to_cell('q', Parameter(Tensor([1.0]), name='n'))\nnames(leaf), leaf.q",
    "insert a child": "net.insert_child_to_cell('third', Leaf())\nnames(net), list(net.name_cells())",
    "names that are taken": """
        class Full(nn.Cell):
            limit = 5

            def __init__(self):
                super().__init__()
                self.cell, self.number = nn.ReLU(), 3
                self.parameter = Parameter(Tensor([2.0]), name='old')
                self.register_buffer('buffer', Tensor([5.0]))

        def outcome(put, name):
            full = Full()
            try:
                put(full, name)
            except (KeyError, TypeError, AttributeError) as error:
                return type(error).__name__
            return type(getattr(full, name)).__name__, [n for n, _ in full.parameters_and_names()], list(full._cells)

        ways = [
            lambda full, name: setattr(full, name, nn.Tanh()),
            lambda full, name: setattr(full, name, Parameter(Tensor([8.0]), name='new')),
            lambda full, name: setattr(full, name, 3),
            lambda full, name: setattr(full, name, None),
            lambda full, name: full.insert_child_to_cell(name, nn.Tanh()),
            lambda full, name: full.insert_child_to_cell(name, None),
            lambda full, name: full.insert_param_to_cell(name, Parameter(Tensor([8.0]), name='new')),
            lambda full, name: full.insert_param_to_cell(name, None),
            lambda full, name: full.register_buffer(name, Tensor([1.0])),
        ]
        names = ('free', 'cell', 'number', 'parameter', 'buffer', 'limit', 'cells', 'training')
        [[name, *(outcome(put, name) for put in ways)] for name in names]
    """,
    "flags of a cell": """
        class Flagged(nn.Cell):
            def __init__(self):
                super().__init__(flags={'fast': 1})

        Flagged().fast, Flagged().get_flags()
    """,
    "flags of to_float": "net.to_float(ms.float16)\nnet.fp16, net.first.fp32, net.get_flags()",
    "set_grad of a sequence": """
        seq = nn.SequentialCell(nn.SequentialCell(nn.ReLU()))
        seq.set_grad()
        seq.requires_grad, seq[0].requires_grad, seq[0][0].requires_grad
    """,
    "a cell list inserts where it reaches": "nn.CellList([nn.ReLU()]).insert(2, nn.ReLU())",
    "clones without a prefix": "ms.ParameterTuple([leaf.w]).clone('')",
    "append to a sequence": "seq = nn.SequentialCell(Leaf())\nseq.append(Leaf())\nnames(seq)",
    "cell list of a net": """
        class Listed(nn.Cell):
            def __init__(self):
                super().__init__()
                self.blocks = nn.CellList([Leaf(), nn.SequentialCell(Leaf())])

        names(Listed())
    """,
    "append and insert in a cell list": "cells = nn.CellList([Leaf()])\ncells.append(nn.ReLU())\ncells.insert(0, nn.Tanh())\n[type(c).__name__ for c in cells], names(cells)",
    "extend and delete in a cell list": "cells = nn.CellList([Leaf()])\ncells.extend([nn.ReLU(), nn.Tanh()])\ndel cells[0]\n[type(c).__name__ for c in cells]",
    "cell dict": "cells = nn.CellDict({'a': nn.ReLU()})\ncells['b'] = nn.Tanh()\nlist(cells.keys()), len(cells), 'a' in cells",
    "a tensor attribute": "leaf.t = Tensor([1.0])\nleaf.t, names(leaf)",
    "the order of parameters": """
        class Ordered(nn.Cell):
            def __init__(self):
                super().__init__()
                self.child = Leaf()
                self.own = Parameter(Tensor([1.0]))

        names(Ordered())
    """,
    "keywords and defaults of construct": """
        class Keyed(nn.Cell):
            def construct(self, a, b=2.0, *rest, **named):
                return a * b + sum(rest) + named.get('c', 0)

        keyed = Keyed()
        keyed(x), keyed(x, 3.0), keyed(x, b=4.0), keyed(x, 1.0, 5.0, c=6.0)
    """,
    "to_float and gradients": """
        dense = nn.Dense(2, 1, weight_init='ones', bias_init='zeros').to_float(ms.float16)
        m = Tensor([[1.0, 2.0]])
        dense(m), grad(dense, 0, dense.trainable_params())(m)
    """,
    "forward pre hook": """
        seen = []
        relu = nn.ReLU()

        def hook(cell, inputs):
            seen.append(type(cell).__name__)
            return inputs[0] * 2

        handle = relu.register_forward_pre_hook(hook)
        first = relu(x)
        handle.remove()
        first, relu(x), seen
    """,
    "forward hook": """
        relu = nn.ReLU()

        def hook(cell, inputs, output):
            return output + 100

        handle = relu.register_forward_hook(hook)
        first = relu(x)
        handle.remove()
        first, relu(x)
    """,
    "apply": "seen = []\nnet.apply(lambda c: seen.append(type(c).__name__))\nseen",
    "state kept between calls": """
        class Counter(nn.Cell):
            def __init__(self):
                super().__init__()
                self.count = Parameter(Tensor(0), requires_grad=False)

            def construct(self, x):
                self.count += 1
                return x * self.count

        counter = Counter()
        counter(x), counter(x), counter.count
    """,
    "param groups by name": "[p.name for p in filter(lambda p: 'w' in p.name, net.trainable_params())]",
    "init_parameters_data": "net.init_parameters_data()\nnames(net)",
    "flags": "leaf.add_flags(mine=True).get_flags()",
    "check_names": "net.check_names()\nTrue",
}

TABLES = [Table("cell", NAMING, SETUP), Table("cell", STATEMENTS, SETUP)]
