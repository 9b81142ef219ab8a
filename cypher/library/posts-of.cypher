// zh: 某个人担任过哪些职务？
// en: Which posts has a person held?
// topic: 人物
// words: 任职 职位 履历 领导
// param name: entity | 人物 | person
// example: name=叶美峰
MATCH (person:Entity {name: $name})-[r:HOLDS_POSITION]->(body:Entity)
MATCH (d:Document {id: r.document})
RETURN body.name AS body, r.title AS title, d.date AS date, r.evidence AS evidence,
       d.name AS document
ORDER BY date, body, title, document
