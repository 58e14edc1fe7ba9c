"""What PostgreSQL itself holds, whatever our code does: asked as the service's own role."""

import json
import runpy
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from evidence_service.adapters.db.chains import to_link
from evidence_service.adapters.db.migrate import refusals
from evidence_service.adapters.db.search import fold, query, tokens
from evidence_service.adapters.db.tables import metadata
from evidence_service.domain.chain import verify_chain
from evidence_service.domain.ids import new_id

ROOT = Path(__file__).parents[2]
STORE_TABLES = (
    "platform_requirements",
    "evidence_texts",
    *("bundles", "cases", "checklist_reports", "contributors", "events", "evidence", "messages"),
    *("normal_forms", "outcomes", "packages", "parties", "reviews", "statements", "submissions"),
    *("transcript_parts", "waivers"),
)


@pytest.fixture(scope="module")
def people(make_people):
    return make_people("Walls", "ozon")


@pytest.fixture(scope="module")
def case_id(people):
    body = {
        "store": people.store,
        "reason": "malicious_claim",
        "order_number": "1",
        "opened_at": "2026-11-21T12:02:00Z",
    }
    return people.agent.post("/api/v1/cases", json=body).get_json()["id"]


@pytest.fixture(scope="module")
def engine(settings):
    made = create_engine(settings.database_url)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine):
    """The service's role in a transaction that is rolled back."""
    with engine.connect() as opened:
        yield opened
        opened.rollback()


def scope(connection, name, stores=""):
    for setting, value in (("app.scope", name), ("app.stores", stores)):
        connection.execute(text("select set_config(:s, :v, true)"), {"s": setting, "v": value})


class TestRole:
    def test_has_no_right_it_must_not_have(self, settings):
        assert refusals(settings.database_url) == []

    def test_the_owner_is_refused_as_the_service(self, settings):
        assert any("owns" in problem for problem in refusals(settings.database_owner_url))

    @pytest.mark.parametrize(
        "statement",
        [
            "update events set kind = 'nothing'",
            "delete from events",
            "truncate events",
            "update event_texts set text = ''",
            "update contributors set person_id = person_id",
            "delete from contributors",
            "delete from reviews",
            "update alembic_version set version_num = '9999'",
            "alter table events disable trigger all",
            "drop table cases",
        ],
    )
    def test_may_not_unsay_what_happened(self, connection, statement):
        scope(connection, "system")

        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            connection.execute(text(statement))


class TestOwner:
    @pytest.mark.parametrize(
        "statement", ["update events set kind = 'x'", "delete from events", "truncate events"]
    )
    def test_even_the_owner_meets_the_trigger(self, settings, case_id, statement):
        owner = create_engine(settings.database_owner_url)
        refused = pytest.raises(DBAPIError, match=r"append-only|foreign key")
        with owner.connect() as connection, refused:
            connection.execute(text(statement))
        owner.dispose()


class TestRowLevelSecurity:
    @pytest.mark.parametrize("table", STORE_TABLES)
    def test_without_a_scope_nothing_is_seen(self, connection, case_id, table):
        assert connection.scalar(select(func.count()).select_from(metadata.tables[table])) == 0

    def test_a_store_sees_its_own_alone(self, connection, people, case_id):
        scope(connection, "stores", people.store)
        ids = {str(row.id) for row in connection.execute(text("select id from cases"))}
        assert case_id in ids

        scope(connection, "stores", str(new_id()))
        assert connection.scalar(text("select count(*) from cases")) == 0

    def test_a_setting_left_empty_on_a_used_connection_opens_nothing(self, engine, people, case_id):
        with engine.connect() as used:
            scope(used, "stores", people.store)
            used.rollback()
            assert used.scalar(text("select count(*) from cases")) == 0

    def test_a_row_of_another_store_cannot_be_written(self, connection, people, case_id):
        scope(connection, "stores", str(new_id()))
        row = {"case": case_id, "store": people.store}

        with pytest.raises(DBAPIError, match="row-level security"):
            connection.execute(
                text(
                    "insert into waivers select :case, 'x', :store, 'r', id, now() from people"
                    " limit 1"
                ),
                row,
            )

    def test_every_table_with_a_store_has_a_policy(self, settings):
        owner = create_engine(settings.database_owner_url)
        with owner.connect() as connection:
            bare = connection.scalars(
                text(
                    "select c.table_name from information_schema.columns c"
                    " join pg_class t on t.relname = c.table_name and t.relkind = 'r'"
                    " where c.table_schema = 'public' and c.column_name = 'store_id'"
                    " and not t.relrowsecurity"
                )
            ).all()
        owner.dispose()

        # Who sees which store is asked before any scope is known.
        assert set(bare) <= {"memberships"}


class TestFourEyes:
    def test_a_contributor_s_approval_is_refused_by_the_database(self, connection, people, case_id):
        scope(connection, "stores", people.store)
        insert = text(
            "insert into reviews (id, case_id, store_id, revision, decision, comment, items,"
            " reviewed_by, reviewed_at) select :id, :case, :store, 1, 'approve', '', '[]',"
            " person_id, now() from contributors where case_id = :case"
        )

        with pytest.raises(DBAPIError, match="a contributor cannot approve"):
            connection.execute(insert, {"id": new_id(), "case": case_id, "store": people.store})


