# make lab      open the course in JupyterLab      make test    run every test
# make teach    the same, with what only an instructor needs
# Both set up .venv by themselves. PYTHON=python3.12 chooses the Python; TORCH=cpu takes
# PyTorch's CPU-only pair; LAB_ARGS="--no-browser --port 8899" is passed on to JupyterLab.
PYTHON ?= python3
export TORCH
VENV := $(CURDIR)/.venv
BIN := $(VENV)/bin
HUB := $(CURDIR)/build/venv
ASSIGNMENT ?=
# in a container the user is often root, which JupyterLab accepts only when told
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# nbgrader looks for its own helpers (alembic) on PATH
export PATH := $(BIN):$(PATH)
# nbgrader's database tool reads paths in the locale's encoding: an accent in one would end it
ifneq (,$(filter C POSIX,$(LC_ALL)))
export LC_ALL := C.UTF-8
endif
# a thread that waits does not spin: a tiny net is many times slower on a busy machine otherwise
export OMP_WAIT_POLICY ?= PASSIVE
# one thread and no progress bars: results that repeat, on a busy machine too
PINNED := OMP_NUM_THREADS=1 TQDM_DISABLE=1 COURSE_PINNED=1 COURSE_DATA=
# notebooks, which take longest, first, through nbval, in kernels that tests/warm.py forks; a file
# on one worker, three for two cores, since a third of the time is waited for; a kernel that is
# late on a busy machine is no failure
NBVAL := -n 3 --nbval --dist loadfile --no-loadscope-reorder --nbval-kernel-startup-timeout 600
# another processor, for test-cpu: avx2, or default (vectors of no kind)
CPU ?= default
ISA := $(if $(filter default,$(CPU)),SSE41,AVX2)

.PHONY: lab teach desk test test-cpu hub hub-setup replicate release grade graders notebooks bench site bundle lint setup clean

# tools/lab: no question about news, no look for updates, in the reader's first minute;
# tools/lab/student: what only an instructor needs is out of sight
lab: export JUPYTER_CONFIG_PATH := $(CURDIR)/tools/lab/student:$(CURDIR)/tools/lab
lab: FIRST := work/desk.md
teach: export JUPYTER_CONFIG_PATH := $(CURDIR)/tools/lab
teach: FIRST := course/00_start_here.ipynb
lab: desk
lab teach: setup
	cd "$(CURDIR)" && "$(BIN)/jupyter" lab --ServerApp.root_dir="$(CURDIR)" \
		--LabApp.default_url=/lab/tree/$(FIRST) $(AS_ROOT) $(LAB_ARGS)

# copies of lectures and assignments in work/, and a page that knows how far each is
desk: setup
	@"$(BIN)/python" tools/desk.py

test: setup
	"$(BIN)/ruff" check . && "$(BIN)/ruff" format --check .
	$(PINNED) "$(BIN)/python" tests/warm.py -m pytest $(NBVAL) -m "not slow" $(TEST_ARGS)

# the notebooks as a lesser processor runs them: make test-cpu CPU=avx2
test-cpu: setup
	ATEN_CPU_CAPABILITY=$(CPU) ONEDNN_MAX_CPU_ISA=$(ISA) $(PINNED) \
		"$(BIN)/python" tests/warm.py -m pytest $(NBVAL) course source $(TEST_ARGS)

# a JupyterHub from log-in to feedback in a browser, as root, in a .venv of its own: PostgreSQL, node
# and chromium must be there
hub hub-setup: export PATH := $(HUB)/bin:$(PATH)
hub: hub-setup
	$(PINNED) "$(HUB)/bin/python" -m pytest -p no:xdist tests/test_hub.py tests/test_deploy.py $(TEST_ARGS)

# npm first: it waits long, for each package anew, where a registry does not answer
hub-setup:
	test -x build/node_modules/.bin/configurable-http-proxy || timeout -k 10 120 \
		npm install --prefix build --prefer-offline --fetch-retries=1 --no-audit --no-fund \
		--loglevel=error configurable-http-proxy@5.3.0
	@COURSE_VENV="$(HUB)" "$(PYTHON)" tools/install.py
	"$(HUB)/bin/python" -m pip install -q -c requirements.txt -r deploy/requirements.txt
	"$(HUB)/bin/python" -m pip install -q --no-deps dask-kubernetes==2026.3.0

# the lectures with other seeds and data, each assertion counted:
# make replicate LECTURE=01 RUNS=5 OFFSET=1 CAPABILITY=default
replicate: setup
	"$(BIN)/python" tools/replicate.py $(LECTURE) --runs $(or $(RUNS),5) \
		--offset $(or $(OFFSET),1) --capability $(or $(CAPABILITY),native)

setup:
	@"$(PYTHON)" tools/install.py

release: setup
	$(PINNED) "$(BIN)/python" tools/release.py $(ASSIGNMENT)

# enter the assignment into the gradebook, grade, write feedback and show the marks; the feedback of
# the others is written too where a submission cannot be graded, and then this fails at the end;
# CHANGED=1 also grades again what was graded by other tests or points than the assignment has now
grade: setup
	@test -n "$(ASSIGNMENT)" || { echo "say which: make grade ASSIGNMENT=a2_cnn"; exit 2; }
	@"$(BIN)/nbgrader" generate_assignment "$(ASSIGNMENT)" --force --log-level=ERROR
	@"$(BIN)/python" -m grading autograde "$(ASSIGNMENT)" $(if $(CHANGED),--changed); graded=$$?; \
	"$(BIN)/python" -m grading feedback "$(ASSIGNMENT)" && \
	"$(BIN)/python" -m grading report "$(ASSIGNMENT)" && exit $$graded

# BANK=folder: other answers than tests/answers, laid out alike
graders: setup
	$(PINNED) "$(BIN)/python" tests/graders.py $(if $(BANK),--bank "$(BANK)") $(ASSIGNMENT) $(ITEM)

# COURSE_DATA is passed on: Fashion-MNIST is measured where it is at hand
bench: setup
	"$(BIN)/python" benchmarks/training.py
	"$(BIN)/python" benchmarks/recipe.py
	"$(BIN)/python" benchmarks/autograde.py

notebooks: setup
	"$(BIN)/python" tools/notebooks.py run $(NOTEBOOKS)

site: setup
	"$(BIN)/python" tools/website/build.py

bundle: setup
	"$(BIN)/python" tools/bundle.py

lint: setup
	"$(BIN)/ruff" check --fix . && "$(BIN)/ruff" format .

clean:
	rm -rf "$(VENV)" site dist build
