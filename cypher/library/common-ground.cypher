// zh: 两个实体都与谁有关系？
// en: To what are two entities both related?
// topic: 实体
// words: 共同 都 交集 联系
// param one: entity | 其一 | the one
// param two: entity | 其二 | the other
// example: one=柯城区政协 two=常山县政协
MATCH (a:Entity {name: $one})
MATCH (b:Entity {name: $two})
MATCH (a)-[r]-(shared:Entity)-[q]-(b)
RETURN shared.name AS shared, [l IN labels(shared) WHERE l <> 'Entity'][0] AS type,
       type(r) AS with_one, type(q) AS with_two,
       min(r.evidence) AS evidence_one, min(q.evidence) AS evidence_two
ORDER BY shared, with_one, with_two
