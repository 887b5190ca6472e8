"""What a gateway still holds, by its own counts: zero when nothing goes on."""
import json
import re
import time

import support

GAUGES = ("sluice_http_requests_in_flight", "sluice_http_connections", "sluice_backend_calls_in_flight",
          "sluice_backend_streams")


def held(admin):
    """The gauges that are not zero, and the workers that say otherwise."""
    text = support.curl(admin + "/metrics").body
    found = {}
    for name in GAUGES:
        values = re.findall(rf"(?m)^{name}(?:{{.*}})? (\S+)$", text)
        assert values, f"no {name} in\n{text}"
        if total := sum(float(value) for value in values):
            found[name] = total
    for worker in json.loads(support.curl(admin + "/debug/connections").body):
        backends = worker["backends"].values()
        if worker["client_connections"] or worker["requests_in_flight"] or any(
                each["calls"] or each["streams"] for each in backends):
            found[f"worker {worker['worker']}"] = worker
    return found


def wait_for_nothing(admin, seconds=20):
    """What is left when the time is over: {} as soon as nothing is."""
    deadline = time.monotonic() + seconds
    while (found := held(admin)) and time.monotonic() < deadline:
        pass
    return found
