"""The part of Cell that says where it computes."""

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
