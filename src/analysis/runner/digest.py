"""Fingerprint of the code a run depends on: the import closure of what it uses, not the whole package.

A cache that leaves helper code out of its key lies. The closure is followed with ``ast``, nothing is
imported. It is recorded module by module, so that a later plan only has to hash the recorded files: what a
module imports cannot change unless its text does.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final

import analysis
from analysis.record import canonical_json, file_sha256, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.runner.notebook import Notebook

PACKAGE: Final = Path(analysis.__file__).resolve().parent
SHAPING: Final = ("analysis.runner.kernels", "analysis.runner.verdict")
"""Modules of the runner that shape what an executed notebook holds; they are part of every run's code."""

PAGE_MODULE: Final = "analysis.publish.page"
STYLE_SHEETS: Final = ("present/style.css",)
"""Read by the page from another room."""


class Package:
    """The modules and assets of one package folder, looked up by dotted name.

    Parameters
    ----------
    folder
        The package folder; its name is the first part of every dotted name.
    facade
        Name a notebook may import from the package itself to the module it comes from.
    """

    def __init__(self, folder: Path = PACKAGE, facade: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.facade = analysis.NAMES if facade is None else facade
        self.name = folder.name
        self._digests: dict[str, str] = {}

    def file(self, module: str) -> Path | None:
        """Return the file of a dotted name, or None if it is not a module of this package."""
        first, *rest = module.split(".")
        if first != self.name:
            return None
        base = self.folder.joinpath(*rest)
        candidates = (base / "__init__.py", base.with_suffix(".py"))
        return next((path for path in candidates if path.is_file()), None)

    def closure(self, roots: Iterable[str]) -> tuple[str, ...]:
        """Return every module that the roots import, directly or not, with the packages that hold them."""
        seen: set[str] = set()
        todo = list(roots)
        while todo:
            module = todo.pop()
            if module in seen or (path := self.file(module)) is None:
                continue
            seen.add(module)
            if "." in module:
                todo.append(module.rpartition(".")[0])
            if module != self.name:  # the façade loads a name when it is used: those are followed instead
                todo.extend(self.imported(_tree(path), module, is_package=path.name == "__init__.py"))
        return tuple(sorted(seen))

    def imported(self, tree: ast.AST, module: str = "", *, is_package: bool = False) -> Iterator[str]:
        """Yield the dotted names a syntax tree may load from this package, at any depth of the code."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name
                    if alias.name == self.name:
                        yield from self.facade.values()
            elif isinstance(node, ast.ImportFrom):
                source = _absolute(node, module, is_package=is_package)
                for alias in node.names:
                    yield from self._from(source, alias.name)

    def _from(self, source: str, name: str) -> Iterator[str]:
        """Yield what ``from source import name`` may load."""
        yield source
        yield f"{source}.{name}"
        if source == self.name and name in self.facade:
            yield self.facade[name]
            yield f"{self.facade[name]}.{name}"

    def assets(self, modules: Iterable[str], *, styles: bool) -> tuple[str, ...]:
        """Return the files beside the modules that are not code; style sheets only if asked for."""
        paths = (path for module in modules if (path := self.file(module)))
        folders = {path.parent for path in paths} - {self.folder}
        found = (path for folder in folders for path in _beside(folder))
        return tuple(
            sorted(
                path.relative_to(self.folder).as_posix() for path in found if styles or path.suffix != ".css"
            )
        )

    def digests(self, modules: Iterable[str], assets: Iterable[str] = ()) -> dict[str, str]:
        """Return the fingerprint of each module (by dotted name) and asset (by path below the package)."""
        found = {module: self.file(module) for module in modules}
        found |= {asset: self.folder / asset for asset in assets}
        return {name: file_sha256(path) for name, path in sorted(found.items()) if path and path.is_file()}

    def changed(self, recorded: Mapping[str, str]) -> list[str]:
        """Return the recorded modules and assets whose file is gone or differs, sorted."""
        return [name for name, digest in sorted(recorded.items()) if self.now(name) != digest]

    def now(self, name: str) -> str:
        """Return the fingerprint a recorded name has today, or an empty string if its file is gone."""
        if name not in self._digests:  # a plan asks for the same modules in every run
            path = self.folder / name if "/" in name else self.file(name)
            self._digests[name] = file_sha256(path) if path and path.is_file() else ""
        return self._digests[name]

    def of_notebook(self, notebook: Notebook) -> dict[str, str]:
        """Return the fingerprints of all code a notebook's run depends on."""
        roots = [name for tree in notebook.trees.values() for name in self.imported(tree)]
        modules = self.closure([*roots, *SHAPING])
        return self.digests(modules, self.assets(modules, styles=False))

    def of_page(self, module: str = PAGE_MODULE) -> dict[str, str]:
        """Return the fingerprints of all code, templates and style sheets that make the page of a run."""
        modules = self.closure([module])
        folder = self.file(module)
        own = [] if folder is None else [path.relative_to(self.folder) for path in _beside(folder.parent)]
        return self.digests(modules, [*(path.as_posix() for path in own), *STYLE_SHEETS])


def combined(parts: Mapping[str, str]) -> str:
    """Return one fingerprint for many."""
    return sha256(canonical_json(dict(parts)).encode())


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())


def _beside(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder that are not code and not left by the interpreter or an editor."""
    for path in folder.rglob("*"):
        hidden = any(part.startswith((".", "__pycache__")) for part in path.relative_to(folder).parts)
        if path.is_file() and path.suffix not in {".py", ".pyc"} and not hidden:
            yield path


def _absolute(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    """Return the dotted name a ``from … import`` loads from, relative ones resolved."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *([node.module] if node.module else [])])
