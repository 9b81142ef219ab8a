"""Villages and communities: 600,000 names, one prefecture read at a time.

A name is only ever looked up inside a county or township; 新民村 alone says nothing.
"""

from __future__ import annotations

import re
import zipfile
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from extract.gazetteer.tables import Division


class Village(NamedTuple):
    """A village or community with its 12-figure statistical code."""

    code: str
    name: str

    @property
    def township(self) -> str:
        """Code of the township it belongs to."""
        return self.code[:9]


@cache
def _archive() -> zipfile.ZipFile:
    # Held open for the life of the process: the directory of members is read once.
    return zipfile.ZipFile(files("extract.gazetteer").joinpath("villages.zip").open("rb"))


@lru_cache(maxsize=32)
def _prefecture(code: str) -> tuple[Village, ...]:
    try:
        text = _archive().read(f"{code}.tsv").decode("utf-8")
    except KeyError:
        return ()
    return tuple(Village(*line.split("\t")) for line in text.splitlines())


@lru_cache(maxsize=256)
def villages(within: Division) -> tuple[Village, ...]:
    """The villages of a city, county or township; empty for a province.

    Examples
    --------
    >>> from extract.gazetteer.tables import division
    >>> len(villages(division("330802"))) > 100
    True
    """
    if within.level == "province" or "-" in within.code:
        return ()
    prefix = within.code[:4] if within.level == "city" else within.code
    found = _prefecture(within.code[:4])
    if within.level == "city":
        return found
    return tuple(v for v in found if v.code.startswith(prefix))


_KIND = re.compile(r"(?:村|社区|居|嘎查|小区)$")


def find_villages(name: str, within: Division) -> tuple[Village, ...]:
    """Villages of that name in a county or township; several if the name is not unique.

    A name that differs only in 村 or 社区 counts when none is exactly the same.

    Examples
    --------
    >>> from extract.gazetteer.tables import division
    >>> find_villages("戴家村", division("330802"))
    (Village(code='330802005202', name='戴家村'),)
    """
    inside = villages(within)
    if exact := tuple(v for v in inside if v.name == name):
        return exact
    stem = _KIND.sub("", name)
    if len(stem) < 2:
        return ()
    return tuple(v for v in inside if _KIND.sub("", v.name) == stem)
