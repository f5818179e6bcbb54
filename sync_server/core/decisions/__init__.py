"""What an office decides each quarter: when it may, and what it says. Pure."""
