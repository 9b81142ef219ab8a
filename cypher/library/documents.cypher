// zh: 图谱里有哪些文档，由谁发布？
// en: Which documents does the graph hold, and who issued them?
// topic: 文档
// words: 列表 清单 全部 报告 来源
MATCH (d:Document)
OPTIONAL MATCH (d)-[:ISSUED_BY]->(issuer:Organization)
RETURN d.name AS document, d.title AS title, d.kind AS kind, d.date AS date,
       issuer.name AS issuer, d.id AS id
ORDER BY date, document, id
