"""Gradients: grad, value_and_grad, GradOperation, stop_gradient."""

from msjax.autodiff.grad import get_grad, grad, value_and_grad
from msjax.autodiff.grad_operation import GradOperation
from msjax.autodiff.stop_gradient import StopGradient, stop_gradient
