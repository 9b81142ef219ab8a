"""The explorer as a user runs it: `zhitu serve` in a process, Chromium before it."""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import quote, unquote

import pytest

from graph.corrections import load_corrections
from graph.store import connect
from tests.browser import Watched, until, watched
from tests.builder import TYPE_OF_SURFACE, document
from tests.served import HOSTILE, Served, ask, serving

KECHENG = "Organization:政协浙江省衢州市柯城区委员会"
CHANGSHAN = "政协浙江省衢州市常山县委员会"
REPORT = "柯城区政协常委会工作报告"


def refused(seen: Watched) -> None:
    """Nothing was said but that requests were refused, which the browser reports by itself."""
    assert seen.messages and all(re.search(r"status of 40[04]", m) for m in seen.messages)
    seen.messages.clear()


def documents(served: Served) -> list[str]:
    return re.findall(r'href="/document\?id=([0-9a-f]+)"', served.get("/documents")[2])


def go(seen: Watched, served: Served, path: str, **parameters: str):
    answer = seen.page.goto(served.url(path, **parameters))
    assert answer.status == 200
    return seen.page


def test_searching_leads_to_an_entity_and_its_picture(seen, served):
    page = go(seen, served, "/")
    page.fill("main input[name=q]", "议事堂")
    page.press("main input[name=q]", "Enter")
    page.click("text=民生议事堂")
    assert page.inner_text("h1") == "民生议事堂"
    assert "区政协打造“民生议事堂”。" in page.inner_text("main")
    page.click("text=关系图 >> nth=1")
    until(page, "window.zhitu !== undefined")
    assert page.inner_text("#title") == "民生议事堂"


@pytest.mark.parametrize("text", ["区政协", "zhengxiezhejiang", "msyst", "寺桥"])
def test_search_takes_aliases_and_pinyin(served, text):
    status, _, html = served.get("/search", q=text)
    assert status == 200
    wanted = {"区政协": "政协浙江省衢州市柯城区委员会", "zhengxiezhejiang": "政协浙江省委员会",
              "msyst": "民生议事堂", "寺桥": "寺桥水库"}[text]  # fmt: skip
    assert f">{wanted}</a>" in html


def test_the_home_page_leads_to_every_issuer(tmp_path, monkeypatch):
    names = [f"第{i}机构" for i in range(1, 15)]
    for name in names:
        monkeypatch.setitem(TYPE_OF_SURFACE, name, ("Organization", name))
    with connect(f"file:{tmp_path / 'zhitu.db'}") as store:
        store.load([document([f"{n}开会。"], [n], issuer=n) for n in names], version="1")
    with serving(tmp_path / "zhitu.db", tmp_path) as running:
        html = running.get("/")[2]
    assert [name for name in names if html.count(f">{name}</a>") != 1] == []
    assert "其余 2 个发文机构" in html
    assert f"工作报告 · {names[0]}</a>" in html


def test_pinyin_finds_as_much_as_a_name(served):
    rows = [
        re.findall(r"<td.*?</td>", served.get("/search", q=text)[2], re.DOTALL)
        for text in ("msyst", "民生议事堂")
    ]
    assert rows[0] == rows[1]
    assert rows[0][3].endswith(">5</td>")
    assert f"{REPORT} · 柯城区政协报告2024.txt、{REPORT} · 柯城区政协报告2023.txt" in rows[0][4]


def test_a_search_box_suggests_names(seen, served):
    page = go(seen, served, "/path")
    page.locator("input[name=from]").press_sequentially("议事", delay=20)
    option = page.locator("input[name=from] + datalist option").first
    option.wait_for(state="attached")
    assert option.get_attribute("value") == "民生议事堂"


def test_a_node_expands_from_the_database_and_the_address_follows(seen, served):
    page = go(seen, served, "/graph", id="Person:李四")
    until(page, "window.zhitu !== undefined")
    before = page.evaluate("zhitu.graph.nodes.size")
    places = page.evaluate(
        "Object.fromEntries([...zhitu.graph.nodes.values()].map((n) => [n.id, [n.x, n.y]]))"
    )
    page.evaluate("(id) => zhitu.graph.select(id)", KECHENG)
    page.click("#expand")
    until(page, "(n) => zhitu.graph.nodes.size > n", before)
    assert page.evaluate("zhitu.graph.nodes.has('Brand:民生议事堂')")
    after = page.evaluate(
        "Object.fromEntries([...zhitu.graph.nodes.values()].map((n) => [n.id, [n.x, n.y]]))"
    )
    assert {key: after[key] for key in places} == places
    assert quote(KECHENG) in page.url
    page.reload()
    until(page, "window.zhitu !== undefined")
    assert page.evaluate("zhitu.graph.nodes.has('Brand:民生议事堂')")


