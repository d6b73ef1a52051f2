"""Tensors and Parameters as Python objects."""

from golden.cases import Table

SETUP = """
t = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
i = Tensor([3, 1, 2])
one = Tensor([[7.5]])
zero = Tensor(2)
empty = Tensor([])
"""

PROTOCOL = """
    bool(one)
    bool(zero)
    bool(Tensor(0.0))
    bool(t)
    bool(empty)
    int(one)
    int(zero)
    int(t)
    float(one)
    float(zero)
    float(t)
    float(empty)
    complex(zero)
    one.item()
    zero.item()
    Tensor(True).item()
    t.item()
    t.item(0)
    empty.item()
    len(t)
    len(i)
    len(zero)
    list(i)
    list(zero)
    [row for row in t]
    [10, 20, 30][zero]
    list(range(zero))
    [10, 20, 30][one]
    hash(t) == hash(t)
    t in [t]
    2.0 in t
    9.0 in t
    9 in i
    t.shape
    zero.shape
    t.ndim
    t.size
    t.itemsize
    t.nbytes
    t.strides
    t.dtype
    t.dtype is ms.float32
    t.dtype == ms.float32
    t.dtype == np.float32
    t.dtype != ms.int32
    str(ms.float32)
    repr(ms.float32)
    str(ms.bool_)
    repr(ms.bool_)
    str(ms.bfloat16)
    repr(ms.int64)
    ms.float32 == ms.float32
    hash(ms.float32) == hash(ms.float32)
    [ms.float16, ms.int8, ms.uint8]
    ms.dtype_to_nptype(ms.float32) is np.float32
    ms.dtype.dtype_to_pytype(ms.float32) is float
    ms.pytype_to_dtype(float)
    np.asarray(t)
    np.array(i)
    np.asarray(t, np.float64)
    np.sin(Tensor([0.0, 1.0]))
    np.sum(t)
    np.mean(t)
    np.maximum(i, 2)
    t.asnumpy()
    Tensor([1.0], ms.bfloat16).float().asnumpy()
    t.tolist()
    zero.tolist()
    Tensor([True]).tolist()
    f'{zero}'
    f'{zero:.2f}'
    f'{zero.item():.2f}'
    '%s' % i
    '%d' % zero
    '%.3f' % one
    t.T
    t.T.shape
    t.transpose(1, 0)
    t.transpose((1, 0))
    t.swapaxes(0, 1)
    t.permute(1, 0)
    t.reshape(3, 2)
    t.reshape((3, 2))
    t.reshape(-1)
    t.reshape((4, 2))
    t.view(6)
    t.view(3, -1)
    t.flatten()
    t.ravel()
    t.squeeze()
    one.squeeze()
    i.expand_dims(0)
    i.unsqueeze(-1)
    t.broadcast_to((2, 2, 3))
    i.repeat(2)
    i.tile((2,))
    t.split(1)
    t.unbind(0)
    i.sort()
    i.argsort()
    i.masked_fill(i > 1, 0)
    i.clip(1, 2)
    t.copy()
    copy.copy(t)
    copy.deepcopy(t)
    pickle.loads(pickle.dumps(t))
    type(t).__name__
    isinstance(t, Tensor)
    t.sum(axis=0)
    t.mean(axis=1)
    t.any()
    (t > 2).all()
    t.isclose(t)
    t.equal(t)
    t.has_init
    t.is_contiguous()
    t.contiguous()
    t.numel()
    t.dim()
    t.new_zeros((2,))
    t.new_ones((2,))
    t.type_as(i)
    t.to(ms.float16)
    t.value()
    t.nonsense
    t.norm()
    t.dot(t)
    t.matmul(t.T)
    t.init_data()
    Tensor.from_numpy(np.arange(3))
    t.gather(Tensor([0, 1]), 0)
    t.fill(3.0)
    t.round()
    t.abs()
    t.pow(2)
    t.max()
    t.argmax()
    t.argmax(axis=1)
    t.cumsum(0)
    t.cumsum(axis=1)
    t.diagonal()
    i.bincount()
    round(one)
    one.__round__()
    reversed(i)
    sum(i)
    max(i)
    min(i)
    sorted(i)
    any(i)
    tuple(i)
    dict(a=i)
    abs(-i)
    pow(i, 2)
"""

