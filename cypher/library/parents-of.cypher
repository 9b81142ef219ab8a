// zh: 某个机构隶属于谁，逐级往上？
// en: What is an organisation part of, level by level?
// topic: 机构
// words: 上级 隶属 主管 层级
// param name: entity | 机构 | organisation
// example: name=柯城区政协
MATCH (o:Entity {name: $name})
MATCH (o)-[:PART_OF]->(one:Organization)
WITH DISTINCT one
OPTIONAL MATCH (one)-[:PART_OF]->(two:Organization)
WITH DISTINCT one, two
OPTIONAL MATCH (two)-[:PART_OF]->(three:Organization)
WITH DISTINCT one, two, three
OPTIONAL MATCH (three)-[:PART_OF]->(four:Organization)
WITH DISTINCT one, two, three, four
OPTIONAL MATCH (four)-[:PART_OF]->(five:Organization)
WITH DISTINCT one, two, three, four, five
OPTIONAL MATCH (five)-[:PART_OF]->(six:Organization)
WITH DISTINCT one, two, three, four, five, six
UNWIND range(1, 6) AS level
WITH [one, two, three, four, five, six][level - 1] AS parent, level
WHERE parent IS NOT NULL
WITH parent, min(level) AS steps
RETURN steps, parent.name AS parent
ORDER BY steps, parent
