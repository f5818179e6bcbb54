"""What an export holds, apart from the form of its file. Pure."""
