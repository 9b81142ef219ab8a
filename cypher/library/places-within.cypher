// zh: 某个地方包括哪些下级地方？
// en: Which places lie within a place?
// topic: 地点
// words: 下级 乡镇 街道 村 位于
// param name: entity | 地方 | place
// example: name=衢州市
MATCH (place:Entity {name: $name})
MATCH (place)<-[:LOCATED_IN]-(one:Place)
WITH DISTINCT one
OPTIONAL MATCH (one)<-[:LOCATED_IN]-(two:Place)
WITH DISTINCT one, two
OPTIONAL MATCH (two)<-[:LOCATED_IN]-(three:Place)
WITH DISTINCT one, two, three
OPTIONAL MATCH (three)<-[:LOCATED_IN]-(four:Place)
WITH DISTINCT one, two, three, four
UNWIND range(1, 4) AS level
WITH [one, two, three, four][level - 1] AS inner, level
WHERE inner IS NOT NULL
WITH inner, min(level) AS steps
RETURN inner.name AS place, inner.level AS level, steps, inner.lng AS lng, inner.lat AS lat
ORDER BY steps, place
