"""Splitting a group in a draft: for who plans the whole region."""

from tests.web.permission_row import Row, coordinators, planners

SPLIT = ("hand_draft", "hand_session")
ROWS: list[Row] = [
    planners("scheduling:split", *SPLIT),
    coordinators("scheduling:split", *SPLIT, data={"namen": "1"}),
    # This draft does not decide on the group, and is said to be what is wrong.
    planners("scheduling:split", *SPLIT, method="post", answer=409),
]
