"""The explorer: a local web application over a store. Every view has a URL, every table a CSV."""
