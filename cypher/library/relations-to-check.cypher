// zh: 哪些关系的置信度最低、最该人工核对？
// en: Which relations have the lowest confidence and should be checked first?
// topic: 核查
// words: 置信度 复核 错误 可疑
// param below: number = 0.7 | 置信度低于 | confidence below
// param top: integer = 50 | 前几条 | how many
// example: below=0.8
MATCH (head:Entity)-[r]->(tail:Entity)
WHERE r.confidence < $below
WITH head, r, tail
ORDER BY r.confidence, head.name, type(r), tail.name, r.document
LIMIT $top
MATCH (d:Document {id: r.document})
RETURN r.confidence AS confidence, head.name AS head, type(r) AS relation, tail.name AS tail,
       r.evidence AS evidence, r.rule AS rule, d.name AS document
ORDER BY confidence, head, relation, tail, document
