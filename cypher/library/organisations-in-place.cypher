// zh: 某个地方（包括下级地方）有哪些机构？
// en: Which organisations are in a place or the places within it?
// topic: 机构
// words: 单位 部门 企业 县里 本地
// param name: entity | 地方 | place
// example: name=柯城区
MATCH (:Entity {name: $name})<-[:LOCATED_IN*0..3]-(place:Place)
WITH DISTINCT place
CALL {
  WITH place
  MATCH (place)<-[:LOCATED_IN]-(o:Organization)
  RETURN o
  UNION
  WITH place
  MATCH (o:Entity {code: place.code})
  WHERE o:Organization
  RETURN o
}
WITH DISTINCT o
OPTIONAL MATCH (o)-[:MENTIONED_IN]->(s:Sentence)
WITH o, count(s) AS mentions
RETURN o.name AS organisation, mentions
ORDER BY mentions DESC, organisation
