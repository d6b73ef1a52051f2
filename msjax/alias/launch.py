"""`python -m msjax.launch -n 4 script.py`: one program in several processes, which find each other by themselves.

Each is `python -m msjax script.py`, with its number and the meeting point in the environment. The launcher keeps their
output, and watches them: when one fails, or the launcher itself is told to end or dies, all end.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

_GRACE = 5.0  # seconds between the polite and the impolite way to end a process
_TAIL = 20  # lines of the log of one that failed
PIPE = "MSJAX_LAUNCHER_PIPE"  # in the environment: what ends when the launcher does


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m msjax.launch", description="Run a MindSpore program in several processes, on JAX."
    )
    add = parser.add_argument
    add("-n", "--worker_num", type=int, metavar="N", help="how many processes there are, on all hosts (default: 8)")
    add("--local_worker_num", type=int, metavar="N", help="how many of them run on this host (default: all)")
    add("--master_addr", default="127.0.0.1", help="the host of process 0 (default: this one)")
    add("--master_port", type=int, metavar="PORT", help="a free port of that host; needed with several hosts")
    add(
        "--node_rank",
        type=int,
        default=-1,
        metavar="RANK",
        help="the number of this host, from 0, if there are several",
    )
    add("--log_dir", default="msjax_log", metavar="DIR", help="the folder for their output (default: msjax_log)")
    add("--worker_log_name", default="worker_", metavar="NAME", help="what its files begin with (default: worker_)")
    add("--tail_worker_log", default="0", metavar="RANKS", help="whose output is also shown; -1: all (default: 0)")
    add("--cluster_time_out", type=int, default=120, metavar="S", help="how long they wait for each other at the start")
    add("--devices", type=int, default=1, help=argparse.SUPPRESS)  # of `python -m msjax`
    for ignored in ("join", "bind_core", "bind_numa", "sim_level", "sim_rank_id", "rank_table_file"):
        add(f"--{ignored}", help=argparse.SUPPRESS)  # of msrun; this launcher always waits for the processes
    add("-m", dest="module", nargs=argparse.REMAINDER, help="the name of a module to run, and its arguments")
    add("task_script", nargs="?", help="the program")
    add("arguments", nargs=argparse.REMAINDER, help="its arguments")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a command line; `sys.argv` if none is given.

    Returns:
        The exit status: that of the first process that failed, 128 + the signal if one ended it, or 0.
    """
    words = sys.argv[1:] if arguments is None else arguments
    parser = _parser()
    given = parser.parse_args(words)
    command = ["-m", *given.module] if given.module else [given.task_script, *given.arguments]
    if command[0] is None:
        parser.error("there is no program to run: give the task_script, or -m and a module")
    total = 8 if given.worker_num is None else given.worker_num
    here = total if given.local_worker_num is None else given.local_worker_num
    first = 0 if here == total else given.node_rank * here
    if total < 1 or not 1 <= here <= total:
        parser.error(f"--worker_num must be positive, and --local_worker_num at most as large, but got {total}, {here}")
    if given.devices != 1:
        parser.error(
            f"each process has one device: for {total * given.devices} devices give -n {total * given.devices}, or run "
            f"one process on several, without ranks, by python -m msjax --devices {given.devices}"
        )
    if here < total and given.node_rank < 0:
        parser.error("with several hosts each needs its number, --node_rank, from 0")
    if here < total and given.master_port is None:
        parser.error("with several hosts all need the same --master_port, and --master_addr, the host of process 0")
    if first + here > total:
        parser.error(f"--node_rank {given.node_rank} is beyond {total} processes, of which {here} are on each host")
    shown = range(total) if given.tail_worker_log == "-1" else [int(r) for r in given.tail_worker_log.split(",")]
    environment = {
        "MS_ROLE": "MS_WORKER",
        "MS_WORKER_NUM": str(total),
        "RANK_SIZE": str(total),
        "MS_SCHED_HOST": given.master_addr,
        "MS_SCHED_PORT": str(given.master_port or _free_port()),
        "MSJAX_LOCAL_SIZE": str(here),
        "MSJAX_JOIN_TIMEOUT": str(given.cluster_time_out),
        "PYTHONUNBUFFERED": "1",
        **_past_proxies(given.master_addr),
    }
    folder = Path(given.log_dir)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with Crew(command, environment) as crew:
            for local in range(here):
                rank = first + local
                crew.start(rank, local, folder / f"{given.worker_log_name}{rank}.log", rank in shown)
            return crew.wait()
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except Ended as end:
        return 128 + end.number


