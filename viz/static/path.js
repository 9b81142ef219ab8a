"use strict";
// The strip that shows a path.
(() => {
  const data = Zhitu.readData("path-data");
  const graph = new Zhitu.Graph(Zhitu.$("network"), data, data.ontology);
  graph.fit();
  window.zhitu = { graph };
  Zhitu.redrawAll.push(() => graph.recolour());
})();
