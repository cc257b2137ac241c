"""Code lists: their rules, their agreement with the evidence, and what their errors say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataRefused
from analysis.evidence import codes
from analysis.layout import Layout

LAYOUT = Layout.find()


@pytest.fixture
def copy(tmp_path: Path) -> Layout:
    """A checkout with code lists of its own, to break."""
    shutil.copytree(LAYOUT.data / "codes", tmp_path / "data" / "codes")
    return Layout(tmp_path)


def edit(layout: Layout, name: str, old: str, new: str) -> None:
    """Replace one piece of a code list, which must be there."""
    path = layout.data / "codes" / f"{name}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def figures() -> pd.DataFrame:
    """The published figures as text."""
    return pd.read_csv(LAYOUT.data / "published" / "figures.csv", dtype=str, keep_default_na=False)


def test_every_list_and_mapping_keeps_its_rules() -> None:
    """The committed lists are whole."""
    codes.check()
    assert len(codes.CODE_LISTS) == len(set(codes.CODE_LISTS)) == len(codes.load_lists())


def test_every_file_of_the_folder_is_a_list_or_says_something_of_them() -> None:
    """No list lies about unused."""
    there = {path.stem for path in (LAYOUT.data / "codes").glob("*.csv")}
    about = {"lists", "published_mappings", "reference_mappings", "record_fields", "record_tables"}
    about |= {"score_instruments"}
    assert there == {*codes.CODE_LISTS, *about}


@pytest.mark.parametrize(("name", "count"), [("ethnicity_19", 19), ("ethnicity_18", 18)])
def test_ethnic_groups_lie_in_five(name: str, count: int) -> None:
    """Both lists have their number of categories, in five groups."""
    leaves = codes.load_codes(name, leaves=True)
    assert len(leaves) == count
    assert leaves["parent"].nunique() == 5


def test_the_two_lists_of_ethnic_groups_differ_by_roma_alone() -> None:
    """A table coded to one can be read with the other, Roma apart."""
    new, old = (set(codes.load_codes(name)["code"]) for name in ("ethnicity_19", "ethnicity_18"))
    assert new ^ old == {"white-roma"}


def test_protected_characteristics_are_the_nine_of_the_act_in_its_order() -> None:
    """Section 4 lists them alphabetically."""
    listed = codes.load_codes("protected_characteristic")["label"].tolist()
    assert len(listed) == 9
    assert listed == sorted(listed, key=str.lower)


def test_a_referral_has_four_outcomes_and_every_refusal_belongs_to_one_that_is_no_stay() -> None:
    """Provider, survivor and inappropriate are three different refusals."""
    outcomes = set(codes.load_codes("referral_outcome")["code"])
    assert outcomes == {"accepted", "declined-by-provider", "declined-by-survivor", "inappropriate"}
    reasons = codes.load_codes("refusal_reason", leaves=True)
    assert set(reasons["parent"]) == outcomes - {"accepted"}


def test_unknown_has_four_kinds_and_no_list_of_answers_holds_one() -> None:
    """Unknown is never "no", and never a category beside the answers."""
    unknown = set(codes.load_codes("unknown")["code"])
    assert unknown == {"not-known", "not-asked", "prefer-not-to-say", "not-recorded"}
    for name in set(codes.CODE_LISTS) - {"unknown"}:
        assert not unknown & set(codes.load_codes(name)["code"]), name


def test_trans_status_is_in_no_list_of_sexes() -> None:
    """Gender identity stands apart from sex."""
    assert codes.load_codes("sex")["code"].tolist() == ["female", "male"]
    assert "trans-adult" in set(codes.load_codes("return_person")["code"])


def test_districts_are_those_of_the_census_rows() -> None:
    """Every district and upper tier authority of the census has a code, under its authority."""
    census = pd.read_csv(LAYOUT.data / "reference" / "census.csv", dtype=str)
    here = set(census.loc[census["level"].ne("country"), "area_code"])
    districts = codes.load_codes("district")
    assert set(districts["code"]) == here
    assert districts["parent"].value_counts()["E10000020"] == 7


def test_printed_ethnic_groups_of_norfolk_map_with_their_gaps() -> None:
    """Thirteen printed categories and six gaps make the nineteen of the census, each once."""
    mapped = codes.load_mappings()
    norfolk = mapped.loc[mapped["source_id"].eq("norfolk-refresh-2023") & mapped["breakdown"].eq("ethnicity")]
    assert (norfolk["category"].ne("").sum(), norfolk["category"].eq("").sum()) == (13, 6)
    assert sorted(norfolk["code"]) == sorted(codes.load_codes("ethnicity_19", leaves=True)["code"])


def test_every_printed_category_of_a_mapped_breakdown_is_mapped() -> None:
    """A new figure under a mapped breakdown cannot be forgotten."""
    mapped, printed = codes.load_mappings(), figures()
    key = ["source_id", "breakdown", "category"]
    wanted = printed.loc[printed["breakdown"].isin(mapped["breakdown"]) & printed["repeat"].ne("true"), key]
    given = set(mapped[key].itertuples(index=False, name=None))
    assert set(wanted.itertuples(index=False, name=None)) - given == set()
    every = set(printed[key].itertuples(index=False, name=None))
    assert {row for row in given if row[2]} - every == set()


def test_every_census_category_means_a_code() -> None:
    """Counts of the census and of a service can be set side by side."""
    census = pd.read_csv(LAYOUT.data / "reference" / "census.csv", dtype=str)
    mapped = codes.load_reference_mappings()
    assert set(zip(mapped["census_table"], mapped["category"], strict=True)) == set(
        zip(census["table"], census["category"], strict=True)
    )


def test_a_verified_list_says_what_was_compared_and_an_unverified_one_what_was_not() -> None:
    """The flag is never without its reason."""
    lists = codes.load_lists()
    assert lists["verified"].dtype == bool
    assert set(lists.loc[~lists["verified"], "list"]) >= {"support_type", "refusal_reason", "impairment"}
    assert lists["checked"].str.len().min() > 40


def test_an_unknown_list_is_named_with_the_nearest() -> None:
    """A slip of the keyboard is answered."""
    with pytest.raises(DataRefused, match=r'no code list "ethnicity_91"\. Did you mean "ethnicity_19"'):
        codes.load_codes("ethnicity_91")


def test_all_faults_of_all_lists_are_named_at_once(copy: Layout) -> None:
    """A double code, a lost parent, a bad order and a bad flag come in one message, with row and cure."""
    edit(copy, "sex", "male,Male,,2", "female,Male,,2")
    edit(copy, "ethnicity_19", "white-roma,Roma,white,", "white-roma,Roma,whit,")
    edit(copy, "religion", "sikh,Sikh,,7", "sikh,Sikh,,seven")
    edit(copy, "lists", ",true,", ",yes,")
    (copy.data / "codes" / "risk_level.csv").unlink()
    with pytest.raises(DataRefused) as caught:
        codes.check(copy)
    message = str(caught.value)
    assert 'data/codes/sex.csv row 3, column code: "female" stands twice' in message
    assert 'column parent: "whit" is not known. Did you mean "white"?' in message
    assert '"seven" is not a whole number from 1. Number the rows from 1.' in message
    assert 'column verified: "yes" is not known. Write "true" or "false".' in message
    assert "data/codes/risk_level.csv: the table is missing" in message


def test_a_mapping_to_no_code_and_a_gap_without_a_note_are_refused(copy: Layout) -> None:
    """A gap must say what it means, a code must exist."""
    edit(copy, "published_mappings", ",sex,female,exact,", ",sex,femal,exact,")
    edit(copy, "published_mappings", ",district,,no code,", ",district,E10000020,no code,")
    with pytest.raises(DataRefused) as caught:
        codes.check(copy)
    message = str(caught.value)
    assert '"femal" is no code of sex. Did you mean "female"?' in message
    assert '"E10000020" is given where there is no code. Leave it empty.' in message
