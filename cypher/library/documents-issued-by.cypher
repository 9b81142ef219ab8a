// zh: 某个机构发布了哪些文档？
// en: Which documents has an organisation issued?
// topic: 文档
// words: 报告 发文 发布
// param name: entity | 机构 | organisation
// example: name=柯城区政协
MATCH (o:Entity {name: $name})<-[:ISSUED_BY]-(d:Document)
RETURN d.name AS document, d.title AS title, d.kind AS kind, d.date AS date, d.id AS id
ORDER BY date, document, id
