// zh: 与某个实体在同一句话里一起出现的有谁？
// en: What appears in the same sentences as an entity?
// topic: 实体
// words: 共现 同现 一起 相关
// param name: entity | 名称 | name
// param type: label = null | 只看一种类型 | one type only
// example: name=柯城区政协 type=Organization
MATCH (e:Entity {name: $name})-[:MENTIONED_IN]->(s:Sentence)<-[:MENTIONED_IN]-(other:Entity)
WHERE other.id <> e.id AND ($type IS NULL OR $type IN labels(other))
WITH other, count(DISTINCT s) AS sentences
RETURN other.name AS other, [l IN labels(other) WHERE l <> 'Entity'][0] AS type, sentences
ORDER BY sentences DESC, other
