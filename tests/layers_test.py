#!/usr/bin/env python3
"""Checks the #include lines of src/ against the picture that src/CMakeLists.txt draws: a folder
includes only itself and the folders it USES, theirs included. The linker would not notice: every
folder is on the include path."""
import pathlib
import re
import sys


def layers(cmake_text):
    """folder → the folders that it may include, itself included."""
    uses = {}
    text = re.sub(r"#.*", "", cmake_text)
    for call in re.findall(r"locksmith_folder\(([^)]*)\)", text):
        words = call.split()
        keyword, direct = None, set()
        for word in words[1:]:
            if word in ("USES", "LINKS"):
                keyword = word
            elif keyword == "USES":
                direct.add(word)
        unknown = direct - uses.keys()
        if unknown:
            sys.exit(f"{words[0]} uses {', '.join(sorted(unknown))}, which stands below it or nowhere")
        uses[words[0]] = {words[0]}.union(direct, *(uses[name] for name in direct))
    return uses


def faults(src):
    allowed = layers((src / "CMakeLists.txt").read_text())
    if not allowed:
        yield f"{src}/CMakeLists.txt: no locksmith_folder() found"
    folders = {path.name for path in src.iterdir() if path.is_dir()}
    for path in sorted(p for p in src.rglob("*") if p.suffix in (".hpp", ".cpp", ".inc")):
        own = path.relative_to(src).parts[0]
        if own not in allowed:
            continue  # a folder that is not built yet has no place in the picture
        for number, line in enumerate(path.read_text().splitlines(), 1):
            include = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not include:
                continue
            target = include[1].split("/")[0]
            if target == ".." or (target in folders and target not in allowed[own]):
                yield f"{path}:{number}: {own} may not include {include[1]}"


if __name__ == "__main__":
    found = list(faults(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "all includes follow the layers")
    sys.exit(bool(found))
