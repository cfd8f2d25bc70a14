"""Texts whose alignment is known, and what the aligner says of them: read from outside the repository."""
