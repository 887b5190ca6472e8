"""The tables of rest/: a request and the backend's answer in, what both ends see out, through the real sluice."""
import unittest

import support

support.require_rest_tools()

import raw_http  # noqa: E402
import rest_case  # noqa: E402
import rest_tables  # noqa: E402


class Tables(rest_tables.TestCase):
    """One sluice for each set of settings in a table."""

    def check(self, group, case, **how):
        address = self.gateways.address(group)
        wrong = rest_case.run(case, address, self.backend, self.schema, **how)
        if wrong:
            self.fail("\n  ".join([f"{rest_case.request_of(case)[:300]!r} {how or ''}", *wrong]))

    def check_kept_alive(self):
        """All that leave a connection as it was, one after the other on one connection."""
        kept = {}
        for name, group, case in rest_tables.cases():
            if "raw" in case or case.get("cut") or case.get("closes"):
                continue
            address = self.gateways.address(group)
            if address not in kept:
                kept[address] = raw_http.Connection(address)
                self.addCleanup(kept[address].socket.close)
            with self.subTest(table=name, case=case["case"]):
                response, wrong = rest_case.converse(case, kept[address], self.backend, self.schema)
                if response.header("Connection") == "close":
                    self.assertTrue(kept.pop(address).at_end())
                self.assertEqual(wrong, [])


def load_tests(loader, tests, pattern):
    suite = unittest.TestSuite([Tables("check_kept_alive")])
    for name, group, case in rest_tables.cases():
        for suffix, how in rest_tables.ways(group, case):
            title = f"test {name}: {case['case']}{suffix}"
            setattr(Tables, title, lambda self, group=group, case=case, how=how: self.check(group, case, **how))
            suite.addTest(Tables(title))
    return suite


if __name__ == "__main__":
    unittest.main()
