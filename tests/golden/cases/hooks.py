"""Hooks of Tensors and Cells, HookBackward, InsertGradientOf, hooks on saved Tensors."""

from textwrap import dedent

from golden.cases import Table

SETUP = """
import collections
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)
log = []

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0, 3.0], ms.float32), name='w')
        self.relu = nn.ReLU()

    def construct(self, a, b=None):
        c = a * self.w if b is None else a * self.w * b
        return self.relu(c)

class Both(nn.Cell):
    def construct(self, a, b):
        return a * b, a + b

class Fails(nn.Cell):
    def construct(self, a):
        raise ValueError('no')

def watch(net, name):
    net.register_forward_pre_hook(lambda c, args: log.append(('fpre ' + name, len(args))))
    net.register_forward_hook(lambda c, args, out: log.append(('fwd ' + name, len(args))))
    net.register_backward_pre_hook(lambda c, g: log.append(('bpre ' + name, g)))
    net.register_backward_hook(lambda c, gi, go: log.append(('bwd ' + name, gi, go)))

def square(a):
    return a * a

net, both = Net(), Both()
"""

CELLS = Table(
    "cell hooks",
    {
        "order": "watch(net, 'net')\nwatch(net.relu, 'relu')\ngrad(net)(x)\nlog",
        "order of a plain call": "watch(net, 'net')\nnet(x)\nlog",
        "two inputs": "watch(net, 'net')\ngrad(net, (0, 1))(x, y)\nlog",
        "two inputs, one wanted": "watch(net, 'net')\ngrad(net)(x, y)\nlog",
        "weights only": "watch(net, 'net')\ngrad(net, None, [net.w])(x)\nlog",
        "two outputs": "watch(both, 'both')\ngrad(both)(x, y)\nlog",
        "an unused output": "watch(both, 'both')\ngrad(lambda a, b: both(a, b)[1])(x, y)\nlog",
        "keyword Tensors": "watch(net, 'net')\ngrad(lambda a: net(a, b=y))(x)\nlog",
        "a number among the inputs": "watch(net, 'net')\ngrad(net)(x, 2.0)\nlog",
        "value_and_grad with weights": "watch(net, 'net')\nvalue_and_grad(net, 0, [net.w])(x), log",
        "vjp": "watch(net, 'net')\nms.vjp(net, x)[1](y), log",
        "second order": "watch(net, 'net')\ngrad(grad(net))(x), len(log)",
        "pre hook keeps": "net.register_forward_pre_hook(lambda c, a: None)\nnet(x)",
        "pre hook gives a tuple": "net.register_forward_pre_hook(lambda c, a: (a[0] * 2,))\nnet(x), grad(net)(x)",
        "pre hook gives a Tensor": "net.register_forward_pre_hook(lambda c, a: a[0] * 2)\nnet(x)",
        "pre hook adds an argument": "net.register_forward_pre_hook(lambda c, a: (a[0], y))\nnet(x)",
        "pre hook gives a list": "net.register_forward_pre_hook(lambda c, a: [a[0]])\nnet(x)",
        "pre hook with kwargs": """
            net.register_forward_pre_hook(lambda c, a, k: ((a[0] * 2,), {'b': k['b'] * 3}), with_kwargs=True)
            net(x, b=y)
        """,
        "pre hook with kwargs gives too little": """
            net.register_forward_pre_hook(lambda c, a, k: (a[0] * 2,), with_kwargs=True)
            net(x, b=y)
        """,
        "pre hook with kwargs keeps": """
            net.register_forward_pre_hook(lambda c, a, k: None, with_kwargs=True)
            net(x, b=y)
        """,
        "pre hooks in order": """
            net.register_forward_pre_hook(lambda c, a: (a[0] + 1,))
            net.register_forward_pre_hook(lambda c, a: (a[0] * 10,))
            net(x)
        """,
        "prepended pre hook": """
            net.register_forward_pre_hook(lambda c, a: (a[0] + 1,))
            net.register_forward_pre_hook(lambda c, a: (a[0] * 10,), prepend=True)
            net(x)
        """,
        "forward hook keeps": "net.register_forward_hook(lambda c, a, out: None)\nnet(x)",
        "forward hook replaces": "net.register_forward_hook(lambda c, a, out: out * 5)\nnet(x), grad(net)(x)",
        "forward hook gives a number": "net.register_forward_hook(lambda c, a, out: 3)\nnet(x)",
        "forward hook gives a tuple": "net.register_forward_hook(lambda c, a, out: (out, out * 2))\nnet(x)",
        "forward hook with kwargs": """
            net.register_forward_hook(lambda c, a, k, out: out * k['b'], with_kwargs=True)
            net(x, b=y)
        """,
        "forward hooks in order": """
            net.register_forward_hook(lambda c, a, out: out + 1)
            net.register_forward_hook(lambda c, a, out: out * 10)
            net(x)
        """,
        "prepended forward hook": """
            net.register_forward_hook(lambda c, a, out: out + 1)
            net.register_forward_hook(lambda c, a, out: out * 10, prepend=True)
            net(x)
        """,
        "always_call": """
            fails = Fails()
            fails.register_forward_hook(lambda c, a, out: log.append(('always', out)), always_call=True)
            fails.register_forward_hook(lambda c, a, out: log.append(('not', out)))
            try:
                fails(x)
            except ValueError as error:
                log.append(str(error))
            log
        """,
        "always_call that fails itself": """
            fails = Fails()

            def hook(c, a, out):
                raise KeyError('other')

            fails.register_forward_hook(hook, always_call=True)
            fails(x)
        """,
        "backward pre hook gives a Tensor": "net.register_backward_pre_hook(lambda c, g: g[0] * 10)\ngrad(net)(x)",
        "backward pre hook gives a tuple": "net.register_backward_pre_hook(lambda c, g: (g[0] * 10,))\ngrad(net)(x)",
        "backward pre hooks in order": """
            net.register_backward_pre_hook(lambda c, g: g[0] + 1)
            net.register_backward_pre_hook(lambda c, g: g[0] * 10)
            grad(net)(x)
        """,
        "backward pre hook gives too many": "net.register_backward_pre_hook(lambda c, g: (g[0], g[0]))\ngrad(net)(x)",
        "backward pre hook of another shape": "net.register_backward_pre_hook(lambda c, g: g[0].sum())\ngrad(net)(x)",
        "backward pre hook of another dtype": """
            net.register_backward_pre_hook(lambda c, g: g[0].astype(ms.float16))
            grad(net)(x)
        """,
        "backward pre hook gives a number": "net.register_backward_pre_hook(lambda c, g: 3)\ngrad(net)(x)",
        "backward hook gives a Tensor": "net.register_backward_hook(lambda c, gi, go: gi[0] * 10)\ngrad(net)(x)",
        "backward hook gives a tuple": "net.register_backward_hook(lambda c, gi, go: (gi[0] * 10,))\ngrad(net)(x)",
        "backward hooks in order": """
            net.register_backward_hook(lambda c, gi, go: gi[0] + 1)
            net.register_backward_hook(lambda c, gi, go: gi[0] * 10)
            grad(net)(x)
        """,
        "backward hook after pre hook": """
            net.register_backward_pre_hook(lambda c, g: g[0] * 10)
            net.register_backward_hook(lambda c, gi, go: log.append(go))
            grad(net)(x), log
        """,
        "backward hook gives too many": "net.register_backward_hook(lambda c, gi, go: (gi[0], gi[0]))\ngrad(net)(x)",
        "backward hook of another shape": "net.register_backward_hook(lambda c, gi, go: gi[0].sum())\ngrad(net)(x)",
        "backward hook gives a number": "net.register_backward_hook(lambda c, gi, go: 3)\ngrad(net)(x)",
        "backward hook gives a list": "net.register_backward_hook(lambda c, gi, go: [gi[0]])\ngrad(net)(x)",
        "backward hook leaves weights alone": """
            net.register_backward_hook(lambda c, gi, go: gi[0] * 10)
            grad(net, 0, [net.w])(x)
        """,
        "backward pre hook reaches weights": """
            net.register_backward_pre_hook(lambda c, g: g[0] * 10)
            grad(net, 0, [net.w])(x)
        """,
        "backward hook of a child": """
            net.relu.register_backward_hook(lambda c, gi, go: gi[0] * 10)
            grad(net, 0, [net.w])(x)
        """,
        "handles": """
            handle = net.register_backward_hook(lambda c, gi, go: gi[0] * 10)
            first = grad(net)(x)
            handle.remove()
            handle.remove()
            type(handle).__name__, first, grad(net)(x)
        """,
        "forward handles": """
            first = net.register_forward_hook(lambda c, a, out: out + 1)
            second = net.register_forward_pre_hook(lambda c, a: a[0] * 10)
            before = net(x)
            first.remove()
            second.remove()
            before, net(x)
        """,
        "not callable, forward": "net.register_forward_hook(3)",
        "not callable, forward pre": "net.register_forward_pre_hook(3)",
        "not callable, backward": "net.register_backward_hook(3)",
        "not callable, backward pre": "net.register_backward_pre_hook('f')",
        "partial": "net.register_forward_hook(functools.partial(lambda k, c, a, out: out * k, 5))\nnet(x)",
        "hooks seen from a compiled function": """
            def hook(cell, grad_input, grad_output):
                return grad_input[0] * 10

            net.relu.register_backward_hook(hook)

            @ms.jit
            def f(a):
                return net.relu(a)

            grad(f)(x)
        """,
        "forward hooks seen from a compiled function": """
            def after(cell, args, out):
                return out * 10

            def before(cell, args):
                return (args[0] * 2,)

            net.relu.register_forward_hook(after)
            net.relu.register_forward_pre_hook(before)

            @ms.jit
            def f(a):
                return net.relu(a)

            f(x), grad(f)(x)
        """,
    },
    SETUP,
)

