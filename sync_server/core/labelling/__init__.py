"""Rules by which the server labels votes; each a pure function of the votes and of what the office has said."""
