// zh: 某个地方包括哪些下级地方？
// en: Which places lie within a place?
// topic: 地点
// words: 下级 乡镇 街道 村 位于
// param name: entity | 地方 | place
// example: name=衢州市
MATCH path = (place:Entity {name: $name})<-[:LOCATED_IN*1..4]-(inner:Place)
WITH inner, min(length(path)) AS steps
RETURN inner.name AS place, inner.level AS level, steps, inner.lng AS lng, inner.lat AS lat
ORDER BY steps, place
