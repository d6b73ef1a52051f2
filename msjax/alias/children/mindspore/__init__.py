"""What `import mindspore` finds in processes that a program under the launcher has started: msjax.

The launcher puts the folder above this one on their path. A Python without msjax, which may have MindSpore itself,
passes it by.
"""

import importlib
import sys
from pathlib import Path

try:
    from msjax.alias.install import take_over
except ImportError:
    _folder = Path(__file__).parent.parent
    sys.path[:] = [path for path in sys.path if Path(path) != _folder]
    del sys.modules[__name__]
    importlib.invalidate_caches()
    importlib.import_module(__name__)
else:
    take_over(__name__)
