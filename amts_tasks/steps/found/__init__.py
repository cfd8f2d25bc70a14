"""What a run finds when it begins: revisions that count, reservations, what was done at the remote, what was lost."""
