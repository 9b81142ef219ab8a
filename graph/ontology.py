"""The closed ontology: five entity types, ten relation types, and what may join what.

This is the one place that says which labels and relationship types exist.
Everything that writes Cypher, draws a legend or checks an extracted relation reads it.

>>> allowed("IMPLEMENTS", "Organization", "Project")
True
>>> allowed("IMPLEMENTS", "Project", "Organization")
False
"""

from __future__ import annotations

from dataclasses import dataclass

ISSUER = "@ISSUER"
"""Head of a relation whose subject the sentence leaves out: the document's issuer."""


@dataclass(frozen=True)
class EntityType:
    """One entity type: graph label, tag of the annotated data, name shown to people."""

    label: str
    tag: str
    zh: str
    en: str


@dataclass(frozen=True)
class RelationType:
    """One relation type with its domain (`heads`) and range (`tails`), as graph labels.

    `issuer` says whether the unsaid subject may be its head; `symmetric` relations
    are stored once, in either order.
    """

    name: str
    zh: str
    heads: frozenset[str]
    tails: frozenset[str]
    issuer: bool
    symmetric: bool = False


ENTITY_TYPES: tuple[EntityType, ...] = (
    EntityType("Organization", "ORG", "组织机构", "organisation"),
    EntityType("Place", "PLACE", "地点", "place"),
    EntityType("Project", "PROJECT", "项目", "project"),
    EntityType("Brand", "BRAND", "品牌", "brand"),
    EntityType("Person", "PERSON", "人物", "person"),
)
LABELS: tuple[str, ...] = tuple(t.label for t in ENTITY_TYPES)
LABEL_OF_TAG: dict[str, str] = {t.tag: t.label for t in ENTITY_TYPES}
TAG_OF_LABEL: dict[str, str] = {t.label: t.tag for t in ENTITY_TYPES}
ZH_OF_LABEL: dict[str, str] = {t.label: t.zh for t in ENTITY_TYPES}


def _relation(
    name: str, zh: str, heads: str, tails: str, *, issuer: bool, symmetric: bool = False
) -> RelationType:
    def labels(tags: str) -> frozenset[str]:
        return frozenset(LABEL_OF_TAG[tag] for tag in tags.split())

    return RelationType(name, zh, labels(heads), labels(tails), issuer, symmetric)


_ANY = "ORG PLACE PROJECT BRAND PERSON"
RELATION_TYPES: tuple[RelationType, ...] = (
    _relation("LOCATED_IN", "位于", "ORG PLACE PROJECT BRAND", "PLACE", issuer=False),
    _relation("PART_OF", "隶属于", "ORG", "ORG", issuer=False),
    _relation("HOLDS_POSITION", "任职于", "PERSON", "ORG PLACE", issuer=False),
    _relation("IMPLEMENTS", "实施", "ORG PERSON PLACE", "PROJECT", issuer=True),
    _relation("OPERATES", "运营", "ORG PLACE", "BRAND", issuer=True),
    _relation("FOUNDED", "成立", "ORG PERSON", "ORG", issuer=True),
    _relation("COOPERATES_WITH", "合作", "ORG PLACE", "ORG PLACE", issuer=True, symmetric=True),
    _relation("VISITED", "到访", "PERSON ORG", "PLACE ORG", issuer=True),
    _relation("PARTICIPATES_IN", "参与", "ORG PERSON PLACE", "PROJECT BRAND", issuer=True),
    _relation("RECOGNISED_BY", "受表彰于", _ANY, "ORG", issuer=True),
)
RELATIONS: dict[str, RelationType] = {r.name: r for r in RELATION_TYPES}


def label_named(text: str) -> str | None:
    """Return the graph label of a type by its label, tag or Chinese name; None if it is none.

    >>> label_named("brand"), label_named("品牌"), label_named("ORG"), label_named("公司")
    ('Brand', 'Brand', 'Organization', None)
    """
    return _named(text, {kind.label: (kind.tag, kind.zh) for kind in ENTITY_TYPES})


def relation_named(text: str) -> str | None:
    """Return the name of a relation type by its name or its Chinese name; None if it is none.

    >>> relation_named("implements"), relation_named("位于"), relation_named("LIKES")
    ('IMPLEMENTS', 'LOCATED_IN', None)
    """
    return _named(text, {kind.name: (kind.zh,) for kind in RELATION_TYPES})


def _named(text: str, known: dict[str, tuple[str, ...]]) -> str | None:
    wanted = text.strip().casefold()
    for name, others in known.items():
        if wanted in (each.casefold() for each in (name, *others)):
            return name
    return None


def allowed(relation: str, head: str, tail: str) -> bool:
    """Say whether `relation` may join a `head` to a `tail`.

    Parameters
    ----------
    relation : str
        Name of one of `RELATION_TYPES`.
    head : str
        Graph label of the head, or `ISSUER`.
    tail : str
        Graph label of the tail.

    Raises
    ------
    KeyError
        If `relation` is not in the ontology.

    Examples
    --------
    >>> allowed("OPERATES", ISSUER, "Brand"), allowed("LOCATED_IN", ISSUER, "Place")
    (True, False)
    """
    rule = RELATIONS[relation]
    head_fits = rule.issuer if head == ISSUER else head in rule.heads
    return head_fits and tail in rule.tails
