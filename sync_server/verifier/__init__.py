"""The program that checks an archive: a single file that travels in the archive and imports nothing of the server."""
