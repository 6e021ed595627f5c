# shellcheck shell=bash
# Messages of the scripts in Tools; to be sourced.
#
# Messages go to standard error, so that standard output holds results only.
# Bold and red appear on a terminal, unless NO_COLOR is set or the terminal is dumb.

if [[ -t 2 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  bold=$'\e[1m' red=$'\e[1;31m' plain=$'\e[0m'
else
  bold='' red='' plain=''
fi

# Says what happens next.
log() { printf '%s==>%s %s\n' "$bold" "$plain" "$*" >&2; }

# Says more about it.
note() { printf '    %s\n' "$*" >&2; }

# Says what failed.
error() { printf '%serror:%s %s\n' "$red" "$plain" "$*" >&2; }

# fatal STATUS MESSAGE: says what failed and ends the script.
fatal() {
  error "${*:2}"
  exit "$1"
}

# A command as it can be pasted into a shell; words of plain characters stay unquoted.
pasteable() {
  local word line=''
  for word in "$@"; do
    if [[ ! $word =~ ^[A-Za-z0-9_./:=@%+,-]+$ ]]; then word="'${word//\'/\'\\\'\'}'"; fi
    line+="${line:+ }$word"
  done
  printf '%s' "$line"
}
