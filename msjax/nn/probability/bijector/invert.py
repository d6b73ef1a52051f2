"""Invert: a bijector the other way round."""

from __future__ import annotations

from msjax.core.kinds import check, check_is
from msjax.nn.probability.bijector.bijector import Bijector
from msjax.nn.probability.documented import documented


@documented
class Invert(Bijector):
    """The inverse of a bijector.

    Args:
        bijector: the bijector.
        name: what errors call this one; "" for "Invert" followed by the bijector's name.

    Example:
        >>> print(nn.probability.bijector.Invert(nn.probability.bijector.ScalarAffine(2.0, 1.0)).forward(Tensor([5.0])))
        [2.]
    """

    def __init__(self, bijector, name=""):
        check_is("Invert", "bijector", bijector, Bijector)
        check("Invert", "name", name, "str")
        super().__init__(
            bijector.is_constant_jacobian, bijector.is_injective, name or f"Invert{bijector.name}", bijector.dtype
        )
        self._arguments = {"bijector": bijector, "name": self._name}
        self._bijector = bijector

    @property
    def bijector(self) -> Bijector:
        """The bijector that this one inverts."""
        return self._bijector

    @property
    def batch_shape(self):
        """The shape of the bijector's parameters."""
        return self._bijector.batch_shape

    @property
    def is_scalar_batch(self) -> bool:
        """Whether all parameters are numbers."""
        return self._bijector.is_scalar_batch

    def extend_repr(self) -> str:
        """Nothing: the bijector is shown."""
        return ""

    def _forward(self, x):
        return self._bijector.inverse(x)

    def _inverse(self, y):
        return self._bijector.forward(y)

    def _forward_log_jacobian(self, x):
        return self._bijector.inverse_log_jacobian(x)

    def _inverse_log_jacobian(self, y):
        return self._bijector.forward_log_jacobian(y)
