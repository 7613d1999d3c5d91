"""A rulebook file: what it may change, and what is refused before anything is read from it."""

from __future__ import annotations

import pickle

import pytest
import yaml

from stockcust.errors import CallError, RulebookError
from stockcust.rulebook import load_rulebook
from stockcust.rulebook.yaml_source import MAX_BYTES


@pytest.fixture
def written(tmp_path):
    def write(text: str | bytes) -> str:
        path = tmp_path / "rules.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


# ---------------------------------------------------------------- a bank's own file


def test_a_partial_file_changes_only_what_it_names(written):
    default = load_rulebook()
    rules = load_rulebook(written("report: {min_n_rate: 20}\ntiers: {active_preset: rural}\n"))
    assert rules.report.min_n_rate == 20
    assert rules.tiers.active[1].max_cny == 300_000
    assert rules.report.interval == default.report.interval
    assert rules.groups == default.groups


def test_a_file_may_add_a_preset_and_choose_it(written):
    text = """
    tiers:
      active_preset: own
      presets:
        own:
          label: {zh: 本行口径, en: own}
          basis: design
          items:
            T1: {label: {zh: 一层, en: one}, min_cny: 0, max_cny: 10000}
            T2: {label: {zh: 二层, en: two}, min_cny: 10000, max_cny: 20000}
            T3: {label: {zh: 三层, en: three}, min_cny: 20000, max_cny: 30000.5}
            T4: {label: {zh: 四层, en: four}, min_cny: 30000.5, max_cny: 40000}
            T5: {label: {zh: 五层, en: five}, min_cny: 40000, max_cny: null}
    """
    tiers = load_rulebook(written(text)).tiers
    assert [tier.max_fen for tier in tiers.active] == [
        1_000_000,
        2_000_000,
        3_000_050,
        4_000_000,
        None,
    ]
    assert set(tiers.presets) == {"standard", "rural", "own"}


def test_null_removes_an_entry_and_a_list_replaces(written):
    text = "service: {activities: {hair_salon: null}}\nprocess: {after_sale_days: [14]}\n"
    rules = load_rulebook(written(text))
    assert "hair_salon" not in rules.service.activities
    assert rules.process.after_sale_days == (14,)


def test_explicit_levels_replace_the_derived_ones(written):
    rules = load_rulebook(written("familiarity: {contact_frequency: {levels_rule: explicit}}"))
    assert rules.frequency_levels["low"].high_ge == 4
    assert rules.frequency_levels["high"].low_lt == 4


def test_derived_levels_follow_the_window_and_the_cadence():
    place = "familiarity.contact_frequency.window_months"
    half = load_rulebook().with_changes({place: 6})
    assert half.frequency_levels["high"].high_ge == 6
    slower = {"groups.G1.cadence": {"contacts": {"n": 1, "per": "quarter"}}}
    assert load_rulebook().with_changes(slower).frequency_levels["high"].high_ge == 4


def test_a_byte_order_mark_is_read(written):
    rules = load_rulebook(written("\ufeffversion: '2.0'\n"))
    assert rules.version == "2.0"


# ---------------------------------------------------------------- hash, text, changes


def test_printed_settings_read_back_as_the_same_rules(written):
    rules = load_rulebook().with_changes({"hold_out.min_per_arm": 80, "version": "本行-1"})
    again = load_rulebook(written(rules.to_yaml()))
    assert again == rules
    assert again.hash == rules.hash


def test_printed_amounts_are_as_short_as_a_person_writes_them():
    assert "min_cny: 50000\n" in load_rulebook().to_yaml("tiers")


def test_one_section_can_be_printed():
    assert yaml.safe_load(load_rulebook().to_yaml("bands", "report"))["report"]["min_n_rate"] == 10
    with pytest.raises(CallError, match="did you mean bands"):
        load_rulebook().to_yaml("band")


def test_the_hash_is_of_the_content_not_of_how_it_is_written(written):
    default = load_rulebook()
    assert load_rulebook(written("report: {min_n_rate: 10}")).hash == default.hash
    assert default.with_changes({"tiers.presets.standard.items.T1.min_cny": 0}).hash == default.hash
    assert default.with_changes({"report.min_n_rate": 11}).hash != default.hash


def test_a_rulebook_is_frozen_to_its_depths():
    rules = load_rulebook()
    with pytest.raises(ValueError, match="frozen"):
        rules.tiers.active_preset = "rural"
    with pytest.raises(TypeError, match="with_changes"):
        rules.grid["T5"]["F3"] = "G9"
    with pytest.raises(TypeError, match="with_changes"):
        rules.groups.update({})


