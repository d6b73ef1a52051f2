"""Layout, which rooms below use too."""

from msjax.core.layout import Layout

__all__ = ["Layout"]
