"""Update rules of optimizers as primitives, for gradients of some rows: each is its dense rule on these rows."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from msjax.ops.call import checks
from msjax.ops.networks import updates
from msjax.ops.networks.updates import update

_Two = tuple[jax.Array, jax.Array]
_Three = tuple[jax.Array, jax.Array, jax.Array]
_RATES = {"lr": "float > 0", "l1": "float >= 0", "l2": "float >= 0", "lr_power": "float <= 0"}


def _check(what: str, var, grad, indices) -> None:
    if indices.ndim != 1 or grad.shape != (len(indices), *var.shape[1:]):
        raise ValueError(
            f"For '{what}', 'grad' must have a row like those of 'var', of shape {var.shape}, for each index, but got "
            f"{grad.shape} and indices of shape {indices.shape}."
        )


def _inside(indices, length: int):
    """Indices of rows; those of rows that are not there are `length`."""
    return jnp.where((indices >= 0) & (indices < length), indices, length)


def _each(what: str, rule, arrays: tuple, grad, indices) -> Any:
    """Arrays of which a rule changes rows; where a row comes several times, one after the other. No derivative goes
    through.

    Args:
        rule: of the rows and their gradients, gives new rows.
    """
    _check(what, arrays[0], grad, indices)
    arrays, grad, indices = jax.lax.stop_gradient((arrays, grad, _inside(indices, len(arrays[0]))))
    order = jnp.argsort(indices, stable=True)
    places, sorted_ = jnp.arange(len(indices)), indices[order]
    first = jnp.concatenate([jnp.ones(1, bool), sorted_[1:] != sorted_[:-1]])[: len(indices)]
    starts = jax.lax.cummax(jnp.where(first, places, 0))
    turns = jnp.zeros_like(places).at[order].set(places - starts)

    def turn(k, arrays):
        rows = rule(*(a.at[indices].get(mode="clip") for a in arrays), grad)
        at = jnp.where(turns == k, indices, len(arrays[0]))
        return tuple(a.at[at].set(row.astype(a.dtype), mode="drop") for a, row in zip(arrays, rows, strict=True))

    return jax.lax.fori_loop(0, turns.max(initial=-1) + 1, turn, arrays)


def _merged(what: str, rule, arrays: tuple, grad, indices) -> Any:
    """The same, where the gradients of a row that comes several times are added."""
    total, there = _total(what, arrays[0], grad, indices)
    changed = rule(*arrays, total)
    return tuple(jnp.where(there, row, a) for a, row in zip(arrays, changed, strict=True))


def _total(what: str, var, grad, indices):
    """The gradients of all rows, 0 where there is none, and where there are some."""
    _check(what, var, grad, indices)
    indices = _inside(indices, len(var))
    there = jnp.zeros((len(var), *(1,) * (var.ndim - 1)), bool).at[indices].set(True, mode="drop")
    return jnp.zeros_like(var).at[indices].add(grad.astype(var.dtype), mode="drop"), there


# -- one after the other -----------------------------------------------------------------------------------------------


@update("ops.SparseApplyAdagrad(lr, update_slots=True, use_locking: _ = False)(var, accum, grad, indices)", gives=2,
        kinds={"lr": "float", "update_slots": "bool"})  # fmt: skip
def sparse_apply_adagrad(var, accum, grad, indices, *, lr, update_slots=True) -> _Two:
    """accum += grad ** 2; var -= lr * grad / sqrt(accum), of the rows named."""
    return _each(
        "SparseApplyAdagrad",
        lambda var, accum, grad: updates.apply_adagrad(var, accum, lr, grad, update_slots=update_slots),
        (var, accum), grad, indices,
    )  # fmt: skip


@update(
    "ops.SparseApplyAdagradV2(lr, epsilon, use_locking: _ = False, update_slots=True)(var, accum, grad, indices)",
    gives=2,
    kinds={"lr": "float", "epsilon": "float", "update_slots": "bool"},
)
def sparse_apply_adagrad_v2(var, accum, grad, indices, *, lr, epsilon, update_slots=True) -> _Two:
    """accum += grad ** 2; var -= lr * grad / sqrt(accum + epsilon), of the rows named.

    Raises:
        RuntimeError: if there is no row of an index.
    """
    checks.check_range(indices, len(var), "SparseApplyAdagradV2", False)

    def rule(var, accum, grad):
        accum = accum + grad * grad if update_slots else accum
        return var - lr * grad / jnp.sqrt(accum + epsilon), accum

    return _each("SparseApplyAdagradV2", rule, (var, accum), grad, indices)


@update("ops.SparseApplyAdadelta(epsilon, use_locking: _ = False)(var, accum, accum_update, lr, rho, grad, indices)",
        gives=3, kinds={"epsilon": "float >= 0"})  # fmt: skip
def sparse_apply_adadelta(var, accum, accum_update, lr, rho, grad, indices, *, epsilon) -> _Three:
    """Steps in the ratio of running means of squared updates and of squared gradients, of the rows named."""

    def rule(var, accum, accum_update, grad):
        return updates.apply_adadelta(var, accum, accum_update, lr, rho, epsilon, grad)

    return _each("SparseApplyAdadelta", rule, (var, accum, accum_update), grad, indices)


@update("ops.SparseApplyRMSProp(rho, momentum, epsilon, use_locking: _ = False)(var, ms, mom, lr, grad, indices)",
        gives=3, kinds={"rho": "float [0, 1]", "momentum": "float >= 0", "epsilon": "float > 0"})  # fmt: skip
def sparse_apply_rms_prop(var, ms, mom, lr, grad, indices, *, rho, momentum, epsilon) -> _Three:
    """Steps divided by the root of a running mean of squared gradients, with momentum, of the rows named."""

    def rule(var, ms, mom, grad):
        return updates.apply_rms_prop(var, ms, mom, lr, grad, rho, momentum, epsilon)

    return _each("SparseApplyRMSProp", rule, (var, ms, mom), grad, indices)


@update("ops.SparseApplyProximalAdagrad(use_locking: _ = False)(var, accum, lr, l1, l2, grad, indices)", gives=2)
def sparse_apply_proximal_adagrad(var, accum, lr, l1, l2, grad, indices) -> _Two:
    """A step of Adagrad, then smaller by the penalties, of the rows named."""

    def rule(var, accum, grad):
        return updates.apply_proximal_adagrad(var, accum, lr, l1, l2, grad)

    return _each("SparseApplyProximalAdagrad", rule, (var, accum), grad, indices)


def _ftrl(lr, l1, l2, lr_power, l2_shrinkage=0.0):
    def rule(var, accum, linear, grad):
        return updates.apply_ftrl(var, accum, linear + 2 * l2_shrinkage * var, grad, lr, l1, l2, lr_power)

    return rule


@update("ops.SparseApplyFtrl(lr, l1, l2, lr_power, use_locking: _ = False)(var, accum, linear, grad, indices)",
        gives=3, kinds=_RATES)  # fmt: skip
def sparse_apply_ftrl(var, accum, linear, grad, indices, *, lr, l1, l2, lr_power) -> _Three:
    """A step of "follow the regularized leader", of the rows named."""
    return _each("SparseApplyFtrl", _ftrl(lr, l1, l2, lr_power), (var, accum, linear), grad, indices)


@update("ops.SparseApplyFtrlV2(lr, l1, l2, l2_shrinkage, lr_power, use_locking: _ = False)"
        "(var, accum, linear, grad, indices)", gives=3, kinds=_RATES | {"l2_shrinkage": "float"})  # fmt: skip
def sparse_apply_ftrl_v2(var, accum, linear, grad, indices, *, lr, l1, l2, l2_shrinkage, lr_power) -> _Three:
    """A step of "follow the regularized leader", of the rows named, whose gradients also pull towards 0.

    Args:
        l2_shrinkage: half of what is added to the gradient for each weight, but not to the sum of its squares.

    Source:
        McMahan et al., Ad click prediction: a view from the trenches (2013), with the shrinkage of TensorFlow's FtrlV2.
    """
    rule = _ftrl(lr, l1, l2, lr_power, l2_shrinkage)
    return _each("SparseApplyFtrlV2", rule, (var, accum, linear), grad, indices)


# -- added -------------------------------------------------------------------------------------------------------------


@update("ops.FusedSparseFtrl(lr, l1, l2, lr_power, use_locking: _ = False)(var, accum, linear, grad, indices)",
        gives=3, kinds=_RATES)  # fmt: skip
def fused_sparse_ftrl(var, accum, linear, grad, indices, *, lr, l1, l2, lr_power) -> _Three:
    """A step of "follow the regularized leader", of the rows named; the gradients of one row are added."""
    return _merged("FusedSparseFtrl", _ftrl(lr, l1, l2, lr_power), (var, accum, linear), grad, indices)


@update("ops.FusedSparseProximalAdagrad(use_locking: _ = False)(var, accum, lr, l1, l2, grad, indices)", gives=2)
def fused_sparse_proximal_adagrad(var, accum, lr, l1, l2, grad, indices) -> _Two:
    """A step of Adagrad, then smaller by the penalties, of the rows named; the gradients of one row are added."""

    def rule(var, accum, grad):
        return updates.apply_proximal_adagrad(var, accum, lr, l1, l2, grad)

    return _merged("FusedSparseProximalAdagrad", rule, (var, accum), grad, indices)


_ADAM = "(use_locking: _ = False, use_nesterov=False)(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, "


@update(f"ops.FusedSparseLazyAdam{_ADAM}gradient, indices)", gives=3, kinds={"use_nesterov": "bool"})
def fused_sparse_lazy_adam(
    var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, gradient, indices, *, use_nesterov=False
) -> _Three:
    """A step of Adam, of the rows named, moments included; the gradients of one row are added."""
    scalars = (beta1_power, beta2_power, lr, beta1, beta2, epsilon)

    def rule(var, m, v, gradient):
        return updates.adam(var, m, v, *scalars, gradient, use_nesterov=use_nesterov)

    return _merged("FusedSparseLazyAdam", rule, (var, m, v), gradient, indices)


@update(f"ops.FusedSparseAdam{_ADAM}gradient, indices)", gives=3, kinds={"use_nesterov": "bool"})
def fused_sparse_adam(
    var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, gradient, indices, *, use_nesterov=False
) -> _Three:
    """A step of Adam, with gradient 0 of the rows that are not named; the gradients of one row are added.

    Differs from other rules in this: with `use_nesterov` only rows that are named move, as in MindSpore.
    """
    total, there = _total("FusedSparseAdam", var, gradient, indices)
    scalars = (beta1_power, beta2_power, lr, beta1, beta2, epsilon)
    moved, m, v = updates.adam(var, m, v, *scalars, total, use_nesterov=use_nesterov)
    return jnp.where(there, moved, var) if use_nesterov else moved, m, v
