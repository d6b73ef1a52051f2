"""How a function is differentiated: by msjax, as text, and by JAX."""

from . import first, higher, series
from .base import SERIES, WAYS, Twin, Way, Whole
