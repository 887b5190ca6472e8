# The include-direction table and the fences of the architecture, as data. The longest prefix that fits a path counts.

BASE = ["rpc_core/base/"]
RPC_CORE = ["rpc_core/"]
SEEN_BY_OPERATORS = ["gateway/http/", "gateway/schema/", "gateway/route/", "gateway/telemetry/", "gateway/upstream/"]

# Which of the project's own files a file may include, besides those of its own folder.
MAY_INCLUDE = {
    "annotations/": ["rpc_core/base/result.h", "rpc_core/base/status.h"],
    "rpc_core/base/": [],
    "rpc_core/wire/": BASE,
    "rpc_core/transport/": BASE,
    # c-ares gives sockets to wait for, and use_task is how a Task waits for Asio.
    "rpc_core/naming/": BASE + ["rpc_core/transport/use_task.h"],
    "rpc_core/naming/extra/": BASE + ["rpc_core/naming/", "rpc_core/client/"],
    "rpc_core/balance/": BASE,
    "rpc_core/http2/": BASE + ["rpc_core/transport/"],
    "rpc_core/call/": BASE + ["rpc_core/wire/"],
    "rpc_core/client/": BASE
    + ["rpc_core/wire/", "rpc_core/call/", "rpc_core/http2/", "rpc_core/transport/", "rpc_core/naming/",
       "rpc_core/balance/"],
    "rpc_core/server/": BASE + ["rpc_core/wire/", "rpc_core/call/", "rpc_core/http2/", "rpc_core/transport/"],
    "rpc_core/interceptor/": BASE + ["rpc_core/call/"],
    "rpc_core/services/": BASE + ["rpc_core/call/", "rpc_core/server/"],
    "rpc_core/codegen/": ["rpc_core/call/service.h"],
    # The listener deals connections to workers, which are nothing but a thread and its loop.
    "gateway/worker": BASE,
    "gateway/http/": BASE + ["rpc_core/transport/", "gateway/worker.h"],
    "gateway/http/session_h2": BASE + ["rpc_core/transport/", "rpc_core/http2/"],
    "gateway/schema/": BASE + ["annotations/", "rpc_core/services/", "rpc_core/call/"],
    "gateway/upstream/": RPC_CORE + ["gateway/schema/", "gateway/http/"],
    "gateway/config/": BASE
    + ["annotations/", "gateway/http/http_options.h", "gateway/http/address_range.h", "gateway/http/blocking_request.h",
       "gateway/protocol/answer_options.h", "gateway/transcode/"],
    "gateway/state/": BASE + ["gateway/http/"],
    "gateway/telemetry/": BASE + ["gateway/http/", "gateway/config/config.h", "gateway/upstream/channel_totals.h"],
    "gateway/admin/": BASE + SEEN_BY_OPERATORS,
    "gateway/openapi/": BASE + SEEN_BY_OPERATORS,
    "gateway/transcode/": BASE + ["annotations/"],
    "gateway/protocol/": BASE + ["gateway/http/", "gateway/transcode/", "annotations/", "rpc_core/wire/"],
    "gateway/proxy": BASE + ["gateway/protocol/exchange.h", "rpc_core/call/"],
    "gateway/filter/": BASE + ["gateway/http/", "gateway/route/match.h", "gateway/telemetry/", "gateway/state/"],
    "gateway/route/": BASE
    + ["annotations/", "gateway/http/", "gateway/schema/", "gateway/protocol/", "gateway/upstream/", "gateway/proxy",
       "gateway/filter/", "gateway/transcode/", "gateway/config/route_settings.h", "rpc_core/call/"],
    "gateway/explain/": BASE
    + ["annotations/", "gateway/http/request_target.h", "gateway/protocol/", "gateway/route/", "gateway/schema/",
       "gateway/transcode/", "gateway/config/nearest.h"],
    "gateway/cpus": [],
    "gateway/file_states": [],
    "gateway/app": ["annotations/", "rpc_core/", "gateway/"],
    "gateway/main": ["annotations/", "rpc_core/", "gateway/"],
    "examples/": RPC_CORE + ["gateway/"],
    "tests/": ["annotations/", "rpc_core/", "gateway/", "examples/"],
}

# Composition: these include everything, and nothing includes them. Tests of the whole program may.
INCLUDED_BY_NOBODY = ["gateway/app", "gateway/main"]

# A third party's headers, and the only places that may include them. Tests are free: they play the other side.
FENCES = {
    "nghttp2/": ["rpc_core/http2/"],
    "boost/beast": ["gateway/http/"],
    "boost/asio": ["rpc_core/base/", "rpc_core/transport/", "rpc_core/naming/", "gateway/http/", "gateway/upstream/",
                   "gateway/telemetry/", "gateway/app", "gateway/main", "gateway/worker", "examples/"],
    "openssl/": ["rpc_core/transport/tls", "gateway/filter/"],
    "nlohmann/": ["gateway/", "rpc_core/client/service_config"],
    "ares": ["rpc_core/naming/"],
    "CLI/": ["gateway/", "examples/"],
    "spdlog/": ["gateway/"],
    "yaml-cpp/": ["gateway/"],
    "gtest/": [],
    "gmock/": [],
}

# What generated code and its users include: quick to compile, so without Asio and nghttp2 behind any of it.
LIGHT_HEADERS = ["rpc_core/call/typed.h", "rpc_core/call/call.h", "rpc_core/call/service.h"]
HEAVY = ["boost/asio", "boost/beast", "nghttp2/"]

# Files that may be longer than the limit, each with its reason.
LONG_FILES = {}
MOST_LINES = 400
MOST_TEST_LINES = 300

# What may stand in braces in an expression with co_await, because it is trivially destructible: options, by their first
# designator; the argument of these functions, which is a span; and {&one, 1}, which is a span of one.
TRIVIAL_DESIGNATORS = ["timeout", "deadline", "metadata", "max_receive_bytes", "max_send_bytes", "compression",
                       "credentials", "wait_for_ready", "last", "compress"]
SPAN_FUNCTIONS = ["read_some"]
