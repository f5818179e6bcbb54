"""The wire contract between kiosk and server: messages, topics, codec, scanned codes, case tokens."""
