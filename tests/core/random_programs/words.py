"""What random programs are made of. `{}` is a variable, `{axis}` one of its axes."""


def several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


DTYPES = several("""
    bool_; uint8; int8; int16; int32; int32; int64; int64; float16; bfloat16; float32; float32; float32; float64;
    complex64; float32; int32; int64; float16; float64
""")
KINDS = {
    **dict.fromkeys(("int8", "int16", "int32", "int64"), "int"),
    **dict.fromkeys(("float16", "bfloat16", "float32", "float64"), "float"),
    "bool_": "bool",
    "uint8": "uint",
    "complex64": "complex",
}
WHOLE = several("...; None; True; ()")
SHAPES = ((), (), (3,), (3,), (2, 3), (2, 3), (2, 3), (3, 2), (3, 2), (2, 1), (1, 3), (1,), (2, 3, 2), (3, 1, 2))
EMPTY = ((0,), (2, 0))
NUMBERS = several("1; 2; 2; 3; -1; -2; 0.5; 1.5; -2.0; 2.0; True; 1; 2; -3; 4; 2.5; -0.5; 7")
ODD_NUMBERS = several("0; False; 300; -129; 2**40; 1e10; 1j; float('nan'); 0.0")
SPECIAL = {
    "int": (100, -128),
    "uint": (255, 128),
    "float": ("float('nan')", "float('inf')", "-float('inf')", -0.0, 300.0),
}

