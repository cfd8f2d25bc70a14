"""What people are told: the plan, a commit's message, a request's text, a page of differences."""
