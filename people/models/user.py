"""Accounts that sign in by e-mail, and the roles they hold per organisation."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.enums import STAFF_ROLES, Role


class UserManager(BaseUserManager["User"]):
    """Makes accounts by e-mail address; addresses are kept in lower case."""

    def create_user(
        self, email: str, password: str | None = None, **extra: Any
    ) -> User:
        """Make an account; without a password nobody can sign in with one."""
        if not email:
            raise ValueError("an account needs an e-mail address")
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **extra: Any
    ) -> User:
        """Make an account with every technical right."""
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, **extra
        )

    def get_by_natural_key(self, username: str | None) -> User:
        """Find an account whatever the letter case of the address."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Names and contact details belong to Person, not here."""

    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("There is already an account with this address.")},
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the administration pages"), default=False)
    date_joined = models.DateTimeField(_("made on"), default=timezone.now)
    language = models.CharField(
        _("language of the screens"),
        max_length=2,
        choices=[("nl", _("Dutch")), ("en", _("English"))],
        default="nl",
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="people_user_email_lower_case",
                violation_error_message=_("Write the e-mail address in small letters."),
            ),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"

    def clean(self) -> None:
        """Keep addresses in lower case, so that one address is one account."""
        super().clean()
        self.email = self.email.strip().lower()

    @property
    def roles(self) -> frozenset[str]:
        """The roles this account holds anywhere (one query, then remembered)."""
        return frozenset(held.role for held in self._held)

    @property
    def needs_two_factor(self) -> bool:
        """Whether signing in must ask a second factor: any staff role does."""
        return self.is_staff or self.is_superuser or bool(self.roles & STAFF_ROLES)

    def has_role(self, *roles: str) -> bool:
        """Whether the account holds one of the roles, in any organisation."""
        return not self.roles.isdisjoint(roles)

    @property
    def organisation_codes(self) -> str:
        """Codes of the organisations of the roles, sorted, with commas."""
        codes = {m.organisation.code for m in self._held if m.organisation is not None}
        return ",".join(sorted(codes))

    def organisations_for(self, *roles: str) -> frozenset[int] | None:
        """Organisation ids in which one of the roles is held; None = whole region."""
        ids: set[int] = set()
        for held in self._held:
            if roles and held.role not in roles:
                continue
            if held.organisation_id is None:
                return None
            ids.add(held.organisation_id)
        return frozenset(ids)

    def forget_roles(self) -> None:
        """Drop the remembered roles, after memberships changed."""
        self.__dict__.pop("_held_rows", None)

    @property
    def _held(self) -> list[RoleMembership]:
        if "_held_rows" not in self.__dict__:
            self.__dict__["_held_rows"] = (
                list(self.memberships.select_related("organisation")) if self.pk else []
            )
        return self.__dict__["_held_rows"]


class RoleMembership(models.Model):
    """A role of an account in one organisation, or in the whole region (empty)."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name=_("account")
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    organisation = models.ForeignKey(
        "people.Organisation",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("organisation"),
        help_text=_("Leave empty for the whole region."),
    )

    class Meta:
        verbose_name = _("role of an account")
        verbose_name_plural = _("roles of accounts")
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "organisation"],
                nulls_distinct=False,
                name="people_role_once",
                violation_error_message=_("This account already has this role here."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="people_role_known",
                violation_error_message=_("Choose a role from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} ({self.user_id})"
