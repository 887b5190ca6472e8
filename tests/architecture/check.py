# Checks the sources against the architecture: check.py ROOT. Prints what is wrong, one line each; 1 if anything is.
import pathlib
import sys

import rules

FOLDERS = ["annotations", "rpc_core", "gateway", "examples", "tests"]
SUFFIXES = {".h", ".cc", ".in", ".py", ".proto", ".txt", ".cmake", ".md", ".sh", ".yaml", ".yml"}


def sources(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def violations(files):
    for path, text in files.items():
        for rule in rules.ALL:
            for line, wrong in rule(path, text):
                yield f"{path}:{line}: {wrong} [{rule.__name__}]"
    for path, line, wrong in rules.heavy_behind_light_headers(files):
        yield f"{path}:{line}: {wrong} [heavy_behind_light_headers]"


def main():
    files = dict(sources(pathlib.Path(sys.argv[1])))
    if not files:
        sys.exit(f"expected sources below {sys.argv[1]}, found none")
    found = list(violations(files))
    print("\n".join(found) or f"{len(files)} files, nothing wrong")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
