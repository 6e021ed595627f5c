# shellcheck shell=bash
# The Debian packages that a build needs; to be sourced after messages.sh.

# The one list. First the libraries that the project links, then the compiler for its C++ shims,
# then what the Swift toolchain itself needs.
packages=(
  libcurl4-openssl-dev
  libmicrohttpd-dev
  nettle-dev
  libonig-dev
  libsimdjson-dev
  libsqlite3-dev
  libxxhash-dev
  libzstd-dev
  zlib1g-dev

  g++
  pkg-config

  binutils
  ca-certificates
  git
  libc6-dev
  libxml2
  tzdata
)

# Prints the packages of the list that are not installed.
missing_packages() {
  local package
  for package in "${packages[@]}"; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2> /dev/null) == installed ]] \
      || printf '%s\n' "$package"
  done
}

# Runs a command as root; says it first.
as_root() {
  if [[ $EUID -eq 0 ]]; then
    note "$(pasteable "$@")"
    "$@"
  else
    note "$(pasteable sudo "$@")"
    sudo "$@"
  fi
}

# Installs what is missing. Ends with 69 when that is not possible, saying what to run.
install_packages() {
  if ! command -v dpkg-query > /dev/null; then
    log "This is no Debian system: the build needs the equivalents of"
    note "${packages[*]}"
    return
  fi
  local missing package
  mapfile -t missing < <(missing_packages)
  if [[ ${#missing[@]} -eq 0 ]]; then
    log "All ${#packages[@]} Debian packages are installed"
    return
  fi
  local install=(
    env DEBIAN_FRONTEND=noninteractive
    apt-get install --yes --no-install-recommends "${missing[@]}"
  )
  local by_hand="apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  if [[ $EUID -ne 0 ]] && ! command -v sudo > /dev/null; then
    error "these Debian packages are missing, and installing them takes root: ${missing[*]}"
    note "Run as root:  $by_hand"
    exit 69
  fi
  log "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  for package in "${missing[@]}"; do
    if ! apt-cache show "$package" > /dev/null 2>&1; then
      as_root apt-get update || fatal 69 "cannot update the package lists; run as root: $by_hand"
      break
    fi
  done
  # Lists that are old name files which the archive no longer has.
  as_root "${install[@]}" \
    || { as_root apt-get update && as_root "${install[@]}"; } \
    || fatal 69 "cannot install the packages; run as root: $by_hand"
}
