"""Addresses of the pages of words, and of the language switch."""

from django.urls import include, path

from config import pages

urlpatterns = [
    path("over/", pages.about, name="about"),
    path("toegankelijkheid/", pages.accessibility, name="accessibility"),
    path("i18n/", include("django.conf.urls.i18n")),
]
