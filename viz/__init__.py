"""Seeing: choosing a subgraph and drawing it as one offline HTML page."""
