"""Tables whose columns nobody named for us: what they are taken for, and as what they are read."""

from datetime import UTC, datetime

import pytest

from evidence_service.domain.choices import FIELDS, Choices, DateOrder, TableForm
from evidence_service.domain.order import Money
from evidence_service.domain.tracking import TrackingStatus
from evidence_service.readers import columns
from evidence_service.readers import read as read_file


@pytest.fixture
def read(tmp_path):
    def read(text, choices=None):
        (tmp_path / "file").write_text(text)
        return read_file(tmp_path / "file", (), *([choices] if choices else []))

    return read


def test_the_vocabulary_names_every_field_and_no_other():
    assert {form: set(names) for form, names in columns.NAMES.items()} == {
        form: set(fields) for form, fields in FIELDS.items()
    }


class TestChats:
    @pytest.mark.parametrize(
        "header",
        ["Datum;Absender;Nachricht", "Fecha;Remitente;Mensaje", "日時;送信者;メッセージ"],
    )
    def test_names_in_other_languages(self, read, header):
        found = read(f"{header}\n2026-05-01 12:00;Ann;hello\n")

        assert found.warnings[0] == "columns_proposed"
        assert found.contents[0].messages[0].author == "Ann"
        assert found.layout.form is TableForm.TRANSCRIPT

    def test_values_alone(self, read):
        found = read(
            "a,b,c\n2026-05-01 12:00,Ann,where is it?\n2026-05-01 12:01,Shop,on its way\n"
            "2026-05-01 12:02,Ann,thank you\n2026-05-01 12:03,Shop,you are welcome\n"
        )

        assert found.layout.columns == {"time": "a", "author": "b", "text": "c"}

    @pytest.mark.parametrize(
        "text",
        [
            "Dear Ann, thank you\nfor your letter, it came\nyesterday, at noon\n",
            "name,size\na.png,100\nb.png,200\n",
            "a,b\n1,2\n3,4\n",
            "when,who\n2026-05-01,Ann\n2026-05-02,Bob\n",
        ],
    )
    def test_what_is_no_record_stays_unread(self, read, text):
        assert read(text).reader is None

    def test_a_table_that_nobody_knows_shows_its_rows_to_choose_by(self, read):
        found = read("Ref|Gewicht|Halle\n12|3.4|B\n13|2.2|C\n")

        assert (found.reader, found.warnings) == (None, ("columns_unknown",))
        assert found.layout.header == ("Ref", "Gewicht", "Halle")
        assert found.layout.rows == (("12", "3.4", "B"), ("13", "2.2", "C"))
        assert found.layout.columns == {}

    @pytest.mark.parametrize(
        "text", ["Dear Ann, thank you\nfor it, bye\n", "a,b\n1,2,3\n4,5\n6,7\n", "a,\n1,2\n3,4\n"]
    )
    def test_prose_and_ragged_rows_are_no_table(self, read, text):
        assert (read(text).layout, read(text).warnings) == (None, ("not_recognised",))


class TestTracking:
    TEXT = (
        "Tracking number,Event time,Activity,Location,Carrier\n"
        "RB1,2026-05-02 10:00,Delivered,Tver,Post\n"
        "RB1,2026-05-01 10:00,In transit,Moscow,Post\n"
        "RB2,2026-05-01 11:00,Out for delivery,Perm,Post\n"
    )

    def test_a_parcel_for_each_number(self, read):
        one, two = read(self.TEXT).contents

        assert (one.number, one.carrier, one.status) == ("RB1", "Post", TrackingStatus.DELIVERED)
        assert [event.place for event in one.events] == ["Tver", "Moscow"]
        assert two.status is TrackingStatus.OUT_FOR_DELIVERY

    def test_the_newest_scan_counts_whichever_way_the_file_runs(self, read):
        lines = self.TEXT.splitlines()
        turned = "\n".join([lines[0], *lines[:0:-1]])

        assert {one.number: one.status for one in read(turned).contents} == {
            one.number: one.status for one in read(self.TEXT).contents
        }

    def test_a_zone_that_a_person_names_gives_instants(self, read):
        found = read(self.TEXT, Choices(time_zone="Asia/Shanghai"))

        assert found.contents[0].events[0].at == datetime(2026, 5, 2, 2, 0, tzinfo=UTC)
        assert "time_zone_unknown" not in found.warnings


