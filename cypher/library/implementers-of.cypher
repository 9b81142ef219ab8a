// zh: 某个项目由谁实施、谁参与？
// en: Who implements a project, and who takes part in it?
// topic: 项目
// words: 承建 建设 牵头 参与 单位
// param name: entity | 项目 | project
// example: name=寺桥水库
MATCH (project:Entity {name: $name})<-[r:IMPLEMENTS|PARTICIPATES_IN]-(actor:Entity)
MATCH (d:Document {id: r.document})
RETURN actor.name AS actor, [l IN labels(actor) WHERE l <> 'Entity'][0] AS type,
       type(r) AS relation, r.status AS status, r.evidence AS evidence, d.name AS document
ORDER BY relation, actor, document
