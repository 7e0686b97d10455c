"""Release, calendar, feeds and exports of a published schedule."""
