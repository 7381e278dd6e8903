# Completion for fish: commands, options, and the causes' names as `locksmith explain --list` has them.
complete -c locksmith -f
complete -c locksmith -n __fish_use_subcommand -a why -d 'Name the cause of a refused request'
complete -c locksmith -n __fish_use_subcommand -a explain -d 'Show the page of a cause'
complete -c locksmith -n __fish_use_subcommand -a providers -d 'What is known of whom, and help to teach it more'
complete -c locksmith -n __fish_use_subcommand -a compare -d 'Name the difference that makes one of two requests be refused'
complete -c locksmith -n __fish_use_subcommand -a env -d 'Show every place that defines a variable'
complete -c locksmith -n __fish_use_subcommand -a redact -d 'Replace every secret in a text'
complete -c locksmith -n __fish_use_subcommand -l version -d 'Print the version'
complete -c locksmith -l help -d 'Show the options'

# Whether the command is one of these …
function __locksmith_on
    set -l words (commandline -opc)
    contains -- "$words[2]" $argv
end
# … and whether what it is to do has been said, and is one of these.
function __locksmith_act
    set -l words (commandline -opc)
    contains -- "$words[3]" $argv
end
# What stands behind `curl` is curl's.
function __locksmith_why
    __locksmith_on why; and not __fish_seen_subcommand_from curl
end
complete -c locksmith -n '__locksmith_on why; and __fish_seen_subcommand_from curl' -a '(__fish_complete_subcommand --fcs-skip=2)'
complete -c locksmith -n __locksmith_why -F -a curl -d 'A curl command, or a HAR file'
complete -c locksmith -n __locksmith_why -l offline -d 'Send nothing'
complete -c locksmith -n __locksmith_why -l response -rF -d 'The answer as curl -i or curl -v printed it'
complete -c locksmith -n __locksmith_why -l entry -x -d 'Which entry of the HAR file is the failure'
complete -c locksmith -n __locksmith_why -l command -x -d 'The curl command as text'
complete -c locksmith -n __locksmith_why -l replay -d 'Repeat the request though its method is not safe'
complete -c locksmith -n __locksmith_why -l try-environments -d 'Show the key to other environments of the provider'
complete -c locksmith -n __locksmith_why -l save -rF -d 'Write the evidence, redacted'
complete -c locksmith -n __locksmith_why -l json -d 'Report as JSON'
complete -c locksmith -n __locksmith_why -l markdown -d 'Report as Markdown'
complete -c locksmith -n __locksmith_why -l catalogue -xa '(__fish_complete_directories)' -d 'Read the catalogue from here too'
complete -c locksmith -n __locksmith_why -l plan -d 'Show what would be sent, and send nothing'
complete -c locksmith -n __locksmith_why -l budget -x -d 'How many requests at most'
complete -c locksmith -n __locksmith_why -l verbose -d 'All findings, and what was asked'
complete -c locksmith -n __locksmith_why -l color -xa 'auto always never' -d Colours

complete -c locksmith -n '__locksmith_on explain' -l list -d 'Name all causes'
complete -c locksmith -n '__locksmith_on explain' -l catalogue -xa '(__fish_complete_directories)' -d 'Read the catalogue from here too'
complete -c locksmith -n '__locksmith_on explain' -a '(locksmith explain --list 2>/dev/null | string split -f 1 " ")'

complete -c locksmith -n '__locksmith_on providers; and not __locksmith_act show new check' -a show -d 'All of one'
complete -c locksmith -n '__locksmith_on providers; and not __locksmith_act show new check' -a new -d 'A file to fill in'
complete -c locksmith -n '__locksmith_on providers; and not __locksmith_act show new check' -a check -d 'What is wrong with a file'
complete -c locksmith -n '__locksmith_on providers' -l json -d 'Print for programs'
complete -c locksmith -n '__locksmith_on providers' -l catalogue -xa '(__fish_complete_directories)' -d 'Read the catalogue from here too'
complete -c locksmith -n '__locksmith_on providers' -l color -xa 'auto always never' -d Colours
complete -c locksmith -n '__locksmith_on providers; and __locksmith_act new' -l output -rF -d 'Write it there'
complete -c locksmith -n '__locksmith_on providers; and __locksmith_act check' -F
complete -c locksmith -n '__locksmith_on providers; and __locksmith_act show' -a '(locksmith providers 2>/dev/null | string match -rg "^([a-z0-9-]+)  ")'
complete -c locksmith -n __fish_use_subcommand -a record -d 'Run a program and show what it really sends'
complete -c locksmith -n '__locksmith_on record' -a '(__fish_complete_subcommand --fcs-skip=2)'
complete -c locksmith -n '__locksmith_on record' -l save -rF -d 'Write all exchanges, redacted'
complete -c locksmith -n '__locksmith_on record' -l report -rF -d 'Write the report there'
complete -c locksmith -n '__locksmith_on record' -l json -d 'Report as JSON'
complete -c locksmith -n '__locksmith_on record' -l markdown -d 'Report as Markdown'
complete -c locksmith -n '__locksmith_on record' -l quiet -d 'No report when nothing was refused'
complete -c locksmith -n '__locksmith_on record' -l pass -x -d 'Pass this host on unseen'
complete -c locksmith -n '__locksmith_on record' -l keep-no-proxy -d 'Leave alone what NO_PROXY excepts'
complete -c locksmith -n '__locksmith_on record' -l catalogue -xa '(__fish_complete_directories)' -d 'Read the catalogue from here too'
complete -c locksmith -n '__locksmith_on record' -l verbose -d 'All findings'