class TestOrders:
    SHOPIFY = (
        "Name,Email,Financial Status,Created at,Total,Currency,Lineitem quantity,"
        "Lineitem name,Lineitem price,Shipping Name,Shipping City\n"
        "#1001,a@b.test,paid,2026-01-05 10:11:12 +0200,30.00,EUR,2,Cup,10.00,Ann,Riga\n"
        "#1001,,,,,,1,Plate,10.00,,\n"
    )

    def test_shopifys_export_has_the_lines_of_an_order_below_each_other(self, read):
        found = read(self.SHOPIFY)
        (order,) = found.contents

        assert (found.reader, found.warnings, order.platform) == ("shopify_table", (), "shopify")
        assert (order.number, order.total) == ("#1001", Money(3000, "EUR"))
        assert [(line.name, line.quantity) for line in order.lines] == [("Cup", 2), ("Plate", 1)]
        assert order.placed_at == datetime(2026, 1, 5, 8, 11, 12, tzinfo=UTC)
        assert order.identity == {"email": "a@b.test"}

    @pytest.mark.parametrize(
        ("number", "more", "quantity"),
        [
            ("order-id", "buyer-email", "quantity-purchased"),
            ("amazon-order-id", "order-status", "quantity"),
        ],
    )
    def test_a_price_in_amazons_reports_is_that_of_all_pieces(self, read, number, more, quantity):
        found = read(
            f"{number}\tpurchase-date\t{more}\tsku\tproduct-name\t{quantity}\tcurrency\titem-price\n"
            "111-1\t2026-01-05T10:00:00+02:00\tx\tC1\tCup\t2\tUSD\t20.00\n"
            "111-1\t2026-01-05T10:00:00+02:00\tx\tP1\tPlate\t3\tUSD\t10.00\n"
        )
        (order,) = found.contents

        assert (found.reader, order.number, order.platform) == ("amazon_table", "111-1", "amazon")
        assert [line.price for line in order.lines] == [Money(1000, "USD"), None]
        assert order.placed_at == datetime(2026, 1, 5, 8, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("header", "row", "columns"),
        [
            (
                "order-id\tpurchase-date\tbuyer-email\tsku\tproduct-name\titem-price\tcurrency",
                "111-1\t2024-01-15T10:00:00+00:00\ta@b.test\tC1\tCup\t20.00\tUSD",
                {"number": "order-id", "time": "purchase-date", "item": "product-name"},
            ),
            (
                "Sale Date\tOrder ID\tBuyer\tOrder Value\tOrder Total\tCurrency\tSKU",
                "01/15/24\t32\tAnn\t20.00\t25.65\tUSD\tC1",
                {"number": "Order ID", "time": "Sale Date", "total": "Order Total"},
            ),
            (
                "PO#\tOrder#\tOrder Date\tCity\tState\tStatus\tItem Description\tTracking Number",
                "1\t2000\t2024-01-15\tAustin\tTX\tShipped\tCup\t1Z9",
                {"number": "Order#", "time": "Order Date", "tracking_number": "Tracking Number"},
            ),
            (
                "Номер заказа\tПринят в обработку\tСтатус\tСумма отправления\tАртикул",
                "0123-0001\t2024-01-15 10:00:00\tДоставлен\t1290.00\tC1",
                {"number": "Номер заказа", "time": "Принят в обработку", "sku": "Артикул"},
            ),
        ],
    )
    def test_exports_of_marketplaces_are_taken_for_orders(self, read, header, row, columns):
        layout = read(f"{header}\n{row}\n").layout

        assert layout.form is TableForm.ORDER
        assert {field: layout.columns.get(field) for field in columns} == columns

    @pytest.mark.parametrize(
        ("written", "minor"),
        [
            ("1.234,50 €", 123450),
            ("1,234.50 EUR", 123450),
            ("€12.50", 1250),
            ("1 234,5 €", 123450),
            ("1,234 EUR", 123400),
        ],
    )
    def test_amounts_as_people_write_them(self, read, written, minor):
        found = read(f"Order ID\tOrder date\tTotal\n1\t2026-05-01\t{written}\n")

        assert found.contents[0].total == Money(minor, "EUR")

    def test_a_choice_that_the_table_has_not_is_not_taken(self, read):
        chosen = Choices(TableForm.ORDER, {"number": "Id", "total": "x", "time": "y"})

        assert read("Id,Total\n1,2\n", chosen).reader is None


class TestDates:
    TEXT = "Scan date,Event,City\n03/04/2026 10:00,moved,Tver\n"

    def test_are_left_as_written_where_they_are_ambiguous(self, read):
        found = read(self.TEXT)

        assert found.date_order is None
        assert found.contents[0].events[0].local_time == "03/04/2026 10:00"
        assert "date_order_ambiguous" in found.warnings

    @pytest.mark.parametrize(
        ("order", "local"),
        [
            (DateOrder.DAY_FIRST, "2026-04-03T10:00:00"),
            (DateOrder.MONTH_FIRST, "2026-03-04T10:00:00"),
        ],
    )
    def test_are_read_as_a_person_says(self, read, order, local):
        found = read(self.TEXT, Choices(date_order=order))

        assert (found.date_order, found.contents[0].events[0].local_time) == (order, local)

    def test_what_the_file_tells_is_not_overruled(self, read):
        found = read(self.TEXT.replace("03/04", "13/04"), Choices(date_order=DateOrder.MONTH_FIRST))

        assert found.date_order is DateOrder.DAY_FIRST

    @pytest.mark.parametrize(
        "written",
        [
            "2026年5月1日 12:00",
            "May-01-26 12:00",
            "May 1, 2026 12:00",
            "1 May 2026 12:00",
            "01.05.2026 12:00",
        ],
    )
    def test_in_words(self, read, written):
        found = read(f"Scan date\tEvent\tCity\n{written}\tmoved\tTver\n")

        assert found.contents[0].events[0].local_time == "2026-05-01T12:00:00"
