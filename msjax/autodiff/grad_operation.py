"""GradOperation: MindSpore's older way to ask for gradients."""

from __future__ import annotations

from collections.abc import Callable

from msjax.autodiff.grad import compiling, differentiate
from msjax.autodiff.slots import Answer, check_flag, check_function, is_made_here
from msjax.compile.reach import parameters_in_reach
from msjax.core import context


class GradOperation:
    """Makes gradient functions: `GradOperation(...)(fn, weights)(*inputs)`.

    Args:
        get_all: whether all Tensor arguments are differentiated, giving a tuple; else the first.
        get_by_list: whether `weights` are differentiated; without weights, all trainable Parameters that are used, in
            the order of their use, or as they are declared if `fn` is compiled.
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
        # Captured by value, so that what GradOperations that are made anew for each call give counts as one function.
        get_all, sens_param, by_list = self.get_all, self.sens_param, self.get_by_list
        only_weights, used = by_list and not get_all, by_list and weights is None
        listed = by_list and is_made_here(weights)

        def grad(*args, **kwargs):
            check_function(fn, RuntimeError if context.in_graph() else TypeError)
            wanted = None if not by_list else parameters_in_reach(fn) if used else weights
            count = len(args) + len(kwargs) - sens_param
            positions = () if only_weights else tuple(range(count)) if get_all else (0,)
            position = None if only_weights else positions
            answer = Answer(position, wanted, False, get_all, only_used=used, listed=listed)
            return differentiate(fn, args, kwargs, positions, answer, sens_param=sens_param)[1]

        return compiling(fn, grad, after_calls=True)
