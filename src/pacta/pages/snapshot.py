"""Where the newest snapshot of a store comes from."""

from __future__ import annotations

from pathlib import Path

from pacta.pages.endpoint.snapshots import Snapshots


def open_snapshots(folder: Path) -> Snapshots:
    """Open the store in a folder; a folder without one raises StoreError."""
    return Snapshots(folder)
