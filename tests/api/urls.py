"""The project's routes with the handlers of `project.errors`, for requests no view ever sees."""

from project.urls import urlpatterns

__all__ = ["urlpatterns"]

handler400 = "project.errors.bad_request"
handler404 = "project.errors.page_not_found"
handler500 = "project.errors.server_error"
