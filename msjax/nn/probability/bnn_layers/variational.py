"""Layers that draw weight and bias from trained distributions: Blundell et al., Weight Uncertainty in Neural Networks
(2015); Kingma et al., Variational Dropout and the Local Reparameterization Trick (2015)."""

from __future__ import annotations

from typing import Any

from msjax import ops
from msjax.core.effects import only_computes
from msjax.core.kinds import each_axis, takes
from msjax.core.watching import seen
from msjax.nn.cell import Cell
from msjax.nn.layer.activation import get_activation
from msjax.nn.probability.bnn_layers.layer_distribution import NormalPrior, normal_post_fn
from msjax.nn.probability.distribution import Normal


class _Variational(Cell):
    """A layer whose weight, and bias if it has one, each have a prior and a posterior.

    Args:
        in_channels, out_channels: the numbers of channels, or features, of input and output.
        has_bias: whether a bias is added.
        weight_prior_fn, bias_prior_fn: make the prior, a Cell that is called as `NormalPrior` is; or that Cell.
        weight_posterior_fn, bias_posterior_fn: make the posterior, called with `name` and `shape`; or that Cell.
    """

    def _distribute(self, weight_shape: tuple[int, ...], prior, posterior, bias_prior, bias_posterior) -> None:
        self.weight_prior = _made(prior)
        self.weight_posterior = _posterior(posterior, "weight", weight_shape)
        if self.has_bias:
            self.bias_prior = _made(bias_prior)
            self.bias_posterior = _posterior(bias_posterior, "bias", (self.out_channels,))

    def _bias(self):
        return seen(self.bias_posterior)("sample") if self.has_bias else None

    @only_computes
    def compute_kl_loss(self):
        """The Kullback-Leibler divergence from the priors to the posteriors, KL(prior || posterior), of all weights.

        Returns:
            A Tensor, a number.
        """
        divergence = _divergence(self.weight_prior, self.weight_posterior)
        return divergence + _divergence(self.bias_prior, self.bias_posterior) if self.has_bias else divergence


def _made(prior):
    return prior if isinstance(prior, Cell) else prior()


def _posterior(posterior, name: str, shape: tuple[int, ...]) -> Cell:
    if isinstance(posterior, Cell):
        return posterior
    made = posterior(name=name, shape=shape)
    for parameter in made.get_parameters():
        parameter.name = parameter.name.removeprefix(f"{name}_")  # the layer's attribute says that
    return made


def _divergence(prior, posterior):
    mean, deviation = seen(posterior)("mean"), seen(posterior)("sd")
    return seen(prior)("kl_loss", "Normal", mean, deviation).sum()


@takes(in_channels="int > 0", out_channels="int > 0", has_bias="bool")
class _DenseVariational(_Variational):
    """A dense layer of such weights.

    Args:
        activation: the name of an activation layer, a Cell or None.

    Inputs:
        x: a Tensor (N, in_channels).

    Returns:
        A Tensor (N, out_channels).
    """

    def __init__(self, in_channels, out_channels, activation: Any = None, has_bias=True, weight_prior_fn=NormalPrior,
                 weight_posterior_fn=normal_post_fn, bias_prior_fn=NormalPrior,
                 bias_posterior_fn=normal_post_fn):  # fmt: skip
        super().__init__()
        self.in_channels, self.out_channels, self.has_bias = in_channels, out_channels, has_bias
        self._distribute(
            (out_channels, in_channels), weight_prior_fn, weight_posterior_fn, bias_prior_fn, bias_posterior_fn
        )
        self.activation = get_activation(activation) if isinstance(activation, str) else activation
        if activation is not None and not isinstance(self.activation, Cell):
            raise ValueError(
                f"For '{type(self).__name__}', the 'activation' must be a str, a Cell or None, but got {activation!r}."
            )

    def construct(self, x):
        if x.ndim != 2:
            raise ValueError(f"For '{type(self).__name__}', the input must have two axes, but its shape is {x.shape}.")
        y = self._linear(x)
        y = y + self._bias() if self.has_bias else y
        return y if self.activation is None else seen(self.activation)(y)

    def _linear(self, x):
        raise NotImplementedError

    def extend_repr(self) -> str:
        return f"in_channels={self.in_channels}, out_channels={self.out_channels}, has_bias={self.has_bias}"


