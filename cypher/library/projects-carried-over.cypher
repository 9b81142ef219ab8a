// zh: 哪些项目先在一份文档里计划、又在另一份文档里完成？
// en: Which projects are planned in one document and done in another?
// topic: 项目
// words: 落实 完成 兑现 跟踪
MATCH (:Entity)-[plan:IMPLEMENTS]->(project:Project)<-[done:IMPLEMENTS]-(actor:Entity)
WHERE plan.status = 'planned' AND done.status = 'done' AND plan.document <> done.document
MATCH (first:Document {id: plan.document})
MATCH (second:Document {id: done.document})
RETURN DISTINCT project.name AS project, first.name AS planned_in, second.name AS done_in,
       actor.name AS implementer, done.evidence AS evidence
ORDER BY project, planned_in, done_in, implementer, evidence
