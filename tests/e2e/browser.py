"""A headless Chromium, driven by its DevTools protocol over a pair of pipes (--remote-debugging-pipe)."""
import json
import os
import subprocess
import tempfile


class Browser:
    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self.outgoing = os.pipe()
        self.incoming, from_browser = os.pipe()

        def take_places():  # the browser reads from 3 and writes to 4
            os.dup2(to_browser, 3)
            os.dup2(from_browser, 4)

        # Beyond 4, so that no dup2() closes what the next one needs.
        to_browser, from_browser = (self.beyond(each) for each in (to_browser, from_browser))
        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--remote-debugging-pipe", "--user-data-dir=" + self.profile.name, "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False,
            preexec_fn=take_places)
        os.close(to_browser)
        os.close(from_browser)
        self.unread = b""
        self.last_id = 0

    @staticmethod
    def beyond(fd):
        copy = fd
        lower = []
        while copy <= 4:
            lower.append(copy)
            copy = os.dup(copy)
        for each in lower:
            os.close(each)
        return copy

    def call(self, method, session=None, **parameters):
        """The result of one command; events in between are passed over."""
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.outgoing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.last_id:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]

    def receive(self):
        while b"\0" not in self.unread:
            data = os.read(self.incoming, 65536)
            assert data, "the browser has ended"
            self.unread += data
        message, self.unread = self.unread.split(b"\0", 1)
        return json.loads(message)

    def page(self, url):
        return Page(self, url)

    def close(self):
        try:
            os.write(self.outgoing, json.dumps({"id": self.last_id + 1, "method": "Browser.close"}).encode() + b"\0")
            self.process.wait(20)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.outgoing)
        os.close(self.incoming)
        self.profile.cleanup()


class Page:
    def __init__(self, browser, url):
        self.browser = browser
        target = browser.call("Target.createTarget", url=url)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.run(f"""new Promise(done => {{
          const look = () => location.href === {json.dumps(url)} && document.readyState === 'complete'
            ? done() : setTimeout(look, 10);
          look();
        }})""")

    def run(self, script, seconds=20):
        """The value of an expression; a promise is awaited."""
        timed = f"Promise.race([{script}, new Promise((_, no) => setTimeout(() => no('too slow'), {seconds * 1000}))])"
        for _ in range(50):
            try:
                result = self.browser.call("Runtime.evaluate", self.session, expression=timed, awaitPromise=True,
                                           returnByValue=True)
                break
            except AssertionError as error:  # the page went on to its address meanwhile
                if "context was destroyed" not in str(error) and "navigated" not in str(error):
                    raise
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, expression):
        """The first true value of it."""
        return self.run(f"""new Promise(done => {{
          const look = () => {{
            const value = {expression};
            value ? done(value) : setTimeout(look, 10);
          }};
          look();
        }})""")
