// zh: 某个实体在哪些句子里被提到？
// en: In which sentences is an entity mentioned?
// topic: 实体
// words: 原文 出处 提及 句子
// param name: entity | 名称 | name
// example: name=柯城区政协
MATCH (e:Entity {name: $name})-[m:MENTIONED_IN]->(s:Sentence)-[:IN_DOCUMENT]->(d:Document)
RETURN d.name AS document, s.section AS section, m.text AS written, s.text AS sentence,
       m.start AS start, m.end AS end
ORDER BY document, start, end
