"""Policies of augmentation: learnt ones, random ones, and those that users put together."""

from __future__ import annotations

import functools

import numpy as np

from msjax.core.kinds import check, check_is, takes
from msjax.dataset.seeding import draws, streams
from msjax.dataset.transforms.base import TensorOperation
from msjax.dataset.transforms.compound import CompoundOperation, in_turn
from msjax.dataset.vision.base import ImageTensorOperation
from msjax.dataset.vision.checks import fill
from msjax.dataset.vision.colour import brighter, contrasted, more_saturated
from msjax.dataset.vision.enumerations import AutoAugmentPolicy, Inter
from msjax.dataset.vision.geometry import affine, rotated
from msjax.dataset.vision.levels import autocontrasted, equalized, posterized, solarized
from msjax.dataset.vision.sharpness import sharpened

# Cubuk et al.: AutoAugment: Learning augmentation policies from data, 2019, tables of the appendix. One line is one
# policy: the name, probability and magnitude, from 0 to 9, of two operations.
_LEARNT = {
    AutoAugmentPolicy.IMAGENET: """
        Posterize 0.4 8, Rotate 0.6 9
        Solarize 0.6 5, AutoContrast 0.6 0
        Equalize 0.8 0, Equalize 0.6 0
        Posterize 0.6 7, Posterize 0.6 6
        Equalize 0.4 0, Solarize 0.2 4
        Equalize 0.4 0, Rotate 0.8 8
        Solarize 0.6 3, Equalize 0.6 0
        Posterize 0.8 5, Equalize 1.0 0
        Rotate 0.2 3, Solarize 0.6 8
        Equalize 0.6 0, Posterize 0.4 6
        Rotate 0.8 8, Color 0.4 0
        Rotate 0.4 9, Equalize 0.6 0
        Equalize 0.0 0, Equalize 0.8 0
        Invert 0.6 0, Equalize 1.0 0
        Color 0.6 4, Contrast 1.0 8
        Rotate 0.8 8, Color 1.0 2
        Color 0.8 8, Solarize 0.8 7
        Sharpness 0.4 7, Invert 0.6 0
        ShearX 0.6 5, Equalize 1.0 0
        Color 0.4 0, Equalize 0.6 0
        Equalize 0.4 0, Solarize 0.2 4
        Solarize 0.6 5, AutoContrast 0.6 0
        Invert 0.6 0, Equalize 1.0 0
        Color 0.6 4, Contrast 1.0 8
        Equalize 0.8 0, Equalize 0.6 0""",
    AutoAugmentPolicy.CIFAR10: """
        Invert 0.1 0, Contrast 0.2 6
        Rotate 0.7 2, TranslateX 0.3 9
        Sharpness 0.8 1, Sharpness 0.9 3
        ShearY 0.5 8, TranslateY 0.7 9
        AutoContrast 0.5 0, Equalize 0.9 0
        ShearY 0.2 7, Posterize 0.3 7
        Color 0.4 3, Brightness 0.6 7
        Sharpness 0.3 9, Brightness 0.7 9
        Equalize 0.6 0, Equalize 0.5 0
        Contrast 0.6 7, Sharpness 0.6 5
        Color 0.7 7, TranslateX 0.5 8
        Equalize 0.3 0, AutoContrast 0.4 0
        TranslateY 0.4 3, Sharpness 0.2 6
        Brightness 0.9 6, Color 0.2 8
        Solarize 0.5 2, Invert 0.0 0
        Equalize 0.2 0, AutoContrast 0.6 0
        Equalize 0.2 0, Equalize 0.6 0
        Color 0.9 9, Equalize 0.6 0
        AutoContrast 0.8 0, Solarize 0.2 8
        Brightness 0.1 3, Color 0.7 0
        Solarize 0.4 5, AutoContrast 0.9 0
        TranslateY 0.9 9, TranslateY 0.7 9
        AutoContrast 0.9 0, Solarize 0.8 3
        Equalize 0.8 0, Invert 0.1 0
        TranslateY 0.7 9, AutoContrast 0.9 0""",
    AutoAugmentPolicy.SVHN: """
        ShearX 0.9 4, Invert 0.2 0
        ShearY 0.9 8, Invert 0.7 0
        Equalize 0.6 0, Solarize 0.6 6
        Invert 0.9 0, Equalize 0.6 0
        Equalize 0.6 0, Rotate 0.9 3
        ShearX 0.9 4, AutoContrast 0.8 0
        ShearY 0.9 8, Invert 0.4 0
        ShearY 0.9 5, Solarize 0.2 6
        Invert 0.9 0, AutoContrast 0.8 0
        Equalize 0.6 0, Rotate 0.9 3
        ShearX 0.9 4, Solarize 0.3 3
        ShearY 0.8 8, Invert 0.7 0
        Equalize 0.9 0, TranslateY 0.6 6
        Invert 0.9 0, Equalize 0.6 0
        Contrast 0.3 3, Rotate 0.8 4
        Invert 0.8 0, TranslateY 0.0 2
        ShearY 0.7 6, Solarize 0.4 8
        Invert 0.6 0, Rotate 0.8 4
        ShearY 0.3 7, TranslateX 0.9 3
        ShearX 0.1 6, Invert 0.6 0
        Solarize 0.7 2, TranslateY 0.6 7
        ShearY 0.8 4, Invert 0.8 0
        ShearX 0.7 9, TranslateY 0.8 3
        ShearY 0.8 5, AutoContrast 0.7 0
        ShearX 0.7 2, Invert 0.1 0""",
}


