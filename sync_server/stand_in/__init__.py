"""Another program's server of cases, for tests and for trying: on this machine only."""
