"""Arguments for every operator of the table, to differentiate it at.

An operator is known by its first face; overloads of one name are numbered. What is not named here takes arrays of shape
(2, 3) alone.
"""

from __future__ import annotations

import inspect

import jax
import jax.numpy as jnp
import numpy as np
import samples_of_networks
from arguments import boxes, call, f, i, lower, mask, positive

from msjax import Tensor
from msjax.core import dtype as mstype
from msjax.core.tensor import raw, wrap
from msjax.ops import table
from msjax.ops.call.operator import Operator

_FLOATS = mstype.float16, mstype.bfloat16, mstype.float32, mstype.float64


def operators() -> dict[str, Operator]:
    """All definitions of the operator table, by their names here."""
    found: dict[str, Operator] = {}
    known: set[int] = set()
    scipy = ("scipy.linalg", "scipy.fft", "scipy.optimize", "scipy.ops", "scipy.sparse.linalg")
    for room in ("ops", "mint", "mint.nn.functional", "numpy", "Tensor", *scipy):
        for name, rows in table.rooms[room].rows.items():
            for operator, _ in rows:
                if id(operator) in known:
                    continue
                known.add(id(operator))
                key, number = f"{room}.{name}", 1
                while key in found:
                    number += 1
                    key = f"{room}.{name} {number}"
                found[key] = operator
    return found


def draws(name: str, operator: Operator) -> bool:
    """Whether random numbers are in an operator's result."""
    return operator.definition.__module__.endswith("random") or name in ("ops.gumbel_softmax", "ops.rrelu")


def elementwise(operators: dict[str, Operator]) -> list[str]:
    """Of these, the differentiable ones that work on each element by itself."""
    rooms = ("msjax.ops.maths.elementwise", "msjax.ops.networks.activation")
    alone = {"ops.glu", "ops.swiglu", "ops.prelu", "ops.gumbel_softmax", "ops.rrelu", "ops.addn", "numpy.divmod"}
    once = {"ops.igamma", "ops.igammac"}  # JAX has no second derivative with respect to the first argument
    return [
        name
        for name, operator in operators.items()
        if operator.definition.__module__ in rooms
        and name not in LEFT_OUT
        and name not in alone | once
        and "softm" not in name.lower()
    ]


def sample(name: str, operator: Operator):
    """(arrays, values of the static arguments in their order)."""
    required = inspect.Parameter.empty
    if name in SAMPLES:
        arrays, statics = SAMPLES[name]
    else:
        arrays = [f(2, 3, seed=k) for k, a in enumerate(operator.arrays) if operator.defaults[a] is required]
        statics = {s: 0 for s in operator.statics if operator.defaults[s] is required}
    arrays = [*arrays, *(operator.defaults[a] for a in operator.arrays[len(arrays) :] if not operator.variadic)]
    return arrays, tuple(statics.get(s, operator.defaults[s]) for s in operator.statics)


def total_of(result) -> Tensor:
    """A number that each element of the floats in a result has a part in."""
    if isinstance(result, (tuple, list)):
        return sum(map(total_of, result), Tensor(0.0, mstype.float32))
    if not isinstance(result, Tensor) or result.dtype not in _FLOATS:
        return Tensor(0.0, mstype.float32)
    part = result.astype(mstype.float32)
    return (part * 1.5 + part**2).sum()


def is_tensor(value) -> bool:
    return isinstance(value, Tensor)


def floats(tree) -> list:
    """The arrays with derivatives."""
    found = [raw(t) for t in jax.tree.leaves(tree, is_leaf=is_tensor) if is_tensor(t)]
    return [a for a in found if jnp.issubdtype(a.dtype, jnp.inexact)]


def as_function(name: str, operator: Operator):
    """An operator as a function of its float arrays, and those arrays."""
    arrays, statics = sample(name, operator)
    leaves, tree = jax.tree.flatten(arrays, is_leaf=is_tensor)
    places = [k for k, leaf in enumerate(leaves) if is_tensor(leaf) and floats(leaf)]

    def function(given: list) -> list:
        filled = [wrap(raw(leaf)) if is_tensor(leaf) else leaf for leaf in leaves]
        for place, array in zip(places, given, strict=True):
            filled[place] = wrap(array)
        return floats(operator.call(jax.tree.unflatten(tree, filled), statics))

    return function, [raw(leaves[k]) for k in places]


