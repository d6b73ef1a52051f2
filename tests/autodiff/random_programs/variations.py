"""Kinds of programs beside the ordinary ones: narrow and complex numbers, integers among the arguments, series, errors.

Seeds of the ordinary programs stand for the same programs as ever; those of a variation are drawn by its name, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .construct import Construct
from .constructs import ALL, errors, integers
from .ways import SERIES, WAYS, Way

# What has no kernel for narrow floats, decides by values, which rounding changes, or draws, which is done once.
_WIDE = (
    r"maths\.(complex|absolute_of_complex|angle_of_complex|inverse|cholesky|solve|det|logdet|cov|polygamma|lgamma|i0"
    r"|half|double|floor|floor_divided|remainder|modulo|powers)|shapes\.fft|.*(laplacian|hessian|second|third).*"
    r"|state\.(dropout|dropout_layer|noise|noise_times|seeded)"
)
# What complex numbers are taken by, and is holomorphic; rules of programs' own would have to conjugate.
_OF_COMPLEX = (
    r"maths\.(sin|cos|tanh|exp|square|cube|reciprocal|division|negative|numbers|clone|add|product|subtract|quotient|sum"
    r"|mean|sum_of_rows|mean_of_rows|broadcast|broadcast_column|matmul|transposed|outer|at|itself|scaled|shifted"
    r"|divided|addcmul)"
    r"|shapes\.(reshape|view|flip|concat|stack|repeat|split|unstack|swap|movedim|diff|two_rows|row|column_of|diagonal"
    r"|outer_square|three|spread|first|last|any_.)"
    r"|indexing\.(rows|tensor|step|back|none|ellipsis|pair|scalar_index|iterated|unpacked|set_row|set_slice|set_step"
    r"|add_row|multiply_row|add_in_place|mul_in_place|view_add|view_in_place|two_views|alias|kept_before)"
    r"|networks\.(parameter_.|weight_twice|parameter_of_the_shape|sliced_parameter)"
    r"|flow\.(loop|call|call_twice|comprehension|list|dict|tuples|zip|recursion|closure|nonlocal|default|starred"
    r"|generator|lambda|partial|reduce|map|try|with|namedtuple|dataclass|augmented|swapped|walrus|deleted)"
    r"|rules\.(stopped|stopped_part|recompute|hook)"
    r"|state\.(moving_mean|element|weight_written)"
)
_FIRST = ("grad", "value_and_grad", "weights", "both", "vjp", "vjp_weights", "again", "operation", "step")
_OF_INTEGERS = (
    "grad", "value_and_grad", "both", "aux", "value_aux", "ids", "operation", "operation_first", "sens", "vjp", "again",
    "jit_of_grad", "grad_of_jit",
)  # fmt: skip


def _named(pattern: str, wanted: bool = True) -> list[Construct]:
    return [c for c in ALL if bool(re.fullmatch(pattern, str(c))) is wanted]


@dataclass(frozen=True)
class Variation:
    """A kind of programs.

    Attributes:
        dtypes: of their Tensors, one of which is drawn.
        ways: to differentiate them.
        constructs: what they are made of.
        must: of what each has one at least.
        kinds: of arguments that each has besides others.
        slack: whether values are compared as far as rounding of the arguments lets them be known.
        raises: whether they may raise, and are not judged by JAX.
    """

    dtypes: tuple[str, ...] = ("float64", "float32")
    ways: dict[str, Way] = field(default_factory=lambda: dict(WAYS))
    constructs: list[Construct] = field(default_factory=lambda: ALL)
    must: list[Construct] = field(default_factory=list)
    kinds: tuple[str, ...] = ()
    slack: bool = False
    raises: bool = False


VARIATIONS = {
    "narrow": Variation(
        ("float16", "bfloat16"),
        {name: WAYS[name] for name in (*_FIRST, "jvp", "aux", "value_aux", "jit_of_grad", "vmap", "vmap_of_grad")},
        _named(_WIDE, False),
        slack=True,
    ),
    "complex": Variation(("complex64",), {name: WAYS[name] for name in _FIRST}, _named(_OF_COMPLEX), slack=True),
    "integers": Variation(
        ways={name: WAYS[name] for name in _OF_INTEGERS},
        constructs=ALL + integers.table.constructs,
        must=integers.table.constructs,
        kinds=("v", "n"),
    ),
    "series": Variation(ways=SERIES),
    "errors": Variation(
        ways={name: way for name, way in WAYS.items() if not way.kinds},
        constructs=ALL + errors.table.constructs,
        must=errors.table.constructs,
        kinds=("m",),
        raises=True,
    ),
}
