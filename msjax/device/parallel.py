"""MindSpore's options of parallel training, which have no effect here: they are checked, kept and given back.

ms.set_ps_context(enable_ps=True)          ms.set_algo_parameters(fully_use_devices=False)
ms.get_ps_context("enable_ps")             ms.get_algo_parameters("fully_use_devices")
ms.reset_ps_context()                      ms.reset_algo_parameters()
"""

from __future__ import annotations

import os
from typing import Any


class Options:
    """Named options with defaults of a type each; `kind` is the word that messages begin with. Those called `secret`
    are texts that are taken and not kept."""

    def __init__(self, kind: str, secret: tuple[str, ...] = (), **defaults):
        self._kind, self._secret, self._defaults, self._values = kind, secret, defaults, dict(defaults)

    def set(self, **kwargs) -> None:
        """Set options; all are checked before any is set.

        Args:
            kwargs: the options, by name.

        Raises:
            ValueError: if an option is unknown.
            TypeError: if a value is of another type than the default.

        Example:
            >>> ms.set_algo_parameters(fully_use_devices=True)
            >>> ms.reset_algo_parameters()
        """
        for key, value in kwargs.items():
            if key not in self._secret:
                self._check("Set", key)
            wanted = type(self._defaults.get(key, ""))
            if type(value) is not wanted and not (wanted is float and type(value) is int):
                raise TypeError(f"The parameter '{key}' must be {wanted}, but got {type(value)}")
        self._values.update({key: value for key, value in kwargs.items() if key in self._defaults})

    def get(self, attr_key: str) -> Any:
        """The value of an option.

        Args:
            attr_key: the name of the option.

        Returns:
            What was set last, or the default.

        Raises:
            ValueError: if it is unknown.

        Example:
            >>> ms.get_ps_context("enable_ps")
            False
        """
        self._check("Get", attr_key)
        return self._values[attr_key]

    def reset(self) -> None:
        """Put all options back to their defaults.

        Example:
            >>> ms.reset_ps_context()
        """
        self._values = dict(self._defaults)

    def _check(self, verb: str, key: str) -> None:
        if key not in self._defaults:
            raise ValueError(f"{verb} {self._kind} keyword {key} is not recognized!")


_ps = Options(
    "PS context", ("client_password", "server_password"), enable_ps=False, config_file_path="", enable_ssl=False,
    worker_num=0, server_num=0, scheduler_ip="127.0.0.1", scheduler_port=6667,
)  # fmt: skip
set_ps_context, get_ps_context, reset_ps_context = _ps.set, _ps.get, _ps.reset

_algo = Options(
    "context",
    fully_use_devices=False,
    elementwise_op_strategy_follow=False,
    enable_algo_approxi=False,
    algo_approxi_epsilon=0.1,
    tensor_slice_align_enable=False,
    tensor_slice_align_size=16,
)
set_algo_parameters, get_algo_parameters, reset_algo_parameters = _algo.set, _algo.get, _algo.reset


def set_op_strategy_config(mode: str = "SAVE", path: str = "") -> None:
    """Note a file for operators' strategies; none is read or written, those that primitives were given count.

    Args:
        mode: "SAVE" or "LOAD".
        path: an absolute path of a ".json" file.

    Raises:
        KeyError: if an argument is another one.

    Example:
        >>> ms.parallel.set_op_strategy_config("SAVE", "/tmp/strategies.json")
    """
    if not os.path.isabs(path):
        raise KeyError("File path must be an absolute path")
    if not path.endswith(".json"):
        raise KeyError("File type must be .json")
    if mode not in ("SAVE", "LOAD"):
        raise KeyError("Type must be 'SAVE' or 'LOAD'")
