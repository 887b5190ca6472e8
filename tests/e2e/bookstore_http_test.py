"""The bookstore behind sluice, asked by curl: each route, and one wrong request of each kind."""
import unittest

import support

support.require_curl()


class BookstoreHttp(unittest.TestCase):
    transcoder = "direct"

    @classmethod
    def setUpClass(cls):
        cls.bookstore, backend = support.start_bookstore()
        cls.sluice, cls.host = support.start_sluice(
            "--backend", backend, "--descriptor-set", support.program("bookstore.pb"), "--max-request-bytes", "64KiB",
            "--transcoder", cls.transcoder)

    @classmethod
    def tearDownClass(cls):
        codes = cls.sluice.stop(), cls.bookstore.stop()
        assert codes == (0, 0), codes

    def ask(self, path, **request):
        return support.curl(self.host + path, **request)

    def expect_error(self, answer, status, code, text=""):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.headers["content-type"], "application/json")
        error = answer.json()
        self.assertEqual(error["code"], code)
        self.assertIn(text, error["message"])
        self.assertIsInstance(error["details"], list)
        return error

    def test_lists_shelves_page_by_page(self):
        seen, token = [], ""
        while True:
            page = self.ask(f"/v1/shelves?page_size=2&page_token={token}").json()
            seen += [shelf["name"] for shelf in page["shelves"]]
            token = page.get("nextPageToken", "")
            if not token:
                break
        self.assertEqual(seen, sorted(set(seen)))
        self.assertIn("shelves/fiction", seen)
        self.assertGreater(len(seen), 2)

    def test_gets_one_resource(self):
        self.assertEqual(self.ask("/v1/shelves/fiction").json()["name"], "shelves/fiction")
        book = self.ask("/v1/shelves/science-fiction/books/dune").json()
        self.assertEqual((book["title"], book["authors"], book["year"]), ("Dune", ["Frank Herbert"], 1965))

    def test_creates_changes_moves_and_deletes_a_book(self):
        created = self.ask("/v1/shelves/history/books?book_id=spqr", method="POST",
                           body='{"title": "SPQR", "authors": ["Mary Beard"], "year": 2015, "format": "HARDCOVER"}')
        self.assertEqual(created.status, 200, created.body)
        self.assertEqual(created.json()["name"], "shelves/history/books/spqr")
        changed = self.ask("/v1/shelves/history/books/spqr?update_mask=rating,year", method="PATCH",
                           body='{"rating": 4.1, "year": 2016}').json()
        self.assertEqual((changed["rating"], changed["year"], changed["title"]), (4.1, 2016, "SPQR"))
        moved = self.ask("/v1/shelves/history/books/spqr:move", method="POST",
                         body='{"destination": "shelves/fiction"}').json()
        self.assertEqual(moved["name"], "shelves/fiction/books/spqr")
        self.assertEqual(self.ask("/v1/shelves/fiction/books/spqr", method="DELETE").json(), {})
        self.expect_error(self.ask("/v1/shelves/fiction/books/spqr"), 404, 5, "spqr")

    def test_creates_and_deletes_a_shelf(self):
        made = self.ask("/v1/shelves?shelf_id=cooking", method="POST", body='{"theme": "Cooking"}')
        self.assertEqual(made.json(), {"name": "shelves/cooking", "theme": "Cooking"})
        self.assertEqual(self.ask("/v1/shelves/cooking", method="DELETE").json(), {})

    def test_refuses_to_delete_a_shelf_with_books(self):
        error = self.expect_error(self.ask("/v1/shelves/fiction", method="DELETE"), 400, 9)
        self.assertTrue(error["details"], error)

    def test_searches_by_verb_and_by_additional_binding(self):
        everywhere = self.ask("/v1/books:search?query=the").json()["books"]
        one_shelf = self.ask("/v1/shelves/fiction/books:search?query=the").json()["books"]
        self.assertGreater(len(everywhere), len(one_shelf))

    def test_streams_books_as_an_array_and_as_lines(self):
        array = self.ask("/v1/shelves/fiction/books:stream").json()
        listed = self.ask("/v1/shelves/fiction/books?page_size=100").json()["books"]
        self.assertEqual(array, listed)
        lines = self.ask("/v1/shelves/fiction/books:stream", headers=["Accept: application/x-ndjson"])
        self.assertEqual(lines.headers["content-type"], "application/x-ndjson")
        self.assertEqual(lines.body.count("\n"), len(listed))

    def test_answers_head_and_options(self):
        head = self.ask("/v1/shelves", method="HEAD")
        self.assertEqual((head.status, head.body), (200, ""))
        self.assertGreater(int(head.headers["content-length"]), 2)
        options = self.ask("/v1/shelves", method="OPTIONS")
        self.assertEqual((options.status, options.headers["allow"]), (204, "GET, HEAD, POST, OPTIONS"))

    def test_refuses_paths_and_methods_without_a_route(self):
        self.expect_error(self.ask("/v2/shelves"), 404, 5, "/v2/shelves")
        refused = self.ask("/v1/shelves", method="DELETE")
        self.expect_error(refused, 405, 12, "DELETE")
        self.assertEqual(refused.headers["allow"], "GET, HEAD, POST, OPTIONS")
        self.expect_error(self.ask("/v1/shelves/%zz"), 400, 3)
        self.expect_error(self.ask("/v1/shelves/%2e%2e"), 400, 3)

    def test_refuses_wrong_types_in_path_query_and_body(self):
        query = self.expect_error(self.ask("/v1/shelves?page_size=many"), 400, 3, "page_size")
        self.assertEqual(query["details"][0]["@type"], "type.googleapis.com/google.rpc.BadRequest")
        self.expect_error(self.ask("/v1/shelves?page_size=1&page_size=2"), 400, 3, "page_size")
        body = self.ask("/v1/shelves/fiction/books?book_id=x", method="POST", body='{"year": "soon"}')
        self.expect_error(body, 400, 3, "year")
        conflict = self.ask("/v1/shelves/fiction/books/dune:move?name=shelves/history/books/x", method="POST", body="{}")
        self.expect_error(conflict, 400, 3, "name")

    def test_refuses_malformed_json(self):
        for body in ('{"theme": }', "{'theme': 'x'}", '{"theme": "x"} x', '{"theme": "\\ud800"}', "[]"):
            with self.subTest(body=body):
                answer = self.ask("/v1/shelves?shelf_id=x", method="POST", body=body)
                self.expect_error(answer, 400, 3)

    def test_refuses_bodies_that_are_too_large_or_no_json(self):
        large = self.ask("/v1/shelves?shelf_id=x", method="POST", body='{"theme": "' + "x" * 70000 + '"}')
        self.expect_error(large, 413, 8)
        text = self.ask("/v1/shelves?shelf_id=x", method="POST", body="theme=x", headers=["Content-Type: text/plain"])
        self.expect_error(text, 415, 3, "text/plain")
        self.assertEqual(text.headers["accept-post"], "application/json")

    def test_refuses_heads_that_are_too_large(self):
        self.expect_error(self.ask("/v1/shelves?x=" + "y" * 9000), 414, 8)
        self.expect_error(self.ask("/v1/shelves", headers=["X-Large: " + "y" * 70000]), 431, 8)

    def test_keeps_a_deadline(self):
        with self.assertRaisesRegex(AssertionError, "curl: 18"):  # after the first message the body ends abnormally
            self.ask("/v1/shelves/fiction/books:stream?interval=30s", headers=["X-Request-Timeout: 1"])
        late = self.ask("/v1/shelves", headers=["X-Request-Timeout: 0"])
        self.expect_error(late, 504, 4)
        bad = self.ask("/v1/shelves", headers=["X-Request-Timeout: -1"])
        self.expect_error(bad, 400, 3, "X-Request-Timeout")


class BookstoreHttpByReference(BookstoreHttp):
    """The same through DynamicMessage and json_util, which is lenient about JSON syntax."""
    transcoder = "reference"

    def test_refuses_malformed_json(self):
        self.expect_error(self.ask("/v1/shelves?shelf_id=x", method="POST", body='{"theme": }'), 400, 3)


if __name__ == "__main__":
    unittest.main()
