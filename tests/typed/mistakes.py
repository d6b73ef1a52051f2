"""What a type checker must find: each line marked with an error has one, no other has."""

from msjax import Tensor, mint, nn, ops

x = Tensor([1.0])
ops.no_such_op(x)  # error
mint.no_such_op(x)  # error
nn.NoSuchLayer()  # error
x.no_such_method()  # error
ops.exp()  # error
ops.exp(x, 1, 2)  # error
ops.ReduceSum(keep_dims="yes")(x)  # error
ops.exp(x).no_such_method()  # error
ops.sum(x, keepdim=True).exp()
