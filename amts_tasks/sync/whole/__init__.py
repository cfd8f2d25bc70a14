"""What a document needs beside its text for its book to be built, and what would point nowhere."""
