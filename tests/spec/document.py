"""The method pages under docs/methods, written from the worked examples that test the methods.

``python -m tests.spec.document`` writes them, and with ``--check`` says which are stale.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

import measured  # noqa: E402
from worked import cells  # noqa: E402

if TYPE_CHECKING:
    from worked import Example, Page

FOLDER = HERE.parents[1] / "docs" / "methods"
MACHINERY = ("worked", "document", "measured")


def load() -> dict[str, Page]:
    """Return every page of this folder by the name of its module, in order."""
    modules = sorted(path for path in HERE.glob("*.py") if not path.stem.startswith("test_"))
    return {path.stem: _page(path) for path in modules if path.stem not in MACHINERY}


def pages() -> dict[str, str]:
    """Return the text of every file of docs/methods by its name."""
    loaded = load()
    index = "".join(f"- [{page.title}]({name}.md)\n" for name, page in loaded.items())
    head = "# Methods\n\nWritten from the worked examples in `tests/spec`, each of which is a test.\n\n"
    tail = f"\n[{measured.TITLE}]({measured.NAME}.md): what the methods find in made-up records.\n"
    written = {f"{name}.md": _text(name, page) for name, page in loaded.items()}
    return {"README.md": head + index + tail, **written, f"{measured.NAME}.md": measured.page()}


def write() -> None:
    """Write the pages, and remove any that no longer has examples."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


def _page(path: Path) -> Page:
    spec = importlib.util.spec_from_file_location(f"spec_{path.stem}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page: Page = module.PAGE
    return page


def _text(name: str, page: Page) -> str:
    modules = ", ".join(f"`{module}`" for module in page.paths())
    parts = [
        f"# {page.title}",
        _unwrapped(page.when),
        f"Functions: {modules}.",
        f"## Formula\n\n```text\n{page.formula.strip()}\n```",
        "## Worked examples",
        *(_example(example) for example in page.examples),
        "## Sources\n\n" + "\n".join(f"- {_unwrapped(source)}" for source in page.sources.split("\n\n")),
        f"<!-- Written from tests/spec/{name}.py by `python -m tests.spec.document`. -->",
    ]
    return "\n\n".join(parts) + "\n"


def _unwrapped(text: str) -> str:
    return " ".join(text.split())


def _example(example: Example) -> str:
    call = f"```python\n{dedent(example.call).strip()}\n```"
    tables = (_markdown(example.given), call, _markdown(example.gives))
    return "\n\n".join([f"### {example.title}", *tables, f"Source: {_unwrapped(example.source)}"])


def _markdown(table: str) -> str:
    header, *rows = cells(table)
    rule = "|".join("---" for _ in header)
    return "\n".join([f"| {' | '.join(header)} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in rows)])


def stale() -> list[str]:
    """Return the files of docs/methods that are not what the examples say, sorted."""
    wanted = pages()
    found = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
    return sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))


def main(*, check: bool) -> int:
    """Write the pages; or, to check, write nothing and name each page and whether it is stale."""
    if not check:
        write()
        return 0
    old = stale()
    for name in sorted({*pages(), *old}):
        sys.stdout.write(f"{'stale' if name in old else 'fresh'} {name}\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
