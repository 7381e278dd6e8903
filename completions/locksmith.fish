# Completion for fish: commands, options, and the causes' names as `locksmith explain --list` has them.
complete -c locksmith -f
complete -c locksmith -n __fish_use_subcommand -a why -d 'Name the cause of a refused request'
complete -c locksmith -n __fish_use_subcommand -a explain -d 'Show the page of a cause'
complete -c locksmith -n __fish_use_subcommand -a providers -d 'What is known of whom, and help to teach it more'
complete -c locksmith -n __fish_use_subcommand -a compare -d 'Name the difference that makes one of two requests be refused'
complete -c locksmith -n __fish_use_subcommand -a redact -d 'Replace every secret in a text'
complete -c locksmith -n __fish_use_subcommand -l version -d 'Print the version'
complete -c locksmith -l help -d 'Show the options'

# What stands behind `curl` is curl's.
function __locksmith_why
    __fish_seen_subcommand_from why; and not __fish_seen_subcommand_from curl
end
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

complete -c locksmith -n '__fish_seen_subcommand_from explain' -l list -d 'Name all causes'
complete -c locksmith -n '__fish_seen_subcommand_from explain' -l catalogue -xa '(__fish_complete_directories)' -d 'Read the catalogue from here too'
complete -c locksmith -n '__fish_seen_subcommand_from explain' -a '(locksmith explain --list 2>/dev/null | string split -f 1 " ")'

function __locksmith_providers
    __fish_seen_subcommand_from providers; and not __fish_seen_subcommand_from show new check
end
complete -c locksmith -n __locksmith_providers -a show -d 'All of one'
complete -c locksmith -n __locksmith_providers -a new -d 'A file to fill in'
complete -c locksmith -n __locksmith_providers -a check -d 'What is wrong with a file'
complete -c locksmith -n '__fish_seen_subcommand_from providers' -l json -d 'Print for programs'
complete -c locksmith -n '__fish_seen_subcommand_from providers' -l catalogue -xa '(__fish_complete_directories)' -d 'Read the catalogue from here too'
complete -c locksmith -n '__fish_seen_subcommand_from providers' -l color -xa 'auto always never' -d Colours
complete -c locksmith -n '__fish_seen_subcommand_from new' -l output -rF -d 'Write it there'
complete -c locksmith -n '__fish_seen_subcommand_from check' -F
complete -c locksmith -n '__fish_seen_subcommand_from show' -a '(locksmith providers 2>/dev/null | string match -rg "^([a-z0-9-]+)  ")'
complete -c locksmith -n __fish_use_subcommand -a record -d 'Run a program and show what it really sends'
complete -c locksmith -n '__fish_seen_subcommand_from record' -a '(__fish_complete_subcommand)'
complete -c locksmith -n '__fish_seen_subcommand_from record' -l save -rF -d 'Write all exchanges, redacted'
complete -c locksmith -n '__fish_seen_subcommand_from record' -l report -rF -d 'Write the report there'
complete -c locksmith -n '__fish_seen_subcommand_from record' -l json -d 'Report as JSON'
complete -c locksmith -n '__fish_seen_subcommand_from record' -l markdown -d 'Report as Markdown'
complete -c locksmith -n '__fish_seen_subcommand_from record' -l quiet -d 'No report when nothing was refused'
complete -c locksmith -n '__fish_seen_subcommand_from record' -l pass -x -d 'Pass this host on unseen'
complete -c locksmith -n '__fish_seen_subcommand_from record' -l keep-no-proxy -d 'Leave alone what NO_PROXY excepts'
complete -c locksmith -n '__fish_seen_subcommand_from record' -l catalogue -xa '(__fish_complete_directories)' -d 'Read the catalogue from here too'
complete -c locksmith -n '__fish_seen_subcommand_from record' -l verbose -d 'All findings'

set -l compare '__fish_seen_subcommand_from compare'
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

complete -c locksmith -n '__fish_seen_subcommand_from redact' -F
