"""sluice check, routes and explain, with their exit codes."""
import json
import tempfile
import unittest

import support

SCHEMA = ("--descriptor-set", support.program("bookstore.pb"))


class Commands(unittest.TestCase):
    def run_command(self, *arguments):
        return support.run_sluice(arguments[0], *SCHEMA, *arguments[1:])

    def test_check(self):
        code, out, _ = self.run_command("check")
        self.assertEqual(code, 0)
        self.assertRegex(out, r"^settings and schema are good: \d+ routes\n$")

    def test_check_warns_of_settings_that_no_route_has(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("routes:\n  - {methods: bookstore.v1.Bookstor.*, timeout: 2s}\n")
            file.flush()
            code, out, err = self.run_command("check", "--config", file.name)
            self.assertEqual(code, 0)
            self.assertIn('sluice: warning: settings of routes: expected a method that matches "bookstore.v1.Book', err)

    def test_check_prints_the_problems_of_settings_and_schema_alike(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("workers: many\nhttp:\n  rules:\n    - {selector: bookstore.v1.Bookstore.GetBook, get: '/v1/{'}\n")
            file.flush()
            code, out, err = self.run_command("check", "--config", file.name, "--service", "no.Such")
            self.assertEqual((code, out), (2, ""))
            self.assertIn(f"{file.name}:1: workers: expected a whole number", err)
            self.assertIn('expected a service that matches "no.Such"', err)
            code, _, err = self.run_command("check", "--config", file.name)
            self.assertIn(f"{file.name}:4: bookstore.v1.Bookstore.GetBook: path template column", err)

    def test_routes(self):
        code, out, _ = self.run_command("routes")
        self.assertEqual(code, 0)
        self.assertIn("GET /v1/{parent=shelves/*}/books -> bookstore.v1.Bookstore.ListBooks\n", out)
        self.assertIn("-> bookstore.v1.Bookstore.CreateBook (body: book)\n", out)
        code, out, _ = self.run_command("routes", "--format", "json")
        routes = json.loads(out)
        self.assertIn({"method": "GET", "template": "/v1/{name=shelves/*}", "rpc": "bookstore.v1.Bookstore.GetShelf",
                       "body": "", "response_body": "", "client_streaming": False, "server_streaming": False,
                       "backend": "none", "origin": "bookstore.proto: bookstore.v1.Bookstore.GetShelf"}, routes)

    def test_explains_what_is_served(self):
        code, out, _ = self.run_command("explain", "GET", "/v1/shelves/history/books?page_size=2&x=1")
        self.assertEqual(code, 0)
        for line in ("route    GET /v1/{parent=shelves/*}/books -> bookstore.v1.Bookstore.ListBooks\n",
                     '  parent      path "shelves/history"\n', '  page_size   query "2"\n', "  page_token  default\n",
                     '  x           query "1"; ignored: ', ' "pageSize": 2\n'):
            self.assertIn(line, out)

    def test_explains_bodies(self):
        code, out, _ = self.run_command("explain", "--data", '{"title": "SPQR"}', "POST",
                                        "/v1/shelves/history/books?book_id=spqr")
        self.assertEqual(code, 0)
        self.assertIn("  book     body\n", out)
        self.assertIn('"title": "SPQR"', out)

    def test_explains_masks_and_what_no_body_binds(self):
        patch = ("PATCH", "/v1/shelves/history/books/spqr")
        code, out, _ = self.run_command("explain", "--data", '{"title": "SPQR"}', *patch)
        self.assertEqual(code, 0)
        self.assertIn("  book         body as well\n  update_mask  body; the fields that it has\n", out)
        code, out, _ = self.run_command("explain", *patch)
        self.assertEqual(code, 0)
        self.assertNotIn("body as well", out)
        self.assertIn("  update_mask  default\n", out)

    def test_explains_what_is_asked_of_the_answer(self):
        wishes = ("--partial-responses", "--system-parameters", "--unknown-query", "reject")
        target = "/v1/shelves/history/books?page_size=2&fields=books.title&$alt=json"
        code, out, _ = self.run_command("explain", *wishes, "GET", target)
        self.assertEqual(code, 0)
        for line in ('answer   fields "books.title"\n', 'answer   $alt "json"\n', '  page_size   query "2"\n'):
            self.assertIn(line, out)
        code, out, _ = self.run_command("explain", *wishes, "GET", "/v1/shelves?fields=books")
        self.assertEqual(code, 1)
        self.assertIn("400: fields: column 1: expected a field of bookstore.v1.ListShelvesResponse", out)
        code, out, _ = self.run_command("explain", "GET", target)
        self.assertEqual(code, 0)
        self.assertIn('"books.title"; ignored: ', out)

    def test_explains_what_is_not(self):
        for method, target, texts in (
                ("GET", "/v1/shelfs/history/books", ["404", 'segment 2: expected "shelves", got "shelfs"']),
                ("GET", "/nothing", ["404", "sluice routes"]),
                ("DELETE", "/v1/shelves/history/books", ["405", "GET, HEAD, POST, OPTIONS", "ListBooks"]),
                ("GET", "/v1/shelves?page_size=many", ["400", "page_size", "many"]),
                ("GET", "/v1/shelves/%zz", ["400"])):
            with self.subTest(target=target):
                code, out, _ = self.run_command("explain", method, target)
                self.assertEqual(code, 1)
                for text in texts:
                    self.assertIn(text, out)

    def test_helps_and_corrects(self):
        for command in ("check", "routes", "explain"):
            code, out, _ = support.run_sluice(command, "--help")
            self.assertEqual(code, 0)
            self.assertTrue(out.startswith(f"sluice {command} [settings]"))
        for arguments, text in ((("chek",), 'did you mean "check"?'), (("explain", "GET"), "METHOD and TARGET"),
                                (("check", "--format", "json"), "--format"), (("routes", "--data", "x"), "--data"),
                                (("explain", "--data", "@/nowhere", "GET", "/"), "/nowhere")):
            code, out, err = support.run_sluice(*arguments, *SCHEMA)
            self.assertEqual((code, out), (2, ""), arguments)
            self.assertIn(text, err)


if __name__ == "__main__":
    unittest.main()
