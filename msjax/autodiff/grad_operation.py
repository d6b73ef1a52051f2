"""GradOperation: MindSpore's older way to ask for gradients."""

from __future__ import annotations

from collections.abc import Callable

from msjax.autodiff.grad import compiling, differentiate
from msjax.autodiff.slots import Answer, check_flag, check_function, check_weights, is_made_here


class GradOperation:
    """Makes gradient functions: `GradOperation(...)(fn, weights)(*inputs)`.

    Args:
        get_all: whether all Tensor arguments are differentiated, giving a tuple; else the first.
        get_by_list: whether `weights` are differentiated; without weights, all trainable Parameters of the Cell.
        sens_param: whether the last argument, or `sens=`, is the cotangent of the output.

    Raises:
        TypeError: if a flag is not a bool.

    Example:
        >>> ops.GradOperation(get_all=True)(lambda x, y: x * y)(Tensor([2.0]), Tensor([3.0]))[1]
        Tensor(shape=[1], dtype=Float32, value= [ 2.00000000e+00])
    """

    def __init__(self, get_all=False, get_by_list=False, sens_param=False):
        for name, flag in (("get_all", get_all), ("get_by_list", get_by_list), ("sens_param", sens_param)):
            check_flag("GradOperation", name, flag)
        self.get_all, self.get_by_list, self.sens_param = get_all, get_by_list, sens_param

    def __call__(self, fn, weights=None) -> Callable:
        check_function(fn)
        wanted = None
        if self.get_by_list:
            wanted = _own_weights(fn) if weights is None else weights
            check_weights(wanted)
        listed, used = is_made_here(wanted), weights is None
        # Captured by value, so that what GradOperations that are made anew for each call give counts as one function.
        get_all, sens_param, only_weights = self.get_all, self.sens_param, self.get_by_list and not self.get_all

        def grad(*args, **kwargs):
            given = len(args) + len(kwargs) - sens_param
            positions = () if only_weights else tuple(range(given)) if get_all else (0,)
            position = None if only_weights else positions
            answer = Answer(position, wanted, False, get_all, only_used=used, listed=listed)
            return differentiate(fn, args, kwargs, positions, answer, sens_param=sens_param)[1]

        return compiling(fn, grad)


def _own_weights(fn) -> list:
    owner = fn if hasattr(fn, "trainable_params") else getattr(fn, "__self__", None)
    return getattr(owner, "trainable_params", list)()
