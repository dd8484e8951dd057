"""What a reference is, and how it is printed: as a line of text, or as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ESCAPES = {
    **{letter: rf"\{letter}" for letter in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_SUFFIXES = ("Jr", "Sr")


@dataclass(frozen=True, kw_only=True)
class Citation:
    """
    One reference, or the word that a number has none.

    Attributes
    ----------
    key
        Short name, `FirstAuthorYear`.
    authors
        `Kent JC` or the name of a group, in the order of the paper; empty when they are not known.
    more_authors
        Whether there are more authors than are named.
    year
        Of publication; None for what is no paper.
    title
        Of the paper or book; of what is no paper, the whole text.
    journal, volume, pages
        Where it stands; a page may be the number of an article.
    publisher
        Of a book.
    doi, pmid
        Digital object identifier; number in PubMed. None when not known.
    """

    key: str
    authors: tuple[str, ...] = ()
    more_authors: bool = False
    year: int | None = None
    title: str | None = None
    journal: str | None = None
    volume: str | None = None
    pages: str | None = None
    publisher: str | None = None
    doi: str | None = None
    pmid: int | None = None

    @property
    def is_paper(self) -> bool:
        """Whether this can be cited; an assumption or a computed number cannot."""
        return self.year is not None

    @property
    def text(self) -> str:
        """Authors, year, journal, volume and pages in one line; the title too where nothing else leads to the paper."""
        names = f"{', '.join(self.authors)}{' et al.' if self.more_authors else ''}"
        head = " ".join(str(part) for part in (names or self.title, self.year) if part)
        place = ":".join(part for part in (self.volume, self.pages) if part)
        where = " ".join(part for part in (self.journal, place) if part)
        title = self.title if names and not self.pages else None
        return ". ".join(part for part in (head, title, where, self.publisher) if part)

    @property
    def bibtex(self) -> str:
        """The BibTeX entry; empty when this is no paper."""
        if not self.is_paper:
            return ""
        kind = "book" if self.publisher else "article" if self.journal else "misc"
        names = [*map(_bibtex_name, self.authors), *(["others"] if self.more_authors else [])]
        fields = {
            "author": " and ".join(names) or None,
            # A second pair of braces keeps the capitals.
            "title": f"{{{bibtex_text(self.title)}}}" if self.title else None,
            "journal": bibtex_text(self.journal) if self.journal else None,
            "publisher": bibtex_text(self.publisher) if self.publisher else None,
            "year": self.year,
            "volume": self.volume,
            "pages": self.pages.replace("-", "--") if self.pages else None,
            # Not escaped: styles print both as they are.
            "doi": self.doi,
            "pmid": self.pmid,
        }
        return bibtex_entry(kind, self.key, fields)


def bibtex_entry(kind: str, key: str, fields: Mapping[str, str | int | None]) -> str:
    """
    One BibTeX entry.

    Parameters
    ----------
    kind, key
        `article`, and the word that `\\cite` takes.
    fields
        Values as they shall stand between braces; those that are None are left out.
    """  # noqa: D301 - the backslash is escaped
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value is not None]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def bibtex_text(text: str) -> str:
    """`text` with the letters escaped that mean something to TeX."""
    return "".join(_ESCAPES.get(letter, letter) for letter in text)


def _bibtex_name(name: str) -> str:
    """`Santoro W Jr` as `Santoro, Jr., W.`; a group in braces."""
    words = name.split()
    suffix = f"{words.pop()}.," if words[-1] in _SUFFIXES else None
    *family, initials = words
    if not family or not re.fullmatch(r"[A-Z]{1,4}", initials):
        return f"{{{bibtex_text(name)}}}"
    given = " ".join(f"{letter}." for letter in initials)
    return " ".join(part for part in (f"{' '.join(family)},", suffix, given) if part)


def paper(
    key: str,
    year: int,
    authors: str,
    title: str | None,
    place: str | None = None,
    *,
    publisher: str | None = None,
    doi: str | None = None,
    pmid: int | None = None,
) -> Citation:
    """
    A paper or book.

    Parameters
    ----------
    key, year, title, publisher, doi, pmid
        See `Citation`.
    authors
        Separated by commas; may end in `et al.`, and is empty when they are not known.
    place
        `journal, volume:pages`.
    """
    names = [name.strip() for name in authors.removesuffix(" et al.").split(",")] if authors else []
    journal, _, where = (place or "").partition(", ")
    volume, _, pages = where.partition(":")
    return Citation(
        key=key,
        authors=tuple(names),
        more_authors=authors.endswith(" et al."),
        year=year,
        title=title,
        journal=journal or None,
        volume=volume or None,
        pages=pages or None,
        publisher=publisher,
        doi=doi,
        pmid=pmid,
    )
