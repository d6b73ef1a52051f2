"""Operators of neural networks: activations, convolutions, pooling, normalization, losses, images."""

from msjax.ops.networks import (
    activation,
    adaptive_pooling,
    blocks,
    classification,
    convolution,
    dropping,
    embeddings,
    folding,
    loss,
    normalization,
    pooling,
    resize,
    sampling_grid,
    updates,
)
