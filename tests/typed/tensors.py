"""Tensors: operators of Python, methods, indexing, in-place changes."""

import msjax as ms
from msjax import Tensor, mint, ops
from msjax import numpy as mnp

x = Tensor([1.0, 2.0, 3.0])
count: Tensor = (x == 1).sum()
other: Tensor = (x != 1).astype(ms.float32)
for made in (2 % x, 2 // x, abs(x), +x, -x, 2**x, 1 - x, x @ x, 3 / x, x > 1, x <= 1, ~(x > 1), (x > 1) & (x < 3)):
    total: Tensor = made.sum()
mixed: Tensor = 2 % x + 2 // x - abs(x) * +x
x += 1
x *= x
x[0] = 2.0
x[1:] = x[:2] * 2
first: Tensor = x[0]
row: Tensor = ms.ops.ones((2, 3), ms.float32)[None, 0, ..., ::2]
number: float = float(x[0]) + int(x[1]) + x.sum().item()
array = x.asnumpy()
print(array.dtype, x.shape[0] + x.ndim, x.dtype == ms.float32, len(x), x.T.shape)
y: Tensor = x.reshape(3, 1).exp().mean(axis=0).expand_dims(0).add_(1.0)
z: Tensor = x.view(-1).sum(dtype=ms.float64).clamp(0, 1)

a: Tensor = ops.exp(x)
b: Tensor = ops.add(x, 1) + ops.concat((x, x)) + ops.stack([x, x], axis=1).sum(axis=(0, 1))
c: Tensor = ops.ReduceSum(keep_dims=True)(x, 0)
d: Tensor = ops.Concat(axis=0)((x, x))
e: Tensor = ops.where(x > 1, x, ops.zeros_like(x))
f: Tensor = mint.sum(x, dim=0, keepdim=True) + mint.linalg.inv(mint.eye(3)).trace()
g: Tensor = mint.nn.functional.relu(x) + mint.special.exp2(x)
h: Tensor = mnp.mean(mnp.array([[1, 2], [3, 4]])) + mnp.pi + mnp.fft.fft(x)
layer = mint.nn.Linear(3, 2)
values, places = ops.sort(x)
largest, where = ops.topk(x, 2)
print(values.shape, places.dtype, largest + 1, where, ops.split(x, 1)[0].shape, ops.shape(x)[0], ms.numpy.split(x, 3))
