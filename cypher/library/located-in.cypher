// zh: 某个机构、项目、品牌或地方位于哪里，逐级往上？
// en: Where is an organisation, project, brand or place, level by level?
// topic: 地点
// words: 位置 在哪里 所在地 地址
// param name: entity | 名称 | name
// example: name=沟溪乡余西村
MATCH path = (e:Entity {name: $name})-[:LOCATED_IN*1..5]->(place:Place)
WITH place, min(length(path)) AS steps
RETURN steps, place.name AS place, place.level AS level, place.lng AS lng, place.lat AS lat
ORDER BY steps, place
