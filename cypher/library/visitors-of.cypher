// zh: 谁到访过某个地方或机构？
// en: Who has visited a place or organisation?
// topic: 往来
// words: 调研 考察 视察 走访
// param name: entity | 地方或机构 | place or organisation
// example: name=柯城区
MATCH (visitor:Entity)-[r:VISITED]->(visited:Entity {name: $name})
MATCH (d:Document {id: r.document})
RETURN visitor.name AS visitor, [l IN labels(visitor) WHERE l <> 'Entity'][0] AS type,
       d.date AS date, r.evidence AS evidence, d.name AS document
ORDER BY date, visitor, document
