"""Intercom, Freshdesk, Help Scout, LiveChat and Gorgias: who said what, and what stayed inside."""

from datetime import UTC, datetime

import pytest

from evidence_service.domain.transcript import MessageRole
from evidence_service.readers.chat import freshdesk, gorgias, helpscout, intercom, livechat

NOON = "2026-05-01T12:00:00Z"
NOON_EPOCH = 1777636800
AT_NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def said(reading):
    return [(m.author, m.role.value, m.text) for m in reading.contents[0].messages]


def part(kind, **over):
    return {
        "part_type": kind,
        "body": "<p>Okay</p>",
        "created_at": NOON_EPOCH,
        "author": {"id": "2", "type": "admin", "name": "Bo"},
    } | over


def conversation(*parts, total=None, **over):
    return {
        "type": "conversation",
        "id": "1",
        "created_at": NOON_EPOCH,
        "source": {
            "body": "<p>Where is it?</p>",
            "author": {"id": "7", "type": "user", "name": None, "email": "ann@example.com"},
        },
        "conversation_parts": {
            "conversation_parts": list(parts),
            "total_count": len(parts) if total is None else total,
        },
    } | over


class TestIntercom:
    def test_the_source_comes_before_the_parts(self):
        found = intercom.read(
            conversation(part("comment"), part("comment", author={"type": "bot"}))
        )

        assert said(found) == [
            ("ann@example.com", "buyer", "Where is it?"),
            ("Bo", "seller", "Okay"),
            ("", "bot", "Okay"),
        ]
        assert found.contents[0].messages[1].sent_at == AT_NOON

    def test_a_note_is_internal(self):
        _, note = intercom.read(conversation(part("note"))).contents[0].messages

        assert note.is_internal

    def test_an_event_without_words_is_the_systems_and_internal(self):
        _, event = intercom.read(conversation(part("assignment", body=None))).contents[0].messages

        assert (event.role, event.text) == (MessageRole.SYSTEM, "assignment")
        assert event.is_internal

    def test_a_kind_nobody_knows_yet_is_kept(self):
        _, found = intercom.read(conversation(part("telepathy"))).contents[0].messages

        assert (found.text, found.is_internal) == ("Okay", False)

    def test_says_what_is_missing(self):
        found = intercom.read(conversation(part("comment", redacted=True), total=9))

        assert found.warnings == ("more_messages_exist", "message_removed")

    @pytest.mark.parametrize(
        "wrap",
        [
            lambda one: {"type": "notification_event", "data": {"item": one}},
            lambda one: {
                "type": "notification_event",
                "id": "notif_1",
                "created_at": NOON_EPOCH,
                "data": {"type": "notification_event_data", "item": one},
            },
            lambda one: {"type": "conversation.list", "conversations": [one]},
        ],
    )
    def test_inside_an_envelope(self, wrap):
        assert len(intercom.read(wrap(conversation(part("comment")))).contents[0].messages) == 2

    def test_a_list_has_the_first_messages_only(self):
        one = conversation(source=None)
        one["conversation_message"] = conversation()["source"]
        del one["conversation_parts"]
        found = intercom.read({"type": "conversation.list", "conversations": [one]})

        assert said(found) == [("ann@example.com", "buyer", "Where is it?")]
        assert found.warnings == ("more_messages_exist",)

    def test_parts_tell_a_conversation_that_does_not_say_it_is_one(self):
        one = conversation(part("comment"))
        del one["type"]

        assert len(intercom.read(one).contents[0].messages) == 2

    def test_a_ticket_begins_with_its_description(self):
        ticket = {
            "type": "ticket",
            "id": "1",
            "created_at": NOON_EPOCH,
            "ticket_attributes": {"_default_title_": "Lamp", "_default_description_": "broken"},
            "ticket_parts": {"ticket_parts": [part("comment")], "total_count": 1},
        }

        assert said(intercom.read(ticket))[0] == ("", "unknown", "Lamp\nbroken")

    def test_another_object_is_none(self):
        assert intercom.read({"type": "contact", "id": "1", "created_at": 1}) is None


def note(**over):
    return {
        "id": 1,
        "body": "<div>Sent</div>",
        "body_text": "Sent",
        "incoming": False,
        "private": False,
        "user_id": 2,
        "ticket_id": 5,
        "created_at": NOON,
        "attachments": [],
    } | over


TICKET = {
    "id": 5,
    "requester_id": 7,
    "requester": {"name": "Ann"},
    "responder_id": 2,
    "description": "<div>Broken</div>",
    "description_text": "Broken",
    "created_at": NOON,
}


