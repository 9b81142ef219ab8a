// zh: 哪些项目先在一份文档里计划、又在另一份文档里完成？
// en: Which projects are planned in one document and done in another?
// topic: 项目
// words: 落实 完成 兑现 跟踪
MATCH (:Entity)-[plan:IMPLEMENTS]->(project:Project)
WHERE plan.status = 'planned'
MATCH (d:Document {id: plan.document})
WITH project, d ORDER BY d.date, d.name, d.id
WITH project, collect(d)[0] AS first
MATCH (actor:Entity)-[done:IMPLEMENTS]->(project)
WHERE done.status = 'done' AND done.document <> first.id
MATCH (d:Document {id: done.document})
WITH project, first, actor, done, d ORDER BY d.date, d.name, d.id, actor.name
WITH project, first, collect(d.name)[0] AS done_in, collect(actor.name)[0] AS implementer,
     collect(done.evidence)[0] AS evidence
RETURN project.name AS project, first.name AS planned_in, done_in, implementer, evidence
ORDER BY project, planned_in
