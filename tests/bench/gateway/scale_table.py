"""Many connections, many streams, two workers, and more load than can be carried."""
import resource
import selectors
import time

import load
import memory_table
import meters
import payloads
import requests_table
import servers

ORDER = requests_table.CASES[1]


def worker_cost(rack, backend, rounds, seconds):
    """CPU of a request with two workers beside that with one, where both share the cores with the load."""
    cores = set(servers.CORES)
    gateways = [rack.sluice(f"{count} workers", backend, core=cores, workers=count) for count in (1, 2)]
    runners = [requests_table.Runner(rack.folder, ORDER, gateway) for gateway in gateways]
    requests_table.run(runners, rounds, seconds)
    return requests_table.ratios(runners[1], runners[0])


def short_connections(rack, server, seconds):
    """Connections a second of one request each, and how many failed."""
    wrk = load.Wrk(rack.folder, ORDER, [("Connection", "close")])
    result = wrk.run(server.port, seconds)
    return result.per_second, result.errors


def idle_beside_load(rack, server, seconds):
    """With as many idle connections as this process may have: their number, requests a second, and failures."""
    most = min(20000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500)
    held = [load.connect(server.port) for _ in range(most)]
    result = load.Wrk(rack.folder, ORDER).run(server.port, seconds)
    for connection in held:
        connection.close()
    return most, result.per_second, result.errors


class Streams:
    """Streams that all run at once, each read as it comes."""

    def __init__(self, server, count, seconds):
        before = meters.resident_kib(server.pid)
        self.received = {}
        self.ended = 0
        with selectors.DefaultSelector() as selector:
            for _ in range(count):
                connection = memory_table.open_stream(server, payloads.SMALL_MESSAGE, 100000000)
                connection.setblocking(False)
                self.received[connection] = 0
                selector.register(connection, selectors.EVENT_READ)
            self._read(selector, seconds)
        self.kib_each = (meters.resident_kib(server.pid) - before) / count
        for connection in self.received:
            connection.close()

    def _read(self, selector, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for key, _ in selector.select(0.1):
                data = key.fileobj.recv(65536)
                self.received[key.fileobj] += len(data)
                if not data:
                    self.ended += 1
                    selector.unregister(key.fileobj)

    def starved(self):
        return sum(received < 10 * len(payloads.SMALL_MESSAGE) for received in self.received.values())


class Overload:
    """Clients offer twice what a slow backend can do in as many calls as are allowed."""

    WAIT_MS = 10
    CALLS = 64

    def __init__(self, rack, backend, seconds):
        limited = rack.sluice("limited", backend, "--max-concurrent-calls", str(self.CALLS))
        slow = [("Grpc-Metadata-Wait", self.WAIT_MS)]
        wrk = load.Wrk(rack.folder, ORDER, slow)
        wrk.run(limited.port, 1, connections=self.CALLS)
        self.peak = wrk.run(limited.port, seconds, connections=self.CALLS).per_second
        before = meters.resident_kib(limited.pid)
        # A client sends its next request about WAIT_MS after an answer, or after a refusal, which comes at once.
        offering = load.Wrk(rack.folder, ORDER, slow, delay_ms=self.WAIT_MS)
        self.over = offering.run(limited.port, seconds, connections=3 * self.CALLS)
        self.kib = meters.resident_kib(limited.pid) - before
        self.after = wrk.run(limited.port, seconds, connections=self.CALLS)

    def offered(self):
        return self.over.per_second / self.peak

    def carried(self):
        return self.over.per_second * (1 - self.over.errors / self.over.requests) / self.peak


def many_connections(rack, gateways, seconds):
    """Requests a second of each gateway on 1,024 connections beside those on 64."""
    wrk = load.Wrk(rack.folder, ORDER)
    shares = []
    for gateway in gateways:
        wrk.run(gateway.port, 1, connections=1024)
        shares.append(wrk.run(gateway.port, seconds, connections=1024).per_second /
                      wrk.run(gateway.port, seconds, connections=64).per_second)
    return shares


HEAD = memory_table.HEAD