class DenseReparam(_DenseVariational):
    """A dense layer whose weight is drawn once in each call.

    Args:
        in_channels, out_channels: the numbers of features of input and output.
        activation: the name of an activation layer, a Cell or None.
        has_bias: whether a bias is added.
        weight_prior_fn, bias_prior_fn: make the prior, a Cell that is called as `NormalPrior` is; or that Cell.
        weight_posterior_fn, bias_posterior_fn: make the posterior, called with `name` and `shape`; or that Cell.

    Inputs:
        x: a Tensor (N, in_channels).

    Returns:
        A Tensor (N, out_channels).

    Raises:
        TypeError, ValueError: for unfit sizes or activations.

    Example:
        >>> nn.probability.bnn_layers.DenseReparam(3, 2)(ops.ones((4, 3))).shape
        (4, 2)
    """

    def _linear(self, x):
        return ops.dense(x, seen(self.weight_posterior)("sample"))


class DenseLocalReparam(_DenseVariational):
    """A dense layer whose outputs are drawn from the distribution that drawn weights would give them.

    Args:
        in_channels, out_channels: the numbers of features of input and output.
        activation: the name of an activation layer, a Cell or None.
        has_bias: whether a bias is added.
        weight_prior_fn, bias_prior_fn: make the prior, a Cell that is called as `NormalPrior` is; or that Cell.
        weight_posterior_fn, bias_posterior_fn: make the posterior, called with `name` and `shape`; or that Cell.

    Inputs:
        x: a Tensor (N, in_channels).

    Returns:
        A Tensor (N, out_channels).

    Raises:
        TypeError, ValueError: for unfit sizes or activations.

    Example:
        >>> nn.probability.bnn_layers.DenseLocalReparam(3, 2)(ops.ones((4, 3))).shape
        (4, 2)
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.normal = Normal()

    def _linear(self, x):
        mean, deviation = seen(self.weight_posterior)("mean"), seen(self.weight_posterior)("sd")
        variance = ops.dense(ops.square(x), ops.square(deviation))
        known = variance == 0  # where no input is; the square root's derivative there is infinite
        spread = ops.where(known, 0.0, ops.sqrt(ops.where(known, 1.0, variance)))
        return self.normal.sample((), ops.dense(x, mean), spread)


@takes(in_channels="int > 0", out_channels="int > 0", has_bias="bool", group="int > 0",
       pad_mode="'same' or 'valid' or 'pad'")  # fmt: skip
class ConvReparam(_Variational):
    """A convolution of two axes whose weight is drawn once in each call.

    Args:
        in_channels, out_channels: the numbers of channels of input and output.
        kernel_size, stride, dilation: as for `nn.Conv2d`.
        pad_mode, padding, group: as for `nn.Conv2d`.
        has_bias: whether a bias is added.
        weight_prior_fn, bias_prior_fn: make the prior, a Cell that is called as `NormalPrior` is; or that Cell.
        weight_posterior_fn, bias_posterior_fn: make the posterior, called with `name` and `shape`; or that Cell.

    Inputs:
        x: a Tensor (N, in_channels, H, W).

    Returns:
        A Tensor (N, out_channels, H, W).

    Raises:
        TypeError, ValueError: for unfit sizes or modes.

    Example:
        >>> nn.probability.bnn_layers.ConvReparam(1, 2, 3)(ops.ones((1, 1, 8, 8))).shape
        (1, 2, 8, 8)
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode="same", padding=0, dilation=1,
                 group=1, has_bias=False, weight_prior_fn=NormalPrior, weight_posterior_fn=normal_post_fn,
                 bias_prior_fn=NormalPrior, bias_posterior_fn=normal_post_fn):  # fmt: skip
        super().__init__()
        self.in_channels, self.out_channels, self.has_bias = in_channels, out_channels, has_bias
        self.kernel_size = each_axis("ConvReparam", "kernel_size", kernel_size, 2, "> 0")
        self.stride = each_axis("ConvReparam", "stride", stride, 2, "> 0")
        self.dilation = each_axis("ConvReparam", "dilation", dilation, 2, "> 0")
        if padding and pad_mode != "pad":
            raise ValueError(
                f"For 'ConvReparam', the 'padding' must be 0 unless 'pad_mode' is 'pad', but got {padding}."
            )
        self.pad_mode, self.padding, self.group = pad_mode, padding, group
        shape = (out_channels, in_channels // group, *self.kernel_size)
        self._distribute(shape, weight_prior_fn, weight_posterior_fn, bias_prior_fn, bias_posterior_fn)

    def construct(self, x):
        weight = seen(self.weight_posterior)("sample")
        return ops.conv2d(x, weight, self._bias(), self.stride, self.pad_mode, self.padding, self.dilation, self.group)

    def extend_repr(self) -> str:
        return (
            f"in_channels={self.in_channels}, out_channels={self.out_channels}, kernel_size={self.kernel_size}, "
            f"stride={self.stride}, pad_mode={self.pad_mode}, padding={self.padding}, dilation={self.dilation}, "
            f"group={self.group}, has_bias={self.has_bias}"
        )
