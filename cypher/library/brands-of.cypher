// zh: 某个机构或地方运营或参与哪些品牌？
// en: Which brands does an organisation or place operate or take part in?
// topic: 品牌
// words: 平台 机制 打造 运营
// param name: entity | 机构或地方 | organisation or place
// example: name=柯城区政协
MATCH (owner:Entity {name: $name})-[r:OPERATES|PARTICIPATES_IN]->(brand:Brand)
MATCH (d:Document {id: r.document})
RETURN brand.name AS brand, type(r) AS relation, r.evidence AS evidence, d.name AS document
ORDER BY brand, relation, document
