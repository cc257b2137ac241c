"""The words of a report: templates filled from the values that the notebook keeps and passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.present import prose
from analysis.record import Value


class Wording:
    """Fills templates, and keeps values that later templates may name."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}

    def know(self, values: Mapping[str, Any]) -> None:
        """Keep values; of a name that is kept already, the new one."""
        self._known |= values

    def named(self, templates: Sequence[str], values: Mapping[str, Any], where: str) -> dict[str, Any]:
        """Return the values that templates name, of those kept, and all those passed."""
        named = {name for template in templates for name in prose.fields(template, where=where)}
        return {name: self._known[name] for name in sorted(named & self._known.keys())} | dict(values)

    def fill(
        self, templates: Sequence[str], values: Mapping[str, Any], where: str
    ) -> tuple[dict[str, Value], list[str]]:
        """Return what templates say, by name, and their texts.

        Raises
        ------
        UsageError
            If a template cannot be filled, or a value was passed that none of them names.
        """
        values = self.named(templates, values, where)
        filled = [prose.fill(template, values, where=where) for template in templates]
        said = {name: value for _, some in reversed(filled) for name, value in some.items()}
        prose.refuse_unsaid(values, said, where=where)
        return {name: said[name] for name in sorted(said)}, [text for text, _ in filled]
