"""The numbers: on a page with filters, as a report to print, as a file."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from bot.cases.handoffs import NEEDS
from bot.cases.summary import language_name
from bot.console.fields import day, today
from bot.console.numbers_words import Words
from bot.console.visits import StaffVisit
from bot.db.base import now
from bot.errors import RefusedError
from bot.numbers import export as files
from bot.numbers.period import PRESETS, Period, Scope, preset
from bot.numbers.report import Report, build
from bot.staff import teams
from bot.stories.reports import AgreedStories

FIELDS = ("days", "first", "last", "language", "need", "team")
OWN_DAYS = "own"


def page(visit: StaffVisit) -> Response:
    return _page(visit, _scope(visit))


def page_again(visit: StaffVisit) -> Response:
    """What was asked made no sense: this month, with all that was typed still in the form."""
    return _page(visit, Scope(preset(PRESETS[0], today())))


def report_page(visit: StaffVisit) -> Response:
    made = _built(visit, _scope(visit))
    values = as_values(Words(visit.session, made), made)
    return visit.page("numbers_report.html", 200, query=_query(visit), organisation=visit.house.settings.organisation, **values)


def export(visit: StaffVisit) -> Response:
    """One CSV with every table."""
    scope = _scope(visit)
    visit.record("numbers.export", "numbers:csv", _query(visit))
    body = files.as_csv(Words(visit.session, made := _built(visit, scope)).in_one())
    name = f"numbers-{made.scope.period.first.isoformat()}-{made.scope.period.last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def as_values(words: Words, report: Report) -> dict[str, object]:
    """What the templates of a report need, in words."""
    return {
        "span": words.span(),
        "made_at": report.at,
        "heads": words.heads(),
        "sections": [(name, words.tables(name)) for name in report.sections],
        "cautions": words.cautions(),
        "stories": report.stories,
        "narrowed": words.narrowed(),
    }


def _page(visit: StaffVisit, scope: Scope) -> Response:
    report = _built(visit, scope)
    chosen = visit.query("days") or PRESETS[0]
    return visit.page(
        "numbers.html",
        200,
        chosen=chosen if chosen in (*PRESETS, OWN_DAYS) else PRESETS[0],
        choices=(*PRESETS, OWN_DAYS),
        given={name: visit.query(name)[:40] for name in FIELDS},
        first=visit.query("first")[:10] or scope.period.first.isoformat(),
        last=visit.query("last")[:10] or scope.period.last.isoformat(),
        languages=sorted(visit.house.settings.languages, key=language_name),
        needs=sorted(NEEDS),
        teams=teams.listed(visit.session),
        query=_query(visit),
        **as_values(Words(visit.session, report), report),
    )


def _built(visit: StaffVisit, scope: Scope) -> Report:
    return build(visit.session, visit.house, scope, now(), AgreedStories())


def _scope(visit: StaffVisit) -> Scope:
    """Raises RefusedError: numbers_days, numbers_filter."""
    chosen = visit.query("days") or PRESETS[0]
    try:
        own = chosen == OWN_DAYS
        period = Period(day(visit.query("first")), day(visit.query("last"))) if own else preset(chosen, today())
    except RefusedError as error:
        raise RefusedError(str(error), "numbers_days") from error
    language, need, team = visit.query("language"), visit.query("need"), visit.query("team")
    known = {str(row.id) for row in teams.listed(visit.session)}
    if language not in ("", *visit.house.settings.languages) or need not in ("", *NEEDS) or team not in ("", *known):
        raise RefusedError("there is no such language, need or team", "numbers_filter")
    return Scope(period, language, need, int(team) if team else None)


def _query(visit: StaffVisit) -> str:
    return urlencode({name: value for name in FIELDS if (value := visit.query(name)[:40])})
