"""Zhitu 知图: Chinese documents → a knowledge graph people can trust, query and see."""

__version__ = "0.1.0"
