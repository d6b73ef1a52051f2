"""Cell.bprop, _Function, Custom and Morph."""

from golden.cases import Table

SETUP = """
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)
m = Tensor([[1.0, 2.0], [3.0, 4.0]], ms.float32)
i = Tensor([1, 2], ms.int32)

class One(nn.Cell):
    def __init__(self, rule):
        super().__init__()
        self.rule = rule

    def construct(self, a):
        return a * a * a

    def bprop(self, a, out, dout):
        return self.rule(a, out, dout)

class Two(nn.Cell):
    def __init__(self, rule):
        super().__init__()
        self.rule = rule

    def construct(self, a, b=3.0):
        return a * b

    def bprop(self, a, b, out, dout):
        return self.rule(a, b, out, dout)

class Outputs(nn.Cell):
    def construct(self, a, b):
        return a * b, a + b

    def bprop(self, a, b, out, dout):
        return dout[0] * 10 + out[1], dout[1] * 100

class Cube(nn.Cell):
    def construct(self, a):
        return a * a * a

    def bprop(self, a, out, dout):
        return (10 * a * a * dout,)

class Weighted(nn.Cell):
    def __init__(self, internal):
        super().__init__()
        self.w = Parameter(Tensor([2.0, 3.0], ms.float32), name='w')
        if internal:
            self.internal_params = [self.w]

    def construct(self, a):
        return a * self.w

    def bprop(self, a, out, dout):
        return (dout * self.w,), {self.w: a * dout * 10}

class Plain(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0, 3.0], ms.float32), name='w')

    def construct(self, a):
        return a * self.w

    def bprop(self, a, out, dout):
        return (dout * 7,)

cube = Cube()
"""

BPROP = Table(
    "bprop",
    """
        cube(x)
        grad(cube)(x)
        value_and_grad(cube)(x)
        grad(grad(cube))(x)
        grad(grad(grad(cube)))(x)
        grad(lambda a: cube(a * 2) + a)(x)
        ms.vjp(cube, x)[1](y)
        ms.jit(grad(cube))(x)
        grad(ms.jit(cube))(x)
        grad(One(lambda a, out, dout: dout * 2))(x)
        grad(One(lambda a, out, dout: (dout * 2,)))(x)
        grad(One(lambda a, out, dout: [dout * 2]))(x)
        grad(One(lambda a, out, dout: (out,)))(x)
        grad(One(lambda a, out, dout: (None,)))(x)
        grad(One(lambda a, out, dout: ()))(x)
        grad(One(lambda a, out, dout: (m,)))(x)
        grad(One(lambda a, out, dout: (dout.sum(),)))(x)
        grad(One(lambda a, out, dout: (ops.ones(3),)))(x)
        grad(One(lambda a, out, dout: (dout.astype(ms.float64),)))(x)
        grad(One(lambda a, out, dout: (dout.astype(ms.float16),)))(x)
        grad(One(lambda a, out, dout: (1.0,)))(x)
        grad(One(lambda a, out, dout: ('x',)))(x)
        grad(One(lambda a, out, dout: None))(x)
        grad(One(lambda a, dout: (dout,)))(x)
        grad(Two(lambda a, b, out, dout: (dout * b, dout * a)), (0, 1))(x, y)
        grad(Two(lambda a, b, out, dout: (dout,)), (0, 1))(x, y)
        grad(Two(lambda a, b, out, dout: (dout, dout, dout)), (0, 1))(x, y)
        grad(Two(lambda a, b, out, dout: (None, dout)), (0, 1))(x, y)
        grad(Two(lambda a, b, out, dout: [dout, dout]), (0, 1))(x, y)
        grad(Two(lambda a, b, out, dout: (dout * b, None)))(x)
        grad(lambda a: Two(lambda a, b, out, dout: (dout * b, None))(b=5.0, a=a))(x)
        grad(Two(lambda a, b, out, dout: (dout * 2, dout * 3)), (0, 1))(x, x)
        grad(Outputs(), (0, 1))(x, y)
        grad(lambda a, b: Outputs()(a, b)[0], (0, 1))(x, y)
        grad(lambda a, b: Outputs()(a, b)[1], (0, 1))(x, y)
        grad(Weighted(True), 0, Weighted(True).trainable_params())(x)
        grad(Plain())(x)
    """,
    SETUP,
    more={
        "weights of a rule": "net = Weighted(True)\ngrad(net, 0, net.w)(x)",
        "weights without internal_params": "net = Weighted(False)\ngrad(net, 0, net.w)(x)",
        "a Parameter that the rule leaves out": "net = Plain()\ngrad(net, 0, net.w)(x)",
        "a rule that is not used": "seen = []\nOne(lambda a, out, dout: seen.append(1) or (dout,))(x)\nseen",
        "inside another cell": """
            class Outer(nn.Cell):
                def __init__(self):
                    super().__init__()
                    self.cube = cube
                    self.w = Parameter(Tensor([2.0, 3.0], ms.float32), name='w')

                def construct(self, a):
                    return self.cube(a * self.w) * a

            net = Outer()
            grad(net, 0, net.trainable_params())(x)
        """,
        "a tuple of Tensors first": """
            class Nested(nn.Cell):
                def construct(self, p):
                    return p[0] * p[1]

                def bprop(self, p, out, dout):
                    return ((dout * p[1], dout * 2),)

            nested = Nested()
            grad(lambda a, b: nested((a, b)), (0, 1))(x, y)
        """,
        "forward hook on such a cell": """
            seen = []
            net = Cube()
            net.register_forward_hook(lambda c, a, out: seen.append(1))
            grad(net)(x), len(seen)
        """,
        "clipping the gradient": """
            class Clip(nn.Cell):
                def construct(self, a):
                    return a

                def bprop(self, a, out, dout):
                    return (ops.clamp(dout, -1, 1),)

            clip = Clip()
            grad(lambda a: clip(a) * 5)(x)
        """,
        "straight-through estimator": """
            class Round(nn.Cell):
                def construct(self, a):
                    return ops.round(a)

                def bprop(self, a, out, dout):
                    return (dout,)

            through = Round()
            grad(lambda a: through(a * 1.3) ** 2)(x)
        """,
    },
)

