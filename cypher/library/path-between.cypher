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
WITH a, b, nodes(path) AS way
UNWIND range(0, size(way) - 2) AS at
WITH a, b, way, at, way[at] AS near, way[at + 1] AS far
// Several documents may say a step: the first by type and evidence stands for them.
MATCH (near)-[r:LOCATED_IN|PART_OF|HOLDS_POSITION|IMPLEMENTS|OPERATES|FOUNDED|COOPERATES_WITH|VISITED|PARTICIPATES_IN|RECOGNISED_BY]-(far)
WITH a, b, way, at, type(r) AS relation, coalesce(r.evidence, r.source) AS said
ORDER BY at, relation, said
WITH a, b, way, at, collect(relation)[0] AS relation, collect(said)[0] AS said
ORDER BY at
WITH a, b, way, collect(relation) AS relations, collect(said) AS evidence
RETURN [n IN way | n.name] AS names, relations, evidence, size(way) - 1 AS steps
ORDER BY steps, a.id, b.id
