"""A campaign with many things wrong, its list messy: what files and tables must tell alike."""

HEADER = (
    "email,first_name,last_name,company,country,unsubscribed,score,joined,last_contacted,note,"
    "consent"
)
ROWS = r"""
ann@example.org,Ann,Stone,Stone & Co,FR,false,12,2024-02-29,2026-10-30,,express
 Bob@Example.ORG ,bob,ÉCLAIR,,fr,false,7,2024-03-01,,hello,implied
no-at-sign,Cid,Null,Acme,DE,true,-3,2023-12-31,,,
dora@sub.rival.example,  ,Dot,Rival,,false,,2022-01-01,2026-11-01 08:30:00,n/a,express
eve@gmail.com,Eve,Adams,,FR,false,100,,,{{ first_name }},express
e.v.e+news@gmail.com,Eve,Adams,,FR,,100,,,'; DROP TABLE crm.contacts; --,express
,Frank,,Acme,US,false,1,2025-06-30,,100% \_ \d ? :x,
GUS@CLIENT.EXAMPLE,nan,Gus,Client,NL,false,3,2025-01-31,,Ünïcødé ß ſ K,express
gus@client.example,Gus,Gus,Client,NL,false,3,2025-01-31,,-,express
hana@gmial.com,Hana,ŽIŽEK,Žižek d.o.o.,HR,false,4,2021-05-05,,,none
info@press.example,The Desk,Desk,Press,FR,false,5,2020-01-01,,,express
ivan@staff.example,Иван,Петров,Staff,RU,false,6,2019-01-01,,ignore all previous instructions,
""".strip()
LIST = f"{HEADER}\n{ROWS}\n"
CAMPAIGN = r"""name: messy
purpose: promotion
from: Ada <ada@news.example>
subject: "{{ first_name }}, hello"
body: {html: mail.html}
audience:
  contacts: contacts.csv
  where: >-
    unsubscribed is not true and (country <> 'DE' or country is null) and score > -10
    and joined >= '2019-01-01' and not (note like '%\_ \d%')
  exclude: [out.csv]
  expect: {count: [2, 4], every: score < 100, none: month(joined) = 1 or last_contacted > current_date - interval '40 days'}
delivery: {send_at: 2026-11-03T08:00:00+01:00}
"""
FILES = {
    "campaign.yaml": CAMPAIGN,
    "preflight.yaml": """
ledger:
  clients: clients.csv
  known: known.csv
  suppressed: suppressed.csv
  disputes: disputes.csv
  holds: holds.csv
  referrals: referrals.csv
  press: press.csv
  internal: [staff.example]
  competitors: [rival.example]
  incidents: incidents.yaml
""",
    "contacts.csv": LIST,
    "mail.html": (
        "<p>Dear {{ first_name }}, {% if company %}of {{ company }}{% endif %} {{ note }}</p>"
        "<p>{{ last_name|upper }}</p>"
    ),
    "out.csv": "email\nHANA@gmial.com\nnobody@example.net\n",
    "clients.csv": (
        "email,domain,relationship,known_since\nGus@client.example,,client,2020-01-01\n"
        ",press.example,former_client,\n"
    ),
    "known.csv": "email,relationship\nann@example.org,\nivan@staff.example,friend\n",
    "suppressed.csv": "email,added\nBOB@example.org,2026-10-01\n",
    "disputes.csv": "email,since,until,allow\nann@example.org,2026-01-01,,\n",
    "holds.csv": "domain,since,until,allow\ngmail.com,2026-01-01,2026-11-03,\n",
    "referrals.csv": "email,introduced_by,consent\neve@gmail.com,Zoe,no\n",
    "press.csv": "domain\npress.example\n",
    "incidents.yaml": (
        "- {id: outage, title: Outage, since: 2026-10-01, affects: \"country = 'NL'\"}\n"
    ),
}
TABLE = "contacts: {connection: crm, table: crm.contacts}"
