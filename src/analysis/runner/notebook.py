"""Read a notebook without running it: its parameters, its variants, and what is wrong with either.

Plain JSON and ``ast``: planning must not pay for nbformat, and must refuse before a kernel starts what
papermill would only warn of or silently let win: unknown, untyped, unread and rebound parameters.
"""

from __future__ import annotations

import ast
import io
import json
import tokenize
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

from analysis.errors import UsageError, did_you_mean, one_of
from analysis.parameters import KINDS, SUPPORTED, Kind, Parameter, Scalar
from analysis.record import sha256

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.layout import Layout

PARAMETERS_TAG: Final = "parameters"
SUBJECT: Final = ("area", "period")
"""A notebook that takes both is a report: it is run for every area and period with evidence."""

Typed = dict[str, Scalar | list[Scalar]]


@dataclass(frozen=True)
class Cell:
    """One cell as stored: ``kind`` is "code" or "markdown"."""

    id: str
    kind: str
    source: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notebook:
    """A committed notebook whose parameters cell has been understood.

    Attributes
    ----------
    name
        File name without ``.ipynb``.
    path
        Where it lies.
    digest
        SHA-256 of the file.
    cells
        Its cells, in order.
    parameters
        Name to parameter, in the order of the cell; empty if no cell is tagged.
    variants
        Parameter sets run by default beside the plain one.
    """

    name: str
    path: Path
    digest: str
    cells: tuple[Cell, ...]
    parameters: dict[str, Parameter]
    variants: tuple[Typed, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Notebook:
        """Read and check one notebook.

        Raises
        ------
        UsageError
            If it is not a notebook, its code does not parse, or its parameters cell declares a name that
            is untyped, of an unsupported type, unread by the body or bound to something else in it.
        """
        name, raw = path.stem, _bytes(path)
        stored = _json(raw, name)
        cells = tuple(_cell(cell) for cell in stored.get("cells", []))
        parameters = _parameters(name, cells)
        _check_body(name, cells, parameters)
        declared = stored.get("metadata", {}).get("deepdive", {}).get("variants", [])
        variants = tuple(_variant(name, parameters, variant) for variant in declared)
        return cls(name, path, sha256(raw), cells, parameters, variants)

    @property
    def is_report(self) -> bool:
        """Whether it is run for an area and a period; the others are for JupyterLab alone."""
        return all(name in self.parameters for name in SUBJECT)

    @property
    def title(self) -> str:
        """The level-one heading, or the file name."""
        lines = (line for cell in self.cells if cell.kind == "markdown" for line in cell.source.splitlines())
        return next((line[2:].strip() for line in lines if line.startswith("# ")), self.name)

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        """Code cells as syntax trees, by cell id, without the parameters cell."""
        return {cell.id: _parse(self.name, cell) for cell in _body(self.cells)}

    @property
    def defaults(self) -> Typed:
        """What it runs with if nobody says otherwise."""
        return {name: parameter.default for name, parameter in self.parameters.items()}

    def resolve(self, given: Mapping[str, str]) -> Typed:
        """Return the typed values of what was typed as ``-p NAME=VALUE``, in the order of the cell.

        Raises
        ------
        UsageError
            If a name is not in the parameters cell, or a value is not of its type.
        """
        for name in given:
            self.check_name(name)
        return {
            name: parameter.coerce(given[name], where=self.name)
            for name, parameter in self.parameters.items()
            if name in given
        }

    def check_name(self, name: str) -> None:
        """Refuse a name that the parameters cell does not declare.

        Raises
        ------
        UsageError
            With the nearest name and all names.
        """
        if name not in self.parameters:
            raise _unknown(self.name, name, self.parameters)


def find(layout: Layout) -> dict[str, Path]:
    """Return every notebook of the checkout by name, sorted, unread."""
    return {path.stem: path for path in sorted(layout.notebooks.glob("*.ipynb"))}


def load(layout: Layout, names: Sequence[str] = ()) -> list[Notebook]:
    """Return the named notebooks, or every report notebook, sorted by name.

    A name may be given as a path: ``notebooks/male_survivors.ipynb`` is ``male_survivors``.

    Raises
    ------
    UsageError
        If a name is unknown, a notebook cannot be run, or a named one is not a report.
    """
    known = find(layout)
    asked = sorted({_stem(name) for name in names})
    for name in asked:
        if name not in known:
            raise UsageError(f'no notebook "{name}"', where="notebooks", cure=one_of(name, known))
    notebooks = [Notebook.read(known[name]) for name in asked or known]
    for notebook in notebooks:
        if asked and not notebook.is_report:
            raise UsageError(
                "it takes no area and period, so it makes no report",
                where=notebook.name,
                cure="Open it with `deepdive lab`.",
            )
    return [notebook for notebook in notebooks if notebook.is_report]


def _stem(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".ipynb")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"it cannot be read ({error.strerror})", where=path.stem, cure="Check the name."
        ) from None


