// zh: 某个实体与谁有什么关系，依据是哪句话？
// en: To what is an entity related, how, and on which evidence?
// topic: 实体
// words: 关系 关联 邻居 全部 依据 证据
// param name: entity | 名称 | name
// example: name=柯城区政协
MATCH (e:Entity {name: $name})-[r]-(other:Entity)
RETURN CASE WHEN type(r) = 'COOPERATES_WITH' THEN '—' WHEN startNode(r) = e THEN '→'
       ELSE '←' END AS direction, type(r) AS relation,
       other.name AS other, [l IN labels(other) WHERE l <> 'Entity'][0] AS type,
       count(DISTINCT r.document) AS documents, max(r.confidence) AS confidence,
       min(r.evidence) AS evidence
ORDER BY relation, direction, other
