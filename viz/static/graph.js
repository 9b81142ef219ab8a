"use strict";
// The picture: vis-network with given positions, no physics; filters, focus, theme.

Zhitu.Graph = class Graph {
  constructor(container, data, ontology) {
    this.container = container;
    this.ontology = ontology;
    this.shapes = new Map(ontology.types.map((type) => [type.label, type.shape]));
    this.typeNames = new Map(ontology.types.map((type) => [type.label, type.zh]));
    this.relationNames = new Map(ontology.relations.map((relation) => [relation.name, relation.zh]));
    this.symmetric = new Set(ontology.relations.filter((r) => r.symmetric).map((r) => r.name));
    this.nodes = new Map();
    this.edges = new Map();
    this.touching = new Map();
    this.focus = null;
    this.focusEdge = null;
    this.hovered = null;
    this.hoveredEdge = null;
    this.lit = null;
    this.hiddenNodes = new Set();
    this.hiddenEdges = new Set();
    this.listeners = { focus: [], change: [], open: [] };
    this.readColours();
    this.labels = new Zhitu.Labels(this);
    this.visNodes = new vis.DataSet();
    this.visEdges = new vis.DataSet();
    this.add(data);
    const big = this.nodes.size > 600;
    this.network = new vis.Network(container, { nodes: this.visNodes, edges: this.visEdges }, {
      autoResize: true,
      physics: false,
      layout: { improvedLayout: false, randomSeed: 1 },
      nodes: { borderWidth: 1.5, borderWidthSelected: 1.5, font: { size: Zhitu.LABEL, face: Zhitu.FONT }, scaling: { label: { drawThreshold: 1e9 } }, chosen: false, shapeProperties: { interpolation: false } },
      edges: { chosen: false, arrowStrikethrough: false, selectionWidth: 0, hoverWidth: 0, scaling: { label: { drawThreshold: 1e9 } } },
      interaction: { hover: true, hideEdgesOnDrag: big, hideEdgesOnZoom: big, keyboard: false, selectConnectedEdges: false, hoverConnectedEdges: false, tooltipDelay: 1e9, zoomSpeed: 0.7 },
    });
    this.network.on("afterDrawing", (context) => this.drawOver(context));
    this.network.on("click", (event) => this.onClick(event));
    // The browser's own double click: vis-network misses it on a slow machine.
    container.addEventListener("dblclick", (event) => {
      const frame = container.getBoundingClientRect();
      const id = this.network.getNodeAt({ x: event.clientX - frame.left, y: event.clientY - frame.top });
      if (id !== undefined) this.emit("open", id);
    });
    this.network.on("hoverNode", (event) => { this.hovered = event.node; this.redraw(); });
    this.network.on("blurNode", () => { this.hovered = null; this.redraw(); });
    this.network.on("hoverEdge", (event) => { this.hoveredEdge = event.edge; this.redraw(); });
    this.network.on("blurEdge", () => { this.hoveredEdge = null; this.redraw(); });
    this.network.on("dragEnd", (event) => this.onDragged(event.nodes));
    const canvas = container.querySelector("canvas");
    if (canvas) { canvas.setAttribute("aria-hidden", "true"); canvas.tabIndex = -1; }
  }

  on(name, listener) { this.listeners[name].push(listener); }
  emit(name, value) { for (const listener of this.listeners[name]) listener(value); }

  readColours() {
    Zhitu.colour = Object.fromEntries(["ink", "muted", "line", "canvas", "accent", "panel"].map((name) => [name, Zhitu.css("--" + name)]));
    Zhitu.colour.types = Object.fromEntries([...this.shapes.keys()].map((type) => [type, Zhitu.css("--type-" + type)]));
  }

  // Takes nodes and edges in; those already there keep their place.
  add(data) {
    const nodes = [];
    for (const node of data.nodes) {
      const known = this.nodes.get(node.id);
      if (known) { Object.assign(known, node, { x: known.x, y: known.y }); nodes.push(known); continue; }
      this.nodes.set(node.id, node);
      if (!this.touching.has(node.id)) this.touching.set(node.id, new Set());
      nodes.push(node);
    }
    const names = new Set([...this.edges.values()].map((edge) => `${edge.from}\n${edge.to}\n${edge.type}`));
    const edges = [];
    for (const edge of data.edges) {
      const name = `${edge.from}\n${edge.to}\n${edge.type}`;
      if (names.has(name)) continue;
      const own = { ...edge, id: `e${this.edges.size}` };
      this.edges.set(own.id, own);
      this.touching.get(own.from).add(own.id);
      this.touching.get(own.to).add(own.id);
      edges.push(own);
    }
    this.bend();
    this.visNodes.update(nodes.map((node) => this.visNode(node)));
    this.visEdges.update([...this.edges.values()].map((edge) => this.visEdge(edge)));
  }

  // Several lines between the same two are bent apart.
  bend() {
    const pairs = new Map();
    for (const edge of this.edges.values()) {
      const key = edge.from < edge.to ? `${edge.from}\n${edge.to}` : `${edge.to}\n${edge.from}`;
      if (!pairs.has(key)) pairs.set(key, []);
      pairs.get(key).push(edge);
    }
    for (const edges of pairs.values()) {
      edges.forEach((edge, i) => {
        const bend = (i - (edges.length - 1) / 2) * 0.22;
        edge.bend = edge.from < edge.to ? bend : -bend;
      });
    }
  }

  visNode(node) {
    const colour = Zhitu.colour.types[node.type];
    const bright = this.isBright(node.id);
    const border = node.id === this.focus ? Zhitu.colour.accent : Zhitu.colour.canvas;
    return {
      id: node.id, label: node.label, shape: this.shapes.get(node.type), size: node.size, x: node.x, y: node.y,
      hidden: this.hiddenNodes.has(node.id), opacity: bright ? 1 : 0.22, borderWidth: node.id === this.focus ? 4 : node.centre ? 3 : 1.5,
      color: { background: colour, border: node.centre && node.id !== this.focus ? colour : border, hover: { background: colour, border: Zhitu.colour.accent }, highlight: { background: colour, border } },
    };
  }

  visEdge(edge) {
    const lit = this.isEdgeLit(edge) || edge.id === this.focusEdge;
    const planned = edge.claims.every((claim) => claim.status === "planned");
    const linked = edge.claims.every((claim) => claim.source && claim.source !== "text");
    const best = Math.max(...edge.claims.map((claim) => claim.confidence ?? 1));
    const faded = this.lit && !lit;
    const smooth = edge.bend ? { enabled: true, type: edge.bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(edge.bend) } : { enabled: false };
    return {
      id: edge.id, from: edge.from, to: edge.to, smooth, hidden: this.hiddenEdges.has(edge.id),
      width: (lit ? 1 : 0) + Math.min(3.5, 0.9 + 0.5 * Math.log2(edge.claims.length)), dashes: planned ? [7, 5] : linked ? [2, 4] : false,
      color: { color: lit ? Zhitu.colour.accent : Zhitu.colour.line, hover: Zhitu.colour.accent, highlight: Zhitu.colour.accent, opacity: faded ? 0.15 : linked ? 0.6 : 0.45 + 0.55 * best },
      arrows: this.symmetric.has(edge.type) ? { to: { enabled: false } } : { to: { enabled: true, scaleFactor: 0.45 } },
    };
  }

  restyle() {
    this.visNodes.update([...this.nodes.values()].map((node) => this.visNode(node)));
    this.visEdges.update([...this.edges.values()].map((edge) => this.visEdge(edge)));
  }

  recolour() { this.readColours(); this.restyle(); this.redraw(); }
  redraw() { this.network.redraw(); }

  drawOver(context) {
    const scale = this.network.getScale();
    const box = this.container.getBoundingClientRect();
    const low = this.network.DOMtoCanvas({ x: 0, y: 0 });
    const high = this.network.DOMtoCanvas({ x: box.width, y: box.height });
    this.drawSmall(context, scale);
    this.labels.draw(context, scale, [low.x, low.y, high.x, high.y]);
  }

  // From far off a node would be less than a point: draw it as one all the same.
  drawSmall(context, scale) {
    const least = 2.2 / scale;
    context.save();
    for (const node of this.nodes.values()) {
      if (node.size >= least || this.hiddenNodes.has(node.id)) continue;
      context.globalAlpha = this.isBright(node.id) ? 1 : 0.22;
      context.fillStyle = Zhitu.colour.types[node.type];
      context.fillRect(node.x - least, node.y - least, 2 * least, 2 * least);
    }
    context.restore();
  }

  visibleNodes() { return [...this.nodes.values()].filter((node) => !this.hiddenNodes.has(node.id)); }
  visibleEdges() { return [...this.edges.values()].filter((edge) => !this.hiddenEdges.has(edge.id) && !this.hiddenNodes.has(edge.from) && !this.hiddenNodes.has(edge.to)); }
  relationName(type) { return this.relationNames.get(type) || type; }
  typeName(type) { return this.typeNames.get(type) || type; }
  edgesOf(id) { return [...(this.touching.get(id) || [])].map((edge) => this.edges.get(edge)); }
  visibleEdgesOf(id) { return this.edgesOf(id).filter((edge) => !this.hiddenEdges.has(edge.id) && !this.hiddenNodes.has(edge.from) && !this.hiddenNodes.has(edge.to)); }
  other(edge, id) { return this.nodes.get(edge.from === id ? edge.to : edge.from); }

  isLit(id) { return this.lit !== null && this.lit.has(id); }
  isBright(id) { return this.lit === null || this.lit.has(id) || id === this.hovered; }
  isEdgeLit(edge) {
    if (edge.id === this.focusEdge) return true;
    if (this.path) return this.path.has(edge.id);
    return this.focus !== null && (edge.from === this.focus || edge.to === this.focus);
  }

  pointOn(edge, at) {
    const drawn = this.network.body.edges[edge.id];
    if (drawn && drawn.edgeType && drawn.connected) { try { return drawn.edgeType.getPoint(at); } catch { return null; } }
    return null;
  }

  // Choose a node (or an edge) and light up what it is joined to; null lets go.
  select(id, { move = false, edge = null } = {}) {
    this.path = null;
    this.focus = id;
    this.focusEdge = edge;
    this.lit = null;
    if (id !== null) this.lit = new Set([id, ...this.visibleEdgesOf(id).map((e) => this.other(e, id).id)]);
    if (edge !== null) { const e = this.edges.get(edge); this.lit = new Set([e.from, e.to]); }
    this.restyle();
    this.emit("focus", { id, edge });
    if (move && id !== null) this.show(id);
  }

  // Light up a set of edges, as a path between two.
  light(edgeIds) {
    this.path = new Set(edgeIds);
    this.focus = null;
    this.focusEdge = null;
    this.lit = new Set(edgeIds.flatMap((id) => [this.edges.get(id).from, this.edges.get(id).to]));
    this.restyle();
  }

  // Bring a node and what it is joined to into view.
  show(id) {
    const near = [id, ...this.visibleEdgesOf(id).map((edge) => this.other(edge, id).id)];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const frame = this.frame(near);
    frame.scale = Math.min(1.3, Math.max(0.7, frame.scale));
    if (frame.scale === 0.7) frame.position = { x: this.nodes.get(id).x, y: this.nodes.get(id).y };
    this.network.moveTo({ ...frame, animation: still ? false : { duration: 300, easingFunction: "easeInOutQuad" } });
  }

  // Where to look, and from how far, to see these nodes with their labels.
  frame(ids) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const id of ids) {
      const [left, top, right, bottom] = this.labels.nodeBox(this.nodes.get(id));
      box[0] = Math.min(box[0], left); box[1] = Math.min(box[1], top);
      box[2] = Math.max(box[2], right); box[3] = Math.max(box[3], bottom);
    }
    const room = this.container.getBoundingClientRect();
    const foot = this.foot ? this.foot.offsetHeight : 0; // the notes at the bottom cover nothing
    const scale = Math.min(1.4, (room.width - 40) / (box[2] - box[0] + 1), (room.height - 40 - foot) / (box[3] - box[1] + 1));
    return { position: { x: (box[0] + box[2]) / 2, y: (box[1] + box[3] + foot / scale) / 2 }, scale };
  }

  fit() {
    const ids = this.visibleNodes().map((node) => node.id);
    if (ids.length) this.network.moveTo({ ...this.frame(ids), animation: false });
  }

  zoom(factor) {
    this.network.moveTo({ scale: Math.min(4, Math.max(0.03, this.network.getScale() * factor)), animation: false });
  }

  onClick(event) {
    if (event.nodes.length) this.select(event.nodes[0]);
    else if (event.edges.length) this.select(null, { edge: event.edges[0] });
    else this.select(null);
  }

  onDragged(ids) {
    if (!ids.length) return;
    const positions = this.network.getPositions(ids);
    for (const id of ids) Object.assign(this.nodes.get(id), positions[id]);
  }

  // `keep` says which edges and nodes stay: {node: fn, edge: fn}. A node whose lines are
  // all filtered away goes too, unless it is a centre or never had any.
  filter({ node, edge }) {
    this.hiddenNodes = new Set();
    this.hiddenEdges = new Set();
    for (const n of this.nodes.values()) if (!node(n)) this.hiddenNodes.add(n.id);
    for (const e of this.edges.values()) {
      if (this.hiddenNodes.has(e.from) || this.hiddenNodes.has(e.to) || !edge(e)) this.hiddenEdges.add(e.id);
    }
    for (const n of this.nodes.values()) {
      const own = this.touching.get(n.id);
      if (!n.centre && own.size && [...own].every((id) => this.hiddenEdges.has(id))) this.hiddenNodes.add(n.id);
    }
    if (this.focus !== null && this.hiddenNodes.has(this.focus)) { this.select(null); }
    else this.restyle();
    this.emit("change");
  }

  // The neighbour that lies most nearly in the direction (dx, dy) from the chosen node.
  step(dx, dy) {
    const from = this.focus === null ? null : this.nodes.get(this.focus);
    const choices = from ? this.visibleEdgesOf(from.id).map((edge) => this.other(edge, from.id)) : this.visibleNodes().filter((n) => n.centre);
    if (!from) return choices[0] || this.visibleNodes()[0] || null;
    let best = null, cost = Infinity;
    for (const node of choices) {
      const x = node.x - from.x, y = node.y - from.y, length = Math.hypot(x, y) || 1;
      const along = (x * dx + y * dy) / length;
      if (along < 0.3) continue;
      const price = length / (along * along);
      if (price < cost) { best = node; cost = price; }
    }
    return best;
  }
};
