"""What the world knows beforehand: divisions, villages, central organs, universities.

Tables are compiled by ``training/compile_gazetteer.py`` and read on first use: divisions in
about 0.2 s, villages one prefecture at a time. Codes follow GB/T 2260 (counties and up) and
the statistical codes of townships and villages; those of Taiwan, Hong Kong and Macao below
the province are ours.

>>> located = locate("浙江省衢州市柯城区")
>>> located.division.code, path(located.division)
('330802', '浙江省衢州市柯城区')
>>> locate("常山", near="330822").division.name
'常山县'
"""

from extract.gazetteer.countries import (
    Country,
    abbreviated_countries,
    country,
    named_countries,
)
from extract.gazetteer.locate import Address, Located, addresses, choose, locate
from extract.gazetteer.organs import Organ, University, organ, organs, universities, university
from extract.gazetteer.tables import (
    LEVELS,
    Division,
    ancestors,
    by_name,
    by_short,
    children,
    division,
    divisions,
    is_within,
    is_word,
    known_names,
    nicknamed,
    path,
    short_names,
)
from extract.gazetteer.villages import Village, find_villages, villages

__all__ = [
    "LEVELS",
    "Address",
    "Country",
    "Division",
    "Located",
    "Organ",
    "University",
    "Village",
    "abbreviated_countries",
    "addresses",
    "ancestors",
    "by_name",
    "by_short",
    "children",
    "choose",
    "country",
    "division",
    "divisions",
    "find_villages",
    "is_within",
    "is_word",
    "known_names",
    "locate",
    "named_countries",
    "nicknamed",
    "organ",
    "organs",
    "path",
    "short_names",
    "universities",
    "university",
    "villages",
]
