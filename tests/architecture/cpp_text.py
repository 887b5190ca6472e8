# Just enough C++: text without comments and strings, and the expressions that hold a co_await.
import re

NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<delimiter>[^(\s]*)\(.*?\)(?P=delimiter)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.S
)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def blank_comments_and_strings(text):
    """The same length and lines; what is no code becomes spaces."""
    return NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), text)


def end_of_braces(code, opening):
    depth = 0
    for i in range(opening, len(code)):
        depth += {"{": 1, "}": -1}.get(code[i], 0)
        if depth == 0:
            return i
    return len(code)


# A lambda: a "[" that does not index something.
LAMBDA = re.compile(r"(?:[(,=&|?:]|\breturn|\bco_await|\bco_return)\s*(\[[^\[\]]*\][^;{}]*)$")


def expressions_with_co_await(text):
    """(line, text from a co_await to the end of its expression) pairs; the bodies of lambdas are left out."""
    code = blank_comments_and_strings(text)
    for match in re.finditer(r"\bco_await\b", code):
        end, depth, kept = match.end(), 0, ""
        while end < len(code):
            c = code[end]
            if c == "{" and LAMBDA.search("co_await" + kept):
                kept = LAMBDA.sub("", "co_await" + kept)[len("co_await") :]
                end = end_of_braces(code, end) + 1
                continue
            if c == "{" and depth == 0 and re.search(r"\)\s*$|^\s*$", kept):
                break
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(c, 0)
            if depth < 0 or (c == ";" and depth == 0):
                break
            kept += c
            end += 1
        yield line_of(code, match.start()), kept
