"""What ``data/published/views.yml`` may say: views of the evidence declared as data, checked as a whole.

A view is an ordered list of rows; a row says in a board's words what it shows and selects figures by what
they measure, never by their id, so that another authority's figures appear without a change of code.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml

from analysis.errors import DataRefused, did_you_mean, one_of
from analysis.evidence.tables import Faults
from analysis.record import sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.evidence.published import Evidence

VIEWS_FILE: Final = "published/views.yml"
Kind = Literal["figures", "headlines", "census", "homelessness"]

SHAPES: Final[dict[str, tuple[str, ...]]] = {
    "shares": ("count", "base", "printed"),
    "rates": ("count", "base", "printed"),
    "values": ("value",),
    "ranges": ("low", "high"),
}
"""What a view's rows hold between their label and their unit."""

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "shares": ("count", "base", "share", "part", "whole"),
    "rates": ("count", "base"),
    "values": ("value",),
    "ranges": ("low", "high", "value"),
}
"""What a row of each shape may select."""

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "figures": ("measure", "breakdown", "category", "period", "domain", "unit", "theme", "area"),
    "headlines": ("topic", "measure", "group", "period", "base", "unit"),
    "census": ("table", "category_code"),
    "homelessness": ("measure",),
}
"""What a selector of each kind may ask about."""

SCOPES: Final = ("area", "national", "everywhere")
ROW_KEYS: Final = ("key", "label", "group", "kind", "scope", "note", "each", "finest")
VIEW_KEYS: Final = ("title", "shape", "rows")
SWITCHES: Final = ("every", "complement")


@dataclass(frozen=True)
class Selector:
    """Conditions a figure meets: a field and the names, or patterns with ``*``, one of which it has.

    Attributes
    ----------
    every
        Whether to add up all figures that meet them; without it there may be one alone.
    complement
        Whether to take 100 less the figure: the share of men where that of women is printed.
    """

    conditions: tuple[tuple[str, tuple[str, ...]], ...]
    every: bool = False
    complement: bool = False

    def matches(self, record: Mapping[str, Any]) -> bool:
        """Say whether a figure meets every condition."""
        return all(_named(str(record[field]), names) for field, names in self.conditions)

    def names(self, field: str) -> tuple[str, ...]:
        """Return the names the selector accepts for a field."""
        return dict(self.conditions).get(field, ())

    def __str__(self) -> str:
        return ", ".join(f"{field}: {' or '.join(names)}" for field, names in self.conditions)


@dataclass(frozen=True)
class Row:
    """One declared row (or one a figure, with `each`) of a view."""

    key: str
    label: str
    kind: Kind
    roles: dict[str, tuple[Selector, ...]]
    scope: str = "area"
    group: str = ""
    note: str = ""
    each: bool = False
    finest: bool = False


@dataclass(frozen=True)
class View:
    """A declared table of evidence."""

    name: str
    title: str
    shape: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Views:
    """Every declared view, and the printed form of category names."""

    views: dict[str, View]
    labels: dict[str, str]

    @classmethod
    def load(cls, evidence: Evidence) -> Views:
        """Read and check ``data/published/views.yml``.

        Raises
        ------
        DataRefused
            With every fault: an unknown key, a row without a label, a key that stands twice, a selector that
            matches nothing in any area.
        """
        path = evidence.layout.data / VIEWS_FILE
        if not path.is_file():
            raise DataRefused("the views are missing", where=f"data/{VIEWS_FILE}")
        content = path.read_bytes()
        evidence.inputs[f"data/{VIEWS_FILE}"] = sha256(content)
        faults = Faults()
        views = parse(yaml.load(content, _Loader), faults)  # noqa: S506  a safe loader, that refuses twice
        for view in views.views.values():
            _check_matches(view, evidence, faults)
        faults.refuse()
        return views

    def find(self, name: str) -> View:
        """Return a view by name.

        Raises
        ------
        DataRefused
            If none has it.
        """
        if name not in self.views:
            cure = one_of(name, self.views)
            raise DataRefused(f'no view "{name}"', where=f"data/{VIEWS_FILE}", cure=cure)
        return self.views[name]

    def words(self, category: str) -> str:
        """Return a category as a board reads it: ``registered-provider`` is "Registered provider"."""
        plain = category.replace("-", " ").strip()
        return self.labels.get(category, plain[:1].upper() + plain[1:])


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML that refuses a key written twice, where the last would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                where = f"data/{VIEWS_FILE} line {node.start_mark.line + 1}"
                raise DataRefused(f'"{key}" stands twice', where=where, cure="Keep one.")
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


