"""Archives: an issued Decision with everything that its numbers rest on, in one signed file."""
