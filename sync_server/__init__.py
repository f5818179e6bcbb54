"""The office: takes votes in, shows the figures."""
