"""`python -m msjax`: Python, with `mindspore` served by msjax."""

from __future__ import annotations

import builtins
import importlib.util
import io
import os
import sys
import zipfile
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType, TracebackType

from msjax.alias import launch
from msjax.alias.install import for_children, install_as
from msjax.compile.explain import explain
from msjax.compile.source import remember
from msjax.core import placement
from msjax.device import allocator
from msjax.device.communication import cluster

USAGE = """\
usage: python -m msjax [script.py | -m module | -c code | -] [arguments ...]
       python -m msjax [--report] [--allocator policy] [--devices N] [script.py | ...] [arguments ...]
       python -m msjax --check script.py [notebook.ipynb folder ...]
       python -m msjax --alias on | off

Runs MindSpore programs on JAX: like python itself, except that `import mindspore` gives msjax.

  script.py   run a file (or a folder or zip file with a __main__.py)
  -m module   run a library module
  -c code     run a string
  -           run what comes from standard input
  (nothing)   an interactive prompt, or standard input if it is not a terminal

  --report    at the end, print on standard error what was compiled, what ran eagerly and why, and which settings
              had no effect (see msjax.explain)
  --allocator what becomes of freed memory on a CPU: "retain" keeps it in the process, which makes steps on
              large batches faster; "default" is the C library's way (see msjax.runtime.set_allocator)
  --devices   compute on so many devices in one process: what compiled steps are given is divided among them by
              rows; on a CPU they are made for it
  --check     list the MindSpore names that scripts and notebooks, or those in folders, use and msjax lacks,
              without running them; exit status 1 if there are any, 2 if a file cannot be read
  --alias     from now on, or no longer, let `import mindspore` give msjax in all programs of this Python environment,
              however they are started: pytest, notebooks, scripts that set PYTHONPATH
  --version   print versions
  --help      print this text

Options of Python's own go before -m, as in: python -X dev -m msjax script.py
"""


def main(arguments: list[str] | None = None) -> int | None:
    """Run a command line; `sys.argv` if none is given. What the program raises, SystemExit too, comes out of here."""
    words = sys.argv[1:] if arguments is None else arguments
    report = False
    while words[:1] in (["--allocator"], ["--devices"], ["--report"]):
        if words[0] == "--report":
            report, words = True, words[1:]
        elif words[0] == "--devices":
            if not words[1:] or not words[1].isdecimal() or int(words[1]) < 1:
                return _refuse("--devices needs a positive number")
            placement.ask(int(words[1]))
            words = words[2:]
        elif words[1:2] and words[1] in allocator.POLICIES:
            os.environ[allocator.VARIABLE] = words[1]  # for the processes that the program starts, too
            allocator.follow_environment()
            words = words[2:]
        else:
            return _refuse(f"--allocator needs one of {', '.join(allocator.POLICIES)}")
    option = words[0] if words else ""
    if option in ("-h", "--help"):
        print(USAGE, end="")
        return 0
    if option in ("-V", "--version"):
        print(_versions())
        return 0
    if option == "--check":
        from msjax.alias.check import main as check

        return check(words[1:])
    if option == "--alias":
        from msjax.alias.everywhere import main as everywhere

        return everywhere(words[1:])
    if option in ("-c", "-m") and len(words) < 2:
        return _refuse(f"argument expected for the {option} option")
    if option.startswith("-") and option not in ("-", "-c", "-m"):
        return _refuse(f"unknown option {option}")
    install_as("mindspore")
    for_children()
    try:
        launch.follow()
        cluster.join()  # before the program can touch a device
        return _run(option, words)
    except BaseException as error:
        cluster.fail(error)
        _hide_launcher_frames()
        raise
    finally:
        if report:
            print(explain(), file=sys.stderr)


def _run(option: str, words: list[str]) -> int | None:
    if option == "-c":
        sys.argv[:] = ["-c", *words[2:]]
        return _execute(_compile(words[1], "<string>"), _new_main(), path="")
    if option == "-m":
        return _run_module(words[1], words[2:])
    if option in ("", "-"):
        sys.argv[:] = words or [""]
        if sys.stdin.isatty():
            return _interact()
        main = _new_main(__file__="<stdin>", __cached__=None)
        return _execute(_compile(sys.stdin.buffer.read(), "<stdin>"), main, path="")
    sys.argv[:] = words
    return _run_file(option)