TENSORS = Table(
    "tensor hooks",
    {
        "leaf": "x.register_hook(lambda g: g * 10)\ngrad(square)(x)",
        "leaf, twice": "x.register_hook(lambda g: g * 10)\ngrad(square)(x), grad(square)(x)",
        "second order, another leaf": "y.register_hook(lambda g: g * 10)\ngrad(grad(lambda a, b: a * a * b * b), 1)(x, y)",
        "leaf, keeps": "x.register_hook(lambda g: log.append(g))\ngrad(square)(x), log",
        "leaf, chained": """
            x.register_hook(lambda g: g + 1)
            x.register_hook(lambda g: g * 10)
            grad(square)(x)
        """,
        "leaf, accumulated": "x.register_hook(lambda g: log.append(g))\ngrad(lambda a: a * a + a * 3)(x), log",
        "another leaf": "y.register_hook(lambda g: g * 10)\ngrad(lambda a, b: a * b, (0, 1))(x, y)",
        "not differentiated": "y.register_hook(lambda g: log.append(g))\ngrad(lambda a: a * y)(x), log",
        "intermediate": """
            def f(a):
                b = a * a
                b.register_hook(lambda g: g * 10)
                return b * 3

            grad(f)(x)
        """,
        "intermediate, keeps": """
            def f(a):
                b = a * a
                b.register_hook(lambda g: log.append(g))
                return b * 3

            grad(f)(x), log
        """,
        "intermediate, accumulated": """
            def f(a):
                b = a * a
                b.register_hook(lambda g: g * 10)
                return b * 3 + b

            grad(f)(x)
        """,
        "the argument itself": """
            def f(a):
                a.register_hook(lambda g: g * 10)
                return a * a

            grad(f)(x)
        """,
        "parameter": "net.w.register_hook(lambda g: g * 10)\ngrad(net, 0, [net.w])(x)",
        "second order": "x.register_hook(lambda g: g * 10)\ngrad(grad(lambda a: a * a * a))(x)",
        "third order": "x.register_hook(lambda g: g * 10)\ngrad(grad(grad(lambda a: a * a * a)))(x)",
        "second order, intermediate": """
            def f(a):
                b = a * a
                b.register_hook(lambda g: g * 10)
                return b * b

            grad(grad(f))(x)
        """,
        "remove": """
            handle = x.register_hook(lambda g: g * 10)
            first = grad(square)(x)
            handle.remove()
            handle.remove()
            first, grad(square)(x)
        """,
        "hooks": "x.register_hook(square)\n[h is square for h in x.hooks()]",
        "hooks of none": "list(x.hooks())",
        "another shape": "x.register_hook(lambda g: g.sum())\ngrad(square)(x)",
        "tuple": "x.register_hook(lambda g: (g,))\ngrad(square)(x)",
        "number": "x.register_hook(lambda g: 3)\ngrad(square)(x)",
        "not callable": "x.register_hook(3)",
        "parameter without gradient": """
            p = Parameter(Tensor([1.0]), name='p', requires_grad=False)
            p.register_hook(square)
        """,
        "under jit": """
            def hook(g):
                return g * 10

            x.register_hook(hook)

            @ms.jit
            def f(a):
                return a * a

            grad(f)(x)
        """,
        "inside jit": """
            def hook(g):
                return g * 10

            @ms.jit
            def f(a):
                b = a * a
                b.register_hook(hook)
                return b * 3

            grad(f)(x)
        """,
        "vjp": "x.register_hook(lambda g: g * 10)\nms.vjp(square, x)[1](y)",
    },
    SETUP,
)

