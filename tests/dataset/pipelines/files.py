"""The files that pipelines read, small and made up."""

from pathlib import Path


def write(folder: Path) -> None:
    """Write all of them into a folder."""
