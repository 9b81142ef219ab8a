"""One entity for one thing: mentions of a document grouped, named and given stable ids.

`resolve` is a function over one document. Ids and names depend on the thing alone
(jurisdiction + kind for an organisation, full path for a place), so that documents resolved
apart arrive at the same entity, and removing one never renames what another supports.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from extract import gazetteer as g
from extract.documents import Document, Mention
from graph.corrections import Correction
from graph.entities import Entity, Link
from graph.identity_bodies import Organisation
from graph.identity_context import Context, Home
from graph.identity_corrected import apply_corrections
from graph.identity_countries import acts
from graph.identity_known import shared
from graph.identity_names import person, thing
from graph.identity_organisations import is_newspaper, organisation
from graph.identity_places import home_entity, place
from graph.identity_within import contained, long_form
from graph.names import name_key, project_key, project_name, tidy


@dataclass
class _Work:
    """What is known so far of each mention, by its number."""

    entity: dict[int, Entity] = field(default_factory=dict)
    home: dict[int, Home] = field(default_factory=dict)
    organisation: dict[int, Organisation] = field(default_factory=dict)
    of_sentence: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def beside(self, mention: Mention) -> list[int]:
        """Mentions of the same sentence, itself among them, in the order of the text."""
        return self.of_sentence[mention.sentence]


def resolve(document: Document, corrections: Sequence[Correction] = ()) -> Document:
    """Say of every mention which entity it is.

    Parameters
    ----------
    document : Document
        With header and mentions filled in.
    corrections : sequence of Correction
        Replayed in their order after the rules.

    Returns
    -------
    Document
        With `mentions[i].entity`, `entities`, `links` and `issuer` filled in.

    Examples
    --------
    >>> from extract.documents import Header, Jurisdiction, Sentence
    >>> text = "区政协机关党组到柯城调研"
    >>> header = Header(jurisdiction=Jurisdiction("330802", "浙江省衢州市柯城区", "county"))
    >>> document = Document(
    ...     "d", "例", text, header=header,
    ...     sentences=(Sentence("s", 0, 12, text, tuple(range(12))),),
    ...     mentions=(Mention(0, 7, text[:7], "Organization", 0, 0, 1.0, "model"),
    ...               Mention(8, 10, "柯城", "Place", 0, 8, 1.0, "model")),
    ... )
    >>> resolved = resolve(document)
    >>> [m.entity for m in resolved.mentions]
    ['Organization:政协浙江省衢州市柯城区委员会机关党组', 'Place:浙江省衢州市柯城区']
    >>> [(l.head, l.type, l.source) for l in resolved.links][0]
    ('Organization:政协浙江省衢州市柯城区委员会机关党组', 'PART_OF', 'name')
    """
    document = replace(document, mentions=_retyped(_parted(document)))
    context = Context.of(document)
    work = _Work()
    order = sorted(range(len(document.mentions)), key=lambda i: document.mentions[i].start)
    for i in order:
        work.of_sentence[document.mentions[i].sentence].append(i)
    _places(document, context, work, order)
    _organisations(document, context, work, order)
    _people(document, context, work, order)
    _things(document, context, work, order, "Project", project_key)
    _things(document, context, work, order, "Brand", name_key)
    issuer = _issuer(document, context)
    resolved = _assemble(document, work, issuer)
    return apply_corrections(
        resolved, corrections, lambda name, label: by_name(name, label, context)
    )


def by_name(name: str, label: str, context: Context) -> Entity:
    """What a name of a type is in a document, by rule alone.

    Examples
    --------
    >>> by_name("赵抃", "Person", Context(None, None, "", "")).id
    'Person:赵抃'
    """
    if label == "Place":
        return place(name, context, 0)[0]
    if label == "Organization":
        return organisation(name, context, 0).entity()
    if label == "Person":
        return person(name, context.jurisdiction)
    return thing(name, label, context, None)


_TWO = re.compile(
    r"(?:省|市)(?=(?:市|区|县)(?:委|政府|政协|人大|纪委))"
    r"|党中央(?=国务院$)|(?!各级|乡镇).*?委(?=(?:[省市区县州旗镇乡]|自治区|人民)?政府$)"
)


def _parted(document: Document) -> tuple[Mention, ...]:
    """省市委 names two bodies: 省 and 市委, each a mention with its own characters.

    So do 党中央国务院 and 区委区政府.
    """
    parted: list[Mention] = []
    for mention in document.mentions:
        match = _TWO.match(mention.text) if mention.type == "Organization" else None
        if match is None or not document.sentences:
            parted.append(mention)
            continue
        offsets = document.sentences[mention.sentence].offsets
        first, middle = match.group(), mention.begin + match.end()
        parted.append(replace(mention, end=offsets[middle - 1] + 1, text=first))
        parted.append(
            replace(mention, start=offsets[middle], begin=middle, text=mention.text[len(first) :])
        )
    return tuple(parted)


def _retyped(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """One surface, one type: central organs and newspapers are organisations, else by vote.

    A name that is now a place and now an organisation may be both (吉林 and its government);
    between project and brand one reading is a slip.
    """
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for mention in mentions:
        votes[name_key(mention.text)][mention.type] += mention.confidence

    def right(mention: Mention) -> str:
        name = tidy(mention.text)
        if mention.type in ("Project", "Brand", "Place") and _is_body(name):
            return "Organization"
        if mention.type == "Organization" and acts(name):
            return "Place"
        if mention.type == "Project" and shared("Brand", project_name(mention.text)):
            # “请你来协商”活动 is the platform that everybody knows, at work.
            return "Brand"
        found = votes[name_key(mention.text)]
        if mention.type in ("Project", "Brand") and len(found) > 1:
            return max(sorted(found), key=found.__getitem__)
        return mention.type

    return tuple(m if (t := right(m)) == m.type else replace(m, type=t) for m in mentions)


def _is_body(name: str) -> bool:
    """Whether a name can only be a body's: 华为 is a brand as well, and 清华 a town."""
    organ = g.organ(name)
    return organ.central if organ else is_newspaper(name)


