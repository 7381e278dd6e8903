# Completion for bash: commands, options, and the causes' names as `locksmith explain --list` has them.
_locksmith_known() { locksmith providers 2> /dev/null | sed -n 's/^\([a-z0-9-]\{1,\}\)  .*/\1/p'; }

_locksmith() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
  local why='--offline --response --entry --command --replay --try-environments --save --json --markdown --catalogue
             --plan --budget --verbose --color --help'
  local record='--save --report --json --markdown --quiet --pass --keep-no-proxy --catalogue --verbose --help --'
  local leaks='--any --staged --no-history --histories --no-histories --logs --json --sarif --catalogue --verbose
               --color --help'
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W 'why explain providers record compare check env leaks redact serve keys accounts decisions
      backup --version --help' -- "$word"))
    return
  fi
  local where='--server --admin-key --config --store --json --help'
  local may='--name --scope --endpoint --method --address --origin --rate --expires --not-before --metadata'
  case $before in
    --config | --store | --output) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --format) COMPREPLY=($(compgen -W 'auto csv json' -- "$word")); return ;;
    --server | --admin-key | --account | --environment | --name | --scope | --endpoint | --method | --address | \
      --origin | --rate | --quota | --plan | --expires | --not-before | --metadata | --grace | --reason | --since | \
      --until | --limit | --finish-when-unused | --key | --cause | --clear | --state) return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
    --catalogue) COMPREPLY=($(compgen -d -- "$word")); return ;;
    --response | --save | --output | --report) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --entry | --entry-good | --entry-bad | --command | --good | --bad | --budget | --pass | --base-url | --new) return ;;
    --provider) COMPREPLY=($(compgen -W "$(_locksmith_known)" -- "$word")); return ;;
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
    check:-*) COMPREPLY=($(compgen -W '--offline --provider --base-url --json --catalogue --color --help' -- "$word")) ;;
    check:*) COMPREPLY=($(compgen -W 'env: file: stdin prompt vault: aws-sm: op:// pass: secret-tool:' -- "$word")) ;;
    env:-*) COMPREPLY=($(compgen -W '--json --checklist --new --verbose --color --help' -- "$word")) ;;
    env:*) COMPREPLY=($(compgen -e -- "$word")) ;;
    leaks:-*) COMPREPLY=($(compgen -W "$leaks" -- "$word")) ;;
    leaks:env:*)
      COMPREPLY=($(compgen -P env: -v -- "${word#env:}")) ;;
    leaks:*) COMPREPLY=($(compgen -W 'env: file: stdin' -- "$word") $(compgen -f -- "$word")) ;;
    keys:* | accounts:*)
      if [ "$COMP_CWORD" -eq 2 ]; then
        case $command in
          keys) COMPREPLY=($(compgen -W 'create list show change rotate revoke import export' -- "$word")) ;;
          *) COMPREPLY=($(compgen -W 'create list show change suspend resume' -- "$word")) ;;
        esac
        return
      fi
      case $command-${COMP_WORDS[2]} in
        keys-create) COMPREPLY=($(compgen -W "$where $may --account --environment --quiet" -- "$word")) ;;
        keys-change) COMPREPLY=($(compgen -W "$where $may --clear --quiet" -- "$word")) ;;
        keys-list) COMPREPLY=($(compgen -W "$where --account --environment --state --name --limit" -- "$word")) ;;
        keys-rotate)
          COMPREPLY=($(compgen -W "$where --grace --finish-when-unused --quiet" -- "$word")) ;;
        *-revoke | *-suspend) COMPREPLY=($(compgen -W "$where --reason --quiet" -- "$word")) ;;
        keys-import)
          COMPREPLY=($(compgen -f -- "$word") $(compgen -W "$where --format --account --environment
            --create-accounts --skip-invalid --check --batches" -- "$word")) ;;
        keys-export) COMPREPLY=($(compgen -W '--output --config --store --help' -- "$word")) ;;
        accounts-create | accounts-change)
          COMPREPLY=($(compgen -W "$where --name --plan --rate --quota --metadata --clear --quiet" -- "$word")) ;;
        accounts-list) COMPREPLY=($(compgen -W "$where --state --plan --name --limit" -- "$word")) ;;
        *) COMPREPLY=($(compgen -W "$where" -- "$word")) ;;
      esac ;;
    decisions:*)
      COMPREPLY=($(compgen -W "$where --key --account --cause --allowed --refused --since --until --limit" \
        -- "$word")) ;;
    serve:*)
      COMPREPLY=($(compgen -W '--config --listen --store --check --record-allowed --help' -- "$word")) ;;
    backup:*) COMPREPLY=($(compgen -f -- "$word") $(compgen -W '--config --store --help' -- "$word")) ;;
    redact:-*) COMPREPLY=($(compgen -W '--help' -- "$word")) ;;
    redact:*) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _locksmith locksmith
