"""The front door: ``python -m astraweave``, and the names that other programs may rely on."""

from __future__ import annotations

__version__ = "0.1.0"

if __name__ == "__main__":
    from engine.cli import main

    main(prog_name="astraweave")