def parse(content: Any, faults: Faults) -> Views:
    """Return the views of a YAML document, noting every key that is not known."""
    where = f"data/{VIEWS_FILE}"
    if not isinstance(content, dict) or not isinstance(content.get("views"), dict):
        raise DataRefused("no views", where=where, cure="It takes: labels, views.")
    _unknown(content, ("labels", "views"), where, faults)
    views = {name: _view(name, body, faults) for name, body in content["views"].items()}
    return Views(views, dict(content.get("labels") or {}))


def _view(name: str, body: Mapping[str, Any], faults: Faults) -> View:
    where = f'data/{VIEWS_FILE} view "{name}"'
    _unknown(body, VIEW_KEYS, where, faults)
    shape = str(body.get("shape", "shares"))
    if shape not in SHAPES:
        faults.at(where, f'unknown shape "{shape}"', one_of(shape, SHAPES))
        shape = "shares"
    rows = tuple(_row(row, shape, where, faults) for row in body.get("rows") or [])
    if not (rows and body.get("title")):
        faults.at(where, "no title or no rows", "Give it both.")
    keys = [row.key for row in rows]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        faults.at(where, f'key "{key}" stands twice', "Give each row a key of its own.")
    return View(name, str(body.get("title", "")), shape, rows)


def _row(body: Mapping[str, Any], shape: str, where: str, faults: Faults) -> Row:
    where = f'{where} row "{body.get("key", "")}"'
    roles = ROLES[shape]
    _unknown(body, (*ROW_KEYS, *roles), where, faults)
    kind = str(body.get("kind", "figures"))
    if kind not in FIELDS:
        faults.at(where, f'unknown kind "{kind}"', one_of(kind, FIELDS))
        kind = "figures"
    if not (body.get("key") and body.get("label")):
        faults.at(where, "no key or no label", "Give it both: a slug, and words a board reads.")
    scope = str(body.get("scope", "area"))
    if scope not in SCOPES:
        faults.at(where, f'unknown scope "{scope}"', one_of(scope, SCOPES))
    selectors = {
        role: tuple(_selector(one, kind, where, faults) for one in _list(body[role]))
        for role in roles
        if role in body
    }
    if not set(selectors) - {"base", "whole"}:
        faults.at(where, "nothing is selected", f"It takes: {', '.join(roles)}.")
    return Row(
        key=str(body.get("key", "")),
        label=str(body.get("label", "")),
        kind=kind,  # type: ignore[arg-type]
        roles=selectors,
        scope=scope,
        group=str(body.get("group", "")),
        note=str(body.get("note", "")),
        each=bool(body.get("each", False)),
        finest=bool(body.get("finest", False)),
    )


def _selector(body: Any, kind: str, where: str, faults: Faults) -> Selector:
    if not isinstance(body, dict):
        faults.at(
            where, f'"{body}" is not a selector', "Write a mapping, such as {measure: people_supported}."
        )
        return Selector(())
    _unknown(body, (*FIELDS[kind], *SWITCHES), where, faults)
    asked = {field: body[field] for field in FIELDS[kind] if field in body}
    if kind == "figures":
        asked.setdefault("breakdown", "")  # a selector without one means the undivided total
    conditions = tuple((field, tuple(str(name) for name in _list(names))) for field, names in asked.items())
    return Selector(conditions, bool(body.get("every", False)), bool(body.get("complement", False)))


def _named(value: str, names: tuple[str, ...]) -> bool:
    """Say whether a value is one of the names, or meets one that is a pattern."""
    return value in names or any("*" in name and fnmatchcase(value, name) for name in names)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _unknown(body: Mapping[str, Any], known: Iterable[str], where: str, faults: Faults) -> None:
    for key in body:
        if key not in known:
            near = did_you_mean(str(key), known)
            faults.at(where, f'unknown key "{key}"', f"{near} It takes: {', '.join(known)}.".strip())


def _check_matches(view: View, evidence: Evidence, faults: Faults) -> None:
    """Note every selector that no figure of any area meets: it is mistyped, or its figure has gone."""
    for row in view.rows:
        records = _all_records(evidence, row.kind)
        for selector in (one for selectors in row.roles.values() for one in selectors):
            if not any(selector.matches(record) for record in records):
                where = f'data/{VIEWS_FILE} view "{view.name}" row "{row.key}"'
                faults.at(where, f"nothing in any area has {selector}", f"See the {row.kind}.")


def _all_records(evidence: Evidence, kind: Kind) -> list[dict[str, Any]]:
    if kind == "figures":
        return evidence.records(corrected=False)
    if kind == "homelessness":
        return [{"measure": name} for name in evidence.reference.homelessness_measures]
    return evidence.reference.records(kind)
