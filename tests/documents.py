"""The commands that the documents show: fenced blocks of ``sh``, and of ``console`` with output."""

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

_BLOCK = re.compile(r"^```(sh|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHELL = re.compile(r"[|<>;&`]|\$\(")
_VARIABLE = re.compile(r'^(\w+)=(?:"(.*)"|(\S+))(?: +#.*)?$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a document that somebody is to type.

    Attributes:
        line: what to type, its variables filled in.
        output: what the document says that it prints; ``None`` if it says nothing of that.
        start, end: where the output is in the text.
    """

    line: str
    output: str | None = None
    start: int = 0
    end: int = 0

    @property
    def needs_a_shell(self) -> bool:
        """Whether it is more than one command of drumsort."""
        return not self.line.startswith("drumsort ") or bool(_SHELL.search(self._unquoted()))

    def _unquoted(self) -> str:
        return re.sub(r"'[^']*'|\"[^\"]*\"|#.*", "", self.line)


def shown(text: str) -> list[Shown]:
    """The commands in a document, in order: lines of drumsort or mkdir, and all behind a ``$``."""
    found = []
    variables = {}
    for block in _BLOCK.finditer(text):
        variables |= {name: quoted or word for name, quoted, word in _VARIABLE.findall(block[2])}
        if block[1] == "sh":
            for line in block[2].splitlines():
                if line.startswith("mkdir ") or re.search(r"(^|\| )(xargs -0 )?drumsort ", line):
                    found.append(Shown(Template(line).safe_substitute(variables)))
        else:
            for typed in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block[2], re.MULTILINE):
                at = block.start(2)
                found.append(Shown(typed[1], typed[2], at + typed.start(2), at + typed.end(2)))
    return found
