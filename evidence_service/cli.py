"""`evidence …`: the operators' and scripts' door.

Exit status: 0 done, 1 refused or differs, 2 wrong use. Errors go to standard error. Commands
find running embedded engines through the data folder and start none that already run.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import secrets
import shutil
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from evidence_service.catalogue import DEFAULT_LANGUAGE, say
from evidence_service.domain.access import Role
from evidence_service.domain.errors import InvalidInput, Refusal
from evidence_service.domain.evidence import EvidenceKind
from evidence_service.platforms import BadPack
from evidence_service.settings import Settings, SettingsError
from storage.processes import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from evidence_service.ports import Ports, Spooled

DONE, REFUSED, WRONG_USE = 0, 1, 2
PDF_MAGIC = b"%PDF-"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = _parser().parse_args(argv)
    if arguments.data_dir is not None:
        os.environ["EVIDENCE_DATA_DIR"] = str(Path(arguments.data_dir).absolute())
    try:
        return int(arguments.run(arguments))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except (EngineError, BadPack) as error:
        print(error, file=sys.stderr)
        return REFUSED
    except Refusal as error:
        print(_words_of(error), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        # Whoever read our output has had enough; Python would complain again while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _words_of(error: Refusal) -> str:
    if isinstance(error, InvalidInput):
        return "\n".join(f"{wrong.field}: {wrong.detail}" for wrong in error.errors)
    return say(f"error.{error.code}.detail", DEFAULT_LANGUAGE, **error.params)


@contextmanager
def _ports() -> Iterator[Ports]:
    """Ports on the running engines, or on engines started for this command alone."""
    from evidence_service.bootstrap import build_ports
    from evidence_service.supervisor import engines, ensure_schema

    with engines(Settings.from_env(os.environ)) as settings:
        ensure_schema(settings)
        with closing(build_ports(settings)) as ports:
            yield ports


# --- the service --------------------------------------------------------------------------


def _up(arguments: argparse.Namespace) -> int:
    from evidence_service import supervisor

    return supervisor.up(
        Settings.from_env(os.environ), port=arguments.port, demo=not arguments.no_demo
    )


def _web(arguments: argparse.Namespace) -> int:
    from evidence_service import supervisor
    from evidence_service.server import Server

    with supervisor.engines(Settings.from_env(os.environ)) as settings:
        supervisor.ensure_schema(settings)
        Server(settings, f"{arguments.host}:{arguments.port}").run()
    return DONE


def _worker(_arguments: argparse.Namespace) -> int:
    from evidence_service.adapters.sandbox import is_walled
    from evidence_service.supervisor import engines, ensure_schema
    from evidence_service.worker import make_worker

    with engines(Settings.from_env(os.environ)) as settings:
        ensure_schema(settings)
        is_walled()
        make_worker(settings).run()
    return DONE


def _migrate(_arguments: argparse.Namespace) -> int:
    from evidence_service import supervisor

    with supervisor.engines(Settings.from_env(os.environ)) as settings:
        supervisor.migrate(settings)
    return DONE


# --- stores, people, tokens ---------------------------------------------------------------


def _store_add(arguments: argparse.Namespace) -> int:
    from evidence_service.usecases.administer.add_store import (
        AddStore,
        add_store,
    )

    command = AddStore(arguments.name, arguments.platform, arguments.time_zone, arguments.language)
    with _ports() as ports:
        print(add_store(command, by=None, ports=ports).id)
    return DONE


def _store_list(arguments: argparse.Namespace) -> int:
    from evidence_service.ports import SystemScope

    with _ports() as ports, ports.unit_of_work(SystemScope()) as work:
        rows = [
            {"id": str(s.id), "name": s.name, "platform": s.platform, "time_zone": s.time_zone}
            for s in work.stores.all()
        ]
    return _listing(rows, arguments)


def _user_add(arguments: argparse.Namespace) -> int:
    from evidence_service.usecases.administer.add_person import (
        AddPerson,
        add_person,
    )

    password, generated = _password()
    command = AddPerson(
        email=arguments.email,
        roles=frozenset(Role(role) for role in arguments.role),
        stores=tuple(arguments.store),
        password=password,
        language=arguments.language,
    )
    with _ports() as ports:
        add_person(command, by=None, ports=ports)
    if generated:
        print(password)
    return DONE


def _password() -> tuple[str, bool]:
    """The password from standard input, or a new one and that it was made here."""
    if sys.stdin.isatty():
        typed = getpass.getpass("Password (empty: one is made): ")
    else:
        typed = sys.stdin.readline().rstrip("\r\n")
    return (typed, False) if typed else (secrets.token_urlsafe(15), True)


def _token_issue(arguments: argparse.Namespace) -> int:
    from evidence_service.usecases.administer.add_person import issue_token

    with _ports() as ports:
        print(issue_token(arguments.email, arguments.name, by=None, ports=ports))
    return DONE


# --- evidence -----------------------------------------------------------------------------


def _import(arguments: argparse.Namespace) -> int:
    from evidence_service.usecases.administer.authenticate import actor_of_email
    from evidence_service.usecases.assemble.add_evidence import (
        AddEvidence,
        add_evidence,
    )

    kind = EvidenceKind(arguments.kind) if arguments.kind else None
    status = DONE
    with _ports() as ports:
        actor = actor_of_email(arguments.as_email, ports=ports)
        for name in arguments.files:
            try:
                with _spooled(Path(name), ports.spool) as file:
                    command = AddEvidence(arguments.case, file, Path(name).name, kind)
                    added = add_evidence(command, actor=actor, ports=ports)
            except (Refusal, OSError) as error:
                words = _words_of(error) if isinstance(error, Refusal) else error.strerror
                print(f"{name}: {words}", file=sys.stderr)
                status = REFUSED
                continue
            known = "" if added.created else " (already there)"
            print(f"{name}: {added.item.id} {added.item.kind} {added.item.reader}{known}")
    return status


@contextmanager
def _spooled(source: Path, spool: Path) -> Iterator[Spooled]:
    """A private copy, so that the file cannot change between its hash and its upload."""
    from evidence_service.http.spool import SpoolFile

    file = SpoolFile(spool)
    try:
        with source.open("rb") as stream:
            shutil.copyfileobj(stream, file)
        yield file.spooled()
    finally:
        file.close()


# --- rules --------------------------------------------------------------------------------


def _rules_check(arguments: argparse.Namespace) -> int:
    from evidence_service.platforms import rules, shelf

    folder = Settings.from_env(os.environ).packs_dir
    if arguments.files or folder is None:
        given = [Path(f) for f in arguments.files]
        problems = [str(problem) for problem in rules.check(given or None)]
    else:
        problems = shelf.check_folder(folder)
    for problem in problems:
        print(problem, file=sys.stderr)
    return REFUSED if problems else DONE


def _rules_list(arguments: argparse.Namespace) -> int:
    from evidence_service.platforms import rules, shelf

    packs = shelf.Shelf.load(Settings.from_env(os.environ).packs_dir).all()
    return _listing(rules.listed(packs), arguments)


def _rules_docs(_arguments: argparse.Namespace) -> int:
    from evidence_service.platforms import all_packs
    from evidence_service.platforms.reference import reference

    print(reference(all_packs()), end="")
    return DONE


def _rules_diff(arguments: argparse.Namespace) -> int:
    from evidence_service.platforms import diff, load

    for change in diff(load(Path(arguments.a)), load(Path(arguments.b))):
        print(change.said(arguments.language))
    return DONE


# --- proof --------------------------------------------------------------------------------


def _verify(arguments: argparse.Namespace) -> int:
    path = Path(arguments.file)
    if not path.is_file():
        print(f"{path}: no such file", file=sys.stderr)
        return WRONG_USE
    ok, lines = _checked(path, arguments.key)
    for line in lines:
        print(line, file=sys.stdout if ok else sys.stderr)
    return DONE if ok else REFUSED


def _checked(path: Path, key: str | None) -> tuple[bool, list[str]]:
    """The verdict on a signed bundle, or on what else is to be an archive package."""
    with path.open("rb") as file:
        is_pdf = file.read(len(PDF_MAGIC)) == PDF_MAGIC
    if is_pdf:
        from evidence_service.adapters.pdf.check_seal import (
            describe_bundle,
            verify_bundle,
        )

        bundle = verify_bundle(path, key)
        return bundle.ok, describe_bundle(bundle)
    from evidence_service.adapters.package import describe, verify_package

    package = verify_package(path, key)
    return package.ok, describe(package)


def _fixity(arguments: argparse.Namespace) -> int:
    from evidence_service.usecases.administer.fixity import check_fixity

    with _ports() as ports:
        report = check_fixity(ports.queries.case_ids(), orphans=arguments.all, ports=ports)
    found: dict[str, Any] = {
        "cases": report.cases,
        "ok": report.objects_ok,
        "erased": report.erased,
        "pending": report.pending,
        "differs": report.differs,
        "unreadable": report.unreadable,
        "orphans": report.orphans,
        "chains": report.chains,
    }
    if arguments.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name}: {value if isinstance(value, int) else len(value)}")
        for name in ("differs", "unreadable", "orphans", "chains"):
            for line in found[name]:
                print(f"{name}: {line}", file=sys.stderr)
    return DONE if report.is_clean else REFUSED


def _listing(rows: list[dict[str, Any]], arguments: argparse.Namespace) -> int:
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            print("\t".join(str(value) for value in row.values()))
    return DONE


# --- the words ----------------------------------------------------------------------------


class _Words:
    """The command line as argparse knows it, built up group by group."""

    def __init__(self) -> None:
        self.parser = argparse.ArgumentParser(prog="evidence", description=__doc__.splitlines()[0])
        self.parser.set_defaults(data_dir=None)
        self._commands = self.parser.add_subparsers(required=True, metavar="COMMAND")
        self._plain = argparse.ArgumentParser(add_help=False)
        self._plain.add_argument(
            "--data-dir", default=argparse.SUPPRESS, help="else EVIDENCE_DATA_DIR"
        )
        self._listing = argparse.ArgumentParser(add_help=False, parents=[self._plain])
        self._listing.add_argument("--json", action="store_true", help="print JSON")

    def group(self, name: str, about: str) -> Any:
        return self._commands.add_parser(name, help=about).add_subparsers(
            required=True, metavar="VERB"
        )

    def command(
        self,
        name: str,
        run: Callable[[argparse.Namespace], int],
        about: str,
        *,
        of: Any = None,
        lists: bool = False,
    ) -> argparse.ArgumentParser:
        """A command, or a verb `of` a group; one that `lists` takes --json."""
        parent = self._listing if lists else self._plain
        made: argparse.ArgumentParser = (of or self._commands).add_parser(
            name, help=about, parents=[parent]
        )
        made.set_defaults(run=run)
        return made


def _parser() -> argparse.ArgumentParser:
    words = _Words()
    for add in (_service_words, _people_words, _evidence_words, _rules_words, _proof_words):
        add(words)
    return words.parser


def _service_words(words: _Words) -> None:
    up = words.command("up", _up, "engines, migration, web and worker, until told to stop")
    up.add_argument("--port", type=int)
    up.add_argument("--no-demo", action="store_true", help="load no sample case")
    web = words.command("web", _web, "the web application alone")
    web.add_argument("--host", default="127.0.0.1")
    web.add_argument("--port", type=int, default=8080)
    words.command("worker", _worker, "a worker alone")
    words.command("migrate", _migrate, "bring the database to the newest schema")


def _people_words(words: _Words) -> None:
    stores = words.group("store", "sellers' accounts on platforms")
    store = words.command("add", _store_add, "add a store", of=stores)
    store.add_argument("name")
    store.add_argument("--platform", required=True)
    store.add_argument("--time-zone", default="UTC")
    store.add_argument("--language", default="zh")
    words.command("list", _store_list, "list stores", of=stores, lists=True)

    users = words.group("user", "people")
    about = "make a person; the password comes from standard input"
    user = words.command("add", _user_add, about, of=users)
    user.add_argument("email")
    user.add_argument("--role", action="append", required=True, choices=[r.value for r in Role])
    user.add_argument("--store", action="append", default=[], help="name or id, or all")
    user.add_argument("--language", default="en", choices=["zh", "en", "ru"])

    tokens = words.group("token", "API tokens")
    token = words.command("issue", _token_issue, "print a new API token", of=tokens)
    token.add_argument("email")
    token.add_argument("--name", default="cli")


def _evidence_words(words: _Words) -> None:
    imports = words.command("import", _import, "add files to a case as a person")
    imports.add_argument("case", type=UUID, help="the case's id")
    imports.add_argument("files", nargs="+")
    imports.add_argument("--as", dest="as_email", required=True, metavar="EMAIL")
    imports.add_argument("--kind", choices=[k.value for k in EvidenceKind])


def _rules_words(words: _Words) -> None:
    rules = words.group("rules", "the platforms' rules")
    check = words.command("check", _rules_check, "validate rule packs", of=rules)
    check.add_argument("files", nargs="*")
    about = "platforms, reasons, versions"
    words.command("list", _rules_list, about, of=rules, lists=True)
    about = "the built-in packs as docs/platforms.md"
    words.command("docs", _rules_docs, about, of=rules)
    about = "what changed between two packs, in words"
    diff = words.command("diff", _rules_diff, about, of=rules)
    diff.add_argument("a")
    diff.add_argument("b")
    diff.add_argument("--language", default="en", choices=["zh", "en", "ru"])


def _proof_words(words: _Words) -> None:
    verify = words.command(
        "verify", _verify, "check an archive package or a signed bundle, offline"
    )
    verify.add_argument("file")
    verify.add_argument(
        "--key", help="a public key or certificate file, or a fingerprint, you trust"
    )
    about = "re-hash objects against rows and chains"
    fixity = words.command("fixity", _fixity, about, lists=True)
    fixity.add_argument("--all", action="store_true", help="also objects nobody names")


if __name__ == "__main__":
    sys.exit(main())
