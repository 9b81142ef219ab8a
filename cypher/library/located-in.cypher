// zh: 某个机构、项目、品牌或地方位于哪里，逐级往上？
// en: Where is an organisation, project, brand or place, level by level?
// topic: 地点
// words: 位置 在哪里 所在地 地址
// param name: entity | 名称 | name
// example: name=沟溪乡余西村
MATCH (e:Entity {name: $name})
MATCH (e)-[:LOCATED_IN]->(one:Place)
WITH DISTINCT one
OPTIONAL MATCH (one)-[:LOCATED_IN]->(two:Place)
WITH DISTINCT one, two
OPTIONAL MATCH (two)-[:LOCATED_IN]->(three:Place)
WITH DISTINCT one, two, three
OPTIONAL MATCH (three)-[:LOCATED_IN]->(four:Place)
WITH DISTINCT one, two, three, four
OPTIONAL MATCH (four)-[:LOCATED_IN]->(five:Place)
WITH DISTINCT one, two, three, four, five
UNWIND range(1, 5) AS level
WITH [one, two, three, four, five][level - 1] AS place, level
WHERE place IS NOT NULL
WITH place, min(level) AS steps
RETURN steps, place.name AS place, place.level AS level, place.lng AS lng, place.lat AS lat
ORDER BY steps, place