def _places(document: Document, context: Context, work: _Work, order: list[int]) -> None:
    indices = [i for i in order if document.mentions[i].type == "Place"]
    for i in indices:
        mention = document.mentions[i]
        _, home = place(mention.text, context, mention.start)
        if home is not None:
            context.note(mention.start, home)
    # Once more, now that every full name of the document is known.
    for i in indices:
        mention = document.mentions[i]
        entity, home = place(mention.text, context, mention.start)
        work.entity[i] = entity
        if home is not None:
            work.home[i] = home


def _organisations(document: Document, context: Context, work: _Work, order: list[int]) -> None:
    indices = [i for i in order if document.mentions[i].type == "Organization"]
    for i in indices:
        mention = document.mentions[i]
        found = organisation(_whole(document, mention, work), context, mention.start)
        work.organisation[i] = found
        if found.home is not None:
            work.home[i] = found.home
            if found.home.level in ("township", "village", "zone"):
                context.note(mention.start, found.home)
    names = {i: work.organisation[i].name for i in indices}
    for i in indices:
        found = work.organisation[i]
        # The nearest before comes first, then the nearest after.
        near = sorted(indices, key=lambda j, i=i: (j > i, abs(j - i)))
        others = list(dict.fromkeys(names[j] for j in near if names[j] != found.name))
        if not found.known and (longer := _longer(document.mentions[i].text, found, others)):
            j = next(j for j in near if names[j] == longer)
            reason = f"“{document.mentions[i].text}”是文中{longer}的简称"
            work.organisation[i] = replace(work.organisation[j], reason=reason)
    for i in indices:
        work.entity[i] = work.organisation[i].entity()


def _longer(text: str, found: Organisation, others: list[str]) -> str | None:
    return long_form(found.name, others) or long_form(tidy(text), others)


_HEAD = re.compile(r"^(?:[、和及]?\s*(?:省|市|区|县|州|自治区))+(政协|人大|委|政府)")


