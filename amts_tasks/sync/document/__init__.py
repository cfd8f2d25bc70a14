"""The plan of one document: what becomes of each block, given what the rest of the book knows."""
