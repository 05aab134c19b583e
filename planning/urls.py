"""Pages of planning."""

from django.urls import path

from planning.pages import memory, plans, strategies

urlpatterns = [
    path("", plans.home, name="home"),
    path("plans/new/", plans.new_plan, name="new-plan"),
    path("plans/<uuid:pk>/", plans.plan, name="plan"),
    path("plans/<uuid:pk>/sources/<str:name>/", plans.source, name="source"),
    path("strategies/", strategies.strategies, name="strategies"),
    path("strategies/new/", strategies.new_strategy, name="new-strategy"),
    path("strategies/<uuid:pk>/", strategies.strategy, name="strategy"),
    path("strategies/<uuid:pk>/sources/<str:name>/", strategies.source, name="strategy-document"),
    path("gates/<uuid:pk>/decide/", plans.decide, name="decide"),
    path("inbox/", plans.inbox, name="inbox"),
    path("inbox/waiting/", plans.waiting, name="waiting"),
    path("memory/", memory.memory_list, name="memory"),
    path("memory/<slug:slug>/", memory.entity, name="entity"),
]
