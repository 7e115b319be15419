"""Which teams have to be read: whoever may be asked about a promotion is known before they press a button.

A team that the catalog only points to is read again before what is known of it gets too old to count, so that
no card turns to "checking" and no admin is refused, and once more after the slot was taken.
"""

from collections.abc import Iterator

from bot.domain.context import TEAM_FRESH, Context, Team
from bot.domain.effects import Lane, LookAtTeam
from bot.domain.ledger import LOOK
from bot.domain.needs import NOW, Need, Scene
from bot.domain.policy import APPROVERS, TeamSource
from bot.domain.promotion import Phase, Promotion
from bot.domain.requirements import fresh_from, role_of, stale_teams

EARLY = 120.0  # seconds before a look gets too old; long enough for a vendor that answers at the third try
SPREAD = 30.0  # seconds over which promotions that need the same team take turns: the first look serves all
LANES: dict[str, Lane] = {"github_team": "github", "pagerduty_schedule": "pagerduty"}


def team_needs(scene: Scene) -> Iterator[Need]:
    """A look at each team that anybody's right to decide about an open promotion rests on."""
    promotion, context = scene.promotion, scene.context
    if not promotion.phase.is_open:
        return
    holds = promotion.phase is Phase.WAITING and context.slot.holder == promotion.id
    since = fresh_from(promotion, context) if holds else NOW
    too_old = stale_teams(promotion, context, since) if promotion.phase is Phase.WAITING else ()
    for team in _teams_of(promotion, context):
        effect = LookAtTeam(key=f"{LOOK}team:{team.name}", team=team, lane=_lane(team.source))
        yield Need(since if team.name in too_old else _next_look(team, promotion, context), effect)


def _teams_of(promotion: Promotion, context: Context) -> tuple[Team, ...]:
    rules = context.rules
    words = (APPROVERS, *role_of(promotion, context), *rules.may_roll_back, *rules.skip_wait, *rules.admins)
    named = (context.team(word) for word in context.expand(words))
    return tuple({team.name: team for team in named if team is not None and not team.is_static}.values())


def _next_look(team: Team, promotion: Promotion, context: Context) -> float:
    if team.at is None or not team.is_fresh(context.now):
        return NOW
    return team.at + TEAM_FRESH - EARLY + SPREAD * _share(promotion)


def _share(promotion: Promotion) -> float:
    """A number from 0 to 1 that is the promotion's own."""
    return int(promotion.correlation[:2] or "0", 16) / 255


def _lane(source: TeamSource) -> Lane:
    return LANES.get(source.kind, "slack")
