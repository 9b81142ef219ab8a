// zh: 哪些机构实施的项目最多？
// en: Which organisations implement the most projects?
// topic: 项目
// words: 排名 排行 数量 工程 承建
// param top: integer = 20 | 前几名 | how many
// example: top=10
MATCH (o:Organization)-[r:IMPLEMENTS]->(project:Project)
WITH o, count(DISTINCT project) AS projects, count(DISTINCT r.document) AS documents
RETURN o.name AS organisation, projects, documents
ORDER BY projects DESC, organisation
LIMIT $top
