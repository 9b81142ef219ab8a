// zh: 某个地方（包括下级地方）有哪些项目，由谁实施？
// en: Which projects belong to a place or the places within it, and who implements them?
// topic: 项目
// words: 工程 落地 县里 市里 建设
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
  UNWIND places AS place
  MATCH (place)<-[:LOCATED_IN]-(project:Project)
  RETURN project
  UNION
  WITH places
  UNWIND places AS place
  MATCH (place)-[:IMPLEMENTS]->(project:Project)
  RETURN project
  UNION
  WITH places
  UNWIND places AS place
  WITH place WHERE place.code IS NOT NULL
  MATCH (:Entity {code: place.code})-[:IMPLEMENTS]->(project:Project)
  RETURN project
}
WITH DISTINCT project
OPTIONAL MATCH (:Entity)-[r:IMPLEMENTS]->(project)
WITH project, count(DISTINCT r.document) AS documents
ORDER BY documents DESC, project.name
RETURN project.name AS project,
       COLLECT {
         MATCH (project)-[:LOCATED_IN]->(site:Place)
         RETURN DISTINCT site.name AS site ORDER BY site
       } AS places,
       COLLECT {
         MATCH (actor:Entity)-[:IMPLEMENTS]->(project)
         RETURN DISTINCT actor.name AS actor ORDER BY actor
       } AS implementers,
       documents
ORDER BY documents DESC, project
