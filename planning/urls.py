"""Pages of planning."""

from django.urls import path

from planning import pages

urlpatterns = [
    path("memory/<slug:slug>/", pages.entity, name="entity"),
]
