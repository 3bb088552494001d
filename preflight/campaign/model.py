"""The definition of a campaign, as written in ``campaign.yaml``: frozen models that refuse unknown
keys.

Scalars arrive as text (`preflight.campaign.located`) and are typed here, so ``country: NO`` stays
NO. Where each value stands is kept beside the model, in `Places`.
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    model_validator,
)

from preflight.campaign import checks
from preflight.campaign.places import Places

if TYPE_CHECKING:
    from preflight.source import Excerpt, Span


class Purpose(enum.StrEnum):
    """Why a campaign is sent. Most rules depend on it."""

    PROSPECTING = "prospecting"
    NEWSLETTER = "newsletter"
    PROMOTION = "promotion"
    RELATIONSHIP = "relationship"
    PRESS = "press"
    INTRODUCTION = "introduction"
    EVENT = "event"
    SERVICE = "service"
    INCIDENT = "incident"
    APOLOGY = "apology"


class Mode(enum.StrEnum):
    """How the mail is addressed: one mail for each, all in Bcc, or all in To."""

    INDIVIDUAL = "individual"
    BCC = "bcc"
    VISIBLE = "visible"


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[
    tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | tuple[str, ...])
]
"""A text or a list of them."""

Paths = Texts
"""A path or a list of them, relative to the file that names them."""

Moment = Annotated[
    dt.datetime, BeforeValidator(checks.moment, json_schema_input_type=dt.datetime | dt.date)
]
"""A date and time in ISO 8601; a date alone is its midnight."""

Date = Annotated[dt.date, BeforeValidator(checks.date, json_schema_input_type=dt.date)]
"""A date in ISO 8601."""


class Model(BaseModel):
    """What all parts of a definition share."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Body(Model):
    """The parts of the mail, at least one: paths relative to the campaign file."""

    html: str | None = Field(None, description="path of the HTML template")
    text: str | None = Field(None, description="path of the plain-text template")
    dialect: str | None = Field(None, description="merge-tag dialect; found out when it is clear")

    @model_validator(mode="after")
    def _one_part(self) -> Body:
        if self.html is None and self.text is None:
            raise checks.refused("“body” needs at least one part: html or text")
        return self


Count = Annotated[
    tuple[int, int],
    BeforeValidator(checks.count, json_schema_input_type=int | tuple[int, int]),
    AfterValidator(checks.count_in_order),
]
"""The smallest and the largest number that fit; one number stands for both."""


class Expect(Model):
    """Assertions on the chosen contacts: tests for data."""

    count: Count | None = Field(
        None, description="smallest and largest audience, or one exact number"
    )
    every: Texts = Field(
        (), description="conditions that hold for every recipient; NULL does not satisfy them"
    )
    none: Texts = Field((), description="conditions that hold for no recipient; NULL is no hit")


class ContactsTable(Model):
    """A table or a view in which the contacts live, or what is known about them. The URL of the
    connection comes from the variable ``PREFLIGHT_CONNECTION_<NAME>`` of the environment."""

    connection: Annotated[str, AfterValidator(checks.connection_name)] = Field(
        description="the name of the connection: PREFLIGHT_CONNECTION_<NAME> holds its URL"
    )
    table: Annotated[str, AfterValidator(checks.table_name)] = Field(
        description="schema.table, of a table or a view"
    )


def _kind_of_contacts(value: Any) -> str:
    named = isinstance(value, dict) and not {"connection", "table"}.isdisjoint(value)
    return checks.TAGS[named or isinstance(value, ContactsTable)]


Contacts = Annotated[
    Annotated[Paths, AfterValidator(checks.some), Tag(checks.TAGS[0])]
    | Annotated[ContactsTable, Tag(checks.TAGS[1])],
    Discriminator(_kind_of_contacts),
]


Lists = Annotated[
    Annotated[Paths, Tag(checks.TAGS[0])] | Annotated[ContactsTable, Tag(checks.TAGS[1])],
    Discriminator(_kind_of_contacts),
]
"""A path or a list of them, or the table that holds the list."""


Excluded = Annotated[
    tuple[
        Annotated[
            Annotated[str, Tag(checks.TAGS[0])] | Annotated[ContactsTable, Tag(checks.TAGS[1])],
            Discriminator(_kind_of_contacts),
        ],
        ...,
    ],
    BeforeValidator(
        lambda value: [value] if isinstance(value, (str, dict, ContactsTable)) else value,
        json_schema_input_type=str | ContactsTable | tuple[str | ContactsTable, ...],
    ),
]
"""A path or a table, or a list of them."""


class AudienceDefinition(Model):
    """Who gets it: the lists, the segment filter, the exclusions, the assertions."""

    contacts: Contacts = Field(description="the recipient lists, or the table that holds them")
    columns: dict[str, str] = Field(
        default_factory=dict, description="column of the list: name used from then on"
    )
    where: str | None = Field(None, description="a SQL condition: who gets it")
    exclude: Excluded = Field((), description="lists of addresses or whole domains to leave out")
    expect: Expect = Field(default_factory=Expect)


class Delivery(Model):
    """How and when it is sent."""

    mode: Mode = Mode.INDIVIDUAL
    send_at: Moment | None = Field(None, description="ISO 8601, with the zone")


class Campaign(Model):
    """One campaign: who sends what to whom, and why."""

    name: Annotated[str, AfterValidator(checks.not_blank)]
    purpose: Purpose
    language: Annotated[str, AfterValidator(checks.language_tag)] | None = Field(
        None, description="BCP 47, as fr or pt-BR"
    )
    register_: str | None = Field(
        None, alias="register", description="what the text is meant to be: tu, vous, du, Sie, ..."
    )
    from_: Annotated[str, AfterValidator(checks.one_sender)] = Field(
        alias="from", description="the sender, as Name <address>"
    )
    reply_to: str | None = None
    subject: str | None = None
    preheader: str | None = None
    body: Body
    headers: dict[Annotated[str, AfterValidator(checks.header_name)], str] = Field(
        default_factory=dict, description="further header fields; values may hold merge tags"
    )
    audience: AudienceDefinition
    delivery: Delivery = Field(default_factory=Delivery)
    acknowledge: dict[str, str] = Field(
        default_factory=dict, description="rule: who checked it by hand, and when"
    )

    _places: Places = PrivateAttr(default_factory=Places)

    @property
    def places(self) -> Places:
        """Where each value stands in the campaign file."""
        return self._places

    @property
    def path(self) -> str:
        """The campaign file, as shown to people."""
        return self._places.source.path

    def span(self, *route: str | int) -> Span:
        """The place of the value at ``route`` (``"audience", "where"``), else of what holds it."""
        return self._places.span(route)

    def key_span(self, *route: str | int) -> Span:
        """The place of the key itself; of the value where it has none."""
        return self._places.key_span(route)

    def excerpt(self, *route: str | int) -> Excerpt | None:
        """The text at ``route`` with the place of each of its letters; None where it is absent."""
        return self._places.excerpt(route)
