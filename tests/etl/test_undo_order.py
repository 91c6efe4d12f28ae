"""Undo where rows, products and categories have moved meanwhile: what must be refused, what must come back whole."""

import pytest
from sqlalchemy import Engine

from etl.importing import import_files
from etl.undoing import undo
from tests.etl.books import xlsx
from tests.etl.conftest import BATCH_LIST, INSTITUTIONS, Load
from tests.etl.images import difference, image
from tests.etl.reading import asked
from tests.etl.test_modes import MARCH, book, told

LIST_HEAD, *LIST_ROWS = BATCH_LIST.strip("\n").splitlines()
PACKED = "机构编码|采购日期|产品编码|产品名称|规格|数量(盒)|单价\n{who}|2022-03-02|Y0002|某片|{pack}片/盒|2|9"


def test_rows_that_changed_places_come_back(ledger: Engine):
    """A corrected list in another order takes the ids of the rows that it replaces, one that of the other."""
    import_files(ledger, [("机构.xlsx", xlsx(INSTITUTIONS)), ("中选.xlsx", xlsx(BATCH_LIST))])
    before = image(ledger)
    corrected = [LIST_HEAD, LIST_ROWS[3].replace("590", "600"), LIST_ROWS[2].replace("2.50", "2.60")]
    (report,) = import_files(ledger, [("更正.xlsx", xlsx("\n".join(corrected)))])
    assert undo(ledger, report.import_id or 0, by="甲").status == "undone"
    assert difference(before, image(ledger)) == {}


def test_volumes_that_changed_places_come_back(city: Engine, load: Load):
    head = "机构编码|批次|品种|产品编码|协议年度|约定采购量|单位\n"
    rows = ["H001|七批|甲口服常释|A1|1|1000|片", "H002|七批|甲口服常释|A1|1|500|片"]
    load(head + "\n".join(rows))
    before = image(city)
    report = load(head + "\n".join(reversed(rows)).replace("1000", "1001").replace("500", "501"))
    assert undo(city, report.import_id, by="甲").status == "undone"
    assert difference(before, image(city)) == {}


def test_lines_withdrawn_under_another_category_hold_their_import(city: Engine, load: Load):
    """A product known as a consumable becomes a drug by a list; then a file of drugs withdraws its lines."""
    consumable = "机构编码|采购日期|耗材编码|耗材名称|数量(盒)|单价\n{}|2022-03-02|Y0002|某物|1|9"
    load(consumable.format("H002"))
    first = load(consumable.format("H001"))
    listed = [LIST_HEAD, LIST_ROWS[0].replace("七批", "八批").replace("A1", "Y0002")]
    load("\n".join(listed))
    later = load(book("H001|2022-03-02|A1|10|5.6|1"))
    assert told(later) == (1, 0, 0, 1)
    refused = undo(city, first.import_id, by="甲")
    assert refused.status == "refused" and str(later.import_id) in "".join(refused.reasons)
    assert undo(city, later.import_id, by="甲").status == "undone"
    assert undo(city, first.import_id, by="甲").status == "undone"
    assert asked(city, "select count(*) from purchase") == [(1,)]


def test_what_a_file_said_of_a_product_goes_with_it(city: Engine, load: Load):
    """The corrected file says how many are in a pack, not the one that was taken back."""
    wrong = load(PACKED.format(who="H001", pack=10))
    undo(city, wrong.import_id, by="甲")
    load(PACKED.format(who="H001", pack=20))
    assert asked(city, "select base_units from purchase") == [(40,)]


def test_a_product_that_other_lines_name_keeps_its_words(city: Engine, load: Load):
    first = load(PACKED.format(who="H001", pack=10))
    load(PACKED.format(who="H002", pack=10))
    assert undo(city, first.import_id, by="甲").status == "undone"
    assert asked(city, "select base_units from purchase") == [(20,)]
    assert asked(city, "select name, units_per_pack from product where code = 'Y0002'") == [("某片", 10)]


