"""What customers said they need: tags of the contact log and of events, enquiries, life events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import narwhals.stable.v2 as nw

from stockcust.customers.exact import any_of
from stockcust.customers.features import SALEABLE_CLASSES
from stockcust.customers.scope import KEYS, Scope
from stockcust.rulebook import Rulebook
from stockcust.rulebook.vocabulary import NeedTag

SAID_LIFE_EVENT = "_has_said_life_event"
_TAG, _INQUIRY = "has_need_tag_90d", "has_inquiry_30d"


def statements(scope: Scope) -> tuple[nw.LazyFrame, dict[str, nw.Expr]] | None:
    """What was said, one row per customer and branch that said something, and the flags from it.

    No statement is a no only where the branch keeps a contact log that could hold one.
    """
    told = _told(scope)
    if not told:
        return None
    flags = {
        name: nw.coalesce(nw.col(name), nw.when(nw.col("_is_logged") & is_told).then(nw.lit(False)))
        for name, is_told in told.items()
    }
    return _found(_said(scope), scope), flags


def life_event(rules: Rulebook, said: nw.Expr) -> nw.Expr:
    """Whether one was said or stands in the customer master: a tag, a pupil, retirement to come."""
    rule, words = rules.man.need.life_event, _life_event_words(rules)
    on_record = nw.when(~nw.col("need_tags").is_null()).then(_is_tagged(words))
    has_pupil = nw.col("child_age_band").is_in(rule.child_age_bands)
    signs = [said, on_record, has_pupil]
    if rule.before_retirement_years:
        years_left = rule.retirement_age - nw.col("age")
        signs.append((years_left > 0) & (years_left <= rule.before_retirement_years))
    return any_of(signs)


def _told(scope: Scope) -> dict[str, bool]:
    """The flags, and whether the contact log has what each is read from."""
    tags = scope.has("contacts", "need_tags")
    purpose = scope.has("contacts", "purpose")
    if not (tags or purpose or scope.has("event_attendance", "need_tags")):
        return {}
    told = {_TAG: tags, _INQUIRY: purpose, SAID_LIFE_EVENT: tags}
    for c in SALEABLE_CLASSES:
        told |= {f"{_TAG}__{c}": tags, f"{_INQUIRY}__{c}": tags and purpose}
    return told


def _said(scope: Scope) -> nw.LazyFrame:
    columns = (*KEYS, "_time", "need_tags", "_is_inquiry")
    parts = []
    if scope.has("contacts"):
        log = scope.rows("contacts", *KEYS, "contact_time", "need_tags", "purpose")
        is_inquiry = (nw.col("purpose") == "inquiry").fill_null(False)
        log = log.with_columns(_time=nw.col("contact_time"), _is_inquiry=is_inquiry)
        parts.append(log.select(*columns))
    if scope.has("event_attendance", "need_tags"):
        events = scope.rows("event_attendance", *KEYS, "activity_date", "need_tags")
        events = events.with_columns(_time=nw.col("activity_date"), _is_inquiry=nw.lit(False))
        parts.append(events.select(*columns))
    said = nw.concat(parts)
    return said.filter(nw.col("_is_inquiry") | ~nw.col("need_tags").is_null())


def _found(said: nw.LazyFrame, scope: Scope) -> nw.LazyFrame:
    rule = scope.rules.man.need
    recent = scope.since(days=max(rule.window_need_tag_days, rule.window_inquiry_days))
    said = said.filter(nw.col("_time") >= recent)
    is_tag = nw.col("_time") >= scope.since(days=rule.window_need_tag_days)
    is_inquiry = nw.col("_is_inquiry") & (
        nw.col("_time") >= scope.since(days=rule.window_inquiry_days)
    )
    words = {c: _class_words(scope.rules, c) for c in SALEABLE_CLASSES}
    flags = {
        _TAG: is_tag & _is_tagged(set().union(*(words[c] for c in scope.rules.saleable_classes))),
        _INQUIRY: is_inquiry,
        SAID_LIFE_EVENT: is_tag & _is_tagged(_life_event_words(scope.rules)),
    }
    for c in SALEABLE_CLASSES:
        is_of_class = _is_tagged(words[c])
        flags |= {
            f"{_TAG}__{c}": is_tag & is_of_class,
            f"{_INQUIRY}__{c}": is_inquiry & is_of_class,
        }
    return said.with_columns(**flags).group_by(*KEYS).agg(nw.col(*flags).any())


def _is_tagged(words: Iterable[str]) -> nw.Expr:
    """Whether one of the tags (joined by ;) is one of the words; no tags are no match."""
    either = "|".join(re.escape(word) for word in sorted(words))
    if not either:
        return nw.lit(False)
    # no $ at the end: on Spark it lets a line's end follow
    return nw.col("need_tags").str.contains(rf"(?:^|;)(?:{either})(?:;|\z)").fill_null(False)


def _class_words(rules: Rulebook, product_class: str) -> set[str]:
    """Tags that speak for a product class: its name and the rulebook's words for it."""
    labels = {name: rule.label for name, rule in rules.product_classes.items()}
    label = labels[product_class]  # type: ignore[index]
    tags = (item for item in rules.need_tags.items() if product_class in item[1].product_classes)
    return {product_class, label.zh, label.en, *_words(tags)}


def _life_event_words(rules: Rulebook) -> set[str]:
    return set(_words(item for item in rules.need_tags.items() if item[1].is_life_event))


def _words(tags: Iterable[tuple[str, NeedTag]]) -> Iterator[str]:
    for name, tag in tags:
        yield from (name, tag.label.zh, tag.label.en, *tag.words)
