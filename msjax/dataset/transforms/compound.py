"""Transforms made of transforms: in turn, in random order, with a probability, one of several."""

from __future__ import annotations

from msjax.core.kinds import check, takes
from msjax.dataset.seeding import draws, streams
from msjax.dataset.transforms.base import Implementation, is_pil


class CompoundOperation:
    """Base of the transforms that call other ones, or functions of the user's."""

    implementation: Implementation | None = None
    _chooses = True  # whether it draws random numbers itself

    @property
    def random(self) -> bool:
        """Whether it draws random numbers, or what it is made of does, or may."""
        return self._chooses or any(getattr(part, "random", True) for part in self.transforms)

    def __init__(self, transforms: list):
        owner = type(self).__name__
        check(owner, "transforms", transforms, "list")
        if not transforms:
            raise ValueError(f"For '{owner}', the 'transforms' must not be empty.")
        for index, transform in enumerate(transforms):
            if not callable(transform):
                raise TypeError(
                    f"For '{owner}', 'transforms[{index}]' must be a transform or a function, "
                    f"but got {transform!r:.80} of type {type(transform).__name__}."
                )
        self.transforms = list(transforms)
        if all(getattr(part, "implementation", None) == Implementation.PY for part in self.transforms):
            self.implementation = Implementation.PY

    def __call__(self, *columns):
        in_python = any(map(is_pil, columns)) or self.implementation == Implementation.PY
        return in_turn(self._chosen(in_python), columns)

    def _chosen(self, in_python: bool) -> list:
        """The transforms to apply now, in order; MindSpore chooses them in Python, or in C++."""
        raise NotImplementedError


def in_turn(transforms: list, columns: tuple):
    """What the transforms give, each applied to the results of the one before."""
    for transform in transforms:
        results = transform(*columns)
        columns = results if isinstance(results, tuple) else (results,)
    return columns[0] if len(columns) == 1 else columns


class Compose(CompoundOperation):
    """Apply transforms in turn.

    Args:
        transforms (list): transforms, or functions of the user's.

    Raises:
        TypeError: if `transforms` is no list, or one of it is no function.
        ValueError: if `transforms` is empty.

    Example:
        >>> transforms.Compose([transforms.Fill(3), lambda x: x + 1])(np.zeros(2, np.int32)).tolist()
        [4, 4]
    """

    _chooses = False

    def _chosen(self, in_python: bool) -> list:
        return self.transforms


class RandomApply(CompoundOperation):
    """Apply transforms in turn, all of them or none.

    Args:
        transforms (list): transforms, or functions of the user's.
        prob (float): the probability to apply them. Default: 0.5.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if `transforms` is empty, or `prob` not in [0, 1].

    Example:
        >>> transforms.RandomApply([transforms.Fill(3)], prob=1.0)(np.zeros(2, np.int32)).tolist()
        [3, 3]
    """

    @takes(prob="number [0, 1]")
    def __init__(self, transforms: list, prob: float = 0.5):
        super().__init__(transforms)
        self.prob = prob

    def _chosen(self, in_python: bool) -> list:
        number = streams().python.random() if in_python else draws(self).unit()
        return self.transforms if number <= self.prob else []


class RandomChoice(CompoundOperation):
    """Apply one of several transforms, each with the same probability.

    Args:
        transforms (list): transforms, or functions of the user's.

    Raises:
        TypeError: if `transforms` is no list, or one of it is no function.
        ValueError: if `transforms` is empty.

    Example:
        >>> transforms.RandomChoice([transforms.Fill(3)])(np.zeros(2, np.int32)).tolist()
        [3, 3]
    """

    def _chosen(self, in_python: bool) -> list:
        if in_python:
            return [streams().python.choice(self.transforms)]
        return [self.transforms[draws(self).integer(0, len(self.transforms) - 1)]]


class RandomOrder(CompoundOperation):
    """Apply transforms in turn, in random order.

    Args:
        transforms (list): transforms, or functions of the user's.

    Raises:
        TypeError: if `transforms` is no list, or one of it is no function.
        ValueError: if `transforms` is empty.

    Example:
        >>> transforms.RandomOrder([transforms.Fill(3)])(np.zeros(2, np.int32)).tolist()
        [3, 3]
    """

    def _chosen(self, in_python: bool) -> list:
        order = list(self.transforms)
        streams().python.shuffle(order)
        return order
