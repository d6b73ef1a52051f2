"""Indexing, item assignment and which results are views."""

from golden.cases import Table

SETUP = """
v = Tensor(np.arange(3, dtype=np.float32) + 1)
t = Tensor(np.arange(6, dtype=np.float32).reshape(2, 3))
c = Tensor(np.arange(24, dtype=np.int64).reshape(2, 3, 4))
s = Tensor(5.0)
"""

INDICES = """
    v[0]
    v[-1]
    v[3]
    v[-4]
    v[5]
    v[1:]
    v[:-1]
    v[::2]
    v[::-1]
    v[2:0:-1]
    v[10:]
    v[-10:2]
    v[1:1]
    v[None]
    v[:, None]
    v[...]
    v[True]
    v[False]
    v[[0, 2]]
    v[[0, 0, 1]]
    v[[-1]]
    v[[True, False, True]]
    v[[]]
    c[None, True]
    c[:, None, True]
    c[0, None, True]
    c[None, True, [1, 0]]
    c[True, True]
    c[[Tensor(1), Tensor(2)]]
    c[[Tensor(1), 2]]
    c[[Tensor([0, 1])]]
    c[[Tensor([True, False])]]
    c[[[0, 1], Tensor([0, 2])]]
    c[[None, 0]]
    c[[..., 0]]
    c[[[0, 1], None]]
    c[[0, True]]
    c[0, []]
    v[Tensor([0, 2])]
    v[Tensor([-1, 0])]
    v[Tensor(1)]
    v[Tensor([True, False, True])]
    v[v > 1]
    v[v > 10]
    v[Tensor([[0, 1], [2, 0]])]
    v[(0,)]
    v[0, 0]
    v[np.array([0, 1])]
    v[np.int64(1)]
    v[1.0]
    v['a']
    v[range(2)]
    v[Tensor([0, 1], ms.uint8)]
    v[Tensor([0, 1], ms.int8)]
    v[Tensor([0.0, 1.0])]
    v[Tensor([5])]
    v[[5]]
    v[None, None]
    v[..., 0]
    v[0, ...]
    v[..., ...]
    v[()]
    v[{}]
    s[0]
    s[...]
    s[None]
    s[()]
    s[True]
    t[0]
    t[1][2]
    t[1, 2]
    t[-1, -1]
    t[2]
    t[0, 3]
    t[0, 0, 0]
    t[:, 1]
    t[1, :]
    t[:, 1:]
    t[::-1]
    t[:, ::-1]
    t[::-1, ::2]
    t[0:1, 1:2]
    t[..., 1]
    t[None, 0]
    t[0, None]
    t[:, None, 1]
    t[[0, 1]]
    t[[1, 0], [2, 0]]
    t[[0, 1], 1]
    t[1, [0, 2]]
    t[:, [2, 0]]
    t[[1], :]
    t[[[0], [1]], [0, 2]]
    t[Tensor([1, 0])]
    t[Tensor([1, 0]), Tensor([2, 0])]
    t[:, Tensor([0, 0])]
    t[Tensor([[0, 1]])]
    t[t > 2]
    t[Tensor([True, False])]
    t[[True, False]]
    t[[True, False], 1]
    t[:, [True, False, True]]
    t[Tensor([True, False]), 1:]
    t[True]
    t[None]
    t[0:5]
    t[Tensor([[True, False, True], [False, True, False]])]
    t[Tensor([True, False, True])]
    t[[0, 1], [0, 1, 2]]
    t[0, Tensor(1)]
    t[Tensor(0):Tensor(1)]
    t[:, Tensor(1)]
    c[1, 2, 3]
    c[1, ..., 2]
    c[..., 0]
    c[:, 1]
    c[0, [0, 2], 1:3]
    c[[0, 1], :, [1, 2]]
    c[[0, 1], 1:, [1, 2]]
    c[:, [0, 1], [1, 2]]
    c[0, :, [1, 2]]
    c[Tensor([0]), 1, Tensor([2])]
    c[None, ..., None]
    c[::1, ::2, ::3]
    c[1:, -1, ::-1]
    c[c > 20]
    c[Tensor([True, False])]
    c[:, Tensor([[True, False, False, True]] * 3)]
    c[0, 0, 0, 0]
    c[[[0, 1], [1, 0]]]
    c[0][1][2]
    c[-1, -1, -1]
    v[slice(0, 2)]
    v[slice(None, None, 2)]
    v[1:2][0]
    v[0:0]
    t[0:0, 1]
    t[[], 1]
    v[True, 0]
    v[0:2, None]
    v[[0, 1]][0]
    v[::0]
"""

