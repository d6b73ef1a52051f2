"""Programs that stand alone: a file that runs itself in both modes and prints what it saw."""

from __future__ import annotations

import inspect
from pathlib import Path

from fuzz import support
from fuzz.generate import Spec, source
from fuzz.ways import WAYS

_IMPORTS = """
def program(body):
    return body
{support}
"""

_END = """

def described(v):
    if isinstance(v, Tensor):
        try:
            return f"{type(v).__name__}({v.dtype}, {np.round(v.asnumpy().astype(np.float64), 4).tolist()})"
        except Exception as error:
            return f"<unreadable: {type(error).__name__}: {str(error)[:60]}>"
    if isinstance(v, dict):
        return {k: described(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [described(x) for x in v]
    return repr(v) if isinstance(v, (str, int, float, type(None))) else type(v).__name__


def observe(mode):
    import importlib.util, io
    ms.set_compile("auto" if mode == "auto" else "off"); ms.set_seed(0); np.random.seed(0); random.seed(0)
    loader = importlib.util.spec_from_file_location(f"program_{mode}", __file__)
    module = sys.modules[loader.name] = importlib.util.module_from_spec(loader)
    loader.loader.exec_module(module)
    module.side, seen, printed = mode, [], io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            kept = []
            for item in module.fuzzed():
                kept.append(item)
                seen.append(str(described(item)))
        except Exception as error:
            seen.append(f"RAISES {type(error).__name__}: {str(error)[:90]}")
        seen.append("later " + str([described(item) for item in kept]))
    ms.set_context(mode=ms.PYNATIVE_MODE)
    seen.append([str(w.message) for w in caught])
    return [*seen, printed.getvalue(), described(ops.standard_normal((1,))), np.random.random(), random.random()]


if __name__ == "__main__":
    mode, plain = SIDES
    a, b = observe(plain), observe(mode)
    for i in range(max(len(a), len(b))):
        e, g = (r[i] if i < len(r) else "<nothing>" for r in (a, b))
        print(f"  {e}" if e == g else f"! expected {e}\\n       got {g}")
    print("DIFFERENT" if a != b else "same")
"""


def standing_alone(spec: Spec, title: str) -> str:
    """The source of a program that needs nothing but msjax."""
    helpers = inspect.getsource(support).partition("from msjax import")[2].partition("\n")[2]
    text = source(spec, _IMPORTS.format(support=helpers.strip("\n")) + "\n\n").partition("\n")[2]
    return f'"""{title}"""\n# {spec}\n{text}\n\nSIDES = {WAYS[spec.way].sides}{_END}'


def write(spec: Spec, title: str, folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.py"
    title = title.replace("\\", "/").replace('"', "'")
    path.write_text(standing_alone(spec, title))
    return path
