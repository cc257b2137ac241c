"""The body of a report: an executed notebook's cells as sections, each with what it showed and its code."""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from analysis.publish.markdown import inline, plain, split_heading, to_html
from analysis.publish.runs import Cell, Run, Shown, anchor
from analysis.record import FIGURE_MIME, REPORT_MIME, TABLE_MIME

FILES: Final = {
    FIGURE_MIME: {
        "PNG": "figures/{}.png",
        "SVG": "figures/{}.svg",
        "data as CSV": "figures/{}.csv",
        "words and citation": "figures/{}.txt",
    },
    TABLE_MIME: {"data as CSV": "tables/{}.csv"},
}
"""What can be downloaded of each kind of output, if the run wrote it."""

CANNOT_SAY: Final = "what this cannot say"
SOURCES: Final = "sources"
"""Key of the table that ``finish`` shows, and how a section for it would be headed."""
UNSHOWN: Final = frozenset({"hide-input", "hide-cell"})
PARAMETER_TAGS: Final = frozenset({"parameters", "injected-parameters"})


@dataclass(frozen=True)
class Part:
    """One block of a section, and the files beside the page that go with it."""

    html: Markup
    title: str = ""
    files: dict[str, str] = field(default_factory=dict)
    """What a file is, to where it lies below the run."""


@dataclass(frozen=True)
class Section:
    """A section: its heading, what it shows, and the code that made it."""

    id: str
    title: Markup
    parts: tuple[Part, ...]
    code: str
    absent: bool

    @property
    def lists_absences(self) -> bool:
        """Whether it is the notebook's own place for what is not known."""
        return is_limits(self.title.striptags())

    @property
    def lists_sources(self) -> bool:
        """Whether it is the notebook's own place for the sources."""
        return self.title.striptags().casefold().startswith(SOURCES)


@dataclass(frozen=True)
class Body:
    """Everything below the first screen."""

    opening: tuple[Part, ...]
    """What stands between the question and the first section."""
    setup: str
    """Code before the first section."""
    sections: tuple[Section, ...]
    sources: tuple[Part, ...]
    """The table of sources, wherever the notebook finished."""


def assemble(run: Run) -> Body:
    """Return a run's cells as sections, in the notebook's order.

    A Markdown cell that opens with a heading of level 2 begins a section, whose id is the cell's.
    """
    before, *chapters = _chapters(run.cells)
    absent = absent_sections(run)
    return Body(
        opening=tuple(part for cell in before for part in _parts(run.folder, _without_title(cell))),
        setup=_code(before),
        sections=tuple(_section(run.folder, chapter, absent) for chapter in chapters),
        sources=tuple(_part(run.folder, shown) for shown in run.shown() if _is_sources(shown)),
    )


def section_titles(run: Run) -> dict[str, str]:
    """Return each section's heading as words, by its id."""
    heads = [(cell.id, split_heading(cell.source)) for cell in run.cells if cell.kind == "markdown"]
    return {name: plain(title) for name, (level, title, _) in heads if level == 2}


def is_limits(title: str) -> bool:
    """Whether a heading opens the section on what a report cannot say, where absence is the point."""
    return title.casefold().startswith(CANNOT_SAY)


def absent_sections(run: Run) -> frozenset[str]:
    """Return the ids of the sections that hold an absence and nothing else."""
    limits = {name for name, title in section_titles(run).items() if is_limits(title)}
    return frozenset(anchor(section) for section in run.empty_sections) - limits


def _chapters(cells: tuple[Cell, ...]) -> list[list[Cell]]:
    """Split cells where a section begins; the first list is what comes before any."""
    chapters: list[list[Cell]] = [[]]
    for cell in cells:
        if cell.kind == "markdown" and split_heading(cell.source)[0] == 2:
            chapters.append([])
        chapters[-1].append(cell)
    return chapters


def _section(folder: Path, cells: list[Cell], absent: frozenset[str]) -> Section:
    head, *rest = cells
    _, title, words = split_heading(head.source)
    parts = [Part(to_html(words))] if words.strip() else []
    parts += [part for cell in rest for part in _parts(folder, cell)]
    return Section(head.id, inline(title), tuple(parts), _code(rest), head.id in absent)


def _without_title(cell: Cell) -> Cell:
    """Return the cell without the report's title and question, which the first screen shows."""
    if cell.kind != "markdown" or split_heading(cell.source)[0] != 1:
        return cell
    _, _, rest = split_heading(cell.source)
    _, _, more = rest.partition("\n\n")
    return Cell(cell.id, cell.kind, more, cell.tags, (), ())


def _parts(folder: Path, cell: Cell) -> list[Part]:
    """Return a cell's words, or what it showed, but for what the page shows in a place of its own."""
    if cell.kind == "markdown":
        return [Part(to_html(cell.source))] if cell.source.strip() else []
    return [_part(folder, shown) for shown in cell.shown if not _is_placed(shown)]


def _part(folder: Path, shown: Shown) -> Part:
    """Return an output's HTML, which the session escaped and the lint reads, with its files."""
    name = str(shown.payload["id"]).replace(".", "-")
    files = {label: pattern.format(name) for label, pattern in FILES.get(shown.mime, {}).items()}
    written = {label: path for label, path in files.items() if (folder / path).is_file()}
    return Part(Markup(shown.html), plain(str(shown.payload.get("title", ""))), written)  # noqa: S704


def _is_placed(shown: Shown) -> bool:
    """Whether the page shows an output in a place of its own."""
    return shown.mime == REPORT_MIME or bool(shown.payload.get("summary")) or _is_sources(shown)


def _is_sources(shown: Shown) -> bool:
    return shown.payload.get("id") == SOURCES


def _code(cells: list[Cell]) -> str:
    shown = [cell for cell in cells if cell.kind == "code" and not cell.tags & (UNSHOWN | PARAMETER_TAGS)]
    return "\n\n".join(cell.source.strip() for cell in shown if cell.source.strip())


@dataclass(frozen=True)
class Setting:
    """A parameter of the report: its value, what it sets, and whether somebody chose it."""

    name: str
    value: str
    help: str
    chosen: bool


def settings(run: Run) -> list[Setting]:
    """Return the report's parameters with what the notebook's parameters cell says of each."""
    source = next((cell.source for cell in run.cells if "parameters" in cell.tags), "")
    defaults, comments = _declared(source)
    given = run.report["parameters"]
    names = [*(name for name in defaults if name in given), *(name for name in given if name not in defaults)]
    return [
        Setting(
            name,
            printed(given[name]),
            comments.get(name, ""),
            name not in defaults or given[name] != defaults[name],
        )
        for name in names
    ]


def printed(value: Any) -> str:
    """Return a parameter as ``-p NAME=VALUE`` takes it."""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _declared(source: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the defaults of a parameters cell and the comment beside each."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = {
        token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT
    }
    lines = [node for node in ast.parse(source).body if isinstance(node, ast.AnnAssign) and node.value]
    defaults = {ast.unparse(node.target): ast.literal_eval(node.value) for node in lines if node.value}
    return defaults, {ast.unparse(node.target): comments.get(node.end_lineno or 0, "") for node in lines}
