"""The review of a pair outside of a run: what awaits a human, and what he or she says of it."""
