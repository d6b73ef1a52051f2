"""How XLA is asked to compile a program.

On CPUs XLA fuses what is computed of each element, and computes anew for each place what a fusion reads from others.
Where steps follow on steps, as time steps of finite differences or of a few numbers do, and each stacks or pads what
the one before gave, or all is stacked in the end, the work then grows exponentially, or the time to compile it. There
nothing is fused.
"""

from __future__ import annotations

from collections import Counter

import jax

from msjax.shims.primitives import CHEAP, COSTLY, JOINING
from msjax.shims.programs import inner, is_literal, parts_of

# As eager operators do it, each result of a narrow dtype is rounded to it.
_ALWAYS = {"xla_allow_excess_precision": False}
_UNFUSED = {**_ALWAYS, "xla_disable_hlo_passes": "fusion"}
_OFTEN = 1e7  # reads of what is kept

_KEPT = (1, False)


def options_for(jaxpr) -> dict:
    """The options for a program."""
    fuses = jax.default_backend() != "cpu" or _reads(jaxpr, [_KEPT] * len(jaxpr.invars)) is not None
    return _ALWAYS if fuses else _UNFUSED


def _reads(jaxpr, arguments: list[tuple[float, bool]]) -> list[tuple[float, bool]] | None:
    """How often each result reads what is kept, if all is fused, and whether something is stacked or padded in between;
    None if that is too often.

    Args:
        arguments: the same of the arguments.
    """
    known = dict(zip(jaxpr.invars, arguments, strict=True))
    uses = Counter(v for equation in jaxpr.eqns for v in equation.invars if not is_literal(v))

    def read(atom):
        return _KEPT if is_literal(atom) else known.get(atom, _KEPT)

    for equation in jaxpr.eqns:
        operands, name, called = [*map(read, equation.invars)], equation.primitive.name, inner(equation)
        if called is not None:
            results = _reads(called[0], operands)
        elif name in CHEAP or (name in COSTLY and uses[equation.outvars[0]] == 1):
            often = sum(times for times, _ in operands)
            joined = name in JOINING or any(joined for _, joined in operands)
            results = None if joined and often > _OFTEN else [(often, joined)] * len(equation.outvars)
        else:  # each part, such as a loop's body, is fused by itself
            parts = [_reads(part, [_KEPT] * len(part.invars)) for part in parts_of(equation)]
            results = None if None in parts else [_KEPT] * len(equation.outvars)
        if results is None:
            return None
        known.update(zip(equation.outvars, results, strict=True))
    return [*map(read, jaxpr.outvars)]
