# The course for one user, or as the image of a JupyterHub's students (deploy/README.md):
#   docker build -t bench . && docker run --rm -p 8888:8888 bench
# A JupyterHub (DockerSpawner, KubeSpawner) starts the same image with `jupyterhub-singleuser`.
# BASE is any Debian or Ubuntu with Python 3.11 or later and its venv; TORCH= takes PyTorch with CUDA;
# JUPYTERHUB must have the hub's own first number.
ARG BASE=python:3.12-slim
FROM ${BASE}

RUN apt-get update \
    && apt-get install -y --no-install-recommends make git bubblewrap \
    && rm -rf /var/lib/apt/lists/*

# the requirements first: they change less often than the course
WORKDIR /opt/course
COPY requirements.txt pyproject.toml README.md LICENSE Makefile ./
COPY tools tools
COPY helpers helpers
COPY checks checks
COPY grading grading
ARG TORCH=cpu
ARG JUPYTERHUB="jupyterhub>=5,<6"
# certificates of the building network's own; not in the image
ARG SSL_CERT_FILE
RUN make setup TORCH=${TORCH} \
    && .venv/bin/pip install --no-cache-dir "${JUPYTERHUB}" "nbgitpuller>=1.2" "psycopg[binary]>=3.2" \
    && rm -rf /root/.cache
COPY . .

# One account for one user. On a hub each student has a number of their own, so that none can read
# another's work in the exchange; nbgrader takes the name from the hub where the account is jovyan.
RUN useradd --create-home --uid 1000 student && install -d -o student work && \
    for number in $(seq 20000 29999); do \
        echo "jovyan:x:${number}:100::/home/jovyan:/bin/bash"; \
    done >> /etc/passwd
USER student

ENV PATH=/opt/course/.venv/bin:$PATH TORCH=${TORCH}
EXPOSE 8888
CMD ["make", "lab", "LAB_ARGS=--no-browser --ip=0.0.0.0"]
