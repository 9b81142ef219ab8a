// zh: 哪些机构经常在同一句话里一起出现？
// en: Which organisations often appear together in one sentence?
// topic: 机构
// words: 共现 同现 一起 联合 排名
// param least: integer = 2 | 至少几句 | sentences at least
// param top: integer = 50 | 前几名 | how many
// example: least=2
MATCH (one:Organization)-[:MENTIONED_IN]->(s:Sentence)<-[:MENTIONED_IN]-(other:Organization)
WHERE one.id < other.id
WITH one, other, count(DISTINCT s) AS sentences
WHERE sentences >= $least
RETURN one.name AS first, other.name AS second, sentences
ORDER BY sentences DESC, first, second
LIMIT $top
