"""Gradients: grad, value_and_grad, GradOperation, stop_gradient."""

from msjax.autodiff.grad import get_grad, grad, value_and_grad
from msjax.autodiff.grad_operation import GradOperation
from msjax.autodiff.stop_gradient import StopGradient, stop_gradient
from msjax.ops.table import publish

publish(
    "ops",
    GradOperation=GradOperation,
    StopGradient=StopGradient,
    get_grad=get_grad,
    grad=grad,
    stop_gradient=stop_gradient,
    value_and_grad=value_and_grad,
)
