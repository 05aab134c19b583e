"""Pages of chats."""

from django.urls import path

from chat import pages

urlpatterns = [
    path("chats/", pages.chats, name="chats"),
    path("chats/new/", pages.new_chat, name="new-chat"),
    path("chats/<uuid:pk>/", pages.chat, name="chat"),
    path("chats/<uuid:pk>/say/", pages.say, name="say"),
    path("chats/<uuid:pk>/profile/", pages.profile, name="chat-profile"),
    path("chats/<uuid:pk>/gates/<uuid:gate>/decide/", pages.decide, name="decide-in-chat"),
]
