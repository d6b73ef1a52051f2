"""Names with an ending, `acos_ext` or `narrow_view`: what MindSpore's `ops.function` calls the functions of `mint`."""

from __future__ import annotations

import importlib

ROOMS = ("mint", "mint.nn.functional", "mint.linalg")
ENDINGS = ("_ext_view", "_ext", "_view")
# Those whose name differs in more than the ending, or that have none.
NAMES = {
    "clone": "mint.clone", "empty": "mint.empty", "empty_like": "mint.empty_like", "linalg_norm": "mint.linalg.norm",
    "linalg_qr": "mint.linalg.qr", "relu_": "mint.nn.functional.relu_", "threshold_": "mint.nn.functional.threshold_",
}  # fmt: skip


def __getattr__(name: str):
    if name in NAMES:
        room, _, own = NAMES[name].rpartition(".")
        return getattr(importlib.import_module(f"msjax.{room}"), own)
    own = next((name.removesuffix(ending) for ending in ENDINGS if name.endswith(ending)), None)
    if own is not None:
        for room in ROOMS:
            module = importlib.import_module(f"msjax.{room}")
            if own in dir(module):
                return getattr(module, own)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
