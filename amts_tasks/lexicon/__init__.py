"""Word alignment and translation models learnt from pairs: a leaf on NumPy and a word cutter."""
