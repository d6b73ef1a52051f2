"""Elementwise functions, reductions, products."""

from ..construct import Table

table = Table("maths")

table.each(
    "? -> ?",
    """
    sin: ops.sin($a)
    cos: ops.cos($a) * 0.5
    tanh: ops.tanh($a)
    exp: ops.exp(-$a * $a)
    log: ops.log($a * $a + 1.5)
    log1p: ops.log1p(ops.exp($a * 0.3))
    sqrt: ops.sqrt($a * $a + 0.5)
    rsqrt: ops.rsqrt($a * $a + 1)
    sigmoid: ops.sigmoid($a)
    softplus: ops.softplus($a) | jax.nn.softplus($a)
    erf: ops.erf($a)
    atan: ops.atan($a) | jnp.arctan($a)
    asinh: ops.asinh($a) | jnp.arcsinh($a)
    square: ops.square($a) * 0.25
    power: ($a * $a + 1) ** 0.7
    cube: $a ** 3 * 0.1
    reciprocal: 1 / (2 + $a * $a)
    division: $a / (1 + $a * $a)
    negative: -$a * 0.5
    numbers: (2.5 - $a) * 0.3 + $a / 4
    remainder: ($a + $r) % 0.7
    floor_divided: $a * 0.5 + ($a + $r) // 0.9
    abs: ops.abs($a + $r)
    sign: $a * ops.sign($a + $r)
    floor: $a - ops.floor($a + $r) * 0.25
    relu: ops.relu($a + $r) + 0.1 * $a | jax.nn.relu($a + $r) + 0.1 * $a
    gelu: ops.gelu($a) | jax.nn.gelu($a, approximate=False)
    silu: ops.silu($a) | jax.nn.silu($a)
    elu: ops.elu($a + $r) | jax.nn.elu($a + $r)
    leaky: ops.leaky_relu($a + $r, 0.2) | jax.nn.leaky_relu($a + $r, 0.2)
    mish: ops.mish($a) | $a * jnp.tanh(jax.nn.softplus($a))
    hardswish: ops.hardswish($a + $r) | jax.nn.hard_swish($a + $r)
    clamp: ops.clamp($a + $r, -0.8, 0.9) + 0.1 * $a | jnp.clip($a + $r, -0.8, 0.9) + 0.1 * $a
    where: ops.where($a > 0.1, $a * 2, ops.sin($a)) | jnp.where($a > 0.1, $a * 2, jnp.sin($a))
    masked: $a.masked_fill($a + $r > 0.2, 0.5) | jnp.where($a + $r > 0.2, 0.5, $a)
    compared: $a * ($a + $r > 0).astype(D)
    half: $a + ops.floor($a * 4).astype(ms.float32).astype(D) * 0.1
    double: $a.astype(ms.float64).astype(D) * 0.9
    xlogy: ops.xlogy($a, $a * $a + 0.5) | jax.scipy.special.xlogy($a, $a * $a + 0.5)
    atan2: ops.atan2($a, $a * $a + 1) | jnp.arctan2($a, $a * $a + 1)
    logaddexp: ops.logaddexp($a, $r)
    lgamma: ops.lgamma($a * $a + 1.2) | jax.scipy.special.gammaln($a * $a + 1.2)
    clone: ops.tanh($a.copy())
    sinc: ops.sinc($a + 0.3)
    hypot: ops.hypot($a, $r + 2)
    expm1: ops.expm1($a * 0.5)
    complex: ops.real(ops.exp(ops.Complex()($a * 0, $a))) + ops.imag(ops.Complex()($a, $a * 0.5) * ops.Complex()($a * 0 + 0.5, $a * 0 + 1)) | jnp.cos($a) + $a * 1.25
    absolute_of_complex: ops.real(ops.abs(ops.Complex()($a, $a * $a + 0.5))) | jnp.sqrt($a**2 + ($a * $a + 0.5) ** 2)
    angle_of_complex: ops.angle(ops.Complex()($a * $a + 0.5, $a)) | jnp.arctan2($a, $a * $a + 0.5)
    selu: ops.selu($a * $a + 0.1) | jax.nn.selu($a * $a + 0.1)
    logsigmoid: ops.logsigmoid($a) | jax.nn.log_sigmoid($a)
    hardtanh: ops.hardtanh($a + $r) + $a * 0.1 | jnp.clip($a + $r, -1, 1) + $a * 0.1
    lerp: ops.lerp($a, ops.sin($a), 0.3) | $a + 0.3 * (jnp.sin($a) - $a)
    polygamma: ops.digamma($a * $a + 1.1) | jax.scipy.special.digamma($a * $a + 1.1)
    nan_to_num: ops.nan_to_num($a) * 0.5 | $a * 0.5
    celu: ops.celu($a + $r, 1.5) | jax.nn.celu($a + $r, 1.5)
    i0: ops.bessel_i0($a) * 0.3 | jax.scipy.special.i0($a) * 0.3
    """,
)
table.each(
    "? ? -> ?",
    """
    add: $a + $b
    product: $a * $b
    subtract: $a - 0.5 * $b
    quotient: $a / ($b * $b + 1)
    maximum: ops.maximum($a, $b + $r)
    minimum: ops.minimum($a, $b + $r)
    powers: ($a * $a + 0.5) ** ($b * 0.3)
    arctangent: ops.atan2($a, $b * $b + 0.5) | jnp.arctan2($a, $b * $b + 0.5)
    selected: ops.where($a > $b + $r, $a * $b, $b) | jnp.where($a > $b + $r, $a * $b, $b)
    addcmul: ops.addcmul($a, $b, ops.sin($a), 0.5) | $a + 0.5 * $b * jnp.sin($a)
    addcdiv: ops.addcdiv($a, $b, $a * $a + 1, 0.5) | $a + 0.5 * $b / ($a * $a + 1)
    lerp_of_both: ops.lerp($a, $b, 0.25) | $a + 0.25 * ($b - $a)
    modulo: ($a + $r) % ($b * $b + 0.7)
    hypotenuse: ops.hypot($a, $b * $b + 1)
    mse: ($a - $b) ** 2 * 0.3
    """,
)
table.each(
    "? -> s",
    """
    sum: ops.sin($a).sum()
    mean: ($a * $a).mean()
    norm: ops.norm($a) * 0.3 | jnp.sqrt(($a * $a).sum()) * 0.3
    logsumexp_of_all: ops.logsumexp($a.reshape(-1), 0) | jax.scipy.special.logsumexp($a)
    largest: ($a + $r).max()
    smallest: ($a + $r).min()
    product_of_all: ops.prod(ops.tanh($a) + 1.5) * 0.1 | jnp.prod(jnp.tanh($a) + 1.5) * 0.1
    item: ops.tanh($a).reshape(-1)[-1]
    """,
    tags="mixes",
)
table.each(
    "m -> v",
    """
    sum_of_rows: $a.sum(0)
    mean_of_rows: ops.mean($a * $a, 0) | jnp.mean($a * $a, 0)
    max_of_rows: ops.max($a + $r, 0)[0] | jnp.max($a + $r, 0)
    amax: ops.amax($a + $r, 0) | jnp.max($a + $r, 0)
    logsumexp_of_rows: ops.logsumexp($a, 0) | jax.scipy.special.logsumexp($a, 0)
    prod_of_rows: ops.prod($a, 0) * 0.5 | jnp.prod($a, 0) * 0.5
    median: ops.median($a + $r, 0)[0] | jnp.sort($a + $r, 0)[0]
    std: ops.std($a + $r, 0, 1) | jnp.std($a + $r, 0, ddof=1)
    var: ops.var($a + $r, 0, 0) | jnp.var($a + $r, 0)
    norm_of_rows: ops.norm($a + $r, dim=0) | jnp.sqrt((($a + $r) ** 2).sum(0))
    trace_like: ops.einsum("ij,ij->j", $a, ops.sin($a))
    addr: ops.addmv(ops.sin($a[0]), ops.transpose($a, (1, 0)), $a[:, 1]) | jnp.sin($a[0]) + $a.T @ $a[:, 1]
    """,
    tags="mixes",
)
table.each(
    "v v -> s",
    """
    dot: ops.tensor_dot($a, $b, 1) | $a @ $b
    inner: ops.inner($a, $b)
    cosine: ops.cosine_similarity($a + $r, $b + 2, 0) | COSINE($a + $r, $b + 2)
    einsum_of_vectors: ops.einsum("i,i->", $a, $b)
    dist: ops.dist($a, $b + $r) | jnp.sqrt((($a - $b - $r) ** 2).sum())
    """,
    tags="mixes",
)
table.each(
    "m v -> m",
    """
    broadcast: $a * $b
    broadcast_column: $a + $b[:2].reshape(2, 1)
    bias: ops.bias_add($a, $b) | $a + $b
    broadcast_to: ops.broadcast_to(ops.sin($b), (2, 3)) * $a | jnp.broadcast_to(jnp.sin($b), (2, 3)) * $a
    expanded: $b.expand_dims(0) * $a | $b[None] * $a
    outer: ops.outer($b[:2], $b) * 0.5 + $a
    """,
    tags="mixes",
)
table.each(
    "m q -> m",
    """
    matmul: ops.matmul($a, $b) * 0.5
    at: ($a @ $b) * 0.4
    einsum: ops.einsum("ij,jk->ik", $a, $b) * 0.5
    transposed: ops.matmul($a, $b.T) * 0.3
    linear: ops.dense($a, $b) * 0.5 | $a @ $b.T * 0.5
    bmm: ops.bmm($a.expand_dims(0), $b.expand_dims(0))[0] * 0.4 | $a @ $b * 0.4
    tensordot: ops.tensor_dot($a, $b, ((1,), (0,))) * 0.4 | $a @ $b * 0.4
    addmm: ops.addmm($a, $a, $b, beta=0.5, alpha=0.3) | 0.5 * $a + 0.3 * $a @ $b
    """,
    tags="",
)
table.each(
    "q -> q",
    """
    gram: $a @ $a.T * 0.3
    itself: ops.matmul($a, $a) * 0.3
    inverse: ops.inverse($a * 0.2 + 2 * ops.eye(3, 3, D)) | jnp.linalg.inv($a * 0.2 + 2 * jnp.eye(3))
    lower: ops.tril($a)
    upper: ops.triu(ops.sin($a), 1)
    cholesky: ops.cholesky($a @ $a.T * 0.1 + ops.eye(3, 3, D)) | jnp.linalg.cholesky($a @ $a.T * 0.1 + jnp.eye(3), symmetrize_input=False)
    solve: ms.scipy.linalg.inv($a * 0.2 + 2 * ops.eye(3, 3, D)) | jnp.linalg.inv($a * 0.2 + 2 * jnp.eye(3))
    cov: ops.cov($a)
    kron: ops.kron($a[:1], $a[:, :1]) * 0.5
    diag_matrix: ops.diag($a[0]) + $a
    cdist: ops.cdist($a + $r, $a * 0.3 - $r) * 0.3 | jnp.sqrt(((($a + $r)[:, None] - ($a * 0.3 - $r)) ** 2).sum(-1)) * 0.3
    """,
    tags="mixes",
)
table.each(
    "q -> s",
    """
    trace: ops.trace($a)
    det: ops.det($a * 0.3 + ops.eye(3, 3, D)) | jnp.linalg.det($a * 0.3 + jnp.eye(3))
    logdet: ops.slogdet($a * 0.2 + 2 * ops.eye(3, 3, D))[1] | jnp.linalg.slogdet($a * 0.2 + 2 * jnp.eye(3))[1]
    quadratic: ops.einsum("i,ij,j->", $a[0], $a, $a[1])
    """,
    tags="mixes",
)
table.each(
    "m -> q",
    """
    gram_of_columns: ops.matmul($a.T, $a) * 0.4
    einsum_of_columns: ops.einsum("ki,kj->ij", $a, ops.cos($a)) * 0.4
    """,
    tags="mixes",
)
table.each(
    "s ? -> ?",
    """
    scaled: $a * $b
    shifted: $b + ops.sin($a)
    divided: $b / ($a * $a + 1)
    to_the_power: ($b * $b + 0.5) ** ($a * 0.2)
    """,
    tags="mixes",
)