def _run_file(script: str) -> int | None:
    path = os.path.join(os.getcwd(), script)
    if os.path.isdir(path) or zipfile.is_zipfile(path):
        return _run_archive(path)
    try:
        with io.open_code(path) as file:
            source = file.read()
    except OSError as error:
        return _fail(f"can't open file {path!r}: [Errno {error.errno}] {error.strerror}", status=2)
    main = _new_main(__file__=path, __loader__=SourceFileLoader("__main__", path), __cached__=None)
    return _execute(_compile(source, path), main, path=os.path.dirname(os.path.realpath(path)))


def _run_archive(path: str) -> int | None:
    spec = PathFinder.find_spec("__main__", [path])
    if spec is None:
        return _fail(f"can't find '__main__' module in {path!r}")
    _set_path(path)
    return _run_spec(spec)


def _run_module(name: str, arguments: list[str]) -> int | None:
    _set_path(os.getcwd())
    sys.argv[:] = ["-m", *arguments]  # what a module sees of itself while it is being found
    reason = ""
    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            reason = f"; {name!r} is a package and cannot be directly executed"
            name = f"{name}.__main__"
            spec = importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        if error.name is not None and not name.startswith(error.name):
            raise
        spec = None
    if spec is None:
        return _fail(f"No module named {name}{reason}")
    sys.argv[0] = spec.origin or name
    return _run_spec(spec)


def _run_spec(spec: ModuleSpec) -> int | None:
    get_code = getattr(spec.loader, "get_code", None)
    code = get_code and get_code(spec.name)
    if code is None:
        return _fail(f"No code object available for {spec.name}")
    main = _new_main(
        __file__=spec.origin, __loader__=spec.loader, __cached__=spec.cached, __spec__=spec, __package__=spec.parent
    )
    return _execute(code, main)


def _interact() -> int | None:
    import code
    import contextlib

    with contextlib.suppress(ImportError):  # line editing and completion, where the platform has them
        import readline
        import rlcompleter  # noqa: F401  (installs itself as readline's completer)

        readline.parse_and_bind("tab: complete")
    _set_path("")
    print(f"{_versions()}: import mindspore as ms")
    code.interact(banner="", local=vars(_new_main()), exitmsg="")
    return 0


def _new_main(**attributes) -> ModuleType:
    """A fresh `__main__`, with what Python's own has."""
    main = ModuleType("__main__")
    vars(main).update({"__builtins__": builtins, "__annotations__": {}, **attributes})
    sys.modules["__main__"] = main
    return main


def _execute(code: CodeType, main: ModuleType, path: str | None = None) -> None:
    if path is not None:
        _set_path(path)
    exec(code, vars(main))  # the program that the user told us to run, as `python` would


def _compile(source: str | bytes, filename: str) -> CodeType:
    if filename.startswith("<"):
        remember(filename, source if isinstance(source, str) else source.decode("utf-8", "replace"))
    # What the user told us to run: a file, the text after `-c`, or standard input.
    return compile(source, filename, "exec", dont_inherit=True)


def _set_path(first: str) -> None:
    """`sys.path[0]`, which is nothing's since msjax was imported (with -P or -I there is no such entry)."""
    if not sys.flags.safe_path:
        sys.path[0] = first


def _hide_launcher_frames() -> None:
    """Tracebacks begin at the program's own first line, as under plain python.

    The exception goes its ordinary way, so that exit status, interrupts and the program's own hooks stay as they are;
    only the hook that prints it, the one in force now, gets a shorter traceback.
    """
    hook = sys.excepthook

    def show(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        traceback = _programs_own(traceback)
        hook(kind, error.with_traceback(traceback), traceback)

    sys.excepthook = show


def _programs_own(traceback: TracebackType | None) -> TracebackType | None:
    launcher = False
    while traceback is not None:
        ours = traceback.tb_frame.f_globals.get("__name__") == __name__
        if launcher and not ours:
            break
        launcher = ours or launcher
        traceback = traceback.tb_next
    return traceback


def _fail(reason: str, status: int = 1) -> int:
    """What python itself says in such a case."""
    print(f"{sys.executable}: {reason}", file=sys.stderr)
    return status


def _refuse(reason: str) -> int:
    print(f"python -m msjax: {reason}\n{USAGE.splitlines()[0]}", file=sys.stderr)
    return 2


def _versions() -> str:
    import jax

    from msjax.core.names import MINDSPORE
    from msjax.version import __msjax_version__

    return f"msjax {__msjax_version__} ({MINDSPORE}'s API on jax {jax.__version__}, Python {sys.version.split()[0]})"