FUNCTION_SETUP = """
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)
m = Tensor([[1.0, 2.0], [3.0, 4.0]], ms.float32)

class Cube(ms._Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return a * a * a

    @staticmethod
    def backward(ctx, dout):
        a, = ctx.saved_tensors
        return 10 * a * a * dout

class Two(ms._Function):
    @staticmethod
    def forward(ctx, a, b, k=2.0):
        ctx.save_for_backward(a, b)
        ctx.k = k
        return a * b * k, a + b

    @staticmethod
    def backward(ctx, first, second):
        a, b = ctx.saved_tensors
        return first * b * ctx.k + second, first * a * ctx.k + second, None

def made(backward, forward=None, **methods):
    forward = forward or (lambda ctx, a: a * a)
    names = dict(forward=staticmethod(forward), backward=staticmethod(backward))
    names.update({k: staticmethod(f) for k, f in methods.items()})
    return type('Made', (ms._Function,), names)
"""

FUNCTION = Table(
    "_Function",
    """
        Cube.apply(x)
        grad(Cube.apply)(x)
        grad(lambda a: Cube.apply(a * 2) * a)(x)
        grad(grad(lambda a: Cube.apply(a)))(x)
        ms.vjp(lambda a: Cube.apply(a), x)[1](y)
        Two.apply(x, y, 3.0)
        grad(lambda a, b: Two.apply(a, b, 3.0), (0, 1))(x, y)
        grad(lambda a, b: Two.apply(a, b, 3.0)[0], (0, 1))(x, y)
        grad(lambda a, b: Two.apply(a, b, 3.0)[1], (0, 1))(x, y)
        Two.apply(a=x, b=y)
        grad(lambda a: made(lambda ctx, d: None).apply(a))(x)
        grad(lambda a: made(lambda ctx, d: (None,)).apply(a))(x)
        grad(lambda a: made(lambda ctx, d: 1.0).apply(a))(x)
        grad(lambda a: made(lambda ctx, d: m).apply(a))(x)
        grad(lambda a: made(lambda ctx, d: d.sum()).apply(a))(x)
        grad(lambda a: made(lambda ctx, d: ops.ones(3)).apply(a))(x)
        grad(lambda a: made(lambda ctx, d: d.astype(ms.float64)).apply(a))(x)
        grad(lambda a: made(lambda ctx, d: (d, d), lambda ctx, a, k: a * k).apply(a, 2.0))(x)
        grad(lambda a: made(lambda ctx, d: (d * 5, None), lambda ctx, a, k: a * k).apply(a, 2.0))(x)
        grad(lambda a: made(lambda ctx, d: d * 5, lambda ctx, a: a).apply(a))(x)
        grad(lambda a: made(lambda ctx, d, e: d + e, lambda ctx, a: (a * 1, a * 2)).apply(a))(x)
        grad(lambda a: made(lambda ctx, d, e: d, lambda ctx, a: (a * 1, 3)).apply(a)[0])(x)
        grad(ms._Function.apply)(x)
    """,
    FUNCTION_SETUP,
    more={
        "needs_input_grad": """
            seen = []

            def forward(ctx, a, k, b):
                seen.append(ctx.needs_input_grad)
                return a * k * b

            f = made(lambda ctx, d: (d, None, d), forward)
            grad(lambda a: f.apply(a, 2.0, y))(x)
            seen
        """,
        "mark_non_differentiable": """
            def forward(ctx, a):
                first, second = a * 1, a * 2
                ctx.mark_non_differentiable(second)
                return first, second

            f = made(lambda ctx, d, e: d + e * 100, forward)
            grad(lambda a: f.apply(a))(x)
        """,
        "set_materialize_grads": """
            seen = []

            def forward(ctx, a):
                ctx.set_materialize_grads(False)
                return a * 1, a * 2

            def backward(ctx, d, e):
                seen.append(e is None)
                return d

            f = made(backward, forward)
            grad(lambda a: f.apply(a)[0])(x), seen
        """,
        "unused outputs are zeros": """
            seen = []

            def backward(ctx, d, e):
                seen.append(e)
                return d

            f = made(backward, lambda ctx, a: (a * 1, a * 2))
            grad(lambda a: f.apply(a)[0])(x), seen
        """,
        "setup_context": """
            def setup(ctx, inputs, output):
                ctx.k = inputs[1]

            f = made(lambda ctx, d: (d * ctx.k * 10, None), lambda a, k=3.0: a * k, setup_context=setup)
            f.apply(x), f.apply(x, k=2.0), grad(lambda a: f.apply(a, k=2.0))(x), grad(lambda a: f.apply(a))(x)
        """,
        "attributes of the context": """
            def forward(ctx, a):
                ctx.factor = 7.0
                return a * 1

            f = made(lambda ctx, d: d * ctx.factor, forward)
            grad(lambda a: f.apply(a))(x)
        """,
        "a weight as input": """
            p = Parameter(Tensor([5.0, 6.0], ms.float32), name='p')
            f = made(lambda ctx, d, : (d * 2, d * 3), lambda ctx, a, b: a * b)
            grad(lambda a: f.apply(a, p), 0, [p])(x)
        """,
    },
)

