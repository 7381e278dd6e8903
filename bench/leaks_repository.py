#!/usr/bin/env python3
"""Writes a git fast-import stream: 3,000 commits, about 300 MB of blobs, the same each time.

leaks_repository.py KEY_FILE: the first key of that file stands in one file of a hundred commits.
"""
import random
import sys

COMMITS, FILES, CHANGED, KEY_FROM, KEY_TO = 3000, 160, 2, 1000, 1100
r = random.Random(20261121)
out = sys.stdout.buffer
words = ["".join(r.choices("etaoinshrdlucmfwypvbgk", k=r.randint(2, 11))) for _ in range(4000)]
starts = ["    if ({}) {{", "    return {};", "    {} = {};", "// {} {} {} {}", "def {}({}, {}):", "        {}.{}({});", "}}", ""]


def line():
    start = r.choice(starts)
    return start.format(*r.choices(words, k=4)) + (" // " + " ".join(r.choices(words, k=r.randint(0, 6))) if r.random() < .3 else "")


def data(text):
    raw = text.encode()
    out.write(b"data %d\n%s\n" % (len(raw), raw))


files = {f"src/{r.choice(words)}/{r.choice(words)}_{i}.txt": [line() for _ in range(int(r.lognormvariate(7, .8)) + 50)] for i in range(FILES)}
names = sorted(files)
key = open(sys.argv[1]).readline().strip()
for number in range(COMMITS):
    changed = names if number == 0 else r.sample(names, CHANGED)
    if number in (KEY_FROM, KEY_TO):
        changed = [names[7]]
    for name in changed:
        lines = files[name]
        for _ in range(r.randint(4, 24)):
            at, kind = r.randrange(len(lines)), r.random()
            if kind < .4:
                lines[at] = line()
            elif kind < .8:
                lines[at:at] = [line() for _ in range(r.randint(1, 8))]
            else:
                del lines[at:at + r.randint(1, 6)]
        if number == KEY_FROM:
            lines.insert(20, f'API_KEY = "{key}"')
        elif number == KEY_TO:
            lines[:] = [one for one in lines if key not in one]
    out.write(b"commit refs/heads/main\ncommitter Ada <ada@example.com> %d +0000\n" % (1700000000 + 3600 * number))
    data(" ".join(r.choices(words, k=8)))
    for name in changed:
        out.write(b"M 644 inline %s\n" % name.encode())
        data("\n".join(files[name]) + "\n")
