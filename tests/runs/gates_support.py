"""What the tests of gates share."""

from django.contrib.auth.models import Permission, User

from runs.models import Gate, Run


def state(gate: Gate) -> tuple[str, str, str]:
    gate.refresh_from_db()
    run = Run.objects.get(pk=gate.run_id)
    return gate.state, gate.decision, run.state


def allow(user: User) -> User:
    """Give the permission to answer any gate."""
    user.user_permissions.add(Permission.objects.get(codename="answer_gate"))
    return User.objects.get(pk=user.pk)
