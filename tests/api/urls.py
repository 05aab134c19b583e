"""The project's routes as they are to be: with the handlers of `project.errors` and `ObtainToken`."""

from django.urls import path

from project import urls
from runs.api.tokens import ObtainToken

urlpatterns = [path("api/v1/token/", ObtainToken.as_view()), *urls.urlpatterns]

handler400 = "project.errors.bad_request"
handler404 = "project.errors.page_not_found"
handler500 = "project.errors.server_error"
