// zh: 某个机构或地方与谁合作？
// en: With whom does an organisation or place cooperate?
// topic: 往来
// words: 协作 签约 结对 交流 伙伴
// param name: entity | 机构或地方 | organisation or place
// example: name=柯城区政协
MATCH (one:Entity {name: $name})-[r:COOPERATES_WITH]-(other:Entity)
MATCH (d:Document {id: r.document})
RETURN other.name AS partner, [l IN labels(other) WHERE l <> 'Entity'][0] AS type,
       d.date AS date, r.evidence AS evidence, d.name AS document
ORDER BY partner, date, document
