"""Distribution: the base class, which serves every question by a formula of the distribution's, or from others."""

from __future__ import annotations

from typing import Any

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.effects import only_computes
from msjax.core.kinds import check
from msjax.core.random import Generator
from msjax.core.tensor import Tensor
from msjax.core.watching import seen
from msjax.nn.probability.distribution.formula import between
from msjax.nn.probability.formulas import NUMBERS, Formula, WithParameters, as_tensor, given_dtypes

# How each question is answered: by the first of these methods that a distribution has, and by what becomes of its
# answer.
_WAYS = {
    "prob": {"_prob": None, "_log_prob": ops.exp},
    "log_prob": {"_log_prob": None, "_prob": ops.log},
    "cdf": {
        "_cdf": None,
        "_log_cdf": ops.exp,
        "_survival_function": lambda survival: 1 - survival,
        "_log_survival": lambda log_survival: -ops.expm1(log_survival),
    },
    "log_cdf": {
        "_log_cdf": None,
        "_cdf": ops.log,
        "_survival_function": lambda survival: ops.log1p(-survival),
        "_log_survival": lambda log_survival: ops.log(-ops.expm1(log_survival)),
    },
    "survival_function": {
        "_survival_function": None,
        "_log_survival": ops.exp,
        "_cdf": lambda cdf: 1 - cdf,
        "_log_cdf": lambda log_cdf: -ops.expm1(log_cdf),
    },
    "log_survival": {
        "_log_survival": None,
        "_survival_function": ops.log,
        "_cdf": lambda cdf: ops.log1p(-cdf),
        "_log_cdf": lambda log_cdf: ops.log(-ops.expm1(log_cdf)),
    },
    "mean": {"_mean": None},
    "mode": {"_mode": None},
    "sd": {"_sd": None, "_var": ops.sqrt},
    "var": {"_var": None, "_sd": ops.square},
    "entropy": {"_entropy": None},
    "kl_loss": {"_kl_loss": None},
    "cross_entropy": {"_cross_entropy": None},
    "sample": {"_sample": None},
}
_METHODS = frozenset({*_WAYS, "get_dist_args", "get_dist_type"})


