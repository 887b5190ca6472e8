"""CPU time of the gateway for a request, beside the floor."""
import json
import statistics

import load
import meters
import payloads


class Case:
    def __init__(self, key, title, path, body, connections, bar):
        self.key = key
        self.title = title
        self.path = path
        self.body = body
        self.connections = connections
        self.bar = bar


CASES = [
    Case("tiny", "tiny, 64 connections", "/v1/ping", payloads.TINY, 64, 1.4),
    Case("order", "1 KB, 64 connections", "/v1/orders", payloads.ORDER, 64, 1.5),
    Case("batch", "70 KB, 16 connections", "/v1/batches", payloads.BATCH, 16, 6.5),
    Case("one", "1 KB, 1 connection", "/v1/orders", payloads.ORDER, 1, 1.7),
]
TLS_CASE = Case("tls", "1 KB over TLS, 64 connections", "/v1/orders", payloads.ORDER, 64, None)


class Runner:
    """One gateway on one case, measured again and again."""

    def __init__(self, folder, case, server, tls=False):
        self.case = case
        self.server = server
        self.tls = tls
        self.wrk = load.Wrk(folder, case)
        self.micros, self.rates, self.p50, self.p99 = [], [], [], []
        self.waited = self.ran = 0
        self.calls = None

    def check(self):
        """The answer has to be what was sent."""
        answer = load.exchange(self.server.port, self.case.path, self.case.body, self.tls)
        good = answer.startswith(b"HTTP/1.1 200")
        if not good or json.loads(load.body_of(answer)) != json.loads(self.case.body):
            raise RuntimeError(f"{self.server.name} answers {self.case.title} with {answer[:300]!r}")

    def measure(self, seconds):
        ran, waited = meters.cpu_seconds(self.server.pid)
        result = self.wrk.run(self.server.port, seconds, tls=self.tls)
        now_ran, now_waited = meters.cpu_seconds(self.server.pid)
        if result.errors:
            raise RuntimeError(f"{self.server.name}, {self.case.title}: {result.errors} requests failed")
        self.ran += now_ran - ran
        self.waited += now_waited - waited
        self.micros.append((now_ran - ran) / result.requests * 1e6)
        self.rates.append(result.per_second)
        self.p50.append(result.p50_ms)
        self.p99.append(result.p99_ms)

    def count_calls(self):
        counter = meters.SystemCalls(self.server.pid)
        result = self.wrk.run(self.server.port, 1, tls=self.tls)
        calls = counter.stop()
        self.calls = None if calls is None else calls / result.requests


def run(runners, rounds, seconds):
    """`runners` take turns, so that all see the same machine."""
    for runner in runners:
        runner.check()
        runner.wrk.run(runner.server.port, 1, tls=runner.tls)
    for _ in range(rounds):
        for runner in runners:
            runner.measure(seconds)
    for runner in runners:
        runner.count_calls()


def ratios(runner, base):
    """Round by round, since neighbours in time saw the same machine."""
    return [mine / other for mine, other in zip(runner.micros, base.micros)]


def row(runner, base):
    micros = f"{statistics.median(runner.micros):.1f} ({min(runner.micros):.1f}–{max(runner.micros):.1f})"
    against = ratios(runner, base)
    ratio = f"{statistics.median(against):.2f} ({min(against):.2f}–{max(against):.2f})" if runner is not base else "1"
    bar = f"≤ {runner.case.bar}" if runner.case.bar and runner.server.name == "sluice" else ""
    calls = "–" if runner.calls is None else f"{runner.calls:.2f}"
    return (f"| {runner.case.title} | {runner.server.name} | {micros} | {ratio} | {bar} | "
            f"{statistics.median(runner.rates):,.0f} | {statistics.median(runner.p50):.2f} | "
            f"{statistics.median(runner.p99):.2f} | {calls} |")


HEAD = ("| case | gateway | CPU µs a request (least–most) | times floor | bar | requests/s | p50 ms | p99 ms | "
        "system calls a request |\n|---|---|--:|--:|--:|--:|--:|--:|--:|")