SETTING = """
    v[0] = 9
    v[0] = 2.7
    v[0] = Tensor(8.0)
    v[0] = Tensor([8.0])
    v[0] = True
    v[0] = [8.0]
    v[-1] = 9
    v[3] = 9
    v[[]] = 9
    c[0, []] = 9
    c[None, True] = 9
    c[[Tensor(1), Tensor(2)]] = 9
    c[[None, 0]] = 9
    c[[True, False], [0, 1]] = 9
    c[Tensor([True, False]), [1, 2]] = 9
    c[[True, False], :, [0, 2]] = 9
    v[7] = 9
    v[1:] = 5
    v[1:] = [5, 6]
    v[1:] = (5, 6)
    v[1:] = Tensor([5, 6])
    v[1:] = Tensor([5.0])
    v[1:] = Tensor([5.0, 6.0, 7.0])
    v[1:] = [5, 6, 7]
    v[::2] = [5, 6]
    v[::-1] = [5, 6, 7]
    v[:] = 0
    v[:] = v * 2
    v[...] = 4
    v[None] = 4
    v[True] = 4
    v[False] = 4
    v[()] = 4
    v[[0, 2]] = 7
    v[[0, 2]] = [7, 8]
    v[[0, 0]] = [7, 8]
    v[[True, False, True]] = 7
    v[v > 1] = 0
    v[v > 1] = Tensor([7.0, 8.0])
    v[v > 1] = Tensor([7.0, 8.0, 9.0])
    v[v > 1] = [7, 8]
    v[v > 10] = 0
    v[Tensor([0, 2])] = 7
    v[Tensor([0, 2])] = Tensor([7.0, 8.0])
    v[Tensor([0, 0])] = Tensor([7.0, 8.0])
    v[Tensor(1)] = 7
    v[Tensor([-1])] = 7
    v[Tensor([5])] = 7
    v[0] = np.float32(3)
    v[0] = np.array(3.0)
    v[:] = np.ones(3)
    v[0] = 'a'
    v[0] = None
    v[0] = 1j
    v['a'] = 1
    v[1.0] = 1
    v[0] += 5
    v[1:] *= 2
    v[v > 1] -= 1
    v[[0, 2]] += 10
    v[0, 0] = 1
    s[...] = 3
    s[()] = 3
    s[0] = 3
    t[0] = 9
    t[0] = [7, 8, 9]
    t[0] = Tensor([7, 8, 9])
    t[0] = Tensor([[7, 8, 9]])
    t[0] = [7, 8]
    t[0, 1] = 9
    t[:, 1] = 9
    t[:, 1] = [8, 9]
    t[:, 1] = Tensor([8.0, 9.0])
    t[:, 1:] = Tensor([[7.0, 8.0], [9.0, 10.0]])
    t[:, 1:] = Tensor([7.0, 8.0])
    t[..., 0] = 9
    t[None, 0] = 9
    t[[0, 1]] = 9
    t[[0, 1], [2, 0]] = [7, 8]
    t[[1, 0]] = Tensor([[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]])
    t[[0, 1], 1] = 9
    t[:, [0, 2]] = 9
    t[t > 2] = -1
    t[t > 2] = Tensor([7.0, 8.0, 9.0])
    t[Tensor([True, False])] = 9
    t[Tensor([1, 0]), Tensor([0, 0])] = 9
    t[0:1, ::2] = 9
    t[2] = 9
    t[0, 3] = 9
    t[::-1] = 9
    t[0][1] = 9
    t[0:1][0] = 9
    t[:] = Tensor([[1.0], [2.0]])
    t[:] = [1, 2, 3]
    t[:] = [[1, 2, 3], [4, 5, 6]]
    c[0] = 2.7
    c[0, 1] = Tensor([1.5, 2.5, 3.5, 4.5])
    c[..., 0] = 9
    c[:, 1, :] = 0
    c[0, [0, 2], 1:3] = 9
    c[c > 5] = 0
    c[0, 0, 0] = True
    c[1, ..., 2] = [7, 8, 9]
    c[:, :, 1] += 100
"""

