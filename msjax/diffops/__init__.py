"""Differential operators: derivatives at points, each computed by the formulation that suits it best."""

__only_computes__ = True  # see core.effects

from msjax.diffops import stochastic
from msjax.diffops.high import biharmonic, directional, partial
from msjax.diffops.network import hvp, ntk, per_sample_grad
from msjax.diffops.plan import Plan
from msjax.diffops.second import hessian, hessian_diag, laplacian, second_order
from msjax.diffops.vector import curl, divergence, jacobian

__all__ = [
    "jacobian", "divergence", "curl",
    "laplacian", "second_order", "hessian", "hessian_diag",
    "biharmonic", "directional", "partial",
    "hvp", "ntk", "per_sample_grad",
    "stochastic",
    "Plan",
]  # fmt: skip
