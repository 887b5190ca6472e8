"""Reads the tables, and starts a gateway for each set of settings that they name."""
import os
import tempfile
import unittest

import yaml

import rest_schema
import scripted_backend
import support


def cases(kind=""):
    """(table, group, case) for all of a kind; a group is the settings that its cases share."""
    seen = set()
    for path in rest_schema.table_files(kind):
        name = os.path.basename(path).removesuffix(".yaml")
        with open(path, encoding="utf-8") as file:
            for group in yaml.safe_load(file):
                for case in group["cases"]:
                    assert (name, case["case"]) not in seen, f"{name}: two cases named {case['case']!r}"
                    seen.add((name, case["case"]))
                    yield name, group, case


def ways(group, case):
    """How a case runs: at once, a byte at a time; streams also before a stalling reader, or as the backend trickles."""
    yield "", {}
    yield " (byte by byte)", {"piece": 1}
    if group.get("streams"):
        yield " (stalling reader)", {"stall": True}
        yield " (trickling backend)", {"trickle": True}


def start_gateway(*arguments):
    """The process, and the host and port where it serves."""
    process, url = support.start_sluice(*arguments)
    host, port = url.removeprefix("http://").rsplit(":", 1)
    return process, (host, int(port))


def start_observed_gateway(schema, backend, *flags):
    """The same with operators' answers, and where those are."""
    process, address = start_gateway(
        "--backend", backend.address, "--descriptor-set", schema.path, "--admin", "127.0.0.1:0", *flags)
    return process, address, process.wait_for(r"admin on (http://\S+)").group(1)


class Gateways:
    def __init__(self, schema, backend):
        self.schema, self.backend = schema, backend
        self.running = {}

    def address(self, group):
        key = (tuple(group.get("flags", [])), group.get("config", ""), group.get("backend", self.backend),
               group.get("source", "descriptor set"))
        if key not in self.running:
            self.running[key] = self.start(*key)
        return self.running[key][1]

    def start(self, flags, config, backend, source):
        arguments = ["--workers", "1", "--backend", backend, *flags]
        if source == "proto":
            arguments += ["--proto", "rest.proto", "--proto-path", rest_schema.TABLES]
        else:
            arguments += ["--descriptor-set", self.schema.path]
        if config:
            path = os.path.join(self.schema.directory.name, f"{len(self.running)}.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(config)
            arguments += ["--config", path]
        return start_gateway(*arguments)

    def stop(self):
        codes = [process.stop() for process, _ in self.running.values()]
        assert not any(codes), codes


class TestCase(unittest.TestCase):
    """Tests against gateways in front of a scripted backend."""

    @classmethod
    def setUpClass(cls):
        cls.schema = rest_schema.RestSchema()
        cls.backend = scripted_backend.Backend()
        cls.gateways = Gateways(cls.schema, cls.backend.address)

    @classmethod
    def tearDownClass(cls):
        cls.gateways.stop()
