"""What publishing brings along and leaves behind: things and images, pushes and requests, patches, reports."""
