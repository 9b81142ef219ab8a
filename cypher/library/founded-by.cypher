// zh: 某个机构或人物成立了哪些组织？
// en: Which organisations has an organisation or person founded?
// topic: 机构
// words: 创办 设立 组建 建立
// param name: entity | 机构或人物 | organisation or person
// example: name=柯城区政协
MATCH (founder:Entity {name: $name})-[r:FOUNDED]->(o:Organization)
MATCH (d:Document {id: r.document})
RETURN o.name AS organisation, r.status AS status, r.evidence AS evidence, d.name AS document
ORDER BY organisation, document
