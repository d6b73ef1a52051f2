"""Differentiation: gradients, products with Jacobians, Jacobians."""

__only_computes__ = True  # see core.effects

from msjax.autodiff.forward import jvp, linearize
from msjax.autodiff.function import _Function
from msjax.autodiff.grad import get_grad, grad, value_and_grad
from msjax.autodiff.grad_operation import GradOperation
from msjax.autodiff.hooks import HookBackward, InsertGradientOf
from msjax.autodiff.jacobian import jacfwd, jacrev
from msjax.autodiff.morph import Morph
from msjax.autodiff.python_operator import Custom
from msjax.autodiff.recompute import _no_grad, recompute, recompute_block
from msjax.autodiff.saved import register_saved_tensors_hooks, saved_tensors_hooks
from msjax.autodiff.stop_gradient import StopGradient, stop_gradient
from msjax.autodiff.taylor import derivative, jet
from msjax.autodiff.vjp import vjp
from msjax.autodiff.vmap import vmap
from msjax.ops.table import publish

publish(
    "ops",
    Custom=Custom,
    GradOperation=GradOperation,
    HookBackward=HookBackward,
    InsertGradientOf=InsertGradientOf,
    Morph=Morph,
    StopGradient=StopGradient,
    derivative=derivative,
    get_grad=get_grad,
    grad=grad,
    jacfwd=jacfwd,
    jacrev=jacrev,
    jet=jet,
    jvp=jvp,
    linearize=linearize,
    recompute_block=recompute_block,
    stop_gradient=stop_gradient,
    value_and_grad=value_and_grad,
    vjp=vjp,
    vmap=vmap,
)
