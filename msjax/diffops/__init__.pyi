# Made by scripts/make_stubs.py.
"""Differential operators: derivatives at points, each computed by the formulation that suits it best."""

from msjax.diffops import stochastic as stochastic
from msjax.diffops.high import biharmonic as biharmonic
from msjax.diffops.high import directional as directional
from msjax.diffops.high import partial as partial
from msjax.diffops.network import hvp as hvp
from msjax.diffops.network import ntk as ntk
from msjax.diffops.network import per_sample_grad as per_sample_grad
from msjax.diffops.plan import Plan as Plan
from msjax.diffops.second import hessian as hessian
from msjax.diffops.second import hessian_diag as hessian_diag
from msjax.diffops.second import laplacian as laplacian
from msjax.diffops.second import second_order as second_order
from msjax.diffops.vector import curl as curl
from msjax.diffops.vector import divergence as divergence
from msjax.diffops.vector import jacobian as jacobian

