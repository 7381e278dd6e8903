#!/usr/bin/env python3
"""The lab checked: scenarios are read strictly, and the runner sees broken promises."""
import pathlib
import tempfile
import types
import unittest

import lab_api
import run_lab
import scenario as scenarios

GOOD = """
title = "a"
run = '$WHY curl "$URL"'
works = 'curl "$API"'
cause = "missing"
status = 401
"""


class Reading(unittest.TestCase):
    def read(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "a.toml")
            path.write_text(text)
            return scenarios.read(path, {"missing", "expired"})

    def test_a_scenario(self):
        self.assertEqual(self.read(GOOD + 'also = ["expired"]').expected, ["missing", "expired"])

    def test_mistakes(self):
        for text in (GOOD + "surprise = 1", GOOD + 'also = ["no-such-cause"]', GOOD + 'catalogue = "none"',
                     GOOD.replace("$WHY ", ""), GOOD.replace('title = "a"', ""), GOOD + "status = 2"):
            with self.assertRaises(scenarios.Mistake, msg=text):
                self.read(text)

    def test_all_of_them(self):
        found = scenarios.read_all()
        self.assertGreaterEqual(len(found), 40)
        known = [s for s in found if s.catalogue]
        self.assertTrue(0.3 <= len(known) / len(found) <= 0.6, "a third to a half with a file for the API")


class Promises(unittest.TestCase):
    def setUp(self):
        self.keys = lab_api.Keys(1)
        server = lambda *arrivals: types.SimpleNamespace(arrivals=list(arrivals))
        self.lab = types.SimpleNamespace(keys=self.keys, api=server(), stranger=server())
        self.report = {"requests_sent": 1, "answered_by": ["nginx"]}
        self.scenario = types.SimpleNamespace(options=[], answered_by=["nginx"])

    def broken(self, output=""):
        return list(run_lab.broken_promises(self.lab, self.scenario, output, self.report, self.keys.live))

    def test_kept(self):
        self.assertEqual(self.broken(f"key {self.keys.live[:9]}…"), [])

    def test_a_key_in_the_output(self):
        self.assertEqual(len(self.broken(f"the key is {self.keys.live}")), 1)
        self.assertEqual(len(self.broken(f"it ends in {self.keys.other[-12:]}")), 1)

    def test_a_key_at_the_strangers(self):
        self.lab.stranger.arrivals.append(f"GET / X-Api-Key: {self.keys.live}")
        self.assertEqual(len(self.broken()), 1)

    def test_unsafe_methods(self):
        self.lab.api.arrivals.append(lab_api.Arrival("DELETE", "/", ""))
        self.assertEqual(len(self.broken()), 1)
        self.scenario.options = ["--replay"]
        self.assertEqual(self.broken(), [])

    def test_too_many_requests(self):
        self.report["requests_sent"] = 7
        self.assertEqual(len(self.broken()), 1)

    def test_a_box_that_is_not_named(self):
        self.report["answered_by"] = []
        self.assertEqual(len(self.broken()), 1)


if __name__ == "__main__":
    unittest.main()
