// zh: 哪些关系有多份文档支持？
// en: Which relations do several documents support?
// topic: 核查
// words: 佐证 印证 多份 可信
// param least: integer = 2 | 至少几份文档 | documents at least
// param top: integer = 50 | 前几条 | how many
// example: least=2
MATCH (head:Entity)-[r]->(tail:Entity)
WHERE r.evidence IS NOT NULL
WITH head, type(r) AS relation, tail, count(DISTINCT r.document) AS documents
WHERE documents >= $least
RETURN head.name AS head, relation, tail.name AS tail, documents
ORDER BY documents DESC, head, relation, tail
LIMIT $top
