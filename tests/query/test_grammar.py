"""The language: what each term finds, and what is said of a wrong one."""

import pytest

from drumsort.errors import QueryError
from drumsort.query.fields import ASKED
from drumsort.query.grammar import parse


def found(sounds, query):
    """The names of what a query finds, up to the first dot, in its order."""
    rows = parse(query, sounds.names).rows(sounds)
    return [name.split(".")[0] for name in sounds.values("name", rows)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("808", ["BD 808"]),
        ("kick", ["BD 808", "Kick Ärger", "x", "tom", "Vox"]),  # by label, name or pack
        ("KICK ärger", ["Kick Ärger"]),
        ("name:a\u0308rger", ["Kick Ärger"]),
        ("room -hat2", ["hat, closed", "sn-01"]),
        ("room ^hat2", ["hat, closed", "sn-01"]),
        ("-room -pack:kicks", ["BD 808", "Kick Ärger"]),
        ('pack:"dusty tape" -ärger', ["BD 808"]),
        ('"hat, closed"', ["hat, closed"]),
        ("hat, closed", ["hat, closed", "hat2"]),  # a comma, and closed_hat
        ("snare , label:tom", ["sn-01", "tom"]),
        ("snare, corrected:yes label:kick , x.flac", ["Kick Ärger", "sn-01", "x"]),
        ("label:kick", ["BD 808", "Kick Ärger"]),
        ("family:hat", ["hat, closed", "hat2"]),
        ('label:"my vox"', ["Vox"]),
        ("label:unsure", ["x"]),
        ("-label:unsure -family:hat corrected:no", ["BD 808", "sn-01", "tom"]),
        ("collection:dark", ["hat, closed", "tom"]),
        ("path:tape/bd", ["BD 808"]),
        ("collection:=favourites", ["BD 808", "hat, closed"]),
        ('collection:="dark kit"', ["hat, closed", "tom"]),
        ("collection:=dark", []),
        ('pack:="Kicks & Co" long', ["x", "Vox"]),
        ("collection:= pack:room", ["hat2", "sn-01"]),
        ("folder:samples tom", ["tom"]),
        ("length:..0.3", ["BD 808", "hat, closed", "sn-01"]),
        ("length:80ms..300ms", ["BD 808", "hat, closed", "sn-01"]),
        ("length:80..300ms", ["BD 808", "hat, closed", "sn-01"]),
        ("length:0.3", ["BD 808", "sn-01"]),  # 0.25 rounds to 0.3
        ("length:0.30", ["BD 808"]),
        ("pitch:E1", ["BD 808"]),
        ("pitch:a1..", ["Kick Ärger", "tom"]),
        ("pitch:40..60Hz", ["BD 808", "Kick Ärger"]),
        ("brightness:8kHz..", ["hat, closed", "hat2"]),
        ("loudness:-12dB..", ["BD 808", "Kick Ärger", "sn-01"]),
        ("-loudness:-20..", ["hat2", "x"]),
        ("confidence:..60%", ["hat2", "x"]),
        ("short", ["hat, closed", "sn-01"]),
        ("long", ["x", "Vox"]),
        ("deep", ["BD 808"]),
        ("loud -Quiet", ["Kick Ärger", "sn-01"]),
        ('"short"', []),
        ("kick length-", ["Vox", "x", "tom", "Kick Ärger", "BD 808"]),
        ("kick pitch+ length-", ["BD 808", "Kick Ärger", "tom", "Vox", "x"]),
        ("room label+ name-", ["sn-01", "hat, closed", "hat2"]),
        ("sn-", ["sn-01"]),
        ("dusty -name:808 ", ["Kick Ärger"]),  # a keyword, and a pack
        ("keyword:live", ["BD 808"]),
        ("keyword:=dusty", ["BD 808", "Kick Ärger"]),
        ("label:clap", []),
        ("hidden:yes", ["hidden"]),
        ("label:clap , hidden:yes", ["hidden"]),
        ("label:tom , hidden:yes", ["tom", "hidden"]),
        ("label:clap -hidden:no", ["hidden"]),
        ("added:2022-11", ["BD 808", "Kick Ärger", "sn-01"]),
        ("added:2021", ["hat2"]),
        ("added:2022-11-26", ["Kick Ärger"]),
        ("added:2022-10..2022-11-26", ["Kick Ärger", "hat, closed", "sn-01"]),
        ("added:..2022-10", ["hat, closed", "hat2"]),
        ("added:2022-11.. added-", ["BD 808", "Kick Ärger", "sn-01"]),
        ("added:today", []),
        ("^" * 3001 + "kick", ["hat, closed", "hat2", "sn-01"]),
        ("--sn-01", ["sn-01"]),
    ],
)
def test_a_query_finds_what_it_says(sounds, query, names):
    assert found(sounds, query) == names


def test_seven_days_are_the_last_seven_days(sounds):
    assert found(sounds, f"added:{365 * 200}d") == found(sounds, "added:1900..")
    assert found(sounds, f"added:..{52 * 200}w") == []


def test_an_empty_query_finds_everything(sounds):
    assert len(found(sounds, "  ")) == len(sounds) - 1
    assert len(parse("", sounds.names, hidden=True).rows(sounds)) == len(sounds)
    assert parse("tom , -hidden:yes", sounds.names).asks_hidden


@pytest.mark.parametrize(
    ("query", "marked", "right"),
    [
        ("kick lenght:..0.3", "lenght", "try length:"),
        ("kick zzz:1", "zzz", "choose one of path, name"),
        ("lengt- kick", "lengt-", "try length-"),
        ("short label:kik", "kik", "try kick"),
        ("-label:hat", "hat", "try family:hat"),
        ("family:closed_hat", "closed_hat", "try label:closed_hat"),
        ("label:zzzzz", "zzzzz", "choose one of kick, snare"),
        ("length:<0.3 kick", "<0.3", "For example length:..300ms"),
        ("length:0.3Hz", "0.3Hz", "'Hz' is no unit"),
        ("pitch:H2", "H2", "For example pitch:C1..C2"),
        ("loudness:-6..-12", "-6..-12", "write -12..-6"),
        ("loudness:..", "..", "one end"),
        ("length: kick", "length:", "For example length:"),
        ("corrected:perhaps", "perhaps", "yes or no"),
        ('kick pack:"dusty tape', '"dusty tape', "add another"),
        ("kick ,", ",", "nothing after"),
        (", kick", ",", "nothing before"),
        ("kick -", "-", "Put it after the -"),
    ],
)
def test_a_wrong_query_says_where_and_what_would_be_right(sounds, query, marked, right):
    with pytest.raises(QueryError) as raised:
        parse(query, sounds.names)
    sentence, shown, mark = str(raised.value).split("\n")
    assert right in sentence
    assert shown[2:] == query
    assert {shown[at] for at in range(len(mark)) if mark[at] == "^"} <= set(marked)
    assert query[raised.value.at :][: raised.value.length] == marked
    assert mark == f"  {' ' * query.rindex(marked)}{'^' * len(marked)}"


def test_every_example_is_understood(sounds):
    for field, asked in ASKED.items():
        assert asked.example.startswith(f"{field}:")
        parse(asked.example, sounds.names)
