"use strict";
// Search by name, alias, full pinyin or initials. The list is also the picture's text form:
// with an empty query it holds every visible entity, best connected first.

Zhitu.score = function score(node, query) {
  let best = 0;
  for (const [name, full, initials] of node.keys) {
    let value = 0;
    if (name === query) value = 100;
    else if (name.startsWith(query)) value = 80;
    else if (name.includes(query)) value = 60;
    else if (/^[a-z0-9]+$/.test(query)) {
      if (full === query || initials === query) value = 70;
      else if (initials.startsWith(query)) value = 55;
      else if (full.startsWith(query)) value = 50;
      else if (query.length > 1 && initials.includes(query)) value = 40;
      else if (query.length > 2 && full.includes(query)) value = 30;
    }
    best = Math.max(best, value);
  }
  return best;
};

Zhitu.search = function search(nodes, text) {
  const query = text.normalize("NFKC").toLowerCase().replace(/[\s'’]+/g, "");
  if (!query) return [...nodes];
  return nodes.map((node) => [Zhitu.score(node, query), node])
    .filter(([score]) => score > 0)
    .sort(([a, one], [b, two]) => b - a || two.degree - one.degree || (one.id < two.id ? -1 : 1))
    .map(([, node]) => node);
};

Zhitu.SearchBox = class SearchBox {
  constructor(input, list, graph) {
    this.input = input;
    this.list = list;
    this.graph = graph;
    this.active = -1;
    input.addEventListener("input", () => this.refresh());
    input.addEventListener("keydown", (event) => this.onKey(event));
    list.addEventListener("click", (event) => {
      const item = event.target.closest("li[data-id]");
      if (item) graph.select(item.dataset.id, { move: true });
    });
    graph.on("change", () => this.refresh());
    graph.on("focus", ({ id }) => this.mark(id));
    this.refresh();
  }

  refresh() {
    const found = Zhitu.search(this.graph.visibleNodes(), this.input.value);
    const shown = found.slice(0, 300);
    const hidden = found.length - shown.length;
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...shown.map((node, i) => this.item(node, i)),
      ...(hidden ? [Zhitu.h("li", { class: "muted", role: "presentation" }, `还有 ${hidden} 个，请输入更多字`)] : []),
      ...(found.length ? [] : [Zhitu.h("li", { class: "muted", role: "presentation" }, "没有找到；可用名称、别名、全拼或首字母")]));
    if (this.input.value) Zhitu.say(`找到 ${found.length} 个实体`);
    this.mark(this.graph.focus);
  }

  item(node, i) {
    const query = this.input.value.trim();
    const alias = query && !node.name.includes(query) ? node.aliases.find((name) => name.includes(query)) : null;
    return Zhitu.h("li", { role: "option", id: `option-${i}`, "data-id": node.id, "aria-selected": "false" },
      Zhitu.icon(this.graph.shapes.get(node.type), node.type),
      Zhitu.h("span", { class: "name" }, node.name, alias ? Zhitu.h("span", { class: "muted" }, `（${alias}）`) : null),
      Zhitu.h("span", { class: "sr" }, `，${this.graph.typeName(node.type)}，关系`),
      Zhitu.h("span", { class: "count" }, String(node.degree)));
  }

  mark(id) {
    for (const item of this.list.children) item.setAttribute?.("aria-selected", String(Boolean(id) && item.dataset.id === id));
  }

  onKey(event) {
    const items = [...this.list.querySelectorAll("li[data-id]")];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.active = Math.max(0, Math.min(items.length - 1, this.active + (event.key === "ArrowDown" ? 1 : -1)));
      items.forEach((item, i) => item.classList.toggle("active", i === this.active));
      if (items[this.active]) {
        this.input.setAttribute("aria-activedescendant", items[this.active].id);
        items[this.active].scrollIntoView({ block: "nearest" });
      }
    } else if (event.key === "Enter") {
      const item = items[Math.max(0, this.active)];
      if (item) this.graph.select(item.dataset.id, { move: true });
    } else if (event.key === "Escape" && this.input.value) {
      event.stopPropagation();
      this.input.value = "";
      this.refresh();
    }
  }
};
