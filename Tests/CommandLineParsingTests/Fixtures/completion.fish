# fish completion for sampler 1.2.0; made by 'sampler completions fish'.

# Prints the verbs that were typed; 'help' first when help was asked for.
function __sampler_verbs
    set -l verbs ''
    set -l topic ''
    for word in (commandline -opc)[2..]
        switch "$verbs $word"
            case ' help'
                test -z "$topic"; or break
                set topic help
            case ' ingest' ' metrics' ' collect' ' collect plan' ' collect run' ' show' ' show record'
                set verbs "$verbs $word"
            case '*'
                break
        end
    end
    echo "$topic$verbs"
end

complete -c sampler -f
complete -c sampler -n 'test (__sampler_verbs) = ""' -a ingest -d 'Read raw sources.'
complete -c sampler -n 'test (__sampler_verbs) = "help"' -a ingest -d 'Read raw sources.'
complete -c sampler -n 'test (__sampler_verbs) = ""' -a metrics -d 'Score texts with metrics.'
complete -c sampler -n 'test (__sampler_verbs) = "help"' -a metrics -d 'Score texts with metrics.'
complete -c sampler -n 'test (__sampler_verbs) = ""' -a collect -d 'Ask model servers.'
complete -c sampler -n 'test (__sampler_verbs) = "help"' -a collect -d 'Ask model servers.'
complete -c sampler -n 'test (__sampler_verbs) = ""' -a show -d 'Show parts of the store.'
complete -c sampler -n 'test (__sampler_verbs) = "help"' -a show -d 'Show parts of the store.'
complete -c sampler -n 'test (__sampler_verbs) = ""' -a help -d 'Show help about a command.'
complete -c sampler -n 'test (__sampler_verbs) = ""' -l version -d 'Show the version'
complete -c sampler -n 'test (__sampler_verbs) = ""' -s h -l help -d 'Show help'
complete -c sampler -n 'test (__sampler_verbs) = " ingest"' -s h -l help -d 'Show help'
complete -c sampler -n 'test (__sampler_verbs) = " ingest"' -s s -l store -r -F -d 'The store'
complete -c sampler -n 'test (__sampler_verbs) = " ingest"' -l format -x -a 'dolly alpaca sharegpt' -d 'What the files are'
complete -c sampler -n 'test (__sampler_verbs) = " ingest"' -l copy -d 'Keep a copy of each file'
complete -c sampler -n 'test (__sampler_verbs) = " ingest"' -l no-copy -d 'Keep a copy of each file'
complete -c sampler -n 'test (__sampler_verbs) = " ingest"' -s q -l quiet -d 'Show no progress'
complete -c sampler -n 'test (__sampler_verbs) = " ingest"' -F
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -s h -l help -d 'Show help'
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -s m -l metrics -x -a '(__fish_append , rouge1 rouge2 rougeL bleu)' -d 'The metrics to compute'
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -l no-stemmer -d 'Compare whole words'
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -s n -l seed -x -d 'Where chance starts'
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -l penalty -x -d 'What length costs; it may be negative'
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -s i -l input -r -F -d 'The file to read'
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -l model -x -a '(__fish_complete_directories)' -d 'A model\'s folder'
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -l quota -x -d 'The most records of a source'
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -s q -l quiet -d 'Show no progress'
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -s v -l verbose -d 'Say more'
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -l max-length -x -d 'Tokens that are kept at most'
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -l very-long-option-name-here -x -d 'A description that is long enough to be broken over several lines of the screen'
complete -c sampler -n 'test (__sampler_verbs) = " metrics"' -a 'low high'
complete -c sampler -n 'test (__sampler_verbs) = " collect"' -a plan -d 'Say what would be asked.'
complete -c sampler -n 'test (__sampler_verbs) = "help collect"' -a plan -d 'Say what would be asked.'
complete -c sampler -n 'test (__sampler_verbs) = " collect"' -a run -d 'Ask what is missing.'
complete -c sampler -n 'test (__sampler_verbs) = "help collect"' -a run -d 'Ask what is missing.'
complete -c sampler -n 'test (__sampler_verbs) = " collect"' -s h -l help -d 'Show help'
complete -c sampler -n 'test (__sampler_verbs) = " collect"' -s s -l store -r -F -d 'The store'
complete -c sampler -n 'test (__sampler_verbs) = " collect plan"' -s h -l help -d 'Show help'
complete -c sampler -n 'test (__sampler_verbs) = " collect plan"' -s s -l store -r -F -d 'The store'
complete -c sampler -n 'test (__sampler_verbs) = " collect run"' -s h -l help -d 'Show help'
complete -c sampler -n 'test (__sampler_verbs) = " collect run"' -s s -l store -r -F -d 'The store'
complete -c sampler -n 'test (__sampler_verbs) = " show"' -a record -d 'Show one record.'
complete -c sampler -n 'test (__sampler_verbs) = "help show"' -a record -d 'Show one record.'
complete -c sampler -n 'test (__sampler_verbs) = " show"' -s h -l help -d 'Show help'
complete -c sampler -n 'test (__sampler_verbs) = " show record"' -s h -l help -d 'Show help'
complete -c sampler -n 'test (__sampler_verbs) = " show record"' -s s -l store -r -F -d 'The store'
