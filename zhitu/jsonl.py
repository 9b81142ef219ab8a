"""The JSON form of an extracted document, as ``zhitu extract`` prints it."""

from __future__ import annotations

from extract.documents import Document
from graph.ontology import ISSUER


def to_json(document: Document) -> dict:
    """Return what was found in `document` as plain JSON values.

    Offsets count characters of the text as read, half-open. A relation's ends are
    mention texts, or ``@ISSUER`` where the subject is left out; its evidence is the
    sentence, with the sentence's own offsets.

    Returns
    -------
    dict
        ``document``, ``issuer``, ``header``, ``mentions``, ``entities``, ``relations``.
    """
    names = {entity.id: entity.name for entity in document.entities}
    header = document.header
    where = header.jurisdiction
    return {
        "document": document.name,
        "id": document.id,
        "issuer": names.get(document.issuer, header.issuer),
        "header": {
            "title": header.title,
            "kind": header.kind,
            "meeting": header.meeting,
            "date": header.date,
            "speaker": header.speaker,
            "post": header.post,
            "jurisdiction": where
            and {
                "code": where.code,
                "path": where.path,
                "level": where.level,
                "confidence": where.confidence,
            },
        },
        "mentions": [
            {
                "start": m.start,
                "end": m.end,
                "text": m.text,
                "type": m.type,
                "sentence": document.sentences[m.sentence].text,
                "confidence": round(m.confidence, 4),
                "source": m.source,
                "entity": m.entity,
            }
            for m in document.mentions
        ],
        "entities": [
            {
                "id": e.id,
                "name": e.name,
                "type": e.type,
                "aliases": list(e.aliases),
                **{
                    key: value
                    for key in ("code", "level", "path", "lng", "lat")
                    if (value := getattr(e, key)) is not None
                },
            }
            for e in document.entities
        ],
        "relations": [
            {
                "head": ISSUER if r.head is None else document.mentions[r.head].text,
                "type": r.type,
                "tail": document.mentions[r.tail].text,
                "evidence": document.sentences[r.sentence].text,
                "start": document.sentences[r.sentence].start,
                "end": document.sentences[r.sentence].end,
                "confidence": round(r.confidence, 4),
                "status": r.status,
                "rule": r.rule,
                **({"title": r.title} if r.title else {}),
            }
            for r in document.relations
        ],
    }
