#!/bin/sh
# What Qt needs of a bare Linux, beyond Python: installs it where that is possible without asking,
# else names it. Does nothing on other systems and where everything is there.
set -eu
[ "$(uname -s)" = Linux ] || exit 0

packages="libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libfontconfig1 libdbus-1-3 libglib2.0-0
 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0
 libxcb-xinerama0 libxcb-xkb1 fonts-dejavu-core"

missing=""
if command -v dpkg-query >/dev/null 2>&1; then
  for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing what the editor needs of this Linux:$missing"
  apt-get update -qq || true
  # shellcheck disable=SC2086 # a list of packages
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
    echo "Some of these could not be installed; the editor may not start."
else
  echo "The editor needs these packages; everything else runs without them:"
  echo "  sudo apt-get install$missing"
fi
