"""`ms.jit`, its options, what is constant and what is not, Parameters."""

from golden.cases import Table

SETUP = """
x = Tensor([1.0, 2.0], ms.float32)
y = Tensor([3.0, 4.0], ms.float32)

def cube(a):
    return a * a * a

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([0.5, 1.5], ms.float32), name='w')
        self.k = 2

    def construct(self, a, b=None):
        return a * self.w * self.k if b is None else a * self.w + b

net = Net()
"""


def lambdas(rows: str) -> dict[str, str]:
    """Cases from rows `lambda | arguments`. MindSpore reads a lambda's source, which has to stand on its own line."""
    pairs = [[part.strip() for part in line.split(" | ")] for line in rows.strip().splitlines()]
    return {f"{fn} at {given}": f"f = {fn}\nms.jit(f)({given})" for fn, given in pairs}


FORMS = Table(
    "forms",
    """
        ms.jit(cube)(x)
        ms.jit(net)(x)
        ms.jit(net)(x, y)
        ms.jit(net.construct)(x)
        ms.jit()(cube)(x)
        ms.jit(capture_mode='ast')(cube)(x)
        ms.jit(capture_mode='bytecode')(cube)(x)
        ms.jit(capture_mode='trace')(cube)(x)
        ms.jit(cube, jit_level='O1')(x)
        ms.jit(cube, dynamic=1)(x)
        ms.jit(cube, fullgraph=True)(x)
        ms.jit(cube, backend='ms_backend')(x)
        ms.jit(cube, mode='PSJit')(x)
        ms.jit(cube, input_signature=None)(x)
        ms.jit(3)
        ms.jit(None)(cube)(x)
        ms.jit(cube).__name__
        ms.jit(cube).__wrapped__ is cube
        ms.jit(ms.jit(cube))(x)
        ms.jit(grad(cube))(x)
        grad(ms.jit(cube))(x)
        value_and_grad(ms.jit(net), 0, [net.w])(x)
        ms.jit(functools.partial(cube))(x)
        ms.jit(fn=cube)
        ms.jit(cube)(a=x)
    """,
    SETUP,
    more={
        "decorator": "@ms.jit\ndef f(a):\n    return a + 1\n\nf(x)",
        "decorator with options": "@ms.jit(jit_level='O0', dynamic=0)\ndef f(a):\n    return a + 1\n\nf(x)",
        "on construct": """
            class Square(nn.Cell):
                @ms.jit
                def construct(self, a):
                    return a * a

            Square()(x)
        """,
        "on a method of a Cell": """
            class Two(nn.Cell):
                def __init__(self):
                    super().__init__()
                    self.w = Parameter(Tensor([2.0, 3.0]), name='w')

                @ms.jit
                def scaled(self, a):
                    return a * self.w

                def construct(self, a):
                    return self.scaled(a) + 1

            two = Two()
            two(x), two.scaled(x), grad(two, 0, [two.w])(x)
        """,
        "a jit function calls another": """
            @ms.jit
            def inner(a):
                return a * a

            @ms.jit
            def outer(a):
                return inner(a) + inner(a + 1)

            outer(x), grad(outer)(x)
        """,
        "a docstring is kept": "@ms.jit\ndef f(a):\n    'doc'\n    return a\n\nf.__doc__",
    },
)

OPTIONS = Table(
    "options",
    """
        ms.jit(cube, jit_level='O2')
        ms.jit(cube, jit_level=1)
        ms.jit(cube, capture_mode='eager')
        ms.jit(cube, capture_mode=0)
        ms.jit(cube, dynamic=2)
        ms.jit(cube, dynamic=True)(x)
        ms.jit(cube, dynamic='1')
        ms.jit(cube, fullgraph=1)
        ms.jit(cube, backend='unknown')(x)
        ms.jit(cube, backend=3)
        ms.jit(cube, 'ast')
    """,
    SETUP,
)

CALLS = Table(
    "calling errors",
    """
        ms.jit(cube)(x, y)
        ms.jit(cube)()
        ms.jit(cube)(x, q=y)
        ms.jit(cube)(b=x)
        ms.jit(net)(x, y, x)
        ms.jit(net)()
    """,
    SETUP,
    more=lambdas("""
        lambda a, b=1.0: a * b | x, 1.0, 2.0
        lambda *a: a[0] + a[1] | x, y
        lambda **k: k['a'] + k['b'] | a=x, b=y
        lambda a, *, b: a * b | x, b=y
        lambda a, *, b: a * b | x, y
    """),
)

