"use strict";
// The legend that filters: types, relations, status, documents, confidence.

Zhitu.Filters = class Filters {
  constructor(element, graph, page) {
    this.graph = graph;
    this.page = page;
    this.off = { types: new Set(), relations: new Set(), statuses: new Set(), years: new Set(), documents: new Set() };
    this.confidence = 0;
    this.element = element;
    this.build();
  }

  build() {
    const h = Zhitu.h, graph = this.graph;
    const nodes = [...graph.nodes.values()], edges = [...graph.edges.values()];
    const tally = (items) => { const counts = new Map(); for (const item of items) counts.set(item, (counts.get(item) || 0) + 1); return counts; };
    const types = tally(nodes.map((node) => node.type));
    const relations = tally(edges.map((edge) => edge.type));
    const statuses = tally(edges.flatMap((edge) => [...new Set(edge.claims.map((claim) => claim.status || "none"))]));
    const documents = tally(edges.flatMap((edge) => [...new Set(edge.claims.map((claim) => claim.document).filter(Boolean))]));
    const years = tally(edges.flatMap((edge) => [...new Set(edge.claims.map((claim) => this.year(claim.document)))]));
    const sources = edges.flatMap((edge) => edge.claims.map((claim) => claim.source));
    const group = (title, name, rows) => rows.length > 0 && h("fieldset", {}, h("legend", {}, title), rows.map(([value, label, count, icon]) => this.row(name, value, label, count, icon)));
    const confident = edges.some((edge) => edge.claims.some((claim) => typeof claim.confidence === "number"));
    this.element.replaceChildren(...[
      group("类型", "types", graph.ontology.types.filter((t) => types.has(t.label)).map((t) => [t.label, t.zh, types.get(t.label), Zhitu.icon(t.shape, t.label)])),
      group("关系", "relations", graph.ontology.relations.filter((r) => relations.has(r.name)).map((r) => [r.name, r.zh, relations.get(r.name)])),
      statuses.size > 1 ? group("状态", "statuses", ["done", "planned", "none"].filter((s) => statuses.has(s)).map((s) => [s, { done: "已做（实线）", planned: "计划（虚线）", none: "未注明" }[s], statuses.get(s)])) : null,
      confident ? h("fieldset", {}, h("legend", {}, "最低可信度"), this.slider()) : null,
      years.size > 1 ? group("年份", "years", [...years].sort(([a], [b]) => a.localeCompare(b)).map(([year, count]) => [year, year === "none" ? "无日期" : year, count])) : null,
      documents.size > 1 ? group("文档", "documents", [...documents].sort((a, b) => this.date(a[0]).localeCompare(this.date(b[0])) || b[1] - a[1]).slice(0, 60).map(([id, count]) => [id, this.documentName(id), count])) : null,
      sources.some((source) => source && source !== "text") ? h("p", { class: "muted key" }, "点线：由区划表或名称得出，没有原句。") : null,
      h("button", { type: "button", id: "reset", onclick: () => this.reset() }, "全部显示"),
    ].filter(Boolean));
  }

  date(id) { return ((this.page.documents || {})[id] || {}).date || "9999"; }
  year(id) { return (((this.page.documents || {})[id] || {}).date || "none").slice(0, 4); }
  documentName(id) { const year = this.year(id); return (year === "none" ? "" : `${year} `) + Zhitu.documentName(this.page, id); }

  row(name, value, label, count, icon) {
    const h = Zhitu.h;
    const box = h("input", { type: "checkbox", checked: !this.off[name].has(value), "data-filter": name, value });
    box.addEventListener("change", () => { if (box.checked) this.off[name].delete(value); else this.off[name].add(value); this.apply(); });
    const only = h("button", { type: "button", class: "only", title: `只看${label}`, "aria-label": `只看${label}`, onclick: () => this.only(name, value) }, "只看");
    return h("div", { class: "row" }, h("label", {}, box, icon, h("span", { class: "name", title: label }, label), h("span", { class: "count" }, String(count))), only);
  }

  slider() {
    const h = Zhitu.h;
    const output = h("output", { for: "confidence" }, this.confidence.toFixed(2));
    const input = h("input", { type: "range", id: "confidence", min: 0, max: 1, step: 0.05, value: this.confidence, "aria-label": "最低可信度" });
    input.addEventListener("input", () => { this.confidence = Number(input.value); output.textContent = this.confidence.toFixed(2); this.apply(); });
    return h("div", { class: "slider" }, input, output);
  }

  only(name, value) {
    const all = [...this.element.querySelectorAll(`input[data-filter="${name}"]`)].map((box) => box.value);
    this.off[name] = new Set(all.filter((other) => other !== value));
    this.apply();
    this.build();
  }

  reset() {
    for (const set of Object.values(this.off)) set.clear();
    this.confidence = 0;
    this.apply();
    this.build();
  }

  claimStays(claim) {
    return !this.off.statuses.has(claim.status || "none") && !this.off.documents.has(claim.document) && !this.off.years.has(this.year(claim.document)) && (claim.confidence ?? 1) >= this.confidence;
  }

  apply() {
    this.graph.filter({
      node: (node) => !this.off.types.has(node.type),
      edge: (edge) => !this.off.relations.has(edge.type) && edge.claims.some((claim) => this.claimStays(claim)),
    });
  }
};