@functools.cache
def _learnt(policy: AutoAugmentPolicy) -> list[list[tuple[str, float, int]]]:
    """The policies learnt on some data: each as (name, probability, magnitude) of its operations."""
    policies = []
    for line in _LEARNT[policy].strip().splitlines():
        words = [part.split() for part in line.split(",")]
        policies.append([(name, float(prob), int(magnitude)) for name, prob, magnitude in words])
    return policies


def _levels(bins: int, shear: float, shift: tuple[float, float], turn: float, change: float, bits: int) -> dict:
    """name -> the amounts of an operation at each magnitude. `shift` is that along x and y at the last."""
    last = dict.fromkeys(("ShearX", "ShearY"), shear) | dict(TranslateX=shift[0], TranslateY=shift[1], Rotate=turn)
    last |= dict.fromkeys(("Brightness", "Color", "Contrast", "Sharpness"), change)
    return {name: np.linspace(0.0, amount, bins) for name, amount in last.items()} | {
        "Posterize": 8 - np.rint(np.arange(bins) / ((bins - 1) / bits)),
        "Solarize": np.linspace(255.0, 0.0, bins),
    }


_WITH_SIGN = set("Brightness Color Contrast Sharpness ShearX ShearY TranslateX TranslateY Rotate".split())


class _PolicyOperation(ImageTensorOperation):
    """Base of what applies operations by name, to RGB images."""

    random = True
    _axes = (3,)
    _channels = (3,)
    _dtypes = "uint8"
    interpolation: Inter
    fill_value: tuple[int, int, int]

    def _rest(self, interpolation, fill_value) -> None:
        owner = type(self).__name__
        check_is(owner, "interpolation", interpolation, Inter)
        self.interpolation = interpolation
        self.fill_value = fill(owner, fill_value)

    def _random_sign(self, name: str, amount: float) -> float:
        return -amount if draws(self).index(2) and name in _WITH_SIGN else amount

    def _apply(self, name: str, image: np.ndarray, amount: float) -> np.ndarray:
        """The image after an operation."""
        turned = self._turned(name, image, amount)
        return self._toned(name, image, amount) if turned is None else turned

    def _turned(self, name: str, image, amount: float):
        shift, shear = [0.0, 0.0], [0.0, 0.0]
        if name == "Rotate":
            return rotated(self, image, amount, self.interpolation, False, None, self.fill_value)
        if name not in ("ShearX", "ShearY", "TranslateX", "TranslateY"):
            return None
        at = int(name.endswith("Y"))
        if name.startswith("Shear"):
            shear[at] = float(np.degrees(amount))
        else:
            shift[at] = int(amount)
        return affine(self, image, 0.0, shift, 1.0, shear, self.interpolation, self.fill_value)

    def _toned(self, name: str, image, amount: float):
        toned = {
            "Identity": lambda: image,
            "Brightness": lambda: brighter(image, 1 + amount),
            "Color": lambda: more_saturated(image, 1 + amount),
            "Contrast": lambda: contrasted(image, 1 + amount),
            "Sharpness": lambda: sharpened(self, image, 1 + amount),
            "Posterize": lambda: posterized(image, int(amount)),
            "Solarize": lambda: solarized(image, amount, 255.0),
            "AutoContrast": lambda: autocontrasted(image),
            "Equalize": lambda: equalized(image),
            "Invert": lambda: 255 - image,
        }
        return toned[name]()


