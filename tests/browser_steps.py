"""What several ways through the pages do alike."""

from __future__ import annotations

from typing import Any


def follow(link: Any) -> None:
    """Click on what leads to another address and wait until that is loaded: a click alone returns before it is."""
    with link.page.expect_navigation():
        link.click()
