"""Files of settings that may be edited while a program runs, which goes on whatever is in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msjax import log


def settings(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file; None, and a warning, if there is none now."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # it may be half written
        log.warning("%s can not be read: %s", path, error)
        return None
    if not isinstance(found, dict):
        log.warning("%s must hold a JSON object, but holds %.60r.", path, found)
        return None
    return found
