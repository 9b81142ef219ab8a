// zh: 某个地方（包括下级地方）有哪些机构？
// en: Which organisations are in a place or the places within it?
// topic: 机构
// words: 单位 部门 企业 县里 本地
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
CALL {
  WITH place
  MATCH (place)<-[:LOCATED_IN]-(o:Organization)
  RETURN o
  UNION
  WITH place
  WITH place WHERE place.code IS NOT NULL
  MATCH (o:Entity {code: place.code})
  WHERE o:Organization
  RETURN o
}
WITH DISTINCT o
RETURN o.name AS organisation, COUNT { (o)-[:MENTIONED_IN]->() } AS mentions
ORDER BY mentions DESC, organisation
