"""Sends requests: one by hand, many with wrk."""
import re
import socket
import ssl
import subprocess
import time

WRK_DONE = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("@ %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50),
                         latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def request_bytes(port, path, body, headers=()):
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def connect(port, tls=False, patience=5):
    """Tries until the server listens."""
    end = time.monotonic() + patience
    while True:
        try:
            plain = socket.create_connection(("127.0.0.1", port))
            break
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return _context().wrap_socket(plain) if tls else plain


def _context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def read_answer(connection):
    """The bytes of one answer, with a Content-Length or in chunks."""
    data = b""
    while True:
        piece = connection.recv(1 << 18)
        if not piece:
            raise RuntimeError(f"connection closed after {data[:200]!r}")
        data += piece
        head, found, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        if found and (len(body) >= int(length.group(1)) if length else body.endswith(b"0\r\n\r\n")):
            return data


def body_of(answer):
    """Without the head, and without chunk sizes."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"\r\ntransfer-encoding: chunked" not in head.lower():
        return body
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        whole += body[:int(size, 16)]
        body = body[int(size, 16) + 2:]
    return whole


def exchange(port, path, body, tls=False):
    with connect(port, tls) as connection:
        connection.sendall(request_bytes(port, path, body))
        return read_answer(connection)


class Wrk:
    """One thread of wrk on a case."""

    def __init__(self, folder, case, headers=(), delay_ms=0):
        self.case = case
        self.script = f"{folder}/{case.key}{len(headers)}-{delay_ms}.lua"
        body = f"{folder}/{case.key}.json"
        with open(body, "wb") as file:
            file.write(case.body)
        with open(self.script, "w") as file:
            file.write(f'local f = io.open("{body}", "rb")\nwrk.method = "POST"\nwrk.body = f:read("*a")\nf:close()\n'
                       f'wrk.headers["Content-Type"] = "application/json"\n')
            file.writelines(f'wrk.headers["{name}"] = "{value}"\n' for name, value in headers)
            if delay_ms:
                # Spread around it: in step with a backend's timer, clients would come back just before calls end.
                file.write(f"delay = function() return math.random({delay_ms // 2}, {delay_ms + delay_ms // 2}) end\n")
            file.write(WRK_DONE)

    def run(self, port, seconds, connections=None, tls=False):
        scheme = "https" if tls else "http"
        command = ["wrk", "-t", "1", "-c", str(connections or self.case.connections), "-d", f"{seconds}s", "-s",
                   self.script, f"{scheme}://127.0.0.1:{port}{self.case.path}"]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found = re.search(r"^@ (\d+) (\d+) (\d+) (\d+) (\d+)$", output, re.M)
        if not found:
            raise RuntimeError("wrk said: " + output)
        requests, duration, p50, p99, errors = map(int, found.groups())
        return WrkResult(requests, duration / 1e6, p50 / 1e3, p99 / 1e3, errors)


class WrkResult:
    def __init__(self, requests, seconds, p50_ms, p99_ms, errors):
        self.requests = requests
        self.per_second = requests / seconds
        self.p50_ms = p50_ms
        self.p99_ms = p99_ms
        self.errors = errors
