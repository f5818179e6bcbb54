PYTHON ?= python3
RUN = .venv/bin/python -m
ROOMS = protocol hardware kiosk sync_server deploy tests
PURE = protocol/*,*/core/*

.PHONY: help demo demo-fresh test check bench torture ready-to-test

help:
	@echo "make demo         server and kiosk on simulated hardware; keeps its data in data/demo"
	@echo "make demo-fresh   the same, from an empty office"
	@echo "make test         check, then every test, then the coverage of the pure parts"
	@echo "make check        ruff and mypy"
	@echo "make bench        delays from scan to screen, tap to thanks, tap to page"
	@echo "make torture      a thousand faults of every kind: nothing lost, nothing doubled"
	@echo "Each sets the machine up first; PYTHON=python3.12 chooses the Python (3.11 to 3.13)."

# exec leaves no shell between: a demo that Ctrl-C ends with 0 gives make nothing to complain of.
demo:
	@$(PYTHON) deploy/bootstrap.py demo && exec $(RUN) deploy.demo

demo-fresh:
	@rm -rf data/demo && $(PYTHON) deploy/bootstrap.py demo && exec $(RUN) deploy.demo

test: check
	$(RUN) coverage run -m pytest
	$(RUN) coverage report --include='$(PURE)' --fail-under=100

check: ready-to-test
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy $(ROOMS)

bench: ready-to-test
	$(RUN) tests.bench

torture: ready-to-test
	$(RUN) tests.journeys.torture

ready-to-test:
	@$(PYTHON) deploy/bootstrap.py test
