"""A strict reader of Prometheus' text format, and promtool where there is one."""
import re
import shutil
import subprocess

import support

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (\S+)")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("", "_sum", "_count"), "counter": ("",), "gauge": ("",)}


def parse(text):
    """Samples by (name, sorted labels). Each belongs to a family with HELP and TYPE before it, and comes once."""
    assert text.endswith("\n"), "the last line has no end"
    helps, types, samples, family = set(), {}, {}, None
    for line in text.splitlines():
        if line.startswith("# HELP "):
            family = line.split(" ", 3)[2]
            assert family not in helps, line
            helps.add(family)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == family and name not in types and kind in SUFFIXES, line
            assert (kind == "counter") == name.endswith("_total"), line
            types[name] = kind
        else:
            match = SAMPLE.fullmatch(line)
            assert match, line
            name, labels, value = match.groups()
            assert any(name == family + suffix for suffix in SUFFIXES[types[family]]), line
            found = LABEL.findall(labels or "")
            assert LABEL.sub("", labels or "") == "", line
            key = (name, tuple(sorted(found)))
            assert key not in samples and len({label for label, _ in found}) == len(found), line
            samples[key] = float(value)
    return samples


def scrape(admin):
    """What the admin listener at that URL counts."""
    return parse(support.curl(admin + "/metrics").body)


def ask_promtool(admin):
    """Prometheus' own opinion of it, where that is installed."""
    if not shutil.which("promtool"):
        return
    text = support.curl(admin + "/metrics").body
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def value(samples, name, **labels):
    return samples.get((name, tuple(sorted(labels.items()))), 0)
