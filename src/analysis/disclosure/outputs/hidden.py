"""What stands for a number that is not released, and for one that no records were given for.

Neither can be reckoned with. A hidden number refuses arithmetic, so that no result can carry it further; an
output without records lets everything pass through it, so that a notebook runs to its end, and is shown as an
absence wherever it arrives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from analysis.errors import DisclosureRefused

REFUSED = "a hidden number cannot be reckoned with, compared or tested"
CURE = "Say it as it is: in prose, tables and charts it prints as the marker."


class Hidden:
    """A number that exists and is not released.

    Parameters
    ----------
    marker
        What is printed in its place; the same for every hidden number, whatever the reason.
    """

    __slots__ = ("marker",)

    def __init__(self, marker: str) -> None:
        self.marker = marker

    def __str__(self) -> str:
        return self.marker

    def __repr__(self) -> str:
        return f"Hidden({self.marker!r})"

    def __format__(self, spec: str) -> str:
        """Print the marker, whatever format a sentence asks for."""
        return self.marker

    def __hash__(self) -> int:
        return hash((Hidden, self.marker))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Hidden):
            return self.marker == other.marker
        if other is None or isinstance(other, str):
            return False
        return self._refuse(other)

    def _refuse(self, *_: Any) -> NoReturn:
        raise DisclosureRefused(REFUSED, cure=CURE)

    __bool__ = __int__ = __float__ = __index__ = __complex__ = __round__ = __len__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __pow__ = __rpow__ = _refuse
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _refuse
    __neg__ = __pos__ = __abs__ = __iter__ = __getitem__ = __contains__ = _refuse


class Unavailable:
    """What there is of an output that cannot be made: why, and which records it would need.

    Parameters
    ----------
    why
        One sentence for the reader of the report; empty if the run has no records at all.
    needs
        The tables of records it would take.
    """

    def __init__(self, why: str = "", needs: Iterable[str] = ()) -> None:
        self.why, self.needs = why, tuple(dict.fromkeys(needs))

    def __repr__(self) -> str:
        return f"<not available: {self.why or 'no records'}>"

    def __bool__(self) -> bool:
        return False

    def __format__(self, spec: str) -> str:
        """Print nothing: a sentence that holds it is not said."""
        return ""

    def __hash__(self) -> int:
        return hash((self.why, self.needs))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unavailable) and (self.why, self.needs) == (other.why, other.needs)

    def __getattr__(self, name: str) -> Unavailable:
        """Be there for whatever a notebook asks of the output it would be; not for Python's own protocols."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def _same(self, *_: Any, **__: Any) -> Unavailable:
        return self

    def _never(self, *_: Any) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    __call__ = __getitem__ = _same
    __lt__ = __le__ = __gt__ = __ge__ = _never
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _same
    __truediv__ = __rtruediv__ = __neg__ = __abs__ = __round__ = _same
