"""What a parameters cell may hold, and what is refused before a kernel starts."""

from __future__ import annotations

import pytest

from analysis.errors import UsageError
from analysis.runner.notebook import Notebook, find, load


def read(desk, **rest):
    """Write a notebook and read it back."""
    return Notebook.read(desk.write(**rest))


def test_parameters_are_read_with_type_default_choices_and_comment(desk):
    """All four come from the one line that declares a parameter."""
    cell = (
        "from typing import Literal\n"
        'area: str = "norfolk"  # the authority: a slug\n'
        'scope: Literal["women", "all"] = "all"  # whom it counts\n'
        "years: list[int] = [2022]\n"
        "confidence: float = 1  # of every interval\n"
    )
    found = read(desk, parameters=cell, body="area, scope, years, confidence").parameters
    assert list(found) == ["area", "scope", "years", "confidence"]
    assert (found["area"].kind, found["area"].default, found["area"].help) == (
        "str",
        "norfolk",
        "the authority: a slug",
    )
    assert found["scope"].choices == ("women", "all")
    assert (found["years"].many, found["years"].kind, found["years"].default) == (True, "int", [2022])
    assert found["confidence"].default == 1.0


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("five = 5", 'parameter "five" has no type. Write five: str ='),
        ("five: int", "line 1 of the parameters cell is no parameter."),
        ("print(1)", "line 1 of the parameters cell is no parameter."),
        ("five: dict = {}", 'parameter "five" has a type that cannot be given on a command line: dict.'),
        (
            "five: str | None = None",
            "cannot be given on a command line: str | None. Use str, int, float, bool,",
        ),
        ("five: list[list[int]] = []", "cannot be given on a command line: list[list[int]]"),
        ("five: Literal[1, 'a'] = 1", 'parameter "five" has a type that cannot be given'),
        ("five: int = 2 + 3", 'the default of parameter "five" is computed.'),
        ('five: int = "5"', 'parameter "five" takes a whole number (int), not "5".'),
        ("five: Literal[1, 2] = 5", 'parameter "five" takes 1 or 2, not "5".'),
        ("five: int = 5\nfive: int = 6", 'parameter "five" is declared twice.'),
        ("five: int = ", 'cell "parameters" is not Python (line 1).'),
    ],
)
def test_a_parameter_that_could_not_be_overridden_safely_is_refused(desk, cell, said):
    """Untyped, unsupported, computed and mistyped defaults are named, with the cure."""
    with pytest.raises(UsageError) as refused:
        read(desk, parameters=cell, body="five")
    assert str(refused.value).startswith("tiny: ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "body",
    [
        "period = area",
        "period += area",
        "for period in area: pass",
        "import os as period",
        "from os import path as period",
        "def period(): pass",
        "with open(area) as period: pass",
        "[1 for period in area]",
        "(period := area)",
        "del period",
        "try:\n    pass\nexcept OSError as period:\n    pass",
        "match area:\n    case [*period]: pass",
    ],
)
def test_a_body_that_gives_a_parameter_another_value_is_refused(desk, body):
    """Otherwise what was asked for would silently be ignored."""
    with pytest.raises(UsageError, match='cell "body" gives parameter "period" another value'):
        read(desk, body=f"print(area, period, confidence)\n{body}")


def test_a_parameter_that_the_body_never_reads_is_refused(desk):
    """An override of it would change nothing."""
    with pytest.raises(UsageError, match='tiny: parameter "period" is declared and never read'):
        read(desk, body="print(area, confidence)")


def test_an_unknown_name_is_refused_in_the_words_of_the_style_guide(desk):
    """What, where and the cure, with the nearest name and all of them."""
    with pytest.raises(UsageError) as refused:
        read(desk, name="male_survivors").resolve({"aera": "norfolk"})
    assert str(refused.value) == (
        'male_survivors: parameter "aera" is not in the parameters cell.'
        ' Did you mean "area"? It takes: area, period, confidence.'
    )


def test_what_was_typed_is_resolved_in_the_order_of_the_cell(desk):
    """Typed values, and only those that were given."""
    given = {"confidence": "0.9", "area": "rutland"}
    assert list(read(desk).resolve(given).items()) == [("area", "rutland"), ("confidence", 0.9)]


def test_variants_are_checked_against_the_cell(desk):
    """A variant may not name an unknown parameter, another type, or the area."""
    assert read(desk, variants=[{"confidence": 1}]).variants == ({"confidence": 1.0},)
    for variant in ({"confidnce": 0.9}, {"confidence": "0.9"}, {"area": "rutland"}):
        with pytest.raises(UsageError, match=f'tiny: parameter "{next(iter(variant))}"'):
            read(desk, variants=[variant])


def test_only_notebooks_with_area_and_period_are_reports(desk):
    """The others are left out unless named, and refused if named."""
    desk.write("report")
    desk.write("explore", parameters=None, body="1")
    assert list(find(desk.layout)) == ["explore", "report"]
    assert [notebook.name for notebook in load(desk.layout)] == ["report"]
    with pytest.raises(UsageError, match="explore: it takes no area and period"):
        load(desk.layout, ["explore"])


def test_a_notebook_may_be_named_by_its_path_and_a_wrong_name_is_met_with_the_nearest(desk):
    """Both forms are typed in practice."""
    desk.write("report")
    assert [notebook.name for notebook in load(desk.layout, ["notebooks/report.ipynb", "report"])] == [
        "report"
    ]
    with pytest.raises(UsageError, match=r'no notebook "reprt"\. Did you mean "report"'):
        load(desk.layout, ["reprt"])


def test_title_and_code_are_read_without_the_parameters_cell(desk):
    """The level-one heading is the title; trees hold the other code cells."""
    notebook = read(desk)
    assert notebook.title == "Who is missing?"
    assert list(notebook.trees) == ["body"]


@pytest.mark.parametrize("raw", ["", "[]", '{"nbformat": 3}', "not json"])
def test_a_file_that_is_no_notebook_is_refused(desk, raw):
    """One line, not a traceback."""
    path = desk.layout.notebooks / "odd.ipynb"
    path.write_text(raw)
    with pytest.raises(UsageError, match="odd: not a notebook of format 4"):
        Notebook.read(path)


def test_a_magic_is_not_python(desk):
    """IPython's own syntax has no place in a report, and the cell is named."""
    with pytest.raises(UsageError, match='cell "body" is not Python'):
        read(desk, body="%matplotlib inline")