def _json(raw: bytes, name: str) -> dict[str, Any]:
    try:
        stored = json.loads(raw)
    except ValueError:
        stored = None
    if not isinstance(stored, dict) or stored.get("nbformat") != 4:
        raise UsageError("not a notebook of format 4", where=name, cure="Save it again from JupyterLab.")
    return stored


def _cell(stored: dict[str, Any]) -> Cell:
    source = stored.get("source", "")
    text = source if isinstance(source, str) else "".join(source)
    tags = tuple(stored.get("metadata", {}).get("tags", ()))
    return Cell(str(stored.get("id", "")), str(stored.get("cell_type", "")), text, tags)


def _body(cells: Sequence[Cell]) -> Iterator[Cell]:
    """Yield the code cells that are not the parameters cell."""
    return (cell for cell in cells if cell.kind == "code" and PARAMETERS_TAG not in cell.tags)


def _parse(name: str, cell: Cell) -> ast.Module:
    try:
        return ast.parse(cell.source)
    except SyntaxError as error:
        raise UsageError(
            f'cell "{cell.id}" is not Python (line {error.lineno})',
            where=name,
            cure="Magics and shell commands have no place in a report.",
        ) from None


# -- the parameters cell ------------------------------------------------------------------------------


def _parameters(name: str, cells: Sequence[Cell]) -> dict[str, Parameter]:
    """Read the tagged cell; a notebook without one has no parameters."""
    tagged = [cell for cell in cells if PARAMETERS_TAG in cell.tags]
    if len(tagged) > 1:
        raise UsageError(
            f"{len(tagged)} cells are tagged parameters", where=name, cure="Keep one parameters cell."
        )
    found: dict[str, Parameter] = {}
    for cell in tagged:
        comments = _comments(cell.source)
        for node in _parse(name, cell).body:
            if not isinstance(node, ast.ImportFrom | ast.Import):
                parameter = _declared(name, node, comments)
                if parameter.name in found:
                    raise UsageError(
                        f'parameter "{parameter.name}" is declared twice',
                        where=name,
                        cure="Keep one of them.",
                    )
                found[parameter.name] = parameter
    return found


def _comments(source: str) -> dict[int, str]:
    """Return the comment at the end of each line that has one, by line number."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def _declared(notebook: str, node: ast.stmt, comments: Mapping[int, str]) -> Parameter:
    """Read one line, ``name: type = default  # comment``."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        raise UsageError(
            f'parameter "{node.targets[0].id}" has no type',
            where=notebook,
            cure=f"Write {node.targets[0].id}: str = …, or another of {SUPPORTED}.",
        )
    if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
        raise UsageError(
            f"line {node.lineno} of the parameters cell is no parameter",
            where=notebook,
            cure="Each line is an import of Literal, or name: type = default  # what it means.",
        )
    kind, choices, many = _annotation(notebook, node.target.id, node.annotation)
    comment = comments.get(node.end_lineno or node.lineno, "")
    parameter = Parameter(node.target.id, kind, "", choices, many, comment)
    default = parameter.check(_constant(notebook, node.target.id, node.value), where=notebook)
    return Parameter(node.target.id, kind, default, choices, many, comment)