def test_a_part_that_was_taken_back_does_not_make_the_others_old(city: Engine, load: Load):
    """Looking through the folder again: the first part is there still, and must not withdraw the second."""
    load(MARCH)
    load(book("H001|2022-03-28|A1|7|5.6|8"), mode="add")
    third = load(book("H001|2022-03-29|A1|7|5.6|9"), mode="add")
    undo(city, third.import_id, by="甲")
    assert load(MARCH).status == "unchanged"
    assert asked(city, "select count(*) from purchase") == [(4,)]


def test_corrected_consumables_do_not_make_the_drugs_old(city: Engine, load: Load):
    consumables = book("H001|2022-03-01|C1|1|590|9")
    load(consumables)
    load(MARCH)
    load(book("H001|2022-03-28|A1|7|5.6|8"), mode="add")
    load(consumables.replace("|1|590", "|2|590"))
    assert load(MARCH).status == "unchanged"
    assert asked(city, "select count(*) from purchase") == [(5,)]


def test_a_list_that_names_a_product_later_does_not_hold_the_lines_that_brought_it(city: Engine, load: Load):
    """Fifty hospitals report, then the list comes, then the seventh takes its report back."""
    lines = PACKED.format(who="H001", pack=10)
    first = load(lines)
    listed = load("\n".join([LIST_HEAD, LIST_ROWS[0].replace("七批", "八批").replace("A1", "Y0002")]))
    assert undo(city, first.import_id, by="甲").status == "undone"
    words = "select units_per_pack, category, import_id from product where code = 'Y0002'"
    assert asked(city, words) == [(14, "drug", listed.import_id)]
    load(lines.replace("|2|9", "|3|9"))
    assert asked(city, "select base_units from purchase") == [(42,)]


def test_a_product_that_a_second_hospital_told_more_of_does_not_hold_the_first(city: Engine, load: Load):
    first = load("机构编码|采购日期|产品编码|数量(盒)|单价\nH001|2022-03-02|Y0002|2|9")
    second = load(PACKED.format(who="H002", pack=10))
    assert undo(city, first.import_id, by="甲").status == "undone"
    assert asked(city, "select base_units from purchase") == [(20,)]
    assert undo(city, second.import_id, by="甲").status == "undone"
    load(PACKED.format(who="H002", pack=20))
    assert asked(city, "select base_units from purchase") == [(40,)]


def test_words_stay_while_an_undo_may_bring_their_lines_back(city: Engine, load: Load):
    first = load(PACKED.format(who="H001", pack=10))
    load(PACKED.format(who="H002", pack=10))
    replaced = load(PACKED.format(who="H002", pack=10).replace("Y0002|某片", "Y0004|他片"))
    undo(city, first.import_id, by="甲")
    assert undo(city, replaced.import_id, by="甲").status == "undone"
    assert asked(city, "select base_units from purchase") == [(20,)]
    assert asked(city, "select units_per_pack from product where code = 'Y0002'") == [(10,)]


def test_a_list_stays_while_volumes_are_agreed_for_a_product_that_it_brought(city: Engine, load: Load):
    newer = load("\n".join([LIST_HEAD, LIST_ROWS[0].replace("A1", "A9").replace("甲厂", "庚厂")]))
    volume = load("机构编码|批次|品种|产品编码|协议年度|约定采购量|单位\nH001|七批|甲口服常释|A9|1|1000|片")
    refused = undo(city, newer.import_id, by="甲")
    assert refused.status == "refused" and str(volume.import_id) in refused.reasons[0]
    assert undo(city, volume.import_id, by="甲").status == "undone"
    assert undo(city, newer.import_id, by="甲").status == "undone"


@pytest.mark.parametrize("heading", ["耗材", "药品"])
def test_the_category_that_a_file_gave_a_product_without_a_code_goes_with_it(
    city: Engine, load: Load, heading
):
    head = "机构编码|采购日期|{}名称|规格|生产企业|数量(盒)|单价\nH001|2022-03-02|某物|10个/盒|己厂|2|9"
    wrong = load(head.format("耗材" if heading == "药品" else "药品"))
    undo(city, wrong.import_id, by="甲")
    load(head.format(heading))
    assert asked(city, "select category from product where is_provisional") == [
        ("drug" if heading == "药品" else "consumable",)
    ]
