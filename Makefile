PYTHON ?= python3
RUN = .venv/bin/python -m
ROOMS = protocol hardware kiosk sync_server deploy tests
# What decides, and what votes pass through: hardly a line or branch of these is not run by the tests.
empty =
comma = ,
PURE = $(subst $(empty) $(empty),$(comma),$(strip \
	protocol/* */core/* kiosk/outbox/* kiosk/conversation.py kiosk/health.py \
	sync_server/ingest.py sync_server/taking.py sync_server/reading.py sync_server/intake.py \
	$(patsubst %,hardware/%.py,bursts checksums commissioning conversation decoder driver ft12 gm65 gm65_module line) \
	$(patsubst %,hardware/%.py,modbus modbus_unit packets queue_line speech ssi ssi_module) \
	$(patsubst %,hardware/%.py,watching wedge) \
	$(patsubst %,sync_server/store/%.py,ledger orders votes quarantine reports counts refused_votes clock) \
	$(patsubst %,sync_server/store/%.py,paper paper_cells paper_entry paper_lines)))
# Two at a time; a file's tests stay together and in order.
TOGETHER = -n 2 --dist loadfile

.PHONY: help demo demo-fresh test check bench torture soak mutants screenshots ready-to-test

help:
	@echo "make demo         server and kiosk on simulated hardware; keeps its data in data/demo"
	@echo "make demo-fresh   the same, from an empty office"
	@echo "make test         check, then every test, then the coverage of the pure parts"
	@echo "make check        ruff and mypy"
	@echo "make bench        delays people wait, screens beside bare Kivy, ingest, storm, hostile kiosk, card, drivers, plugs, exports, archives, documents"
	@echo "make torture      a thousand faults of every kind: nothing lost, nothing doubled"
	@echo "make soak         20,000 visits to the real screens: nothing leaks, nothing sticks, every thanks is a vote"
	@echo "make mutants      small changes to the source, one at a time: which ones no test notices"
	@echo "make screenshots  a picture of every screen as everybody may see it, in docs/screens"
	@echo "Each sets the machine up first; PYTHON=python3.12 chooses the Python (3.11 to 3.13)."

# exec leaves no shell between: a demo that Ctrl-C ends with 0 gives make nothing to complain of.
demo:
	@$(PYTHON) deploy/bootstrap.py demo && exec $(RUN) deploy.demo

demo-fresh:
	@rm -rf data/demo && $(PYTHON) deploy/bootstrap.py demo && exec $(RUN) deploy.demo

test: check
	$(RUN) coverage erase
	COVERED=1 $(RUN) pytest $(TOGETHER)
	$(RUN) coverage combine -q
	$(RUN) coverage report --include='$(PURE)' --fail-under=100

check: ready-to-test
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy $(ROOMS)

bench: ready-to-test
	$(RUN) tests.bench

torture: ready-to-test
	$(RUN) tests.journeys.torture

soak: ready-to-test
	@exec $(RUN) tests.soak

# mutmut brings a dozen packages that no test needs, so it has an environment of its own over the tests' one.
mutants: ready-to-test
	@.venv/bin/python -m tests.mutants.environment
	data/mutants/bin/python -m tests.mutants $(ONLY)

screenshots: ready-to-test
	$(RUN) tests.screenshots

ready-to-test:
	@$(PYTHON) deploy/bootstrap.py test
