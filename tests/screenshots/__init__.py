"""Pictures of every screen in every way that it can look."""
