# Made by scripts/make_stubs.py.
"""Differentiation: gradients, products with Jacobians, Jacobians."""

from msjax.autodiff.forward import jvp as jvp
from msjax.autodiff.forward import linearize as linearize
from msjax.autodiff.function import _Function as _Function
from msjax.autodiff.grad import get_grad as get_grad
from msjax.autodiff.grad import grad as grad
from msjax.autodiff.grad import value_and_grad as value_and_grad
from msjax.autodiff.grad_operation import GradOperation as GradOperation
from msjax.autodiff.hooks import HookBackward as HookBackward
from msjax.autodiff.hooks import InsertGradientOf as InsertGradientOf
from msjax.autodiff.jacobian import jacfwd as jacfwd
from msjax.autodiff.jacobian import jacrev as jacrev
from msjax.autodiff.morph import Morph as Morph
from msjax.autodiff.python_operator import Custom as Custom
from msjax.autodiff.recompute import _no_grad as _no_grad
from msjax.autodiff.recompute import recompute as recompute
from msjax.autodiff.recompute import recompute_block as recompute_block
from msjax.autodiff.saved import register_saved_tensors_hooks as register_saved_tensors_hooks
from msjax.autodiff.saved import saved_tensors_hooks as saved_tensors_hooks
from msjax.autodiff.stop_gradient import StopGradient as StopGradient
from msjax.autodiff.stop_gradient import stop_gradient as stop_gradient
from msjax.autodiff.taylor import derivative as derivative
from msjax.autodiff.taylor import jet as jet
from msjax.autodiff.vjp import vjp as vjp
from msjax.autodiff.vmap import vmap as vmap
from msjax.ops.table import publish as publish

