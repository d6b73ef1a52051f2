"""Names of MindSpore's that programs import, and whose work can not be done here: a call says why, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_MINDIR = (
    "MINDIR is the graph format of MindSpore's compiler, which msjax does not have. A network is kept by "
    "ms.export(..., file_format='STABLEHLO') and ms.load, its Parameters by ms.save_checkpoint"
)
_OBFUSCATION = (
    "msjax does not obfuscate weights. A checkpoint is protected by the rights of its file, or by encrypting the file "
    "with a tool for that"
)
_REASONS = {
    "load_mindir": _MINDIR,
    "save_mindir": _MINDIR,
    "export_split_mindir": _MINDIR,
    "obfuscate_ckpt": _OBFUSCATION,
    "load_obf_params_into_net": _OBFUSCATION,
}


def _refuses(name: str, reason: str) -> Callable[..., None]:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(f"{name}: {reason}.")

    refuse.__name__ = refuse.__qualname__ = name
    refuse.__doc__ = f"""Not in msjax: {reason}.

    Args:
        args, kwargs: those of MindSpore's function.

    Raises:
        NotImplementedError: always.
    """
    return refuse


class SummaryLandscape:
    """Not in msjax: the loss around the weights, drawn for MindInsight, which MindSpore no longer maintains.

    The curvature of a loss is computed by `msjax.diffops`, as `examples/curvature.py` does.

    Args:
        summary_dir: MindSpore's folder of summaries.

    Raises:
        NotImplementedError: always.
    """

    def __init__(self, summary_dir: str):
        raise NotImplementedError(
            "SummaryLandscape: landscapes are drawn for MindInsight, which msjax does not write for. The curvature of "
            "a loss is computed by products with its Hessian, msjax.diffops.hvp."
        )


load_mindir, save_mindir, export_split_mindir, obfuscate_ckpt, load_obf_params_into_net = (
    _refuses(name, reason) for name, reason in _REASONS.items()
)
