"""Lists as they come out of address books: columns and words in three languages, empty cells, a few
people who want no mail. The same rows every time."""

from __future__ import annotations

import csv
import io
import random
from functools import cache

ROWS = 300

_FIELDS = {
    "en": (
        "email", "first_name", "country", "city", "language", "relationship", "known_since",
        "status", "unsubscribed", "unsubscribed_at", "do_not_contact", "consent",
        "newsletter_optin", "score", "age", "plan", "last_order", "vip", "industry",
    ),
    "fr": (
        "Courriel", "Prénom", "Pays", "Ville", "Langue", "Relation", "Connu depuis",
        "Statut", "Désinscrit", "Désinscrit le", "Ne pas contacter", "Consentement",
        "Optin newsletter", "Points", "Âge", "Formule", "Dernière commande", "Privilégié", "Secteur",
    ),
    "de": (
        "E-Mail", "Vorname", "Land", "Ort", "Sprache", "Beziehung", "Bekannt seit",
        "Status", "Abgemeldet", "Abgemeldet am", "Nicht kontaktieren", "Einwilligung",
        "Optin Newsletter", "Punkte", "Alter", "Tarif", "Letzte Bestellung", "Stammkunde", "Branche",
    ),
}  # fmt: skip
_WORDS = {
    "en": {
        "cities": ("London", "Leeds", "Dublin", "Boston", "Halifax"),
        "known": ("client", "partner", "friend", "supplier"), "new": "prospect",
        "on": "subscribed", "off": "unsubscribed", "yes": "yes", "given": "express",
        "plans": ("basic", "standard", "premium"),
        "industries": ("retail", "logistics", "healthcare", "education"),
        "names": ("Ada", "Ben", "Cleo", "Dev", "Eve"), "countries": ("GB", "IE", "US", "CA"),
    },
    "fr": {
        "cities": ("Paris", "Lyon", "Saint-Étienne", "Liège", "Genève"),
        "known": ("client", "partenaire", "ami", "fournisseur"), "new": "prospect",
        "on": "inscrit", "off": "désinscrit", "yes": "oui", "given": "express",
        "plans": ("découverte", "standard", "premium"),
        "industries": ("commerce", "logistique", "santé", "enseignement"),
        "names": ("Inès", "Loïc", "Maud", "Noé", "Zoé"), "countries": ("FR", "BE", "CH", "LU"),
    },
    "de": {
        "cities": ("München", "Köln", "Wien", "Zürich", "Graz"),
        "known": ("Kunde", "Partner", "Freund", "Lieferant"), "new": "Interessent",
        "on": "angemeldet", "off": "abgemeldet", "yes": "ja", "given": "express",
        "plans": ("Einstieg", "Standard", "Premium"),
        "industries": ("Handel", "Logistik", "Gesundheit", "Bildung"),
        "names": ("Jan", "Lena", "Omar", "Pia", "Uwe"), "countries": ("DE", "AT", "CH", "LI"),
    },
}  # fmt: skip


@cache
def crm_list(language: str) -> str:
    """A list of three hundred contacts as CSV: nearly half of them known, the others new."""
    chance = random.Random(language)
    words = _WORDS[language]
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(_FIELDS[language])
    for number in range(ROWS):
        known = number % 9 < 4
        gone = number % 17 == 5
        country = chance.choice(words["countries"])
        write(
            (
                f"p{number}@firm{number}.example",
                chance.choice(words["names"]),
                country,
                chance.choice(words["cities"]) if number % 10 else "",
                language
                if number % 5
                else chance.choice([one for one in _FIELDS if one != language]),
                chance.choice(words["known"]) if known else (words["new"] if number % 3 else ""),
                f"20{chance.randint(10, 24)}-0{chance.randint(1, 9)}-15" if known else "",
                words["off"] if gone else words["on"],
                str(gone).lower(),
                "2025-03-01" if gone else "",
                words["yes"] if number % 40 == 1 else "",
                words["given"] if number % 4 and not gone else "",
                "false" if gone or number % 6 == 0 else "true",
                chance.randint(1, 100),
                chance.randint(18, 80),
                chance.choice(words["plans"]),
                f"2026-0{chance.randint(1, 9)}-{chance.randint(10, 28)}" if number % 7 else "",
                chance.choice(("true", "false", "")),
                chance.choice(words["industries"]) if number % 8 else "",
            )
        )
    return out.getvalue()
