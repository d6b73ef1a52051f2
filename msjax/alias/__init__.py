"""msjax under MindSpore's names: the alias `mindspore`, legacy module paths, and the launcher."""

from msjax.alias import finder as _finder
from msjax.alias import internals as _internals
from msjax.alias.install import install_as, load_ipython_extension, uninstall, unload_ipython_extension

__all__ = ["install_as", "load_ipython_extension", "uninstall", "unload_ipython_extension"]

_finder.start()
_internals.lend()
