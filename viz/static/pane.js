"use strict";
// The pane: one entity (names, posts, relations with their evidence) or one relation.

Zhitu.SOURCES = { gazetteer: "行政区划表", name: "由名称可知", text: "文中" };
Zhitu.STATUS = { done: "已做", planned: "计划" };

// A sentence with its mentions marked. `marks` are [begin, end, "head" | "tail" | type].
Zhitu.marked = function marked(text, marks) {
  const parts = [];
  let at = 0;
  const characters = Array.from(text); // offsets count code points, as Python's do
  const cut = (begin, end) => characters.slice(begin, end).join("");
  for (const [begin, end, role] of [...(marks || [])].sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (begin < at || end > characters.length) continue;
    parts.push(cut(at, begin), Zhitu.h("mark", { class: role }, cut(begin, end)));
    at = end;
  }
  parts.push(cut(at));
  return parts;
};

Zhitu.Pane = class Pane {
  constructor(element, graph, page, options = {}) {
    this.element = element;
    this.graph = graph;
    this.page = page;
    this.options = options;
    graph.on("focus", (chosen) => this.show(chosen));
    graph.on("change", () => this.show({ id: graph.focus, edge: graph.focusEdge }));
    this.show({ id: null, edge: null });
  }

  show({ id, edge }) {
    const content = edge ? this.edge(this.graph.edges.get(edge)) : id ? this.node(this.graph.nodes.get(id)) : this.overview();
    this.element.replaceChildren(...content);
    this.element.scrollTop = 0;
  }

  documentLine(id) {
    const document = (this.page.documents || {})[id] || {};
    const name = Zhitu.documentName(this.page, id);
    const link = this.options.documentUrl ? Zhitu.h("a", { href: this.options.documentUrl(id) }, `《${name}》`) : `《${name}》`;
    return Zhitu.h("cite", {}, link, document.date ? [" ", Zhitu.h("span", { class: "date" }, document.date)] : null);
  }

  overview() {
    const h = Zhitu.h, graph = this.graph;
    const centres = graph.visibleNodes().filter((node) => node.centre);
    const documents = Object.keys(this.page.documents || {});
    return [
      h("h2", {}, "总览"),
      h("p", {}, "点一个实体或一条线，这里显示它的名称、关系和原文证据。"),
      centres.length ? h("h3", {}, "中心") : null,
      h("ul", { class: "links" }, centres.map((node) => h("li", {}, this.link(node)))),
      documents.length ? h("h3", {}, `文档 ${documents.length}`) : null,
      h("ul", { class: "documents" }, documents.slice(0, 100).map((id) => h("li", {}, this.documentLine(id)))),
      documents.length > 100 ? h("p", { class: "muted" }, `另有 ${documents.length - 100} 篇`) : null,
    ].filter(Boolean);
  }

  link(node) {
    return Zhitu.h("button", { type: "button", class: "link", "data-id": node.id, onclick: () => this.graph.select(node.id, { move: true }) },
      Zhitu.icon(this.graph.shapes.get(node.type), node.type), Zhitu.h("span", {}, node.name));
  }

  node(node) {
    const h = Zhitu.h, graph = this.graph;
    const edges = graph.visibleEdgesOf(node.id);
    const posts = edges.filter((edge) => edge.type === "HOLDS_POSITION");
    const others = edges.filter((edge) => edge.type !== "HOLDS_POSITION");
    const facts = [
      node.aliases.length ? ["别名", node.aliases.join("、")] : null,
      node.path && node.path !== node.name ? ["所在", node.path] : null,
      node.code ? [node.type === "Place" ? "区划代码" : "所属区划代码", node.code] : null,
      ["关系", `${edges.length} 条${node.ties > edges.length ? `（全图 ${node.ties} 条）` : ""}`],
      node.reason ? ["归一依据", node.reason] : null,
    ].filter(Boolean);
    return [
      h("p", { class: "kind" }, Zhitu.icon(graph.shapes.get(node.type), node.type), graph.typeName(node.type)),
      h("h2", {}, node.name),
      h("dl", {}, facts.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)])),
      ...(this.options.actions ? [h("p", { class: "actions" }, this.options.actions(node))] : []),
      posts.length ? h("h3", {}, "职务") : null,
      ...this.byKind(posts, node),
      ...this.byKind(others, node),
    ].filter(Boolean);
  }

  // Grouped by relation and direction, in the ontology's order.
  byKind(edges, node) {
    const h = Zhitu.h, graph = this.graph;
    const groups = new Map();
    for (const relation of graph.ontology.relations) for (const out of [true, false]) {
      const own = edges.filter((edge) => edge.type === relation.name && (edge.from === node.id) === out);
      if (own.length) groups.set(`${relation.name}${out}`, { relation, out, own });
    }
    return [...groups.values()].flatMap(({ relation, out, own }) => [
      relation.name === "HOLDS_POSITION" ? null : h("h3", {}, relation.symmetric ? relation.zh : out ? `${relation.zh} →` : `← ${relation.zh}`, h("span", { class: "count" }, String(own.length))),
      h("ul", { class: "claims" }, own.map((edge) => h("li", {}, this.link(graph.other(edge, node.id)), this.claims(edge)))),
    ]).filter(Boolean);
  }

  edge(edge) {
    const h = Zhitu.h, graph = this.graph;
    const arrow = graph.symmetric.has(edge.type) ? "—" : "→";
    return [
      h("p", { class: "kind" }, "关系"),
      h("h2", {}, graph.relationName(edge.type)),
      h("p", { class: "ends" }, this.link(graph.nodes.get(edge.from)), h("span", { "aria-hidden": "true" }, ` ${arrow} `), this.link(graph.nodes.get(edge.to))),
      this.claims(edge, Infinity),
    ];
  }

  claims(edge, most = 3) {
    const h = Zhitu.h;
    const blocks = edge.claims.map((claim) => this.claim(claim));
    const box = h("div", { class: "evidence" }, blocks.slice(0, most));
    if (blocks.length > most) {
      const rest = blocks.slice(most);
      box.append(h("button", { type: "button", class: "more", onclick: (event) => event.target.replaceWith(...rest) }, `另有 ${rest.length} 处`));
    }
    return box;
  }

  claim(claim) {
    const h = Zhitu.h;
    // The unsaid subject of a report is its issuer (@ISSUER in the ontology).
    const unsaid = (claim.evidence || []).length > 0 && claim.evidence.every((proof) => proof.marks.length > 0 && proof.marks.every(([, , role]) => role !== "head"));
    const facts = [claim.title, Zhitu.STATUS[claim.status], claim.source && claim.source !== "text" ? Zhitu.SOURCES[claim.source] || claim.source : null,
      typeof claim.confidence === "number" && claim.source === "text" ? `可信度 ${Zhitu.percent(claim.confidence)}` : null, unsaid ? "主语省略，指发文机构" : null].filter(Boolean);
    return h("div", { class: "claim" },
      facts.length ? h("p", { class: "facts" }, facts.map((fact) => h("span", { class: "tag" }, fact))) : null,
      (claim.evidence || []).map((proof) => h("blockquote", {}, Zhitu.marked(proof.text, proof.marks))),
      claim.document ? h("p", { class: "source" }, this.documentLine(claim.document)) : null);
  }
};
