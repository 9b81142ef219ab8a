// zh: 哪些叫法指不止一个实体？
// en: Which names stand for more than one entity?
// topic: 实体
// words: 同名 重名 歧义 简称 检查
// param top: integer = 50 | 前几名 | how many
// example: top=20
MATCH (e:Entity)-[m:MENTIONED_IN]->(:Sentence)
WITH m.text AS written, e, count(*) AS mentions
ORDER BY written, e.name, e.id
WITH written, collect(e.name) AS entities, sum(mentions) AS mentions
WHERE size(entities) > 1
RETURN written, entities, mentions
ORDER BY mentions DESC, written
LIMIT $top
