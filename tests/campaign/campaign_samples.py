"""The two sample files of the design, and a small campaign to break."""

CAMPAIGN = """\
# campaign.yaml
name: autumn-networking
purpose: prospecting      # prospecting newsletter promotion relationship press introduction event
language: fr              # BCP 47
register: vous            # optional: what the text is meant to be
from: Stéphanie Durand <stephanie@example.org>
reply_to: stephanie@example.org
subject: "{{ first_name }}, faisons connaissance"
preheader: "..."
body:                     # at least one; a path, relative to this file
  html: invitation.html
  text: invitation.txt
  dialect: jinja          # optional: found out from the text when it is clear
headers: {List-Unsubscribe: "<https://...>", List-Unsubscribe-Post: List-Unsubscribe=One-Click}
audience:
  contacts: contacts.csv  # a path or a list of them
  columns: {Prénom: first_name, Courriel: email}    # usual names are known already
  where: relationship is null and unsubscribed is not true  # a SQL condition
  exclude: [known.csv]    # lists of addresses (or whole domains) to leave out
  expect:                 # assertions: tests for data
    count: [200, 400]
    every: country in ('FR', 'BE')
    none: known_since < '2020-01-01'
delivery:
  mode: individual        # individual | bcc | visible
  send_at: 2026-11-03T08:00:00+01:00
acknowledge: {sensitive-topic: "checked with the family, 2026-10-30, A. Roy"}
"""

CONFIG = """\
ledger:                   # each: a path or a list; columns as for contacts; email or domain
  clients: crm/clients.csv          # relationship, known_since, register, language, owner
  known: crm/network.csv
  press: crm/press.csv
  suppressed: [exports/unsubscribed.csv, exports/bounced.csv]
  disputes: crm/disputes.csv        # since, until, owner, allow (purposes)
  holds: crm/holds.csv              # kind, since, until, owner, allow
  referrals: crm/referrals.csv      # introduced_by, introduced_at, consent
  incidents: ops/incidents.yaml     # id, since, until, affects, updates
  internal: [example.org]           # domains or lists: your own people; competitors: likewise
  seeds: [qa@example.org]           # your own test addresses: no rule speaks of them
rules:
  long-subject: off
  bulk-press-send: {severity: error, max_recipients: 1}
ignore:
  - {rule: role-address, path: campaigns/press/**, reason: "newsrooms are reached there", until: 2027-01-31}
"""

SMALL = """\
name: x
purpose: press
from: A <a@example.org>
body: {html: a.html}
audience:
  contacts: c.csv
"""
