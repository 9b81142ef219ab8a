// zh: 某个人或机构到访过哪些地方和机构？
// en: Which places and bodies has a person or organisation visited?
// topic: 往来
// words: 调研 考察 视察 走访
// param name: entity | 人物或机构 | person or organisation
// example: name=柯城区政协
MATCH (visitor:Entity {name: $name})-[r:VISITED]->(visited:Entity)
MATCH (d:Document {id: r.document})
RETURN visited.name AS visited, [l IN labels(visited) WHERE l <> 'Entity'][0] AS type,
       d.date AS date, r.evidence AS evidence, d.name AS document
ORDER BY date, visited, document