class TestFreshdesk:
    def test_the_description_comes_before_the_conversations(self):
        ticket = TICKET | {"conversations": [note(), note(incoming=True, user_id=7)]}

        assert said(freshdesk.read(ticket)) == [
            ("Ann", "buyer", "Broken"),
            ("user 2", "seller", "Sent"),
            ("Ann", "buyer", "Sent"),
        ]

    def test_a_ticket_without_them_says_so(self):
        assert freshdesk.read(TICKET).warnings == ("first_message_only",)

    @pytest.mark.parametrize("value", [[TICKET, TICKET], {"tickets": [TICKET, TICKET]}])
    def test_a_list_of_tickets(self, value):
        found = freshdesk.read(value)

        assert [one.messages[0].text for one in found.contents] == ["Broken", "Broken"]
        assert found.warnings == ("first_message_only",)

    def test_a_ticket_that_the_seller_began(self):
        assert said(freshdesk.read(TICKET | {"source": 10}))[0][:2] == ("user 2", "seller")

    def test_a_list_of_conversations_with_a_private_note(self):
        found = freshdesk.read([note(private=True, attachments=[{"name": "a.txt"}])])
        (message,) = found.contents[0].messages

        assert (message.is_internal, message.attachments) == (True, ("a.txt",))

    def test_version_1(self):
        old = {
            "description": "Broken",
            "requester_id": 7,
            "requester_name": "Ann",
            "responder_id": 2,
            "responder_name": "Bo",
            "created_at": "2026-05-01T22:00:00+10:00",
            "notes": [{"note": {"body": "Sent", "user_id": 2, "created_at": NOON}}],
        }
        found = freshdesk.read({"helpdesk_ticket": old})

        assert said(found) == [("Ann", "buyer", "Broken"), ("Bo", "seller", "Sent")]
        assert found.contents[0].messages[0].sent_at == AT_NOON

    @pytest.mark.parametrize("value", [{"results": []}, [{"incoming": True}], {"id": 1}])
    def test_other_answers_are_none(self, value):
        assert freshdesk.read(value) is None


def thread(**over):
    return {
        "id": 1,
        "type": "customer",
        "state": "published",
        "body": "Need <b>help</b>",
        "createdBy": {"id": 7, "type": "customer", "email": "ann@example.com"},
        "createdAt": NOON,
    } | over


UNTHREADED = {
    "id": 1,
    "number": 2,
    "threads": 2,
    "subject": "Help",
    "preview": "Need help",
    "createdBy": {"id": 7, "type": "customer", "first": "Ann", "last": "Lee"},
    "createdAt": NOON,
}


class TestHelpScout:
    def test_threads_the_oldest_first(self):
        user = {"id": 2, "type": "user", "first": "Bo", "last": ""}
        reply = thread(type="message", createdBy=user, createdAt="2026-05-01T13:00:00Z", body="Yes")
        found = helpscout.read(UNTHREADED | {"_embedded": {"threads": [reply, thread()]}})

        assert said(found) == [
            ("ann@example.com", "buyer", "Need help"),
            ("Bo", "seller", "Yes"),
        ]

    def test_notes_events_and_drafts_never_left_the_house(self):
        threads = [
            thread(type="note"),
            thread(type="lineitem", body=None, action={"text": "Closed"}),
            thread(state="draft"),
        ]
        found = helpscout.read({"_embedded": {"threads": threads}})

        assert all(message.is_internal for message in found.contents[0].messages)
        assert said(found)[1][1:] == ("system", "Closed")
        assert found.warnings == ("message_not_delivered",)

    def test_a_preview_tells_neither_author_nor_time(self):
        found = helpscout.read(UNTHREADED)

        assert said(found) == [("", "unknown", "Need help")]
        assert found.warnings == ("time_unknown", "preview_only")

    def test_a_preview_of_the_only_thread_tells_both(self):
        found = helpscout.read(UNTHREADED | {"threads": 1})

        assert said(found) == [("Ann Lee", "buyer", "Need help")]
        assert found.contents[0].messages[0].sent_at == AT_NOON

    def test_version_1(self):
        person = {"id": 7, "type": "customer", "firstName": "Ann", "lastName": "Lee"}
        item = UNTHREADED | {"threads": [thread(createdBy=person)]}

        assert said(helpscout.read({"item": item})) == [("Ann Lee", "buyer", "Need help")]

    def test_a_single_thread_is_no_conversation(self):
        assert helpscout.read(thread()) is None


def event(**over):
    return {
        "id": "E1",
        "type": "message",
        "author_id": "c1",
        "created_at": "2026-05-01T12:00:00.000001Z",
        "text": "Hello",
        "recipients": "all",
    } | over


USERS = [
    {"id": "c1", "type": "customer", "name": "Ann"},
    {"id": "bo@shop.test", "type": "agent", "name": "Bo"},
]