OPERATORS = Table(
    "operators",
    """
        ops.HookBackward(lambda g: None)(x)
        ops.HookBackward(lambda g: None)(x, y)
        grad(lambda a: ops.HookBackward(lambda g: None)(a) * a)(x)
        grad(lambda a: ops.HookBackward(lambda g: g[0] * 10)(a) * a)(x)
        grad(lambda a: ops.HookBackward(lambda g: (g[0] * 10,))(a) * a)(x)
        grad(lambda a: ops.HookBackward(lambda g: (g[0] * 10, g[1] * 100))(a, a * 2))(x)
        grad(lambda a: ops.HookBackward(lambda g: (g[0], g[0]))(a))(x)
        grad(lambda a: ops.HookBackward(lambda g: 3)(a))(x)
        grad(lambda a: ops.HookBackward(lambda g: log.append(g))(a))(x), log
        ops.HookBackward(3)
        ops.HookBackward(square)(3)
        ops.InsertGradientOf(square)(x)
        grad(lambda a: ops.InsertGradientOf(square)(a) * a)(x)
        grad(lambda a: ops.InsertGradientOf(square)(a * 3) * a)(x)
        grad(lambda a: ops.HookBackward(lambda g: log.append(g))(a, a)[1])(x), log
    """,
    SETUP,
    more={
        "InsertGradientOf compiled": """
            insert = ops.InsertGradientOf(square)

            @ms.jit
            def f(a):
                return insert(a * 3) * a

            f(x), grad(f)(x)
        """,
        "clipping a gradient": """
            def clip(g):
                return ops.clip_by_value(g, -1.5, 1.5)

            insert = ops.InsertGradientOf(clip)
            grad(lambda a: insert(a) * a)(x)
        """,
    },
)