# The places of a scatter: rows 1 and 0, or elements (0, 1) and (1, 2), of an array of shape (2, 3).
ROWS = call(f(2, 3), i(1, 0), f(2, 3, seed=1))
PLACES = call(f(2, 3), i((0, 1), (1, 2)), f(2, seed=1))
ELEMENTS = call(f(2, 3), i((0, 1, 1), (1, 0, 0)), f(2, 3, seed=1), axis=0)
MEETINGS = ("add", "sub", "mul", "div", "max", "min")
SEGMENTS = call(f(4, 3), i(0, 0, 1, 2))
ATTENTION = call(f(1, 2, 4), f(1, 3, 4, seed=1), f(1, 3, 4, seed=2), head_num=2)
DROPPED = (*ATTENTION[0], None, Tensor(np.uint8([0b10110110, 0b1011])))
SQUARES = ("inverse", "det", "slogdet", "logdet", "matrix_exp", "cholesky")

SAMPLES = samples_of_networks.SAMPLES | {
    # activations and losses
    "ops.prelu": call(f(2, 3) - 0.5, f(3, seed=1)),
    "ops.threshold": call(f(2, 3), thr=0.5, value=0.1),
    "ops.glu": call(f(2, 4)),
    "ops.swiglu": call(f(2, 4)),
    "ops.nll_loss": call(f(2, 3), i(0, 2)),
    "ops.nll_loss_ext": call(f(2, 3), i(0, 2)),
    "ops.NLLLoss": call(f(2, 3), i(0, 2), f(3, seed=1)),
    "ops.SparseSoftmaxCrossEntropyWithLogits": call(f(2, 3), i(0, 2)),
    "ops.cosine_embedding_loss": call(f(2, 3), f(2, 3, seed=1), i(1, -1)),
    "ops.multi_margin_loss": call(f(2, 3), i(0, 2)),
    "ops.multilabel_margin_loss": call(f(2, 3), i((0, 2, -1), (1, -1, 0))),
    "ops.MultilabelMarginLoss": call(f(2, 3), i((0, 2, -1), (1, -1, 0))),
    # linear layers and convolutions
    "ops.bias_add": call(f(2, 3), f(3, seed=1)),
    "ops.bidense": call(f(2, 3), f(2, 4, seed=1), f(5, 3, 4, seed=2), f(5)),
    "ops.conv1d": call(f(1, 2, 5), f(3, 2, 2, seed=1), f(3)),
    "ops.conv2d": call(f(1, 2, 4, 4), f(3, 2, 2, 2, seed=1), f(3)),
    "ops.Conv2D": call(f(1, 2, 4, 4), f(3, 2, 2, 2, seed=1)),
    "ops.conv3d": call(f(1, 2, 3, 3, 3), f(2, 2, 2, 2, 2, seed=1), f(2)),
    "ops.Conv3D": call(f(1, 2, 3, 3, 3), f(2, 2, 2, 2, 2, seed=1)),
    "ops.conv_transpose1d": call(f(1, 2, 4), f(2, 3, 2, seed=1), f(3)),
    "ops.conv_transpose2d": call(f(1, 2, 3, 3), f(2, 3, 2, 2, seed=1), f(3)),
    "ops.conv_transpose3d": call(f(1, 2, 2, 2, 2), f(2, 2, 2, 2, 2, seed=1), f(2)),
    "ops.Conv2DTranspose": call(f(1, 2, 3, 3), f(2, 3, 2, 2, seed=1), input_size=(1, 3, 4, 4)),
    "ops.conv3d_transpose": call(f(1, 2, 2, 2, 2), f(2, 2, 2, 2, 2, seed=1)),
    "mint.conv1d": call(f(1, 2, 5), f(3, 2, 2, seed=1), f(3)),
    "mint.conv2d": call(f(1, 2, 4, 4), f(3, 2, 2, 2, seed=1), f(3)),
    "mint.conv3d": call(f(1, 2, 3, 3, 3), f(2, 2, 2, 2, 2, seed=1), f(2)),
    "ops.embedding": call(i(0, 2, 0), f(3, 2)),
    "ops.EmbeddingLookup": call(f(3, 2), i(0, 2, 0)),
    "ops.layer_norm": call(f(2, 3), f(3, seed=1), f(3, seed=2), normalized_shape=(3,)),
    "ops.LayerNorm": call(f(2, 3), f(3, seed=1), f(3, seed=2)),
    "ops.group_norm": call(f(2, 4), f(4, seed=1), f(4, seed=2), num_groups=2),
    "ops.instance_norm": call(f(2, 3, 4)),
    "ops.renorm": call(f(2, 3), p=2, axis=0, maxnorm=0.5),
    # pooling, folding, resizing
    **{f"ops.adaptive_{kind}_pool1d": call(f(1, 2, 6), output_size=3) for kind in ("avg", "max")},
    **{f"ops.adaptive_{kind}_pool2d": call(f(1, 2, 4, 5), output_size=(2, 3)) for kind in ("avg", "max")},
    **{f"ops.adaptive_{kind}_pool3d": call(f(1, 1, 4, 2, 3), output_size=(2, 1, 2)) for kind in ("avg", "max")},
    "ops.AdaptiveMaxPool2D": call(f(1, 2, 4, 5), output_size=(2, 3)),
    "ops.AdaptiveMaxPool3D": call(f(2, 3, 4, 5), output_size=(2, 2, 3)),
    "ops.max_unpool1d": call(f(1, 1, 2), i(((1, 3),)), kernel_size=2),
    "ops.max_unpool2d": call(f(1, 1, 1, 2), i((((1, 6),),)), kernel_size=2),
    "ops.MaxUnpool2D": call(f(1, 1, 1, 2), i((((1, 6),),)), ksize=2, strides=2),
    "ops.max_unpool3d": call(f(1, 1, 1, 1, 2), i(((((1, 6),),),)), kernel_size=2),
    "ops.MaxUnpool3D": call(f(1, 1, 1, 1, 2), i(((((1, 6),),),)), ksize=2, strides=2),
    "ops.max_pool2d": call(f(1, 2, 4, 4), kernel_size=2),
    "ops.max_pool3d": call(f(1, 2, 4, 4, 2), kernel_size=2),
    "ops.avg_pool1d": call(f(1, 2, 5), kernel_size=2, stride=1),
    "ops.avg_pool2d": call(f(1, 2, 4, 4), kernel_size=2, stride=1),
    "ops.avg_pool3d": call(f(1, 2, 3, 3, 2), kernel_size=2, stride=1),
    "ops.lp_pool1d": call(f(1, 2, 5), norm_type=3, kernel_size=2),
    "ops.lp_pool2d": call(f(1, 2, 4, 4), norm_type=3, kernel_size=2),
    **{f"ops.{kind}Pool": call(f(1, 2, 4, 4), kernel_size=2) for kind in ("Max", "Avg")},
    **{f"ops.{kind}Pool3D": call(f(1, 2, 3, 3, 2), kernel_size=2) for kind in ("Max", "Avg")},
    "ops.MaxPoolWithArgmax": call(f(1, 2, 4, 4), kernel_size=2),
    "ops.MaxPool3DWithArgmax": call(f(1, 2, 3, 3, 2), ksize=2, strides=1, pads=0),
    "ops.unfold": call(f(1, 2, 4, 4), kernel_size=2),
    "ops.fold": call(f(1, 8, 4), output_size=i(4, 4), kernel_size=2, stride=2),
    "ops.col2im": call(
        f(1, 2, 4, 4), output_size=i(4, 4), kernel_size=(2, 2), dilation=(1, 1), padding=(0, 0), stride=(2, 2)
    ),
    "ops.pixel_shuffle": call(f(1, 4, 2, 2), upscale_factor=2),
    "ops.pixel_unshuffle": call(f(1, 1, 4, 4), downscale_factor=2),
    "ops.ExtractImagePatches": call(f(1, 2, 4, 4), ksizes=(1, 2, 2, 1), strides=(1, 2, 2, 1), rates=(1, 1, 1, 1)),
    "ops.interpolate": call(f(1, 2, 3, 3), size=(5, 4), mode="bilinear", align_corners=False),
    "ops.ResizeNearestNeighbor": call(f(1, 2, 3, 3), size=(5, 4)),
    "ops.ResizeBilinearV2": call(f(1, 2, 3, 3), size=(5, 4)),
    "ops.ResizeBicubic": call(f(1, 2, 3, 3), size=(5, 4)),
    "ops.UpsampleNearest3D": call(f(1, 1, 2, 2, 2), output_size=(3, 4, 3)),
    "ops.UpsampleTrilinear3D": call(f(1, 1, 2, 2, 2), output_size=(3, 4, 3)),
    "ops.grid_sample": call(f(1, 2, 3, 3), f(1, 2, 2, 2, seed=1), align_corners=False),
    "ops.affine_grid": call(f(1, 2, 3), size=(1, 1, 2, 2)),
    "ops.dropout3d": call(f(1, 2, 2, 2, 2)),
    "ops.Dropout3D": call(f(1, 2, 2, 2, 2)),
    # attention
    **{f"ops.{n}": call(*DROPPED, head_num=2, keep_prob=0.5) for n in ("FlashAttentionScore", "flash_attention_score")},
    "ops.speed_fusion_attention": call(*ATTENTION[0], head_num=2, input_layout="BSH", keep_prob=0.5),
    "ops.prompt_flash_attention": call(*ATTENTION[0], num_heads=2),
    "ops.incre_flash_attention": call(ATTENTION[0][0][:, :1], *ATTENTION[0][1:], num_heads=2),
    "ops.fused_infer_attention_score": call(*ATTENTION[0], num_heads=2, softmax_lse_flag=True),
    "ops.rotary_position_embedding": call(f(1, 1, 3, 4), f(1, 1, 3, 4, seed=1), f(1, 1, 3, 4, seed=2)),
    "ops.moe_token_permute": call(f(3, 2), i(2, 0, 1)),
    "ops.moe_token_unpermute": call(f(6, 2), i(5, 0, 1, 2, 4, 3), f(3, 2)),
    # sparse
    "ops.SparseToDense": call(i((0, 1), (1, 2)), f(2), sparse_shape=(2, 3)),
    "ops.SparseTensorDenseMatmul": call(i((0, 1), (1, 2)), f(2), f(3, 2), sparse_shape=(2, 3)),
    "ops.SparseTensorDenseAdd": call(i((0, 1), (1, 2)), f(2), f(2, 3), sparse_shape=(2, 3)),
    "ops.coalesce": call(i((0, 1, 0), (1, 2, 1)), f(3), i(2, 3)),
    # shapes
    "ops.reshape": call(f(2, 3), shape=(3, 2)),
    "ops.swapaxes": call(f(2, 3), axis0=0, axis1=1),
    "ops.moveaxis": call(f(2, 3), source=0, destination=1),
    "ops.broadcast_to": call(f(3), shape=(2, 3)),
    "ops.view_as_real": call(Tensor(np.array([1 + 2j, 0.5 - 1j]))),
    "ops.tile": call(f(2, 3), reps=(2, 2)),
    "ops.repeat_interleave": call(f(2, 3), repeats=2),
    "ops.roll": call(f(2, 3), shifts=1, axis=1),
    "ops.reverse_sequence": call(f(2, 3), i(2, 3), seq_dim=1),
    "ops.narrow": call(f(2, 3), axis=1, start=1, length=2),
    "ops.slice": call(f(2, 3), begin=(0, 1), size=(2, 2)),
    "ops.strided_slice": call(f(2, 3), begin=(0, 0), end=(2, 3), strides=(1, 2)),
    "ops.cast": call(f(2, 3), dtype=mstype.float64),
    "ops.fill": call(f(), dtype=mstype.float64, shape=(2, 3)),
    "ops.FillV2": call(f(), shape=(2, 3)),
    "ops.full": call(f(), size=(2, 3), dtype=mstype.float64),
    "mint.full": call(f(), size=(2, 3)),
    "numpy.full": call(f(3), size=(2, 3)),
    "ops.linspace": call(f(), f(seed=1), steps=4),
    "ops.logspace": call(f(), f(seed=1), steps=4),
    "ops.meshgrid": call(f(2), f(3)),
    "numpy.meshgrid": call(f(2), f(3)),
    "mint.meshgrid": call(f(2), f(3)),
    "ops.Meshgrid": call([f(2), f(3)]),
    "numpy.ix_": call(f(2), f(3)),
    "ops.cartesian_prod": call(f(2), f(3)),
    "ops.combinations": call(f(3)),
    "ops.vander": call(f(3), count=3),
    "numpy.vander": call(f(3), count=3),
    "ops.block_diag": call(f(2, 3), f(1, 2)),
    "ops.space_to_batch_nd": call(f(1, 2, 2, 2), block=(2, 2), paddings=((0, 0), (0, 0))),
    "ops.batch_to_space_nd": call(f(4, 2, 1, 1), block=(2, 2), crops=((0, 0), (0, 0))),
    "ops.SpaceToDepth": call(f(1, 2, 4, 4), block_size=2),
    "ops.DepthToSpace": call(f(1, 4, 2, 2), block_size=2),
    "ops.channel_shuffle": call(f(1, 4, 2, 2), groups=2),
    "ops.Identity": call(f(2, 3)),
    "ops.IdentityN": call([f(2, 3), f(2)]),
    "ops.select_scatter": call(f(2, 3), f(3, seed=1), axis=0, index=1),
    "ops.slice_scatter": call(f(2, 3), f(1, 3, seed=1), start=1),
    "ops.diagonal_scatter": call(f(2, 3), f(2, seed=1)),
    "ops.FillDiagonal": call(f(3, 3), f()),
    "mint.select": call(f(2, 3), axis=0, index=1),
    "Tensor.select": call(f(2, 3), axis=0, index=1),
    "Tensor.resize": call(f(2, 3), shape=(3, 2)),
    "Tensor.sum_to_size": call(f(2, 3), shape=(1, 3)),
    "ops.matrix_diag_part": call(f(2, 3), f(), k=0),
    "ops.matrix_set_diag": call(f(2, 3), f(2, seed=1)),
    "ops.one_hot": call(i(0, 2), f(), f(seed=1), depth=3),
    # joined and split
    **{f"ops.{n}": call([f(2, 3), f(2, 3, seed=1)]) for n in ("concat", "stack", "hstack", "vstack", "dstack")},
    "ops.column_stack": call([f(2, 3), f(2, 3, seed=1)]),
    "numpy.concatenate": call([f(2, 3), f(2, 3, seed=1)]),
    "ops.split": call(f(2, 3), split_size_or_sections=1),
    "ops.SplitV": call(f(2, 3), size_splits=(1, 2), split_dim=1, num_split=2),
    "ops.chunk": call(f(2, 3), chunks=2),
    "ops.tensor_split": call(f(2, 3), indices_or_sections=2),
    "ops.vsplit": call(f(2, 3), indices_or_sections=2),
    "ops.hsplit": call(f(2, 4), indices_or_sections=2),
    "ops.dsplit": call(f(2, 3, 2), indices_or_sections=2),
    "numpy.split": call(f(2, 3), indices_or_sections=2),
    "numpy.append": call(f(2, 3), f(2, seed=1)),
    # gathered and scattered
    "ops.gather": call(f(2, 3), i(1, 0, 1), axis=1),
    "ops.index_select": call(f(2, 3), i(1, 0, 1), axis=1),
    "ops.gather_elements": call(f(2, 3), i((0, 1, 1), (1, 0, 0)), axis=0),
    "ops.gather_nd": call(f(2, 3), i((0, 1), (1, 2))),
    "ops.take": call(f(2, 3), i(5, 0)),
    "ops.masked_select": call(f(2, 3), mask(2, 3)),
    "ops.where": call(mask(2, 3), f(2, 3), f(2, 3, seed=1)),
    "numpy.where": call(mask(2, 3), f(2, 3), f(2, 3, seed=1)),
    "numpy.take_along_axis": call(f(2, 3), i((0, 1, 1)), axis=0),
    "numpy.take": call(f(2, 3), i(5, 0)),
    "numpy.select": call([mask(2, 3)], [f(2, 3)], f()),
    "numpy.choose": call(i(0, 1), [f(2), f(2, seed=1)]),
    "ops.TensorScatterUpdate": PLACES,
    **{f"ops.TensorScatter{m.title()}": PLACES for m in MEETINGS},
    **{f"ops.scatter_{m}": ROWS for m in ("update", *MEETINGS)},
    **{f"ops.scatter_nd_{m}": PLACES for m in ("update", *MEETINGS)},
    "ops.ScatterNonAliasingAdd": PLACES,
    "ops.scatter_nd": call(i((0, 1), (1, 2)), f(2), shape=(2, 3)),
    "ops.scatter": ELEMENTS,
    "ops.tensor_scatter_elements": ELEMENTS,
    "mint.scatter_add": ELEMENTS,
    "Tensor.scatter_": (ELEMENTS[0], {"axis": 0, "reduce": "add"}),
    "ops.index_fill": call(f(2, 3), i(1), f(), axis=0),
    "Tensor.index_copy_": call(f(2, 3), i(1), f(1, 3, seed=1), axis=0),
    "ops.index_add": call(f(2, 3), i(1, 0), f(2, 3, seed=1), axis=0),
    "mint.index_add": call(f(2, 3), i(1, 0), f(2, 3, seed=1), axis=0),
    **{f"ops.inplace_{m}": call(f(2, 3), f(1, 3, seed=1), indices=(1,)) for m in ("add", "sub", "update")},
    "ops.IndexPut": call(f(2, 3), [i(0, 1), i(2, 1)], f(2, seed=1)),
    "ops.put_": call(f(2, 3), i(5, 0), f(2, seed=1)),
    "ops.masked_fill": call(f(2, 3), mask(2, 3), f()),
    "ops.MaskedScatter": call(f(2, 3), mask(2, 3), f(6, seed=1)),
    **{f"ops.UnsortedSegment{m}": (SEGMENTS[0], {"num_segments": 3}) for m in ("Sum", "Max", "Min", "Prod")},
    **{f"ops.Segment{m}": SEGMENTS for m in ("Sum", "Max", "Min", "Prod", "Mean")},
    "ops.sparse_segment_mean": call(f(4, 3), i(0, 2, 1), i(0, 0, 1)),
    **{f"{room}.bincount": call(i(0, 1, 1), f(3)) for room in ("ops", "mint")},
    "ops.Bincount": call(i(0, 1, 1), f(3), size=3),
    # linear algebra
    **{f"ops.{name}": call(positive(3)) for name in SQUARES},
    "ops.matrix_power": call(positive(3), n=3),
    "ops.matrix_solve": call(positive(3), f(3, 2)),
    "ops.cholesky_solve": call(f(3, 2), lower(3)),
    "ops.cholesky_inverse": call(lower(3)),
    "ops.orgqr": call(f(3, 2), f(2)),
    "ops.ormqr": call(f(3, 2), f(2), f(3, 2, seed=1)),
    "mint.triangular_solve": call(f(3, 2), lower(3), upper=False),
    "ops.lstsq": call(f(4, 2), f(4, 1, seed=1)),
    "ops.Lstsq": call(f(4, 2), f(4, seed=1)),
    "ops.MatrixTriangularSolve": call(lower(3), f(3, 2)),
    "ops.qr": call(f(3, 2)),
    "Tensor.qr": call(f(3, 2)),
    "ops.matmul": call(f(2, 3), f(3, 2)),
    "ops.MatMul": call(f(2, 3), f(3, 2)),
    "ops.BatchMatMul": call(f(2, 2, 3), f(2, 3, 2)),
    "ops.mv": call(f(2, 3), f(3)),
    "ops.dot": call(f(2, 3), f(3, 2)),
    "mint.dot": call(f(3), f(3, seed=1)),
    "ops.ger": call(f(2), f(3)),
    "ops.tensor_dot": call(f(2, 3), f(2, 3, seed=1)),
    "ops.batch_dot": call(f(2, 3), f(2, 3, seed=1)),
    "ops.einsum": call(f(2, 3), f(3, 2), equation="ij,jk->ik"),
    "ops.Einsum": call([f(2, 3), f(3, 2)], equation="ij,jk->ik"),
    "ops.addmm": call(f(2, 2), f(2, 3), f(3, 2)),
    "ops.addmv": call(f(2), f(2, 3), f(3)),
    "ops.addr": call(f(2, 3), f(2), f(3)),
    "ops.baddbmm": call(f(2, 2, 2), f(2, 2, 3), f(2, 3, 2)),
    "ops.addbmm": call(f(2, 2), f(2, 2, 3), f(2, 3, 2)),
    "numpy.multi_dot": call([f(2, 3), f(3, 2), f(2, 4)]),
    "numpy.convolve": call(f(4), f(2)),
    "numpy.correlate": call(f(4), f(2)),
    **{f"numpy.poly{n}": call(f(3), f(3, seed=1)) for n in ("add", "sub", "mul", "val")},
    "numpy.polyder": call(f(4)),
    "numpy.polyint": call(f(3), f(1, seed=1)),
    "numpy.interp": call(f(3), Tensor([0.0, 0.5, 1.0], mstype.float64), f(3, seed=1)),
    "numpy.gradient": call(f(4, 3)),
    # order, bounds and borders
    "ops.topk": call(f(2, 3), k=2),
    "mint.topk": call(f(2, 3), k=2),
    "mint.kthvalue": call(f(2, 3), k=2),
    "ops.quantile": call(f(2, 3), 0.3),
    "ops.nanquantile": call(f(2, 3), 0.3),
    "ops.Quantile": call(f(2, 3), 0.3),
    "ops.CumulativeLogsumexp": call(f(2, 3), axis=1, reverse=True),
    "ops.stft": call(f(2, 8), f(4, seed=1), n_fft=4),
    "ops.STFT": call(
        f(2, 8), f(3, seed=1), n_fft=4, hop_length=2, win_length=3, normalized=True, onesided=False, return_complex=True
    ),
    "ops.clamp": call(f(2, 3), 0.4, 0.7),
    "ops.clip_by_value": call(f(2, 3), 0.4, 0.7),
    "ops.acosh": call(f(2, 3) + 1.5),
    "numpy.arccosh": call(f(2, 3) + 1.5),
    "ops.zeta": call(f(2, 3) + 1.5, f(2, 3, seed=1)),
    "ops.addn": call((f(2, 3), f(2, 3, seed=1))),
    "ops.pad": call(f(2, 3), padding=(1, 1)),
    "ops.Pad": call(f(2, 3), paddings=((1, 0), (0, 1))),
    "ops.MirrorPad": call(f(2, 3), paddings=((1, 0), (0, 1))),
    "ops.padding": call(f(2, 1)),
    "numpy.pad": call(f(2, 3), pad_width=1),
    # special functions, by the argument that has a derivative
    "ops.mvlgamma": call(f(2, 3) + 1.5, p=2),
    "ops.polygamma": call(2, f(2, 3)),
    "ops.Betainc": call(2.0, 3.0, f(2, 3) / 4),
    # draws, by their parameters
    "ops.normal": call(f(2, 3), f(2, 3, seed=1)),
    "ops.laplace": call(f(3), f(3, seed=1), shape=(2, 3)),
    # boxes
    "ops.bounding_box_encode": call(boxes(2), boxes(2, seed=1)),
    "ops.bounding_box_decode": call(boxes(2), f(2, 4, seed=1), max_shape=(9, 9)),
    "ops.NMSWithMask": call(Tensor(np.c_[boxes(3).asnumpy(), f(3, 1).asnumpy()])),
    "ops.crop_and_resize": call(f(1, 4, 4, 2), f(2, 4, seed=1), i(0, 0), crop_size=(3, 3)),
    # decompositions of matrices that are not symmetric
    "ops.eigvals": call(f(3, 3)),
    "ops.lu_solve": call(f(3, 2), f(3, 3) + 1.0, i(1, 2, 3)),
    "ops.LuUnpack": call(f(3, 3), i(1, 2, 3)),
    "ops.lu_unpack": call(f(3, 3), i(1, 2, 3)),
    # as scipy has them
    "scipy.linalg.block_diag": call(f(2, 3), f(2, 2)),
    **{f"scipy.linalg.{name}": call(positive(3)) for name in ("inv", "det", "cholesky", "eigh", "lu", "lu_factor")},
    "scipy.linalg._lu_solution": call(positive(3), Tensor(np.array([0, 1, 2], np.int32)), f(3, 2)),
    "scipy.linalg.solve_triangular": call(positive(3), f(3, 2)),
    "scipy.linalg.lstsq": call(f(4, 2), f(4, 3)),
    "scipy.ops.LU": call(positive(3)),
    **{f"scipy.sparse.linalg.{name}": call(positive(3), f(3), tol=1e-13) for name in ("cg", "bicgstab", "gmres")},
    "ops.AllGatherV": call(f(3), output_split_sizes=(3,)),
    "ops.outer": call(f(3), f(2, seed=1)),
    "ops.AlltoAll": call(f(2, 3), split_count=1, split_dim=0, concat_dim=1),
    "ops.AlltoAllV": call(f(3), send_numel_list=(3,), recv_numel_list=(3,)),
    "ops.AlltoAllVC": call(f(3), send_count_matrix=(3,)),
    "ops.Broadcast": call([f(2, 3), f(2)], root_rank=0),
    "ops.ReduceScatterV": call(f(3), input_split_sizes=(3,)),
}

