// zh: 某个地方有哪些品牌，由谁运营？
// en: Which brands belong to a place, and who operates them?
// topic: 品牌
// words: 县里 区域 地方 特色 平台 打造
// param name: entity | 地方 | place
// example: name=柯城区
MATCH (place:Entity {name: $name})
CALL {
  WITH place
  MATCH (place)-[r:OPERATES]->(brand:Brand)
  RETURN brand, place.name AS operator, r
  UNION
  WITH place
  MATCH (place)<-[:LOCATED_IN*1..3]-(brand:Brand)
  OPTIONAL MATCH (o:Entity)-[r:OPERATES]->(brand)
  RETURN brand, o.name AS operator, r
  UNION
  WITH place
  MATCH (o:Entity {code: place.code})-[r:OPERATES]->(brand:Brand)
  RETURN brand, o.name AS operator, r
}
WITH DISTINCT brand, operator, r
OPTIONAL MATCH (d:Document {id: r.document})
RETURN brand.name AS brand, operator, r.evidence AS evidence, d.name AS document
ORDER BY brand, operator, document
