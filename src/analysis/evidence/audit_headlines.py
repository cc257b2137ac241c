"""Which findings of an audit stand first, and what a reader who is no auditor is told of each.

Nothing here knows a figure by name: findings are chosen by what settles them, how much they move, and how
new their source is, so that the audit of a new authority reads as well as any other.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from analysis.evidence.audit_findings import GBP_UNITS, capital, number, worded, words

if TYPE_CHECKING:
    import pandas as pd

    from analysis.evidence.audit_findings import Book, Figure, Finding

SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "money": ("chain", "time_basis", "malformed_number"),
    "shares": ("share", "impossible_share", "base", "change", "base_not_stated"),
    "sums": ("total", "part_above_whole", "to_date_below_quarter", "product", "bounds", "overlapping"),
    "standards": ("ten_fold", "plan", "period"),
    "repeats": ("printed_twice", "vacant_post"),
    "unstated": ("unstated",),
}
"""Section of a report to the kinds of check it holds; whatever is in pounds is in the first."""

SECTION_NAMES: Final[dict[str, str]] = {
    "money": "Money",
    "shares": "Shares and their bases",
    "sums": "Sums, parts and wholes",
    "standards": "Standards, plans and dates",
    "repeats": "Two numbers about one thing",
    "unstated": "Results that are not printed",
}

MEANINGS: Final[dict[str, str]] = {
    "total": "Say which total is meant before a share of it is used, and show what is not recorded.",
    "part_above_whole": "Use neither as the base of the other until it is known what each counts.",
    "share": "Print the count and the base beside every share; the count is what can be relied on.",
    "impossible_share": "Print count and base beside every share, so that it is read of the right group.",
    "base": "Print the number beside the words for a group, so that shares and costs can be repeated.",
    "chain": "Plan with the balance that the years before and after agree on.",
    "malformed_number": "Ask for the number again before anything is planned with it.",
    "ten_fold": "How many places are short depends on it; quote the standard with its unit every time.",
    "time_basis": "Compare a cost only with a cost over the same length of time.",
    "product": "Print how many units, weeks or people a total covers, so that the cost of one can be used.",
    "change": "Say points when two shares are subtracted, and percent when one is divided by the other.",
    "printed_twice": "Keep the two out of one table or trend until their definitions are known to agree.",
    "plan": "Count a planned place once: new, kept open, or still to come.",
    "period": "Print the dates beside a plan year or a column, so that plan and delivery can be compared.",
    "to_date_below_quarter": "Ask providers for one count of referrals and one of people, of the same dates.",
    "vacant_post": "Do not judge a post by its referrals; ask for the weeks that each post was filled.",
    "bounds": "Ask which end of the range is meant before it is used as a limit.",
    "overlapping": "Do not add these categories: one person may be in several.",
    "base_not_stated": "Print how many people the share is of.",
    "unstated": "Ask for it to be printed and confirmed, since plans can rest on it.",
}
"""Kind of check to what a finding of that kind means for commissioning, whatever the figures are."""

WORKED: Final = frozenset({"chain", "impossible_share"})
"""Kinds whose readings are workings: the first screen says the footnote, the table the working."""
SETTLED: Final = ("value", "denominator_figure_id", "unit", "")
"""What a corrected reading corrects, the most consequential first; "" where nothing is corrected."""
PEOPLE: Final = re.compile(r"people|persons|women|men\b|adults|children|victims|survivors|referral|departure")
SMALL: Final = 10
"""A count of people below this, other than none, is never on the first screen."""


def section_of(kind: str, unit: str) -> str:
    """Return the section that a check belongs to: by its unit if it is of pounds, else by its kind."""
    if kind != "unstated" and unit in GBP_UNITS:
        return "money"
    return next(section for section, kinds in SECTIONS.items() if kind in kinds)


def name_of(figure: Figure) -> str:
    """Return what a figure counts, without place and period: ``People supported, women``."""
    category = f", {words(figure.category)}" if figure.category else ""
    return capital(words(figure.measure) + category)


def ratio_of(item: Finding) -> float:
    """Return how many times the printed value follows; NaN where nothing, or zero, is printed or follows."""
    if not item.printed or not item.recomputed or item.unit == "year":
        return math.nan
    return item.recomputed / item.printed


def size_of(item: Finding) -> float:
    """Return how far apart printed and recomputed are, as a distance between ratios [0 and up].

    Nothing against something is further apart than any ratio; years are not ratios at all.
    """
    if item.printed is None or item.recomputed is None or item.unit == "year":
        return 0.0
    if (item.printed == 0) != (item.recomputed == 0):
        return math.inf
    ratio = ratio_of(item)
    return 0.0 if math.isnan(ratio) else abs(math.log(abs(ratio)))


def is_small(item: Finding, book: Book) -> bool:
    """Whether a finding is about a count of one to nine people."""
    target = book[item.figure_ids[0]]
    counted = item.unit == "count" and PEOPLE.search(target.measure) is not None
    return counted and any(0 < abs(value or 0) < SMALL for value in (item.printed, item.recomputed))


def settled_by(item: Finding) -> str:
    """Return what the corrected reading of a finding corrects, "" if it corrects nothing."""
    return item.mends[0].field if item.mends else ""


def said(item: Finding, book: Book) -> str:
    """Return the finding in one plain sentence, the number to remember in bold."""
    sentence = {"value": _value, "denominator_figure_id": _base, "unit": _unit}.get(settled_by(item))
    return sentence(item, book) if sentence else _found(item, book)[0]


def sure(item: Finding, book: Book) -> str:
    """Return how far a finding is settled and what is used: the only reading that fits, or the best one."""
    if item.mends:
        words = item.mends[0].footnote if item.kind in WORKED else item.reading
        return f"The only reading that fits. {capital(words)}"
    opening = (
        "Arithmetic on printed figures." if item.printed is None else "The likeliest reading, not proof."
    )
    return f"{opening} {capital(_found(item, book)[1])}".rstrip()


def _found(item: Finding, book: Book) -> tuple[str, str]:
    """Return what is found and, from the last semicolon on, what is used; as one if it takes both to say."""
    target = book[item.figure_ids[0]]
    reading = item.reading.replace(capital(target.label), name_of(target))
    numbers = [worded(value, item.unit) for value in (item.printed, item.recomputed) if value is not None]
    bold = _short(item.recomputed, item.unit)
    found, _, used = reading.rpartition("; ")
    if not found or (_holds(reading, numbers) and not _holds(found, numbers)):
        return _bold(reading, bold), ""
    return _bold(f"{found}.", bold), used


def _alone(text: str) -> str:
    """Return the pattern of a number that is not a piece of a longer one."""
    return rf"(?<![\d,.£]){re.escape(text)}(?![\d%]|[,.]\d)"


def _holds(sentence: str, numbers: list[str]) -> bool:
    return all(re.search(_alone(text), sentence) for text in numbers)


def _bold(sentence: str, text: str) -> str:
    """Set the first place where a number stands by itself in bold."""
    return re.sub(f"({_alone(text)})", r"**\1**", sentence, count=1)


def _value(item: Finding, book: Book) -> str:
    name = name_of(book[item.figure_ids[0]])
    printed, read = (_short(value, item.unit) for value in (item.printed, item.recomputed))
    return f"{name}: printed as {printed}, read as **{read}**. {_apart(item)}"


def _apart(item: Finding) -> str:
    """Say in words how far the reading is from what is printed."""
    ratio, gap = ratio_of(item), item.gap or 0
    if 0 < ratio < 0.5:
        return f"The printed number is about {1 / ratio:.0f} times too large."
    if ratio > 2:
        return f"The printed number is about {ratio:.0f} times too small."
    return f"That is {_short(abs(gap), item.unit)} {'less' if gap > 0 else 'more'}."


def _base(item: Finding, book: Book) -> str:
    mend = item.mends[0]
    old, new = book[str(mend.printed)], book[str(mend.corrected)]
    name = name_of(book[item.figure_ids[0]])
    return (
        f"{name}: {worded(item.printed, item.unit)} is printed as a share of {old.printed} "
        f"({lower(name_of(old))}); it can only be of **{new.printed}** ({lower(name_of(new))})."
    )


def lower(name: str) -> str:
    """Begin a name with a small letter, for the middle of a sentence; an abbreviation stays as it is."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _unit(item: Finding, book: Book) -> str:
    name = name_of(book[item.figure_ids[0]])
    printed = _short(item.printed, item.unit)
    if item.mends[0].corrected == "gbp_per_year":
        follows = _short(item.recomputed, item.unit)
        return (
            f"{name}: {printed} is printed, and that is for one year. Over the time that the money beside "
            f"it covers, it is **{follows}**."
        )
    reread = number(item.printed or 0, str(item.mends[0].corrected))
    return f"{name}: {printed} is printed, and holds only as **{reread}**."