class AutoAugment(_PolicyOperation):
    """Apply one of the policies that Cubuk et al. learnt on some data, at random (AutoAugment, 2019).

    Args:
        policy (AutoAugmentPolicy): on which data. Default: `AutoAugmentPolicy.IMAGENET`.
        interpolation (Inter): how to interpolate. Default: `Inter.NEAREST`.
        fill_value (Union[int, tuple[int]]): the colour outside of the image, RGB or grey. Default: 0.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if `fill_value` is not in [0, 255].
        RuntimeError: if the image is not uint8 of shape (H, W, 3).

    Example:
        >>> vision.AutoAugment()(np.zeros((8, 10, 3), np.uint8)).shape
        (8, 10, 3)
    """

    def __init__(self, policy=AutoAugmentPolicy.IMAGENET, interpolation=Inter.NEAREST, fill_value=0):
        check_is("AutoAugment", "policy", policy, AutoAugmentPolicy)
        self.policy = policy
        self._rest(interpolation, fill_value)

    def _image(self, image):
        numbers = draws(self)
        policies = _learnt(self.policy)
        shift = (150 / 331 * image.shape[1], 150 / 331 * image.shape[0])
        levels = _levels(10, 0.3, shift, 30.0, 0.9, 4) | {"Solarize": np.linspace(256.0, 0.0, 10)}
        policy = policies[numbers.integer(0, len(policies) - 1)]
        chances = [numbers.uniform(0.0, 1.0) for _ in policy]
        signs = [numbers.integer(0, 1) for _ in policy]
        for (name, prob, magnitude), chance, sign in zip(policy, chances, signs, strict=True):
            if chance <= prob:
                amount = levels[name][magnitude] if name in levels else 0.0
                image = self._apply(name, image, -amount if name in _WITH_SIGN and not sign else amount)
        return image


class RandAugment(_PolicyOperation):
    """Apply random operations, all of one magnitude (Cubuk et al.: RandAugment, 2019).

    Args:
        num_ops (int): how many operations. Default: 2.
        magnitude (int): how strong they are, below `num_magnitude_bins`. Default: 9.
        num_magnitude_bins (int): how many magnitudes there are. Default: 31.
        interpolation (Inter): how to interpolate. Default: `Inter.NEAREST`.
        fill_value (Union[int, tuple[int]]): the colour outside of the image, RGB or grey. Default: 0.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is not uint8 of shape (H, W, 3).

    Example:
        >>> vision.RandAugment()(np.zeros((8, 10, 3), np.uint8)).shape
        (8, 10, 3)
    """

    _NAMES = (
        "AutoContrast Brightness Color Contrast Equalize Identity Posterize Rotate Sharpness ShearX ShearY Solarize "
        "TranslateX TranslateY"
    ).split()

    @takes(num_ops="int >= 0", magnitude="int >= 0", num_magnitude_bins="int >= 2")
    def __init__(self, num_ops=2, magnitude=9, num_magnitude_bins=31, interpolation=Inter.NEAREST, fill_value=0):
        check("RandAugment", "magnitude", magnitude, f"int [0, {num_magnitude_bins})")
        self.num_ops = num_ops
        self.magnitude = magnitude
        self.num_magnitude_bins = num_magnitude_bins
        self._rest(interpolation, fill_value)

    def _image(self, image):
        shift = (150 / 331 * image.shape[1], 150 / 331 * image.shape[0])
        levels = _levels(self.num_magnitude_bins, 0.3, shift, 30.0, 0.9, 4)
        for _ in range(self.num_ops):
            name = self._NAMES[draws(self).index(len(self._NAMES))]
            amount = levels[name][self.magnitude] if name in levels else 0.0
            image = self._apply(name, image, self._random_sign(name, amount))
        return image


