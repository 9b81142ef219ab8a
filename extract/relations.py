"""Relations between the mentions of a sentence, and between them and the unsaid subject.

A learned classifier (`extract.relations_model`) decides; what the rules
(`extract.relations_rules`) would draw is the strongest of the clues that it weighs. It sees
one sentence at a time: its text, its mentions and whether the document's issuer speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.documents import Document, Header, Relation
from extract.relations_model import TYPES, Judged, judge, load_model
from extract.relations_pairs import Claim, Span, distinct, quoted
from extract.relations_titles import title

CLASSIFIER = "classifier"
"""What `Relation.rule` says where no rule would have drawn the relation."""


def relate(document: Document) -> Document:
    """Fill in the relations of a document.

    Parameters
    ----------
    document : Document
        With header, sentences and mentions.

    Returns
    -------
    Document
        With `relations`: heads and tails are indices into `Document.mentions`, a head of
        None is the unsaid subject, which only documents of a known issuer have, news never.
        Their confidence is that of the relation between its ends, times that of the ends.

    Examples
    --------
    >>> from extract.documents import Mention, Sentence
    >>> text = "实施沧澜引水工程。"
    >>> header = Header(kind="政府工作报告", issuer="某县人民政府")
    >>> document = Document("d", "例", text, header=header,
    ...     sentences=(Sentence("s", 0, 9, text, tuple(range(9)), status="planned"),),
    ...     mentions=(Mention(2, 8, "沧澜引水工程", "Project", 0, 2, 0.9, "model"),))
    >>> [(r.head, r.type, r.tail, r.status) for r in relate(document).relations]
    [(None, 'IMPLEMENTS', 0, 'planned')]
    """
    by_sentence: dict[int, list[int]] = {}
    for index, mention in enumerate(document.mentions):
        by_sentence.setdefault(mention.sentence, []).append(index)
    numbers, members, read = [], [], []
    for number, indices in sorted(by_sentence.items()):
        indices = _outermost(document, indices)
        mentions = (document.mentions[i] for i in indices)
        spans = [Span(m.begin, m.begin + len(m.text), m.type) for m in mentions]
        numbers.append(number)
        members.append(indices)
        read.append((document.sentences[number].text, spans))
    found = relate_sentences(read, speaks=issuer_speaks(document.header))
    relations = [
        Relation(
            None if claim.head is None else indices[claim.head],
            claim.type,
            indices[claim.tail],
            number,
            sure,
            claim.rule,
            claim.title,
            _status(claim, *sentence, document.sentences[number].status),
        )
        for number, indices, sentence, claims in zip(numbers, members, read, found, strict=True)
        for claim in claims
        if (sure := _confidence(document, indices, claim)) >= LEAST
    ]
    return replace(document, relations=tuple(relations))


LEAST = 0.4
"""Confidence from which a relation counts, its ends' confidence in it: as for mentions."""

STANDING = ("PART_OF", "HOLDS_POSITION")
"""What is so while it is said: in a plan no less."""


def _confidence(document: Document, indices: list[int], claim: Claim) -> float:
    """How likely it is that both ends are what they were taken for, and so related."""
    sure = claim.confidence
    for end in (claim.head, claim.tail):
        sure *= 1 if end is None else document.mentions[indices[end]].confidence
    return sure


def _status(claim: Claim, text: str, spans: Sequence[Span], status: str | None) -> str | None:
    """The sentence's, except for what stands, and for what was when somebody spoke of it."""
    if status != "planned":
        return status
    if claim.head is not None and quoted(text, spans[claim.head]):
        return "done"
    return None if claim.type in STANDING else status


def issuer_speaks(header: Header) -> bool:
    """Say whether a sentence without a subject is about the document's issuer.

    >>> issuer_speaks(Header(kind="政府工作报告", issuer="浙江省人民政府"))
    True
    >>> issuer_speaks(Header(kind="新闻", issuer="柯城区融媒体中心"))
    False
    """
    return header.issuer is not None and "新闻" not in header.kind


def relate_sentences(
    sentences: Sequence[tuple[str, Sequence[Span]]], *, speaks: bool
) -> list[list[Claim]]:
    """Draw the relations of a document's sentences, each by itself.

    Parameters
    ----------
    sentences : sequence of (text, spans)
        Mentions sorted, not overlapping.
    speaks : bool
        Whether the unsaid subject is the document's issuer.

    Returns
    -------
    list of list of Claim
        For each sentence one a (head surface, type, tail surface), in the order of their tails.
    """
    return [
        _claims(text, spans, judged)
        for (text, spans), judged in zip(sentences, judge(sentences, speaks), strict=True)
    ]


def relate_sentence(text: str, spans: Sequence[Span], *, speaks: bool) -> list[Claim]:
    """Draw the relations of one sentence; see `relate_sentences`."""
    return relate_sentences([(text, spans)], speaks=speaks)[0]


def _claims(text: str, spans: Sequence[Span], judged: Judged) -> list[Claim]:
    surfaces = [text[span.begin : span.end] for span in spans]
    rules = {}
    for claim in judged.ruled:
        known = rules.get((claim.head, claim.type, claim.tail))
        if known is None or claim.confidence > known.confidence:
            rules[claim.head, claim.type, claim.tail] = claim
    claims = []
    for row, column in zip(*(judged.values >= load_model().thresholds).nonzero(), strict=True):
        (head, tail), name = judged.pairs[row], TYPES[column]
        rule = rules.get((head, name, tail))
        claims.append(
            Claim(
                head,
                name,
                tail,
                float(judged.values[row, column]),
                rule.rule if rule else CLASSIFIER,
            )
        )
    kept = distinct(claims, surfaces)
    kept = [
        replace(claim, title=title(text, spans[claim.head], spans[claim.tail], spans))
        if claim.type == "HOLDS_POSITION" and claim.head is not None
        else claim
        for claim in kept
    ]
    return sorted(kept, key=lambda c: (c.tail, -1 if c.head is None else c.head, c.type))


def _outermost(document: Document, indices: list[int]) -> list[int]:
    """Sort mentions and leave out those that lie inside or across an earlier one."""
    kept: list[int] = []
    for index in sorted(
        indices, key=lambda i: (document.mentions[i].begin, -len(document.mentions[i].text))
    ):
        last = document.mentions[kept[-1]] if kept else None
        if last is None or document.mentions[index].begin >= last.begin + len(last.text):
            kept.append(index)
    return kept