set -l compare '__locksmith_on compare'
complete -c locksmith -n $compare -F
complete -c locksmith -n $compare -l good -x -d 'The curl command that works'
complete -c locksmith -n $compare -l bad -x -d 'The curl command that is refused'
complete -c locksmith -n $compare -l entry-good -x -d 'Which entry of the HAR file works'
complete -c locksmith -n $compare -l entry-bad -x -d 'Which entry of the HAR file is refused'
complete -c locksmith -n $compare -l offline -d 'Send nothing'
complete -c locksmith -n $compare -l replay -d 'Repeat requests though their method is not safe'
complete -c locksmith -n $compare -l budget -x -d 'How many requests at most'
complete -c locksmith -n $compare -l json -d 'Report as JSON'
complete -c locksmith -n $compare -l markdown -d 'Report as Markdown'
complete -c locksmith -n $compare -l catalogue -xa '(__fish_complete_directories)' -d 'Read the catalogue from here too'
complete -c locksmith -n $compare -l verbose -d 'Why some differences are left out'
complete -c locksmith -n $compare -l color -xa 'auto always never' -d Colours

set -l env '__locksmith_on env'
complete -c locksmith -n $env -xa '(set -nx)'
complete -c locksmith -n $env -l json -d 'Report as JSON'
complete -c locksmith -n $env -l checklist -d 'Where the key has to be replaced'
complete -c locksmith -n $env -l new -x -d 'The new key: env:NAME or file:PATH'
complete -c locksmith -n $env -l verbose -d 'List what could not be read'
complete -c locksmith -n $env -l color -xa 'auto always never' -d Colours
complete -c locksmith -n __fish_use_subcommand -a leaks -d 'Look for copies of a key'
set -l leaks '__locksmith_on leaks'
complete -c locksmith -n $leaks -F -a 'env: file: stdin' -d 'A key'
complete -c locksmith -n $leaks -l any -d 'Look for every kind of key'
complete -c locksmith -n $leaks -l staged -d 'Search what git would commit'
complete -c locksmith -n $leaks -l no-history -d 'Leave out the history of git'
complete -c locksmith -n $leaks -l histories -d 'Search shell histories, too'
complete -c locksmith -n $leaks -l no-histories -d 'Leave out shell histories'
complete -c locksmith -n $leaks -l logs -d 'Search the usual places of logs, too'
complete -c locksmith -n $leaks -l json -d 'Report as JSON'
complete -c locksmith -n $leaks -l sarif -d 'Report as SARIF'
complete -c locksmith -n $leaks -l catalogue -xa '(__fish_complete_directories)' -d 'Read the catalogue from here too'
complete -c locksmith -n $leaks -l verbose -d 'Every copy, and all that was skipped'
complete -c locksmith -n $leaks -l color -xa 'auto always never' -d Colours

complete -c locksmith -n '__locksmith_on redact' -F

complete -c locksmith -n __fish_use_subcommand -a check -d 'Say whose a key is, whether it is whole, and still accepted'
set -l check '__locksmith_on check'
complete -c locksmith -n $check -a 'env: file: stdin prompt vault: aws-sm: op:// pass: secret-tool:'
complete -c locksmith -n $check -l offline -d 'Send nothing'
complete -c locksmith -n $check -l provider -xa '(locksmith providers 2>/dev/null | string match -rg "^([a-z0-9-]+)  ")' -d 'Whose key it is'
complete -c locksmith -n $check -l base-url -x -d 'Where the software is hosted'
complete -c locksmith -n $check -l json -d 'Print for programs'
complete -c locksmith -n $check -l catalogue -xa '(__fish_complete_directories)' -d 'Read the catalogue from here too'
complete -c locksmith -n $check -l color -xa 'auto always never' -d Colours
for pair in 'serve:Answer for the requests of your own API' 'keys:Issue, show, rotate and revoke API keys' \
        'accounts:Whose the keys are' 'decisions:What was refused, and why' 'backup:Copy the store while it is used'
    set -l parts (string split -m 1 : $pair)
    complete -c locksmith -n __fish_use_subcommand -a $parts[1] -d $parts[2]
