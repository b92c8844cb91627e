"""Keywords that a person gives sounds, and what a person hides."""

import os
from collections.abc import Callable, Iterable

from drumsort.catalog.hidden import Hidden
from drumsort.catalog.keywords import Keywords
from drumsort.web.context import Context
from drumsort.web.protocol.fields import Selected
from drumsort.web.protocol.keywords import (
    GiveKeyword,
    HiddenNow,
    Hide,
    Keyword,
    KeywordGiven,
    KeywordNames,
    KeywordSounds,
)
from drumsort.web.request import Request


def add(context: Context, request: Request[GiveKeyword]) -> KeywordGiven:
    """Give sounds a keyword."""
    return _changed(context, request, Keywords.add_all)


def remove(context: Context, request: Request[GiveKeyword]) -> KeywordGiven:
    """Take a keyword from sounds."""
    return _changed(context, request, Keywords.remove_all)


def sounds(context: Context, request: Request[KeywordNames]) -> KeywordSounds:
    """List the sounds that have one of some keywords."""
    with context.catalog() as catalog:
        return KeywordSounds(Keywords(catalog).ids(request.params.names))


def among(context: Context, request: Request[Selected]) -> list[Keyword]:
    """List the keywords of some sounds, and how many of the files that are named have each."""
    with context.catalog() as catalog:
        found = Keywords(catalog).among(request.params.ids)
    return [Keyword(one.name, one.count) for one in found]


def hide(context: Context, request: Request[Hide]) -> HiddenNow:
    """Hide sounds and packs."""
    return _hidden(context, request, Hidden.hide, Hidden.hide_packs)


def show(context: Context, request: Request[Hide]) -> HiddenNow:
    """Show sounds and packs again."""
    return _hidden(context, request, Hidden.show, Hidden.show_packs)


def _changed(
    context: Context,
    request: Request[GiveKeyword],
    do: Callable[[Keywords, str, Iterable[int]], tuple[str, int]],
) -> KeywordGiven:
    with context.sounds.changing() as change:
        keywords = Keywords(change.catalog)
        name, count = do(keywords, request.params.keyword, request.params.ids)
    return KeywordGiven(context.sounds.version, change.step, name, count)


def _hidden(
    context: Context,
    request: Request[Hide],
    ids: Callable[[Hidden, Iterable[int]], int],
    packs: Callable[[Hidden, Iterable[bytes]], int],
) -> HiddenNow:
    asked, count = request.params, 0
    named = set(asked.packs)
    codes = context.sounds.snapshot().codes
    known = zip(list(codes.packs), codes.pack_names, strict=False)  # a scan may add to them
    with context.sounds.changing() as change:
        hidden = Hidden(change.catalog)
        chosen = {pack for pack, name in known if name in named}
        chosen |= {pack for pack in hidden.packs() if os.fsdecode(pack) in named}
        if chosen:
            count += packs(hidden, sorted(chosen))
        if asked.ids:
            count += ids(hidden, asked.ids)
    context.sounds.rehide()
    return HiddenNow(context.sounds.version, change.step, count)
