"""What a plan is made with beside the two books: the memory's answers and matches, references, freshness."""