end
set -l authority '__locksmith_on keys accounts decisions'
complete -c locksmith -n $authority -l server -x -d 'A running authority: its URL, or unix:PATH'
complete -c locksmith -n $authority -l admin-key -x -d 'Where the administrator\'s key is: file:PATH, env:NAME'
complete -c locksmith -n $authority -l json -d 'Print for programs'
complete -c locksmith -n '__locksmith_on serve keys accounts decisions backup' -l config -rF -d 'The policy'
complete -c locksmith -n '__locksmith_on serve keys accounts decisions backup' -l store -rF -d 'The store'
complete -c locksmith -n '__locksmith_on serve' -l check -d 'Say what is wrong with the policy'
complete -c locksmith -n '__locksmith_on serve' -l listen -x -d 'Instead of its addresses'
complete -c locksmith -n '__locksmith_on serve' -l record-allowed -d 'Keep a record of allowed requests, too'
complete -c locksmith -n '__locksmith_on backup' -F

set -l keys '__locksmith_on keys; and not __locksmith_act create list show change rotate revoke import export'
complete -c locksmith -n $keys -a 'create list show change rotate revoke import export'
set -l accounts '__locksmith_on accounts; and not __locksmith_act create list show change suspend resume'
complete -c locksmith -n $accounts -a 'create list show change suspend resume'
set -l made '__locksmith_act create change; and __locksmith_on'
for option in name rate metadata
    complete -c locksmith -n "$made keys accounts" -l $option -x
end
for option in plan quota
    complete -c locksmith -n "$made accounts" -l $option -x
end
for option in scope endpoint method address origin expires not-before
    complete -c locksmith -n "$made keys" -l $option -x
end
complete -c locksmith -n '__locksmith_act change; and __locksmith_on keys accounts' -l clear -x -d 'Take this away'
complete -c locksmith -n '__locksmith_on keys accounts; and __locksmith_act create rotate revoke change' -l quiet -d 'Print the secret alone'
complete -c locksmith -n '__locksmith_on decisions; or begin __locksmith_on keys; and __locksmith_act create list import; end' -l account -x -d 'Whose'
complete -c locksmith -n '__locksmith_on keys; and __locksmith_act create list import' -l environment -x -d 'live, test'
complete -c locksmith -n '__locksmith_on keys; and __locksmith_act list' -l state -xa 'active revoked rotated leaked' -d 'In this state'
complete -c locksmith -n '__locksmith_on keys; and __locksmith_act list' -l name -x -d 'Holds this'
complete -c locksmith -n '__locksmith_on accounts; and __locksmith_act list' -l state -xa 'active suspended' -d 'In this state'
complete -c locksmith -n '__locksmith_on accounts; and __locksmith_act list' -l plan -x -d 'Of this plan'
complete -c locksmith -n '__locksmith_on decisions; or begin __locksmith_on keys accounts; and __locksmith_act list; end' -l limit -x -d 'How many at most'
set -l act '__locksmith_on keys; and __locksmith_act'
complete -c locksmith -n "$act rotate" -l grace -x -d 'How long the old key works on'
complete -c locksmith -n "$act rotate" -l finish-when-unused -x -d '… or until unused for so long'
complete -c locksmith -n '__locksmith_on keys accounts; and __locksmith_act revoke suspend' -l reason -x -d 'Shown to the holder'
complete -c locksmith -n "$act import" -F
complete -c locksmith -n "$act import" -l format -xa 'auto csv json' -d 'Of the file'
complete -c locksmith -n "$act import" -l create-accounts -d 'Make the accounts that the file names'
complete -c locksmith -n "$act import" -l skip-invalid -d 'Leave faulty lines out'
complete -c locksmith -n "$act import" -l check -d 'Say what is wrong, import nothing'
complete -c locksmith -n "$act import" -l batches -d 'Several requests, each all or nothing'
complete -c locksmith -n "$act export" -l output -rF -d 'Write it there'
complete -c locksmith -n '__locksmith_on decisions' -l key -x -d 'Of this key\'s id'
complete -c locksmith -n '__locksmith_on decisions' -l cause -xa '(locksmith explain --list 2>/dev/null | string split -f 1 " ")' -d 'For this cause'
complete -c locksmith -n '__locksmith_on decisions' -l allowed -d 'Allowed ones only'
complete -c locksmith -n '__locksmith_on decisions' -l refused -d 'Refused ones only'
complete -c locksmith -n '__locksmith_on decisions' -l since -x -d '24h, or a time'
complete -c locksmith -n '__locksmith_on decisions' -l until -x -d '24h, or a time'
