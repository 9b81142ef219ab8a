// zh: 哪些品牌被最多的文档提到？
// en: Which brands do the most documents mention?
// topic: 品牌
// words: 排名 排行 知名
// param top: integer = 20 | 前几名 | how many
// example: top=10
MATCH (brand:Brand)-[:MENTIONED_IN]->(s:Sentence)-[:IN_DOCUMENT]->(d:Document)
WITH brand, count(DISTINCT d) AS documents, count(*) AS mentions
RETURN brand.name AS brand, documents, mentions
ORDER BY documents DESC, mentions DESC, brand
LIMIT $top
