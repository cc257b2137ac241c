"""What a report promised and what it has shown so far: sections, keys, headlines; and its opening words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError, one_of

if TYPE_CHECKING:
    from pathlib import Path

HEADLINES: Final = (3, 5)
"""Fewest and most findings on the first screen."""
KEY: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")


@dataclass
class Outline:
    """The sections of a report, and which outputs each has.

    Attributes
    ----------
    notebook
        Name of the notebook, for messages.
    sections
        Ids, in order.
    strict
        Whether an output may be shown once only; in JupyterLab a cell is run again and replaces its own.
    """

    notebook: str
    sections: tuple[str, ...]
    strict: bool
    _used: set[str] = field(default_factory=set)
    _said: dict[str, list[str]] = field(default_factory=dict)
    _headlines: set[str] = field(default_factory=set)
    _gaps: dict[str, list[str]] = field(default_factory=dict)
    _summary: str = ""

    def __post_init__(self) -> None:
        """Refuse sections that are not distinct keys."""
        odd = [name for name in self.sections if not KEY.fullmatch(name) or "." in name]
        if odd or not self.sections or len(set(self.sections)) != len(self.sections):
            raise UsageError(
                "sections must be lower-case names, each once, and there must be one", where=self.notebook
            )

    def where(self, section: str) -> str:
        """Return the place of a section for messages.

        Raises
        ------
        UsageError
            If the report has no such section.
        """
        if section not in self.sections:
            raise UsageError(
                f'"{section}" is not a section', where=self.notebook, cure=one_of(section, self.sections)
            )
        return f"{self.notebook}, {section}"

    def place(self, key: str) -> tuple[str, str]:
        """Return section and place of a key.

        Raises
        ------
        UsageError
            If the key names no section, or is misspelt.
        """
        section = key.partition(".")[0]
        self.where(section)
        if not KEY.fullmatch(key):
            cure = 'Write "section" or "section.name".'
            raise UsageError(f'"{key}" is not a key', where=self.notebook, cure=cure)
        return section, f"{self.notebook}, {key}"

    def claim(self, kind: str, key: str) -> tuple[str, str]:
        """Return section and place of a table, figure or absence, which has its key from now on.

        Raises
        ------
        UsageError
            If the key names no section, is misspelt, or was used for the same kind of output already.
        """
        section, where = self.place(key)
        self._once(f"{kind} {key}")
        return section, where

    def gap(self, section: str, why: str) -> str:
        """Return the id of an absence that an output leaves in its section, or "" if it was said before."""
        said = self._gaps.setdefault(section, [])
        if why in said:
            return ""
        said.append(why)
        self._used.add(f"absence {section}.{len(said)}")
        return f"{section}.{len(said)}"

    def finding(self, section: str, template: str, *, headline: bool) -> str:
        """Return the id of a finding: its number within the section; the same template keeps its number.

        Raises
        ------
        UsageError
            If it was said already.
        """
        said = self._said.setdefault(section, [])
        if template not in said:
            said.append(template)
        name = f"{section}.{said.index(template) + 1}"
        self._once(f"finding {name}")
        if headline:
            self._headlines.add(name)
        return name

    def summary(self, section: str, template: str) -> str:
        """Return the id of the report's summary, which is a finding of a section.

        Raises
        ------
        UsageError
            If the report has one already.
        """
        self._once("the summary")
        self._summary = self.finding(section, template, headline=False)
        return self._summary

    def _once(self, name: str) -> None:
        if self.strict and name in self._used:
            cure = 'Give one of them a name: "section.name".'
            raise UsageError(f"{name} is shown twice", where=self.notebook, cure=cure)
        self._used.add(name)

    def faults(self) -> list[str]:
        """Return what keeps the report from being whole, one phrase each."""
        shown = self._used - {"the summary", f"finding {self._summary}"}
        covered = {name.partition(" ")[2].partition(".")[0] for name in shown}
        empty = [section for section in self.sections if section not in covered]
        found = [f"nothing is shown or said to be absent in: {', '.join(empty)}"] if empty else []
        least, most = HEADLINES
        if not least <= len(self._headlines) <= most:
            found.append(f"{len(self._headlines)} headline findings, not {least} to {most}")
        return found if self._summary else [*found, "no summary opens it: run.summarise was never called"]


def opening(notebook: Path, name: str) -> tuple[str, str]:
    """Return the title and the question of a committed notebook, or its name if there is no such file.

    The first Markdown cell holds both: a heading of level 1, then one paragraph.
    """
    title, question = name.replace("_", " ").capitalize(), ""
    if not notebook.is_file():
        return title, question
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    first = next((cell for cell in cells if cell["cell_type"] == "markdown"), None)
    text = "".join(first["source"]).strip() if first else ""
    if text.startswith("# "):
        head, _, text = text.partition("\n")
        title = head[2:].strip()
    paragraph = text.strip().split("\n\n")[0]
    return title, "" if paragraph.startswith("#") else " ".join(paragraph.split())