class TrivialAugmentWide(_PolicyOperation):
    """Apply one random operation of random magnitude (Mueller, Hutter: TrivialAugment, 2021).

    Args:
        num_magnitude_bins (int): how many magnitudes there are. Default: 31.
        interpolation (Inter): how to interpolate. Default: `Inter.NEAREST`.
        fill_value (Union[int, tuple[int]]): the colour outside of the image, RGB or grey. Default: 0.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if an argument is out of bounds.
        RuntimeError: if the image is not uint8 of shape (H, W, 3).

    Example:
        >>> vision.TrivialAugmentWide()(np.zeros((8, 10, 3), np.uint8)).shape
        (8, 10, 3)
    """

    @takes(num_magnitude_bins="int >= 2")
    def __init__(self, num_magnitude_bins=31, interpolation=Inter.NEAREST, fill_value=0):
        self.num_magnitude_bins = num_magnitude_bins
        self._rest(interpolation, fill_value)

    def _image(self, image):
        numbers = draws(self)
        levels = _levels(self.num_magnitude_bins, 0.99, (32.0, 32.0), 135.0, 0.99, 6)
        name = RandAugment._NAMES[numbers.index(len(RandAugment._NAMES))]
        amount = levels[name][numbers.index(self.num_magnitude_bins)] if name in levels else 0.0
        return self._apply(name, image, self._random_sign(name, amount))


class UniformAugment(CompoundOperation):
    """Apply some random transforms, each with a random probability (LingChen et al.: UniformAugment, 2020).

    Args:
        transforms (sequence): transforms, or functions of the user's, to choose from.
        num_ops (int): how many. Default: 2.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if `num_ops` is not positive, or more than there are transforms.

    Example:
        >>> vision.UniformAugment([vision.HorizontalFlip(), vision.VerticalFlip()], 1)(np.zeros((8, 10, 3))).shape
        (8, 10, 3)
    """

    @takes(transforms="list or tuple", num_ops="int > 0")
    def __init__(self, transforms, num_ops: int = 2):
        super().__init__(list(transforms))
        if num_ops > len(self.transforms):
            raise ValueError(
                f"For 'UniformAugment', the 'num_ops' must be at most the number of 'transforms', "
                f"{len(self.transforms)}, but got {num_ops}."
            )
        self.num_ops = num_ops

    def _chosen(self, in_python: bool) -> list:
        if not in_python:
            numbers = draws(self)
            order = numbers.sample(len(self.transforms), self.num_ops)
            return [self.transforms[at] for at in order if numbers.integer(0, 1) == 0]
        random = streams()
        order = random.numpy.choice(len(self.transforms), size=self.num_ops, replace=False)
        chosen = []
        for at in order:
            prob = random.python.random()
            if random.python.random() < prob:
                chosen.append(self.transforms[at])
        return chosen


class RandomSelectSubpolicy(TensorOperation):
    """Apply one of several policies, at random.

    Args:
        policy (list): the policies, each a list of pairs of a transform and the probability to apply it.

    Raises:
        TypeError: if `policy` is no list of lists of pairs.
        ValueError: if a list is empty, or a probability not in [0, 1].

    Example:
        >>> vision.RandomSelectSubpolicy([[(vision.HorizontalFlip(), 1.0)]])(np.array([[1, 2]], np.uint8)).tolist()
        [[2, 1]]
    """

    random = True

    def __init__(self, policy: list):
        check("RandomSelectSubpolicy", "policy", policy, "list")
        if not policy:
            raise ValueError("For 'RandomSelectSubpolicy', the 'policy' must not be empty.")
        for at, pairs in enumerate(policy):
            _check_policy(f"policy[{at}]", pairs)
        self.policy = policy
        self.transforms = [transform for pairs in policy for transform, _ in pairs]

    def _compute(self, *columns):
        numbers = draws(self)
        pairs = self.policy[numbers.integer(0, len(self.policy) - 1)]
        return in_turn([transform for transform, prob in pairs if numbers.unit() < prob], columns)


def _check_policy(name: str, pairs) -> None:
    check("RandomSelectSubpolicy", name, pairs, "list")
    if not pairs:
        raise ValueError(f"For 'RandomSelectSubpolicy', the '{name}' must not be empty.")
    for at, pair in enumerate(pairs):
        if not isinstance(pair, tuple) or len(pair) != 2 or not callable(pair[0]):
            raise TypeError(
                f"For 'RandomSelectSubpolicy', the '{name}[{at}]' must be a pair of a transform and a probability, "
                f"but got {pair!r:.80}."
            )
        check("RandomSelectSubpolicy", f"{name}[{at}][1]", pair[1], "number [0, 1]")
