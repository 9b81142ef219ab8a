"""Extraction: documents in, mentions and relations out. No database in here."""
