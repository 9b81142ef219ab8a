// zh: 某个机构表彰、认定过谁？
// en: Whom has an organisation recognised?
// topic: 往来
// words: 荣誉 奖励 表扬 批示 获评
// param name: entity | 机构 | organisation
// example: name=浙江省政协
MATCH (o:Entity {name: $name})<-[r:RECOGNISED_BY]-(e:Entity)
MATCH (d:Document {id: r.document})
RETURN e.name AS recognised, [l IN labels(e) WHERE l <> 'Entity'][0] AS type,
       d.date AS date, r.evidence AS evidence, d.name AS document
ORDER BY recognised, date, document
