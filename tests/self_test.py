#!/usr/bin/env python3
"""The checks checked: each must find a planted fault, and stay quiet without one."""
import importlib.machinery
import importlib.util
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True


def load(name, path):
    loader = importlib.machinery.SourceFileLoader(name, str(ROOT / path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


class Layers(InFolder):
    layers = load("layers", "tests/layers_test.py")

    def faults(self, low):
        self.write("CMakeLists.txt", "locksmith_folder(low)\nlocksmith_folder(mid USES low)\n"
                                     "locksmith_folder(high USES mid LINKS fmt::fmt)\n")
        self.write("low/a.cpp", low)
        self.write("mid/m.hpp", "")
        self.write("high/b.cpp", '#include "low/a.hpp"\n#include "mid/m.hpp"\n')
        return list(self.layers.faults(self.folder))

    def test_downwards_is_fine_through_a_layer_too(self):
        self.assertEqual(self.faults('#include "low/other.hpp"\n#include <mid/m.hpp>\n'), [])

    def test_upwards_is_found(self):
        self.assertIn("a.cpp:1: low may not include mid/m.hpp", self.faults('#include "mid/m.hpp"')[0])

    def test_a_way_around_by_a_relative_path_is_found(self):
        self.assertEqual(len(self.faults('#include "../mid/m.hpp"')), 1)


class CommandLine(InFolder):
    runner = load("runner", "tests/cli/run.py")

    def faults(self, text):
        return self.runner.run("/bin/true", self.write("case.txt", text))

    def test_output_as_expected(self):
        self.assertEqual(self.faults("# why\n$ echo a b c; echo d; echo e >&2; exit 3\na ... c\n...\n"
                                     "[stderr]\ne\n[exit 3]\n"), [])

    def test_here_document_and_here_string(self):
        self.assertEqual(self.faults("$ cat <<'END'\n$ x\nEND\n$ x\n[exit 0]\n"), [])
        self.assertEqual(self.faults("$ cat <<<word\nword\n[exit 0]\n"), [])

    def test_each_difference_is_found(self):
        for text in ("$ echo a\nb\n[exit 0]\n", "$ echo a\na\n[exit 1]\n", "$ echo a >&2\n[exit 0]\n",
                     "$ echo a; echo b\na\n[exit 0]\n", "$ echo\n[exit 0]\n$ false\n[exit 0]\n", "# nothing\n"):
            self.assertNotEqual(self.faults(text), [], text)

    def test_a_leak_is_found_and_not_repeated(self):
        for command in ("mkkey ghp_ 36", "mkkey ghp_ 36 | cut -c 10-30", "mkkey ghp_ 36 | base64",
                        "(printf user:; mkkey ghp_ 36) | base64 -w0", "mkkey ghp_ 36 >&2"):
            found = "\n".join(self.faults(f"$ {command}\n...\n[stderr]\n...\n[exit 0]\n"))
            self.assertIn("the output shows the key ghp_…", found, command)
            self.assertLess(len(found), 200)

    def test_a_fingerprint_is_no_leak(self):
        self.assertEqual(self.faults("$ mkkey ghp_ 36 | cut -c 1-9\n...\n[exit 0]\n"), [])
        self.assertEqual(self.faults("$ mkkey ghp_ 36 # shows key\n...\n[exit 0]\n"), [])

    def test_update_writes_what_was_printed(self):
        path = self.write("case.txt", "# why\n$ echo a; exit 2\nb\n[exit 0]\n")
        self.runner.run("/bin/true", path, update=True)
        self.assertEqual(path.read_text(), "# why\n$ echo a; exit 2\na\n[exit 2]\n")


class Secrets(InFolder):
    scan = load("scan", "scripts/scan-secrets")

    def faults(self, text):
        return list(self.scan.faults(self.write("file.md", text)))

    def test_keys_are_found_and_not_shown(self):
        for key in ("ghp_" + "a1B2" * 9, "AKIA" + "Q" * 16, "-----BEGIN " + "PRIVATE KEY-----",
                    "sk-ant-" + "api03-" + "x" * 90, "Bearer xoxb-" + "1" * 12 + "-" + "a" * 24):
            found = self.faults(f"token: {key}\n")
            self.assertEqual(len(found), 1, key[:8])
            self.assertNotIn(key, found[0])

    def test_paths_of_a_machine_are_found(self):
        self.assertEqual(len(self.faults("see /home/" + "jdoe/src/x\nand /wo" + "rk/main/src\n")), 2)

    def test_shapes_and_placeholders_are_no_keys(self):
        self.assertEqual(self.faults("ghp_[A-Za-z0-9]{36} ghp_… {{key:github/classic}} $HOME/x\n"
                                     "/home/user/.netrc AKIA" + "IOSFODNN7EXAMPLE\n"), [])


if __name__ == "__main__":
    unittest.main()