SAVED = Table(
    "saved tensors",
    {
        "values pass through": """
            with ms.saved_tensors_hooks(lambda t: t.asnumpy(), lambda n: Tensor(n)):
                result = grad(lambda a: ops.exp(a) * a)(x)
            result
        """,
        "what is unpacked counts": """
            with ms.saved_tensors_hooks(lambda t: t, lambda t: t * 10):
                result = grad(lambda a: ops.exp(a))(x)
            result
        """,
        "nothing is saved for a sum": """
            with ms.saved_tensors_hooks(lambda t: log.append(t) or t, lambda t: t):
                grad(lambda a: a + a)(x)
            log
        """,
        "outside the context": """
            with ms.saved_tensors_hooks(lambda t: log.append(t) or t, lambda t: t):
                pass
            grad(square)(x), log
        """,
        "not a Tensor": """
            with ms.saved_tensors_hooks(lambda t: t, lambda t: 3):
                result = grad(ops.exp)(x)
            result
        """,
        "only around the forward part": """
            def f(a):
                with ms.saved_tensors_hooks(lambda t: t * 0, lambda t: t):
                    b = ops.exp(a)
                return b * 2

            grad(f)(x)
        """,
        "a cell's": """
            class Exp(nn.Cell):
                def construct(self, a):
                    return ops.exp(a)

            cell = Exp()
            handle = cell.register_saved_tensors_hooks(lambda t: t * 2, lambda t: t)
            grad(cell)(x)
        """,
        "not callable": "ms.saved_tensors_hooks(3, 4)",
        "decorator": """
            @ms.register_saved_tensors_hooks(lambda t: t, lambda t: t)
            def f(a):
                return ops.exp(a)

            f(x), grad(f)(x)
        """,
    },
    SETUP,
)

