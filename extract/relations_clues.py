"""Clues about a candidate pair, as strings: what the learned classifier looks at.

A clue names what stands in some place relative to the two ends: a class of trigger words
(``relations_words.tsv``), a few characters, a rule that would draw the pair, a count. The
sentence is read in the alphabet of the rules (`extract.relations_rules.encode`), so clues
never depend on the names themselves.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from extract.relations_pairs import Claim, Pair, Span, label_of
from extract.relations_rules import LETTERS, encode

WORDS = Path(__file__).with_name("relations_words.tsv")
_BREAK = re.compile(r"[，；。：！？]")
_STOP = re.compile(r"[；。！？]")
_DISTANCES = (1, 2, 3, 5, 8, 12, 20, 32, 50, 80)
_NO_SUBJECT = re.compile(
    r"与|同|和|向|对|在|赴|到|把|将|为|以|从|由|被|据|围绕|聚焦|推|支持|组织|邀请|实施|开展|加强|深|建|做|办|"
    r"打造|创|依托|通过|促|争取|完成|助力|协|用|走|进|举|联合|会同|承|参|视|考|调|抓|探|发|落|强|提"
)
"""Words before a name that make it something else than the subject."""
_SHOWN = 24
"""Characters of a stretch that are read as n-grams, nearest to the ends first."""


@cache
def trigger_words(path: Path = WORDS) -> dict[str, tuple[str, ...]]:
    """Read the table: word to its classes.

    >>> trigger_words()["签约"]
    ('cooperate', 'participate')
    """
    classes: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, words = line.split("\t")
            for word in words.split():
                classes.setdefault(word, []).append(name)
    return {word: tuple(dict.fromkeys(names)) for word, names in classes.items()}


@cache
def _longest_first() -> re.Pattern[str]:
    words = sorted(trigger_words(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def clues(
    text: str,
    spans: Sequence[Span],
    speaks: bool,
    pairs: Sequence[Pair],
    ruled: Sequence[Claim],
) -> list[list[str]]:
    """Collect the clues of every candidate pair of a sentence.

    Parameters
    ----------
    text : str
    spans : sequence of Span
        Mentions, sorted, not overlapping.
    speaks : bool
        Whether the issuer may be the unsaid subject.
    pairs : sequence of (head, tail)
        From `extract.relations_pairs.candidates`.
    ruled : sequence of Claim
        What the rules would draw (`extract.relations_rules.apply_rules`).

    Returns
    -------
    list of list of str
        One list a pair, without duplicates.

    Examples
    --------
    >>> spans = [Span(0, 3, "Organization"), Span(4, 7, "Organization")]
    >>> found = clues("甲公司与乙公司签约", spans, False, [(0, 1)], ())
    >>> "OO>|after:cooperate" in found[0], "OO>|=与" in found[0]
    (True, True)
    """
    encoded = encode(text, spans)
    line = encoded.text
    where = {number: i for i, members in enumerate(encoded.members) for number in members}
    triggers = [
        (m.start(), m.end(), trigger_words()[m.group()]) for m in _longest_first().finditer(line)
    ]
    breaks = [-1, *(m.start() for m in _BREAK.finditer(line)), len(line)]
    stops = [m.start() for m in _STOP.finditer(line)]
    votes: dict[Pair, set[str]] = {}
    for claim in ruled:
        votes.setdefault((claim.head, claim.tail), set()).add(claim.rule)
    names = [i for i, members in enumerate(encoded.members) if members]
    endings = [_ending(text[span.begin : span.end]) for span in spans]
    found = []
    for head, tail in pairs:
        reader = _Reader(line, triggers, breaks, stops, names)
        kind = reader.kind(label_of(spans, head), spans[tail].label, head, tail, where, speaks)
        seen = reader.read(kind, head, tail, where, votes.get((head, tail), ()))
        seen += _of_names(kind, text, spans, head, tail, endings)
        seen += reader.with_endings(kind, head, tail, where, endings)
        if speaks:
            seen.append(f"{kind}|speaks")
        found.append(list(dict.fromkeys(seen)))
    return found


def _ending(name: str) -> str:
    """Return the end of a name, which says what sort of thing it is; quotes left out."""
    return re.sub(r"[“”‘’《》（）()]", "", name)[-2:]


def _of_names(kind, text, spans, head, tail, endings) -> list[str]:
    """Clues of the names themselves: what they end in, and whether one holds the other."""
    found = [f"{kind}|tail ends:{endings[tail]}", f"{kind}|tail ends:{endings[tail][-1:]}"]
    if head is None:
        return found
    found += [f"{kind}|head ends:{endings[head]}", f"{kind}|head ends:{endings[head][-1:]}"]
    one, other = (text[spans[i].begin : spans[i].end] for i in (head, tail))
    if one.startswith(other[:2]) or other[:2] in one:
        found.append(f"{kind}|head holds tail")
    if one[:2] in other:
        found.append(f"{kind}|tail holds head")
    return found


class _Reader:
    """Reads one pair; holds what all pairs of a sentence share."""

    def __init__(
        self,
        line: str,
        triggers: list[tuple[int, int, tuple[str, ...]]],
        breaks: list[int],
        stops: list[int],
        names: list[int],
    ) -> None:
        self.line, self.triggers, self.breaks = line, triggers, breaks
        self.stops, self.names = stops, names

    def kind(self, head_label, tail_label, head, tail, where, speaks) -> str:
        if head is None:
            return f"@{LETTERS[tail_label]}"
        order = ">" if where[head] < where[tail] else "<" if where[head] > where[tail] else "="
        return f"{LETTERS[head_label]}{LETTERS[tail_label]}{order}"

    def classes(self, start: int, end: int) -> list[str]:
        """Classes of the trigger words inside a stretch, in order."""
        return [name for s, e, names in self.triggers if start <= s and e <= end for name in names]

    def clause(self, position: int) -> tuple[int, int, int]:
        """Number, start and end of the clause around a position."""
        i = bisect_right(self.breaks, position)
        return i, self.breaks[i - 1] + 1, self.breaks[i] if i < len(self.breaks) else len(self.line)

    def read(self, kind, head, tail, where, votes) -> list[str]:
        line = self.line
        t = where[tail]
        clause_number, clause_start, clause_end = self.clause(t)
        h = where[head] if head is not None else clause_start - 1
        low, high = min(h, t), max(h, t)
        between = (low + 1, high)
        before = (self.clause(low)[1] if head is not None else 0, max(low, 0))
        after = (high + 1, self.clause(high)[2])
        found = [kind, "bias"]
        add = found.append

        def both(clue: str) -> None:
            add(f"{kind}|{clue}")
            add(f"{kind[-2:] if head is not None else kind}~{clue}")

        for rule in votes:
            add(f"rule:{rule}")
            add(f"{kind}|rule:{rule}")
        if not votes:
            add(f"{kind}|no rule")
        for place, stretch in (("before", before), ("between", between), ("after", after)):
            seen = self.classes(*stretch)
            for name in dict.fromkeys(seen):
                add(f"{kind}|{place}:{name}")
                add(f"{place}:{name}")
            if place != "before":
                for name in seen[:2] and dict.fromkeys(seen[:2]):
                    add(f"{kind}|{place} first:{name}")
                if place == "between":
                    for name in dict.fromkeys(seen[-2:]):
                        add(f"{kind}|{place} last:{name}")
            if not seen:
                add(f"{kind}|{place}: no trigger")
        # Words of the tail's own clause, and of the one before it.
        for name in dict.fromkeys(self.classes(clause_start, t)):
            add(f"{kind}|tail clause:{name}")
        if clause_start > 0:
            _, start, end = self.clause(clause_start - 1)
            for name in dict.fromkeys(self.classes(start, end)):
                add(f"{kind}|clause before:{name}")
        if clause_end < len(line):
            _, start, end = (
                self.clause(clause_end + 1) if clause_end + 1 <= len(line) else (0, 0, 0)
            )
            for name in dict.fromkeys(self.classes(start, end)[:4]):
                add(f"{kind}|clause after:{name}")
        # Characters beside the ends and between them.
        for width in (1, 2, 3):
            both(f"left of tail:{line[max(0, t - width) : t]}")
            both(f"right of tail:{line[t + 1 : t + 1 + width]}")
            if head is not None:
                both(f"left of head:{line[max(0, h - width) : h]}")
                both(f"right of head:{line[h + 1 : h + 1 + width]}")
        words = line[between[0] : between[1]]
        if len(words) <= 8:
            both(f"={words}")
        near = words if len(words) <= 2 * _SHOWN else words[:_SHOWN] + "~" + words[-_SHOWN:]
        for width in (2, 3):
            for i in range(len(near) - width + 1):
                both(f"between:{near[i : i + width]}")
        left = line[before[0] : before[1]][-_SHOWN:]
        right = line[after[0] : after[1]][:_SHOWN]
        for i in range(len(left) - 1):
            add(f"{kind}|before:{left[i : i + 2]}")
        for i in range(len(right) - 1):
            add(f"{kind}|after:{right[i : i + 2]}")
        # How far, and what else is named in between and around.
        inner = [line[i] for i in self.names if between[0] <= i < between[1]]
        gaps = sum(between[0] <= b < between[1] for b in self.breaks)
        add(f"{kind}|distance:{bisect_right(_DISTANCES, len(words))}")
        add(f"{kind}|clauses:{min(gaps, 4)}")
        add(f"{kind}|stops:{sum(between[0] <= s < between[1] for s in self.stops)}")
        add(f"{kind}|names between:{min(len(inner), 5)}")
        for letter in "OLJBPM":
            count = min(inner.count(letter), 2)
            if count:
                add(f"{kind}|between {letter}{count}")
        tail_clause = [line[i] for i in self.names if clause_start <= i < t]
        add(f"{kind}|in clause before tail:{''.join(tail_clause[-3:])}")
        rest = [line[i] for i in self.names if t < i < clause_end]
        add(f"{kind}|in clause behind tail:{''.join(rest[:2])}")
        first = self.names[0]
        opening = f"{line[first]}{min(first, 3)}"
        add(f"{kind}|opens:{opening}{'h' if h == first else 't' if t == first else ''}")
        add(f"{kind}|clause number:{min(clause_number, 4)}")
        add(f"{kind}|names:{min(len(self.names), 6)}")
        shape = "".join(line[i] for i in sorted({*self.names}) if low <= i <= high)
        add(f"{kind}|shape:{shape[:6]}")
        for place, i in (("head", h), ("tail", t)):
            if 0 <= i < len(line) and line[i] == "M":
                add(f"{kind}|mixed {place}")
        subject, back = self.subject(t)
        who = "none" if subject is None else "head" if subject == h else line[subject]
        add(f"{kind}|subject:{who}")
        # Two things at once, which a sum of single clues cannot see.
        inside = self.classes(*between) or ["-"]
        nearest = self.classes(clause_start, t)[-2:] or ["-"]
        behind = self.classes(*after)[:2] or ["-"]
        first_of_clause = (self.classes(clause_start, t) or ["-"])[0]
        left_of_tail = line[t - 1 : t]
        left_of_first = line[low - 1 : low] if low > 0 else ""
        for name in dict.fromkeys(inside[-2:]):
            add(f"{kind}|{left_of_tail}&last:{name}")
            add(f"{kind}|{left_of_first}&&last:{name}")
            add(f"{kind}|subject:{who}&last:{name}")
            for other in dict.fromkeys(behind):
                add(f"{kind}|last:{name}&behind:{other}")
        for name in dict.fromkeys(inside[:2]):
            add(f"{kind}|{left_of_first}&&first:{name}")
        for name in dict.fromkeys(nearest):
            add(f"{kind}|subject:{who}&near:{name}")
            add(f"{kind}|clause first:{first_of_clause}&near:{name}")
            add(f"{line[t]}|clause first:{first_of_clause}&near:{name}")
        for name in dict.fromkeys(behind):
            add(f"{kind}|subject:{who}&behind:{name}")
            add(f"{kind}|{left_of_first}&&behind:{name}")
        add(f"{kind}|subject:{who}{min(back, 2)}")
        add(f"{kind[0]}|subject:{who}{min(back, 2)}")
        return found

    def with_endings(self, kind, head, tail, where, endings) -> list[str]:
        """Clues of what a name ends in together with the words beside it.

        云岭村“院坝会” runs it, 云岭村“茶桌”服务站 stands in it, which the ends tell.
        """
        line, t = self.line, where[tail]
        h = where[head] if head is not None else self.clause(t)[1] - 1
        low, high = min(h, t), max(h, t)
        words = line[low + 1 : high]
        of_tail = endings[tail][-1:]
        inside = self.classes(low + 1, high) or ["-"]
        behind = self.classes(high + 1, self.clause(high)[2])[:1] or ["-"]
        found = [
            f"{kind}|tail ends:{of_tail}&last:{inside[-1]}",
            f"{kind}|tail ends:{of_tail}&behind:{behind[0]}",
        ]
        if head is None:
            return found
        of_head = endings[head][-1:]
        found += [
            f"{kind}|head ends:{of_head}&last:{inside[-1]}",
            f"{kind}|head ends:{of_head}&behind:{behind[0]}",
            f"{kind}|ends:{of_head}{of_tail}",
        ]
        if words in ("", "的"):
            right = line[high + 1 : high + 3]
            found += [
                f"{kind}|beside:{words}",
                f"{kind}|beside&right:{right}",
                f"{kind}|beside&tail ends:{of_tail}",
                f"{kind}|beside&tail ends:{endings[tail]}",
                f"{kind}|beside&head ends:{of_head}",
                f"{kind}|beside&head ends:{of_head}&behind:{behind[0]}",
            ]
        return found

    def subject(self, position: int) -> tuple[int | None, int]:
        """Find who is likely to act at a position, and how many clauses back.

        That is the organisation, place or person which opens a clause (behind a date or
        a few words at most) and is followed by words of its own, in the clause of the
        position or the nearest one before it within the sentence.
        """
        number, _, _ = self.clause(position)
        for back in range(number):
            start = self.breaks[number - 1 - back] + 1
            clause_names = [
                i for i in self.names if start <= i < self.breaks[number - back] and i < position
            ]
            opening = self.line[start : clause_names[0]] if clause_names else ""
            if clause_names and not _NO_SUBJECT.search(opening) and len(opening) <= 10:
                first = clause_names[0]
                # 区政协主席李某走访…: the person behind the body acts.
                for i in clause_names[1:]:
                    if self.line[i] == "P" and i - first <= 12:
                        first = i
                        break
                if self.line[first] in "OLPM":
                    return first, back
            if number - 1 - back > 0 and self.line[start - 1] in "；。！？":
                break
        return None, 0
