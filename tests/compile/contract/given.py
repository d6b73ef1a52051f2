"""What a call gives back: of every kind, new on each call, with all that was set on it."""

import collections
import dataclasses
import enum
import typing

import numpy as np

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


def weight():
    return Parameter(Tensor([1.0, 2.0, 3.0]), name="w")


def run(function, times=4):
    w = weight()
    step = watch(ms.value_and_grad(lambda x: function(x, w), None, [w], has_aux=True))
    for i in range(times):
        yield attempt(step, X * i)


def aux(function):
    for found in run(lambda x, w: ((x * w).sum(), function(x, w))):
        yield found[0][1]


@program
def tensors_as_keys_of_a_dict():
    for given in aux(lambda x, w: {x * w: 1, "a": x}):
        yield [k.asnumpy().tolist() if isinstance(k, Tensor) else k for k in given]


@program
def tensors_in_tuples_as_keys():
    for given in aux(lambda x, w: {("a", x * w): x}):
        yield [k[1].asnumpy().tolist() for k in given], list(given.values())


@program
def weights_as_keys_of_a_dict():
    for given in aux(lambda x, w: {w: w * x}):
        yield [(type(k).__name__, k, v) for k, v in given.items()]


@program
def objects_as_keys_of_a_dict():
    class Key:
        pass

    keys = []
    for given in aux(lambda x, w: {Key(): x}):
        keys.extend(given)
        yield len(set(keys))


@program
def an_attribute_of_a_tensor():
    def tagged(x, w):
        y = x * w
        y.tag = "tagged"
        return y

    for given in aux(tagged):
        yield given, getattr(given, "tag", None)


@program
def an_attribute_of_a_tensor_from_outside():
    def tagged(x, w):
        x.tag = "tagged"
        return x

    for given in aux(tagged):
        yield given, getattr(given, "tag", None)


class S(str):
    pass


class Int(int):
    pass


class Float(float):
    pass


@program
def strings_and_numbers_with_classes_of_their_own():
    seen = []
    for given in aux(lambda x, w: (S("a"), Int(3), Float(0.5))):
        seen.extend(given)
        yield [type(v).__name__ for v in given], len({id(v) for v in seen})
        given[0].note = 1
        yield [getattr(v, "note", 0) for v in seen]


class Pair(typing.NamedTuple):
    a: object
    b: object = 2


class Made(collections.namedtuple("Made", "a b")):
    def __new__(cls, a):
        return super().__new__(cls, a, a * 2)

    @property
    def total(self):
        return self.a + self.b


@program
def named_tuples():
    for given in aux(lambda x, w: (Pair(x, w), Pair(x * w), Pair([x], {"a": w}))):
        yield given, [type(g).__name__ for g in given]


@program
def named_tuples_with_a_new():
    for given in aux(lambda x, w: Made(x * w)):
        yield given, type(given).__name__, given.total


@dataclasses.dataclass
class Out:
    loss: Tensor
    note: str = "n"
    many: list = dataclasses.field(default_factory=list)


@program
def dataclasses_made_inside():
    for given in aux(lambda x, w: Out(x * w, many=[x])):
        yield given.loss, given.note, given.many, type(given).__name__


@program
def a_dataclass_as_the_only_result():
    w = weight()
    step = watch(ms.jit(lambda x: Out(x * w, many=[x])))
    for i in STEPS:
        given = step(X * i)
        yield given.loss, given.note, given.many


@program
def sets_and_slices_and_ranges():
    for given in aux(
        lambda x, w: (
            {1, 2},
            frozenset((3,)),
            slice(1, 2),
            range(3),
            b"b",
            1j,
            ...,
            None,
            True,
            ms.float32,
            np.float32(2),
        )
    ):
        yield [type(g).__name__ for g in given], [str(g) for g in given[2:]]


@program
def functions_and_iterators():
    for given in aux(lambda x, w: (lambda y: y * x, iter([1, 2]), map(abs, [1, -2]), (i for i in range(3)))):
        yield given[0](X), list(given[1]), list(given[2]), list(given[3])


@program
def arrays_of_numpy():
    for given in aux(lambda x, w: (np.arange(3), np.float64(1.5), np.array(2))):
        yield given
        given[0][0] = 9


@program
def subclasses_of_containers():
    class L(list):
        pass

    class D(dict):
        pass

    for given in aux(
        lambda x, w: (
            L([x, w]),
            D(a=x),
            collections.OrderedDict(b=x),
            collections.defaultdict(list, a=[x]),
            collections.deque([x]),
            collections.Counter("aab"),
        )
    ):
        yield [type(g).__name__ for g in given], [list(g) for g in given]