VIEWS = {
    "integer": "w = t[0]\nw[1] = 9\nt, w",
    "slice": "w = v[1:]\nw[0] = 9\nv, w",
    "step": "w = v[::2]\nw[1] = 9\nv, w",
    "negative step": "w = v[::-1]\nw[0] = 9\nv, w",
    "ellipsis": "w = v[...]\nw[0] = 9\nv, w",
    "None": "w = v[None]\nw[0, 0] = 9\nv, w",
    "mixed basic": "w = c[1, ..., 2]\nw[0] = 99\nc, w",
    "view of a view": "w = c[1]\nu = w[1:]\nu[0, 0] = 99\nc, w, u",
    "parent written after": "w = t[0]\nt[0, 1] = 9\nw",
    "parent written whole": "w = t[0]\nt[:] = 5\nw",
    "sibling views": "a, b = v[1:], v[:2]\na[0] = 9\nb",
    "view method": "w = t.view(6)\nw[0] = 9\nt, w",
    "reshape": "w = t.reshape((3, 2))\nw[0, 0] = 9\nt, w",
    "flatten": "w = t.flatten()\nw[0] = 9\nt, w",
    "squeeze": "w = t[0:1].squeeze(0)\nw[0] = 9\nt, w",
    "expand_dims": "w = v.expand_dims(0)\nw[0, 0] = 9\nv, w",
    "T": "w = t.T\nw[0, 1] = 9\nt, w",
    "transpose": "w = t.transpose(1, 0)\nw[0, 1] = 9\nt, w",
    "swapaxes": "w = t.swapaxes(0, 1)\nw[0, 1] = 9\nt, w",
    "iteration": "w = next(iter(t))\nw[0] = 9\nt, w",
    "for loop": "for row in t:\n    row[0] = 9\nt",
    "astype to the same dtype": "w = v.astype(ms.float32)\nw[0] = 9\nv, w",
    "astype to another dtype": "w = v.astype(ms.float64)\nw[0] = 9\nv, w",
    "Tensor of a tensor": "w = Tensor(v)\nw[0] = 9\nv, w",
    "stop_gradient": "w = ops.stop_gradient(v)\nw[0] = 9\nv, w",
    "copy": "w = v.copy()\nw[0] = 9\nv, w",
    "arithmetic": "w = v + 0\nw[0] = 9\nv, w",
    "parameter of a tensor": "w = Parameter(v)\nw[0] = 9\nv, w",
    "split": "w = v.split(1)[1]\nw[0] = 9\nv, w",
    "unbind": "w = t.unbind(0)[1]\nw[0] = 9\nt, w",
    "diagonal": "w = t.diagonal()\nw[0] = 9\nt, w",
    "broadcast_to": "w = v.broadcast_to((3,))\nw[0] = 9\nv, w",
    "index list": "w = t[[1, 0]]\nw[0, 0] = -3\nt, w",
    "mask": "w = v[v > 1]\nw[0] = -3\nv, w",
    "index tensor": "w = v[Tensor([2, 0])]\nw[0] = -3\nv, w",
    "view and augmented assignment": "w = v[1:]\nw += 1\nv, w",
    "view of a parameter": "p = Parameter(v)\nw = p[1:]\nw[0] = 9\np, w",
    "chained assignment": "t[1][2] = 9\nt",
    "chained assignment of slices": "c[0][1:][0] = 0\nc",
    "overlapping": "v[1:] = v[:-1]\nv",
    "swap": "a = v[0].copy()\nv[0] = v[1]\nv[1] = a\nv",
    "self assignment of reversed": "v[:] = v[::-1]\nv",
    "argument of a function": "def f(a):\n    a[0] = 9\n    return a * 2\n\nf(v), v",
    "asnumpy of a view": "w = t[1]\nw[0] = 9\nt.asnumpy()",
}

