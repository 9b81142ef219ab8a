"use strict";
// Zooming and panning of the map; points keep their size on the screen.
(() => {
  const map = Zhitu.$("map"), svg = map.querySelector("svg"), name = map.querySelector(".map-name");
  const whole = svg.getAttribute("viewBox").split(" ").map(Number);
  let view = [...whole];
  const apply = () => {
    svg.setAttribute("viewBox", view.join(" "));
    const scale = view[2] / whole[2];
    svg.querySelectorAll("circle").forEach((circle) => circle.setAttribute("r", (Number(circle.dataset.r) * Math.pow(scale, 0.8)).toFixed(2)));
    svg.querySelectorAll("text").forEach((text) => text.setAttribute("font-size", (10 * scale).toFixed(2)));
  };
  const zoom = (factor, x = view[0] + view[2] / 2, y = view[1] + view[3] / 2) => {
    const width = Math.min(whole[2], Math.max(15, view[2] * factor)), by = width / view[2];
    view = [x - (x - view[0]) * by, y - (y - view[1]) * by, width, view[3] * by];
    apply();
  };
  const at = (event) => { const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse()); return [p.x, p.y]; };
  svg.addEventListener("wheel", (event) => { event.preventDefault(); zoom(event.deltaY < 0 ? 0.85 : 1.18, ...at(event)); }, { passive: false });
  map.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
    const factor = Number(button.dataset.zoom);
    if (factor) zoom(factor); else { view = [...whole]; apply(); }
  }));
  let from = null, moved = false;
  svg.addEventListener("pointerdown", (event) => { from = at(event); moved = false; });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = at(event);
    if (Math.hypot(to[0] - from[0], to[1] - from[1]) > view[2] / 300) moved = true;
    view[0] += from[0] - to[0]; view[1] += from[1] - to[1];
    apply();
  });
  window.addEventListener("pointerup", () => { from = null; });
  svg.addEventListener("click", (event) => { if (moved) event.preventDefault(); });
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("keydown", (event) => {
    const step = view[2] / 10, moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (moves[event.key]) { event.preventDefault(); view[0] += moves[event.key][0]; view[1] += moves[event.key][1]; apply(); }
    else if (event.key === "+" || event.key === "=") zoom(0.7);
    else if (event.key === "-") zoom(1.4);
  });
  for (const kind of ["pointerover", "focusin"]) svg.addEventListener(kind, (event) => { const link = event.target.closest("a"); if (link) name.textContent = link.querySelector("title").textContent; });
})();
