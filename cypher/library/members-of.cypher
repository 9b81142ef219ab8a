// zh: 某个机构有哪些下属或成员机构？
// en: Which bodies are part of an organisation?
// topic: 机构
// words: 下级 下属 隶属 部门 成员单位
// param name: entity | 机构 | organisation
// example: name=柯城区政协
MATCH (o:Entity {name: $name})
MATCH (o)<-[:PART_OF]-(one:Organization)
WITH DISTINCT one
OPTIONAL MATCH (one)<-[:PART_OF]-(two:Organization)
WITH DISTINCT one, two
OPTIONAL MATCH (two)<-[:PART_OF]-(three:Organization)
WITH DISTINCT one, two, three
OPTIONAL MATCH (three)<-[:PART_OF]-(four:Organization)
WITH DISTINCT one, two, three, four
OPTIONAL MATCH (four)<-[:PART_OF]-(five:Organization)
WITH DISTINCT one, two, three, four, five
OPTIONAL MATCH (five)<-[:PART_OF]-(six:Organization)
WITH DISTINCT one, two, three, four, five, six
UNWIND range(1, 6) AS level
WITH [one, two, three, four, five, six][level - 1] AS member, level
WHERE member IS NOT NULL
WITH member, min(level) AS steps
RETURN steps, member.name AS member
ORDER BY steps, member
