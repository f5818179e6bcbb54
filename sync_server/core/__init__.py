"""What the server decides: pure, with time as an argument."""