@program
def one_container_in_two_places():
    def f(x, w):
        shared = [x * w]
        return {"a": shared, "b": [shared, ()]}

    for given in aux(f):
        given["a"].append(1)
        yield given, given["a"] is given["b"][0]


@program
def a_container_that_holds_itself():
    def f(x, w):
        found = [x]
        found.append(found)
        return found

    for given in aux(f):
        yield given[1] is given, given[0]


@program
def a_container_of_the_callers():
    held = [X]
    for given in aux(lambda x, w: held):
        given.append(1)
        yield given is held, len(held)


@program
def a_default_argument_that_is_given_back():
    def f(x, w, found=[]):  # noqa: B006 (the matter)
        return found

    for given in aux(f):
        given.append(1)
        yield len(given)


@program
def a_constant_tuple_and_string():
    for given in aux(lambda x, w: ((1, "a", (2.5, None)), "text", f"{x.shape}", x.dtype, x.shape)):
        yield given


@program
def sparse_tensors():
    def f(x, w):
        return ms.COOTensor(Tensor([[0, 1], [1, 0]], ms.int32), (x * w)[:2], (2, 2))

    for given in aux(f):
        yield type(given).__name__, given.values if not callable(given.values) else given.values()


@program
def the_class_and_the_module():
    for given in aux(lambda x, w: (Out, np, len, ops.relu, x.sum)):
        yield [g is h for g, h in zip(given, (Out, np, len, ops.relu))]


class Kind(enum.Enum):
    A = "a"


@program
def enumerations():
    for given in aux(lambda x, w: (Kind.A, {Kind.A: x}, Kind("a"), Kind.A.value)):
        yield given[0] is Kind.A, list(given[1]) == [Kind.A], given[2] is Kind.A, given[3]


@program
def an_exception_as_a_result():
    for given in aux(lambda x, w: (ValueError("no"), KeyError)):
        yield type(given[0]).__name__, str(given[0]), given[1] is KeyError


@program
def cells_made_inside():
    for given in aux(lambda x, w: (nn.ReLU(), nn.MSELoss())):
        yield [type(g).__name__ for g in given], given[0](X)


@program
def integers_and_bools_of_tensors():
    for given in aux(
        lambda x, w: (
            x > 2,
            x.argmax(),
            (x * w).astype(ms.int64),
            x.shape[0],
            x.ndim,
            x.astype(ms.float16),
            ops.isnan(x),
        )
    ):
        yield given


@program
def an_empty_tensor_and_a_scalar():
    for given in aux(lambda x, w: (x[:0], x[0], Tensor(3), Tensor(2.5), ops.zeros((0, 3)), Tensor([], ms.int32))):
        yield given


@program
def a_tensor_made_of_what_it_is_given():
    for given in aux(lambda x, w: (Tensor(x), Tensor(w), Tensor([1, 2]), Parameter(x, name="p"))):
        yield given, [type(g).__name__ for g in given]


@program
def what_is_given_of_an_empty_function():
    w = weight()
    step = watch(ms.grad(lambda x: (x * w).sum() * 0, 0, [w]))
    for i in STEPS:
        yield step(X * i)


@program
def a_nested_function_keeps_its_result():
    kept = {}

    def inner(x, w):
        kept["y"] = x * w
        return kept["y"]

    for given in aux(inner):
        yield given, kept["y"] is given


@program
def the_arguments_change_what_they_hold():
    w = weight()

    def f(d):
        d["y"] = d["x"] * w
        return d["y"].sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for i in STEPS:
        d = {"x": X * i}
        value, _ = step(d)
        yield value, d


@program
def the_arguments_are_popped():
    w = weight()

    def f(d, **kwargs):
        x = d.pop("x")
        return (x * w).sum() * kwargs.pop("s", 2.0)

    step = watch(ms.value_and_grad(f, None, [w]))
    for i in STEPS:
        d = {"x": X * i, "y": X}
        k = {"s": 3.0, "t": X}
        yield step(d, **k), d, k


@program(compiles=True)
def a_constant_beside_the_loss():
    w = weight()
    step = watch(ms.value_and_grad(lambda x: ((x * w).sum(), Tensor(0.0), Tensor([1, 2])), None, [w], has_aux=True))
    for i in STEPS:
        (value, zero, pair), _ = step(X * i)
        zero += i
        yield value, zero, pair
