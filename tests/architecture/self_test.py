# Each rule on a snippet that breaks it and on ones that do not: so that the check itself can fail.
import unittest

import check
import include_table
import rules


def wrong(rule, path, text):
    return [message for _, message in rule(path, text)]


class Rules(unittest.TestCase):
    def breaks(self, rule, path, text):
        self.assertTrue(wrong(rule, path, text), f"{rule.__name__} sees nothing wrong in {path}: {text}")

    def keeps(self, rule, path, text):
        self.assertEqual(wrong(rule, path, text), [], f"{rule.__name__} on {path}: {text}")

    def test_include_direction(self):
        rule = rules.include_direction
        self.breaks(rule, "rpc_core/base/a.h", '#include "rpc_core/transport/tcp.h"')
        self.breaks(rule, "rpc_core/naming/a.cc", '#include "rpc_core/transport/tcp.h"')
        self.breaks(rule, "annotations/a.cc", '#include "rpc_core/base/task.h"')
        self.breaks(rule, "gateway/protocol/rest.cc", '#include "rpc_core/call/call.h"')
        self.breaks(rule, "gateway/proxy.h", '#include "gateway/protocol/rest.h"')
        self.breaks(rule, "rpc_core/client/a.cc", '#  include <gateway/http/handler.h>')
        self.breaks(rule, "rpc_core/new_folder/a.h", "")
        self.keeps(rule, "rpc_core/client/a.cc", '#include "rpc_core/naming/fixed.h"\n#include "rpc_core/client/b.h"')
        self.keeps(rule, "gateway/http/session_h2.cc", '#include "rpc_core/http2/session.h"')
        self.breaks(rule, "gateway/http/session.cc", '#include "rpc_core/http2/session.h"')
        self.keeps(rule, "gateway/proxy.cc", '#include "gateway/proxy.h"\n#include "gateway/protocol/exchange.h"')
        self.keeps(rule, "rpc_core/base/a.h", "#include <vector>\n#include <boost/asio/post.hpp>")

    def test_composition_is_on_top(self):
        rule = rules.composition_is_on_top
        self.breaks(rule, "gateway/route/router.cc", '#include "gateway/app.h"')
        self.keeps(rule, "gateway/main.cc", '#include "gateway/app.h"')
        self.keeps(rule, "tests/e2e/gateway_test.cc", '#include "gateway/app.h"')

    def test_paths_from_the_root(self):
        rule = rules.paths_from_the_root
        self.breaks(rule, "rpc_core/base/task.cc", '#include "task.h"')
        self.breaks(rule, "rpc_core/base/task.cc", '#include "../base/task.h"')
        self.keeps(rule, "examples/echo/server.cc", '#include "echo.pb.h"\n#include "rpc_core/base/task.h"')

    def test_third_party_fences(self):
        rule = rules.third_party_fences
        self.breaks(rule, "rpc_core/client/a.cc", "#include <nghttp2/nghttp2.h>")
        self.breaks(rule, "gateway/protocol/rest.cc", "#include <boost/beast/http.hpp>")
        self.breaks(rule, "rpc_core/wire/a.h", "#include <boost/asio/buffer.hpp>")
        self.breaks(rule, "rpc_core/call/a.cc", "#include <nlohmann/json.hpp>")
        self.breaks(rule, "rpc_core/transport/tcp.cc", "#include <openssl/ssl.h>")
        self.breaks(rule, "rpc_core/base/a.h", "#include <gtest/gtest.h>")
        self.keeps(rule, "rpc_core/transport/tls.cc", "#include <openssl/ssl.h>")
        self.keeps(rule, "rpc_core/http2/session.cc", "#include <nghttp2/nghttp2.h>")
        self.keeps(rule, "tests/rpc_core/http2/peer.h", "#include <nghttp2/nghttp2.h>\n#include <gtest/gtest.h>")

    def test_header_form(self):
        rule = rules.header_form
        self.breaks(rule, "rpc_core/base/a.h", "// A thing.\n")
        self.breaks(rule, "rpc_core/base/a.h", "#pragma once\n// A thing.\n")
        self.breaks(rule, "rpc_core/base/a.h", "//\n#pragma once\n")
        self.breaks(rule, "rpc_core/base/a.h", "")
        self.keeps(rule, "rpc_core/base/a.h", "// A thing.\n#pragma once\n")
        self.keeps(rule, "rpc_core/base/a.cc", '#include "rpc_core/base/a.h"\n')

    def test_length(self):
        for path, most in [("rpc_core/base/a.cc", 400), ("gateway/a.h", 400), ("tests/a_test.cc", 300)]:
            self.keeps(rules.length, path, "\n" * most)
            self.breaks(rules.length, path, "\n" * (most + 1))
        self.keeps(rules.length, "rpc_core/README.md", "\n" * 1000)

    def test_exceptions_have_reasons(self):
        for path, reason in include_table.LONG_FILES.items():
            self.assertGreater(len(reason), 20, path)

    def test_nothing_unfinished(self):
        self.breaks(rules.nothing_unfinished, "a.cc", "// TO" "DO: later")
        self.breaks(rules.nothing_unfinished, "a.md", "FIX" "ME")
        self.keeps(rules.nothing_unfinished, "a.cc", "int fixme_count; // todos")

    def test_no_detached(self):
        self.breaks(rules.no_detached, "gateway/a.cc", "co_spawn(context, f(), asio::detached);")
        self.breaks(rules.no_detached, "gateway/a.cc", "using asio::detached;")
        self.keeps(rules.no_detached, "gateway/a.cc", '// never detached\nlog("detached");')

    def test_miscompiled_temporaries(self):
        for text in [
            "co_await f(Options{1, name});",
            "co_await f({name, 1});",
            'co_await f(x, {.name = "n"});',
            "auto r = co_await f(std::array{a, b});",
            "co_await f(std::vector<int>{1, 2});",
            "if (auto r = co_await f(g(Options{x})); !r) return;",
            "co_await f([&](int i) { return i; }, Options{x});",
            "co_await Options{x}.run();",
            "co_await f({&x, 1, name});",
        ]:
            self.breaks(rules.miscompiled_temporaries, "a.cc", text)
        for text in [
            "co_await f(name, std::move(options));",
            "if (auto r = co_await f(); !r) { g({1, 2}); }",
            "while (co_await f(x)) { g(Options{1}); }",
            "co_await f([&](int i) { return Options{i}; });",
            "co_await f(x, {.deadline = ms});",
            "auto n = co_await stream.read_some({bytes, size});",
            "co_await stream.write({&piece, 1});",
            "co_await f(a[i]); if (x) { y(Agg{1}); }",
            "// co_await f(Options{1});",
            'co_await f("Options{1}");',
            "auto body = [&]() -> Task<void> { co_await f(); };",
        ]:
            self.keeps(rules.miscompiled_temporaries, "a.cc", text)

    def test_miscompiled_braces(self):
        for text in [
            "co_return {co_await f(), 1};",
            "Agg a{co_await f(), 1};",
            "v.push_back(Agg{co_await g()});",
            "auto a = Agg{.name = co_await g()};",
            "h({1, co_await g()});",
            "T a[] = {co_await g()};",
        ]:
            self.breaks(rules.miscompiled_braces, "a.cc", text)
        for text in [
            "Task<void> f() { co_await g(); }",
            "Task<void> f() const { co_await g(); }",
            "auto f = [&]() -> Task<Result<int>> { co_return co_await g(); };",
            "if (x) { co_await g(); } else { co_await h(); }",
            "try { co_await g(); } catch (...) {}",
            "do { co_await g(); } while (x);",
        ]:
            self.keeps(rules.miscompiled_braces, "a.cc", text)

    def test_miscompiled_conditional(self):
        rule = rules.miscompiled_conditional
        self.breaks(rule, "a.cc", "auto x = c ? co_await a() : co_await b();")
        self.breaks(rule, "a.cc", "auto x = c ? 0 : co_await b();")
        self.keeps(rule, "a.cc", "for (auto x : list) co_await b();\nauto y = c ? 1 : 2;\nco_await b();")

    def test_heavy_behind_light_headers(self):
        files = {
            "rpc_core/call/typed.h": '#include "rpc_core/call/call.h"',
            "rpc_core/call/call.h": '#include "rpc_core/base/loop.h"',
            "rpc_core/base/loop.h": "#include <boost/asio/io_context.hpp>",
        }
        self.assertIn("rpc_core/base/loop.h", [path for path, _, _ in rules.heavy_behind_light_headers(files)])
        files["rpc_core/base/loop.h"] = "#include <memory>"
        self.assertEqual(list(rules.heavy_behind_light_headers(files)), [])

    def test_violations_name_file_line_and_rule(self):
        found = list(check.violations({"rpc_core/wire/a.cc": '\n#include "rpc_core/http2/session.h"\n'}))
        self.assertEqual(
            found, ["rpc_core/wire/a.cc:2: rpc_core/wire/ may not include rpc_core/http2/session.h [include_direction]"]
        )


if __name__ == "__main__":
    unittest.main()
