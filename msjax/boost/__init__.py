"""Ways to train faster: gradients that are added up, layers that are frozen by turns, normalized last layers."""

__only_computes__ = True  # see core.effects

from msjax.core.names import Lazily, unknown_name

_lazily = Lazily(
    __name__,
    ("base", "boost", "boost_cell_wrapper", "grad_accumulation", "grad_freeze", "less_batch_normalization"),
    {
        "base": "OptimizerProcess ParameterProcess",
        "boost": "AutoBoost",
        "boost_cell_wrapper": "BoostTrainOneStepCell BoostTrainOneStepWithLossScaleCell",
        "grad_accumulation": "GradientAccumulation",
        "grad_freeze": "FreezeOpt GradientFreeze freeze_cell",
        "less_batch_normalization": "LessBN",
    },
)

__getattr__ = unknown_name(__name__, _lazily)
__dir__ = _lazily.dir
