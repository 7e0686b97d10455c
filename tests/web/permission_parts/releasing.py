"""What a release changes for each person: for coordinators of the whole region."""

from people.enums import Role
from tests.web.permission_row import Row, only

WHO = (Role.COORDINATOR.value,)
PAGE = "publishing:release_people"

ROWS: list[Row] = [
    only(WHO, PAGE, "hand_draft", otherwise=403),
    # A press for nobody: there is no such person on the page.
    only(WHO, PAGE, "hand_draft", otherwise=403, answer=404, method="post"),
]