def test_changes_leave_the_old_rules_as_they_were():
    rules = load_rulebook()
    before = rules.hash, rules.report.min_n_rate
    rules.with_changes({"report.min_n_rate": 99})
    assert (rules.hash, rules.report.min_n_rate) == before
    assert load_rulebook().report.min_n_rate == before[1]


def test_a_place_below_a_value_is_refused():
    with pytest.raises(RulebookError, match=r"report.min_n_rate: is a value, not a section"):
        load_rulebook().with_changes({"report.min_n_rate.more": 1})


def test_a_rulebook_survives_another_process():
    rules = load_rulebook()
    copy = pickle.loads(pickle.dumps(rules))
    assert copy == rules
    assert copy.hash == rules.hash


def test_a_rulebook_shows_itself_in_one_line():
    shown = repr(load_rulebook())
    assert shown.startswith("Rulebook(version=1.0, hash=")
    assert "tiers=standard" in shown
    assert "\n" not in shown


# ---------------------------------------------------------------- refused files

REFUSED = {
    "empty": ("", "is empty"),
    "only a comment": ("# nothing\n", "is empty"),
    "a list": ("- 1\n", "is no mapping"),
    "a word": ("tiers\n", "is no mapping"),
    "a key twice": ("report:\n  min_n_rate: 10\n  min_n_rate: 20\n", "min_n_rate stands twice, first in line 2"),
    "a section twice": ("report: {}\nversion: 'x'\nreport: {}\n", "report stands twice, first in line 1"),
    "a yes as a key": ("man: {groups: {yes: {}}}\n", "the key yes reads as bool"),
    "an on as a key": ("on: 1\n", "the key on reads as bool"),
    "a number as a key": ("tiers: {presets: {5: {}}}\n", "the key 5 reads as int"),
    "nothing as a key": ("~: 1\n", "reads as null"),
    "a mapping as a key": ("? {a: 1}\n: 1\n", "reads as map"),
    "a date as a key": ("2024-01-01: 1\n", "reads as timestamp"),
    "a merge key": ("<<: {a: 1}\n", "reads as merge"),
    "a python object": ("version: !!python/object/apply:os.system ['true']\n", "tag"),
    "a python name": ("version: !!python/name:os.system\n", "tag"),
    "an own tag": ("version: !vault abc\n", "the tag !vault"),
    "an anchor": ("version: &v '1'\n", "anchors and aliases"),
    "an alias": ("version: &v '1'\nchannels: *v\n", "anchors and aliases"),
    "two documents": ("version: '1'\n---\nversion: '2'\n", "no valid YAML"),
    "a tab": ("report:\n\tmin_n_rate: 1\n", "no valid YAML"),
    "an open bracket": ("grid: {T5: [\n", "no valid YAML"),
    "a month 13": ("version: 2024-13-01\n", "no valid YAML"),
    "another encoding": ("version: '中文'\n".encode("gb18030"), "not UTF-8"),
    "a binary file": (b"\x00\x01\x02PK", "no valid YAML"),
    "nested without end": ("[" * 5000, "deep"),
    "mappings without end": ("".join("{a: " for _ in range(500)), "deep"),
    "far too large": ("#" + "x" * (MAX_BYTES + 1), "bytes"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "what"), REFUSED.values(), ids=list(REFUSED))
def test_the_file_is_refused(written, text, what):
    with pytest.raises(RulebookError) as refused:
        load_rulebook(written(text))
    assert what in str(refused.value)
    assert "rules.yaml" in refused.value.problems[0].where


def test_a_bomb_of_aliases_is_refused_without_being_opened(written):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    with pytest.raises(RulebookError, match="anchors and aliases"):
        load_rulebook(written("\n".join(lines)))


def test_a_time_without_quotes_is_called_a_number(written):
    with pytest.raises(
        RulebookError, match=r"quiet_from: 1260 is wrong -> a text; put it in quotes"
    ):
        load_rulebook(written("compliance: {contact: {quiet_from: 21:00}}\n"))


def test_all_bad_keys_are_said_with_their_lines(written):
    with pytest.raises(RulebookError) as refused:
        load_rulebook(written("yes: 1\nreport: {a: 1, a: 2}\n"))
    places = [p.where for p in refused.value.problems]
    assert places == ["rules.yaml, line 1, column 1", "rules.yaml, line 2, column 16"]


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path):
    with pytest.raises(CallError, match="no such rulebook file"):
        load_rulebook(tmp_path / "none.yaml")
    with pytest.raises(CallError, match="no such rulebook file"):
        load_rulebook(tmp_path)