def test_a_double_click_expands(seen, served):
    page = go(seen, served, "/graph", id="Person:李四")
    until(page, "window.zhitu !== undefined && zhitu.graph.labels.drawn.length")
    at = page.evaluate(
        """(id) => {
            const graph = zhitu.graph, node = graph.nodes.get(id);
            const frame = graph.container.getBoundingClientRect();
            const point = graph.network.canvasToDOM({x: node.x, y: node.y});
            return [point.x + frame.left, point.y + frame.top];
        }""",
        KECHENG,
    )
    page.mouse.dblclick(*at)
    until(page, "zhitu.graph.nodes.has('Brand:民生议事堂')")


def test_a_path_shows_each_step_with_its_evidence(seen, served):
    page = go(seen, served, "/path", **{"from": "李四", "to": "常山县政协"})
    until(page, "window.zhitu !== undefined && zhitu.graph.labels.drawn.length")
    rows = page.locator("table tbody tr").all_inner_texts()
    assert any("区政协主席李四作报告。" in row for row in rows)
    assert any("合作" in row and "县政协" in row for row in rows)
    assert page.evaluate("zhitu.graph.nodes.size") == 3
    page = go(seen, served, "/path", **{"from": "李四", "to": "C919"})
    assert "六步之内没有联系" in page.inner_text("main")


def test_a_name_of_several_is_a_choice_and_the_form_stays(seen, served):
    page = seen.page
    page.goto(served.url("/path", **{"from": "李四", "to": "县政协"}))
    assert "“县政协”可能指 2 个实体" in page.inner_text("[role=alert]")
    assert page.input_value("input[name=from]") == "李四"
    assert page.input_value("input[name=to]") == "县政协"
    page.click(f"[role=alert] a:has-text('{CHANGSHAN}')")
    until(page, "window.zhitu !== undefined")
    assert page.input_value("input[name=to]") == CHANGSHAN
    assert page.locator("table tbody tr").count() >= 2
    refused(seen)


@pytest.mark.parametrize(
    ("path", "parameters", "said", "chosen"),
    [
        ("/graph", {"name": "县政协", "hops": "2"}, "“县政协”可能指 2 个实体", CHANGSHAN),
        ("/graph", {"name": "民生议事"}, "没有叫“民生议事”的实体", "民生议事堂"),
        ("/queries/brands-of", {"name": "县政协"}, "“县政协”可能指 2 个实体", CHANGSHAN),
        ("/queries/document-contents", {"document": REPORT}, "可能指 2 篇文档", "2024.txt"),
        ("/queries/document-contents", {"document": "没有"}, "没有文档的标题", "2024.txt"),
    ],
)
def test_a_choice_repeats_the_request(served, path, parameters, said, chosen):
    html = served.get(path, **parameters)[2]
    assert said in html
    [link] = [a for a, text in re.findall(r'<a href="([^"]+)">([^<]+)</a>', html) if chosen in text]
    assert link.startswith(f"{path}?") and link.count("=") == len(parameters)
    status, _, html = ask(served.url("") + link.replace("&amp;", "&"))
    assert status == 200 and 'role="alert"' not in html


def test_an_unknown_address_is_a_page_with_a_way_home(seen, served):
    seen.page.goto(served.url("/foo"))
    assert "没有这个地址：/foo" in seen.page.inner_text("main")
    refused(seen)
    seen.page.click("text=回首页")
    assert seen.page.inner_text("h1") == "知图"


def test_a_phone_shows_the_whole_navigation_and_half_a_screen_of_picture(browser, served):
    with watched(browser, viewport={"width": 390, "height": 844}) as seen:
        page = go(seen, served, "/graph")
        until(page, "window.zhitu !== undefined && zhitu.graph.labels.drawn.length")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for link in page.locator(".nav a").all():
            box = link.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        frame = page.locator("#network").bounding_box()
        assert frame["height"] >= 422
        outside = page.evaluate(
            """() => zhitu.graph.visibleNodes().filter((node) => {
                const at = zhitu.graph.network.canvasToDOM(node);
                const frame = zhitu.graph.container.getBoundingClientRect();
                return at.x < 0 || at.y < 0 || at.x > frame.width || at.y > frame.height;
            }).length"""
        )
        assert outside == 0
        seen.check(served.host)


