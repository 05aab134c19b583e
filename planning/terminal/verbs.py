"""What each word after `cairn` does. Each function returns the exit code."""

from collections.abc import Callable
from uuid import UUID

from files.exceptions import Refused
from planning import actions, shapes
from planning.actions import Wish
from planning.exceptions import PlanningError
from planning.models import Entity, Plan
from planning.terminal import deciding, documents, finding, listing, plans
from runs import actions as run_actions
from runs import gates
from runs import shapes as run_shapes
from runs.models import Run
from runs.terminal import exits, products
from runs.terminal.exits import CommandFailed
from runs.terminal.following import working
from runs.terminal.terminal import Terminal, Verb

MOST_LISTED = 1000
REFUSALS = (PlanningError, Refused)
products.register(plans.PRODUCT)


def plan(terminal: Terminal) -> int:
    given = terminal.given
    wish = Wish(
        goal=given.goal,
        max_iterations=given.iterations,
        checkpoint_interval=given.interval,
        documents=documents.attached(given.document, terminal.user),
        deadline_seconds=given.deadline,
        four_eyes=given.four_eyes,
        engine=given.engine,
    )
    wish.check()
    with working():
        return _started(terminal, actions.propose(wish, by=terminal.user))


def _started(terminal: Terminal, started: Plan) -> int:
    terminal.screen.result("plan_accepted", shapes.summary(started))
    terminal.screen.say(f"Plan {str(started.pk)[:8]} for {terminal.user}. Ctrl-C detaches.", "dim")
    return terminal.follow(started.run)


def branch(terminal: Terminal) -> int:
    given = terminal.given
    origin = finding.plan(terminal.user, given.name)
    with working():
        copy = actions.branch(origin, given.checkpoint, by=terminal.user, guidance=given.guidance)
        return _started(terminal, copy)


def follow(terminal: Terminal) -> int:
    found = finding.run(terminal.user, terminal.given.name)
    with working():
        return terminal.follow(found, after=max(0, terminal.given.after))


def answer(terminal: Terminal) -> int:
    return deciding.decide(terminal, finding.gate(terminal.user, terminal.given.name).pk)


def list_(terminal: Terminal) -> int:
    given = terminal.given
    plans = Plan.objects.visible_to(terminal.user).select_related("run", "created_by", "entity")
    if given.state:
        plans = plans.filter(run__state=given.state)
    limit = min(MOST_LISTED, max(1, given.limit))
    found = [shapes.summary(one) for one in plans[:limit]]
    if given.json:
        return terminal.dump(found)
    listing.plans(terminal.screen, found)
    return exits.OK


def inbox(terminal: Terminal) -> int:
    waiting = list(finding.waiting(terminal.user)[:MOST_LISTED])
    found = [run_shapes.gate(one) for one in waiting]
    if terminal.given.json:
        return terminal.dump(found)
    own = {str(one.pk) for one in waiting if gates.may_answer(terminal.user, one)}
    listing.inbox(terminal.screen, found, lambda gate: "you" if gate["id"] in own else "others")
    return exits.OK


def show(terminal: Terminal) -> int:
    found = shapes.plan(finding.plan(terminal.user, terminal.given.name))
    if terminal.given.json:
        return terminal.dump(found)
    listing.plan(terminal.screen, found)
    return exits.OK


def memory(terminal: Terminal) -> int:
    visible = Entity.objects.visible_to(terminal.user)
    name = terminal.given.name
    if name is None:
        found = list(visible[:MOST_LISTED])
        if terminal.given.json:
            return terminal.dump([{"slug": one.slug, "title": one.title} for one in found])
        listing.entities(terminal.screen, [shapes.entity(one) for one in found])
        return exits.OK
    entity = visible.filter(slug=name).first()
    if entity is None:
        raise CommandFailed(f"There is no entity {name!r} that you may see.")
    if terminal.given.json:
        return terminal.dump({"slug": entity.slug, "title": entity.title, "body": entity.body})
    listing.entity(terminal.screen, {"title": entity.title, "body": entity.body})
    return exits.OK


def _control(terminal: Terminal, act: Callable[[UUID], Run]) -> int:
    found = finding.own_run(terminal.user, terminal.given.name)
    changed = act(found.pk)
    if terminal.given.json:
        return terminal.dump(run_shapes.run(Run.objects.select_related("stream").get(pk=found.pk)))
    asked = " (asked; its worker stops soon)" if changed.state == Run.State.RUNNING else ""
    terminal.screen.say(f"The run is {changed.state}{asked}.")
    return exits.OK


def cancel(terminal: Terminal) -> int:
    reason = f"Cancelled by {terminal.user} in a terminal."
    return _control(terminal, lambda run_id: run_actions.cancel(run_id, reason=reason))


def pause(terminal: Terminal) -> int:
    return _control(terminal, run_actions.pause)


def resume(terminal: Terminal) -> int:
    return _control(terminal, run_actions.resume)


VERBS: dict[str, Verb] = {
    "plan": plan,
    "branch": branch,
    "follow": follow,
    "answer": answer,
    "list": list_,
    "inbox": inbox,
    "show": show,
    "memory": memory,
    "cancel": cancel,
    "pause": pause,
    "resume": resume,
}
