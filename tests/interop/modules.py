"""Modules of Flax, as their authors write them."""

import jax.numpy as jnp
from flax import linen, nnx


class MLP(linen.Module):
    width: int = 8

    @linen.compact
    def __call__(self, x):
        return linen.Dense(1)(linen.tanh(linen.Dense(self.width)(x)))


class CNN(linen.Module):
    @linen.compact
    def __call__(self, x, train: bool):
        x = linen.Conv(4, (3, 3))(x)
        x = linen.relu(linen.BatchNorm(use_running_average=not train)(x))
        x = x.reshape(x.shape[0], -1)
        return linen.Dense(3)(linen.Dropout(0.5, deterministic=not train)(x))


class Attention(linen.Module):
    @linen.compact
    def __call__(self, x, mask=None, *, deterministic=True):
        attended = linen.MultiHeadDotProductAttention(2, dropout_rate=0.1)(
            linen.LayerNorm()(x), mask=mask, deterministic=deterministic
        )
        return x + attended


class Block(nnx.Module):
    """A block of a transformer."""

    def __init__(self, width: int, rngs: nnx.Rngs):
        self.attention = nnx.MultiHeadAttention(2, width, decode=False, rngs=rngs)
        self.norms = nnx.List([nnx.LayerNorm(width, rngs=rngs) for _ in range(2)])
        self.dropout = nnx.Dropout(0.5, rngs=rngs)
        self.up, self.down = nnx.Linear(width, 4 * width, rngs=rngs), nnx.Linear(4 * width, width, rngs=rngs)

    def __call__(self, x):
        x = x + self.attention(self.norms[0](x))
        return x + self.dropout(self.down(nnx.gelu(self.up(self.norms[1](x)))))


class Normed(nnx.Module):
    """Moving statistics."""

    def __init__(self, rngs: nnx.Rngs):
        self.linear, self.norm = nnx.Linear(3, 4, rngs=rngs), nnx.BatchNorm(4, rngs=rngs)

    def __call__(self, x):
        return jnp.sum(self.norm(self.linear(x)), -1)
