"""From judged relations to findings, agreements and mended readings, in plain English."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.errors import DataRefused
from analysis.evidence import relations
from analysis.evidence.audit_findings import Finding, Mend, Outcome, clean, finding, ids, number
from analysis.evidence.formulas import fill

if TYPE_CHECKING:
    from analysis.evidence.audit_findings import Book, Figure
    from analysis.evidence.relations import Check, Culprit, Judged, Reading

UNIT_NAMES: Final = {
    "gbp": "pounds with no length of time",
    "gbp_per_year": "pounds a year",
    "percent": "percent",
    "percentage_points": "percentage points",
}
MALFORMED: Final = re.compile(r"\d+(?:,\d+)+")
WELL_FORMED: Final = re.compile(r"\d{1,3}(?:,\d{3})+")


def check(rows: list[Reading], book: Book) -> Outcome:
    """Judge every relation and say what was found.

    Parameters
    ----------
    rows
        The readings, in the order of the table.
    book
        Every figure by id.
    """
    judged, lacking = relations.judge(rows, book)
    guilty = relations.culprits(judged, book)
    settled = {id(item) for culprit in guilty for item in culprit.broken}
    outcome = Outcome(findings=[_culprit_finding(culprit) for culprit in guilty])
    for item in judged:
        if id(item) not in settled:
            _tell(item, book, outcome)
    for reading, missing in lacking:
        outcome.leave(
            reading.kind, (), f"Relation {reading.relation_id} needs {missing}, which is not printed."
        )
    return outcome


def malformed(figure: Figure) -> str:
    """Return the numeral of a figure if its quote groups the digits as no number is grouped, else ""."""
    for token in MALFORMED.findall(figure.quote):
        if not WELL_FORMED.fullmatch(token) and float(token.replace(",", "")) == figure.value:
            return str(token)
    return ""


def _tell(item: Judged, book: Book, outcome: Outcome) -> None:
    """Add one judged relation to the outcome."""
    first = item.first
    if first.target is None:
        outcome.findings.append(_unstated(first, book))
    elif item.agrees:
        outcome.agree(first.reading.kind, first.figures, _agreement(first, book))
    else:
        outcome.findings.append(_broken(item, book))


def _unit(check: Check) -> str:
    """Return the unit that the numbers of a check are worded in."""
    if check.reading.test == "year_equals":
        return "year"
    figure = check.target or check.result.figures[0]
    return figure.unit


def _words(value: float, unit: str) -> str:
    """Word a number; a year has no thousands separator."""
    return f"{value:.0f}" if unit == "year" else number(value, unit)


def _sentence(template: str, item: Judged, book: Book) -> str:
    """Fill a sentence of the table: ``{printed}``, ``{recomputed}``, ``{fits}``, ``{working}``, ``[ids]``."""
    first, fits, unit = item.first, item.fits or item.first, _unit(item.first)
    target = first.target
    gap = abs(first.printed - first.result.value)
    field, _, mended = fits.reading.mend.partition("=")
    other = mended if field == "unit" else unit
    values = {
        "printed": _words(first.printed, unit),
        "recomputed": _words(first.result.value, unit),
        "gap": _words(clean(gap), other),
        "fits": _words(fits.result.value, other),
        "working": first.result.text,
        "fitting": fits.result.text,
        "label": target.label if target else "",
    }
    try:
        return fill(template, book, target).format(**values)
    except (KeyError, IndexError, ValueError) as error:
        where = first.reading.relation_id
        raise DataRefused(f"the sentence has an unknown place {error}", where=where) from error


def _agreement(check: Check, book: Book) -> str:
    """Say in one sentence that a figure holds."""
    if check.reading.agreement:
        return _sentence(check.reading.agreement, _alone(check), book)
    joint = {"at_most": "is not above", "at_least": "is not below"}.get(
        check.reading.test, "is what follows from"
    )
    target = check.target
    assert target is not None
    return f"{target.label}: {target.printed} {joint} {check.result.text}."


def _alone(check: Check) -> Judged:
    return relations.Judged(check, None)


def _unstated(check: Check, book: Book) -> Finding:
    """Report a result that follows from printed figures and is nowhere printed."""
    template = check.reading.reading or "{working} gives {recomputed}, which is nowhere printed."
    reading = _sentence(template, _alone(check), book)
    value = clean(check.result.value)
    return Finding(check.reading.kind, ids(check.figures), None, value, None, reading, _unit(check))


def _broken(item: Judged, book: Book) -> Finding:
    """Report a relation that does not hold as printed."""
    first, fits = item.first, item.fits
    reading = _sentence(_template(item), item, book)
    if fits and fits.reading.mend == "swap":
        return _swapped(item, reading, book)
    if not fits and not first.reading.reading:
        reading = reading.removesuffix(".") + slips(item, book) + "."
    figures = (*first.figures, *(fits.figures if fits else ()))
    mends = _unit_mends(item) if fits else ()
    return finding(
        first.reading.kind,
        figures,
        first.printed,
        first.result.value,
        reading,
        unit=_unit(first),
        mends=mends,
    )


def _template(item: Judged) -> str:
    """Choose the sentence: of the reading that fits, else of the relation, else a general one."""
    if item.fits:
        general = (
            "{label}: {printed} is printed; as it stands {working} gives {recomputed}, "
            "but {fitting} gives {fits}, and that is the reading used."
        )
        return item.fits.reading.reading or general
    limits = {"at_most": "is above", "at_least": "is below"}
    joint = limits.get(item.first.reading.test, "is printed, but what follows is {recomputed} from")
    general = "{label}: {printed} " + joint + " {working}; no printed figure settles which is right."
    return item.first.reading.reading or general


def _unit_mends(item: Judged) -> tuple[Mend, ...]:
    """Return the mended unit that the fitting reading declares: ``unit=gbp_per_year``."""
    fits, target = item.fits, item.first.target
    assert fits is not None
    assert target is not None
    field, _, unit = fits.reading.mend.partition("=")
    if field != "unit":
        return ()
    footnote = (
        f"Printed in {UNIT_NAMES.get(target.unit, target.unit)}; it recomputes only in "
        f"{UNIT_NAMES.get(unit, unit)} ({fits.result.text})."
    )
    return (Mend(target.figure_id, "unit", target.unit, unit, footnote),)


def _swapped(item: Judged, reading: str, book: Book) -> Finding:
    """Report a figure that another printed figure must stand in for, for the result to be the one printed.

    Raises
    ------
    DataRefused
        If the two readings differ in more than one figure.
    """
    first, fits = item.first, item.fits
    assert fits is not None
    assert first.target is not None
    wrong = [figure for figure in first.figures if figure not in fits.figures]
    right = [figure for figure in fits.figures if figure not in first.figures]
    if len(wrong) != 1 or len(right) != 1:
        where = first.reading.relation_id
        raise DataRefused(
            "a swap must change exactly one figure", where=where, cure="Check its two formulas."
        )
    old, new = wrong[0], right[0]
    footnote = (
        f"Printed {old.printed}; read as {new.printed}, which the document prints elsewhere and which alone "
        f"gives the {first.target.printed} beside it."
    )
    mend = Mend(old.figure_id, "value", old.value, new.value, footnote)
    figures = (old, new, *first.figures, *fits.figures)
    mends = (mend,) if _alone_fits(first, old, new, book) else ()
    return finding(first.reading.kind, figures, old.value, new.value, reading, unit=old.unit, mends=mends)


def _alone_fits(first: Check, old: Figure, new: Figure, book: Book) -> bool:
    """Whether, of all the values the document prints for the wrong figure's measure, one alone fits."""
    printed = {
        figure.value
        for figure in book.values()
        if (figure.source_id, figure.measure) == (old.source_id, old.measure)
    }
    tried = {value: relations.with_value(first, replace(old, value=value), book) for value in printed}
    return [value for value, check in tried.items() if check.holds] == [new.value]


