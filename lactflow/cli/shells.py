"""
Completion in bash, zsh and fish, where a word may be completed in parts.

Click ends each completion with a space. What is typed here has parts: `--set gland.lumen.capacity_ml=150` is completed
at each dot and at `=`, and no space shall follow these. Bash moreover takes `=` and `:` for the ends of words; here it
is the whole word that is completed, as in the other shells. Loaded when a shell asks, and not else.
"""

from __future__ import annotations

import os

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

PART = "part"
"""Type of a completion that is the beginning of a word."""

_BASH = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=$'\\t' read -r type value; do
        case "$type" in
            file) compopt -o default ;;
            dir) compopt -o dirnames ;;
            part) compopt -o nospace; COMPREPLY+=("$value") ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(LACTFLOW_LINE="${COMP_LINE:0:$COMP_POINT}" LACTFLOW_BREAKS="$COMP_WORDBREAKS" \\
        %(complete_var)s=bash_complete "$1")
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local line type value help
    local -a names named parts
    for line in "${(@f)$(LACTFLOW_LINE="${(j: :)words[1,CURRENT]}" %(complete_var)s=zsh_complete "$words[1]")}"; do
        type="${line%%%%$'\\t'*}"
        value="${${line#*$'\\t'}%%%%$'\\t'*}"
        help="${line##*$'\\t'}"
        case "$type" in
            file) _path_files -f ;;
            dir) _path_files -/ ;;
            part) parts+=("$value") ;;
            plain) [[ -n "$help" ]] && named+=("${value//:/\\\\:}:$help") || names+=("$value") ;;
        esac
    done
    (( $#named )) && _describe -V unsorted named -U
    (( $#names )) && compadd -U -V unsorted -a names
    (( $#parts )) && compadd -U -S '' -V parts -a parts
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""


def _typed(line: str) -> tuple[list[str], str]:
    """Words before the one that is completed, and that one."""
    words = split_arg_string(line)
    incomplete = words.pop() if words and not line[-1:].isspace() else ""
    return words[1:], incomplete


class Bash(BashComplete):
    """Completion in bash, of version 4.4 or later."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Words before the one that is completed, and that one as a whole."""
        return _typed(os.environ.get("LACTFLOW_LINE", ""))

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Give completions, without the part of the word that bash takes for a word of its own and keeps."""
        found = super().get_completions(args, incomplete)
        breaks = set(os.environ.get("LACTFLOW_BREAKS", "")) & set("=:")
        kept = incomplete[: max((incomplete.rfind(letter) + 1 for letter in breaks), default=0)]
        for item in found:
            if kept and item.value.startswith(kept):
                item.value = item.value[len(kept) :]
        return found

    def format_completion(self, item: CompletionItem) -> str:
        """One line: type and value."""
        return f"{item.type}\t{item.value}"


class Zsh(ZshComplete):
    """Completion in zsh."""

    source_template = _ZSH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Words before the one that is completed, and that one."""
        return _typed(os.environ.get("LACTFLOW_LINE", ""))

    def format_completion(self, item: CompletionItem) -> str:
        """One line: type, value, help."""
        return f"{item.type}\t{item.value}\t{_one_line(item)}"


class Fish(FishComplete):
    """Completion in fish, which adds no space after a dot, a slash or `=`."""

    def format_completion(self, item: CompletionItem) -> str:
        """One line: type, value, help."""
        kind = "plain" if item.type == PART else item.type
        return f"{kind},{item.value}\t{_one_line(item)}"


def _one_line(item: CompletionItem) -> str:
    return " ".join((item.help or "").split())


def add_shells() -> None:
    """Have click complete by these."""
    for kind in (Bash, Zsh, Fish):
        add_completion_class(kind)
