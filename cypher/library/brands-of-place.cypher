// zh: 某个地方（包括下级地方）有哪些品牌，由谁运营？
// en: Which brands belong to a place or the places within it, and who operates them?
// topic: 品牌
// words: 县里 区域 地方 特色 平台 打造
// param name: entity | 地方 | place
// example: name=柯城区
MATCH (:Entity {name: $name})<-[:LOCATED_IN*0..3]-(place:Place)
WITH DISTINCT place
CALL {
  WITH place
  MATCH (place)-[r:OPERATES]->(brand:Brand)
  RETURN brand, place.name AS operator, r
  UNION
  WITH place
  MATCH (o:Entity {code: place.code})-[r:OPERATES]->(brand:Brand)
  RETURN brand, o.name AS operator, r
  UNION
  WITH place
  MATCH (place)<-[:LOCATED_IN]-(brand:Brand)
  OPTIONAL MATCH (o:Entity)-[r:OPERATES]->(brand)
  RETURN brand, o.name AS operator, r
}
WITH DISTINCT brand, operator, r
OPTIONAL MATCH (d:Document {id: r.document})
RETURN brand.name AS brand, operator, r.evidence AS evidence, d.name AS document
ORDER BY brand, operator, document