VALUES = Table(
    "what comes back",
    lambdas(
        """
            lambda a: (a, 3, 2.5, True, None, 'text') | x
            lambda a: [a, [a + 1], (a,)] | x
            lambda a: {'k': a, 'n': 1} | x
            lambda a: {'k': {'inner': [a]}} | x
            lambda a: () | x
            lambda a: [] | x
            lambda a: 3 | x
            lambda a: None | x
            lambda a: 'text' | x
            lambda a: a.shape | x
            lambda a: a.dtype | x
            lambda a: len(a) | x
            lambda a: a.ndim + a.size | x
            lambda a, n: a * n | x, 3
            lambda a, n: n | x, 3
            lambda a, n: n + 1 | x, 3
            lambda a, n: n * 0.5 | x, 3
            lambda a, s: s + '!' | x, 'text'
            lambda a, n: a if n is None else a * n | x, None
            lambda p: p[0] * p[1] | (x, y)
            lambda p: p | (x, 2)
            lambda p: p['a'] + p['b'] | {'a': x, 'b': y}
            lambda p: p | [x, (y, 1)]
            lambda a, n: n + 1 | x, np.array([1.0, 2.0], np.float32)
            lambda a, n: a + Tensor(n) | x, np.array([1.0, 2.0], np.float32)
            lambda a, n: a * n | x, ms.mutable(3)
            lambda p: p[0] + p[1] | ms.mutable((x, y))
            lambda a: a | x
            lambda a, t: a.astype(t) | x, ms.float16
            lambda n: n + 1 | 3
            lambda n: n * 1.5 | 2.0
            lambda n: not n | True
        """
    ),
    SETUP,
    more={
        "no argument": "f = lambda: 5\nms.jit(f)()",
        "types": "f = lambda a: (1, 1.0, True, a, None)\n[type(part).__name__ for part in ms.jit(f)(x)]",
    },
)

LIVE = Table(
    "constants and variables",
    {
        "python values compile anew": """
            g = lambda a, n: a * n
            f = ms.jit(g)
            f(x, 2), f(x, 3), f(x, 2.5), f(x, True), f(x, 2)
        """,
        "shapes and dtypes compile anew": """
            g = lambda a: a * 2
            f = ms.jit(g)
            f(x), f(Tensor([1.0])), f(Tensor([[1, 2]])), f(x.astype(ms.float16))
        """,
        "defaults": "g = lambda a, n=2, flag=True: a * n if flag else a\nf = ms.jit(g)\nf(x), f(x, 3), f(x, flag=False)",
        "a captured Tensor": "c = Tensor([2.0, 3.0])\ng = lambda a: a * c\nf = ms.jit(g)\nf(x), f(y)",
        "a global rebound": """
            c = Tensor([2.0, 3.0])

            @ms.jit
            def f(a):
                return a * c

            first = f(x)
            c = Tensor([5.0, 7.0])
            first, f(x)
        """,
        "a captured Tensor written": """
            c = Tensor([2.0, 3.0])

            @ms.jit
            def f(a):
                return a * c

            first = f(x)
            c[0] = 10.0
            first, f(x)
        """,
        "a Python global rebound": """
            rate = 2.0

            @ms.jit
            def f(a):
                return a * rate

            first = f(x)
            rate = 5.0
            first, f(x)
        """,
        "an attribute of an object": """
            class Options:
                rate = 2.0

            options = Options()

            @ms.jit
            def f(a):
                return a * options.rate

            first = f(x)
            options.rate = 5.0
            first, f(x)
        """,
        "an attribute of a Cell": "f = ms.jit(net)\nfirst = f(x)\nnet.k = 5\nfirst, f(x)",
        "training flag": """
            class Flag(nn.Cell):
                def construct(self, a):
                    return a * 2 if self.training else a

            flag = Flag()
            f = ms.jit(flag)
            first = f(x)
            flag.set_train()
            first, f(x)
        """,
        "a list argument is not changed": """
            @ms.jit
            def f(a, items):
                items.append(a)
                return items

            items = [x]
            result = f(y, items)
            len(items), result
        """,
        "a captured list": """
            items = []

            @ms.jit
            def f(a):
                items.append(1)
                return a * 2

            f(x), len(items)
        """,
        "a mutable int": "g = lambda a, n: a * n\nf = ms.jit(g)\nf(x, ms.mutable(2)), f(x, ms.mutable(3))",
    },
    SETUP,
)

