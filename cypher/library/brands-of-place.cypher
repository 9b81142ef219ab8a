// zh: 某个地方（包括下级地方）有哪些品牌，由谁运营？
// en: Which brands belong to a place or the places within it, and who operates them?
// topic: 品牌
// words: 县里 区域 地方 特色 平台 打造
// param name: entity | 地方 | place
// example: name=柯城区
MATCH (top:Entity {name: $name})
OPTIONAL MATCH (top)<-[:LOCATED_IN]-(one:Place)
WITH DISTINCT top, one
OPTIONAL MATCH (one)<-[:LOCATED_IN]-(two:Place)
WITH DISTINCT top, one, two
OPTIONAL MATCH (two)<-[:LOCATED_IN]-(three:Place)
WITH DISTINCT top, one, two, three
UNWIND [top, one, two, three] AS place
WITH DISTINCT place
WHERE place:Place
WITH collect(place) AS places
CALL {
  WITH places
  UNWIND places AS owner
  MATCH (owner)-[r:OPERATES]->(brand:Brand)
  RETURN brand, owner, r
  UNION
  WITH places
  UNWIND places AS place
  WITH place WHERE place.code IS NOT NULL
  MATCH (owner:Entity {code: place.code})
  WHERE owner:Organization
  MATCH (owner)-[r:OPERATES]->(brand:Brand)
  RETURN brand, owner, r
  UNION
  WITH places
  UNWIND places AS place
  MATCH (place)<-[:LOCATED_IN]-(brand:Brand)
  WITH DISTINCT brand
  OPTIONAL MATCH (owner:Entity)-[r:OPERATES]->(brand)
  RETURN brand, owner, r
}
WITH brand, owner, r
ORDER BY brand.name, owner.name
OPTIONAL MATCH (d:Document {id: r.document})
RETURN DISTINCT brand.name AS brand, owner.name AS operator, r.evidence AS evidence,
       d.name AS document
ORDER BY brand, operator, document
