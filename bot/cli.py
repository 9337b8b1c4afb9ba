"""The `useit` commands. Output for scripts goes to stdout, progress and problems to stderr; a refusal is one line and exit 2."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable
from importlib import import_module

from bot.errors import UseItError
from bot.house import House
from bot.settings import Settings
from engine.errors import EngineError


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        return int(options.run(options))
    except (UseItError, EngineError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def later(name: str) -> Callable[[argparse.Namespace], int]:
    """A command of bot/commands ("module.function") that is imported when it is run: most need no engine, which takes seconds."""
    module, _, function = name.partition(".")
    return lambda options: int(getattr(import_module(f"bot.commands.{module}"), function)(options))


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def open_house() -> House:
    return House.open(Settings.read())


def up(options: argparse.Namespace) -> int:
    from bot import app, prepare
    from bot.knowledge import snapshot
    from bot.staff.first import first_admin_link

    house = open_house()
    with prepare.running(house):
        archive = prepare.everything(house, tell)
        tell("Loading the engine ...")
        engine = app.engine_in_use(house, archive)
        tell("Asking it something ...")
        asyncio.run(engine.parse("hello"))
        with house.sessions() as session:
            _ = snapshot.current(session).term_index  # takes seconds: nobody's first question should

        def ready() -> None:
            url = house.settings.public_url
            print(f"\nWeb chat:  {url}/\nConsole:   {url}/console", flush=True)
            print(f"Telegram:  {'on, ' + house.settings.telegram_mode if house.settings.telegram_token else 'off'}")
            if link := first_admin_link(house):
                print(f"First admin, once, within 24 hours:\n           {link}")
            print("Stop with Ctrl-C.", flush=True)

        asyncio.run(app.serve(house, engine, ready))
    tell("Stopped.")
    return 0


def work(options: argparse.Namespace) -> int:
    from bot import app, prepare

    house = open_house()
    prepare.keys(house)
    engine = app.engine_in_use(house, prepare.trained(house, tell))
    tell("Working. Stop with Ctrl-C.")
    app.work(house, engine)
    return 0


def train(options: argparse.Namespace) -> int:
    from bot import prepare

    print(prepare.trained(open_house(), tell))
    return 0


def _help(parser: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    def show(_: argparse.Namespace) -> int:
        parser.print_help()
        return 0

    return show


def _parser() -> argparse.ArgumentParser:
    from bot.commands import asked, audit, installation, keys, knowledge, models, numbers, report, skills, translations
    from bot.staff.permissions import ROLES

    parser = argparse.ArgumentParser(prog="useit", description="USE-IT! Bridge")
    verbs = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def verb(name: str, run: object, text: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    verb("up", up, "run everything: web chat, console, and Telegram with a token")
    verb("work", work, "run one more conversation worker (PostgreSQL)")
    verb("train", train, "train the model when data/, domain.yml or config.yml changed")
    verb("doctor", later("doctor.doctor"), "say what is missing or wrong, and the mend")
    say = verb("say", later("say.say"), "send a text the whole real way and print what the person would see")
    say.add_argument("--lang", help="the person's language")
    say.add_argument("--chat", default="cli", help="which conversation (default: cli)")
    say.add_argument("--json", action="store_true", help="print JSON")
    say.add_argument("text")
    for name, run, text in (
        ("parse", later("lines.parse"), "the understanding of each line; nothing is stored"),
        ("explain", later("lines.explain"), "the terms in a question about a word, and the answer"),
        ("decode", later("lines.decode"), "the terms and dates in a letter"),
    ):
        command = verb(name, run, text)
        command.add_argument("--jsonl", action="store_true", help="JSON lines on stdin and stdout")
        command.add_argument("--lang", help="the language, without --jsonl")
        command.add_argument("text", nargs="*", help="one text, without --jsonl")
    asked.add_to(verbs.add_parser("asked", help="what people asked and the bot did not know"))
    models.add_to(verbs.add_parser("model", help="train a model from your examples, compare it, use it, go back"))
    measure = verb("evaluate", later("evaluate.evaluate"), "how well messages of known meaning are understood, with a page")
    measure.add_argument("file", help="tab-separated: lang, intent, text, and where they apply term, profession, country, need")
    measure.add_argument("--html", help="where to write the page (default: var/evaluation.html)")
    measure.add_argument("--json", action="store_true", help="print JSON")
    measure.add_argument("--wrong", action="store_true", help="also print what was misunderstood, on stderr")
    knowledge.add_to(verbs.add_parser("knowledge", help="load, import and export what the bot knows"))
    translations.add_to(verbs.add_parser("translations", help="how far they are; files for translators outside, and back"))
    keys.add_to(verbs.add_parser("keys", help="check and change the keys that seal what people told us"))
    invite = verb("invite", later("staff.invite"), "print a one-time link for a new account")
    invite.add_argument("role", choices=list(ROLES))
    invite.add_argument("--lang", nargs="+", default=[], help="the languages that a reviewer reads")
    audit.add_to(verbs.add_parser("audit", help="check or export the record of what staff saw and did"))
    numbers.add_to(verb("numbers", numbers.numbers, "the numbers of some days, as the report shows them"))
    report.add_to(verbs.add_parser("report", help="the report of a trial, as HTML, PDF and CSV"))
    skills.add_to(verbs.add_parser("skills", help="check the list of skills, and import ESCO's"))
    holidays = verb("holidays", later("holidays.update"), "fetch newer bank holidays from GOV.UK; never needed")
    holidays.add_argument("what", choices=["update"])
    installation.add_settings(verbs.add_parser("settings", help="list and change what can be changed while the program runs"))
    installation.add_stop(
        verb("stop", installation.stop, "the bot says at once that it is closed; danger and caseworkers still work")
    )
    verb("start-again", installation.start_again, "ends a stop")
    verb("test", later("staff.not_here"), "run the test suite (through ./useit)")
    verb("help", _help(parser), "this text")
    return parser


if __name__ == "__main__":
    sys.exit(main())
