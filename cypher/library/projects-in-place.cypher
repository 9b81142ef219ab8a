// zh: 某个地方（包括下级地方）有哪些项目，由谁实施？
// en: Which projects belong to a place or the places within it, and who implements them?
// topic: 项目
// words: 工程 落地 县里 市里 建设
// param name: entity | 地方 | place
// example: name=柯城区
MATCH (:Entity {name: $name})<-[:LOCATED_IN*0..3]-(place:Place)
WITH DISTINCT place
CALL {
  WITH place
  MATCH (place)<-[:LOCATED_IN]-(project:Project)
  RETURN project
  UNION
  WITH place
  MATCH (place)-[:IMPLEMENTS]->(project:Project)
  RETURN project
  UNION
  WITH place
  MATCH (:Entity {code: place.code})-[:IMPLEMENTS]->(project:Project)
  RETURN project
}
WITH DISTINCT project
OPTIONAL MATCH (project)-[:LOCATED_IN]->(site:Place)
WITH project, site ORDER BY site.name
WITH project, collect(DISTINCT site.name) AS places
OPTIONAL MATCH (actor:Entity)-[r:IMPLEMENTS]->(project)
WITH project, places, actor, r ORDER BY actor.name
RETURN project.name AS project, places, collect(DISTINCT actor.name) AS implementers,
       count(DISTINCT r.document) AS documents
ORDER BY documents DESC, project
