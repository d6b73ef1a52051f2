"""Integers among the differentiated arguments, of which the programs have one vector."""

from ..construct import Table

table = Table("integers")

table.each(
    "n v -> v",
    """
    product: $a * $b
    quotient: $b / $a
    total: $a.sum().astype(D) * $b
    negative: (-$a).astype(D) * $b
    through_single: $a.astype(ms.float32).astype(D) * $b
    chosen: ops.where($a > 1, $b, $b * 2)
    power: (ops.abs($b) + 0.5) ** $a
    halved: ($a // 2).astype(D) * $b | jnp.floor($a / 2) * $b
    index: $b[$a - 1] | $b[lax.stop_gradient($a).astype(int) - 1]
    stopped: ops.stop_gradient($a).astype(D) * $b + $a.astype(D)
    """,
)
table.each(
    "n -> v",
    """
    cast: $a.astype(D) * 0.5
    squared: ($a * $a).astype(D)
    shifted: ($a + 2).astype(D) / 4
    sine: ops.sin($a.astype(D))
    reversed: $a.flip(0).astype(D) * 3 | jnp.flip($a, 0) * 3
    written: ops.where($a > 2, $a, $a * 3).astype(D)
    """,
)
