"""The rules that need the evidence loaded; run as a child process, because the runner side imports no pandas.

``python -m analysis.checks.evidence`` prints one JSON object a rule.
"""

from __future__ import annotations

import json
import sys

from analysis.errors import DeepDiveError


def evidence_holds() -> tuple[int, list[list[str]]]:
    """All evidence loads: unique ids, known units, denominators and sources that exist."""
    from analysis.evidence.published import load  # noqa: PLC0415

    try:
        evidence = load()
    except DeepDiveError as error:
        return 1, [["data", str(error), "Mend the rows it names."]]
    return len(evidence.figures), []


def dictionary_is_fresh() -> tuple[int, list[list[str]]]:
    """The data dictionary describes every column of every table and is up to date."""
    from analysis.evidence import dictionary  # noqa: PLC0415
    from analysis.layout import Layout  # noqa: PLC0415

    layout = Layout.find()
    try:
        wanted = dictionary.render(layout)
    except DeepDiveError as error:
        return 1, [["data/README.md", str(error), ""]]
    page = layout.data / "README.md"
    stale = not page.exists() or page.read_text("utf-8") != wanted
    cure = "Run `python -m analysis.evidence.dictionary`."
    return len(wanted.splitlines()), [["data/README.md", "is stale", cure]] if stale else []


def code_lists_hold() -> tuple[int, list[list[str]]]:
    """Every code list has unique codes, a source and a verified flag; every question is known."""
    from analysis.evidence import codes, questions  # noqa: PLC0415

    try:
        codes.check()
        questions.load()
    except DeepDiveError as error:
        return 1, [["data/codes", str(error), ""]]
    return len(codes.CODE_LISTS), []


def facade_is_whole() -> tuple[int, list[list[str]]]:
    """Every name a notebook may use exists and has a docstring."""
    import analysis  # noqa: PLC0415

    failures = []
    for name in analysis.NAMES:
        try:
            documented = bool(getattr(analysis, name).__doc__)
        except (ImportError, AttributeError):
            failures.append([f"analysis.{name}", "does not exist", "Mend analysis.NAMES."])
            continue
        if not documented:
            failures.append([f"analysis.{name}", "has no docstring", "Say what it is for."])
    return len(analysis.NAMES), failures


RULES = (evidence_holds, dictionary_is_fresh, code_lists_hold, facade_is_whole)


def main() -> None:
    """Print what each rule found, one JSON line a rule."""
    for rule in RULES:
        checked, failures = rule()
        promise = str(rule.__doc__).splitlines()[0].rstrip(".")
        sys.stdout.write(json.dumps({"promise": promise, "checked": checked, "failures": failures}) + "\n")


if __name__ == "__main__":
    main()
