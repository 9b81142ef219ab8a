// zh: 某个机构、地方、项目、品牌或人物受过谁的表彰、认定？
// en: Who has recognised an organisation, place, project, brand or person?
// topic: 往来
// words: 荣誉 奖励 表扬 批示 获评
// param name: entity | 名称 | name
// example: name=柯城区政协
MATCH (e:Entity {name: $name})-[r:RECOGNISED_BY]->(o:Organization)
MATCH (d:Document {id: r.document})
RETURN o.name AS recognised_by, d.date AS date, r.evidence AS evidence, d.name AS document
ORDER BY date, recognised_by, document