def _whole(document: Document, mention: Mention, work: _Work) -> str:
    """省 in 省、市、区政协 is 省政协: the head of the list belongs to each."""
    text = mention.text.rsplit("、", 1)[-1]
    if text in ("省", "市", "区", "县", "州", "自治区", "全国") and document.sentences:
        sentence = document.sentences[mention.sentence].text
        rest = sentence[mention.begin + len(mention.text) :]
        if match := _HEAD.match(rest):
            return text + match.group(1)
    if text in ("政府", "人民政府"):
        # 球川镇党委政府 was cut in two: the government is the town's too.
        for other in (document.mentions[j] for j in work.beside(mention)):
            if other.end == mention.start and (cut := re.fullmatch("(.*?)党?委", other.text)):
                return cut.group(1) + text
    return text


_POST = re.compile(
    r"^[^，。；！？]{0,14}?(?:书记|主席|市长|县长|区长|省长|州长|镇长|乡长|局长|厅长|部长|主任|院长|校长|董事长|"
    r"经理|会长|秘书长|常委|委员|代表|科长|所长|站长|理事长|负责人|记者)、?[^，。；！？]{0,8}$"
)


def _people(document: Document, context: Context, work: _Work, order: list[int]) -> None:
    """Within a document one name is one person; the first post that is told says where."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for i in order:
        if document.mentions[i].type == "Person":
            by_name[re.sub(r"\s+", "", document.mentions[i].text)].append(i)
    for name, indices in by_name.items():
        homes = [_post_home(document, work, i) for i in indices]
        home = next(filter(None, homes), None)
        nationwide = home is None and any(_holds_office(document, work, i) for i in indices)
        if home is None and not nationwide:
            home = context.jurisdiction
        entity = person(name, home, nationwide=nationwide)
        for i in indices:
            work.entity[i] = entity


def _post_home(document: Document, work: _Work, i: int) -> Home | None:
    mention = document.mentions[i]
    best = None
    for j in work.beside(mention):
        other, home = document.mentions[j], work.home.get(j)
        end = other.begin + len(other.text)
        if home is None or end > mention.begin or not document.sentences:
            continue
        between = document.sentences[mention.sentence].text[end : mention.begin]
        if _POST.match(between) and (best is None or other.begin > best[0]):
            best = (other.begin, home)
    # A village or town has no people of its own that its county does not know.
    if best is None or best[1].division is None or best[1].level == "township":
        return None
    return best[1]


_OFFICE = re.compile(
    r"(?:总统|总理|国王|首相|外长|(?<!形象)(?<!推广)大使|联合国秘书长|国务委员|新华社记者)[，、\s]?$"
)
_NATIONAL_POST = re.compile(
    r"(?:党组|党委|常务|第[一二三])?副?(?:主席|总理|委员长|部长|主任|书记|秘书长|局长|署长|院长|检察长|行长|司令员|政委)"
    r"(?:、[^，。；！？]{1,8})?"
)


def _holds_office(document: Document, work: _Work, i: int) -> bool:
    """Whether what stands before a person is an office of the country, or of another."""
    mention = document.mentions[i]
    if not document.sentences:
        return False
    before = document.sentences[mention.sentence].text[: mention.begin]
    if _OFFICE.search(before):
        return True
    for j in work.beside(mention):
        other, found = document.mentions[j], work.organisation.get(j)
        organ = g.organ(found.name) if found else None
        between = before[other.begin + len(other.text) :]
        if organ is not None and organ.central and _NATIONAL_POST.fullmatch(between):
            return True
    return False


def _things(document, context: Context, work: _Work, order, label: str, key) -> None:
    groups: dict[str, list[int]] = defaultdict(list)
    for i in order:
        if document.mentions[i].type == label:
            groups[key(document.mentions[i].text)].append(i)
    fullest = {
        k: max((document.mentions[i].text for i in indices), key=len)
        for k, indices in groups.items()
    }
    for k in sorted(groups, key=len):
        others = [text for other, text in fullest.items() if other != k]
        if longer := contained(fullest[k], others):
            target = key(longer)
            groups[target] = sorted(groups[target] + groups.pop(k))
            del fullest[k]
    for k, indices in groups.items():
        owner = next(filter(None, (_owner(document, work, i) for i in indices)), None)
        entity = thing(fullest[k], label, context, owner)
        for i in indices:
            work.entity[i] = entity


def _owner(document: Document, work: _Work, i: int) -> Home | None:
    """The jurisdiction of the organisation whose name stands right before: 省政协“请你来协商”."""
    mention = document.mentions[i]
    if not document.sentences:
        return None
    sentence = document.sentences[mention.sentence].text
    for j in work.beside(mention):
        other, found = document.mentions[j], work.organisation.get(j)
        if found is None or found.home is None or not found.known:
            continue
        between = sentence[other.begin + len(other.text) : mention.begin]
        if other.begin < mention.begin and re.fullmatch(r"(?:的|打造的|主办的)?[“《\"]?", between):
            return found.home if found.home.division is not None else None
    return None


def _issuer(document: Document, context: Context) -> Organisation | None:
    name = document.header.issuer
    return organisation(name, context, 0) if name else None


def _assemble(document: Document, work: _Work, issuer: Organisation | None) -> Document:
    entities: dict[str, Entity] = {}
    aliases: dict[str, set[str]] = defaultdict(set)
    reasons: dict[str, dict[str, str]] = defaultdict(dict)
    links: dict[tuple[str, str, str], Link] = {}
    mentions = []
    for i, mention in enumerate(document.mentions):
        entity = work.entity.get(i)
        if entity is None:
            mentions.append(mention)
            continue
        entities.setdefault(entity.id, entity)
        aliases[entity.id].add(mention.text)
        reasons[entity.id].setdefault(mention.text, entity.reason)
        mentions.append(replace(mention, entity=entity.id))
    for found in (*work.organisation.values(), *((issuer,) if issuer else ())):
        _parts(found, entities, links)
    for i, home in work.home.items():
        if document.mentions[i].type == "Place":
            _parents(home, entities, links)
    return replace(
        document,
        mentions=tuple(mentions),
        entities=tuple(
            replace(
                e,
                aliases=tuple(sorted(aliases[e.id] - {e.name})),
                reason=_told(reasons[e.id]) or e.reason,
            )
            for e in entities.values()
        ),
        links=tuple(links.values()),
        issuer=issuer.entity().id if issuer else None,
    )


def _told(reasons: dict[str, str]) -> str:
    """The reasons of an entity's surfaces, each reason once: “区政协”“柯城区政协”：…"""
    surfaces: dict[str, list[str]] = defaultdict(list)
    for surface, reason in reasons.items():
        surfaces[reason].append(surface)
    return "；".join(
        "".join(f"“{text}”" for text in texts) + f"：{reason}" for reason, texts in surfaces.items()
    )


