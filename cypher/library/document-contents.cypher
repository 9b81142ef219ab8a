// zh: 某份文档里提到最多的是哪些实体？
// en: Which entities does a document mention most?
// topic: 文档
// words: 摘要 内容 概览 主要
// param document: document | 文档 | document
// param type: label = null | 只看一种类型 | one type only
// example: document=柯城区
MATCH (d:Document {id: $document})<-[:IN_DOCUMENT]-(s:Sentence)<-[:MENTIONED_IN]-(e:Entity)
WHERE $type IS NULL OR $type IN labels(e)
WITH e, count(*) AS mentions
RETURN e.name AS name, [l IN labels(e) WHERE l <> 'Entity'][0] AS type, mentions
ORDER BY mentions DESC, name
