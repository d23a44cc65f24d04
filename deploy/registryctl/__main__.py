"""`python -m deploy.registryctl SERVICE ...`: dead letters, outbox, logs, keys and jobs of one service; new registries.

Run it with the environment of the service, or with --demo FOLDER for a suite that `make demo` has made there.
"""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

from pika.exceptions import AMQPError

from deploy.embedded.environment import SERVICES, Place, environment
from deploy.registryctl import audit, codings, dead, factors, forms, jobs, keys, national, orderers, outbox, registries
from deploy.registryctl.desk import CannotDo, Desk
from shared.bus.publisher import BUS_ERRORS
from shared.db.errors import DatabaseUnavailable
from shared.forms.catalogue import FOLDER
from shared.observability.log import configure_logging
from shared.scheduling.clock import OSLO


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code: 0 done, 1 not as wished, 2 asked wrongly."""
    given = parser().parse_args(arguments)
    configure_logging(given.service, sys.stderr)
    return run(given, lambda: Desk.open(given.service, _environment(given.demo), operator=given.by, why=given.why))


def run(given: Namespace, open_desk: Callable[[], Desk]) -> int:
    """Run one command that was read from the command line at a desk."""
    try:
        code: int = given.run(open_desk(), given)
    except CannotDo as reason:
        print(reason, file=sys.stderr)
        return 1
    except (AMQPError, *BUS_ERRORS) as error:
        is_file = isinstance(error, OSError) and error.filename is not None
        print(f"{error}." if is_file else f"The bus does not answer: {type(error).__name__}.", file=sys.stderr)
        return 1
    except DatabaseUnavailable as error:
        print(f"The database does not answer: {error}.", file=sys.stderr)
        return 1
    return code


def parser() -> ArgumentParser:
    """The command line."""
    made = ArgumentParser(prog="python -m deploy.registryctl", description=__doc__)
    made.add_argument("service", choices=SERVICES)
    made.add_argument("--demo", type=Path, metavar="FOLDER", help="a suite that `make demo` has made")
    made.add_argument("--by", default=_account(), metavar="NAME", help="who does it; you, unless told otherwise")
    areas = made.add_subparsers(
        required=True, metavar="dead|outbox|audit|keys|jobs|registry|codings|factors|forms|orderer|national"
    )
    _add_dead(areas.add_parser("dead", help="events that could not be handled"))
    _add_outbox(areas.add_parser("outbox", help="events not yet told, and those told before"))
    _add_audit(areas.add_parser("audit", help="the access and change log"))
    _add_plain(
        areas.add_parser("keys", help="master keys"),
        {"list": keys.list_keys, "rotate": keys.rotate, "reseal": keys.reseal},
    )
    _add_jobs(areas.add_parser("jobs", help="work with the outside"))
    _add_registry(areas.add_parser("registry", help="a registry's organisations and first user (identity)"))
    _add_codings(areas.add_parser("codings", help="lists of ICD-10 and NCSP (registration)"))
    _add_factors(areas.add_parser("factors", help="factors of morphine equivalents (registration)"))
    _add_orderers(areas.add_parser("orderer", help="other registries that may order forms (eprom)"))
    _add_national(areas.add_parser("national", help="orders at the national ePROM of unknown outcome (eprom)"))
    _add_forms(areas.add_parser("forms", help="forms of a registry (registration)"))
    return made


def _add_plain(area: ArgumentParser, commands: Mapping[str, object]) -> dict[str, ArgumentParser]:
    kinds = area.add_subparsers(required=True, metavar="|".join(commands))
    made = {}
    for name, run in commands.items():
        made[name] = kinds.add_parser(name, description=run.__doc__)
        made[name].add_argument("--why", default="", metavar="TEXT", help="kept in the change log")
        made[name].set_defaults(run=run)
    return made


def _add_dead(area: ArgumentParser) -> None:
    commands = {
        "list": dead.list_letters,
        "show": dead.show_letter,
        "replay": dead.replay_letters,
        "put-away": dead.put_letter_away,
    }
    made = _add_plain(area, commands)
    for name in ("show", "put-away"):
        made[name].add_argument("id")
    for name in ("list", "replay"):
        made[name].add_argument("--id", action="append", help="may be given several times")
        made[name].add_argument("--type", default="", help="such as registration.course_opened.v1")
        made[name].add_argument("--reason", default="", help="such as MalformedEvent")
        made[name].add_argument("--since", type=_moment, help="last failed then or later, such as 2026-11-21T08:00")
        made[name].add_argument("--until", type=_moment, help="last failed before")
    made["replay"].add_argument("--all", action="store_true")
    made["replay"].add_argument("--dry-run", action="store_true", help="only count")
    made["replay"].add_argument("--seconded-by", default="", metavar="NAME", help=f"for more than {dead.MANY}")


def _add_outbox(area: ArgumentParser) -> None:
    made = _add_plain(area, {"status": outbox.show_status, "replay": outbox.replay_log})
    made["replay"].add_argument("--to", required=True, choices=SERVICES, help="who is to hear it again")
    made["replay"].add_argument("--about", default="", metavar="AGGREGATE", help="only this, such as course:7")


def _add_audit(area: ArgumentParser) -> None:
    made = _add_plain(area, {"verify": audit.check, "head": audit.show_head})
    made["verify"].add_argument("--head", type=Path, metavar="FILE", help="a head written before")
    made["head"].add_argument("--to", type=Path, metavar="FILE", help="write it, sealed")


def _add_jobs(area: ArgumentParser) -> None:
    made = _add_plain(area, {"list": jobs.list_jobs, "run": jobs.run_job})
    made["list"].add_argument("--failed", action="store_true", help="only those given up")
    made["list"].add_argument("--limit", type=int, default=100)
    made["run"].add_argument("id", type=int)


def _add_registry(area: ArgumentParser) -> None:
    made = _add_plain(area, {"open": registries.open_registry, "coordinator": registries.add_coordinator})
    for command in made.values():
        command.add_argument("key", help="such as smertereg")


def _add_codings(area: ArgumentParser) -> None:
    made = _add_plain(area, {"list": codings.list_codings, "import": codings.import_coding})["import"]
    made.add_argument("registry", help="such as smertereg")
    made.add_argument("coding", help="such as icd10")
    made.add_argument("file", type=Path, help="code;text;valid_from;valid_to")
    made.add_argument("--version", type=int, required=True, help="the year the list is for")
    made.add_argument("--first-day", type=date.fromisoformat, metavar="DATE", help="1 January of that year if not told")
    made.add_argument("--dry-run", action="store_true", help="only tell what would change")


def _add_factors(area: ArgumentParser) -> None:
    made = _add_plain(area, {"compare": factors.compare_factors})["compare"]
    made.add_argument("registry", help="such as smertereg")
    made.add_argument("file", type=Path, help="a list of factors, v<N>.csv")


def _add_forms(area: ArgumentParser) -> None:
    made = _add_plain(area, {"import-fhir": forms.import_fhir})["import-fhir"]
    made.add_argument("registry", help="such as smertereg")
    made.add_argument("form", help="such as pasreg; a new one or one there is")
    made.add_argument("file", type=Path, help="a Questionnaire of FHIR R4 in JSON")
    made.add_argument("--audience", choices=("patient", "clinician"), default="patient", help="who fills it in")
    made.add_argument("--first-day", type=date.fromisoformat, metavar="DATE", help="the file's date if not told")
    made.add_argument("--folder", type=Path, default=FOLDER, help="where the registries are")
    made.add_argument("--dry-run", action="store_true", help="only tell what would be taken in")


def _add_orderers(area: ArgumentParser) -> None:
    commands = {"add": orderers.add, "list": orderers.list_all, "remove": orderers.remove}
    made = _add_plain(area, commands)
    for name in ("add", "remove"):
        made[name].add_argument("name", help="what the registry is called here")
    made["add"].add_argument("url", help="its base address, to which news of its orders go")


def _add_national(area: ArgumentParser) -> None:
    commands = {"list": national.list_unknown, "made": national.made, "not-made": national.not_made}
    made = _add_plain(area, commands)
    for name in ("made", "not-made"):
        made[name].add_argument("order", help="our order, as list shows it")
    made["made"].add_argument("id", help="their id of it")


def _account() -> str:
    """Whoever is logged in; containers run under numbers that have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid-{os.getuid()}"


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=OSLO)


def _environment(demo: Path | None) -> Mapping[str, str]:
    if demo is None:
        return os.environ
    if not demo.is_dir():
        raise CannotDo(f"No suite in {demo}.")
    return environment(Place(demo.resolve(), port=8000, smtp_port=0))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