def _culprit_finding(culprit: Culprit) -> Finding:
    """Report a figure that several broken equations would have be one other value."""
    figure, value = culprit.figure, clean(culprit.value)
    should = number(value, figure.unit)
    numeral = malformed(figure)
    odd = f" (the numeral itself is printed “{numeral}”)" if numeral else ""
    own_first = sorted(culprit.broken, key=lambda item: item.first.target is not figure)
    equations = ", and ".join(_equation(item, figure, should) for item in own_first)
    reading = f"{figure.printed}{odd} cannot be right: {equations}; {should} is used instead."
    footnote = (
        f"Printed {figure.printed}; read as {should}, which the figures before and after it both require."
    )
    mend = Mend(figure.figure_id, "value", figure.value, value, footnote)
    figures = (figure, *(other for item in culprit.broken for other in item.first.figures))
    kind = culprit.broken[0].first.reading.kind
    return finding(kind, figures, figure.value, value, reading, unit=figure.unit, mends=(mend,))


def _equation(item: Judged, figure: Figure, should: str) -> str:
    """Say what one broken equation asks of the figure that breaks it."""
    target, result = item.first.target, item.first.result
    assert target is not None
    if target.figure_id == figure.figure_id:
        return f"{result.text} is {number(result.value, target.unit)}"
    return f"the {target.printed} that {result.text} should make needs {should}"


def slips(item: Judged, book: Book) -> str:
    """Say which one digit would mend a broken equation, if one would; else "".

    A digit changed, left out, put in twice or exchanged with its neighbour is how numbers are mistyped; a
    hint and no more, because one equation cannot say which of its figures is wrong.
    """
    if item.first.reading.test != "equals" or item.first.target is None:
        return ""
    for figure in item.first.figures:
        value = relations.solve(item, figure, book)
        if (
            value is not None
            and value > 0
            and abs(value - round(value)) < 1e-6
            and one_digit(figure.value, value)
        ):
            return f"; one digit would mend it, {number(round(value), figure.unit)} for {figure.printed}"
    return ""


def one_digit(printed: float, needed: float) -> bool:
    """Whether two whole numbers of three digits or more are one slip of the keyboard apart."""
    one, other = f"{printed:.0f}", f"{needed:.0f}"
    if printed != int(printed) or min(len(one), len(other)) < 3:
        return False
    if len(one) == len(other):
        apart = [place for place in range(len(one)) if one[place] != other[place]]
        swapped = len(apart) == 2 and apart[1] == apart[0] + 1 and one[apart[0]] == other[apart[1]]
        return len(apart) == 1 or (swapped and one[apart[1]] == other[apart[0]])
    short, long = sorted((one, other), key=len)
    return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
