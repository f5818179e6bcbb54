"""Every row of a file of votes, and nothing else: what an archive's cost is held against."""

import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1])
for _ in connection.execute("SELECT * FROM votes"):
    pass
connection.close()