def _constant(notebook: str, name: str, node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise UsageError(
            f'the default of parameter "{name}" is computed',
            where=notebook,
            cure="Write the value itself: a run can only override what it can read.",
        ) from None


def _annotation(notebook: str, name: str, node: ast.expr) -> tuple[Kind, tuple[Scalar, ...], bool]:
    """Return the kind of one value, the choices and whether it is a list."""
    if isinstance(node, ast.Subscript) and _called(node.value) == "list":
        kind, choices, nested = _annotation(notebook, name, node.slice)
        if not nested:
            return kind, choices, True
    if isinstance(node, ast.Subscript) and _called(node.value) == "Literal":
        return _literal(notebook, name, node.slice)
    if isinstance(node, ast.Name) and node.id in KINDS:
        return cast("Kind", node.id), (), False
    raise _unsupported(notebook, name, node)


def _called(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _literal(notebook: str, name: str, node: ast.expr) -> tuple[Kind, tuple[Scalar, ...], bool]:
    elements = node.elts if isinstance(node, ast.Tuple) else [node]
    values = [element.value for element in elements if isinstance(element, ast.Constant)]
    kinds = {type(value).__name__ for value in values}
    if len(values) != len(elements) or len(kinds) != 1 or not kinds <= set(KINDS):
        raise _unsupported(notebook, name, node)
    return cast("Kind", kinds.pop()), cast("tuple[Scalar, ...]", tuple(values)), False


def _unsupported(notebook: str, name: str, node: ast.expr) -> UsageError:
    return UsageError(
        f'parameter "{name}" has a type that cannot be given on a command line: {ast.unparse(node)}',
        where=notebook,
        cure=f"Use {SUPPORTED}.",
    )


def _unknown(notebook: str, name: str, known: Mapping[str, Parameter]) -> UsageError:
    takes = f"It takes: {', '.join(known)}." if known else "It takes none."
    cure = f"{did_you_mean(name, known)} {takes}".strip()
    return UsageError(f'parameter "{name}" is not in the parameters cell', where=notebook, cure=cure)


def _variant(notebook: str, parameters: Mapping[str, Parameter], variant: Mapping[str, Any]) -> Typed:
    """Check a variant from the notebook's metadata against its own parameters cell."""
    for name in variant:
        if name not in parameters or name in SUBJECT:
            raise _unknown(notebook, name, {k: v for k, v in parameters.items() if k not in SUBJECT})
    return {name: parameters[name].check(variant[name], where=notebook) for name in sorted(variant)}


# -- the body -----------------------------------------------------------------------------------------


def _check_body(notebook: str, cells: Sequence[Cell], parameters: Mapping[str, Parameter]) -> None:
    """Refuse a parameter that the body binds to something else, or never reads."""
    read: set[str] = set()
    for cell in _body(cells):
        for node in ast.walk(_parse(notebook, cell)):
            for name in _bound(node):
                if name in parameters:
                    raise UsageError(
                        f'cell "{cell.id}" gives parameter "{name}" another value',
                        where=notebook,
                        cure="What was asked for would be ignored: use another name there.",
                    )
            if isinstance(node, ast.Name):
                read.add(node.id)
    unread = [name for name in parameters if name not in read]
    if unread:
        raise UsageError(
            f'parameter "{unread[0]}" is declared and never read',
            where=notebook,
            cure="Use it, or take it out of the parameters cell.",
        )


def _bound(node: ast.AST) -> Sequence[str]:
    """Return the names a node binds, comprehensions and patterns included."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return [name]
        case ast.alias(name=name, asname=alias):
            return [alias or name.split(".")[0]]
        case _:
            return []