# By the kind of what they give; "same" is that of the variable.
ELEMENTWISE = {
    "same": several("""
        -{}; +{}; abs({}); {}.abs(); {}.neg(); {}.square(); ops.square({}); ops.relu({}); ops.sign({}); mint.sign({});
        ops.abs({}); ops.floor({}); {}.floor(); mint.ceil({}); ops.ceil({}); ops.trunc({}); mint.trunc({});
        ops.round({}); {}.round(); mint.round({}); ops.neg({}); {}.negative(); ops.zeros_like({}); ops.ones_like({});
        mint.zeros_like({}); mint.ones_like({}); ops.full_like({}, 2); {}.copy(); {}.clamp(-1, 2); {}.clip(0, 1);
        ops.clamp({}, 0.5, 2.5); mint.clamp({}, min=1); {}.fill(2); ops.identity({}); ops.stop_gradient({});
        mint.nn.functional.relu({}); ops.frac({}); mint.frac({}); ops.relu6({}); ops.hardtanh({}); ops.conj({});
        {}.conj(); {}.nan_to_num(0.0); ops.fliplr({}); ops.deepcopy({}); {}.clone(); {}.contiguous(); ops.positive({});
        mint.clone({}); mint.neg({}); mint.abs({}); mint.square({})
    """),
    "float": several("""
        ops.exp({}); {}.exp(); mint.exp({}); ops.sqrt({}); {}.sqrt(); mint.sqrt({}); ops.log({}); mint.log({});
        ops.sin({}); {}.sin(); mint.cos({}); ops.tanh({}); {}.tanh(); ops.sigmoid({}); mint.sigmoid({}); {}.sigmoid();
        ops.rsqrt({}); mint.rsqrt({}); ops.reciprocal({}); mint.reciprocal({}); ops.log1p({}); ops.expm1({});
        mint.erf({}); ops.erf({}); ops.atan({}); ops.softmax({}); ops.softmax({}, -1); ops.gelu({});
        ops.silu({}); ops.softplus({}); ops.elu({}); ops.leaky_relu({}); ops.exp2({}); ops.log2({}); mint.log2({});
        ops.asinh({}); ops.sinh({}); ops.deg2rad({}); ops.log_softmax({}); mint.nn.functional.gelu({});
        mint.nn.functional.silu({}); ops.hardswish({}); ops.logit({}, 0.25); ops.sinc({})
    """),
    "bool": several("""
        ops.isnan({}); {}.isnan(); mint.isnan({}); ops.isinf({}); ops.isfinite({}); mint.isfinite({}); {}.isfinite();
        ops.logical_not({}); {}.logical_not(); mint.logical_not({}); ~{}; {}.bool(); ops.signbit({})
    """),
    "int": several("{}.int(); {}.long(); ops.nonzero({}); {}.nonzero(); mint.nonzero({})"),
}
# Those of them that may give the Tensor itself.
SAME = several("+{}; ops.identity({}); ops.stop_gradient({}); {}.contiguous(); {}.bool(); {}.int(); {}.long()")
# Of all elements, or along an axis, which goes or stays with length 1.
REDUCTIONS = several("""
    {}.sum(); {}.mean(); {}.max(); {}.min(); {}.prod(); ({} > 0).any(); ({} > 0).all(); {}.argmax(); {}.argmin();
    {}.std(); {}.var(); ops.sum({}); mint.sum({}); mint.mean({}); ops.mean({}); mint.max({}); mint.min({});
    mint.prod({}); ops.prod({}); mint.any({} > 0); mint.all({} > 0); ops.any({} > 0); ops.all({} > 0); ops.argmax({});
    ops.amax({}); ops.amin({}); mint.amax({}); mint.amin({}); {}.median(); ops.std({}); ops.var({}); mint.std({});
    mint.var({}); ops.count_nonzero({}); ops.norm({}); ops.reduce_sum({}); ops.reduce_mean({}); ops.reduce_max({});
    ops.nansum({}); mint.nansum({}); {}.amax(); {}.norm()
""")
ALONG = several("""
    {}.sum({axis}); {}.mean({axis}); {}.max({axis}); {}.min({axis}); {}.prod({axis}); ({} > 0).any({axis});
    ({} > 0).all({axis}); {}.argmax({axis}); {}.argmin({axis}); {}.std({axis}); {}.var({axis}); ops.sum({}, {axis});
    mint.sum({}, {axis}); mint.mean({}, {axis}); ops.mean({}, {axis}); mint.max({}, {axis})[0];
    mint.min({}, {axis})[1]; ops.max({}, {axis})[0]; ops.max({}, {axis})[1]; ops.min({}, {axis})[0];
    mint.prod({}, {axis}); ops.prod({}, {axis}); mint.any({} > 0, {axis}); mint.all({} > 0, {axis});
    ops.all({} > 0, {axis}); ops.argmin({}, {axis}); ops.amax({}, {axis}); mint.amin({}, {axis});
    ops.median({}, {axis})[0]; ops.std({}, {axis}); mint.var({}, {axis}); ops.logsumexp({}, {axis});
    mint.logsumexp({}, {axis}); ops.count_nonzero({}, {axis}); ops.reduce_sum({}, {axis}); ops.reduce_max({}, {axis});
    ops.norm({}, dim={axis}); {}.sum(axis={axis}); {}.mean(axis={axis}); {}.max(axis={axis}); {}.sum(axis=({axis},));
    {}.logsumexp({axis})
""")
KEPT = several("""
    {}.sum({axis}, keepdims=True); {}.mean({axis}, keep_dims=True); {}.max({axis}, keepdims=True);
    {}.sum({axis}, keepdim=True); mint.sum({}, {axis}, True); mint.mean({}, {axis}, True); ops.amax({}, {axis}, True);
    {}.prod({axis}, keep_dims=True); ({} > 0).all({axis}, keep_dims=True); ops.sum({}, {axis}, keepdim=True);
    {}.min({axis}, keepdims=True); mint.var({}, {axis}, keepdim=True); mint.max({}, {axis}, True)[0];
    ops.mean({}, {axis}, True); ({} > 0).any({axis}, True); mint.any({} > 0, {axis}, keepdim=True)
""")
# Along an axis, whose length stays.
RUNNING = several("""
    {}.cumsum({axis}); ops.cumsum({}, {axis}); ops.cumprod({}, {axis}); {}.cumprod({axis}); ops.cummax({}, {axis})[0];
    ops.cummin({}, {axis})[1]; mint.cummax({}, {axis})[1]; ops.flip({}, ({axis},)); mint.flip({}, ({axis},));
    ops.sort({}, {axis})[0]; mint.sort({}, {axis})[0]; {}.sort({axis})[1]; ops.argsort({}, {axis});
    mint.argsort({}, {axis}); {}.argsort({axis}); ops.softmax({}, {axis}); ops.reverse({}, ({axis},));
    {}.flip(({axis},)); ops.cumsum({}, {axis}, ms.float32); mint.sort({}, {axis}, True)[0];
    ops.sort({}, {axis}, True)[1]; ops.logcumsumexp({}, {axis})
""")
# Those that give views, by the least number of axes.
VIEWS = {
    0: several("{}.reshape(1); {}.expand_dims(0); {}[None]; {}.view(1, 1); {}.flatten(); {}.unsqueeze(0)"),
    1: several("""
        {}[1:]; {}[-1]; {}[0]; {}[::2]; {}[:2]; {}.reshape(-1); {}[None]; {}.flatten(); {}.expand_dims(-1);
        {}[..., None]; {}[-2:]; {}.reshape((-1, 1)); {}.view(-1); {}.unsqueeze(-1); {}.ravel(); {}[:]; {}[1:1];
        ops.expand_dims({}, 0); ops.reshape({}, (1, -1)); mint.reshape({}, (-1,)); mint.unsqueeze({}, 0); {}.squeeze();
        mint.flatten({}); ops.squeeze({}); {}.view((1, -1)); {}.reshape(1, -1); ops.ravel({}); {}.narrow(0, 1, 1);
        mint.narrow({}, 0, 0, 2); mint.squeeze({}, 0); {}.select(0, 1); mint.select({}, 0, 0); {}[1]; {}[-3:-1]
    """),
    2: several("""
        {}[0]; {}[:, 0]; {}[..., -1]; {}.T; {}.transpose(); {}.swapaxes(0, 1); {}.view(-1); {}[:1, ::2]; {}[1, 0];
        {}.transpose(1, 0); ops.transpose({}, (1, 0)); mint.transpose({}, 0, 1); ops.swapaxes({}, 0, -1); {}[:, None];
        {}.permute(1, 0); mint.permute({}, (1, 0)); {}[:, 1:]; {}.reshape(3, -1); {}.view(-1, 2); {}[0, ..., 0];
        {}[1, ...]; {}[0][0]; {}[0, 1:]; {}.T[0]; {}[:, ::2]; {}.narrow(1, 0, 1); {}[None, 0]; {}.squeeze(1);
        {}.squeeze(0); mint.squeeze({}); {}.t(); ops.movedim({}, 0, 1); {}.diagonal(); {}[1][-1]
    """),
    3: several("""
        {}[0, 1]; {}[:, 0, :]; {}.transpose(2, 0, 1); {}.transpose((1, 0, 2)); {}[..., 0, :]; {}[:, :, 1];
        {}.reshape(-1, 2); {}.view(6, -1); {}.permute(2, 1, 0); {}[0, :, 0]; {}[:, 1, 0]; {}.swapaxes(0, 2)
    """),
}
# Those that give new Tensors of other shapes, by the least number of axes.
SHAPED = {
    0: several("""
        {}.broadcast_to((2, 3)).copy(); ops.stack(({0}, {0})); ops.tile({}, (2,)); {}.expand((2, 3)).copy();
        ops.unsqueeze({}, 0); mint.tile({}, (2,)); {}.tile((2, 1)); ops.atleast_1d({});
        ops.broadcast_to({}, (2, 3)) + 0; mint.broadcast_to({}, (2, 3)).copy(); ops.atleast_2d({})
    """),
    1: several("""
        ops.cat(({0}, {0})); mint.cat(({0}, {0}), -1); ops.concat(({0}, {0})); {}.repeat(2, 0); {}[[0, 0]].copy();
        {}[[True, False, True]].copy(); {}[Tensor([0, -1])].copy(); ops.diag({}); {}.chunk(2)[0]; {}.split(1)[0];
        {}.unbind()[0]; mint.repeat_interleave({}, 2); ops.repeat_interleave({}, 2, 0);
        ops.gather({}, Tensor([0, 0]), 0); ops.unstack({})[0]; mint.chunk({}, 2)[-1]; mint.split({}, 1)[-1];
        ops.split({}, 1)[0]; {}.diag(); ops.diff({}); mint.unbind({})[0]; {}.take(Tensor([0, 1]));
        mint.index_select({}, 0, Tensor([0, 0])); {}.index_select(0, Tensor([0])); ops.meshgrid({0}, {0})[0].copy();
        ops.topk({}, 1)[0]; mint.topk({}, 1)[1]; {}.topk(1)[0]; ops.unique({})[0]; mint.unique({}); ops.one_hot({}, 4);
        ops.pad({}, (1, 1)); {}[-1:0].copy(); ops.outer({0}, {0}); ops.dot({0}, {0}); mint.dot({0}, {0});
        ops.vstack(({0}, {0})); ops.hstack(({0}, {0})); ops.column_stack(({0}, {0}))
    """),
    2: several("""
        {}[:, [0]].copy(); {}[[0, 1], [1, 0]].copy(); ops.tril({}); mint.triu({}); {}.triu(); {}.tril(1);
        ops.triu({}, -1); {0} @ {0}.T; ops.matmul({0}, {0}.T); mint.matmul({0}, {0}.T); {}[0, [1, 0]].copy();
        {}[Tensor([1]), 0].copy(); ops.cat(({0}, {0}), 1); mint.cat(({0}, {0}), 1); {}.split(1, 1)[0];
        ops.rot90({}, 1, (0, 1)); mint.tril({}); {}.gather(Tensor([0]), 1); {}[..., [0, 1]].copy();
        ops.gather({}, Tensor([[1, 0]]), 1); {}.trace(); ops.trace({}); ops.mm({0}, {0}.T); {}.unbind(1)[-1];
        ops.gather_elements({}, 0, Tensor([[0]])); mint.gather({}, 1, Tensor([[0]]))
    """),
    3: several("""
        ops.bmm({0}, {0}.swapaxes(1, 2)); {0}.matmul({0}.swapaxes(1, 2)); {}[:, [1, 0]].copy(); {}[0, :, [1]].copy()
    """),
}
PARTS = ("chunk", "split", "unbind", "unstack", "atleast")  # those of them that give views
ARITHMETIC, LOGIC = ("+", "-", "*", "+", "-", "*", "/", "//", "%", "**"), ("&", "|", "^")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
PAIRED = several("""
    ops.add({}, {}); mint.add({}, {}); ops.sub({}, {}); mint.sub({}, {}); ops.mul({}, {}); mint.mul({}, {});
    ops.div({}, {}); mint.div({}, {}); ops.maximum({}, {}); ops.minimum({}, {}); mint.maximum({}, {});
    mint.minimum({}, {}); ops.pow({}, {}); mint.pow({}, {}); ops.floor_divide({}, {}); mint.floor_divide({}, {});
    ops.fmod({}, {}); mint.remainder({}, {}); ops.remainder({}, {}); mint.add({}, {}, alpha=2); {}.add({}); {}.sub({});
    {}.mul({}); {}.div({}); {}.pow({}); {}.maximum({}); {}.minimum({}); ops.equal({}, {}); mint.eq({}, {}); {}.eq({});
    {}.gt({}); {}.lt({}); mint.ne({}, {}); ops.greater({}, {}); ops.less_equal({}, {}); ops.logical_and({}, {});
    mint.logical_or({}, {}); ops.logical_xor({}, {}); mint.where({0} > 0, {0}, {1}); ops.where({0} > 0, {0}, {1});
    {0}.where({0} > 1, {1}); ops.select({0} > 0, {0}, {1}); ops.masked_fill({0}, {0} > 0, {1}); ops.atan2({}, {});
    {0}.masked_fill({0} > 1, {1}); mint.bitwise_and({}, {}); ops.bitwise_or({}, {}); ops.bitwise_xor({}, {});
    ops.lerp({}, {}, 0.5); mint.lerp({}, {}, 0.5); ops.addcmul({0}, {1}, {1}, 0.5); ops.addcdiv({0}, {1}, {1}, 0.5);
    ops.hypot({}, {}); ops.xlogy({}, {}); mint.xlogy({}, {}); mint.div({}, {}, rounding_mode='floor');
    ops.div({}, {}, rounding_mode='trunc'); mint.sub({}, {}, alpha=2); ops.true_divide({}, {}); {}.true_divide({});
    ops.isclose({}, {}); mint.isclose({}, {}); {}.equal({}); mint.equal({}, {}); ops.truncate_div({}, {});
    ops.truncate_mod({}, {}); {}.remainder({}); {}.floor_divide({}); {}.logical_and({}); {}.greater_equal({});
    {}.not_equal({}); {}.subtract({}); {}.multiply({}); ops.subtract({}, {}); ops.multiply({}, {}); ops.divide({}, {});
    mint.fmod({}, {}); {}.fmod({}); {}.expand_as({}).copy(); {0}.broadcast_to({1}.shape).copy();
    {}.reshape_as({}).copy(); {}.view_as({}).copy(); {}.type_as({}); ops.cat(({}, {})); mint.cat(({}, {}), -1);
    ops.stack(({}, {})); ops.matmul({}, {}); {} @ {}
""")
# Those of a Tensor that is written, and of one that is broadcast to it.
WRITING = several("""
    {}.copy_({}); {}.copy_({})
""")
# By the least number of axes.
WRITTEN = {
    0: several("()"),
    1: several("""
        0; -1; 1:; ::2; [0, -1]; :; [True, False, True]; Tensor([0]); 1; :2; -2:; {0} > 0; {0} == 1; Tensor(1); 1:1;
        [1]; [0, 0]; Tensor([1, 0]); slice(0, 2); 5; Tensor([True, False, True]); (0,); {0} >= 0
    """),
    2: several("""
        :, 0; 0, -1; 0, 0:1; ..., 0; -1, ::2; :, [0]; [0, 1], [1, 0]; 0, [0, 1]; :, 1:; Tensor([1]), 0; 1, ...;
        ..., -1; :, -1; :, Tensor([0, 1]); 0, Tensor(0); [1], :; 0:1, 0:1; Tensor([0]), Tensor([1])
    """),
    3: several("0, 1, 0; :, 0, :; ..., 0, 1; 0, :, [0, 1]; :, [0], 1; 0, 0; :, :, -1; [0, 1], :, 0; 1, ..., 0"),
}
CONVERTED = several("""
    {}.astype(ms.{dtype}); {}.to(ms.{dtype}); ops.cast({}, ms.{dtype}); {}.float(); {}.half(); {}.int(); {}.long();
    {}.bool(); Tensor({}, ms.{dtype}); Tensor({}); {}.astype(ms.{dtype}, copy=False); {}.astype('{dtype}'); {}.byte();
    {}.double(); {}.bfloat16(); {}.type(ms.{dtype}); {}.short(); Parameter({}, name='p'); Tensor({}.asnumpy())
""")
CREATED = several("""
    ops.zeros({shape}, ms.{dtype}); ops.ones({shape}, ms.{dtype}); mint.zeros({shape}, dtype=ms.{dtype});
    ops.full({shape}, {number}, dtype=ms.{dtype}); ops.full({shape}, {number}); ops.zeros({shape});
    ops.fill(ms.{dtype}, {shape}, 2)
""")
RANGES = several("""
    ops.arange(3); ops.arange(0, 3, 1.0); ops.eye(3, 3, ms.{dtype}); mint.eye(3); ops.linspace(0, 2, 3);
    ops.arange(3, dtype=ms.{dtype}); Tensor({number}); Tensor({number}, ms.{dtype});
    Tensor([{number}, {number}, {number}]); Tensor([{number}, 1, 2.5]); Tensor([1, 2, {number}], dtype=ms.{dtype});
    Tensor(np.array([1, 2, 3], np.int16)); Tensor(np.ones((2, 3))); Tensor((1, 2, 3)); Tensor([[1, 2, 3], [4, 5, 6]]);
    Tensor([]); ops.eye(2, 3, ms.{dtype}); Tensor([True, False, True]); Tensor(np.float32(1.5)); Tensor(3)
""")
# Of a variable that is no Tensor.
TOLD = several("""
    float({}); int({}); bool({}); len({}); {}.item(); {}.tolist(); {}.shape; {}.size; {}.ndim; str({}); repr({});
    f'{{{}}}'; {}.dtype; list({0}.shape); {}.dim(); {}.itemsize; {}.nbytes; [float(x) for x in {0}.reshape(-1)];
    str({}.dtype); str({}.asnumpy().dtype); bool(({} == 0).any()); {}.numel(); {}.is_floating_point(); {}.is_complex();
    {}.shape[-1:]; {}.shape[:1]; {}.size > 2; 1 in {}; {}.item(0); [x.shape for x in {}]; {}.size == 3;
    max({0}.tolist()); f'{{{}.shape}}'; {}.asnumpy().shape; str({}[0]); {}.is_signed(); {}.has_init
""")
