// zh: 哪些实体被提到最多？
// en: Which entities are mentioned most?
// topic: 实体
// words: 排名 排行 热门 重要 高频
// param type: label = null | 只看一种类型 | one type only
// param top: integer = 20 | 前几名 | how many
// example: type=Organization top=10
MATCH (e:Entity)-[:MENTIONED_IN]->(s:Sentence)
WHERE $type IS NULL OR $type IN labels(e)
WITH e, count(*) AS mentions
ORDER BY mentions DESC, e.name, e.id
LIMIT $top
RETURN e.name AS name, [l IN labels(e) WHERE l <> 'Entity'][0] AS type, mentions
ORDER BY mentions DESC, name
