"""
What several workers write on their pipes, as it comes.

POSIX says of a pipe whether anything can be read from it. Windows says that of sockets alone: there a thread for each
pipe waits for it.
"""

from __future__ import annotations

import os
import selectors
from abc import ABC, abstractmethod
from collections import defaultdict
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import IO, Generic, TypeVar

from lactflow.systems import WINDOWS

_CHUNK_BYTES = 65_536

Key = TypeVar("Key")
"""What stands for a pipe: whoever it belongs to."""


class Listening(ABC, Generic[Key]):
    """Pipes that are listened to."""

    @abstractmethod
    def add(self, pipe: IO[bytes], key: Key) -> None:
        """Listen to a pipe, from what it has that was not given yet."""

    @abstractmethod
    def remove(self, pipe: IO[bytes]) -> None:
        """Listen to it no more; it may be added again, for the same key."""

    @abstractmethod
    def news(self, within_s: float) -> list[tuple[Key, bytes]]:
        """
        Wait for what comes next.

        Parameters
        ----------
        within_s
            Longest time [s].

        Returns
        -------
        Keys, and what came on their pipes: no bytes, once, where a pipe has come to its end.
        """

    @abstractmethod
    def leave(self, pipe: IO[bytes]) -> None:
        """Close a pipe whose other end may be open still: whatever comes on it is of no use any more."""

    def close(self) -> None:
        """Let go of what the system has given for this."""


class Selected(Listening[Key]):
    """Pipes of which the system says whether they can be read."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def add(self, pipe: IO[bytes], key: Key) -> None:
        """Listen to a pipe."""
        self._selector.register(pipe, selectors.EVENT_READ, key)

    def remove(self, pipe: IO[bytes]) -> None:
        """Listen to it no more."""
        self._selector.unregister(pipe)

    def news(self, within_s: float) -> list[tuple[Key, bytes]]:
        """Wait for what comes next."""
        return [(key.data, os.read(key.fd, _CHUNK_BYTES)) for key, _ in self._selector.select(within_s)]

    def leave(self, pipe: IO[bytes]) -> None:
        """Close a pipe."""
        pipe.close()

    def close(self) -> None:
        """Close the selector."""
        self._selector.close()


class Threaded(Listening[Key]):
    """
    Pipes that threads wait for, one each, from when a pipe is first added until it comes to its end.

    A pipe cannot be closed while its thread waits for it: the thread closes one that is left, when it ends.
    """

    def __init__(self) -> None:
        self._came: SimpleQueue[tuple[IO[bytes], bytes]] = SimpleQueue()
        self._keys: dict[IO[bytes], Key] = {}
        self._lock = Lock()
        self._heard: set[IO[bytes]] = set()
        self._ended: set[IO[bytes]] = set()
        self._left: set[IO[bytes]] = set()
        self._kept: defaultdict[IO[bytes], list[bytes]] = defaultdict(list)
        """What came on pipes that were removed; they may be added again."""

    def add(self, pipe: IO[bytes], key: Key) -> None:
        """Listen to a pipe."""
        self._keys[pipe] = key
        for read in self._kept.pop(pipe, []):
            self._came.put((pipe, read))
        if pipe not in self._heard:
            self._heard.add(pipe)
            Thread(target=self._hear, args=(pipe,), daemon=True).start()

    def remove(self, pipe: IO[bytes]) -> None:
        """Listen to it no more."""
        del self._keys[pipe]

    def news(self, within_s: float) -> list[tuple[Key, bytes]]:
        """Wait for what comes next."""
        found: list[tuple[Key, bytes]] = []
        try:
            came = self._came.get(timeout=within_s)
            while True:
                pipe, read = came
                if pipe in self._keys:
                    found.append((self._keys[pipe], read))
                else:
                    self._kept[pipe].append(read)
                came = self._came.get_nowait()
        except Empty:
            return found

    def leave(self, pipe: IO[bytes]) -> None:
        """Have a pipe closed when it comes to its end."""
        with self._lock:
            if pipe in self._heard - self._ended:
                self._left.add(pipe)
                return
        pipe.close()

    def _hear(self, pipe: IO[bytes]) -> None:
        read = b"more"
        while read:
            try:
                read = os.read(pipe.fileno(), _CHUNK_BYTES)
            except (OSError, ValueError):  # its other end is gone, or it was closed
                read = b""
            self._came.put((pipe, read))
        with self._lock:
            self._ended.add(pipe)
            left = pipe in self._left
        if left:
            pipe.close()


def listening() -> Listening[Key]:
    """Give the way of this system to listen to pipes."""
    return Threaded() if WINDOWS else Selected()
