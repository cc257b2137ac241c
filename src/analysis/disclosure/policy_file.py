"""A small YAML file read strictly: every unknown key, wrong type and low value, each with its line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from analysis.errors import DataRefused, did_you_mean

Keys = tuple[str | int, ...]
"""The way to a value: ``("topics", "suicide", "threshold")``."""

BOUNDLESS: Final = 10**9
_BLANK: Final = re.compile(r"\s+")


@dataclass
class Document:
    """A YAML file as plain values, with the line of each, and every fault found in it.

    Attributes
    ----------
    name
        What a message calls the file.
    content
        Mappings, lists and scalars.
    lines
        Line of each value, by the keys that lead to it, from 1.
    faults
        Where, what and the cure of every broken rule.
    """

    name: str
    content: Any
    lines: dict[Keys, int]
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path, name: str) -> Document:
        """Read a file.

        Raises
        ------
        DataRefused
            If there is none, it is not YAML, or a key stands twice.
        """
        try:
            root = yaml.compose(path.read_text("utf-8"), yaml.SafeLoader)
        except (OSError, UnicodeDecodeError):
            raise DataRefused("it cannot be read", where=name, cure="Name a readable file.") from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f"{name} line {mark.line + 1}" if mark else name
            raise DataRefused(
                "this is not YAML", where=where, cure="Mend the line, or the one above."
            ) from None
        lines: dict[Keys, int] = {(): 1}
        return cls(name, _plain(root, (), lines, name), lines)

    def at(self, keys: Keys, what: str, cure: str) -> None:
        """Note a fault of the value at some keys."""
        line = next(self.lines[keys[:n]] for n in range(len(keys), -1, -1) if keys[:n] in self.lines)
        path = ".".join(str(key + 1) if isinstance(key, int) else key for key in keys)
        self.faults.append((f"{self.name} line {line}" + (f", {path}" if path else ""), what, cure))

    def refuse(self) -> None:
        """Raise if anything was found.

        Raises
        ------
        DataRefused
            With the one fault, or all of them a line each.
        """
        if len(self.faults) == 1:
            where, what, cure = self.faults[0]
            raise DataRefused(what, where=where, cure=cure)
        if self.faults:
            lines = "\n".join(f"  {where}: {what}. {cure}" for where, what, cure in self.faults)
            raise DataRefused(f"{len(self.faults)} rules are broken\n{lines}", where=self.name)

    def mapping(self, keys: Keys, allowed: Sequence[str], required: Iterable[str] | None = None) -> set[str]:
        """Check a mapping's keys, and return those that are there and known."""
        body = self.value(keys)
        if not isinstance(body, Mapping):
            self._wrong(keys, "this is no mapping", f"It takes: {', '.join(allowed)}.")
            return set()
        for name in body:
            if name not in allowed:
                near = did_you_mean(str(name), allowed)
                takes = f"{near} It takes: {', '.join(allowed)}.".strip()
                self.at((*keys, name), f'unknown key "{name}"', takes)
        for name in allowed if required is None else required:
            if name not in body:
                self.at(keys, f'no "{name}"', "Give it.")
        return set(body) & set(allowed)

    def names(self, keys: Keys) -> list[str]:
        """Return the keys of a mapping whose names are free; a list has none."""
        body = self.value(keys)
        if not isinstance(body, Mapping):
            self._wrong(keys, "this is no mapping", "Give each entry a name.")
            return []
        return [str(name) for name in body]

    def items(self, keys: Keys) -> list[Keys]:
        """Return the keys of every entry of a list."""
        body = self.value(keys)
        if not isinstance(body, list):
            self._wrong(keys, "this is no list", "Write [] for none.")
            return []
        return [(*keys, place) for place in range(len(body))]

    def whole(self, keys: Keys, low: int, high: int = BOUNDLESS) -> int:
        """Return a whole number between two bounds, or the lower if it is not one."""
        value = self.value(keys)
        if not isinstance(value, int) or isinstance(value, bool):
            self._wrong(keys, "this is no whole number", f"Give one of {low} or more.")
        elif value < low:
            self.at(keys, f"{value} is below {low}", f"Give {low} or more: no exception goes below it.")
        elif value > high:
            self.at(keys, f"{value} is above {high}", f"Give {high} or less.")
        else:
            return value
        return low

    def text(self, keys: Keys, most: int = 300) -> str:
        """Return words on one line, not blank."""
        value = self.value(keys)
        if not isinstance(value, str) or not value.strip():
            self._wrong(keys, "this is no text", "Say it in words.")
            return ""
        words = _BLANK.sub(" ", value).strip()
        if len(words) > most:
            self.at(keys, f"this is longer than {most} characters", "Say it shorter.")
        return words

    def day(self, keys: Keys) -> str:
        """Return a date as ISO text; YAML reads an unquoted one as a date."""
        value = self.value(keys)
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            self._wrong(keys, "this is no date", "Write 2027-03-31.")
            return date.min.isoformat()

    def days(self, keys: Keys) -> tuple[int, ...]:
        """Return a grid of days: from 0, rising, a week apart at least."""
        found = [self.value(entry) for entry in self.items(keys)]
        whole = all(isinstance(day, int) and not isinstance(day, bool) for day in found)
        if not whole or len(found) < 2 or found[0] != 0:
            self._wrong(keys, "this is no grid of days", "List whole days that rise from 0.")
            return (0,)
        if any(later - day < 7 for day, later in itertools.pairwise(found)):
            self.at(keys, "two days lie less than a week apart", "Leave at least 7 days between them.")
        return tuple(found)

    def _wrong(self, keys: Keys, what: str, cure: str) -> None:
        """Note a fault of what stands at some keys; that nothing does is told by the mapping above."""
        if keys in self.lines:
            self.at(keys, what, cure)

    def value(self, keys: Keys) -> Any:
        """Return what stands at some keys, None if nothing does."""
        found = self.content
        for key in keys:
            try:
                found = found[key]
            except (KeyError, IndexError, TypeError):
                return None
        return found


def _plain(node: yaml.Node | None, keys: Keys, lines: dict[Keys, int], name: str) -> Any:
    """Return a node as plain values, and note the line of everything below it."""
    if node is None:
        return None
    lines[keys] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, (*keys, place), lines, name) for place, one in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(node)
    found: dict[str, Any] = {}
    for key, value in node.value:
        if key.value in found:
            where = f"{name} line {key.start_mark.line + 1}"
            raise DataRefused(f'"{key.value}" stands twice', where=where, cure="Keep one.")
        found[key.value] = _plain(value, (*keys, key.value), lines, name)
        lines[*keys, key.value] = key.start_mark.line + 1
    return found


def _scalar(node: yaml.Node) -> Any:
    """Return a scalar as YAML means it; one that it cannot read stays text."""
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        return str(node.value)
    finally:
        loader.dispose()
