"""Reading in child processes: a workbook that hangs, bursts or crashes its reader is one refused file.

Children live as long as the reader, so that two hundred workbooks start two processes and not two hundred.
A child speaks over its own pipes, writes nothing anywhere else, and holds no key.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import LifoQueue
from typing import Any, Final, Self

from analysis.errors import DataRefused
from analysis.records.reading import hostile
from analysis.records.reading.workbook import Workbook, parse

SECONDS: Final = 20.0
"""The longest that one file may take to read [seconds]."""
MEMORY: Final = 2 * 2**30
"""The most address space that a child may have [bytes]."""
WORKERS: Final = 2
"""Children of one reader."""
AHEAD: Final = 4
"""Files read ahead of the one being worked on, so that memory does not grow with their number."""

_LENGTH: Final = struct.Struct("!Q")
_START: Final = "from analysis.records.reading.reader import serve; serve()"


class Reader:
    """Reads workbooks in child processes; use it as a context manager.

    Parameters
    ----------
    workers
        How many files are read at once.
    seconds, memory
        What one file may take [seconds, bytes].
    """

    def __init__(self, workers: int = WORKERS, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._idle: LifoQueue[_Child | None] = LifoQueue()
        self._children: list[_Child] = []
        for _ in range(workers):
            self._idle.put(None)  # a child that is started when it is needed
        self._threads = ThreadPoolExecutor(workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        for child in self._children:
            child.stop()

    def read(self, path: Path) -> Workbook:
        """Read one file.

        Raises
        ------
        DataRefused
            If it cannot be read within its limits, with the cure.
        """
        child = self._idle.get() or self._child()
        try:
            answer = child.ask(path, self._seconds)
        finally:
            if not child.alive:
                child.stop()
                self._children.remove(child)
            self._idle.put(child if child.alive else None)
        if isinstance(answer, DataRefused):
            raise answer
        return answer

    def read_all(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Workbook | DataRefused]]:
        """Read many files, some ahead, and give them in the order they were named."""
        waiting: deque[tuple[Path, Future[Workbook | DataRefused]]] = deque()
        for path in paths:
            waiting.append((path, self._threads.submit(self._read_or_refuse, path)))
            if len(waiting) > AHEAD:
                first, result = waiting.popleft()
                yield first, result.result()
        for first, result in waiting:
            yield first, result.result()

    def _read_or_refuse(self, path: Path) -> Workbook | DataRefused:
        try:
            return self.read(path)
        except DataRefused as error:
            return error

    def _child(self) -> _Child:
        child = _Child(self._memory)
        self._children.append(child)
        return child


class _Child:
    """One child process and its two pipes."""

    def __init__(self, memory: int) -> None:
        source = Path(__file__).resolve().parents[3]
        environment = {**os.environ, "PYTHONPATH": str(source), "RUST_BACKTRACE": "0"}
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", _START, str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._to, self._from = self._process.stdin, self._process.stdout

    @property
    def alive(self) -> bool:
        """Whether it still answers."""
        return self._process.poll() is None

    def ask(self, path: Path, seconds: float) -> Workbook | DataRefused:
        """Send a path and return what comes back; a child that does not answer in time is ended."""
        clock = threading.Timer(seconds, self._process.kill)
        clock.start()
        try:
            _send(self._to, os.fsencode(path.absolute()))
            answer: Any = pickle.loads(_receive(self._from))  # noqa: S301  our own child wrote it
        except (OSError, EOFError):
            self._process.kill()
            self._process.wait()
            return hostile.refusal(
                path,
                f"could not be read within {seconds:.0f} seconds and the memory a workbook may take",
                "Copy the filled rows, values only, into the template and send that.",
            )
        finally:
            clock.cancel()
        return _answer(path, answer)

    def stop(self) -> None:
        """End the process and close its pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._to, self._from):
            with contextlib.suppress(OSError):
                pipe.close()


def _answer(path: Path, answer: Any) -> Workbook | DataRefused:
    if isinstance(answer, Workbook):
        return answer
    what, where, cure = answer
    return DataRefused(what, where=where or hostile.shown(path.name), cure=cure)


def _send(pipe: Any, content: bytes) -> None:
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def _receive(pipe: Any) -> bytes:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    size = _LENGTH.unpack(head)[0]
    content: bytes = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return content


def serve() -> None:
    """Answer paths on standard input with workbooks on standard output, until the input ends."""
    _limit(int(sys.argv[1]))
    while True:
        try:
            path = Path(os.fsdecode(_receive(sys.stdin.buffer)))
        except EOFError:
            return
        _send(sys.stdout.buffer, pickle.dumps(_parsed(path), protocol=5))


def _parsed(path: Path) -> Workbook | tuple[str, str, str]:
    """Read a file; whatever goes wrong inside the reading of it is a refusal of the file."""
    try:
        return parse(path)
    except DataRefused as error:
        return error.what, error.where, error.cure
    except MemoryError:
        return "takes more memory than a workbook may", "", "Copy the filled rows into the template."
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001  a panic of the reader is no Exception
        return "is damaged: its reader gave up", "", hostile.RESEND


def _limit(memory: int) -> None:
    """Hold this process to so much memory, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
