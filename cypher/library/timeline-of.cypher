// zh: 某个实体按时间先后发生了什么？
// en: What happened with an entity, in the order of the documents' dates?
// topic: 实体
// words: 时间线 历年 年度 先后 发展
// param name: entity | 名称 | name
// example: name=柯城区政协
MATCH (e:Entity {name: $name})-[r]-(other:Entity)
WHERE r.evidence IS NOT NULL
MATCH (d:Document {id: r.document})
RETURN d.date AS date, d.name AS document, startNode(r).name AS head, type(r) AS relation,
       endNode(r).name AS tail, r.status AS status, r.evidence AS evidence
ORDER BY date, document, relation, head, tail
