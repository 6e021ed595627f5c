# shellcheck shell=bash
# Finds the Swift toolchain; to be sourced after messages.sh.

# The oldest Swift that the package's manifest takes.
oldest_swift=6.2

# Puts Swift on PATH. Ends with 69 when there is none that is new enough, saying how to get one.
find_swift() {
  local folder version=''
  for folder in '' /opt/swift/usr/bin /usr/share/swift/usr/bin \
    "${SWIFTLY_BIN_DIR:-${HOME:-/nonexistent}/.local/share/swiftly/bin}"; do
    local swift=${folder:+$folder/}swift
    command -v "$swift" > /dev/null || continue
    version=$("$swift" --version 2> /dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p')
    [[ -n $version ]] || continue
    if printf '%s\n%s\n' "$oldest_swift" "$version" | sort --version-sort --check=quiet; then
      [[ -z $folder ]] || PATH=$folder:$PATH
      log "Swift $version ($(command -v swift))"
      return
    fi
    note "$(command -v "$swift") is Swift $version, which is too old"
  done
  error "Swift $oldest_swift or later is needed and was not found"
  note "Install it from https://www.swift.org/install/linux/, for example with swiftly,"
  note "or unpack a toolchain so that /opt/swift/usr/bin/swift exists, and run this again."
  exit 69
}
