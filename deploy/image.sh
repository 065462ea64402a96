#!/usr/bin/env bash
# The course's image where no registry of images can be reached: a base from Debian's packages, the
# Dockerfile built on it, and the image started, JupyterLab's page asked for and a lecture run in it.
# As root, with buildah and debootstrap: deploy/image.sh [cpu]    (without cpu: PyTorch with CUDA)
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
isolation=(--isolation chroot --network host)

if ! buildah inspect localhost/bench-base >/dev/null 2>&1; then
    debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv bookworm "$work/base"
    tar -C "$work/base" -cf "$work/base.tar" .
    printf 'FROM scratch\nADD base.tar /\n' >"$work/Dockerfile"
    buildah bud "${isolation[@]}" --tag bench-base "$work"
    rm -rf "$work/base" "$work/base.tar"
fi
# what this machine trusts, while building: its network may have certificates of its own
certificates=(--volume /etc/ssl/certs:/etc/ssl/certs:ro)
certificates+=(--build-arg SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt)
buildah bud "${isolation[@]}" "${certificates[@]}" --tag bench \
    --build-arg BASE=localhost/bench-base --build-arg TORCH="${1-}" .
buildah images

container=$(buildah from localhost/bench)
address=http://127.0.0.1:8899
inside() { buildah run "${isolation[@]}" "$container" -- "$@"; }
end() {
    curl -fs -X POST "$address/api/shutdown?token=try" || true
    wait
    buildah rm "$container" >/dev/null
    rm -rf "$work"
}
trap end EXIT
inside jupyter lab --no-browser --ip=127.0.0.1 --port=8899 --IdentityProvider.token=try &
until curl -fs "$address/api" >/dev/null; do
    kill -0 $! # where it has ended, so does this
    sleep 1
done
curl -fsL "$address/lab?token=try" | grep -o "<title>[^<]*</title>"
inside jupyterhub-singleuser --version
inside env OMP_NUM_THREADS=1 TQDM_DISABLE=1 COURSE_PINNED=1 python -m pytest -q -p no:cacheprovider \
    --nbval --nbval-kernel-startup-timeout 600 course/00_start_here.ipynb
