// zh: 哪些地方的项目最多（在当地，或由当地、当地机构实施）？
// en: Which places have the most projects, there or by the place or its organisations?
// topic: 项目
// words: 排名 排行 数量 地区 工程
// param top: integer = 20 | 前几名 | how many
// example: top=10
MATCH (place:Place)
CALL {
  WITH place
  MATCH (place)<-[:LOCATED_IN]-(project:Project)
  RETURN project
  UNION
  WITH place
  MATCH (place)-[:IMPLEMENTS]->(project:Project)
  RETURN project
  UNION
  WITH place
  WITH place WHERE place.code IS NOT NULL
  MATCH (:Entity {code: place.code})-[:IMPLEMENTS]->(project:Project)
  RETURN project
}
WITH place, count(DISTINCT project) AS projects
RETURN place.name AS place, place.level AS level, projects
ORDER BY projects DESC, place
LIMIT $top
