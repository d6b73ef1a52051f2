"""Schedulers of the learning rates of the groups of `experimental.optim`."""

from msjax.nn.optim.lr_scheduler.combined import SequentialLR
from msjax.nn.optim.lr_scheduler.cycles import CosineAnnealingLR, CosineAnnealingWarmRestarts, CyclicLR
from msjax.nn.optim.lr_scheduler.factors import (
    ConstantLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from msjax.nn.optim.lr_scheduler.plateau import ReduceLROnPlateau
from msjax.nn.optim.lr_scheduler.scheduler import LRScheduler
