"""What the kiosk decides: pure, with time as an argument."""
