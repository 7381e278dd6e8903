#!/usr/bin/env python3
"""Keys that locksmithd exports are what liblocksmith opens and what another authority takes, as they are."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from authority import POLICY, program


class Export(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.config = self.folder / "locksmith.toml"
        self.config.write_text(POLICY.format(folder=self.folder, server="", threads=1))

    def run_it(self, *words):
        done = subprocess.run([program(), *words, "--config", self.config], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def account(self, name, *more):
        return json.loads(self.run_it("accounts", "create", "--name", name, "--json", *more))["id"]

    def key(self, account, *more):
        key = json.loads(self.run_it("keys", "create", "--account", account, "--json", *more))
        return key["id"], key["secret"]

    def verify(self, keys, secrets):
        requests = "".join(f"GET /v1/orders/7 {secret}\n" for secret in secrets)
        done = subprocess.run([os.environ["VERIFY_EXAMPLE"], self.config, keys], input=requests, capture_output=True,
                              text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        answers = [line.split(" ", 1) for line in done.stdout.splitlines()]
        return [key if status == "200" else json.loads(key)["cause"] for status, key in answers]

    def test_an_export_is_opened_by_the_library_and_taken_by_another_authority(self):
        read = ("--scope", "orders:read")
        good, suspended = self.account("good"), self.account("bad")
        limited = self.account("limited", "--plan", "small")
        good_id, good_key = self.key(good, *read)
        old_id, old_key = self.key(good, *read)
        limited_id, limited_key = self.key(limited, *read, "--address", "192.0.2.0/24", "--expires", "90d")
        secrets = [good_key, self.key(good)[1], old_key, self.key(suspended, *read)[1], limited_key]
        self.run_it("keys", "revoke", old_id, "--reason", "left")
        self.run_it("accounts", "suspend", suspended, "--reason", "unpaid")
        expected = [good_id, "missing-scope", "revoked", "account-suspended", "ip-blocked"]

        exported = self.folder / "keys.jsonl"
        self.run_it("keys", "export", "--output", exported)
        text = exported.read_text()
        self.assertFalse([secret for secret in secrets if secret in text])
        self.assertEqual(self.verify(exported, secrets), expected)

        elsewhere = self.folder / "elsewhere.db"
        self.run_it("keys", "import", exported, "--store", elsewhere, "--create-accounts")
        again = self.folder / "again.jsonl"
        self.run_it("keys", "export", "--store", elsewhere, "--output", again)
        self.assertEqual(again.read_text(), text)
        self.assertEqual(self.verify(again, secrets), expected)
        # The administrator of the one is nobody at the other.
        self.run_it("accounts", "create", "--name", "later", "--store", elsewhere)
        self.assertNotIn("acct_admin", again.read_text())


if __name__ == "__main__":
    unittest.main()