def test_a_document_shows_its_mentions_in_the_text(seen, served):
    for id_ in documents(served):
        page = go(seen, served, "/document", id=id_)
        if "民生议事堂”得到省政协肯定" not in page.inner_text("article"):
            continue
        links = page.locator("article a.mention")
        texts = dict(
            zip(
                links.all_text_contents(),
                links.evaluate_all("(l) => l.map((a) => a.title)"),
                strict=True,
            )
        )
        assert texts["区政协"] == "政协浙江省衢州市柯城区委员会（组织机构）"
        assert texts["李四"] == "李四（人物）"
        page.uncheck("input[data-mark=Person]")
        assert "off" in page.locator("article a.m-Person").first.get_attribute("class")
        page.locator("article a.m-Person").first.click()
        assert page.inner_text("h1") == "李四"
        return
    pytest.fail("the document is not listed")


def test_the_map_shows_linked_places_without_any_tile(seen, served):
    page = go(seen, served, "/map")
    names = page.locator(".places a").evaluate_all("(l) => l.map((a) => a.dataset.name)")
    assert {"浙江省衢州市柯城区", "浙江省衢州市常山县"} <= set(names)
    assert page.locator(".counties").get_attribute("d").count("M") > 2500
    before = page.get_attribute(".map svg", "viewBox")
    page.click("[data-zoom='0.7']")
    assert page.get_attribute(".map svg", "viewBox") != before
    page.locator(".places a").first.focus()
    assert page.inner_text(".map-name")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entity?**")


def test_two_documents_are_compared(seen, served):
    page = go(seen, served, "/compare")
    for name, date in (("first", "2023-02-01"), ("second", "2024-01-30")):
        label = f"{REPORT} · 柯城区政协报告{date[:4]}.txt（{date}）"
        page.select_option(f"select[name={name}]", label=label)
    page.click("main button:has-text('比较')")
    sections = dict(
        zip(
            ("first", "both", "second"),
            page.locator(".three section").all_inner_texts(),
            strict=True,
        )
    )
    assert (
        "民生议事堂" in sections["both"]
        and "张三" in sections["first"]
        and "李四" in sections["second"]
    )
    assert "张三" not in sections["second"]
    assert "运营" in page.locator("table").inner_text()
    assert "first=" in page.url and "second=" in page.url


def test_a_named_query_is_a_form_a_table_and_a_picture(seen, served):
    page = go(seen, served, "/queries", q="县里的品牌")
    page.click("main li a >> nth=0")
    page = go(seen, served, "/queries/brands-of")
    page.fill("main input[name=name]", "区政协")
    page.click("main button:has-text('查询')")
    assert "民生议事堂" in page.locator("table").inner_text()
    assert "name=" in page.url
    page.click("text=看成关系图")
    until(page, "window.zhitu !== undefined")
    assert {KECHENG, "Brand:民生议事堂"} <= set(page.evaluate("[...zhitu.graph.nodes.keys()]"))
    assert page.evaluate("zhitu.graph.edges.size") >= 1


def test_cypher_reads_and_never_writes(served):
    status, _, html = served.get("/cypher", query="MATCH (b:Brand) RETURN b ORDER BY b.name")
    assert status == 200 and "民生议事堂</a>" in html
    status, _, html = served.get("/cypher", query="MATCH (n) DETACH DELETE n")
    assert 'role="alert"' in html
    assert "民生议事堂" in served.get("/search", q="民生议事堂")[2]


