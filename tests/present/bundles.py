"""What a report displayed, read back."""

from __future__ import annotations

from typing import Any


def payload(bundle: dict[str, Any]) -> dict[str, Any]:
    """Return the payload of what was displayed."""
    return next(value for mime, value in bundle.items() if mime.startswith("application/"))
