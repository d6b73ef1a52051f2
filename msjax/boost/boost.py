"""What of `boost` a program uses, in one object."""

from __future__ import annotations

from typing import Any

from msjax.boost.base import OptimizerProcess, ParameterProcess
from msjax.boost.grad_freeze import GradientFreeze
from msjax.boost.less_batch_normalization import LessBN
from msjax.core.effects import has_effects
from msjax.nn import Cell

_WAYS = ("less_bn", "grad_freeze", "adasum", "grad_accumulation", "dim_reduce", "loss_scale_group")
# What each level turns on.
_LEVELS = {"O0": (), "O1": ("less_bn", "grad_freeze"), "O2": ("less_bn", "grad_freeze", "adasum")}
_MODES = ("auto", "manual", "enable_all", "disable_all")
# Options with their defaults, and the parts of the dict that they stand in.
_OPTIONS: dict[str, dict[str, Any]] = {
    "common": {"gradient_split_groups": None, "device_number": 8},
    "less_bn": {"fn_flag": True, "gc_flag": True},
    "grad_freeze": {"param_groups": 10, "freeze_type": 1, "freeze_p": 0.7, "total_steps": 65536},
    "grad_accumulation": {"grad_accumulation_step": 1},
}
# What works on Ascend chips alone.
_ELSEWHERE = ("dim_reduce", "loss_scale_group")


@has_effects
class AutoBoost:
    """How a network is trained faster. There is one such object in a program: later calls give the first one.

    Args:
        level: "O0" for nothing; "O1" to freeze layers by turns and normalize last ones; "O2" as "O1" on one device.
        boost_config_dict: {"boost": {"mode": "auto"}, "less_bn": {"fn_flag": True}, ...}, as MindSpore documents it.

    Raises:
        ValueError: for another mode, and for ways that work on Ascend chips alone: "dim_reduce", "loss_scale_group".

    Example:
        >>> boost = ms.boost.AutoBoost("O0")
        >>> boost.boost_config["less_bn"]
        False
    """

    _the_one: AutoBoost | None = None

    def __new__(cls, *args: Any, **kwargs: Any) -> AutoBoost:
        return cls._the_one or super().__new__(cls)

    def __init__(self, level: str = "O0", boost_config_dict: Any = ""):
        if type(self)._the_one is self:
            return
        self.level = level if level in _LEVELS else "O0"
        self.boost_config_dict = boost_config_dict or {}
        self.boost_config = _configuration(self.level, self.boost_config_dict)
        for part, options in _OPTIONS.items():
            given = self.boost_config_dict.get(part, {}) if part == "common" or self.boost_config[part] else {}
            for name, default in options.items():
                setattr(self, name, given.get(name, default))
        type(self)._the_one = self

    grad_accumulation_step: int

    def network_auto_process_train(self, network: Cell, optimizer: Any) -> tuple[Cell, Any]:
        """A network and an optimizer to train with.

        Args:
            network: a Cell that gives the loss.
            optimizer: an optimizer of its Parameters.

        Returns:
            Both, for `BoostTrainOneStepCell`.
        """
        options = vars(self)
        if self.boost_config["less_bn"]:
            network = LessBN(network, fn_flag=options["fn_flag"])
            process = OptimizerProcess(optimizer)
            chosen = ParameterProcess().assign_parameter_group(
                network.trainable_params(), options["gradient_split_groups"]
            )
            process.origin_params = ParameterProcess.generate_group_params(chosen, process.origin_params)
            if options["gc_flag"]:
                process.add_grad_centralization(network)
            optimizer = process.generate_new_optimizer()
        if self.boost_config["grad_freeze"]:
            names = ("param_groups", "freeze_type", "freeze_p", "total_steps")
            freeze = GradientFreeze(*(options[name] for name in names))
            network, optimizer = freeze.freeze_generate(network, optimizer)
        return network, optimizer

    def network_auto_process_eval(self, network: Cell) -> Cell:
        """A network to evaluate.

        Args:
            network: the network.

        Returns:
            The network.
        """
        return LessBN(network) if self.boost_config["less_bn"] else network


def _configuration(level: str, given: dict) -> dict[str, bool]:
    """Which ways are on."""
    config: dict[str, bool] = {way: way in _LEVELS[level] for way in _WAYS}
    wanted = given.get("boost", {})
    mode = wanted.get("mode", "auto")
    if mode not in _MODES:
        raise ValueError(f"The boost mode must be in {list(_MODES)}, but got {mode}")
    if mode == "manual":
        config.update((way, wanted[way]) for way in _WAYS if way in wanted)
    elif mode != "auto":
        config = dict.fromkeys(config, mode == "enable_all")
    if elsewhere := [way for way in _ELSEWHERE if config[way]]:
        raise ValueError(f"For 'AutoBoost', {elsewhere} work on Ascend chips alone: leave them out.")
    return config
