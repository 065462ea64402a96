# The course for one user or as the single-user image of a JupyterHub:
#   docker build -t bench . && docker run --rm -p 8888:8888 bench
# A JupyterHub (DockerSpawner, KubeSpawner) starts the same image with `jupyterhub-singleuser`.
FROM python:3.12-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends make bubblewrap \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --create-home --uid 1000 student
USER student
WORKDIR /home/student/course

# the requirements first: they change less often than the course
COPY --chown=student requirements.txt pyproject.toml README.md LICENSE Makefile ./
COPY --chown=student tools tools
COPY --chown=student helpers helpers
COPY --chown=student checks checks
COPY --chown=student grading grading
RUN make setup TORCH=cpu && .venv/bin/pip install --no-cache-dir "jupyterhub>=5,<6" \
    && rm -rf /home/student/.cache/pip
COPY --chown=student . .

ENV PATH=/home/student/course/.venv/bin:$PATH
EXPOSE 8888
CMD ["make", "lab", "TORCH=cpu", "LAB_ARGS=--no-browser --ip=0.0.0.0"]