def test_corrections_are_recorded_and_undone_by_hand(seen, served):
    page = go(seen, served, "/corrections", entity="寺桥水库")
    form = page.locator("form[data-op=rename]")
    form.locator("input[name=name]").fill("衢州寺桥水库")
    form.locator("input[name=note]").fill("全称")
    form.locator("button").click()
    page.wait_for_selector("#outcome:not([hidden])")
    assert "已记下" in page.inner_text("#outcome") and "zhitu build" in page.inner_text("#outcome")
    [made] = load_corrections(served.corrections)
    assert (made.op, made.entity, made.name, made.note) == (
        "rename",
        "Project:寺桥水库",
        "衢州寺桥水库",
        "全称",
    )
    assert len(made.documents) == 2
    page.click("form[data-op=undo] button")
    page.locator("#outcome", has_text="撤销").wait_for()
    assert load_corrections(served.corrections) == ()
    page.locator("form[data-op=merge] input[name=entity]").first.fill("没有这个")
    page.locator("form[data-op=merge] input[name=into]").first.fill("寺桥水库")
    page.locator("form[data-op=merge] button").first.click()
    page.wait_for_selector("#outcome.bad")
    assert "没有这个" in page.inner_text("#outcome")
    page.locator("form[data-op=merge] input[name=entity]").first.fill("县政协")
    page.locator("form[data-op=merge] button").first.click()
    page.locator("#outcome", has_text="可能指 2 个实体").wait_for()
    link = page.locator("#outcome a", has_text=CHANGSHAN)
    assert unquote(link.get_attribute("href")) == f"/entity?id=Organization:{CHANGSHAN}"
    refused(seen)


def test_likely_duplicates_are_listed_for_a_person_to_decide(served):
    status, _, html = served.get("/corrections", duplicates="1")
    assert status == 200
    assert "合并为乙" in html or "没有。" in html


@pytest.mark.parametrize(
    "path", ["/", "/search", "/entity", "/graph", "/documents", "/map", "/queries", "/corrections"]
)
def test_hostile_names_stay_text(seen, served, path):
    parameters = {"/search": {"q": HOSTILE}, "/entity": {"id": f"Project:{HOSTILE}"},
                  "/graph": {"id": f"Project:{HOSTILE}"}, "/queries": {"q": HOSTILE},
                  "/documents": {"q": HOSTILE}, "/corrections": {"entity": HOSTILE}}  # fmt: skip
    page = go(seen, served, path, **parameters.get(path, {}))
    assert page.locator("img").count() == 0
    if path in ("/entity", "/graph"):
        assert page.locator("h1").first.text_content() == HOSTILE


@pytest.mark.parametrize(
    ("path", "parameters", "table", "cell"),
    [
        ("/search", {"q": "议事堂"}, "entities", "民生议事堂"),
        ("/documents", {}, "documents", "柯城区政协常委会工作报告"),
        ("/entity", {"id": KECHENG}, "relations", "民生议事堂"),
        ("/entity", {"id": KECHENG}, "mentions", "区政协"),
        ("/map", {}, "places", "浙江省衢州市柯城区"),
        ("/queries/brands-of", {"name": "区政协"}, "answer", "民生议事堂"),
        ("/cypher", {"query": "MATCH (b:Brand) RETURN b.name"}, "answer", "民生议事堂"),
        ("/path", {"from": "李四", "to": "常山县政协"}, "steps", "李四"),
        ("/corrections", {}, "corrections", "编号"),
    ],
)
def test_every_table_is_a_csv(served, path, parameters, table, cell):
    status, headers, text = served.get(path, **parameters, format="csv", table=table)
    assert status == 200
    assert (
        headers["content-type"].startswith("text/csv")
        and "attachment" in headers["content-disposition"]
    )
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff") and any(cell in row for row in rows)
    page = served.get(path, **parameters)[2]
    assert f"table={table}&amp;format=csv" in page


def test_the_picture_can_be_asked_for_by_address(served):
    html = served.get(
        "/graph", name="区政协", relation="OPERATES", type="Brand", hops="1", limit="10"
    )[2]
    data = json.loads(re.search(r'id="zhitu-data">(.*?)</script>', html)[1])
    assert {edge["type"] for edge in data["edges"]} == {"OPERATES"}


@pytest.mark.parametrize(
    ("path", "parameters", "said"),
    [
        ("/entity", {}, "缺少参数 id"),
        ("/entity", {"id": "Brand:没有"}, "没有"),
        ("/graph", {"name": "没有这个"}, "没有叫“没有这个”的实体"),
        ("/graph", {"name": "区政协", "hops": "x"}, "不是数"),
        ("/queries/nothing", {}, "no query is called"),
        ("/document", {"id": "0"}, "没有编号为 0 的文档"),
    ],
)
def test_errors_are_pages_that_say_what_is_wrong(served, path, parameters, said):
    status, _, html = served.get(path, **parameters)
    assert status == 400 and said in html
