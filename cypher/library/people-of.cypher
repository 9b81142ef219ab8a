// zh: 某个机构或地方有哪些人任职？
// en: Who holds a post in an organisation or place?
// topic: 人物
// words: 任职 领导 班子 主席 书记
// param name: entity | 机构或地方 | organisation or place
// example: name=柯城区政协
MATCH (person:Person)-[r:HOLDS_POSITION]->(body:Entity {name: $name})
MATCH (d:Document {id: r.document})
RETURN person.name AS person, r.title AS title, d.date AS date, r.evidence AS evidence,
       d.name AS document
ORDER BY person, date, title, document
