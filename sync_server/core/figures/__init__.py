"""What is counted and computed from votes: shares, intervals, verdicts, indices, and what small numbers hide."""
