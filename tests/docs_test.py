#!/usr/bin/env python3
"""What the documentation shows must be true: the examples in docs/json-output.md are valid by
their schemas, links between the documents lead somewhere, the manual page is clean roff, and
manual page and completions name the same options."""
import json
import pathlib
import re
import shutil
import subprocess
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMPLETIONS = ["completions/locksmith.bash", "completions/_locksmith", "completions/locksmith.fish"]


def read(name):
    return (ROOT / name).read_text()


class Documentation(unittest.TestCase):
    def test_json_examples(self):
        schemas = {name: json.loads(read(f"docs/{name}.schema.json")) for name in ("why", "compare", "env")}
        for schema in schemas.values():
            jsonschema.Draft202012Validator.check_schema(schema)
        examples = re.findall(r"^```json\n(.*?)^```", read("docs/json-output.md"), re.M | re.S)
        self.assertGreaterEqual(len(examples), 2)
        for example in examples:
            report = json.loads(example)
            schema = schemas["compare" if "differences" in report else "why"]
            jsonschema.Draft202012Validator(schema).validate(report)

    def test_the_example_of_env(self):
        schema = json.loads(read("docs/env.schema.json"))
        example = re.search(r"^```json\n(.*?)^```", read("docs/env.md"), re.M | re.S)
        jsonschema.Draft202012Validator(schema).validate(json.loads(example[1]))

    def test_the_schema_refuses_what_it_does_not_name(self):
        schema = json.loads(read("docs/why.schema.json"))
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(schema).validate({"version": 1, "outcome": "maybe"})

    def test_the_catalogue_knows_what_the_authority_says(self):
        slugs = set(re.findall(r'\{"([a-z-]+)", "', read("src/authority/cause.cpp")))
        self.assertGreater(len(slugs), 20)
        rules = read("catalogue/providers/locksmith.toml")
        self.assertEqual(slugs - set(re.findall(r'^equals = "([a-z-]+)"', rules, re.M)), set())

    def test_links(self):
        pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
        self.assertGreater(len(pages), 5)
        for page in pages:
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
                if "://" not in target:
                    self.assertTrue((page.parent / target).exists(), f"{page.name}: {target}")

    def test_completions_name_the_options_of_the_manual_page(self):
        options = set(re.findall(r"--([a-z][a-z-]+)", read("docs/locksmith.1").replace("\\-", "-")))
        self.assertIn("offline", options)
        for name in COMPLETIONS:
            text = read(name)
            for option in options:
                self.assertRegex(text, rf"(--|-l ){option}\b", f"{name} lacks --{option}")

    @unittest.skipUnless(shutil.which("groff"), "groff is not here")
    def test_manual_page_is_clean(self):
        page = ["groff", "-man", "-Tutf8", "-wall", "-z", str(ROOT / "docs/locksmith.1")]
        self.assertEqual(subprocess.run(page, capture_output=True, text=True).stderr, "")


if __name__ == "__main__":
    unittest.main()