class TestLiveChat:
    def test_people_by_the_chats_users(self):
        reply = event(author_id="bo@shop.test", text="Yes")
        found = livechat.read(
            {"id": "C", "users": USERS, "threads": [{"events": [event(), reply]}]}
        )

        assert said(found) == [("Ann", "buyer", "Hello"), ("Bo", "seller", "Yes")]

    def test_a_thread_alone_knows_nobody(self):
        found = livechat.read({"id": "T", "events": [event()], "restricted_access": "too old"})

        assert said(found) == [("c1", "unknown", "Hello")]
        assert found.warnings == ("more_messages_exist",)

    def test_a_list_of_threads(self):
        found = livechat.read({"threads": [{"id": "T", "events": [event()]}], "found_threads": 1})

        assert said(found) == [("c1", "unknown", "Hello")]

    @pytest.mark.parametrize("mark", [{"recipients": "agents"}, {"visibility": "agents"}])
    def test_what_only_agents_saw_is_internal(self, mark):
        found = livechat.read({"id": "T", "events": [event(**mark)]})

        assert found.contents[0].messages[0].is_internal

    def test_files_forms_cards_and_the_system(self):
        fields = [
            {"label": "Name:", "answer": "Ann"},
            {"label": "Team:", "answer": {"label": "Support"}},
            {"label": "Tags:", "answers": [{"label": "a"}, {"label": "b"}]},
        ]
        found = livechat.read(
            {
                "id": "T",
                "events": [
                    event(type="file", text=None, name="a.png", url="https://x.test/a.png"),
                    event(type="filled_form", text=None, fields=fields),
                    event(
                        type="rich_message", text=None, elements=[{"title": "A", "subtitle": "b"}]
                    ),
                    event(type="system_message", author_id=None, text="Closed"),
                ],
            }
        )

        assert [m.text for m in found.contents[0].messages] == [
            "",
            "Name: Ann\nTeam: Support\nTags: a, b",
            "A\nb",
            "Closed",
        ]
        assert found.contents[0].messages[0].attachments == ("a.png",)
        assert found.contents[0].messages[3].role is MessageRole.SYSTEM

    def test_a_summary_holds_the_last_events_only(self):
        last = {"message": {"event": event()}}
        found = livechat.read({"chats_summary": [{"id": "C", "last_event_per_type": last}]})

        assert (len(found.contents[0].messages), found.warnings) == (1, ("more_messages_exist",))

    def test_version_2(self):
        old = {
            "author_name": "Ann",
            "text": "Hello",
            "date": "Fri, 05/01/26 12:00:00 pm",
            "timestamp": NOON_EPOCH,
            "user_type": "visitor",
        }
        found = livechat.read({"chats": [{"id": "C", "messages": [old]}]})

        assert said(found) == [("Ann", "buyer", "Hello")]
        assert found.contents[0].messages[0].sent_at == AT_NOON

    @pytest.mark.parametrize("value", [event(), {"id": 1, "events": [{"id": 1, "type": "scan"}]}])
    def test_other_objects_are_none(self, value):
        assert livechat.read(value) is None


def gorgias_message(**over):
    return {
        "id": 1,
        "ticket_id": 5,
        "from_agent": False,
        "public": True,
        "sender": {"id": 7, "name": "Ann"},
        "stripped_text": "hello",
        "body_text": "hello\n> quoted",
        "created_datetime": "2026-05-01T12:00:00.123456+00:00",
    } | over


class TestGorgias:
    def test_roles_and_text(self):
        reply = gorgias_message(from_agent=True, sender={"id": 2, "email": "bo@shop.test"})
        rule = gorgias_message(from_agent=True, rule_id=4)
        ticket = {"first_message": gorgias_message(), "messages": [gorgias_message(), reply, rule]}

        assert said(gorgias.read(ticket)) == [
            ("Ann", "buyer", "hello"),
            ("bo@shop.test", "seller", "hello"),
            ("Ann", "bot", "hello"),
        ]

    def test_a_message_that_failed_is_never_shown_as_sent(self):
        found = gorgias.read({"messages": [gorgias_message(failed_datetime="2026-05-01T12:00:01")]})

        assert found.contents[0].messages[0].is_internal
        assert found.warnings == ("message_not_delivered",)

    def test_an_internal_note(self):
        found = gorgias.read({"messages": [gorgias_message(public=False)]})

        assert found.contents[0].messages[0].is_internal

    def test_the_first_message_of_a_ticket_that_has_no_list(self):
        found = gorgias.read({"id": 1, "first_message": gorgias_message()})

        assert said(found) == [("Ann", "buyer", "hello")]

    def test_a_list_of_messages(self):
        found = gorgias.read({"object": "list", "data": [gorgias_message(), gorgias_message()]})

        assert len(found.contents[0].messages) == 2

    def test_another_list_is_none(self):
        assert gorgias.read({"data": [{"id": 1}]}) is None