LATE = Table(
    "late hooks",
    {
        name: f"{body}\n(grad(f)(x), grad(f)(Tensor([3.0, 4.0], ms.float32)))"
        for name, body in {
            "of an intermediate": """
                def f(a):
                    b = a * 2
                    c = b * 3
                    b.register_hook(ten)
                    return c + b * 5
            """,
            "after the last use": """
                def f(a):
                    b = a * 2
                    c = b * 3
                    b.register_hook(ten)
                    return c
            """,
            "of the argument": """
                def f(a):
                    b = a * 3
                    a.register_hook(ten)
                    return b + a
            """,
            "of a view": """
                def f(a):
                    b = a * 2
                    view = b.view(2, 1)
                    c = view * 3
                    view.register_hook(ten)
                    return c.sum() + b.sum()
            """,
            "of what a view is of": """
                def f(a):
                    b = a * 2
                    c = b.view(2, 1) * 3
                    b.register_hook(ten)
                    return c.sum() + b.sum()
            """,
            "of all": """
                def f(a):
                    b = a * 2
                    c = b * 3
                    c.register_hook(ten)
                    b.register_hook(ten)
                    a.register_hook(ten)
                    return c
            """,
            "before an item is set": """
                def f(a):
                    b = a * 2
                    c = b * 3
                    b.register_hook(ten)
                    b[0] = 4
                    return c + b
            """,
            "second order": """
                def g(a):
                    b = a * a
                    c = b * b
                    b.register_hook(ten)
                    return c

                f = grad(g)
            """,
            "of no use": """
                def f(a):
                    b = a * 2
                    c = b * 3
                    b.register_hook(ten)
                    return a * 3
            """,
        }.items()
        for body in [dedent(body).strip()]
    },
    """
x = Tensor([1.0, 2.0], ms.float32)

def ten(g):
    return g * 10

class Idle(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0, 3.0], ms.float32), name='w')
        self.idle = Parameter(Tensor([2.0, 3.0], ms.float32), name='idle')
        self.idle.register_hook(seven)

    def construct(self, a):
        return a * self.w

class Registers(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0, 3.0], ms.float32), name='w')

    def construct(self, a):
        self.w.register_hook(ten)
        return a * self.w

def seven(g):
    return g + 7

def both(a, b):
    return a * 2
""",
    graph="too",
    more={
        "an unused weight": "net = Idle()\ngrad(net, None, [net.w, net.idle])(x)",
        "an unused weight alone": "net = Idle()\ngrad(net, None, [net.idle])(x)",
        "an unused weight of vjp": "net = Idle()\nms.vjp(net, x, weights=[net.idle])[1](x)",
        "an unused weight of jit": "net = Idle()\ngrad(ms.jit(net), None, [net.w, net.idle])(x)",
        "all used weights": "net = Idle()\nops.GradOperation(get_by_list=True)(net)(x)",
        "of a Parameter": "net = Registers()\ngrad(net, None, net.w)(x)",
        "of a Parameter under jit": "net = Registers()\nms.jit(net)(x)",
    },
)

TABLES = [CELLS, TENSORS, OPERATORS, SAVED, LATE]
