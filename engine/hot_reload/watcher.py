"""Sees that a file in use was saved, renamed over, deleted or made again.

watchdog says at once that something happened to a name; whether the file differs is decided by its
stamp (time, size, inode) when `poll` is called. Stamps are also compared at intervals: that finds what
events miss (a folder that was deleted and made again, file systems without events, the half second for
which watchdog holds back a rename whose second half it has not seen).
`poll` is the only way out: nothing of the game runs on watchdog's threads.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from watchdog.events import (
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

DEBOUNCE = 0.030  # seconds of quiet after the last event of a file
EMPTY_DEBOUNCE = 0.250  # where the file is empty or missing: whoever emptied it may be about to fill it
STAMP_INTERVAL = 0.050  # seconds between two looks at all stamps
FOLDER_INTERVAL = 0.500  # seconds between two looks at the watched folders

# Reading a file is an event too (opened, closed without a write): those would never end.
CHANGES: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileDeletedEvent,
]

Stamp = tuple[int, int, int] | None


class FileWatcher:
    """Watches files by name. Made, used and closed by one thread."""

    def __init__(self) -> None:
        self._stamps: dict[Path, Stamp] = {}
        self._pending: dict[Path, float] = {}
        self._inbox = _Inbox()
        self._folders: dict[str, tuple[int, ObservedWatch]] = {}
        self._wanted_folders: set[str] = set()
        self._next_stamps = 0.0
        self._next_folders = 0.0
        self._observer: BaseObserver | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def watch(self, files: Iterable[Path]) -> None:
        """Watch these files and no others; a file that was watched before keeps its state.

        A file need not exist. Its state now is the one that later states are compared with, so call this
        before reading the files: a save in between is then seen.
        """
        names: dict[str, Path] = {}
        stamps: dict[Path, Stamp] = {}
        for file in files:
            stamps[file] = self._stamps[file] if file in self._stamps else _stamp(file)
            for name in _real_names(file):
                names[name] = file
        self._stamps = stamps
        self._pending = {file: seen for file, seen in self._pending.items() if file in stamps}
        self._inbox.replace(names)
        self._wanted_folders = {str(Path(name).parent) for name in names}
        self._follow_folders()

    def poll(self) -> tuple[Path, ...]:
        """Return the files that changed and have been quiet since, as they were given to `watch`, sorted.

        A deleted file is told once, and once more when it is back. Takes microseconds; never blocks.
        """
        now = time.monotonic()
        if now >= self._next_folders:
            self._next_folders = now + FOLDER_INTERVAL
            self._follow_folders()
        if now >= self._next_stamps:
            self._next_stamps = now + STAMP_INTERVAL
            for file, stamp in self._stamps.items():
                if file not in self._pending and _stamp(file) != stamp:
                    self._pending[file] = now
        self._pending.update(self._inbox.take())
        quiet = [file for file, seen in self._pending.items() if now - seen >= DEBOUNCE]
        ready = [file for file in quiet if now - self._pending[file] >= EMPTY_DEBOUNCE or _is_full(file)]
        return tuple(sorted(file for file in ready if self._has_changed(file)))

    def close(self) -> None:
        """Stop the threads; a closed watcher sees nothing."""
        self._stamps, self._pending, self._wanted_folders = {}, {}, set()
        self._folders = {}
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join(timeout=2.0)

    def _has_changed(self, file: Path) -> bool:
        del self._pending[file]
        stamp = _stamp(file)
        changed = stamp != self._stamps[file]
        self._stamps[file] = stamp
        return changed

    def _follow_folders(self) -> None:
        """Watch each wanted folder that exists, again when it is another one than before."""
        for folder in set(self._folders) | self._wanted_folders:
            inode = _inode(folder) if folder in self._wanted_folders else 0
            known, watch = self._folders.get(folder, (0, None))
            if inode == known:
                continue
            if watch is not None:
                self._unschedule(watch)
                del self._folders[folder]
            if inode:
                self._schedule(folder, inode)

    def _schedule(self, folder: str, inode: int) -> None:
        if self._observer is None:
            self._observer = Observer()
            self._observer.daemon = True
            self._observer.start()
        try:
            watch = self._observer.schedule(self._inbox, folder, event_filter=CHANGES)
        except OSError:
            return  # no more watches, or gone again: the stamps still tell
        self._folders[folder] = (inode, watch)

    def _unschedule(self, watch: ObservedWatch) -> None:
        try:
            if self._observer is not None:
                self._observer.unschedule(watch)
        except (KeyError, OSError):
            return  # the folder took its watch along


class _Inbox(FileSystemEventHandler):
    """Where watchdog's threads leave the names of files of interest, with the time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names: dict[str, Path] = {}
        self._seen: dict[Path, float] = {}

    def on_any_event(self, event: FileSystemEvent) -> None:
        now = time.monotonic()
        with self._lock:
            for raw in (event.src_path, event.dest_path):
                file = self._names.get(os.fsdecode(raw)) if raw else None
                if file is not None:
                    self._seen[file] = now

    def replace(self, names: dict[str, Path]) -> None:
        with self._lock:
            self._names = names
            self._seen = {}

    def take(self) -> dict[Path, float]:
        if not self._seen:  # a poll in a tick should not wait for a lock without need
            return {}
        with self._lock:
            seen, self._seen = self._seen, {}
            return seen


def _stamp(file: Path) -> Stamp:
    try:
        found = file.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _is_full(file: Path) -> bool:
    stamp = _stamp(file)
    return stamp is not None and stamp[1] > 0


def _inode(folder: str) -> int:
    try:
        return Path(folder).stat().st_ino or 1  # file systems without inodes say 0
    except OSError:
        return 0


def _real_names(file: Path) -> set[str]:
    """Return the names that events may use: of the file or link itself, and of what a link points to."""
    folder = Path(os.path.realpath(file.parent))
    return {str(folder / file.name), os.path.realpath(file)}
