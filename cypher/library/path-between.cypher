// zh: 两个实体之间最短怎样相连，每一步的依据是什么？
// en: How are two entities connected at the shortest, and on which evidence at each step?
// topic: 实体
// words: 路径 联系 最短 怎么连 依据
// param from: entity | 从 | from
// param to: entity | 到 | to
// example: from=柯城区政协 to=衢州市
MATCH (a:Entity {name: $from}), (b:Entity {name: $to})
MATCH path = shortestPath((a)-[:LOCATED_IN|PART_OF|HOLDS_POSITION|IMPLEMENTS|OPERATES|FOUNDED|COOPERATES_WITH|VISITED|PARTICIPATES_IN|RECOGNISED_BY*..6]-(b))
WHERE a.id <> b.id
RETURN [n IN nodes(path) | n.name] AS names, [r IN relationships(path) | type(r)] AS relations,
       [r IN relationships(path) | coalesce(r.evidence, r.source)] AS evidence,
       length(path) AS steps
ORDER BY steps, a.id, b.id
