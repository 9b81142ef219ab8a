// zh: 各类关系有多少条？
// en: How many relations of each type are there?
// topic: 核查
// words: 统计 数量 概况
MATCH (head:Entity)-[r]->(tail:Entity)
RETURN type(r) AS relation, coalesce(r.source, 'text') AS source, count(*) AS relations,
       count(DISTINCT r.document) AS documents
ORDER BY relations DESC, relation, source
