"""The durable event log and its readers: what happened, in what order, and who is listening.

Public surface: `log` (append, read_after, prune), `events` (Event and its envelopes), `hub`
(wake-ups), `reader` (follow a stream), `views` (serve one over HTTP), `group` (group commit),
`sources` (what the apps above tell of a stream).
"""
