#!/usr/bin/env bash
# Timefold for the benchmarks, in an environment of its own (var/timefold). It needs
# Java 17, installed through apt-get where the user is root on a Debian-like machine.
set -eu
cd "$(dirname "$0")/.."
target=var/timefold lock=benchmarks/reference/timefold.lock
if ! command -v java >/dev/null; then
  line="apt-get install --no-install-recommends openjdk-17-jre-headless"
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Timefold needs Java 17. This installs it: sudo $line"
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null
fi
[ "$target/.installed" -nt "$lock" ] && exit 0
echo "Installing Timefold for the benchmarks"
mkdir -p var
.venv/bin/python -m venv "$target"
"$target/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
touch "$target/.installed"
