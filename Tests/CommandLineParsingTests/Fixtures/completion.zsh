#compdef sampler
# zsh completion for sampler 1.2.0; made by 'sampler completions zsh'.

_sampler() {
  local verb_path='' topic='' word
  local -i used=0
  local -a verbs
  for word in "${(@)words[2,CURRENT-1]}"; do
    case "$verb_path $word" in
      ' help') [[ -z $topic ]] || break; topic=yes ;;
      ' ingest'|' metrics'|' collect'|' collect plan'|' collect run'|' show'|' show record')
        verb_path+=" $word" ;;
      *) break ;;
    esac
    (( used += 1 ))
  done
  # The verbs take the place of the program's name.
  (( used > 0 )) && shift $used words
  (( CURRENT -= used ))
  case "$verb_path" in
    '')
      verbs=(
        'ingest:Read raw sources.'
        'metrics:Score texts with metrics.'
        'collect:Ask model servers.'
        'show:Show parts of the store.'
        'help:Show help about a command.'
      )
      if [[ -n $topic ]]; then
        (( CURRENT == 2 )) && _describe -t commands command verbs
        return
      fi
      _arguments -s -S : \
        '(- *)'{-h,--help}'[Show help]' \
        '(- *)--version[Show the version]' \
        '1:command:{ _describe -t commands command verbs }' ;;
    ' ingest')
      [[ -n $topic ]] && return
      _arguments -s -S : \
        '(-s --store)-s+[The store]:FILE:_files' \
        '(-s --store)--store=[The store]:FILE:_files' \
        '(--format)--format=[What the files are]:NAME:(dolly alpaca sharegpt)' \
        '(--copy --no-copy)--copy[Keep a copy of each file]' \
        '(--copy --no-copy)--no-copy[Keep a copy of each file]' \
        '(-q --quiet)-q[Show no progress]' \
        '(-q --quiet)--quiet[Show no progress]' \
        '(- *)'{-h,--help}'[Show help]' \
        '*:FILE:_files' ;;
    ' metrics')
      [[ -n $topic ]] && return
      _arguments -s -S : \
        '*-m+[The metrics to compute]:LIST:_values -s , LIST rouge1 rouge2 rougeL bleu' \
        '*--metrics=[The metrics to compute]:LIST:_values -s , LIST rouge1 rouge2 rougeL bleu' \
        '(--no-stemmer)--no-stemmer[Compare whole words]' \
        '(-n --seed)-n+[Where chance starts]:N: ' \
        '(-n --seed)--seed=[Where chance starts]:N: ' \
        '(--penalty)--penalty=[What length costs; it may be negative]:X: ' \
        '(-i --input)-i+[The file to read]:FILE:_files' \
        '(-i --input)--input=[The file to read]:FILE:_files' \
        '(--model)--model=[A model'\''s folder]:DIR:_files -/' \
        '*--quota=[The most records of a source]:SOURCE=N: ' \
        '(-q --quiet)-q[Show no progress]' \
        '(-q --quiet)--quiet[Show no progress]' \
        '(-v --verbose)-v[Say more]' \
        '(-v --verbose)--verbose[Say more]' \
        '(--max-length)--max-length=[Tokens that are kept at most]:N: ' \
        '(--very-long-option-name-here)--very-long-option-name-here=[A description that is long enough to be broken over several lines of the screen]:VALUE: ' \
        '(- *)'{-h,--help}'[Show help]' \
        '::LEVEL:(low high)' ;;
    ' collect')
      verbs=(
        'plan:Say what would be asked.'
        'run:Ask what is missing.'
      )
      if [[ -n $topic ]]; then
        (( CURRENT == 2 )) && _describe -t commands command verbs
        return
      fi
      _arguments -s -S : \
        '(-s --store)-s+[The store]:FILE:_files' \
        '(-s --store)--store=[The store]:FILE:_files' \
        '(- *)'{-h,--help}'[Show help]' \
        '1:command:{ _describe -t commands command verbs }' ;;
    ' collect plan')
      [[ -n $topic ]] && return
      _arguments -s -S : \
        '(-s --store)-s+[The store]:FILE:_files' \
        '(-s --store)--store=[The store]:FILE:_files' \
        '(- *)'{-h,--help}'[Show help]' ;;
    ' collect run')
      [[ -n $topic ]] && return
      _arguments -s -S : \
        '(-s --store)-s+[The store]:FILE:_files' \
        '(-s --store)--store=[The store]:FILE:_files' \
        '(- *)'{-h,--help}'[Show help]' ;;
    ' show')
      verbs=(
        'record:Show one record.'
      )
      if [[ -n $topic ]]; then
        (( CURRENT == 2 )) && _describe -t commands command verbs
        return
      fi
      _arguments -s -S : \
        '(- *)'{-h,--help}'[Show help]' \
        '1:command:{ _describe -t commands command verbs }' ;;
    ' show record')
      [[ -n $topic ]] && return
      _arguments -s -S : \
        '(-s --store)-s+[The store]:FILE:_files' \
        '(-s --store)--store=[The store]:FILE:_files' \
        '(- *)'{-h,--help}'[Show help]' \
        ':ID: ' ;;
  esac
}

_sampler "$@"