# Without a derivative, by reason.
REASONS = {
    "its result is no float, or always the same": """
        ops.shape ops.dyn_shape ops.size ops.rank ops.dtype ops.is_complex ops.is_floating_point ops.signbit ops.eq
        ops.equal ops.ne ops.gt ops.ge ops.lt ops.le ops.logical_and ops.logical_or ops.logical_xor
        ops.logical_not
        ops.isnan ops.isinf ops.isfinite ops.isneginf ops.isposinf ops.isreal ops.isclose ops.allclose
        ops.approximate_equal ops.all ops.any ops.count_nonzero ops.argsort ops.argmax ops.Argmax ops.argmin ops.Argmin
        ops.argwhere ops.nonzero ops.is_nonzero ops.searchsorted ops.SearchSorted ops.bucketize ops.sequence_mask
        ops.check_valid ops.ctc_greedy_decoder ops.EqualCount ops.EditDistance ops.ComputeAccidentalHits
        scipy.optimize.linear_sum_assignment ops.LowerBound ops.UpperBound ops.NonMaxSuppressionWithOverlaps
        ops.intopk ops.HistogramFixedWidth mint.where mint.equal mint.count_nonzero mint.argsort
        numpy.not_equal numpy.greater numpy.greater_equal numpy.less numpy.less_equal numpy.tril_indices_from
        numpy.triu_indices_from numpy.array_equal numpy.array_equiv numpy.isin numpy.in1d numpy.sometrue
        numpy.digitize numpy.searchsorted Tensor.is_signed ops.tensor_gt ops.tensor_ge ops.tensor_lt ops.tensor_le
    """,
    "it takes integers or bools": """
        ops.InvertPermutation ops.gcd ops.lcm ops.bitwise_and ops.bitwise_or ops.bitwise_xor ops.bitwise_left_shift
        ops.bitwise_right_shift ops.LeftShift ops.RightShift ops.invert mint.bitwise_not mint.nn.functional.one_hot
        numpy.ravel_multi_index ops.UnravelIndex ops.DataFormatDimMap Tensor.__invert__ ops.population_count
        scipy.linalg.lu_pivots_to_permutation
    """,
    "it takes no Tensor": """
        ops.scalar_to_array
        ops.tuple_to_array ops.scalar_to_tensor ops.scalar_cast ops.zeros ops.ones ops.arange ops.eye ops.tril_indices
        ops.triu_indices ops.bartlett_window ops.blackman_window ops.hann_window
        ops.hamming_window ops.HammingWindow ops.kaiser_window mint.empty numpy.arange numpy.indices numpy.tri
        numpy.tril_indices
        numpy.triu_indices numpy.diag_indices numpy.hamming ops.fftfreq ops.rfftfreq
    """,
    "it draws numbers that do not depend on its arguments, or whole ones": """
        ops.randn ops.rand ops.randn_like ops.rand_like ops.UniformInt ops.randint ops.randint_like ops.randperm
        ops.Randperm ops.standard_laplace ops.random_poisson ops.poisson ops.bernoulli ops.multinomial
        ops.multinomial_with_replacement ops.random_categorical ops.choice_with_mask mint.randint mint.bernoulli
        mint.multinomial numpy.randint ops.normal_ ops.uniform_ ops.LogNormalReverse Tensor.cauchy
        ops.Cauchy ops.exponential_ ops.random_ ops.uniform_candidate_sampler ops.log_uniform_candidate_sampler
        ops.DropoutGenMask
    """,
    "it makes a set or counts, and is computed in numpy": """
        ops.unique ops.unique_with_pad ops.unique_consecutive ops.UniqueConsecutive mint.unique numpy.intersect1d
        numpy.setdiff1d numpy.unique numpy.histogram_bin_edges numpy.histogram numpy.histogramdd numpy.histogram2d
        ops.RaggedRange
    """,
    "it has no derivative in MindSpore or JAX": "ops.nextafter ops.geqrf ops.iou",
    "it is a rule, which no derivative goes through": """
        ops.SparseApplyAdagrad ops.SparseApplyAdagradV2 ops.SparseApplyAdadelta ops.SparseApplyRMSProp
        ops.SparseApplyProximalAdagrad ops.SparseApplyFtrl ops.SparseApplyFtrlV2
    """,
    "it sees bits": "Tensor.view",
    "it takes another process": "ops.Send ops.Receive",
    "eigenvectors of a matrix that is not symmetric are known up to a factor": "ops.eig ops.Eig",
    "it computes in float32, which is too coarse for differences": """
        ops.clip_by_global_norm numpy.bincount ops.uniform ops.gamma ops.random_gamma ops.ROIAlign ops.crop_and_resize
        ops.AdjustHue ops.AdjustSaturation ops.RGBToHSV ops.HSVToRGB ops.ctc_loss ops.CTCLossV2 ops.CTCLoss
        ops.FusedCastAdamWeightDecay ops.NoRepeatNGram ops.RNNTLoss
    """,
}
LEFT_OUT = {name: reason for reason, names in REASONS.items() for name in names.split()}
