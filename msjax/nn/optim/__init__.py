"""Optimizers."""

from msjax.nn.optim.adafactor import AdaFactor
from msjax.nn.optim.adam import Adam, AdaMax, AdamOffload, AdamWeightDecay, Lamb, LazyAdam
from msjax.nn.optim.adaptive import FTRL, Adadelta, Adagrad, ProximalAdagrad, RMSProp
from msjax.nn.optim.descent import ASGD, SGD, Momentum, Rprop
from msjax.nn.optim.lars import LARS
from msjax.nn.optim.optimizer import Optimizer
from msjax.nn.optim.thor import thor
from msjax.nn.optim.wrappers import AdaSumByDeltaWeightWrapCell, AdaSumByGradWrapCell, OptTFTWrapper