UNDER_GRAD = {
    "setitem of a constant": "def f(a):\n    z = a * 2\n    z[0] = 5\n    return z * z\n\ngrad(f)(v)",
    "setitem of a mask": "def f(a):\n    z = a * 2\n    z[z > 3] = 0\n    return z\n\ngrad(f)(v)",
    "setitem of all": "def f(a):\n    z = ops.zeros((3,))\n    z[:] = a * a\n    return z\n\ngrad(f)(v)",
    "setitem of an expression": "def f(a):\n    z = a * 2\n    z[0] = a[1] * a[2]\n    return z\n\ngrad(f)(v)",
    "augmented item": "def f(a):\n    z = a * 2\n    z[0] += a[1]\n    return z * z\n\ngrad(f)(v)",
    "write through a slice": "def f(a):\n    z = a * 2\n    w = z[0:1]\n    w[0] = 10\n    return z * z\n\ngrad(f)(v)",
    "augmented argument": "def f(a):\n    a += 1\n    return a * a\n\ngrad(f)(v), v",
    "setitem of an argument": "def f(a):\n    a[0] = 5\n    return a * a\n\ngrad(f)(v)",
    "setitem of a copied argument": "def f(a):\n    a = a.copy()\n    a[0] = 5\n    return a * a\n\ngrad(f)(v), v",
    "index": "def f(a):\n    return a[1] * a[2]\n\ngrad(f)(v)",
    "advanced index": "def f(a):\n    return a[[0, 0, 2]] * 2\n\ngrad(f)(v)",
    "mask": "def f(a):\n    return a[a > 1] * 2\n\ngrad(f)(v)",
    "slice of negative step": "def f(a):\n    return a[::-1] * a\n\ngrad(f)(v)",
    "index tensor": "def f(a):\n    return a[Tensor([2, 2])] ** 2\n\ngrad(f)(v)",
    "mixed": "def f(a):\n    return a[:, [1, 0]][0] * a[1, 2]\n\ngrad(f)(t)",
    "overwritten after use": "def f(a):\n    z = a * 2\n    w = z * z\n    z[0] = 100\n    return w\n\ngrad(f)(v)",
    "write through view()": "def f(a):\n    z = a * 2\n    w = z.view(3)\n    w[0] = 10\n    return z * z\n\ngrad(f)(v)",
}

IN_JIT = {
    "setitem": "@ms.jit\ndef f(a):\n    a[0] = 9\n    return a * 2\n\nf(v), v",
    "slices": "@ms.jit\ndef f(a):\n    return a[1:], a[::-1], a[None], a[..., 0], a[-1]\n\nf(t)",
    "setitem of slices": "@ms.jit\ndef f(a):\n    b = a * 1\n    b[:, 1] = 0\n    return b\n\nf(t), t",
    "index tensor": "@ms.jit\ndef f(a, i):\n    return a[i]\n\nf(v, Tensor([2, 0]))",
}

TABLES = [
    Table("getitem", INDICES, SETUP),
    Table(
        "setitem",
        {line: f"{line}\n{line[0]}" for line in map(str.strip, SETTING.strip().splitlines())},
        SETUP,
    ),
    Table("views", VIEWS, SETUP),
    Table("indexing under grad", UNDER_GRAD, SETUP),
    Table("indexing in jit", IN_JIT, SETUP),
]
