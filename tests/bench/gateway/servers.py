"""Starts what is measured, each process on the core where it belongs."""
import os
import re
import signal
import socket
import subprocess

CORES = sorted(os.sched_getaffinity(0))
GATEWAY_CORE, LOAD_CORE = CORES[0], CORES[-1]


def pin(core, realtime):
    """Puts the calling process on a core; real time keeps others on the machine from it."""
    os.sched_setaffinity(0, {core})
    if realtime:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(5))


class Server:
    def __init__(self, name, command, core, realtime, port=None, says=None, log=None):
        """Its port is what `says` finds on stderr, else the first line on stdout, where it is not given."""
        self.name = name
        self.log = open(log or os.devnull, "wb")
        cores = core if isinstance(core, set) else {core}
        err = subprocess.PIPE if says and not log else self.log
        # The limits are those of whoever starts it: root may raise them.
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE if not says else self.log, stderr=err,
                                        preexec_fn=lambda: (pin(next(iter(cores)), realtime),
                                                            os.sched_setaffinity(0, cores)))
        self.pid = self.process.pid
        self.port = port or self._read_port(says, log)

    def _read_port(self, says, log):
        if not says:
            return int(self.process.stdout.readline())
        lines = iter(self.process.stderr.readline, b"") if not log else self._follow(log)
        for line in lines:
            found = re.search(says, line)
            if found:
                return int(found.group(1))
        raise RuntimeError(f"{self.name} has not said its port")

    def _follow(self, log):
        with open(log, "rb") as file:
            while self.process.poll() is None:
                line = file.readline()
                if line:
                    yield line

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Rack:
    """All servers of a run; they end with it."""

    def __init__(self, build, folder, realtime):
        self.bin = os.path.join(build, "bin")
        self.folder = folder
        self.realtime = realtime
        self.servers = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in reversed(self.servers):
            server.stop()

    def start(self, name, command, core, **options):
        self.servers.append(Server(name, command, core, self.realtime, **options))
        return self.servers[-1]

    def path(self, name):
        return os.path.join(self.folder, name)

    def program(self, name):
        return os.path.join(self.bin, name)

    def backend(self):
        return self.start("backend", [self.program("bench_backend")], LOAD_CORE)

    def grpcpp_backend(self):
        return self.start("gRPC C++ backend", [self.program("bench_grpcpp_backend")], LOAD_CORE)

    def sluice(self, name, backend, *flags, core=None, log=None, workers=1):
        command = [self.program("sluice"), "--listen", "127.0.0.1:0", "--workers", str(workers), "--backend",
                   f"127.0.0.1:{backend.port}", "--descriptor-set", self.path("shop.pb"), *flags]
        return self.start(name, command, GATEWAY_CORE if core is None else core,
                          says=rb"listening on https?://[^:]*:(\d+)", log=log)

    def floor(self, answers):
        """`answers` are files by path."""
        files = [f"{path}={file}" for path, file in answers.items()]
        backend = self.start("floor's backend", [self.program("floor_backend"), "frames", *files], LOAD_CORE)
        return self.start("floor", [self.program("floor_gateway"), str(backend.port)], GATEWAY_CORE)

    def floor_http2(self, backend):
        return self.start("floor, calls by nghttp2", [self.program("floor_http2"), str(backend.port)], GATEWAY_CORE)

    def nginx(self, answers, certificate, key):
        files = [f"{path}={file}" for path, file in answers.items()]
        backend = self.start("nginx's backend", [self.program("floor_backend"), "http", *files], LOAD_CORE)
        port = free_port()
        config = self.path("nginx.conf")
        with open(config, "w") as file:
            file.write(f"""worker_processes 1;
daemon off;
master_process off;
pid {self.path("nginx.pid")};
error_log /dev/null;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {self.path("body")}; proxy_temp_path {self.path("proxy")};
  fastcgi_temp_path {self.path("f")}; uwsgi_temp_path {self.path("u")}; scgi_temp_path {self.path("s")};
  keepalive_requests 1000000000;
  upstream backend {{ server 127.0.0.1:{backend.port}; keepalive 128; keepalive_requests 1000000000; }}
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {certificate}; ssl_certificate_key {key};
    location / {{ proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
""")
        return self.start("nginx", ["nginx", "-p", self.folder, "-c", config], GATEWAY_CORE, port=port)
