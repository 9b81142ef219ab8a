// zh: 某个机构有哪些下属或成员机构？
// en: Which bodies are part of an organisation?
// topic: 机构
// words: 下级 下属 隶属 部门 成员单位
// param name: entity | 机构 | organisation
// example: name=柯城区政协
MATCH path = (o:Entity {name: $name})<-[:PART_OF*1..6]-(member:Organization)
WITH member, min(length(path)) AS steps
RETURN steps, member.name AS member
ORDER BY steps, member
