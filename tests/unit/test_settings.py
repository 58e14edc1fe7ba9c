"""Every variable of the settings: what it means, and how it is refused."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from evidence_service.settings import Settings, SettingsError

DATABASE = {"DATABASE_URL": "postgresql+psycopg://app:secret@db.example:5432/evidence"}
SECRETS = {
    "EVIDENCE_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "EVIDENCE_ENVELOPE_KEY_FILE": "/etc/evidence/envelope.key",
    "EVIDENCE_SIGNING_KEY_FILE": "/etc/evidence/signing.pem",
}
BUCKET = {"S3_BUCKET": "files"}
OUTSIDE = DATABASE | BUCKET | SECRETS
REMINDERS = {
    "EVIDENCE_SMTP_URL": "smtp://clocks:hunter2@mail.example:2525",
    "EVIDENCE_MAIL_FROM": "clocks@example.com",
    "EVIDENCE_WEBHOOK_URL": "https://hook.example/in",
    "EVIDENCE_WEBHOOK_SECRET": "0123456789abcdef",
    "EVIDENCE_SLA_FILE": str(Path(__file__).absolute()),
    "EVIDENCE_CLAMD": "[::1]:3310",
}


def problems(env):
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(env)
    assert str(refused.value).splitlines() == refused.value.problems
    return refused.value.problems


def named(env):
    """The variables that are refused, one a line."""
    return [line.partition(":")[0] for line in problems(env)]


class TestEmbedded:
    def test_nothing_needs_to_be_named(self):
        settings = Settings.from_env({})

        assert settings.needs_postgres
        assert settings.needs_s3
        assert settings.s3.is_embedded
        assert settings.s3.bucket == "case-files"
        assert settings.backup_days == 35
        assert settings.public_url == ""
        assert settings.secret_key == ""
        assert settings.envelope_key_file == settings.data_dir / "secrets/envelope.key"
        assert settings.signing_key_file == settings.data_dir / "secrets/signing.pem"

    def test_the_data_folder_is_beside_the_checkout_or_roots_own(self):
        checkout = Path(__file__).parents[2]
        data_dir = Settings.from_env({}).data_dir

        if os.geteuid() == 0:
            assert data_dir.parent == Path("/var/lib/evidence-service")
            assert len(data_dir.name) == 8
        else:
            assert data_dir == checkout / "var"

    def test_a_relative_data_folder_is_made_absolute(self):
        settings = Settings.from_env({"EVIDENCE_DATA_DIR": "数据 here"})

        assert settings.data_dir == Path.cwd() / "数据 here"

    def test_ambient_aws_settings_are_ignored(self):
        ambient = {
            "AWS_ACCESS_KEY_ID": "stranger",
            "AWS_ENDPOINT_URL_S3": "no address",
            "AWS_REGION": "eu-north-1",
            "AWS_PROFILE": "work",
        }

        assert Settings.from_env(ambient) == Settings.from_env({})

    def test_empty_variables_count_as_unset(self):
        empty = dict.fromkeys([*OUTSIDE, "EVIDENCE_DATA_DIR", "EVIDENCE_BACKUP_DAYS"], "  ")

        assert Settings.from_env(empty) == Settings.from_env({})


class TestOutside:
    def test_reads_what_is_named(self):
        settings = Settings.from_env(
            OUTSIDE
            | {
                "DATABASE_OWNER_URL": "postgresql://owner:secret@db.example/evidence",
                "S3_KEYS_BUCKET": "wrapped",
                "AWS_ENDPOINT_URL_S3": "https://s3.example",
                "AWS_ACCESS_KEY_ID": "web",
                "AWS_SECRET_ACCESS_KEY": "web-secret",
                "S3_JANITOR_ACCESS_KEY_ID": "janitor",
                "S3_JANITOR_SECRET_ACCESS_KEY": "janitor-secret",
                "S3_PUBLIC_ENDPOINT_URL": "https://upload.example",
                "EVIDENCE_PDF_KEY_FILE": "/etc/evidence/pdf.pem",
                "EVIDENCE_PDF_CERTIFICATE_FILE": "/etc/evidence/pdf.crt",
                "EVIDENCE_BACKUP_DAYS": "90",
                "EVIDENCE_PUBLIC_URL": "https://evidence.example/",
            }
        )

        assert not settings.needs_postgres
        assert not settings.needs_s3
        assert settings.database_url == DATABASE["DATABASE_URL"]
        assert settings.database_owner_url == (
            "postgresql+psycopg://owner:secret@db.example/evidence"
        )
        s3 = settings.s3
        assert (s3.bucket, s3.incoming_bucket, s3.keys_bucket) == (
            "files",
            "files-incoming",
            "wrapped",
        )
        assert (s3.access_key, s3.janitor_access_key) == ("web", "janitor")
        assert s3.public_endpoint_url == "https://upload.example"
        assert not s3.is_embedded
        assert settings.pdf_key_file == Path("/etc/evidence/pdf.pem")
        assert settings.backup_days == 90
        assert settings.public_url == "https://evidence.example"

    def test_keys_may_be_left_to_boto3(self):
        assert Settings.from_env(OUTSIDE).s3.access_key == ""

    def test_keys_with_a_session_token_are_left_to_boto3(self):
        """They end soon, and boto3 knows how to get others."""
        env = OUTSIDE | {
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
            "AWS_SESSION_TOKEN": "c",
        }

        assert Settings.from_env(env).s3.access_key == ""

    @pytest.mark.parametrize(
        ("env", "region"),
        [
            ({}, "us-east-1"),
            ({"AWS_DEFAULT_REGION": "eu-central-1"}, "eu-central-1"),
            ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-central-1"}, "eu-west-1"),
        ],
    )
    def test_the_region_has_two_names(self, env, region):
        assert Settings.from_env(OUTSIDE | env).s3.region == region

    @pytest.mark.parametrize("outside", [DATABASE, BUCKET])
    def test_secrets_are_not_generated_beside_an_outside_engine(self, outside):
        assert named(outside) == [
            "EVIDENCE_SECRET_KEY",
            "EVIDENCE_ENVELOPE_KEY_FILE",
            "EVIDENCE_SIGNING_KEY_FILE",
        ]


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DATABASE_URL", "mysql://a:b@c/d"),
            ("DATABASE_URL", "db.example/evidence"),
            ("DATABASE_URL", "postgresql://"),
            ("DATABASE_URL", "postgresql://app@db:port/evidence"),
            ("DATABASE_URL", "postgresql://app@db"),
            ("DATABASE_URL", "postgresql://db/evidence"),
            ("DATABASE_OWNER_URL", "sqlite:///evidence.db"),
            ("S3_BUCKET", "Not_A_Bucket"),
            ("S3_INCOMING_BUCKET", "a"),
            ("S3_INCOMING_BUCKET", ".."),
            ("S3_KEYS_BUCKET", "keys/"),
            ("AWS_ENDPOINT_URL_S3", "s3.example"),
            ("AWS_ENDPOINT_URL_S3", "https://"),
            ("AWS_ENDPOINT_URL_S3", "https://s3.example:99999"),
            ("S3_PUBLIC_ENDPOINT_URL", "ftp://s3.example"),
            ("EVIDENCE_DATA_DIR", "a\0b"),
            ("EVIDENCE_SECRET_KEY", "short"),
            ("EVIDENCE_ENVELOPE_KEY_FILE", "a\0b"),
            ("EVIDENCE_SIGNING_KEY_FILE", "a\0b"),
            ("EVIDENCE_BACKUP_DAYS", "a month"),
            ("EVIDENCE_BACKUP_DAYS", "-1"),
            ("EVIDENCE_PUBLIC_URL", "evidence.example"),
            ("EVIDENCE_PUBLIC_URL", "https://two words"),
            ("EVIDENCE_SLA_FILE", "/nowhere/sla.yaml"),
            ("EVIDENCE_SLA_FILE", "a\0b"),
        ],
    )
    def test_names_what_is_malformed(self, name, value):
        assert set(named(OUTSIDE | {name: value})) == {name}

    @pytest.mark.parametrize(
        ("present", "missing"),
        [
            ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
            ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"),
            ("S3_JANITOR_ACCESS_KEY_ID", "S3_JANITOR_SECRET_ACCESS_KEY"),
            ("S3_JANITOR_SECRET_ACCESS_KEY", "S3_JANITOR_ACCESS_KEY_ID"),
            ("EVIDENCE_PDF_KEY_FILE", "EVIDENCE_PDF_CERTIFICATE_FILE"),
            ("EVIDENCE_PDF_CERTIFICATE_FILE", "EVIDENCE_PDF_KEY_FILE"),
        ],
    )
    def test_names_the_missing_half_of_a_pair(self, present, missing):
        assert problems(OUTSIDE | {present: "x"}) == [f"{missing}: is needed beside {present}"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("EVIDENCE_CLAMD", "clamd.example"),
            ("EVIDENCE_CLAMD", "clamd.example:port"),
            ("EVIDENCE_CLAMD", "tcp://clamd.example:3310"),
            ("EVIDENCE_CLAMD", "unix:clamd.sock"),
            ("EVIDENCE_SMTP_URL", "mail.example"),
            ("EVIDENCE_SMTP_URL", "http://mail.example"),
            ("EVIDENCE_SMTP_URL", "smtp://"),
            ("EVIDENCE_SMTP_URL", "smtp://mail.example:port"),
            ("EVIDENCE_SMTP_URL", "smtps://mail.example/inbox"),
            ("EVIDENCE_MAIL_FROM", "nobody"),
            ("EVIDENCE_MAIL_FROM", "Clocks <a@b.example>"),
            ("EVIDENCE_WEBHOOK_URL", "ftp://hook.example"),
            ("EVIDENCE_WEBHOOK_URL", "file:///etc/passwd"),
            ("EVIDENCE_WEBHOOK_SECRET", "short"),
        ],
    )
    def test_names_what_is_malformed_of_reminders(self, name, value):
        assert named(OUTSIDE | REMINDERS | {name: value}) == [name]

    @pytest.mark.parametrize("missing", ["EVIDENCE_MAIL_FROM", "EVIDENCE_WEBHOOK_SECRET"])
    def test_reminders_need_both_of_a_pair(self, missing):
        present = {name: value for name, value in REMINDERS.items() if name != missing}

        assert named(OUTSIDE | present) == [missing]

    def test_an_owner_without_a_database_is_refused(self):
        owner = {"DATABASE_OWNER_URL": "postgresql://owner@db/evidence"}

        assert problems(owner) == ["DATABASE_URL: is needed beside DATABASE_OWNER_URL"]

    @pytest.mark.parametrize(
        ("text", "address"),
        [
            ("clamd.example:3310", ("", "clamd.example", 3310)),
            ("[::1]:3310", ("", "::1", 3310)),
            ("unix:/run/clamd.sock", ("/run/clamd.sock", "", 0)),
        ],
    )
    def test_a_scanner_has_a_host_or_a_socket(self, text, address):
        clamd = Settings.from_env({"EVIDENCE_CLAMD": text}).clamd

        assert (clamd.socket_path, clamd.host, clamd.port) == address
        assert clamd.address == text

    def test_names_everything_at_once(self):
        env = {
            "DATABASE_URL": "nonsense",
            "S3_BUCKET": "_",
            "EVIDENCE_BACKUP_DAYS": "soon",
            "EVIDENCE_PUBLIC_URL": "nowhere",
        }

        assert {
            *env,
            "EVIDENCE_SECRET_KEY",
            "EVIDENCE_ENVELOPE_KEY_FILE",
            "EVIDENCE_SIGNING_KEY_FILE",
        } == set(named(env))

    def test_repeats_no_secret(self):
        url = "postgresql://app:hunter2@db:port/evidence"

        assert "hunter2" not in "".join(problems(OUTSIDE | {"DATABASE_URL": url}))
        mail = {"EVIDENCE_SMTP_URL": "smtp://clocks:hunter2@mail.example:port"}
        assert "hunter2" not in "".join(problems(OUTSIDE | REMINDERS | mail))


class TestChildren:
    @pytest.mark.parametrize(
        "env", [OUTSIDE, OUTSIDE | {"EVIDENCE_PUBLIC_URL": "https://x.y"}, OUTSIDE | REMINDERS]
    )
    def test_a_child_reads_the_same_settings(self, env):
        settings = Settings.from_env(env)

        assert Settings.from_env(settings.child_env({})) == settings

    def test_a_child_of_embedded_engines_knows_them_and_nothing_ambient(self):
        embedded = Settings.from_env({})
        running = replace(
            embedded,
            database_url="postgresql+psycopg://app:a%40b@/evidence?host=/tmp/x",
            database_owner_url="postgresql+psycopg://owner:hunter2@/evidence?host=/tmp/x",
            secret_key="0123456789abcdef",
            s3=replace(
                embedded.s3, endpoint_url="http://127.0.0.1:12345", access_key="a", secret_key="b"
            ),
        )
        ambient = {"AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "t", "LANG": "C.UTF-8"}
        child = running.child_env(ambient | {"DATABASE_OWNER_URL": "postgresql://o@h/d"})

        assert Settings.from_env(child) == replace(running, database_owner_url="")
        assert child["LANG"] == "C.UTF-8"
        assert {"AWS_PROFILE", "AWS_SESSION_TOKEN"}.isdisjoint(child)
        assert "hunter2" not in "".join(child.values())

    def test_an_address_that_was_named_stays(self):
        settings = Settings.from_env(OUTSIDE | {"EVIDENCE_PUBLIC_URL": "https://evidence.example"})

        assert settings.with_public_url("http://127.0.0.1:1") == settings
        assert Settings.from_env(OUTSIDE).with_public_url("http://x:1").public_url == "http://x:1"
