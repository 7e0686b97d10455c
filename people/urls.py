"""Addresses of what a person may know about the use of his own data."""

from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("mijn-gegevens/inzage/", views.looked, name="looked"),
]
