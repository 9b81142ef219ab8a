// zh: 某个品牌由谁运营、谁参与，在哪里？
// en: Who operates a brand, who takes part in it, and where is it?
// topic: 品牌
// words: 平台 打造 主办 创建
// param name: entity | 品牌 | brand
// example: name=民生议事堂
MATCH (brand:Entity {name: $name})-[r]-(other:Entity)
MATCH (d:Document {id: r.document})
RETURN other.name AS other, [l IN labels(other) WHERE l <> 'Entity'][0] AS type,
       type(r) AS relation, r.evidence AS evidence, d.name AS document
ORDER BY relation, other, document
