"""What is asked of Amazon Translate, by whom, and what its answers mean."""
