// zh: 哪些项目在计划中、还没有完成？
// en: Which projects are planned and not done?
// topic: 项目
// words: 未完成 计划 规划 今年 拟建
// param name: entity = null | 实施者，不填为全部 | implementer, all if left out
// example: name=柯城区政协
MATCH (actor:Entity)-[r:IMPLEMENTS]->(project:Project)
WHERE r.status = 'planned' AND ($name IS NULL OR actor.name = $name)
MATCH (d:Document {id: r.document})
OPTIONAL MATCH (:Entity)-[done:IMPLEMENTS]->(project) WHERE done.status = 'done'
WITH project, actor, r, d, count(done) AS finished
WHERE finished = 0
RETURN project.name AS project, actor.name AS implementer, r.evidence AS evidence,
       d.name AS document, d.date AS date
ORDER BY project, implementer, document
