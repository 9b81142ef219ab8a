"""The Cypher of the pictures; both stores run it, and it only reads."""

from __future__ import annotations

# Ranked by how often the two are joined; `ties` counts relationships, not neighbours.
NEIGHBOURS = """
UNWIND $ids AS id
MATCH (a:Entity {id: id})-[r]-(b:Entity)
WHERE type(r) IN $relations
  AND coalesce(r.confidence, 1.0) >= $confidence
  AND ($documents IS NULL OR r.document IN $documents)
  AND ($status IS NULL OR r.status = $status)
  AND ($types IS NULL OR any(label IN labels(b) WHERE label IN $types))
RETURN b.id AS id, count(r) AS ties
ORDER BY ties DESC, id
"""

TIES = """
UNWIND $ids AS id
MATCH (a:Entity {id: id})-[r]-(:Entity)
WHERE type(r) IN $relations
RETURN a.id AS id, count(r) AS ties
"""

ENTITIES = """
UNWIND $ids AS id
MATCH (e:Entity {id: id})
RETURN e
"""

RELATIONS = """
UNWIND $ids AS id
MATCH (a:Entity {id: id})-[r]->(b:Entity)
WHERE type(r) IN $relations AND b.id IN $ids
  AND coalesce(r.confidence, 1.0) >= $confidence
  AND ($documents IS NULL OR r.document IN $documents)
  AND ($status IS NULL OR r.status = $status)
RETURN a.id AS head, b.id AS tail, type(r) AS type, properties(r) AS properties
"""

EVIDENCE = """
UNWIND $sentences AS id
MATCH (s:Sentence {id: id})
OPTIONAL MATCH (e:Entity)-[m:MENTIONED_IN]->(s)
RETURN s.id AS id, s.text AS text, s.section AS section, e.id AS entity, m.begin AS begin,
       m.text AS mention
"""

DOCUMENTS = """
MATCH (d:Document)
OPTIONAL MATCH (d)-[:ISSUED_BY]->(o:Organization)
RETURN d.id AS id, d.name AS name, d.title AS title, d.kind AS kind, d.date AS date,
       o.name AS issuer
ORDER BY date, name, id
"""

ISSUERS = """
MATCH (d:Document)-[:ISSUED_BY]->(o:Organization)
WHERE $documents IS NULL OR d.id IN $documents
WITH o.id AS id, collect(d.id) AS documents
RETURN id, documents
ORDER BY size(documents) DESC, id
"""

BEST_CONNECTED = """
MATCH (a:Entity)-[r]-(:Entity)
WHERE type(r) IN $relations AND ($documents IS NULL OR r.document IN $documents)
RETURN a.id AS id, count(r) AS ties
ORDER BY ties DESC, id
LIMIT $limit
"""