CUSTOM_SETUP = """
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)

def same(*kinds):
    return kinds[0]

def square(a):
    return a * a

def product(a, b):
    return a * b, a + b

def pairs(*kinds):
    return kinds[0], kinds[0]

def rule(a, out, dout):
    return (20 * a * dout,)

def custom(func, shape=same, dtype=same, **options):
    return ops.Custom(func, shape, dtype, func_type='pyfunc', **options)
"""

CUSTOM = Table(
    "Custom",
    """
        custom(square)(x)
        custom(square, (2,), ms.float32)(x)
        custom(product, pairs, pairs)(x, y)
        grad(lambda a: custom(square, bprop=rule)(a))(x)
        grad(grad(lambda a: custom(square, bprop=rule)(a)))(x)
        grad(lambda a: custom(square)(a))(x)
        ops.Custom(square, same, same, func_type='other')
        ops.Custom(square, same, same, 'pyfunc')(x)
        ops.Custom(square)(x)
        ops.Custom(3, same, same, func_type='pyfunc')
    """,
    CUSTOM_SETUP,
    more={
        "compiled": """
            op = custom(square, bprop=rule)

            @ms.jit
            def f(a):
                return op(a) + 1

            f(x), grad(f)(x)
        """,
    },
)

MORPH_SETUP = """
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)

def shape(a, b):
    return a

def dtype(a, b):
    return a

def product(a, b):
    return a * b

def rule(a, b, out, dout):
    return dout * b * 10, dout * a * 100

class Net(nn.Cell):
    def __init__(self, rule=None):
        super().__init__()
        self.op = ops.Morph(product, shape, dtype, bprop_fn=rule) if rule else ops.Morph(product, shape, dtype)

    def construct(self, a, b):
        return self.op(a, b)
"""

MORPH = Table(
    "Morph",
    """
        ops.Morph(3, shape, dtype)
        ops.Morph(product, 3, dtype)
        ops.Morph(product, shape, 3)
        ops.Morph(product, shape, dtype, 3)
        ops.Morph(product, shape, dtype)(x, y)
    """,
    MORPH_SETUP,
    more={
        "in a cell [graph mode]": "ms.set_context(mode=ms.GRAPH_MODE)\nNet()(x, y)",
        "gradient [graph mode]": "ms.set_context(mode=ms.GRAPH_MODE)\ngrad(Net(), (0, 1))(x, y)",
        "gradient by a rule [graph mode]": "ms.set_context(mode=ms.GRAPH_MODE)\ngrad(Net(rule), (0, 1))(x, y)",
        "under jit": """
            op = ops.Morph(product, shape, dtype, bprop_fn=rule)

            @ms.jit
            def f(a, b):
                return op(a, b) + 1

            f(x, y), grad(f, (0, 1))(x, y)
        """,
    },
)

TABLES = [BPROP, FUNCTION, CUSTOM, MORPH]
