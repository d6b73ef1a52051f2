"""How a function is differentiated: by msjax, as text, and by JAX."""

from . import first, higher
from .base import WAYS, Twin, Way
