# Completion for bash: commands, options, and the causes' names as `locksmith explain --list` has them.
_locksmith_known() { locksmith providers 2> /dev/null | sed -n 's/^\([a-z0-9-]\{1,\}\)  .*/\1/p'; }

_locksmith() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
  local why='--offline --response --entry --command --replay --try-environments --save --json --markdown --catalogue
             --plan --budget --verbose --color --help'
  local record='--save --report --json --markdown --quiet --pass --keep-no-proxy --catalogue --verbose --help --'
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W 'why explain providers record compare redact --version --help' -- "$word"))
    return
  fi
  case $before in
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
    --catalogue) COMPREPLY=($(compgen -d -- "$word")); return ;;
    --response | --save | --output | --report) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --entry | --entry-good | --entry-bad | --command | --good | --bad | --budget | --pass) return ;;
  esac
  case $command:$word in
    why:-*)
      # What stands behind `curl` is curl's.
      [[ " ${COMP_WORDS[*]:2:COMP_CWORD-2} " == *' curl '* ]] ||
        COMPREPLY=($(compgen -W "$why" -- "$word")) ;;
    why:*) COMPREPLY=($(compgen -W curl -- "$word") $(compgen -f -- "$word")) ;;
    explain:-*) COMPREPLY=($(compgen -W '--list --catalogue --help' -- "$word")) ;;
    explain:*)
      COMPREPLY=($(compgen -W "$(locksmith explain --list 2> /dev/null | cut -d ' ' -f 1)" -- "$word")) ;;
    providers:-*) COMPREPLY=($(compgen -W '--json --catalogue --output --color --help' -- "$word")) ;;
    providers:*)
      case ${COMP_WORDS[2]} in
        check) COMPREPLY=($(compgen -f -- "$word")) ;;
        show) COMPREPLY=($(compgen -W "$(_locksmith_known)" -- "$word")) ;;
        *) [ "$COMP_CWORD" -gt 2 ] || COMPREPLY=($(compgen -W 'show new check' -- "$word")) ;;
      esac ;;
    record:*)
      # What stands behind `--` is the program's.
      if [[ " ${COMP_WORDS[*]:2:COMP_CWORD-2} " == *' -- '* ]]; then
        COMPREPLY=($(compgen -c -- "$word") $(compgen -f -- "$word"))
      else
        COMPREPLY=($(compgen -W "$record" -- "$word"))
      fi ;;
    compare:-*)
      COMPREPLY=($(compgen -W '--good --bad --entry-good --entry-bad --offline --replay --budget --json --markdown
        --catalogue --verbose --color --help' -- "$word")) ;;
    compare:*) COMPREPLY=($(compgen -f -- "$word")) ;;
    redact:-*) COMPREPLY=($(compgen -W '--help' -- "$word")) ;;
    redact:*) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _locksmith locksmith