PARAMETER = """
p
type(p).__name__
isinstance(p, Tensor)
isinstance(p, Parameter)
str(p)
repr(p)
str((p, 1))
p.name
p.requires_grad
p.layerwise_parallel
p + 1
type(p + 1).__name__
type(p.data).__name__
type(p.value()).__name__
p.data
p.value()
p.asnumpy()
p == p
p[0]
-p
p.clone()
p.clone('zeros')
p.clone('zeros').name
copy.copy(p).name
copy.deepcopy(p)
pickle.loads(pickle.dumps(p))
p.set_data(Tensor([5.0, 6.0]))
p.set_data(Tensor([5, 6]))
p.set_data(3.0)
p.set_data(Tensor([5.0, 6.0, 7.0]))
p.set_data([1.0, 2.0])
p.set_data(np.ones(2))
ops.assign(p, Tensor([5.0, 6.0]))
ops.assign(p, Tensor([5.0, 6.0, 7.0]))
ops.assign(p, Tensor([5, 6]))
ops.assign(p, Tensor([5.0, 6.0], ms.float64))
ops.assign_add(p, Tensor([5.0, 6.0]))
ops.assign_sub(p, Tensor([5.0, 6.0]))
Parameter(1)
Parameter(1.0)
Parameter([1.0, 2.0])
Parameter([1, 2])
Parameter(np.ones(2))
Parameter(np.ones(2, np.float32))
Parameter(Tensor([1, 2]))
Parameter(p)
Parameter(p).name.startswith('Parameter#')
Parameter(p, name='q').name
Parameter(Tensor(1.0)).name.startswith('Parameter#')
Parameter(Tensor(1.0), name='').name.startswith('Parameter#')
Parameter(True)
Parameter((1.0, 2.0))
Parameter(None)
Parameter('a')
Parameter(1.0, name=3)
Parameter(1.0, requires_grad=1)
Parameter(1.0, layerwise_parallel=1)
Parameter(1.0, requires_grad=False).requires_grad
Parameter(ms.common.initializer.initializer('ones', [2], ms.float32))
ParameterTuple([p, p])
ParameterTuple(x for x in [p])
type(ParameterTuple([p])).__name__
type(ParameterTuple([p])[0:1]).__name__
type(ParameterTuple([p]) + (p,)).__name__
ParameterTuple([p, Parameter(1.0, name='p')])
ParameterTuple([p, 3])
ParameterTuple([Tensor(1.0)])
ParameterTuple([p]).clone('pre')
ParameterTuple([p]).clone('pre', init='zeros')
ParameterTuple([p]).clone('pre')[0].name
len(ParameterTuple([]))
"""

TABLES = [
    Table("protocol", PROTOCOL, SETUP),
    Table(
        "protocol",
        {
            "any attribute may be set": "t.note = 'kept'\nt.note",
            "assign_value": "i.assign_value(Tensor([7, 8, 9]))\ni",
            "set_dtype": "i.set_dtype(ms.float32)\ni.dtype",
            "asnumpy shares memory": "a = t.asnumpy()\na.shape, a.dtype.name",
            "an ndarray is copied": "a = np.ones(2, np.float32)\nt = Tensor(a)\na[0] = 9\nt",
            "from a tensor": "a = Tensor([1.0, 2.0])\nb = Tensor(a)\nb[0] = 5\na, b",
            "copy is separate": "a = Tensor([1.0, 2.0])\nb = a.copy()\nb[0] = 5\na, b",
            "an item is a python number": "type(Tensor(1.5).item()).__name__, type(Tensor(1).item()).__name__",
            "comparison of tensors in a condition": "'yes' if Tensor(1) < Tensor(2) else 'no'",
            "iteration over rows": "[row.sum() for row in t]",
            "unpacking": "a, b = t\na, b",
            "zip": "[(a, b) for a, b in zip(i, i)]",
            "used as a key": "{t: 1}[t]",
            "isinstance of its shape": "isinstance(t.shape, tuple), isinstance(t.shape[0], int)",
        },
        SETUP,
    ),
    Table("parameter", PARAMETER, "p = Parameter(Tensor([1.0, 2.0]), name='p')\n"),
    Table(
        "parameter",
        {
            "augmented assignment gives a tensor": "q = p\nq += 1\ntype(q).__name__, q, p",
            "setitem": "p[0] = 9.0\np",
            "set_data returns the parameter": "p.set_data(Tensor([3.0, 4.0])) is p",
            "set_data keeps the dtype": "p.set_data(Tensor([3, 4]))\np",
            "assignment is seen": "ops.assign(p, Tensor([3.0, 4.0]))\np",
            "requires_grad is assigned": "p.requires_grad = False\np.requires_grad",
            "requires_grad of a wrong type": "p.requires_grad = 1\np",
            "name is assigned": "p.name = 'other'\np.name",
            "name of a wrong type": "p.name = 3\np",
            "integer parameter with a gradient": "q = Parameter(Tensor([1, 2]), name='q')\nq.requires_grad, q.dtype",
            "unnamed parameters are numbered": """
                a, b = (int(Parameter(1.0).name.removeprefix('Parameter#')) for _ in range(2))
                b - a
            """,
            "a copy is separate": "q = Parameter(p, name='q')\nq[0] = 9.0\np, q",
            "assign_add is seen": "ops.assign_add(p, Tensor([3.0, 4.0]))\np",
        },
        "p = Parameter(Tensor([1.0, 2.0]), name='p')\n",
    ),
]