def _short(value: float | None, unit: str) -> str:
    """Word a number for the first screen: whole pounds from a thousand up."""
    if value is not None and unit in GBP_UNITS and abs(value) >= 1000:
        return number(value, unit, 0)
    return worded(value, unit)


def headline_findings(findings: pd.DataFrame, n: int = 4) -> pd.DataFrame:
    """Choose the findings for the first screen: the foremost of each section, the foremost sections first.

    Foremost is what a corrected reading settles (a value before a base before a unit, the one that rests on
    the fewest figures); then what the newest source prints; then pounds; then the largest gap in relation to
    what is printed. A count of one to nine people is never chosen.

    Parameters
    ----------
    findings
        From `analysis.evidence.audit_frames.findings_frame`.
    n
        How many sections to choose.

    Returns
    -------
    DataFrame
        At most ``n`` rows of ``findings``, at most one a section, in order.
    """
    ranked = ranked_findings(findings[~findings["small"]])
    return ranked.drop_duplicates("section").head(n)


def ranked_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """Return findings with the foremost first, by the rule of `headline_findings`."""
    mended = findings["settled"].ne("")
    keys = findings.assign(
        _settled=findings["settled"].map({name: rank for rank, name in enumerate(SETTLED)}),
        _mends=-findings["mends"],
        _plain=findings["figure_ids"].str.count(" ").where(mended, 0),
        _place=findings["place"],
        _pounds=~findings["pounds"],
        _size=-findings["size"],
        _when=-findings["year"],
    )
    order = ["_settled", "_mends", "_plain", "_place", "_pounds", "_size", "_when"]
    return findings.loc[keys.sort_values(order, kind="stable").index]