PARAMETERS = Table(
    "parameters",
    {
        "ops.assign outside is seen": "f = ms.jit(net)\nfirst = f(x)\nops.assign(net.w, y)\nfirst, f(x)",
        "set_data outside is seen": "f = ms.jit(net)\nfirst = f(x)\nnet.w.set_data(y)\nfirst, f(x)",
        "an item set outside is seen": "f = ms.jit(net)\nfirst = f(x)\nnet.w[0] = 9.0\nfirst, f(x)",
        "assign_add inside": """
            p = Parameter(Tensor([0.0, 0.0]), name='p')

            @ms.jit
            def f(a):
                ops.assign_add(p, a)
                return p * 2

            f(x), f(x), p
        """,
        "assign inside": """
            p = Parameter(Tensor([0.0, 0.0]), name='p')

            @ms.jit
            def f(a):
                ops.assign(p, a * 3)
                return a

            f(x), p.asnumpy()
        """,
        "item set inside": """
            p = Parameter(Tensor([0.0, 0.0]), name='p')

            @ms.jit
            def f(a):
                p[0] = a[1]
                return a

            f(x), p.asnumpy()
        """,
        "an attribute of a Cell assigned inside": """
            class Buffer(nn.Cell):
                def __init__(self):
                    super().__init__()
                    self.total = Parameter(Tensor([0.0, 0.0]), name='total', requires_grad=False)

                @ms.jit
                def construct(self, a):
                    self.total = self.total + a
                    return self.total * 1

            buffer = Buffer()
            buffer(x), buffer(x), buffer.total.asnumpy()
        """,
        "a training step": """
            p = Parameter(Tensor([1.0, 2.0]), name='p')
            optimizer = nn.SGD([p], 0.5)
            def loss(a):
                return (a * p * p).sum()

            step_gradient = value_and_grad(loss, None, [p])

            @ms.jit
            def step(a):
                loss, gradients = step_gradient(a)
                optimizer(gradients)
                return loss

            step(x), step(x * 0.1), p.asnumpy()
        """,
        "optimizer steps are seen": """
            optimizer = nn.SGD([net.w], 0.5)
            f = ms.jit(net)
            first = f(x)
            optimizer((y,))
            first, f(x)
        """,
        "a Parameter as argument": "f = lambda p, a: p * a\nms.jit(f)(net.w, x)",
        "a Parameter returned": "f = lambda a: net.w * 1\nms.jit(f)(x)",
        "gradient of a Parameter": "f = lambda a: a * net.w * net.w\ngrad(ms.jit(f), None, [net.w])(x)",
        "gradient inside": """
            @ms.jit
            def f(a):
                return ms.grad(net, 0, [net.w])(a, a)

            f(x)
        """,
    },
    SETUP,
)

JIT_CLASS = Table(
    "jit_class and mutable",
    {
        "an instance": """
            @ms.jit_class
            class Scale:
                def __init__(self, k):
                    self.k = k

                def __call__(self, a):
                    return a * self.k

                def twice(self, a):
                    return self(self(a))

            scale = Scale(3)

            @ms.jit
            def f(a):
                return scale(a) + scale.twice(a) + scale.k

            f(x)
        """,
        "on a Cell": "ms.jit_class(Net)",
        "on a function": "ms.jit_class(cube)",
        "a plain class": """
            class Scale:
                def __init__(self, k):
                    self.k = k

                def act(self, a):
                    return a * self.k

            scale = Scale(3)

            @ms.jit
            def f(a):
                return scale.act(a)

            f(x)
        """,
        "lazy_inline": """
            class Block(nn.Cell):
                @ms.lazy_inline
                def __init__(self):
                    super().__init__()
                    self.k = 3

                def construct(self, a):
                    return a * self.k

            Block()(x), ms.jit(Block())(x)
        """,
    },
    SETUP,
    more={
        line: line
        for line in (
            "[type(ms.mutable(v)).__name__ for v in (1, 1.0, True, (1,), [1], {'a': 1})]",
            "ms.mutable(3) + 1, ms.mutable(2.5) * 2, ms.mutable([1, 2]) == [1, 2], ms.mutable({'a': 1})['a']",
            "ms.mutable(x)",
            "ms.mutable(None)",
            "ms.mutable('text')",
            "ms.mutable(np.array([1.0]))",
            "ms.mutable((1, None))",
            "ms.mutable(x, dynamic_len=True)",
            "ms.mutable({'a': 1}, dynamic_len=True)",
            "ms.mutable((1, 2), dynamic_len=1)",
            "ms.mutable((1, 2), dynamic_len=True)",
            "ms.mutable((x, y), True)",
        )
    },
)

TABLES = [FORMS, OPTIONS, CALLS, VALUES, LIVE, PARAMETERS, JIT_CLASS]
