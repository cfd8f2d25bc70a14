"""AMTS keeps the translations of a living book in step with its source.

book revision → documents → blocks → segments → pairs → memory → parallel data → job → translated documents → scores
"""

__version__ = "0.1.0"
