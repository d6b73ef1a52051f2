"""MindSpore's scipy-like functions on Tensors: linear algebra, cosine transforms, optimization.

`linalg`, `fft`, `ops` and `sparse` are faces of operators of `msjax.ops`, `optimize` minimizes functions.
"""

__only_computes__ = True  # see core.effects

from msjax.core.names import Lazily, unknown_name

_lookup = Lazily(__name__, ("fft", "linalg", "ops", "optimize", "sparse"))
__getattr__, __dir__ = unknown_name(__name__, _lookup), _lookup.dir