class TestChain:
    def test_rows_verify_as_they_were_hashed(self, connection, people, case_id):
        scope(connection, "stores", people.store)
        rows = connection.execute(
            text("select * from events where chain = :chain order by seq"),
            {"chain": f"case:{case_id}"},
        )

        assert verify_chain([to_link(row) for row in rows]) == []

    def test_a_place_is_taken_once(self, connection, people, case_id):
        scope(connection, "system")
        copy = "insert into events select * from events where chain = :chain and seq = 1"

        with pytest.raises(DBAPIError, match="duplicate key"):
            connection.execute(text(copy), {"chain": f"case:{case_id}"})


class TestSearch:
    @pytest.mark.parametrize(
        ("said", "asked"),
        [
            ("我已经收到货了，谢谢", "收到"),
            ("我已经收到货了，谢谢", "货"),
            ("Ещё не пришёл", "еще"),
            ("تم استلام الطلب", "استلام"),
            ("Order №39487512-0042-1 arrived", "39487512"),
            ("CAFÉ Größe", "café"),
        ],
    )
    def test_finds_words_in_any_script(self, connection, said, asked):
        hit = connection.scalar(
            text("select to_tsvector('simple', :tokens) @@ to_tsquery('simple', :query)"),
            {"tokens": tokens(said), "query": query(asked)},
        )

        assert hit

    @pytest.mark.parametrize("asked", ["'", "a' | 'b", "!", ":*", "\\", "''&&"])
    def test_no_question_breaks_the_query(self, connection, asked):
        wanted = query(asked)

        assert not wanted or connection.scalar(
            text("select to_tsquery('simple', :query) is not null"), {"query": wanted}
        )

    def test_folds_what_readers_take_for_the_same(self):
        assert fold("Ёлка") == fold("елка")

    def test_goes_by_the_index_as_the_service_s_role(self, settings):
        """Under row-level security the planner may not; the owner's function can."""
        owner = create_engine(settings.database_owner_url)
        with owner.connect() as connection:
            connection.execute(text("set enable_seqscan = off"))
            plan = connection.scalars(
                text(
                    "explain select evidence_id from messages"
                    " where tokens @@ to_tsquery('simple', 'x') limit 10"
                )
            ).all()
            definer = connection.scalar(
                text("select prosecdef from pg_proc where proname = 'search_messages'")
            )
        owner.dispose()

        assert "ix_messages_tokens" in "\n".join(plan)
        assert definer


class TestMigrations:
    def test_lead_to_the_tables_we_map(self, settings):
        owner = create_engine(settings.database_owner_url)

        def ours(_object, name, kind, _reflected, _to):
            return not (kind == "table" and (name or "").startswith("procrastinate_"))

        with owner.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_object": ours})
            differences = compare_metadata(context, metadata)
        owner.dispose()

        assert differences == []

    def test_a_chat_read_before_keeps_its_messages_and_gets_them_back(self, settings):
        steps = runpy.run_path(str(ROOT / "migrations/versions/0013_transcript_parts.py"))
        said = [{"text": f"{n}"} for n in range(501)]
        contents = [
            {"form": "tracking", "number": "RB1"},
            {"form": "transcript", "channel": "ozon", "messages": said},
            {"form": "transcript", "channel": "ozon", "messages": said[:1]},
        ]
        content = text("select content from normal_forms")
        parts = text("select place, number, messages from transcript_parts order by place, number")
        owner = create_engine(settings.database_owner_url)
        with owner.connect() as connection:
            for name in ("normal_forms", "transcript_parts"):
                connection.execute(text(f"create temp table {name} (like public.{name})"))
            ids = {"evidence_id": new_id(), "store_id": new_id(), "case_id": new_id()}
            form = {"reader": "x", "contents": contents}
            connection.execute(insert(metadata.tables["normal_forms"]).values(content=form, **ids))
            connection.execute(text(steps["MOVE"]))
            connection.execute(text(steps["EMPTY"]))
            emptied = connection.scalar(content)
            moved = connection.execute(parts).all()
            connection.execute(text(steps["PUT_BACK"]))
            back = connection.scalar(content)
        owner.dispose()

        kept = contents[:1] + [one | {"messages": []} for one in contents[1:]]
        assert emptied == {"reader": "x", "contents": kept}
        assert moved == [(1, 0, said[:500]), (1, 1, said[500:]), (2, 0, said[:1])]
        assert back == form

    def test_what_a_picture_looks_like_is_copied_to_its_item_and_forgotten_there(self, settings):
        steps = runpy.run_path(str(ROOT / "migrations/versions/0014_looks_of_pictures.py"))
        size = {"width": 3, "height": 2, "text_height_px": 9}
        owner = create_engine(settings.database_owner_url)
        with owner.connect() as connection:
            for name in ("normal_forms", "evidence"):
                connection.execute(
                    text(f"create temp table {name} as table public.{name} with no data")
                )
            for seen in ({"edges": "a5"}, {}):
                item = new_id()
                form = {"contents": [{"form": "picture", **size, **seen}]}
                connection.execute(
                    insert(metadata.tables["normal_forms"]).values(evidence_id=item, content=form)
                )
                connection.execute(
                    text("insert into evidence (id, digest) values (:id, cast(:digest as jsonb))"),
                    {"id": item, "digest": json.dumps({"pictures": [size | {"edges": ""}]})},
                )
            connection.execute(text(steps["COPY"]))
            looks = text("select digest #>> '{pictures,0,edges}' from evidence order by id")
            copied = connection.scalars(looks).all()
            connection.execute(text(steps["FORGET"]))
            forgotten = connection.scalars(looks).all()
        owner.dispose()

        assert copied == ["a5", ""]
        assert forgotten == ["", ""]
