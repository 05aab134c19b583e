"""Pages of planning."""

from django.urls import path

from planning import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("plans/new/", pages.new_plan, name="new-plan"),
    path("plans/<uuid:pk>/", pages.plan, name="plan"),
    path("plans/<uuid:pk>/sources/<str:name>/", pages.source, name="source"),
    path("gates/<uuid:pk>/decide/", pages.decide, name="decide"),
    path("inbox/", pages.inbox, name="inbox"),
    path("inbox/waiting/", pages.waiting, name="waiting"),
    path("memory/", pages.memory_list, name="memory"),
    path("memory/<slug:slug>/", pages.entity, name="entity"),
]