def _parts(found: Organisation, entities: dict[str, Entity], links: dict) -> None:
    for depth in range(len(found.chain) - 1, -1, -1):
        entity = found.entity(depth)
        entities.setdefault(entity.id, entity)
        if depth:
            above = found.entity(depth - 1)
            link = Link(entity.id, "PART_OF", above.id, "name")
            links[link.head, link.type, link.tail] = link


def _parents(home: Home, entities: dict[str, Entity], links: dict) -> None:
    if home.division is None:
        # A village lies in its town, a zone in the division that its path begins with.
        up = g.division(home.code[:9] if home.code else None) or g.locate(home.path).division
        if up is None or not home.path.startswith(g.path(up)):
            return
        _link(home, Home.of(up), entities, links)
        home = Home.of(up)
    line = [home, *(Home.of(up) for up in g.ancestors(home.division))]
    for inner, outer in pairwise(line):
        _link(inner, outer, entities, links)


def _link(inner: Home, outer: Home, entities: dict[str, Entity], links: dict) -> None:
    for home in (inner, outer):
        entity = home_entity(home, "行政区划表中的上级" if home is outer else "行政区划")
        entities.setdefault(entity.id, entity)
    link = Link(f"Place:{inner.path}", "LOCATED_IN", f"Place:{outer.path}", "gazetteer")
    links[link.head, link.type, link.tail] = link
