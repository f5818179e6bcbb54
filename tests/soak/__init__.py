"""The long run: thousands of visits to the real screens and the real outbox, in virtual time, and what they leave."""
