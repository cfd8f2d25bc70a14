"""The merged text of a document: put together, checked, recorded, and what it changed."""
