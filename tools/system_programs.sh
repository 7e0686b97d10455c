#!/usr/bin/env bash
# Programs outside Python that some tests need. Installed through apt-get where the
# user is root on a Debian-like machine; otherwise named, and their tests are skipped.
set -u
wanted=()
command -v chromium >/dev/null || command -v google-chrome >/dev/null || wanted+=(chromium)
command -v node >/dev/null || wanted+=(nodejs)
command -v npm >/dev/null || wanted+=(npm)
command -v xgettext >/dev/null || wanted+=(gettext)
/usr/bin/python3 -c 'import gi; gi.require_version("ICal", "3.0")' 2>/dev/null \
  || wanted+=(python3-gi gir1.2-ical-3.0)
# Playwright's own Node, which drives the browser, needs this library.
compgen -G '/usr/lib*/libatomic.so.1' >/dev/null \
  || compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null || wanted+=(libatomic1)
[ ${#wanted[@]} -eq 0 ] && exit 0
line="apt-get install --no-install-recommends ${wanted[*]}"
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "Installing for the tests: ${wanted[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null && exit 0
fi
echo "Some tests will be skipped. This installs what they need: sudo $line"
exit 0
