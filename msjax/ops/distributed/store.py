"""TCPStore: texts under keys, on a server that the processes share."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import time
from datetime import timedelta
from typing import Any

from msjax.core.kinds import check

_LENGTH = struct.Struct("!BII")  # what is asked for, the lengths of key and value
_SET, _GET, _ADD, _DELETE, _HELLO = range(5)
_ANSWER = struct.Struct("!?I")  # whether there is an answer, and its length


class TCPStore:
    """Bytes under keys, which one process keeps and all can read and change.

    Args:
        host_name: the address of the process that keeps them.
        port: its port.
        world_size: how many processes use the store; any number without it.
        is_master: whether this process keeps them.
        timeout: how long to wait for the server, for the others, and for a key that is not there.
        wait_for_workers: whether the server waits at the start until all have come.
        multi_tenant, master_listen_fd, use_libuv: accepted and ignored.

    Raises:
        TypeError: if an argument is of the wrong type.
        ValueError: if `port` or `world_size` is out of range.
        RuntimeError: if the server can not be reached in time, or the others do not come.

    Example:
        >>> from msjax.mint.distributed import TCPStore
        >>> store = TCPStore("127.0.0.1", 0, is_master=True)
        >>> store.set("step", "3")
        >>> store.get("step")
        b'3'
    """

    def __init__(
        self, host_name, port, world_size=None, is_master=False, timeout: timedelta = timedelta(seconds=300),
        wait_for_workers=True, multi_tenant=False, master_listen_fd=None, use_libuv=True,
    ):  # fmt: skip
        check("TCPStore", "host_name", host_name, "str")
        check("TCPStore", "port", port, "int")
        check("TCPStore", "is_master", is_master, "bool")
        check("TCPStore", "world_size", world_size, "None or int > 0")
        if not isinstance(timeout, timedelta):
            raise TypeError(f"For 'TCPStore', the 'timeout' must be a timedelta, but got {timeout!r}.")
        if not 0 <= port <= 65535:
            raise ValueError(f"For 'TCPStore', the 'port' must be from 0 to 65535, but got {port}.")
        self.host, self.port, self._seconds = host_name, port, timeout.total_seconds()
        self._server: Any = None
        if is_master:
            self._server = _Server((host_name, port), _Handler)
            self.port = self._server.server_address[1]
            threading.Thread(target=self._server.serve_forever, args=(0.05,), name="TCPStore", daemon=True).start()
        self._connection = self._connected()
        self._lock = threading.Lock()
        self._ask(_HELLO, "", b"")
        if is_master and wait_for_workers and world_size is not None:
            self._await(lambda: self._server.clients >= world_size, f"{world_size} processes have not come")

    def __del__(self) -> None:
        if connection := self.__dict__.get("_connection"):
            connection.close()
        if server := self.__dict__.get("_server"):
            server.shutdown()
            server.server_close()

    def _connected(self) -> socket.socket:
        until = time.monotonic() + self._seconds
        while True:
            try:
                return socket.create_connection((self.host, self.port), timeout=self._seconds)
            except OSError as error:
                if time.monotonic() > until:
                    raise RuntimeError(f"There is no TCPStore at {self.host}:{self.port}: {error}") from error
                time.sleep(0.1)

    def _await(self, condition, failure: str) -> None:
        until = time.monotonic() + self._seconds
        while not condition():
            if time.monotonic() > until:
                raise RuntimeError(f"For 'TCPStore', {failure} within {self._seconds:.0f} s.")
            time.sleep(0.02)

    def _ask(self, kind: int, key: str, value: bytes) -> bytes | None:
        given = key.encode()
        with self._lock:
            self._connection.sendall(_LENGTH.pack(kind, len(given), len(value)) + given + value)
            there, length = _ANSWER.unpack(_read(self._connection, _ANSWER.size))
            answer = _read(self._connection, length)
        return answer if there else None

    def set(self, key: str, value: str | bytes) -> None:
        """Put a value under a key.

        Args:
            key: the key.
            value: a text or bytes.

        Raises:
            TypeError: if an argument is of the wrong type.

        Example:
            >>> from msjax.mint.distributed import TCPStore
            >>> TCPStore("127.0.0.1", 0, is_master=True).set("step", "3")
        """
        check("TCPStore.set", "key", key, "str")
        if not isinstance(value, (str, bytes)):
            raise TypeError(f"For 'TCPStore.set', the 'value' must be a str or bytes, but got {value!r}.")
        self._ask(_SET, key, value.encode() if isinstance(value, str) else value)

    def get(self, key: str) -> bytes:
        """The value under a key, as soon as there is one.

        Args:
            key: the key.

        Raises:
            TypeError: if `key` is no text.
            RuntimeError: if there is none in time.

        Example:
            >>> from msjax.mint.distributed import TCPStore
            >>> store = TCPStore("127.0.0.1", 0, is_master=True)
            >>> store.set("step", b"3")
            >>> store.get("step")
            b'3'
        """
        check("TCPStore.get", "key", key, "str")
        found: list[bytes] = []

        def asked() -> bool:
            answer = self._ask(_GET, key, b"")
            if answer is not None:
                found.append(answer)
            return answer is not None

        self._await(asked, f"nothing was set for the key {key!r}")
        return found[0]

    def add(self, key: str, amount: int) -> int:
        """Count up the number under a key; there is 0 at first.

        Args:
            key: the key.
            amount: what is added.

        Returns:
            The new number.

        Raises:
            TypeError: if an argument is of the wrong type.
            RuntimeError: if there is no number under the key.

        Example:
            >>> from msjax.mint.distributed import TCPStore
            >>> store = TCPStore("127.0.0.1", 0, is_master=True)
            >>> store.add("steps", 2), store.add("steps", 3)
            (2, 5)
        """
        check("TCPStore.add", "key", key, "str")
        check("TCPStore.add", "amount", amount, "int")
        answer = self._ask(_ADD, key, str(amount).encode())
        if answer is None:
            raise RuntimeError(f"For 'TCPStore.add', there is no number under the key {key!r}.")
        return int(answer)

    def delete_key(self, key: str) -> bool:
        """Forget a key.

        Args:
            key: the key.

        Returns:
            Whether it was there.

        Raises:
            TypeError: if `key` is no text.

        Example:
            >>> from msjax.mint.distributed import TCPStore
            >>> TCPStore("127.0.0.1", 0, is_master=True).delete_key("step")
            False
        """
        check("TCPStore.delete_key", "key", key, "str")
        return self._ask(_DELETE, key, b"") is not None


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True

    def __init__(self, *args):
        self.values: dict[str, bytes] = {}
        self.clients, self.lock = 0, threading.Lock()
        super().__init__(*args)

    def answer(self, kind: int, key: str, value: bytes) -> bytes | None:
        with self.lock:
            if kind == _HELLO:
                self.clients += 1
            elif kind == _SET:
                self.values[key] = value
            elif kind == _GET:
                return self.values.get(key)
            elif kind == _DELETE:
                return self.values.pop(key, None)
            elif kind == _ADD:
                try:
                    self.values[key] = str(int(self.values.get(key, b"0")) + int(value)).encode()
                except ValueError:
                    return None
                return self.values[key]
        return b""


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        try:
            while True:
                kind, key, value = _LENGTH.unpack(_read(self.request, _LENGTH.size))
                name = _read(self.request, key).decode()
                answer = self.server.answer(kind, name, _read(self.request, value))  # type: ignore[attr-defined]
                self.request.sendall(_ANSWER.pack(answer is not None, len(answer or b"")) + (answer or b""))
        except OSError:  # the client has gone
            return


def _read(connection: socket.socket, length: int) -> bytes:
    parts = []
    while length:
        part = connection.recv(min(length, 1 << 20))
        if not part:
            raise ConnectionError("The other side of a TCPStore has gone.")
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
