"""Where documents and blocks came from, when nobody wrote it down: renames, first contact, a lost manifest."""