def _past_proxies(host: str) -> dict[str, str]:
    """What keeps the processes from looking for each other through a proxy, if there is one."""
    if not any(name.lower().endswith("_proxy") for name in os.environ):
        return {}
    return {"no_grpc_proxy": ",".join(filter(None, (os.environ.get("no_grpc_proxy"), host)))}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Worker:
    """One process, with the threads that take what it prints, and when it ends.

    Attributes:
        ended: the time, once it has.
    """

    def __init__(self, rank: int, process: subprocess.Popen, log: Path, shown: bool):
        self.rank, self.process, self.log = rank, process, log
        self.tail: deque[str] = deque(maxlen=_TAIL)
        self._file = log.open("w", encoding="utf-8", errors="replace")
        self._shown, self.ended = shown, float("inf")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        self.process.wait()
        self.ended = time.monotonic()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.tail.append(line)
            self.write(line)
            if self._shown:
                sys.stdout.write(line)
                sys.stdout.flush()

    def write(self, text: str) -> None:
        """Add to its log."""
        self._file.write(text)
        self._file.flush()

    def send(self, number: int) -> None:
        """A signal to it and the processes that it has started."""
        if self.process.poll() is None or number == signal.SIGKILL:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def drain(self) -> None:
        """Take the rest of what it has printed."""
        self._reader.join(timeout=1)

    def close(self) -> None:
        """Take the rest, and no more."""
        self.drain()
        self._file.close()

    @property
    def stopped(self) -> bool:
        """Whether it has been stopped, and may be continued."""
        if self.ended < float("inf") or not hasattr(os, "waitid"):
            return False
        return os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None

    @property
    def fate(self) -> str:
        """How it ended."""
        code = self.process.returncode
        if code is None:
            return "is stopped, so that the others miss it"
        if code == 0:
            return "ended with status 0, but without the others"
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"


class Ended(BaseException):
    """The launcher got a signal that ends programs, of that number."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number


class Crew:
    """The processes of this host. Whatever happens, none is left when the block ends.

    Args:
        command: what each runs.
        environment: what all find in their environments.
    """

    def __init__(self, command: list[str], environment: dict[str, str]):
        self._command, self._environment = command, environment
        self.workers: list[Worker] = []

    def __enter__(self) -> Crew:
        # What each process reads ends when the launcher does, however that happens.
        self._theirs, self._ours = os.pipe()
        self._handlers = {s: signal.signal(s, _end) for s in (signal.SIGTERM, signal.SIGHUP)}
        return self

    def __exit__(self, kind, error, traceback) -> None:
        if kind in (KeyboardInterrupt, Ended):
            number = signal.SIGINT if kind is KeyboardInterrupt else signal.SIGTERM
            self.end(number, "the launcher was told to end")
        for worker in self.workers:
            worker.send(signal.SIGKILL)  # also what it may have left behind
            worker.process.wait()
            worker.close()
        os.close(self._ours)
        os.close(self._theirs)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def start(self, rank: int, local: int, log: Path, shown: bool) -> None:
        """Begin a process."""
        own = {"RANK_ID": str(rank), "MS_NODE_ID": str(rank), "DEVICE_ID": str(local), PIPE: str(self._theirs)}
        process = subprocess.Popen(
            [sys.executable, "-m", "msjax", *self._command], env={**os.environ, **self._environment, **own},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            start_new_session=True, pass_fds=(self._theirs,),
        )  # fmt: skip
        self.workers.append(Worker(rank, process, log, shown))

    def wait(self) -> int:
        """Until all have ended, or one has failed, and then the others; the exit status."""
        while True:
            time.sleep(0.05)
            ended = [w for w in self.workers if w.ended < float("inf")]
            failed = [w for w in ended if w.process.returncode]
            if failed:
                first = min(failed, key=lambda worker: worker.ended)  # others fail since they miss that one
                self._fail(next((w for w in self.workers if w.stopped), first))
                code = first.process.returncode
                return code if code > 0 else 128 - code
            if len(ended) == len(self.workers):
                return 0
            if ended and time.monotonic() - ended[0].ended > _GRACE:  # a process waits for the others at its end
                self._fail(ended[0])
                return 1

    def _fail(self, worker: Worker) -> None:
        others = [w.rank for w in self.workers if w.process.poll() is None and w is not worker]
        gone = [w.rank for w in self.workers if w.ended < worker.ended and not w.process.returncode]
        before = f" after {gone} had ended" if gone else ""
        fate = f"rank {worker.rank} {worker.fate}{before}"
        self._say(f"{fate}; the others are ended ({others}). Its log is {worker.log}:")
        worker.drain()
        print("".join(f"    {line}" for line in worker.tail), end="", file=sys.stderr, flush=True)
        self.end(signal.SIGTERM, fate)

    def end(self, number: int, reason: str) -> None:
        """End what still runs: by a signal, after a while by one that no process can ignore."""
        running = [w for w in self.workers if w.process.poll() is None]
        for worker in running:
            worker.write(f"python -m msjax.launch: rank {worker.rank} is ended, because {reason}.\n")
            worker.send(number)
        limit = time.monotonic() + _GRACE
        while any(w.process.poll() is None for w in running) and time.monotonic() < limit:
            time.sleep(0.05)
        for worker in running:
            worker.send(signal.SIGKILL)

    @staticmethod
    def _say(text: str) -> None:
        print(f"python -m msjax.launch: {text}", file=sys.stderr, flush=True)


def _end(number: int, frame) -> None:
    raise Ended(number)


def follow() -> None:
    """In a process of the launcher: end when that has died, which closes its end of the pipe."""
    descriptor = os.environ.pop(PIPE, None)
    if descriptor is None:
        return

    def watch() -> None:
        try:
            os.read(int(descriptor), 1)
        except OSError:
            return
        os.killpg(os.getpgid(0), signal.SIGKILL)

    threading.Thread(target=watch, name="msjax launcher", daemon=True).start()
