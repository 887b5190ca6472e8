"""nginx between our client and our server (grpc_pass): gRPC's interop cases pass through it, in plain text and over TLS."""
import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

import support
from certificates import certify
from reflection_test import free_port

support.require("nginx", shutil.which("nginx"))

# All four modes, deadlines and cancellation, metadata, statuses.
CASES = ("empty_unary large_unary client_streaming server_streaming ping_pong empty_stream cancel_after_begin "
         "cancel_after_first_response timeout_on_sleeping_server status_code_and_message special_status_message "
         "custom_metadata unimplemented_method unimplemented_service pick_first_unary").split()
NAME = "interop.test"
CONFIG = """
daemon off;
worker_processes 1;
error_log stderr warn;
pid nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  client_max_body_size 0;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 127.0.0.1:%(plain)d http2;
    location / { grpc_pass grpc://127.0.0.1:%(server)d; }
  }
  server {
    listen 127.0.0.1:%(secure)d ssl http2;
    ssl_certificate server.pem;
    ssl_certificate_key server.key;
    location / {
      grpc_pass grpcs://127.0.0.1:%(secure_server)d;
      grpc_ssl_verify on;
      grpc_ssl_trusted_certificate ca.pem;
      grpc_ssl_server_name on;
      grpc_ssl_name %(name)s;
    }
  }
}
"""


def start_server(*flags):
    """The process and its port."""
    process = subprocess.Popen([support.program("interop_server"), "--port=0", *flags], stdout=subprocess.PIPE, text=True)
    return process, int(process.stdout.readline().rsplit(":", 1)[1])


def stop(process):
    process.terminate()
    process.wait(support.START_SECONDS)
    process.stdout.close()


def wait_until_it_listens(port):
    deadline = time.monotonic() + support.START_SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise


class Nginx(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        certify(cls.folder, "ca", "/CN=Test CA")
        certify(cls.folder, "server", "/CN=server", f"subjectAltName=DNS:{NAME}")
        plain, plain_port = start_server()
        cls.addClassCleanup(stop, plain)
        secure, secure_port = start_server("--use_tls", "--tls_cert_file=" + cls.path("server.pem"),
                                           "--tls_key_file=" + cls.path("server.key"))
        cls.addClassCleanup(stop, secure)
        cls.plain, cls.secure = free_port(), free_port()
        with open(cls.path("nginx.conf"), "w") as file:
            file.write(CONFIG % {"plain": cls.plain, "secure": cls.secure, "server": plain_port,
                                 "secure_server": secure_port, "name": NAME})
        cls.nginx = support.Process("nginx", "-p", cls.folder, "-c", "nginx.conf")
        cls.addClassCleanup(cls.nginx.stop)
        wait_until_it_listens(cls.plain)
        wait_until_it_listens(cls.secure)

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    def run_cases(self, port, *flags):
        for case in CASES:
            with self.subTest(case):
                done = subprocess.run([support.program("interop_client"), "--server_host=127.0.0.1",
                                       f"--server_port={port}", f"--test_case={case}", *flags],
                                      capture_output=True, text=True, timeout=support.START_SECONDS)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_passes_all_cases_in_plain_text(self):
        self.run_cases(self.plain)

    def test_passes_all_cases_over_tls_on_both_sides(self):
        self.run_cases(self.secure, "--use_tls", "--server_host_override=" + NAME, "--ca_file=" + self.path("ca.pem"))


if __name__ == "__main__":
    unittest.main()
