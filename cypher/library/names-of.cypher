// zh: 某个实体在文档里有哪些叫法，各出现几次？
// en: What do documents call an entity, and how often?
// topic: 实体
// words: 别名 简称 名称 全称 称呼
// param name: entity | 名称 | name
// example: name=柯城区政协
MATCH (e:Entity {name: $name})-[m:MENTIONED_IN]->(s:Sentence)-[:IN_DOCUMENT]->(d:Document)
RETURN m.text AS written, count(*) AS mentions, count(DISTINCT d) AS documents, e.id AS entity
ORDER BY mentions DESC, written, entity
