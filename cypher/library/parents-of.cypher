// zh: 某个机构隶属于谁，逐级往上？
// en: What is an organisation part of, level by level?
// topic: 机构
// words: 上级 隶属 主管 层级
// param name: entity | 机构 | organisation
// example: name=柯城区政协
MATCH path = (o:Entity {name: $name})-[:PART_OF*1..6]->(parent:Organization)
WITH parent, min(length(path)) AS steps
RETURN steps, parent.name AS parent
ORDER BY steps, parent
