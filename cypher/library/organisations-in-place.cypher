// zh: 某个地方有哪些机构？
// en: Which organisations are in a place?
// topic: 机构
// words: 单位 部门 企业 县里 本地
// param name: entity | 地方 | place
// example: name=柯城区
MATCH (place:Entity {name: $name})
CALL {
  WITH place
  MATCH (place)<-[:LOCATED_IN*1..4]-(o:Organization)
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
