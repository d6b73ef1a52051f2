"""The constructs, a file for each category."""

from importlib import import_module

CATEGORIES = (
    "state",
    "views",
    "aliases",
    "effects",
    "exceptions",
    "containers",
    "classes",
    "control_flow",
    "answers",
    "numbers",
    "transforms",
    "rebinding",
    "stored",
)

ALL = [c for category in CATEGORIES for c in import_module(f"fuzz.constructs.{category}").table.constructs]
BY_NAME = {str(c): c for c in ALL}
