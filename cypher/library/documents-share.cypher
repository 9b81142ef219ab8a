// zh: 两份文档都提到哪些实体？
// en: Which entities do two documents share?
// topic: 文档
// words: 共同 共有 相同 比较 对比
// param first: document | 第一份文档 | the first document
// param second: document | 第二份文档 | the second document
// example: first=柯城区 second=常山县
MATCH (a:Document {id: $first})<-[:IN_DOCUMENT]-(s:Sentence)<-[:MENTIONED_IN]-(e:Entity)
WITH e, count(*) AS in_first
MATCH (e)-[:MENTIONED_IN]->(t:Sentence)-[:IN_DOCUMENT]->(b:Document {id: $second})
WITH e, in_first, count(*) AS in_second
RETURN e.name AS name, [l IN labels(e) WHERE l <> 'Entity'][0] AS type, in_first, in_second
ORDER BY in_first + in_second DESC, name
