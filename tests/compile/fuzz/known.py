"""Constructs that are known to differ: by name, the way, the home and the carrier that show it. To be emptied."""

KNOWN: dict[str, tuple[str, str, str]] = {}
