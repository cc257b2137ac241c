"""Reading what providers send: files judged, workbooks opened, headings found, values understood."""
