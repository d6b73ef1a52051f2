"""Distributions of a layer's weights: before anything is known, and as they are trained."""

from __future__ import annotations

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.kinds import takes
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.nn.initializer import Normal as NormalInitializer
from msjax.nn.initializer import initializer
from msjax.nn.probability.distribution import Normal


class NormalPrior(Cell):
    """A normal distribution that is not trained, of each weight.

    Args:
        dtype: the dtype of samples.
        mean: the mean.
        std: the standard deviation, above 0.

    Inputs:
        *inputs: the name of a method of `Normal`, and its arguments.

    Returns:
        What the method gives.

    Example:
        >>> print(nn.probability.bnn_layers.NormalPrior()("sd"))
        0.1
    """

    def __init__(self, dtype=mstype.float32, mean=0, std=0.1):
        super().__init__()
        self.normal = Normal(mean, std, dtype=dtype)

    def construct(self, *inputs):
        return self.normal(*inputs)


@takes(name="str", shape="tuple or list", loc_mean="number", loc_std="number", untransformed_scale_mean="number",
       untransformed_scale_std="number")  # fmt: skip
class NormalPosterior(Cell):
    """Normal distributions whose means and deviations are trained; the latter are softplus of a Parameter.

    Args:
        name: how the names of the Parameters begin.
        shape: the shape of the weight.
        dtype: the dtype of the Parameters.
        loc_mean, loc_std: mean and deviation of the normal distribution that means begin with.
        untransformed_scale_mean, untransformed_scale_std: the same of what softplus makes deviations of.

    Inputs:
        *inputs: the name of a method of `Normal`, and its arguments.

    Returns:
        What the method gives.

    Example:
        >>> nn.probability.bnn_layers.NormalPosterior("weight", (3, 2))("sample").shape
        (3, 2)
    """

    def __init__(self, name, shape, dtype=mstype.float32, loc_mean=0, loc_std=0.1, untransformed_scale_mean=-5,
                 untransformed_scale_std=0.1):  # fmt: skip
        super().__init__()
        drawn = initializer(NormalInitializer(loc_std, loc_mean), shape, dtype)
        self.mean = Parameter(drawn, name=f"{name}_mean")
        drawn = initializer(NormalInitializer(untransformed_scale_std, untransformed_scale_mean), shape, dtype)
        self.untransformed_std = Parameter(drawn, name=f"{name}_untransformed_std")
        self.normal = Normal(dtype=dtype)

    @property
    def std(self) -> Tensor:
        """The standard deviations."""
        return ops.softplus(self.untransformed_std)

    def construct(self, *inputs):
        return self.normal(*inputs, mean=self.mean, sd=self.std)


def normal_post_fn(name: str, shape, dtype=mstype.float32) -> NormalPosterior:
    """The posterior of a layer's weight, if it is given none.

    Args:
        name, shape, dtype: as for `NormalPosterior`.

    Returns:
        A Cell.
    """
    return NormalPosterior(name, shape, dtype)
