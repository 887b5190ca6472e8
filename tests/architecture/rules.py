# The rules: each takes a path from the root and the file's text, and gives (line, what is wrong) pairs.
import re

import include_table as table
from cpp_text import blank_comments_and_strings, expressions_with_co_await, line_of

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*["<]([^">]+)[">]', re.M)
OWN = re.compile(r"(annotations|rpc_core|gateway|examples|tests)/.*\.(h|cc)$")


def includes(text):
    return [(line_of(text, m.start()), m.group(1)) for m in INCLUDE.finditer(text)]


def is_cpp(path):
    return path.endswith((".h", ".cc"))


def starts_with_any(path, prefixes):
    return any(path.startswith(prefix) for prefix in prefixes)


def include_direction(path, text):
    if not is_cpp(path):
        return
    fitting = [prefix for prefix in table.MAY_INCLUDE if path.startswith(prefix)]
    if not fitting:
        yield 1, "the include table has no row for this folder"
        return
    row = max(fitting, key=len)
    for line, name in includes(text):
        if not OWN.match(name) or name.startswith(row):
            continue
        if not starts_with_any(name, table.MAY_INCLUDE[row]):
            yield line, f"{row} may not include {name}"


def composition_is_on_top(path, text):
    if not is_cpp(path) or starts_with_any(path, table.INCLUDED_BY_NOBODY + ["tests/", "examples/"]):
        return
    for line, name in includes(text):
        if starts_with_any(name, table.INCLUDED_BY_NOBODY):
            yield line, f"nothing includes {name}"


def paths_from_the_root(path, text):
    if not is_cpp(path):
        return
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', text, re.M):
        name = match.group(1)
        if name.startswith(".") or ("/" not in name and not name.endswith((".pb.h", ".sluice.h"))):
            yield line_of(text, match.start()), f'expected a path from the root, got "{name}"'


def third_party_fences(path, text):
    if not is_cpp(path) or path.startswith("tests/"):
        return
    for line, name in includes(text):
        for fenced, places in table.FENCES.items():
            if name.startswith(fenced) and not starts_with_any(path, places):
                yield line, f"{name} may be included only in {', '.join(places) or 'tests/'}"


def header_form(path, text):
    if not path.endswith(".h"):
        return
    lines = text.splitlines()
    if not lines or not re.match(r"// \S", lines[0]):
        yield 1, "expected a comment in the first line: what the file is for"
    if "#pragma once" not in lines:
        yield 1, "expected #pragma once"


def length(path, text):
    if not path.endswith((".h", ".cc", ".py")) or path in table.LONG_FILES:
        return
    most = table.MOST_TEST_LINES if path.startswith("tests/") else table.MOST_LINES
    lines = text.count("\n")
    if lines > most:
        yield lines, f"{lines} lines, at most {most}"


# Split, so that this file does not hold what it looks for.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")


def nothing_unfinished(path, text):
    for match in UNFINISHED.finditer(text):
        yield line_of(text, match.start()), f"{match.group(0)}: finish it or leave it out"


def no_detached(path, text):
    if not is_cpp(path):
        return
    for match in re.finditer(r"\bdetached\b", blank_comments_and_strings(text)):
        yield line_of(text, match.start()), "detached loses exceptions: spawn into a TaskGroup"


# g++ 12 destroys these temporaries twice, or copies them bit by bit: name it, then await it.
def miscompiled_temporaries(path, text):
    if not is_cpp(path):
        return
    trivial = "|".join(table.TRIVIAL_DESIGNATORS)
    spans = "".join(rf"(?<!{function}\()" for function in table.SPAN_FUNCTIONS)
    shape = re.compile(rf"([(,]{spans}|\b[A-Za-z_][\w:]*(?:<[^<>;(){{}}]*>)?)\s*\{{(?!\s*\.({trivial})\b|&\w+, 1\}})")
    for line, expression in expressions_with_co_await(text):
        match = shape.search(expression)
        if match:
            yield line, f"a temporary in braces in an expression with co_await: {match.group(0).strip()}…"


def miscompiled_braces(path, text):
    if not is_cpp(path):
        return
    code = blank_comments_and_strings(text)
    opening = re.compile(r"(?P<before>->\s*[\w:<>,\s*&]+|[\w>(,=]\s*)\{(?P<inside>[^;{}]*?)\bco_await\b")
    keywords = re.compile(r"(?:\b(else|do|try|mutable|noexcept|const|override|final)|->[^{]*)\s*$")
    for match in opening.finditer(code):
        head = code[max(0, match.start("inside") - 120) : match.start("inside") - 1]
        if not keywords.search(head):
            yield line_of(code, match.end()), "braces around a co_await: await into a variable first"


def miscompiled_conditional(path, text):
    if not is_cpp(path):
        return
    for match in re.finditer(r"\?\s*co_await\b|\?[^;{}?]*:\s*co_await\b", blank_comments_and_strings(text)):
        yield line_of(text, match.start()), "co_await in an arm of ?: — write if and else"


ALL = [
    include_direction,
    composition_is_on_top,
    paths_from_the_root,
    third_party_fences,
    header_form,
    length,
    nothing_unfinished,
    no_detached,
    miscompiled_temporaries,
    miscompiled_braces,
    miscompiled_conditional,
]


def heavy_behind_light_headers(files):
    """files: path → text. Gives (path, line, what is wrong) for what stands behind the headers of generated code."""
    for light in table.LIGHT_HEADERS:
        seen = set()
        open_paths = [light] if light in files else []
        while open_paths:
            path = open_paths.pop()
            if path in seen:
                continue
            seen.add(path)
            for line, name in includes(files[path]):
                if starts_with_any(name, table.HEAVY):
                    yield path, line, f"{name} stands behind {light}, which generated code includes"
                if name in files:
                    open_paths.append(name)
