"""A file with pieces of the book in it: where a line says `PIECE page | heading | language | number | file`, that piece stands.

`number` tells several pieces below a heading apart, from 1; `file` takes the part of a piece below the comment with that path.
"""

import pathlib
import re
import sys


def piece(page: str, heading: str, language: str, number: str = "1", file: str = "") -> str:
    text = pathlib.Path(page).read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)
    section = next((one for one in sections if one.startswith(heading + "\n")), None)
    if section is None:
        sys.exit(f"{page} has no heading {heading}")
    pieces = re.findall(rf"^```{language}\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
    if len(pieces) < int(number):
        sys.exit(f"{page} has no piece {number} of {language} below {heading}")
    found = pieces[int(number) - 1]
    if not file:
        return found
    parts = re.split(r"^# (\S+/\S+)\n", found, flags=re.MULTILINE)
    named = dict(zip(parts[1::2], parts[2::2]))
    if file not in named:
        sys.exit(f"{page} has no part {file} below {heading}")
    return named[file]


for line in pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines(keepends=True):
    before, mark, words = line.partition("PIECE ")
    if mark:
        print(piece(*(word.strip() for word in words.split("|"))), end="")
    else:
        print(line, end="")
