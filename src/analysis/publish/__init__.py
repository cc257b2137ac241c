"""Pages: a finished run as a report that stands on its own, and the site over all reports."""
