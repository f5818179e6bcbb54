"""The harness that breaks everything an office consists of, and compares thank-yous with what is stored."""
