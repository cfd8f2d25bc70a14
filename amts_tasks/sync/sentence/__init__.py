"""Sentences of a text: which stay, which only change in placeholders or slide marks, which have to be sent."""
