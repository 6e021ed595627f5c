# bash completion for sampler 1.2.0; made by 'sampler completions bash'.

# Offers words; nothing else, such as file names, is offered beside them.
_sampler_words() {
  compopt +o default +o bashdefault 2> /dev/null
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

# Offers words for the last value of a list with commas.
_sampler_list() {
  local before=''
  [[ $current == *,* ]] && before="${current%,*},"
  compopt +o default +o bashdefault 2> /dev/null
  compopt -o nospace 2> /dev/null
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${current##*,}")
}

_sampler_folders() {
  compopt +o default +o bashdefault 2> /dev/null
  compopt -o filenames 2> /dev/null
  mapfile -t COMPREPLY < <(compgen -d -- "$current")
}

_sampler() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local path='' topic='' word
  COMPREPLY=()
  # Bash splits '--name=value' into three words.
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $previous == '=' ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
      ' help') [[ -z $topic ]] || break; topic=yes ;;
      ' ingest' | ' metrics' | ' collect' | ' collect plan' | ' collect run' | ' show' | ' show record')
        path+=" $word" ;;
      *) break ;;
    esac
  done
  case "$path" in
    '')
      [[ -n $topic ]] && { _sampler_words 'ingest metrics collect show help'; return; }
      if [[ $current == -* ]]; then
        _sampler_words '--help --version'
      else
        _sampler_words 'ingest metrics collect show help'
      fi ;;
    ' ingest')
      [[ -n $topic ]] && { _sampler_words ''; return; }
      case $previous in
        -s | --store) return ;;
        --format) _sampler_words 'dolly alpaca sharegpt'; return ;;
      esac
      if [[ $current == -* ]]; then
        _sampler_words '-s --store --format --copy --no-copy -q --quiet --help'
      fi ;;
    ' metrics')
      [[ -n $topic ]] && { _sampler_words ''; return; }
      case $previous in
        -m | --metrics) _sampler_list 'rouge1 rouge2 rougeL bleu'; return ;;
        -n | --seed) _sampler_words ''; return ;;
        --penalty) _sampler_words ''; return ;;
        -i | --input) return ;;
        --model) _sampler_folders; return ;;
        --quota) _sampler_words ''; return ;;
        --max-length) _sampler_words ''; return ;;
        --very-long-option-name-here) _sampler_words ''; return ;;
      esac
      if [[ $current == -* ]]; then
        _sampler_words '-m --metrics --no-stemmer -n --seed --penalty -i --input --model --quota -q --quiet -v --verbose --max-length --very-long-option-name-here --help'
      else
        _sampler_words 'low high'
      fi ;;
    ' collect')
      [[ -n $topic ]] && { _sampler_words 'plan run'; return; }
      case $previous in
        -s | --store) return ;;
      esac
      if [[ $current == -* ]]; then
        _sampler_words '-s --store --help'
      else
        _sampler_words 'plan run'
      fi ;;
    ' collect plan')
      [[ -n $topic ]] && { _sampler_words ''; return; }
      case $previous in
        -s | --store) return ;;
      esac
      if [[ $current == -* ]]; then
        _sampler_words '-s --store --help'
      else
        _sampler_words ''
      fi ;;
    ' collect run')
      [[ -n $topic ]] && { _sampler_words ''; return; }
      case $previous in
        -s | --store) return ;;
      esac
      if [[ $current == -* ]]; then
        _sampler_words '-s --store --help'
      else
        _sampler_words ''
      fi ;;
    ' show')
      [[ -n $topic ]] && { _sampler_words 'record'; return; }
      if [[ $current == -* ]]; then
        _sampler_words '--help'
      else
        _sampler_words 'record'
      fi ;;
    ' show record')
      [[ -n $topic ]] && { _sampler_words ''; return; }
      case $previous in
        -s | --store) return ;;
      esac
      if [[ $current == -* ]]; then
        _sampler_words '-s --store --help'
      else
        _sampler_words ''
      fi ;;
  esac
}

complete -o default -o bashdefault -F _sampler sampler
