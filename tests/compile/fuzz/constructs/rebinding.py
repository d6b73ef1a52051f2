"""What names mean changes between the calls: functions, layers, methods, hooks, modes."""

from fuzz.construct import Table

table = Table("rebinding")

HALF = "def scaled#(v):\n    return v * 0.5"

table(
    "global_function",
    top=HALF,
    body="y = scaled#(y)",
    after="global scaled#\nif k == 2:\n    scaled# = lambda v: v * 4.0",
)
table("function_kept", init="$f = lambda v: v * 0.5", body="y = $f(y)", after="if k == 2:\n    $f = lambda v: v * 4.0")
table("lambda_anew", init="$f = lambda v: v * 0.5", body="y = $f(y)", after="$f = lambda v: v * 0.5")
table(
    "closure_anew",
    top="def made#(n):\n    return lambda v: v * n",
    init="$f = made#(0.5)",
    body="y = $f(y)",
    after="$f = made#(0.5 * k)",
)
table(
    "closure_with_tensor_anew",
    top="def made#(n):\n    return lambda v: v * n",
    init="$f = made#(Tensor([0.5]))",
    body="y = $f(y)",
    after="$f = made#(Tensor([0.5 * k]))",
)
table(
    "code_replaced",
    top=HALF + "\ndef other#(v):\n    return v * 4.0",
    body="y = scaled#(y)",
    after="if k == 2:\n    scaled#.__code__ = other#.__code__",
)
table(
    "builtin_shadowed",
    body="y = y * abs(-0.5)",
    after="if k == 2:\n    globals()['abs'] = lambda v: 4.0\nif k == 3:\n    globals().pop('abs', None)",
)
table(
    "layer_replaced",
    init="$c = nn.Dense(3, 3, weight_init='ones')",
    body="y = y + $c(x.reshape(1, 3)).reshape(3) * 0.125",
    after="if k == 2:\n    $c = nn.Dense(3, 3, weight_init='zeros')",
)
table("layer_of_another_kind", init="$c = nn.Tanh()", body="y = $c(y)", after="$c = nn.ReLU() if k % 2 else nn.Tanh()")
table(
    "parameter_replaced",
    init="$w = Parameter(Tensor([1.0, 0.5, 2.0]), name='w#')",
    body="y = y * $w",
    after="if k == 2:\n    $w = Parameter(Tensor([0.5, 0.5, 1.0]), name='v#')",
)
table(
    "parameter_becomes_tensor",
    init="$b = Tensor([1.0, 0.5, 2.0])",
    body="y = y * $b",
    after="if k == 2:\n    $b = Parameter(Tensor([0.5, 0.5, 1.0]), name='v#')",
)
table(
    "parameter_of_layer_replaced",
    init="$c = nn.Dense(3, 3, weight_init='ones')",
    body="y = y + $c(x.reshape(1, 3)).reshape(3) * 0.125",
    after="if k == 2:\n    $c.weight = Parameter(Tensor(np.eye(3, dtype=np.float32)), name='eye#')",
)
table(
    "bias_removed",
    init="$c = nn.Dense(3, 3, weight_init='ones', bias_init='ones')",
    body="y = y + $c(x.reshape(1, 3)).reshape(3) * 0.125",
    after="if k == 2:\n    $c.has_bias = False",
)
table("trained_or_not", init="$c = nn.Dropout(p=0.5)", body="y = $c(y)", after="$c.set_train(k in (1, 3))")
table(
    "frozen",
    init="$w = Parameter(Tensor([1.0, 0.5, 2.0]), name='w#')",
    body="y = y * $w",
    after="$w.requires_grad = k % 2 == 1",
)
table(
    "requires_grad_read",
    init="$w = Parameter(Tensor([1.0, 0.5, 2.0]), name='w#')",
    body="y = y * (0.5 if $w.requires_grad else 2.0)",
    after="$w.requires_grad = k % 2 == 1",
)
table(
    "name_read",
    init="$w = Parameter(Tensor([1.0, 0.5, 2.0]), name='w#')",
    body="y = y * (0.5 if $w.name.endswith('#') else 2.0)",
    after="if k == 2:\n    $w.name = 'other'",
)
table(
    "forward_hook",
    init="$c = nn.Tanh()\n$h = None",
    body="y = $c(y)",
    after="if k == 1:\n    $h = $c.register_forward_hook(lambda cell, args, result: result * 0.5)\nif k == 3:\n    $h.remove()",
)
table(
    "forward_pre_hook",
    init="$c = nn.Tanh()\n$h = None",
    body="y = $c(y)",
    after="if k == 1:\n    $h = $c.register_forward_pre_hook(lambda cell, args: (args[0] * 0.5,))\nif k == 3:\n    $h.remove()",
)
table(
    "hook_that_prints",
    init="$c = nn.Tanh()",
    body="y = $c(y)",
    after="if k == 1:\n    $c.register_forward_hook(lambda cell, args, result: print('hook#'))",
)
table(
    "hook_of_parameter",
    init="$w = Parameter(Tensor([1.0, 0.5, 2.0]), name='w#')\n$h = None",
    body="y = y * $w",
    after="if k == 1:\n    $h = $w.register_hook(lambda g: g * 0.5)\nif k == 3:\n    $h.remove()",
)
table(
    "to_float",
    init="$c = nn.Dense(3, 3, weight_init='ones')",
    body="y = y + $c(x.reshape(1, 3)).reshape(3).astype(ms.float32) * 0.125",
    after="if k == 2:\n    $c.to_float(ms.float16)",
)
table(
    "construct_patched",
    init="$c = nn.Tanh()",
    body="y = $c(y)",
    after="if k == 2:\n    $c.construct = lambda v: v * 0.25",
)
table(
    "operator_of_module",
    top="namespace# = types.ModuleType('namespace#')\nnamespace#.act = ops.tanh",
    body="y = namespace#.act(y)",
    after="if k == 2:\n    namespace#.act = ops.relu",
)
table(
    "decorated_later",
    top=HALF,
    body="y = scaled#(y)",
    after="global scaled#\nif k == 2:\n    scaled# = functools.wraps(scaled#)(lambda v, f=scaled#: f(v) * 0.5)",
)
table(
    "alias_of_import",
    top="act# = ops.tanh",
    body="y = act#(y)",
    after="global act#\nact# = (ops.tanh, ops.relu)[k % 2]",
)
table(
    "partial_anew",
    init="$f = functools.partial(ops.mul, 0.5)",
    body="y = $f(y)",
    after="$f = functools.partial(ops.mul, 0.5 * k)",
)
table(
    "attribute_deleted",
    init="$o = types.SimpleNamespace(n=0.5)",
    body="y = y * getattr($o, 'n', 2.0)",
    after="if k == 2:\n    del $o.n",
)
table(
    "dict_key_deleted",
    init="$d = {'n': 0.5}",
    body="y = y * $d['n'] if 'n' in $d else y + 1.0",
    after="if k == 2:\n    del $d['n']",
)
table("seed_set", body="y = y + ops.standard_normal((3,))", after="ms.set_seed(k)")
table(
    "object_replaced",
    init="$o = types.SimpleNamespace(t=Tensor([0.5, 1.0, 1.0]))",
    body="$o.t = $o.t * 0.5\ny = y + $o.t",
    after="if k == 2:\n    $o = types.SimpleNamespace(t=Tensor([2.0, 1.0, 1.0]))",
)
table(
    "moved_to_another_object",
    init="$o = types.SimpleNamespace(t=Tensor([0.5, 1.0, 1.0]))",
    body="$o.t.mul_(0.5)\ny = y + $o.t",
    after="$o = types.SimpleNamespace(t=$o.t)",
)
table(
    "wrapped_in_list",
    init="$o = Tensor([0.5, 1.0, 1.0])",
    body="y = y * ($o[0] if isinstance($o, list) else $o)",
    after="if k == 2:\n    $o = [$o]",
)
table(
    "class_rebound",
    top="class Own#:\n    n = 0.5",
    body="y = y * Own#.n",
    after="global Own#\nif k == 2:\n    class Own#:\n        n = 2.0",
)
table(
    "state_dict_loaded",
    init="$c = nn.Dense(3, 3, weight_init='ones')",
    body="y = y + $c(x.reshape(1, 3)).reshape(3) * 0.125",
    after="if k == 2:\n    ms.load_param_into_net($c, {'weight': Parameter(Tensor(np.eye(3, dtype=np.float32)), name='weight')})",
)