class Distribution(WithParameters):
    """The base class of distributions.

    A subclass defines what is special about it as methods `_prob` or `_log_prob`, `_cdf` (or `_log_cdf`,
    `_survival_function`, `_log_survival`), `_mean`, `_mode`, `_sd` or `_var`, `_entropy`, `_kl_loss`, `_cross_entropy`
    and `_sample`. The methods of the same names without underscore answer by these.

    All methods take the distribution's parameters after their own arguments, as Tensors: then they speak of the
    distribution with these. Called as a Cell, a distribution takes the name of a method before its arguments.

    Args:
        seed: where samples begin, an int that is not negative; None or 0 for the global generator.
        dtype: the dtype of samples.
        name: what errors call the distribution.
        param: the parameters, a dict; it may have them under "param_dict".

    Inputs:
        name: the name of a method.
        *args, **kwargs: its arguments.

    Returns:
        A Tensor; `get_dist_args` gives a tuple of Tensors, `get_dist_type` a text.

    Raises:
        NotImplementedError: where a method is called that the distribution can not answer.

    Example:
        >>> class Die(nn.probability.distribution.Distribution):
        ...     def __init__(self):
        ...         super().__init__(0, ms.int32, "Die", {})
        ...     def _prob(self, value):
        ...         return ops.ones_like(value) / 6
        >>> print(Die().log_prob(Tensor([1.0])))
        [-1.7917595]
    """

    _random = True
    _is_distribution = True  # by which bijectors know one
    _dtypes = NUMBERS

    def __init__(self, seed, dtype, name, param):
        super().__init__()
        owner = type(self).__name__
        check(owner, "name", name, "str")
        check(owner, "seed", seed, "None or int >= 0")
        if dtype not in self._dtypes:
            raise TypeError(
                f"For '{owner}', the 'dtype' must be one of {', '.join(map(str, self._dtypes))}, but got {dtype}."
            )
        own = param.get("param_dict", param)
        self._name, self._dtype, self._seed = name, dtype, seed or 0
        self._arguments = {**own, "seed": seed, "dtype": dtype, "name": name, "param_dict": own}
        if seed:
            self._generator = Generator().manual_seed(seed)
        self.parameter_type = self._parameter_type(own)
        self._take(self.parameter_type, **own)

    def _parameter_type(self, values: dict[str, Any]):
        """The dtype of the parameters: that of arrays among them if it is narrow, else that of samples or float32."""
        given = given_dtypes(type(self).__name__, values, self._given_as)
        dtype = next(iter(given.values()), self._dtype)
        narrow = dtype in mstype.float_type and (not given or dtype != mstype.float64)
        return dtype if narrow else mstype.float32

    def _add_parameter(self, value, name: str):
        """A parameter of a subclass, as a Tensor of the dtype in which this distribution computes."""
        self._arguments[name] = value
        return value if value is None else as_tensor(value, self.parameter_type)

    # -- what it is -----------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What errors call it."""
        return self._name

    @property
    def dtype(self):
        """The dtype of samples."""
        return self._dtype

    @property
    def seed(self) -> int:
        """The number where samples begin; 0 if none was given."""
        return self._seed

    @property
    def parameters(self) -> dict[str, Any]:
        """What it was made with, by name."""
        return self._arguments

    @property
    def broadcast_shape(self) -> tuple[int, ...] | None:
        """The shape of one sample."""
        return self.batch_shape

    def get_dist_type(self) -> str:
        """The kind of distribution, as `kl_loss` wants to know it of the other one.

        Returns:
            A text.
        """
        if not self._parameters:
            raise self._unanswered("get_dist_type")
        return type(self).__name__

    def get_dist_args(self, *args, **kwargs) -> tuple:
        """The parameters, as Tensors.

        Args:
            *args, **kwargs: parameters that take the place of its own.

        Returns:
            A tuple of Tensors.
        """
        if not self._parameters:
            raise self._unanswered("get_dist_args")
        given = dict(zip(self._parameters, args, strict=False)) | kwargs
        return tuple(self._parameter(name, given.get(name)) for name in self._parameters)

    def _parameter(self, name: str, given=None) -> Tensor:
        """A parameter: what a call gives, or else the distribution's own.

        Args:
            name: its name.
            given: a Tensor, or None.

        Returns:
            A Tensor.

        Raises:
            TypeError: if the call gives something else, or there is none.
        """
        check(type(self).__name__, name, given, "None or Tensor")
        value = getattr(self, f"_{name}_value") if given is None else given
        if value is None:
            raise TypeError(
                f"For '{type(self).__name__}', the '{name}' was not given when the distribution was made, so calls "
                "must give it."
            )
        return value

    # -- questions ------------------------------------------------------------------------------------------------

    def _answer(self, question: str, *args, **kwargs) -> Any:
        for way, finish in _WAYS[question].items():
            method = getattr(self, way, None)
            if method is not None:
                answer = (method if isinstance(getattr(type(self), way), Formula) else seen(method))(*args, **kwargs)
                return answer if finish is None else finish(answer)
        raise self._unanswered(question)

    def _unanswered(self, question: str) -> NotImplementedError:
        return NotImplementedError(f"{question} is not implemented for {self._name} distribution.")

    def construct(self, name: str, *args, **kwargs):
        if name not in _METHODS:
            raise self._unanswered(name)
        return getattr(self, name)(*args, **kwargs)

    def prob(self, value, *args, **kwargs):
        """The probability, or its density, at a value.

        Args:
            value: a Tensor.
            *args, **kwargs: parameters that take the place of the distribution's own.

        Returns:
            A Tensor, of the shape of value and parameters together.
        """
        return self._answer("prob", value, *args, **kwargs)

    def log_prob(self, value, *args, **kwargs):
        """The logarithm of the probability, or its density, at a value.

        Args:
            value, *args, **kwargs: as for `prob`.

        Returns:
            A Tensor.
        """
        return self._answer("log_prob", value, *args, **kwargs)

    def cdf(self, value, *args, **kwargs):
        """The probability of this value and all below.

        Args:
            value, *args, **kwargs: as for `prob`.

        Returns:
            A Tensor.
        """
        return self._answer("cdf", value, *args, **kwargs)

    def log_cdf(self, value, *args, **kwargs):
        """The logarithm of `cdf`.

        Args:
            value, *args, **kwargs: as for `prob`.

        Returns:
            A Tensor.
        """
        return self._answer("log_cdf", value, *args, **kwargs)

    def survival_function(self, value, *args, **kwargs):
        """The probability of all above a value.

        Args:
            value, *args, **kwargs: as for `prob`.

        Returns:
            A Tensor.
        """
        return self._answer("survival_function", value, *args, **kwargs)

    def log_survival(self, value, *args, **kwargs):
        """The logarithm of `survival_function`.

        Args:
            value, *args, **kwargs: as for `prob`.

        Returns:
            A Tensor.
        """
        return self._answer("log_survival", value, *args, **kwargs)

    def mean(self, *args, **kwargs):
        """The mean.

        Args:
            *args, **kwargs: parameters that take the place of the distribution's own.

        Returns:
            A Tensor.
        """
        return self._answer("mean", *args, **kwargs)

    def mode(self, *args, **kwargs):
        """The value of the highest probability.

        Args:
            *args, **kwargs: as for `mean`.

        Returns:
            A Tensor.
        """
        return self._answer("mode", *args, **kwargs)

    def sd(self, *args, **kwargs):
        """The standard deviation.

        Args:
            *args, **kwargs: as for `mean`.

        Returns:
            A Tensor.
        """
        return self._answer("sd", *args, **kwargs)

    def var(self, *args, **kwargs):
        """The variance.

        Args:
            *args, **kwargs: as for `mean`.

        Returns:
            A Tensor.
        """
        return self._answer("var", *args, **kwargs)

    def entropy(self, *args, **kwargs):
        """The entropy, in nats.

        Args:
            *args, **kwargs: as for `mean`.

        Returns:
            A Tensor.
        """
        return self._answer("entropy", *args, **kwargs)

    def kl_loss(self, dist, *args, **kwargs):
        """The Kullback-Leibler divergence KL(this || other), in nats.

        Args:
            dist: the kind of the other distribution, which is that of this one.
            *args, **kwargs: the other's parameters, then those that take the place of this one's own.

        Returns:
            A Tensor.
        """
        return self._answer("kl_loss", dist, *args, **kwargs)

    def cross_entropy(self, dist, *args, **kwargs):
        """The cross entropy with another distribution, in nats: the entropy and the Kullback-Leibler divergence.

        Args:
            dist, *args, **kwargs: as for `kl_loss`.

        Returns:
            A Tensor.
        """
        divergence = getattr(type(self), "_kl_loss", None)
        if hasattr(self, "_cross_entropy") or not isinstance(divergence, between):
            return self._answer("cross_entropy", dist, *args, **kwargs)
        own = divergence.bind(self, (dist, *args), kwargs)[-len(self._parameters) :]
        return self._answer("entropy", *own) + self._answer("kl_loss", dist, *args, **kwargs)

    def sample(self, *args, **kwargs):
        """Random numbers of this distribution; derivatives flow to its parameters where it can be reparameterized.

        Args:
            *args, **kwargs: `shape`, a tuple, empty by default; then parameters that take the place of its own.

        Returns:
            A Tensor of `shape` followed by `broadcast_shape`.
        """
        return self._answer("sample", *args, **kwargs)


for _name in _METHODS:  # they read what the distribution keeps
    only_computes(vars(Distribution)[_name])
