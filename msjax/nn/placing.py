"""The part of Cell that says where it computes: strategies, and what is noted for pipelines."""

from __future__ import annotations

from typing import Any, Self

from msjax.core.effects import is_base


@is_base
class Placing:
    """Where a Cell computes."""

    _strategies: Any = None  # of what it takes and gives, see `nn.sharding`

    def shard(self, in_strategy: tuple, out_strategy: tuple | None = None, parameter_plan: dict | None = None) -> Self:
        """Say how what this Cell takes and gives is divided among devices; XLA derives what is between.

        That counts in semi-auto and auto mode, if there are several devices.

        Args:
            in_strategy, out_strategy, parameter_plan: as for `ms.shard`.

        Returns:
            This Cell.

        Raises:
            TypeError: if they are of other types.
            ValueError: if they do not fit, when the Cell is called.
        """
        from msjax.nn import sharding  # only where there are several devices

        self.__dict__["_strategies"] = sharding.Strategies(type(self).__name__, in_strategy, out_strategy)
        sharding.plan_parameters(self, parameter_plan)
        return self

    @property
    def pipeline_stage(self) -> int:
        """The stage of a pipeline that was noted for this Cell; all stages run where the program runs."""
        if "_pipeline_stage" not in self.__dict__:
            raise AttributeError(f"The '{type(self).__name__}' object has no attribute 'pipeline_stage'.")
        return self.__dict__["_pipeline_stage"]

    @pipeline_stage.setter
    def pipeline_stage(self, value: int) -> None:
        if type(value) is not int:
            raise TypeError(f"For 'Cell', the property 'pipeline_stage' must be int type, but got type : {type(value)}")
        if value < 0:
            raise ValueError(f"For 'Cell', the property 'pipeline_stage' can not be less than 0, but got {value}")
        self.__dict__["_pipeline_stage"] = value

    @property
    def parameter_layout_dict(self) -> dict:
        """What was noted of where Parameters lie; `Tensor` arrays know it themselves."""
        return self.__dict__.setdefault("_parameter_layout_dict", {})

    @parameter_layout_dict.setter
    def parameter_layout_dict(self, value: dict) -> None:
        self.__dict__["_parameter_layout_dict"] = value

    def set_data_parallel(self) -> None:
        """Nothing: what no strategy says is divided as XLA finds best."""
