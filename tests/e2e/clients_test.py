"""Clients that nobody changed for Sluice: Python's requests, Node's fetch and EventSource, and a browser."""
import json
import shutil
import subprocess
import unittest

import support

support.require_package("requests")
support.require("node", shutil.which("node"))
support.require("chromium", shutil.which("chromium"))

import requests  # noqa: E402

import browser  # noqa: E402

BOOKS = "/v1/shelves/computing/books"


def start_behind_sluice(name):
    backend, target = support.start_example(name)
    sluice, url = support.start_sluice("--backend", target)
    return (sluice, backend), url


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bookstore, cls.books = start_behind_sluice("bookstore")
        cls.chat, cls.rooms = start_behind_sluice("chat")
        cls.browser = browser.Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        codes = [process.stop() for process in (*cls.bookstore, *cls.chat)]
        assert not any(codes), codes

    def test_requests(self):
        with requests.Session() as session:
            books = session.get(self.books + BOOKS, params={"page_size": 2, "orderBy": "title"}, timeout=20)
            self.assertEqual((books.status_code, len(books.json()["books"])), (200, 2))
            url = self.books + "/v1/shelves/history/books"
            made = session.post(url, params={"book_id": "größe"}, json={"title": "Größe"}, timeout=20)
            self.assertEqual(made.status_code, 400, made.text)  # the bookstore's own rule for names
            made = session.post(url, params={"book_id": "rome"}, json={"title": "Größe"}, timeout=20)
            self.assertEqual((made.status_code, made.json()["title"]), (200, "Größe"), made.text)
            changed = session.patch(url + "/rome", json={"year": 117}, timeout=20)
            self.assertEqual((changed.json()["title"], changed.json()["year"]), ("Größe", 117))
            self.assertEqual(session.delete(url + "/rome", timeout=20).json(), {})
            gone = session.get(url + "/rome", timeout=20)
            self.assertEqual((gone.status_code, gone.json()["code"]), (404, 5))
            self.assertEqual(session.head(self.books + BOOKS, timeout=20).text, "")
            with session.get(self.books + BOOKS + ":stream", headers={"Accept": "application/x-ndjson"}, stream=True,
                             timeout=20) as lines:
                titles = [json.loads(line)["title"] for line in lines.iter_lines()]
            self.assertEqual(len(titles), 4)

            def messages():
                yield b'{"guest":"ann"}\n'
                yield b'{"text":"from requests"}\n'

            said = session.post(self.rooms + "/v1/rooms/den:talk", data=messages(), timeout=20,
                                headers={"Content-Type": "application/x-ndjson", "Accept": "application/x-ndjson"})
            self.assertEqual(json.loads(said.text)["text"], "from requests")

    def run_node(self, script, *flags):
        done = subprocess.run(["node", *flags, "-e", script, self.books + BOOKS], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_fetch_of_node(self):
        seen = self.run_node("""
            (async () => {
              const url = process.argv[1];
              const json = {'content-type': 'application/json'};
              const list = await (await fetch(url + '?page_size=1')).json();
              const made = await fetch(url + '?book_id=node', {method: 'POST', headers: json, body: '{"title":"Node"}'});
              const gone = await fetch(url + '/node', {method: 'DELETE'});
              const none = await fetch(url + '/node');
              const lines = await (await fetch(url + ':stream', {headers: {accept: 'application/x-ndjson'}})).text();
              console.log(JSON.stringify({books: list.books.length, made: (await made.json()).title, gone: gone.status,
                                          none: [none.status, (await none.json()).code], lines: lines.split('\\n').length}));
              process.exit(0);
            })();""")
        self.assertEqual(seen, {"books": 1, "made": "Node", "gone": 200, "none": [404, 5], "lines": 5})

    # Counts opens as well: an EventSource whose stream has ended well must not run the call again.
    EVENT_SOURCE = """new Promise(done => {
      const source = new EventSource(URL_OF_STREAM);
      const titles = [], seen = {opens: 0, end: 0};
      source.onopen = () => ++seen.opens;
      source.onmessage = ({data}) => titles.push(JSON.parse(data).title);
      source.addEventListener('end', () => ++seen.end);
      source.onerror = () => source.readyState === EventSource.CLOSED && done({titles: titles.length, ...seen});
    })"""

    def test_event_source_of_node(self):
        flag = "--experimental-eventsource"
        if flag not in subprocess.run(["node", "--help"], capture_output=True, text=True).stdout:
            self.skipTest("this node has no EventSource; the browser's is tested too")
        script = self.EVENT_SOURCE.replace("URL_OF_STREAM", "process.argv[1] + ':stream'")
        # Node does not stay awake for an EventSource that waits to connect again.
        seen = self.run_node("setInterval(() => {}, 1000);" + script +
                             ".then(seen => { console.log(JSON.stringify(seen)); process.exit(0); })", flag)
        self.assertEqual(seen, {"titles": 4, "opens": 1, "end": 1})


    def test_event_source_of_a_browser(self):
        page = self.browser.page(self.books + "/v1/shelves")
        seen = page.run(self.EVENT_SOURCE.replace("URL_OF_STREAM", json.dumps(BOOKS + ":stream")))
        self.assertEqual(seen, {"titles": 4, "opens": 1, "end": 1})

    def enter(self, guest):
        page = self.browser.page(self.rooms + "/")
        page.run(f"document.getElementById('guest').value = {json.dumps(guest)}")
        page.run("document.getElementById('enter').requestSubmit()")
        page.wait_for("!document.getElementById('talk').hidden")
        return page

    def say(self, page, text):
        page.run(f"document.getElementById('text').value = {json.dumps(text)}")
        page.run("document.getElementById('talk').requestSubmit()")

    def hear(self, page, line):
        page.wait_for(f"[...document.getElementById('said').children].some(row => row.textContent === {json.dumps(line)})")

    def test_web_sockets_of_two_pages_of_the_chat(self):
        ann, bob = self.enter("ann"), self.enter("bob")
        self.say(ann, "hello, Größe 📚")
        for page in (ann, bob):
            self.hear(page, "ann: hello, Größe 📚")
        self.say(bob, "hi")
        for page in (ann, bob):
            self.hear(page, "bob: hi")
        ann.run("document.getElementById('leave').click()")
        self.hear(ann, "(left: 1000 )")
        self.say(bob, "alone")
        self.hear(bob, "bob: alone")


if __name__ == "__main__":
    unittest.main()
