"""What comes back: container types, order, sharing; what goes in comes out unharmed."""

import collections

import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor

X = Tensor([1.0, 2.0, 3.0])
Pair = collections.namedtuple("Pair", "first second")


@program
def aux_of_every_kind():
    def forward(x):
        y = x * 2
        return (
            y.sum(),
            [y, (y + 1, None)],
            {"b": y, "a": 1},
            Pair(y, "text"),
            collections.OrderedDict(z=y, a=y + 1),
            collections.deque([1, 2]),
            frozenset({1}),
        )

    f = ms.value_and_grad(forward, has_aux=True)
    for k in STEPS:
        yield f(X + k)


@program
def order_of_a_dictionary():
    def forward(x):
        return x.sum(), {name: x * n for n, name in enumerate(["z", "a", "m"])}

    f = ms.value_and_grad(forward, has_aux=True)
    for k in STEPS:
        (_, table), _ = f(X + k)
        yield list(table), table


@program
def fresh_containers_each_call():
    f = ms.value_and_grad(lambda x: (x.sum(), [x * 2], {"a": []}), has_aux=True)
    kept = []
    for k in STEPS:
        (_, items, table), _ = f(X + k)
        items.append(k)
        table["a"].append(k)
        kept.append((items, table))
        yield list(kept)


@program
def gradients_are_a_tuple():
    f = ms.grad(lambda a, b: a * b, (0, 1))
    g = ms.grad(lambda a, b: a * b, (0,))
    h = ms.grad(lambda a, b: a * b, 0)
    for _ in range(3):
        yield type(f(X, X)).__name__, type(g(X, X)).__name__, type(h(X, X)).__name__, f(X, X * 2)


@program
def own_list_subclass():
    class Bag(list):
        def total(self):
            return sum(self)

    f = ms.value_and_grad(lambda x, bag: (x.sum(), Bag([bag.total()])), has_aux=True)
    for k in STEPS:
        bag = Bag([X, X * k])
        (value, made), _ = f(X, bag)
        yield value, type(made).__name__, made.total(), bag.total(), len(bag)


@program
def objects_made_inside():
    class Output:
        def __init__(self, logits, loss):
            self.logits, self.loss = logits, loss

    f = ms.value_and_grad(lambda x: (x.sum(), Output(x * 2, x.sum())), has_aux=True)
    kept = []
    for k in STEPS:
        (_, output), _ = f(X + k)
        kept.append(output)
        yield output.logits, output.loss, len({id(o) for o in kept})


@program
def defaultdict_filled():
    table = collections.defaultdict(list)

    def forward(x):
        table[len(table)].append(x.shape)
        return x * len(table)

    f = ms.grad(forward)
    for _ in STEPS:
        yield f(X), dict(table)


@program
def defaultdict_read():
    table = collections.defaultdict(lambda: 2.0)
    f = ms.grad(lambda x: x * table["rate"])
    yield f(X), f(X), dict(table)
    table["rate"] = 5.0
    yield f(X), f(X), dict(table)
    del table["rate"]
    yield f(X), dict(table)


@program
def list_of_losses():
    losses = []
    f = ms.value_and_grad(lambda x: (x * x).sum())
    for k in STEPS:
        value, _ = f(X + k)
        losses.append(value)
        yield losses, sum(losses)


@program(compiles=True)
def nested_arguments():
    def forward(x, batch):
        return (x * batch["image"] * batch["meta"][0]).sum()

    f = watch(ms.grad(forward))
    for k in STEPS:
        batch = {"image": X * k, "meta": [X, 2]}
        yield f(X, batch), batch


@program
def arguments_unharmed():
    def forward(x, items):
        items = [*items, x]
        items[0] = x * 2
        return sum(items)

    items = [X * 1, X * 2]
    f = ms.grad(forward)
    for k in STEPS:
        yield f(X + k, items), items, len(items)


@program
def chain_map_and_views():
    base, over = {"a": 1.0, "b": 2.0}, {}
    table = collections.ChainMap(over, base)
    keys = base.keys()
    f = ms.grad(lambda x: x * table["a"] * len(keys) * sum(base.values()))
    for k in STEPS:
        yield f(X)
        if k == 1:
            over["a"] = 3.0
        if k == 2:
            base["c"] = 4.0
