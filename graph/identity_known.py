"""Names that documents of many places share: figures, national programmes, platforms.

The table is ``known.tsv``, kept by hand: a name in it is never split by place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from graph.names import name_key


@dataclass(frozen=True)
class Known:
    """A name that documents of many places share.

    `within` is a province's code, None, or ``*`` where each place has its own thing of the name.
    """

    name: str
    within: str | None

    def fits(self, near: str | None) -> bool:
        """Whether documents of the jurisdiction `near` mean one that others mean too."""
        return self.within is None or bool(near and near[:2] == self.within[:2])


@cache
def _known() -> dict[tuple[str, str], Known]:
    text = files("graph").joinpath("known.tsv").read_text(encoding="utf-8")
    table = {}
    for line in text.splitlines():
        if line and line[0] != "#":
            kind, name, aliases, within = (*line.split("\t"), "", "")[:4]
            for alias in (name, *aliases.split()):
                table[kind, name_key(alias)] = Known(name, within or None)
    return table


def shared(label: str, name: str) -> Known | None:
    """The shared thing of that type that goes by `name`, or None.

    Examples
    --------
    >>> shared("Brand", "进博会").name
    '中国国际进口博览会'
    """
    return _known().get((label, name_key(name)))
