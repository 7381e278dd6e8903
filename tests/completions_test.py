#!/usr/bin/env python3
"""completions_test.py LOCKSMITH: what bash, zsh and fish offer behind a line, asked of the shells themselves."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "completions"

BASH = r"""
source "$FOLDER/locksmith.bash"
while IFS= read -r line; do
  read -ra COMP_WORDS <<< "$line"
  [[ $line != *' ' ]] || COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _locksmith
  echo "${COMPREPLY[*]}"
done
"""

FISH = r"""
source "$FOLDER/locksmith.fish"
while read -l line
    echo (complete -C "$line" | string split -f 1 \t)
end
"""

# A shell of its own on a terminal of its own, in which a tab completes and tells what was offered.
ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PROMPT= RPROMPT= fpath=($FOLDER $fpath); autoload -Uz compinit; compinit -u -D
  compadd() {
    if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
      local -a offered; builtin compadd -A offered "$@"; print -r -- ${(q-)offered} >> offered
    fi
    builtin compadd "$@"
  }
  ask() { zle complete-word; BUFFER=; print END >> offered }
  zle -N ask; bindkey "^I" ask; print READY >> offered'
wait_for() { until [[ -e offered && $(< offered) == *$1* ]]; do sleep 0.02; done }
wait_for READY
while IFS= read -r line; do
  : > offered
  zpty -w -n shell "$line"$'\t'
  wait_for END
  print -r -- ${${(f)"$(< offered)"}:#END}
done
zpty -d shell
"""

SHELLS = {"bash": ["bash", "-c", BASH], "zsh": ["zsh", "-f", "-c", ZSH], "fish": ["fish", "--no-config", "-c", FISH]}

# The line, what is offered behind it, and what is not.
CASES = [
    ("locksmith ", "why keys leaks backup", "create"),
    ("locksmith wh", "why", "keys"),
    ("locksmith why ", "curl failure.har", "env:"),
    ("locksmith why --", "--offline --budget", "--any --grace"),
    ("locksmith why curl --off", "", "--offline"),
    ("locksmith why --color ", "auto never", "failure.har"),
    ("locksmith explain white", "whitespace", "why"),
    ("locksmith providers ", "show new check", "list"),
    ("locksmith providers show githu", "github", "whitespace"),
    ("locksmith providers check ", "failure.har", "env: vault:"),
    ("locksmith check ", "env: stdin", "failure.har"),
    ("locksmith check --", "--offline --provider", "--any"),
    ("locksmith keys ", "create rotate import", "suspend"),
    ("locksmith keys show ", "", "github"),
    ("locksmith keys create --", "--scope --expires --account", "--plan --clear"),
    ("locksmith keys list --", "--state --limit", "--scope"),
    ("locksmith keys import --format ", "csv json", "failure.har"),
    ("locksmith accounts create --", "--plan --quota --quiet", "--scope"),
    ("locksmith accounts change --", "--plan --clear", "--scope"),
    ("locksmith accounts list --", "--state --plan", "--reason"),
    ("locksmith record -- tru", "true", "failure.har"),
    ("locksmith env LOCKSMITH_TES", "LOCKSMITH_TEST_NAME", "failure.har"),
    ("locksmith leaks --", "--any --staged", "--budget"),
    ("locksmith serve --", "--listen --record-allowed", "--json"),
    ("locksmith backup ", "failure.har", "why"),
]


class Completions(unittest.TestCase):
    def ask(self, shell):
        if not shutil.which(shell):
            self.skipTest(f"{shell} is not here")
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "failure.har").touch()
            pathlib.Path(folder, "locksmith").symlink_to(PROGRAM)
            environment = {"PATH": f"{folder}:/usr/bin:/bin", "FOLDER": str(FOLDER), "HOME": folder, "TERM": "dumb",
                           "LC_ALL": "C.UTF-8", "LOCKSMITH_TEST_NAME": "x"}
            lines = "".join(line + "\n" for line, _, _ in CASES)
            told = subprocess.run(SHELLS[shell], input=lines, capture_output=True, text=True, cwd=folder,
                                  env=environment, timeout=120)
        self.assertEqual(told.returncode, 0, told.stderr)
        answers = told.stdout.splitlines()
        self.assertEqual(len(answers), len(CASES), told.stderr)
        for (line, has, lacks), answer in zip(CASES, answers):
            offered = {word.rstrip("/") for word in answer.split()}
            with self.subTest(shell=shell, line=line):
                self.assertEqual(set(has.split()) - offered, set(), answer)
                self.assertEqual(set(lacks.split()) & offered, set(), answer)

    def test_bash(self):
        self.ask("bash")

    def test_zsh(self):
        self.ask("zsh")

    def test_fish(self):
        self.ask("fish")


if __name__ == "__main__":
    PROGRAM = os.path.realpath(sys.argv.pop())
    unittest.main()
