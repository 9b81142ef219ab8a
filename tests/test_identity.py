"""Identity: one entity for one thing, by a table of cases and by properties."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from extract import gazetteer as g
from extract.documents import Document, Header, Jurisdiction, Mention, Sentence
from graph.identity import resolve
from graph.identity_corrected import entity_of_id
from graph.ontology import allowed
from training.evaluate_identity import evaluate, load_gold

DATA = Path(__file__).parent / "data"
TYPES = {"O": "Organization", "P": "Place", "J": "Project", "B": "Brand", "R": "Person"}
MARK = re.compile(r"〔([OPJBR])([^〕]+)〕")


def marked(text: str, code: str, whose: str = "*", *, name: str = "例") -> Document:
    """A one-sentence document from text with 〔O…〕 marks; `code` of the jurisdiction or -."""
    home = g.division(code)
    path = g.path(home) if home else ""
    issuers = {
        "政协": f"政协{path}委员会",
        "政府": f"{path}人民政府",
        "人大": f"{path}人民代表大会常务委员会",
        "*": None,
    }
    plain, mentions = "", []
    end = 0
    for match in MARK.finditer(text):
        plain += text[end : match.start()]
        begin, surface = len(plain), match.group(2)
        plain += surface
        mentions.append(
            Mention(begin, len(plain), surface, TYPES[match.group(1)], 0, begin, 1.0, "dictionary")
        )
        end = match.end()
    plain += text[end:]
    header = Header(
        issuer=issuers[whose] if whose in issuers else path + whose,
        jurisdiction=Jurisdiction(code, path, home.level) if home else None,
    )
    sentence = Sentence(f"{name}:0", 0, len(plain), plain, tuple(range(len(plain))))
    return Document(
        name, name, plain, header=header, sentences=(sentence,), mentions=tuple(mentions)
    )


def rows(file: str) -> list[list[str]]:
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


CASES = rows("resolution_cases.tsv")


def test_there_are_enough_cases_and_each_has_a_reason():
    assert len(CASES) >= 150
    assert all(len(row) == 5 and row[4] for row in CASES)


@pytest.mark.parametrize("row", CASES, ids=[f"{r[0]}-{r[2]}" for r in CASES])
def test_case(row):
    code, whose, text, expected, reason = row
    document = resolve(marked(text, code, whose))
    entity = next(e for e in document.entities if e.id == document.mentions[-1].entity)
    got = f"={entity.id}" if expected.startswith("=") else entity.name
    assert got == expected, reason


PAIRS = rows("identity_pairs.tsv")


@pytest.mark.parametrize("row", PAIRS, ids=[f"{r[0]}{r[1]}-{r[2]}{r[3]}" for r in PAIRS])
def test_pair(row):
    code_a, text_a, code_b, text_b, verdict, reason = row
    one = resolve(marked(text_a, code_a)).mentions[-1].entity
    other = resolve(marked(text_b, code_b)).mentions[-1].entity
    assert (one == other) == (verdict == "same"), f"{reason}: {one} / {other}"


def facts(entity) -> tuple:
    return entity.name, entity.type, entity.code, entity.level, entity.path, entity.lng, entity.lat


def test_what_an_entity_is_follows_from_its_id():
    """Over all cases: documents resolved apart agree on everything that the graph keeps."""
    known: dict[str, tuple] = {}
    for code, whose, text, _, _ in CASES:
        for entity in resolve(marked(text, code, whose)).entities:
            assert known.setdefault(entity.id, facts(entity)) == facts(entity), text
            made = facts(entity_of_id(entity.id))
            # A village's code and level are not to be had from its path.
            if entity.level not in ("village", "zone", "township"):
                assert made == facts(entity)


@pytest.mark.parametrize("code", ["330802", "530681", "540171"])
def test_order_of_mentions_does_not_matter(code):
    texts = [row[2] for row in CASES if row[0] == code]
    document = marked("。".join(texts), code, "政协")
    turned = replace(document, mentions=tuple(reversed(document.mentions)))
    one = {m.start: m.entity for m in resolve(document).mentions}
    other = {m.start: m.entity for m in resolve(turned).mentions}
    assert one == other


def test_every_mention_and_link_end_is_listed():
    for code, whose, text, _, _ in CASES:
        document = resolve(marked(text, code, whose))
        ids = {e.id for e in document.entities}
        assert {m.entity for m in document.mentions} <= ids
        assert {end for x in document.links for end in (x.head, x.tail)} <= ids
        assert document.issuer is None or document.issuer in ids
        for link in document.links:
            types = {e.id: e.type for e in document.entities}
            assert allowed(link.type, types[link.head], types[link.tail])


def test_place_parents_lead_up_to_the_province():
    document = resolve(marked("〔P沟溪乡余西村〕", "330802"))
    links = [(x.head, x.tail) for x in document.links]
    assert links == [
        ("Place:浙江省衢州市柯城区沟溪乡余西村", "Place:浙江省衢州市柯城区沟溪乡"),
        ("Place:浙江省衢州市柯城区沟溪乡", "Place:浙江省衢州市柯城区"),
        ("Place:浙江省衢州市柯城区", "Place:浙江省衢州市"),
        ("Place:浙江省衢州市", "Place:浙江省"),
    ]
    assert {x.source for x in document.links} == {"gazetteer"}


def test_a_place_that_stays_unlinked_says_why():
    document = resolve(marked("〔P朝阳区〕", "330000", "政府"))
    (place,) = (e for e in document.entities if e.type == "Place")
    assert place.code is None
    assert "处同名" in place.reason


def test_two_bodies_in_one_span_are_two_mentions():
    document = resolve(marked("根据中央和〔O省市委〕政协工作会议要求", "330822", "政协"))
    assert [(m.text, m.start, m.end, m.begin, m.entity) for m in document.mentions] == [
        ("省", 5, 6, 5, "Organization:中共浙江省委员会"),
        ("市委", 6, 8, 6, "Organization:中共浙江省衢州市委员会"),
    ]


def test_a_village_links_only_where_its_county_is_known():
    def place(text, code):
        document = resolve(marked(text, code))
        return next(e for e in document.entities if e.id == document.mentions[-1].entity)

    names = [v.name for v in g.villages(g.division("330802"))]
    once = next(n for n in names if names.count(n) == 1 and n.endswith("村"))
    assert place(f"〔P{once}〕", "330802").code
    assert "已知的县" in place(f"〔P{once}〕", "330000").reason
    assert "没有" in place("〔P没有这个名字村〕", "330802").reason
    twice = [v.name for v in g.villages(g.division("620826"))]
    double = next((n for n in twice if twice.count(n) > 1 and n.endswith("村")), None)
    assert double is not None
    assert "同名" in place(f"〔P{double}〕", "620826").reason


@pytest.mark.parametrize("folder", ["written", "fresh"])
def test_grouping_on_whole_documents(folder):
    scores = evaluate(load_gold(DATA / folder, "dev"))
    assert scores["within"].f1 >= 0.99
    assert scores["across"].f1 >= 0.99
    for name in ("issuer", "kind", "jurisdiction"):
        assert scores[name] >= 0.95


def test_firms_are_not_mixed_up_by_kind():
    text = "〔O新疆银行〕、〔O库尔勒银行〕、〔O昆仑银行〕"
    assert len({m.entity for m in resolve(marked(text, "650000")).mentions}) == 3


def test_without_a_jurisdiction_short_forms_stay_within_their_document():
    def bare(name):
        document = marked("〔O区政协〕与〔O常委会〕到〔P市体育中心〕", "330802", name=name)
        return resolve(replace(document, header=Header()))

    one, other = bare("甲"), bare("乙")
    assert not {m.entity for m in one.mentions} & {m.entity for m in other.mentions}
    assert all("未说明" in e.reason for e in one.entities)


def test_without_a_jurisdiction_the_place_named_last_counts():
    document = marked("〔P四川省宜宾市〕，〔O市政协〕", "330802")
    document = resolve(replace(document, header=Header()))
    assert document.mentions[1].entity == "Organization:政协四川省宜宾市委员会"
