"""Optimizers made anew: with groups of Parameters, with centralized gradients."""

from __future__ import annotations

from typing import Any

from msjax import log, nn
from msjax.boost.less_batch_normalization import CommonHeadLastFN
from msjax.core.parameter import Parameter
from msjax.nn.optim.optimizer import made_anew, made_with


def _checked(parameters: Any) -> list:
    listed = list(parameters or ())
    if not listed:
        raise ValueError("Optimizer got an empty parameter list.")
    if not isinstance(listed[0], dict | Parameter):
        raise TypeError("Only a list of Parameter or dict can be supported.")
    return listed


class OptimizerProcess:
    """Makes an optimizer like another one, whose gradients are centralized: their mean is taken off.

    Args:
        opt: the optimizer.

    Example:
        >>> net = nn.Dense(2, 3)
        >>> process = ms.boost.OptimizerProcess(nn.SGD([{"params": net.trainable_params()}]))
        >>> process.add_grad_centralization(net)
        >>> [group.get("grad_centralization", False) for group in process.origin_params]
        [True, False]
    """

    def __init__(self, opt: nn.Optimizer):
        self._opt = opt
        self.is_lars = isinstance(opt, nn.LARS)
        self.single_opt: Any = opt.opt if isinstance(opt, nn.LARS) else opt
        self.origin_params: Any = made_with(self.single_opt)["params"]

    @staticmethod
    def build_params_dict(network: nn.Cell) -> dict[int, nn.Cell]:
        """Which Cell each Parameter of a network belongs to.

        Args:
            network: the network.

        Returns:
            The Cells, by the `id` of Parameters.
        """
        return {id(p): cell for _, cell in network.cells_and_names() for p in cell.get_parameters(expand=False)}

    @staticmethod
    def build_gc_params_group(params_dict: dict[int, nn.Cell], parameters: list[dict]) -> list[dict]:
        """Groups in which the Parameters whose gradients are centralized stand apart.

        Args:
            params_dict: what `build_params_dict` gives.
            parameters: groups, as optimizers take them.

        Returns:
            Groups.
        """
        groups = []
        for group in parameters:
            if "order_params" in group:
                groups.append(group)
                continue
            parts: dict[bool, list[Parameter]] = {True: [], False: []}
            for parameter in group["params"]:
                parts[_is_centralized(parameter, params_dict[id(parameter)])].append(parameter)
            if parts[True]:
                groups.append({**group, "params": parts[True], "grad_centralization": True})
            if parts[False]:
                groups.append({**group, "params": parts[False]})
        return groups

    def add_grad_centralization(self, network: nn.Cell) -> None:
        """Let the gradients of weights be centralized, if the optimizer has groups.

        Args:
            network: the network that has the Parameters.

        Raises:
            ValueError, TypeError: if the optimizer has no Parameters.
        """
        parameters = _checked(self.origin_params)
        if isinstance(parameters[0], Parameter):
            log.warning("Only group parameters support gradient centralization.")
        else:
            self.origin_params = self.build_gc_params_group(self.build_params_dict(network), parameters)

    def generate_new_optimizer(self) -> Any:
        """The new optimizer.

        Returns:
            An optimizer of the same kind.
        """
        optimizer = made_anew(self.single_opt, self.origin_params)
        return nn.LARS(**{**made_with(self._opt), "optimizer": optimizer}) if self.is_lars else optimizer


def _is_centralized(parameter: Parameter, cell: nn.Cell) -> bool:
    if any(word in parameter.name for word in ("beta", "gamma", "bias")):
        return False
    return not isinstance(cell, CommonHeadLastFN) and not (isinstance(cell, nn.Conv2d) and cell.group > 1)


class ParameterProcess:
    """Makes groups of Parameters.

    Example:
        >>> weight, bias = nn.Dense(2, 3).trainable_params()
        >>> [list(group) for group in ms.boost.ParameterProcess.generate_group_params([weight], [weight, bias])]
        [['params']]
    """

    def __init__(self):
        self._parameter_indices = 1

    @staticmethod
    def generate_group_params(parameters: list[Parameter], origin_params: Any) -> list[dict]:
        """Some Parameters, in the groups that they have in an optimizer.

        Args:
            parameters: the Parameters.
            origin_params: what the optimizer takes: Parameters or groups.

        Returns:
            Groups; those that are in none go with the options of the group that has most of these.

        Raises:
            ValueError: if there are no `origin_params`.
            TypeError: if they are neither Parameters nor dicts.
        """
        origin = _checked(origin_params)
        if isinstance(origin[0], Parameter):
            return [{"params": parameters}]
        left = {parameter.name: parameter for parameter in parameters}
        groups, options = [], {}
        for group in origin:
            if "order_params" in group:
                groups.append({**group, "order_params": parameters})
                continue
            names = [parameter.name for parameter in group["params"] if parameter.name in left]
            if names:
                groups.append({**group, "params": [left.pop(name) for name in names]})
            options = group if len(group) > len(options) else options
        return [*groups, {**options, "params": list(left.values())}] if left else groups

    def assign_parameter_group(self, parameters: Any, split_point: list[int] | None = None) -> Any:
        """Note at each Parameter with which others its gradient is sent.

        Args:
            parameters: the Parameters.
            split_point: the numbers of those that begin a new group; None for the middle one.

        Returns:
            The Parameters.
        """
        points = split_point or [len(parameters) // 2]
        for i, parameter in enumerate(parameters if isinstance(parameters, list | tuple) else ()):
            self._parameter_indices += i in points
            parameter.comm_fusion = self._parameter_indices
        return parameters
