"""Every factory makes a row that its own model calls valid."""

import pytest

import tests.factories as made

FACTORIES = [name for name in made.__all__ if name.endswith("Factory")]


@pytest.mark.django_db
@pytest.mark.parametrize("name", FACTORIES)
def test_factory_makes_a_valid_row_twice(name: str) -> None:
    factory = getattr(made, name)
    first, second = factory(), None
    first.refresh_from_db()
    first.full_clean()
    if name not in {"MunicipalityFactory", "QualificationFactory"}:
        second = factory()
        assert second.pk != first.pk


@pytest.mark.django_db
def test_choice_factory_for_an_offering_has_no_series() -> None:
    choice = made.RegistrationChoiceFactory(offering=made.OfferingFactory())
    assert choice.series is None
