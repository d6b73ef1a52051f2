"""Recompute, no_grad, the hidden surface of Tensors, writing in place."""

from golden.cases import Table

SETUP = """
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)
m = Tensor([[1.0, 2.0], [3.0, 4.0]], ms.float32)

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([0.2, 0.3], ms.float32), name='w')
        self.count = 0

    def construct(self, a, b=1.0):
        self.count += 1
        return ops.tanh(a * self.w) * b

class Pair(nn.Cell):
    def construct(self, p):
        return p[0] * p[1]

def square(a):
    return a * a

net, pair = Net(), Pair()
"""

WRITES_TO_WEIGHTS = {
    "assign": "ops.assign(self.w, a * a)",
    "assign_add": "ops.assign_add(self.w, a)",
    "clamp": "ops.assign(self.w, ops.clamp(self.w, -1.0, 6.0))",
    "attribute of": "self.w = self.w * 2",
}

RECOMPUTE = Table(
    "recompute",
    """
        ms.recompute(net, x)
        grad(lambda a: ms.recompute(net, a))(x)
        grad(lambda a: ms.recompute(net, a), 0, [net.w])(x)
        grad(lambda a: ms.recompute(net, a, 2.0))(x)
        grad(lambda a: ms.recompute(net, a, use_reentrant=False))(x)
        grad(lambda a: ms.recompute(square, a, use_reentrant=False))(x)
        grad(lambda a: ms.recompute(pair, (a, a), use_reentrant=False))(x)
        ms.recompute(square, x)
        ms.recompute(net, x, context_fn=square)
        net.recompute(foo=True)
        net.recompute(mp_comm_recompute=1)
        net.recompute(mp_comm_recompute=False)
        net.recompute(parallel_optimizer_comm_recompute=True)
        net.recompute(True)
        grad(grad(lambda a: ms.recompute(net, a)))(x)
    """,
    SETUP,
    more={
        "Cell.recompute": "net.recompute()\nnet(x), grad(net, 0, [net.w])(x)",
        "Cell.recompute of a part": """
            class Outer(nn.Cell):
                def __init__(self):
                    super().__init__()
                    self.net = net
                    self.net.recompute()

                def construct(self, a):
                    return self.net(a * 2) * a

            outer = Outer()
            grad(outer, 0, outer.trainable_params())(x)
        """,
        "primitive": "exp = ops.Exp()\nexp.recompute()\ngrad(lambda a: exp(a))(x)",
    },
)

NO_GRAD = Table(
    "no_grad",
    {
        "context": """
            def f(a):
                with ms._no_grad():
                    b = a * a
                return a * b

            grad(f)(x)
        """,
        "decorator": """
            @ms._no_grad()
            def g(a):
                return a * a

            grad(lambda a: g(a) * a)(x)
        """,
        "whole function": """
            def f(a):
                with ms._no_grad():
                    return a * a

            grad(f)(x)
        """,
        "gradient inside": "with ms._no_grad():\n    result = grad(square)(x)\nresult",
        "weights": """
            def f(a):
                with ms._no_grad():
                    b = a * net.w
                return b + net.w * a

            grad(f, 0, [net.w])(x)
        """,
    },
    SETUP,
)

SURFACE = Table(
    "surface",
    """
        hasattr(x, 'backward')
        hasattr(x, 'grad')
        hasattr(x, 'grad_fn')
        hasattr(x, 'detach')
        hasattr(x, 'requires_grad')
        hasattr(x, 'is_leaf')
        hasattr(x, 'retain_grad')
        x.backward()
        x.detach()
        x._requires_grad
        x._is_leaf
        x._grad
        x.requires_grad_()
        x.requires_grad_(), x._requires_grad
        x.requires_grad_(False), x._requires_grad
        grad(square)(x), x._requires_grad
        value_and_grad(square)(x)[0]._is_leaf
    """,
    SETUP,
)

