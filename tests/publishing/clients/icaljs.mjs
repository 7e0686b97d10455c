// Reads an iCalendar file with ical.js (Thunderbird's and Nextcloud's parser) and
// prints its events as JSON. The file's own time zone is used, as those programs do.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.argv[2]);
const ICAL = require("ical.js").default ?? require("ical.js");
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf-8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(new ICAL.Timezone(zone));
}
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    start: event.startDate.toUnixTime(),
    end: event.endDate.toUnixTime(),
    status: component.getFirstPropertyValue("status"),
    sequence: event.sequence,
    title: event.summary,
  };
});
console.log(JSON.stringify(events));
