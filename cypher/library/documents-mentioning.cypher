// zh: 哪些文档提到某个实体，各提到几次？
// en: Which documents mention an entity, and how often?
// topic: 文档
// words: 出处 来源 提及 次数
// param name: entity | 名称 | name
// example: name=民生议事堂
MATCH (e:Entity {name: $name})-[:MENTIONED_IN]->(s:Sentence)-[:IN_DOCUMENT]->(d:Document)
RETURN d.name AS document, d.date AS date, count(*) AS mentions,
       count(DISTINCT s) AS sentences, d.id AS id
ORDER BY mentions DESC, document, id