INPLACE = Table(
    "in place",
    {
        "set an element": "def f(a):\n    z = a * 2\n    z[0] = 5.0\n    return z * z\n\ngrad(f)(x)",
        "set a mask": "def f(a):\n    z = a * 2\n    z[z > 3] = 0.0\n    return z * z\n\ngrad(f)(x)",
        "set all": "def f(a):\n    z = a * 2\n    z[:] = a * a\n    return z * z\n\ngrad(f)(x)",
        "add to an element": "def f(a):\n    z = a * 2\n    z[0] += a[1]\n    return z * z\n\ngrad(f)(x)",
        "set an element to an expression": """
            def f(a):
                z = a * 2
                z[0] = a[0] * a[1]
                return z * z

            grad(f)(x)
        """,
        "through a slice": """
            def f(a):
                z = a * 2
                part = z[0:1]
                part[0] = 10.0
                return z * z

            grad(f)(x)
        """,
        "through a slice, an expression": """
            def f(a):
                z = a * 2
                part = z[0:1]
                part[0] = a[1] * 3
                return z * z

            grad(f)(x)
        """,
        "through an element": """
            def f(a):
                z = ops.stack((a, a * 2))
                row = z[1]
                row[0] = a[1]
                return z * z

            grad(f)(x)
        """,
        "into the argument": "def f(a):\n    a[0] = 5.0\n    return a * a\n\ngrad(f)(x)",
        "into a copy of the argument": "def f(a):\n    b = a.copy()\n    b[0] = 5.0\n    return b * a\n\ngrad(f)(x), x",
        "into a Tensor from outside": """
            def f(a):
                y[0] = a[0] * a[1]
                return y * a

            grad(f)(x)
        """,
        **{
            f"{what} a weight {when}, mode {mode}": f"""
                class Net(nn.Cell):
                    def __init__(self):
                        super().__init__()
                        self.w = Parameter(Tensor([5.0, 7.0]), name='w')

                    def construct(self, a):
                        before = (self.w * a).sum() if {when == "between its uses"} else 0.0
                        {write}
                        return before + (self.w * a * 2).sum()

                ms.set_context(mode={mode})
                net = Net()
                [g if isinstance(g, Tensor) else g[0] for g in grad(net, 0, net.w)(x)], net.w
            """
            for what, write in WRITES_TO_WEIGHTS.items()
            for when, mode in (("before its uses", 0), ("before its uses", 1), ("between its uses", 0))
        },
        "augmented assignment": "def f(a):\n    b = a\n    b += 1\n    b *= a\n    return b\n\ngrad(f)(x), x",
        "in a loop": """
            def f(a):
                z = ops.zeros((2, 2))
                for k in range(2):
                    z[k] = a * (k + 1)
                return (z * z).sum()

            grad(f)(x)
        """,
        "cumulative": """
            def f(a):
                z = a * 1
                z[1] = z[0] * z[1]
                z[0] = z[1] * z[0]
                return z

            grad(f)(x)
        """,
        "second order": """
            def f(a):
                z = a * a
                z[0] = a[0] * a[1] * a[1]
                return z * a

            grad(grad(f))(x)
        """,
        "copy_": "def f(a):\n    z = a * 2\n    z.copy_(a * a)\n    return z * a\n\ngrad(f)(x)",
        "index_put": """
            def f(a):
                z = a * 2
                z[Tensor([0, 1])] = a * a
                return z * a

            grad(f)(x)
        """,
        "a written Tensor as weight of others": """
            def f(a, b):
                z = a * b
                z[0] = b[1]
                w = z * z
                return w * a

            grad(f, (0, 1))(x, y)
        """,
        "row of a matrix": "def f(a):\n    z = a * 1\n    z[0] = z[1] * 2\n    return z * z\n\ngrad(f)(m)",
        "column of a matrix": "def f(a):\n    z = a * 1\n    z[:, 0] = z[:, 1] * 2\n    return z * z\n\ngrad(f)(m)",
        "value and gradient": "def f(a):\n    z = a * 2\n    z[0] = 5.0\n    return z * z\n\nvalue_and_grad(f)(x)",
        "vjp": "def f(a):\n    z = a * 2\n    z[0] = 5.0\n    return z * z\n\nms.vjp(f, x)[1](y)",
        "compiled": """
            @ms.jit
            def f(a):
                z = a * 2
                z[0] = a[1]
                return z * z

            f(x), grad(f)(x)
        """,
    },
    SETUP,
)

VIEWS = Table(
    "views under grad",
    """
        grad(lambda a: a[0] * a[1])(x)
        grad(lambda a: a.view(2, 2)[0])(Tensor([1.0, 2.0, 3.0, 4.0]))
        grad(lambda a: a.reshape(4)[1:3] * 2)(m)
        grad(lambda a: a.T @ a)(m)
        grad(lambda a: a.swapaxes(0, 1)[0])(m)
        grad(lambda a: a.flatten()[::2])(m)
        grad(lambda a: a.expand_dims(0) * a)(m)
        grad(lambda a: a.squeeze() * 2)(m)
        grad(lambda a: a.diagonal() * 3)(m)
        grad(lambda a: ops.split(a, 1)[1] * 5)(m)
        grad(lambda a: ops.unstack(a)[1] * 5)(m)
        grad(lambda a: a.broadcast_to((2, 2)))(x)
        grad(lambda a: a[None, :, None].sum())(x)
        grad(lambda a: a[[1, 0]] * x)(x.copy())
        grad(lambda a: a[a > 1.5] * 3)(x)
        grad(lambda a: sum(row.sum() * (k + 1) for k, row in enumerate(a)))(m)
    """,
    SETUP,
)

SAME = """
    +a; ops.cast(a, ms.float32); ops.Cast()(a, ms.float32); a.astype(ms.float32); a.float();
    a.astype(ms.float32, copy=False); a.to(ms.float32); a.type(ms.float32); a.type_as(a); Tensor(a);
    ops.identity(a); ops.stop_gradient(a); a.copy(); ops.cast(a, ms.int32);
    ops.atleast_3d(a); a.contiguous()
"""
OF = "Tensor([1.0, 2.0, 3.0]); Tensor([1.0, 2.0, 3.0]).reshape(3, 1); Tensor([1.0, 2.0, 3.0])[::2]"

SHARED = Table(
    "shared elements",
    "\n".join(f"shared({a.strip()}, lambda a: {same.strip()})" for a in OF.split(";") for same in SAME.split(";")),
    """
    def shared(a, f):
        b = f(a)
        b[0] = 7
        a[1] = 9
        return b is a, a, b
    """,
    more={
        "copy_ of fewer elements": "m = Tensor([1.0, 2.0])\nm.copy_(Tensor([3.0])), m",
        "copy_ of other elements": "Tensor([1.0, 2.0]).copy_(Tensor([1.0, 2.0, 3.0]))",
        "copy_ of more axes": "Tensor([1.0, 2.0]).copy_(Tensor([[1.0, 2.0]]))",
    },
)

TABLES = [RECOMPUTE, NO_GRAD, SURFACE, INPLACE, VIEWS, SHARED]
