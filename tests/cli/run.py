#!/usr/bin/env python3
"""Runs one command-line test: a text file of commands, what they print, and how they exit.

    # What this file shows.
    $ locksmith why --offline --response - curl -H "Authorization: $(mkkey ghp_ 36)" … <<EOF
    HTTP/1.1 401 Unauthorized
    EOF
    the output, in which `...` stands for anything within a line
    ...                      (alone on a line: for any number of lines, none too)
    [stderr]                 (without this line stderr must be empty)
    error: …
    [exit 1]

A command may span lines by a backslash or a here-document. What stands between [exit N] and the next
`$ ` is comment. Each file gets a fresh HOME and working folder, the program and tests/cli/bin on PATH,
and no terminal. No output may show a key that mkkey made, unless the command ends in `# shows key`.

run.py [--update] PROGRAM FILE      --update writes what was printed over what was expected
"""
import base64
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HELPERS = pathlib.Path(__file__).resolve().parent / "bin"
TIME_LIMIT_S = 60
HERE = re.compile(r"(?<!<)<<(?!<)-?\s*['\"]?(\w+)")


def parse(text):
    """[(comment, command, stdout, stderr, exit)], all as they stand in the file."""
    lines, steps, at = text.splitlines(), [], 0
    while at < len(lines):
        start = at
        while at < len(lines) and not lines[at].startswith("$ "):
            at += 1
        comment = lines[start:at]
        if at == len(lines):
            if any(line.startswith("[exit") for line in comment):
                raise ValueError(f"line {start + 1}: [exit] without a command")
            return steps, comment
        command = [lines[at][2:]]
        here = HERE.search(command[0])
        while command[-1].endswith("\\") and not here:
            at += 1
            command.append(lines[at])
            here = HERE.search(command[-1])
        while here and command[-1] != here[1]:
            at += 1
            command.append(lines[at])
        out, err, now = [], [], None
        now, at = out, at + 1
        while not re.fullmatch(r"\[exit \d+\]", lines[at] if at < len(lines) else "[exit 0]"):
            if lines[at] == "[stderr]":
                now = err
            else:
                now.append(lines[at])
            at += 1
        if at == len(lines):
            raise ValueError(f"no [exit N] after: $ {command[0]}")
        steps.append((comment, command, out, err, int(lines[at][6:-1])))
        at += 1
    return steps, []


def matches(expected, text):
    pattern = ""
    for line in expected:
        if line == "...":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += r"[^\n]*?".join(map(re.escape, line.split("..."))) + r"\n"
    return re.fullmatch(pattern, text if not text or text.endswith("\n") else text + "\n") is not None


def shown(made, text):
    """Which key does the text show a good part of, plainly or in base64?"""
    for prefix, body in (line.rsplit(" ", 1) for line in made.splitlines()):
        forms = [body]
        for shift in range(3):  # where the key starts within a group of three bytes
            forms.append(base64.b64encode(b"-" * shift + (prefix + body).encode()).decode()[4:-4])
        for form in forms:
            if form and any(form[i : i + 12] in text for i in range(max(1, len(form) - 11))):
                return f"{prefix}… ({len(body)} characters after the prefix)"
    return None


def run(program, file, update=False):
    steps, tail = parse(file.read_text())
    if not steps:
        return ["no command in the file"]
    faults, rewritten = [], []
    with tempfile.TemporaryDirectory() as folder:
        home, log = pathlib.Path(folder, "home"), pathlib.Path(folder, "keys")
        (home / "work").mkdir(parents=True)
        log.touch()
        keep = {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}
        path = f"{pathlib.Path(program).resolve().parent}:{HELPERS}:/usr/bin:/bin:/usr/local/bin"
        env = keep | {"HOME": str(home), "PATH": path, "MKKEY_LOG": str(log), "LC_ALL": "C.UTF-8",
                      "TZ": "UTC", "TERM": "dumb"}
        for comment, command, out, err, code in steps:
            text = "\n".join(command)
            done = subprocess.run(["bash", "-c", text], cwd=home / "work", env=env, timeout=TIME_LIMIT_S,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
            wrong = []
            for name, expected, got in (("stdout", out, done.stdout), ("stderr", err, done.stderr)):
                if not matches(expected, got):
                    wrong += [f"--- {name} expected", *expected, f"--- {name} printed", *got.splitlines()]
            if done.returncode != code:
                wrong.append(f"--- exit {code} expected, got {done.returncode}")
            leak = shown(log.read_text(), done.stdout + done.stderr)
            leak = None if command[0].rstrip(" \\").endswith("# shows key") else leak
            if leak:
                wrong = [f"--- the output shows the key {leak}"]  # and is not shown or written again
            if wrong:
                faults += ["$ " + text, *wrong, ""]
            errors = done.stderr.splitlines()
            rewritten += comment + ["$ " + text] + (
                done.stdout.splitlines() + ["[stderr]"] * bool(errors) + errors if wrong and not leak
                else out + ["[stderr]"] * bool(err) + err) + [f"[exit {done.returncode}]"]
    if update:
        file.write_text("\n".join(rewritten + tail) + "\n")
    return faults


if __name__ == "__main__":
    arguments = [word for word in sys.argv[1:] if word != "--update"]
    if len(arguments) != 2:
        sys.exit(__doc__)
    found = run(arguments[0], pathlib.Path(arguments[1]), "--update" in sys.argv)
    print("\n".join(found))
    sys.exit(bool(found))
