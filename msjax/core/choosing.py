"""Elements chosen by a mask, in a function that is being compiled: how many there are is not known then.

Their axis gets a symbol for its length, and the program is made for masks of any values, see `compile/sizes`. Operators
may look at whether there are none, or one alone, so it is demanded that there are more.
"""

from __future__ import annotations

from typing import Any

from msjax.core import demands, trace, watching
from msjax.shims.lengths import LEAST
from msjax.shims.selection import MOST, made_of, select, symbol


def can_choose(mask: Any) -> bool:
    """Whether the values of a mask are not known, and elements may be chosen by it nevertheless."""
    if not isinstance(mask, trace.Tracer) or demands.known(mask) is not None:
        return False
    frame = demands.taker()
    return hasattr(frame, "choices") and watching.current() is not None and not trace.batching()


def chosen(x: Any, mask: Any, of: Any = None) -> Any:
    """The elements of `x` where the mask, which is about its first axes, holds.

    Args:
        of: the array by which masks are told apart, if the mask is made of one: what is chosen by the same one, or one
            that is computed in the same way, is as long.
    """
    frame: Any = demands.taker()
    of = mask if of is None else of
    key = made_of(of, frame.made), mask.shape
    if key not in frame.choices:
        if len(frame.choices) == MOST:
            watching.refuse("it chooses elements by very many masks")
        watching.depends_on_values()
        frame.choices[key] = of, symbol(len(frame.choices))
        demands.demand(mask.sum() >= LEAST, ValueError(f"a mask chooses less than {LEAST} elements"))
    rows = x.reshape(-1, *x.shape[mask.ndim :]) if mask.ndim != 1 else x
    return select(rows, mask.reshape(-1), frame.choices[key][1])
