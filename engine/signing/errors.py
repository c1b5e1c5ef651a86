"""What can be wrong with keys, signatures and lists of trusted keys."""

from __future__ import annotations

from pathlib import Path

from engine.errors import EngineError


class SignatureRefused(EngineError, PermissionError):
    """A script or mod (``what``) may not run where signatures are required; ``reason`` says why.

    An OSError too: to whoever wants to read the file it is one that may not be read.
    """

    def __init__(self, what: str, reason: str) -> None:
        self.what = what
        self.reason = reason
        super().__init__(f"{what}: {reason}")


class _BadFile(EngineError):
    """A file or folder cannot be used."""

    def __init__(self, file: Path, reason: str) -> None:
        self.file = file
        self.reason = reason
        super().__init__(f"{file}: {reason}")


class BadKey(_BadFile):
    """A key file cannot be used or written."""


class BadModFolder(_BadFile):
    """The files of a mod's folder cannot be used."""


class TrustError(_BadFile):
    """A user's list of trusted keys cannot be used: nothing runs where signatures are required."""
