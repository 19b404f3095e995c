#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that a machine can check.

Errors: a missing SPDX line; a C file without an opening comment; tabs or trailing blanks; a file
over 2 500 lines or a function over 150 (tables in .def files are exempt, and so are functions that
are one big switch: an interpreter's dispatch or an emitter's table); markers of unfinished work;
calls a library must not make.

Warnings (printed with -v, counted otherwise): lines over 100 columns, files over 1 200 lines,
functions over 80, an opening comment under 5 lines.

What a shared library exports and links is checked by check_binaries.py, includes by
check_includes.py. Exit status 1 if there are errors.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOPS = ("include", "src", "tools", "tests", "bench", "examples", "scripts", "cmake", "python")
CODE = (".c", ".h", ".def")
SCRIPTS = (".py", ".sh", ".cmake")

FILE_LIMIT, FILE_WARN = 2500, 1200
FUNCTION_LIMIT, FUNCTION_WARN = 150, 80
COLUMNS = 100
MARKERS = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")

# Calls that end the host's process, print behind its back, allocate past fault injection, read
# its environment, change its state, or mean something else in another locale. Where they are
# allowed: a room may be listed once, with the calls it is the home of.
FORBIDDEN = set("""
    abort exit _exit _Exit quick_exit raise system popen signal sigaction atexit
    malloc calloc realloc free reallocarray strdup strndup asprintf vasprintf aligned_alloc
    posix_memalign memalign alloca
    printf vprintf puts putchar perror fprintf vfprintf fputs fputc putc fwrite dprintf
    gets strcpy strcat sprintf vsprintf strtok rand srand
    getenv secure_getenv setenv putenv unsetenv setlocale chdir umask
    strtod strtof strtold atof atoi atol scanf sscanf fscanf localtime gmtime
""".split())
HOME = {
    "src/base/mem.c": "malloc calloc realloc free aligned_alloc posix_memalign",
    "src/compile/guarded.c": "sigaction",
    "src/base/flags.c": "getenv secure_getenv",
    "src/base/file.c": "fwrite fputs fputc fprintf",
    "src/base/num.c": "strtod strtof strtold",
    "src/base/str.c": "strtod strtof strtold",
}
CALL = re.compile(r"(?<![\w.>])([a-zA-Z_]\w*)\s*\(")


def blank_out(text):
    """The text with comments, strings and character constants blanked; line structure kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
                  blank, text, flags=re.S)


def functions(code):
    """(name, first line, last line, case labels) of every function body in blanked C text.

    Relies on the house format: a body closes with a brace in the first column.
    """
    lines = code.split("\n")
    start = None
    signature = ""
    for number, line in enumerate(lines, 1):
        if start is None:
            if line[:1] not in (" ", "#", "}", ""):
                signature = line if line[0] != "{" else signature + line
            elif line.startswith(" ") and signature:
                signature += line
            if line.rstrip().endswith("{") and ")" in signature and "=" not in signature:
                names = CALL.findall(signature)
                if names and not re.match(r"(typedef|struct|enum|union)\b[^(]*\{", signature):
                    start, name = number, names[0]
            if line.rstrip().endswith((";", "{")) or not line.strip():
                signature = ""
        elif line.startswith("}"):
            body = lines[start - 1:number]
            cases = sum(len(re.findall(r"\bcase\b", text)) for text in body)
            yield name, start, number, cases
            start = None
            signature = ""


def check_code(path, text, report):
    lines = text.split("\n")
    code = blank_out(text)
    table = path.endswith(".def")
    if not table and path.startswith(("src/", "include/", "tools/")):
        opening = 0
        for line in lines[1:]:
            if not line.startswith(("//", " *", "/*")):
                break
            opening += 1
        if opening == 0:
            report(path, 2, "no opening comment: what this file turns into what, and what it assumes")
        elif opening < 5 and path.endswith(".c"):
            report(path, 2, f"opening comment of {opening} lines", warning=True)
    if not table:
        for name, first, last, cases in functions(code):
            length = last - first + 1
            one_switch = cases * 8 >= length
            if length > FUNCTION_LIMIT and not one_switch:
                report(path, first, f"{name} has {length} lines (limit {FUNCTION_LIMIT})")
            elif length > FUNCTION_WARN and not one_switch:
                report(path, first, f"{name} has {length} lines", warning=True)
        if len(lines) > FILE_LIMIT:
            report(path, 1, f"{len(lines)} lines (limit {FILE_LIMIT})")
        elif len(lines) > FILE_WARN:
            report(path, 1, f"{len(lines)} lines", warning=True)
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS and "http" not in line:
                report(path, number, f"{len(line)} columns", warning=True)
    if path.startswith("src/") and not table:
        allowed = HOME.get(path, "").split()
        for number, line in enumerate(code.split("\n"), 1):
            if line.lstrip().startswith("#"):
                continue
            for call in CALL.findall(line):
                if call in FORBIDDEN and call not in allowed:
                    report(path, number, f"{call}() is not for library code")


def check_file(path, report):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as source:
        text = source.read()
    lines = text.split("\n")
    if not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:2]):
        report(path, 1, "no SPDX line at the top")
    if text and not text.endswith("\n"):
        report(path, len(lines), "no newline at the end")
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            report(path, number, "tab")
        if line != line.rstrip():
            report(path, number, "blanks at the end of the line")
        if MARKERS.search(line):
            report(path, number, "marker of unfinished work")
    if path.endswith(CODE):
        check_code(path, text, report)


def main():
    verbose = "-v" in sys.argv[1:]
    errors, warnings = [], []

    def report(path, line, message, warning=False):
        (warnings if warning else errors).append(f"{path}:{line}: {message}")

    count = 0
    for top in TOPS:
        for directory, _, names in sorted(os.walk(os.path.join(ROOT, top))):
            for name in sorted(names):
                if name.endswith(CODE + SCRIPTS):
                    check_file(os.path.relpath(os.path.join(directory, name), ROOT), report)
                    count += 1
    if verbose:
        print("\n".join(f"warning: {w}" for w in warnings))
    print("\n".join(errors + [f"{count} files, {len(errors)} errors, {len(warnings)} warnings"]))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
