"""The bibliography: every reference can be distinguished, looked up and printed."""

from __future__ import annotations

import re

import pytest

from lactflow import sources
from lactflow.config.model import RunConfig
from lactflow.parameters.declaration import declared_quantities
from lactflow.sources import ASSUMED, DERIVED, Citation
from lactflow.sources.reference import bibtex_text

CONSTANTS = {name: value for name, value in vars(sources).items() if isinstance(value, Citation)}
PAPERS = {name: source for name, source in CONSTANTS.items() if source.is_paper}
ENTRY = re.compile(r"@(article|book|misc)\{([A-Za-z0-9_]+),\n((?:  [a-z]+ = \{.*\},\n)+)\}")
FIELD = re.compile(r"^  ([a-z]+) = \{(.*)\},$", flags=re.MULTILINE)

KENT = Citation(
    key="Kent2006",
    authors=("Kent JC", "Mitoulas LR"),
    more_authors=True,
    year=2006,
    title="Fat & 50% {more}",
    journal="Pediatrics",
    volume="117",
    pages="e387-e395",
    doi="10.1542/peds.2005-1417",
    pmid=16510655,
)


def balanced(text: str) -> bool:
    """Whether every brace that is not escaped is closed, and none is closed before."""
    depth = 0
    for brace in re.findall(r"[{}]", re.sub(r"\\[{}]", "", text)):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def test_there_are_papers():
    """What follows is about something."""
    assert len(PAPERS) > 70
    assert set(CONSTANTS) - set(PAPERS) == {"ASSUMED", "DERIVED"}


@pytest.mark.parametrize("field", ["key", "doi", "pmid"])
def test_no_paper_stands_there_twice(field):
    """Under another constant it would be counted as another paper."""
    values = [value for source in CONSTANTS.values() if (value := getattr(source, field)) is not None]
    folded = [str(value).casefold() for value in values]
    assert len(folded) > 20
    assert sorted(folded) == sorted(set(folded))


@pytest.mark.parametrize("name", CONSTANTS)
def test_a_reference_is_one_line(name):
    """Short, with its year, and no gap where something is not known."""
    text = CONSTANTS[name].text
    assert text
    assert text.isprintable()
    assert text == " ".join(text.split())
    assert not re.search(r"None|\.\.|:$| \.|,$|\.$", text)


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_can_be_looked_up(name):
    """Constants are loud, keys end in the year, numbers look like what they are."""
    paper = PAPERS[name]
    assert name == name.upper()
    assert paper.key.endswith(str(paper.year))
    assert str(paper.year) in paper.text
    assert paper.doi is None or re.fullmatch(r"10\.\d{4,9}/[^\s{}\\]+", paper.doi)
    assert paper.pmid is None or 0 < paper.pmid < 10**8
    assert all(author == author.strip() and author for author in paper.authors)
    assert paper.authors or paper.title


@pytest.mark.parametrize("name", PAPERS)
def test_bibtex_parses(name):
    """One entry under the key; fields in balanced braces, nothing in them that TeX would take for its own."""
    paper = PAPERS[name]
    match = ENTRY.fullmatch(paper.bibtex)
    assert match
    assert match[2] == paper.key
    fields = dict(FIELD.findall(match[3]))
    assert len(fields) == match[3].count("\n")
    assert fields["year"] == str(paper.year)
    for field, value in fields.items():
        assert balanced(value), field
        assert field == "doi" or not re.search(r"(?<!\\)[&%$#_]", value)
    if paper.authors:
        assert len(fields["author"].split(" and ")) == len(paper.authors) + paper.more_authors


def test_bibtex_of_a_paper():
    """Authors as family and given names, pages with a dash, the title with its capitals."""
    assert KENT.bibtex == (
        "@article{Kent2006,\n"
        "  author = {Kent, J. C. and Mitoulas, L. R. and others},\n"
        "  title = {{Fat \\& 50\\% \\{more\\}}},\n"
        "  journal = {Pediatrics},\n"
        "  year = {2006},\n"
        "  volume = {117},\n"
        "  pages = {e387--e395},\n"
        "  doi = {10.1542/peds.2005-1417},\n"
        "  pmid = {16510655},\n"
        "}"
    )


@pytest.mark.parametrize(
    ("author", "printed"),
    [
        ("Kent JC", "Kent, J. C."),
        ("Robinson ICAF", "Robinson, I. C. A. F."),
        ("Durbin-Johnson BP", "Durbin-Johnson, B. P."),
        ("Di Rosso A", "Di Rosso, A."),
        ("da Silva OP", "da Silva, O. P."),
        ("Santoro W Jr", "Santoro, Jr., W."),
        ("Institute of Medicine", "{Institute of Medicine}"),
        ("Smith & Sons", "{Smith \\& Sons}"),
        ("WHO", "{WHO}"),
    ],
)
def test_names_of_authors(author, printed):
    """BibTeX separates family from given names by the comma, and leaves a group in braces alone."""
    assert f"  author = {{{printed}}},\n" in Citation(key="x", authors=(author,), year=2000).bibtex


def test_letters_that_tex_takes_for_its_own():
    """Each is escaped once."""
    assert bibtex_text(r"a_b & c{d} #1 $2 3% ~ ^ \x") == (
        r"a\_b \& c\{d\} \#1 \$2 3\% \textasciitilde{} \textasciicircum{} \textbackslash{}x"
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (KENT, "Kent JC, Mitoulas LR et al. 2006. Pediatrics 117:e387-e395"),
        (
            Citation(key="a1", authors=("Short RV", "Eton B"), year=1959, title="Progesterone", journal="J Endocrinol"),
            "Short RV, Eton B 1959. Progesterone. J Endocrinol",
        ),
        (
            Citation(key="b1", authors=("Institute",), year=1991, title="Nutrition", publisher="Press"),
            "Institute 1991. Nutrition. Press",
        ),
        (
            Citation(key="c1", year=1991, title="A trial", journal="BMJ", volume="3", pages="1-2"),
            "A trial 1991. BMJ 3:1-2",
        ),
        (Citation(key="d1", authors=("Ng A",), year=2020, title="T", journal="BMJ", volume="3"), "Ng A 2020. T. BMJ 3"),
    ],
)
def test_what_is_not_known_leaves_no_gap(source, text):
    """The title stands in where no page leads to the paper."""
    assert source.text == text


@pytest.mark.parametrize("source", [ASSUMED, DERIVED])
def test_what_is_no_paper_is_not_cited(source):
    """It has a text for the tables, and no entry."""
    assert not source.is_paper
    assert source.text.endswith("stands in the note")
    assert source.bibtex == ""


def test_declared_quantities_name_their_source_from_here():
    """No declaration has a reference of its own."""
    known = {id(source) for source in CONSTANTS.values()}
    quantities = list(declared_quantities(RunConfig(format=1)))
    assert quantities
    assert [item.key for item in quantities if id(item.declaration.source) not in known] == []
