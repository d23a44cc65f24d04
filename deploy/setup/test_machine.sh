#!/usr/bin/env bash
# Installs the server programs and the browser the tests use, where they are missing and this user may do so.
set -euo pipefail
missing=()
# Chromium without windows starts a page in a third of the time.
command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 || missing+=(chromium-headless-shell)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v rabbitmq-server >/dev/null 2>&1 || ls /usr/sbin/rabbitmq-server >/dev/null 2>&1 || missing+=(rabbitmq-server)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-cache show chromium-headless-shell >/dev/null 2>&1 || missing=("${missing[@]/chromium-headless-shell/chromium}")
  # The packages must not start servers of their own: the tests start theirs on free ports.
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
  apt-get install -y -qq --no-install-recommends "${missing[@]}" || true
  rm -f /usr/sbin/policy-rc.d
else
  echo "Not installed here and not installable by this user: ${missing[*]}."
  echo "The tests that need them will fail; set ALLOW_MISSING=browser,postgresql,rabbitmq to skip those."
fi
