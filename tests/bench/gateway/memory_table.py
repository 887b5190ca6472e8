"""Streams, memory, and the first answer after a start."""
import os
import signal
import socket
import statistics
import subprocess
import time

import load
import meters
import payloads
import servers


def open_stream(server, body, count):
    connection = load.connect(server.port)
    headers = [("Accept", "application/x-ndjson"), ("Grpc-Metadata-Count", count)]
    connection.sendall(load.request_bytes(server.port, "/v1/repeat", body, headers))
    return connection


def ndjson_rate(server, body, megabytes):
    """MB of JSON for each second of the gateway's CPU."""
    count = megabytes * 1000000 // len(body)
    buffer = bytearray(1 << 20)
    before = meters.cpu_seconds(server.pid)[0]
    total = 0
    last = b""
    with open_stream(server, body, count) as connection:
        while not last.endswith(b"0\r\n\r\n"):
            size = connection.recv_into(buffer)
            if size == 0:
                raise RuntimeError("the stream broke off")
            total += size
            last = (last + bytes(buffer[max(0, size - 5):size]))[-5:]
    if total < count * len(body) * 0.95:
        raise RuntimeError(f"expected {count} messages of {len(body)} bytes, got {total} bytes")
    return total / 1e6 / (meters.cpu_seconds(server.pid)[0] - before)


def slow_reader(server, seconds):
    """KiB more in memory while a client reads far slower than the backend sends."""
    before = most = meters.resident_kib(server.pid)
    with open_stream(server, payloads.LARGE_MESSAGE, 1000000) as connection:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            connection.recv(65536)
            time.sleep(0.02)
            most = max(most, meters.resident_kib(server.pid))
    return most - before


def idle_connection(server, count, tls=False, path="/v1/orders", body=payloads.ORDER):
    """KiB of a connection that has had its answer, and rests."""
    warm = [load.connect(server.port, tls) for _ in range(8)]
    held = []
    for connection in warm:
        _ask(server, connection, path, body)
    before = meters.resident_kib(server.pid)
    for _ in range(count):
        connection = load.connect(server.port, tls)
        _ask(server, connection, path, body)
        held.append(connection)
    time.sleep(0.2)
    used = meters.resident_kib(server.pid) - before
    for connection in warm + held:
        connection.close()
    return used / count


def _ask(server, connection, path, body):
    connection.sendall(load.request_bytes(server.port, path, body))
    load.read_answer(connection)


class Start:
    """Milliseconds from the start of the process to its first answer, and its memory after that."""

    def __init__(self, rack, times):
        port = servers.free_port()
        rack.start("bookstore", [rack.program("bookstore"), "--port", str(port)], servers.LOAD_CORE, port=port)
        load.connect(port).close()
        self._command = [rack.program("sluice"), "--backend", f"127.0.0.1:{port}", "--descriptor-set",
                         rack.program("bookstore.pb"), "--listen"]
        self.millis, self.kib = [], []
        for _ in range(times):
            self._once()

    def _once(self):
        port = servers.free_port()
        begin = time.perf_counter()
        process = subprocess.Popen(self._command + [f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL,
                                   preexec_fn=lambda: os.sched_setaffinity(0, {servers.GATEWAY_CORE}))
        try:
            self._first_answer(port)
            self.millis.append((time.perf_counter() - begin) * 1e3)
            time.sleep(0.3)
            self.kib.append(meters.resident_kib(process.pid))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()

    @staticmethod
    def _first_answer(port):
        end = time.perf_counter() + 5
        while time.perf_counter() < end:
            with socket.socket() as connection:
                if connection.connect_ex(("127.0.0.1", port)) != 0:
                    time.sleep(0.0005)
                    continue
                connection.sendall(b"GET /v1/shelves HTTP/1.1\r\nHost: a\r\n\r\n")
                if not load.read_answer(connection).startswith(b"HTTP/1.1 200"):
                    raise RuntimeError("the bookstore does not answer")
                return
        raise RuntimeError("no answer within 5 s")

    def millis_median(self):
        return statistics.median(self.millis)

    def mib_median(self):
        return statistics.median(self.kib) / 1024


HEAD = "| what | measured | bar |\n|---|--:|--:|"
