// zh: 哪些机构或地方之间合作最多？
// en: Which pairs of organisations or places cooperate most?
// topic: 往来
// words: 协作 结对 排名 山海协作
// param top: integer = 20 | 前几名 | how many
// example: top=10
MATCH (one:Entity)-[r:COOPERATES_WITH]->(other:Entity)
WITH CASE WHEN one.name <= other.name THEN one.name ELSE other.name END AS first,
     CASE WHEN one.name <= other.name THEN other.name ELSE one.name END AS second, r
WITH first, second, count(DISTINCT r.document) AS documents
RETURN first, second, documents
ORDER BY documents DESC, first, second
LIMIT $top
