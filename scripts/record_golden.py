#!/usr/bin/env python
"""Record what MindSpore answers to the declared cases: tests/golden/cases/*.py -> tests/golden/*.json.

    scripts/record_golden.py --python path/to/python-with-mindspore      all sections
    scripts/record_golden.py --python ... --section arithmetic           some of them (arith is enough)
    scripts/record_golden.py --python ... --show "promotion: *int8*"     print outcomes, write nothing

MindSpore 2.10.0 needs numpy < 2. Its errors may surface late and then stick to the process, and some cases crash it:
each case runs in a process of its own, forked from one that has imported MindSpore and done nothing else. A crash or a
time-out is recorded as such and never compared. Two recordings give the same files.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

VERSION = "2.10.0"
TIME_LIMIT = 120


def main() -> None:
    options = parse_arguments()
    if options.python and not os.environ.get("RECORDING_GOLDEN"):
        os.environ["RECORDING_GOLDEN"] = "1"
        os.execv(options.python, [options.python, *sys.argv])
    os.environ.setdefault("GLOG_v", "4")
    try:
        import mindspore
    except ImportError:
        sys.exit(f"{sys.executable} has no mindspore: name an interpreter that has it with --python")
    if mindspore.__version__ != VERSION:
        sys.exit(f"the golden data is that of MindSpore {VERSION}, this is {mindspore.__version__}")
    from golden.cases import SECTIONS, load

    sections = [name for name in SECTIONS if not options.section or any(map(name.startswith, options.section))]
    for section in sections:
        cases = load(section)
        if options.show:
            show([case for case in cases if matches(options.show, case.name)], options.jobs)
            continue
        records = record(cases, options.jobs)
        write(section, {case.name: {"digest": case.digest, **records[case.name]} for case in cases})


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", help="interpreter with MindSpore (default: this one)")
    parser.add_argument("--section", action="append", help="start of a section's name; may be repeated")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time (default: 2)")
    parser.add_argument(
        "--show", metavar="PATTERN", help="only print the outcomes of the matching cases (* is a wildcard)"
    )
    return parser.parse_args()


def matches(pattern, name):
    from golden.differences import matches as match

    return match(pattern, name)


def record(cases, jobs):
    """Outcome by name. At most `jobs` children at a time; each leaves its outcome in a file."""
    records, waiting, running = {}, list(reversed(cases)), {}
    with tempfile.TemporaryDirectory() as folder:
        while waiting or running:
            while waiting and len(running) < jobs:
                case = waiting.pop()
                answer = Path(folder, str(len(waiting)))
                running[fork(case, answer)] = case, answer
            pid, status = os.wait()
            case, answer = running.pop(pid)
            records[case.name] = json.loads(answer.read_text()) if status == 0 else failure(status)
            if len(records) % 100 == 0:
                print(f"{len(records)}/{len(cases)}", file=sys.stderr, flush=True)
    return records


def fork(case, answer):
    if pid := os.fork():
        return pid
    signal.alarm(TIME_LIMIT)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    try:
        answer_case(case, answer)
    except BaseException:
        os._exit(1)
    os._exit(0)


def answer_case(case, answer):
    import mindspore

    from golden.run import outcome

    mindspore.runtime.launch_blocking()
    answer.write_text(json.dumps(outcome(case, mindspore)))


def failure(status):
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return {"timeout": TIME_LIMIT} if number == signal.SIGALRM else {"crash": signal.Signals(number).name}
    return {"crash": f"exit status {os.WEXITSTATUS(status)}"}


def write(section, records):
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(told)}" for name, told in records.items())
    path = ROOT / "tests" / "golden" / f"{section}.json"
    path.write_text(f'{{"mindspore": "{VERSION}",\n"cases": {{\n{rows}\n}}}}\n')
    kinds = [next(kind for kind in ("value", "error", "crash", "timeout") if kind in told) for told in records.values()]
    print(f"{path.relative_to(ROOT)}: " + ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds))))


def show(cases, jobs):
    for name, told in record(cases, jobs).items():
        print(f"{name}\n    {json.dumps(told)}")


if __name__ == "__main__":
    main()
