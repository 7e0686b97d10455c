"""Addresses of publishing. The feed's path is masked in logs (config.logging)."""

from django.urls import path

from publishing.views.feed import feed

app_name = "publishing"
urlpatterns = [
    path("agenda/<str:token>/gem.ics", feed, name="feed"),
]
