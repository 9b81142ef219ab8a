// zh: 哪些地方的项目最多？
// en: Which places have the most projects?
// topic: 项目
// words: 排名 排行 数量 地区 工程
// param top: integer = 20 | 前几名 | how many
// example: top=10
MATCH (project:Project)-[:LOCATED_IN]->(place:Place)
WITH place, count(DISTINCT project) AS projects
RETURN place.name AS place, place.level AS level, projects
ORDER BY projects DESC, place
LIMIT $top
