"""Mapping files: what one provider calls its sheets, columns and values, in YAML.

.. code-block:: yaml

    provider: north-refuge
    files: ["North*", "nr_*"]
    sheets:
      Refs 22-23: referrals
      Pivot: ignore
    columns:
      referrals:
        Date rec'd: referred_on
        Key worker: ignore
    values:
      sex:
        Woman: female
    hidden: ignore
"""

from __future__ import annotations

import datetime as dt
import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from analysis.errors import UsageError, one_of
from analysis.records.fields import TableSpec, tables
from analysis.records.reading import hostile, values

IGNORE: Final = "ignore"
HIDDEN: Final = ("ignore", "read")
MAX_BYTES: Final = 256 * 1024
_PARTS: Final = ("provider", "month", "files", "sheets", "columns", "values", "hidden")


@dataclass(frozen=True)
class ProviderMapping:
    """What one provider's words mean; every name is kept as `analysis.records.reading.values.slug`.

    Attributes
    ----------
    provider, month
        Stands for what a workbook does not say itself; "" if it must.
    files
        Patterns of file or folder names that it is for; every file if empty.
    sheets
        Name of a sheet to a table, or to ``ignore``.
    columns
        By table: heading, or ``column c`` by its letter, to a field's input name, or to ``ignore``.
    values
        By field's input name: what is written to the code that is meant.
    read_hidden
        Whether hidden sheets are read.
    """

    provider: str = ""
    month: dt.date | None = None
    files: tuple[str, ...] = ()
    sheets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    read_hidden: bool = False

    def is_for(self, path: Path) -> bool:
        """Return whether it is for this file, by the file's name or its folder's."""
        names = (path.name.casefold(), path.parent.name.casefold())
        return not self.files or any(
            fnmatch.fnmatchcase(name, mark.casefold()) for name in names for mark in self.files
        )


NO_MAPPING: Final = ProviderMapping()


def load(path: Path | None) -> list[ProviderMapping]:
    """Read a mapping file, or every ``.yml`` and ``.yaml`` of a folder, in order of name.

    Raises
    ------
    UsageError
        If a file is missing, is not YAML, or names what does not exist; with the nearest name that does.
    """
    if path is None:
        return []
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in {".yml", ".yaml"})
    else:
        files = [path]
    if not files:
        cure = "Name a .yml file, or a folder of them."
        raise UsageError("no mapping file is in the folder", where=hostile.shown(path.name), cure=cure)
    return [_one(file) for file in files]


def chosen(mappings: Iterable[ProviderMapping], path: Path) -> ProviderMapping:
    """Return the mapping for a file: one that names it before one that is for every file."""
    fitting = [one for one in mappings if one.is_for(path)]
    return next((one for one in fitting if one.files), fitting[0] if fitting else NO_MAPPING)


def _one(path: Path) -> ProviderMapping:
    where = hostile.shown(path.name)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError("is too long for a mapping file", where=where, cure="Name the mapping file.")
        content = yaml.safe_load(path.read_text("utf-8-sig"))
    except OSError:
        raise UsageError("the mapping file cannot be opened", where=where, cure="Check the path.") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        cure = 'Write "name: value" lines, names with : or # in quotation marks.'
        raise UsageError("is not YAML", where=where, cure=cure) from None
    parts = _dictionary(content or {}, where, "the file")
    for name in parts:
        _known(name, _PARTS, where, "part")
    return ProviderMapping(
        provider=values.slug(str(parts.get("provider", ""))),
        month=_month(parts.get("month"), where),
        files=_patterns(parts.get("files"), where),
        sheets=_sheets(parts.get("sheets"), where),
        columns=_columns(parts.get("columns"), where),
        values=_values(parts.get("values"), where),
        read_hidden=_known(str(parts.get("hidden", IGNORE)), HIDDEN, where, "choice for hidden") == "read",
    )


def _dictionary(content: Any, where: str, what: str) -> dict[str, Any]:
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise UsageError(f'{what} is not made of "name: value" lines', where=where, cure="See the guide.")
    return {str(name): value for name, value in content.items()}


def _known(name: str, names: Iterable[str], where: str, what: str) -> str:
    accepted = list(names)
    if name not in accepted:
        raise UsageError(f'no {what} "{hostile.shown(name)}"', where=where, cure=one_of(name, accepted))
    return name


def _month(given: Any, where: str) -> dt.date | None:
    if given is None:
        return None
    found = given.replace(day=1) if isinstance(given, dt.date) else values.month_of(str(given))
    if found is None:
        raise UsageError("the month is not a month", where=where, cure='Write month: "2022-04".')
    return found


def _patterns(given: Any, where: str) -> tuple[str, ...]:
    if given is None or isinstance(given, str):
        return (given,) if given else ()
    if not isinstance(given, list):
        raise UsageError("files is not a list of names", where=where, cure='Write files: ["North*"].')
    return tuple(map(str, given))


def _sheets(given: Any, where: str) -> dict[str, str]:
    accepted = [*tables(), IGNORE]
    return {
        values.slug(name): _known(str(table), accepted, where, "table")
        for name, table in _dictionary(given, where, "sheets").items()
    }


def _columns(given: Any, where: str) -> dict[str, dict[str, str]]:
    found = {}
    for name, headings in _dictionary(given, where, "columns").items():
        spec = tables()[_known(name, tables(), where, "table")]
        accepted = [*names(spec), IGNORE]
        found[name] = {
            values.slug(heading): _known(str(column), accepted, where, f"column of {name}")
            for heading, column in _dictionary(headings, where, f"columns of {name}").items()
        }
    return found


def _values(given: Any, where: str) -> dict[str, dict[str, str]]:
    codes = {f.input: f.codes for spec in tables().values() for f in spec.inputs if f.codes}
    found = {}
    for name, meanings in _dictionary(given, where, "values").items():
        accepted = codes[_known(name, codes, where, "coded column")]
        found[name] = {
            values.slug(_typed(written)): _known(_typed(code), accepted, where, f"code of {name}")
            for written, code in _dictionary(meanings, where, f"values of {name}").items()
        }
    return found


def _typed(given: Any) -> str:
    """Return a code as written: YAML reads a bare ``yes`` and ``no`` as truth values."""
    return {"True": "yes", "False": "no"}.get(str(given), str(given))


def names(spec: TableSpec) -> dict[str, str]:
    """Return the columns of a table that a provider gives, by input name, with their labels."""
    return {one.input: one.label for one in spec.inputs}
