// zh: 某个机构、地方或人物实施或参与了哪些项目，在什么地方？
// en: Which projects does an organisation, place or person implement or take part in, and where?
// topic: 项目
// words: 工程 承建 建设 参与 推进
// param name: entity | 机构、地方或人物 | organisation, place or person
// param status: status = null | done 已完成，planned 计划中，不填为全部 | done or planned, all if left out
// example: name=柯城区政协
MATCH (actor:Entity {name: $name})-[r:IMPLEMENTS|PARTICIPATES_IN]->(project:Project)
WHERE $status IS NULL OR r.status = $status
MATCH (d:Document {id: r.document})
OPTIONAL MATCH (project)-[:LOCATED_IN]->(place:Place)
WITH project, r, d, place ORDER BY place.name
WITH project, r, d, collect(DISTINCT place.name) AS places
RETURN project.name AS project, type(r) AS relation, r.status AS status, places,
       r.evidence AS evidence, d.name AS document
ORDER BY project, relation, document
