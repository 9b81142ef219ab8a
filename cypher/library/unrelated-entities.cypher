// zh: 哪些实体只被提到、没有任何关系？
// en: Which entities are mentioned but related to nothing?
// topic: 实体
// words: 孤立 无关系 检查
// param type: label = null | 只看一种类型 | one type only
// param top: integer = 50 | 前几名 | how many
// example: type=Project
MATCH (e:Entity)-[:MENTIONED_IN]->(s:Sentence)
WHERE ($type IS NULL OR $type IN labels(e)) AND NOT (e)--(:Entity)
WITH e, count(*) AS mentions
RETURN e.name AS name, [l IN labels(e) WHERE l <> 'Entity'][0] AS type, mentions
ORDER BY mentions DESC, name
LIMIT $top
