"""A token for a user name and password, tried only so often."""

from rest_framework.authtoken.views import ObtainAuthToken

from runs.api.parsers import Json
from runs.api.throttles import PerUser


class ObtainToken(ObtainAuthToken):
    """Give the user's token, for the Authorization header."""

    post_limit = "runs"
    throttle_classes = (PerUser,)
    parser_classes = (Json,)
    authentication_classes = ()
