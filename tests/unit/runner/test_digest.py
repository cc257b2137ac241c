"""The import closure: what is in it, what is not, and what a change in it says."""

from __future__ import annotations

import ast

import pytest

from analysis.runner.digest import Package, combined

FILES = {
    "__init__.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from tiny.show import begin\n",
    "errors.py": "",
    "left.py": "from tiny import errors\n",
    "show/__init__.py": "",
    "show/session.py": "from tiny.show import marks\nfrom .tables import cell\n",
    "show/marks.py": "def late():\n    import tiny.left\n",
    "show/tables.py": "from ..errors import X\n",
    "show/style.css": "p {}",
    "show/words.yml": "a: 1",
    "show/__pycache__/tables.pyc": "x",
    "maths/__init__.py": "",
    "maths/rates.py": "",
    "maths/other.py": "",
    "page/__init__.py": "",
    "page/page.py": "import tiny.errors\n",
    "page/templates/report.html": "<p>",
}
FACADE = {"begin": "tiny.show.session", "rates": "tiny.maths.rates"}


@pytest.fixture
def package(tmp_path):
    """Return a package on disk that nothing imports."""
    for name, text in FILES.items():
        path = tmp_path / "tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Package(tmp_path / "tiny", FACADE)


def imported(package, code):
    """Return the closure of what some code imports."""
    return package.closure(package.imported(ast.parse(code)))


def test_the_closure_follows_the_names_a_notebook_uses_and_nothing_else(package):
    """Through the façade, relative imports and imports inside functions; not the rest of the façade."""
    assert imported(package, "from tiny import begin") == (
        "tiny",
        "tiny.errors",
        "tiny.left",
        "tiny.show",
        "tiny.show.marks",
        "tiny.show.session",
        "tiny.show.tables",
    )
    assert imported(package, "from tiny import rates") == ("tiny", "tiny.maths", "tiny.maths.rates")
    assert imported(package, "from tiny.maths import other") == ("tiny", "tiny.maths", "tiny.maths.other")
    assert imported(package, "import numpy") == ()


def test_importing_the_package_itself_counts_as_using_all_of_its_facade(package):
    """What is then used cannot be seen, so that nothing may be left out."""
    assert set(imported(package, "import tiny")) >= {"tiny.show.session", "tiny.maths.rates"}


def test_assets_beside_the_code_count_but_style_sheets_are_the_pages_own(package):
    """A word list changes results; a style sheet changes the page alone."""
    modules = imported(package, "from tiny import begin")
    assert package.assets(modules, styles=False) == ("show/words.yml",)
    assert package.assets(modules, styles=True) == ("show/style.css", "show/words.yml")


def test_the_page_depends_on_its_code_templates_and_the_style_sheet(package, monkeypatch):
    """All that makes a page is in its fingerprint, and no room it does not import."""
    monkeypatch.setattr("analysis.runner.digest.STYLE_SHEETS", ("show/style.css",))
    assert list(package.of_page("tiny.page.page")) == [
        "page/templates/report.html",
        "show/style.css",
        "tiny",
        "tiny.errors",
        "tiny.page",
        "tiny.page.page",
    ]


def test_changed_names_what_differs_or_is_gone(package):
    """A module by its dotted name, an asset by its path."""
    recorded = package.digests(["tiny.left", "tiny.errors"], ["show/words.yml"])
    assert Package(package.folder).changed(recorded) == []
    (package.folder / "left.py").write_text("x = 1")
    (package.folder / "show/words.yml").unlink()
    assert Package(package.folder).changed(recorded) == ["show/words.yml", "tiny.left"]


def test_one_fingerprint_for_many_does_not_depend_on_order():
    """Sorted before it is hashed, and different for a different part."""
    assert combined({"a": "1", "b": "2"}) == combined({"b": "2", "a": "1"})
    assert combined({"a": "1"}) != combined({"a": "2"})


def test_a_session_of_the_real_package_depends_on_evidence_and_not_on_the_page(desk):
    """The closure crosses the rooms of the kernel side and never the other side's."""
    from analysis.runner.notebook import Notebook

    notebook = Notebook.read(desk.write(body="from analysis import begin\nbegin(area, period, confidence)"))
    modules = Package().of_notebook(notebook)
    assert {"analysis.present.session", "analysis.runner.kernels", "analysis.errors"} <= set(modules)
    assert not any(name.startswith("analysis.publish") for name in modules)
