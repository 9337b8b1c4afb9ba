"""The tables of HSDS 3.0 as they nest in JSON, with what the UK profile 3.0 adds (`term`, `service_area`, `accessibility`).

Names, types, required members and code lists are those of https://docs.openreferral.org/en/3.0/hsds/schema_reference.html.
An unset member is absent. `extra` holds members that the standard does not name; bot.knowledge.hsds.reading keeps them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

Text = str | UnsetType
Number = int | float | UnsetType
Identifier = Annotated[str, msgspec.Meta(extra_json_schema={"format": "uuid"})]
Link = Annotated[str, msgspec.Meta(extra_json_schema={"format": "uri"})] | UnsetType
Email = Annotated[str, msgspec.Meta(extra_json_schema={"format": "email"})] | UnsetType
Day = Annotated[str, msgspec.Meta(description="YYYY-MM-DD")] | UnsetType
Clock = Annotated[str, msgspec.Meta(description="HH:MM:SS")] | UnsetType
Moment = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})] | UnsetType
Reference = Identifier | UnsetType
Kind = Literal["physical", "postal", "virtual"]
Status = Literal["active", "inactive", "defunct", "temporarily closed"]


def said(value: str | UnsetType) -> str:
    """The text; "" when it is not set."""
    return value if isinstance(value, str) else ""


class Record(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A row of any table."""

    id: Identifier
    extra: dict[str, Any] = {}


class Metadata(Record, kw_only=True):
    resource_id: Reference = UNSET
    resource_type: Text = UNSET
    last_action_date: str
    last_action_type: str
    field_name: str
    previous_value: str
    replacement_value: str
    updated_by: str


class Described(Record, kw_only=True):
    """A row to which metadata can belong."""

    metadata: list[Metadata] = []


class Taxonomy(Described, kw_only=True):
    name: str
    description: str
    uri: Link = UNSET
    version: Text = UNSET
    taxonomy_terms: list[TaxonomyTerm] = []


class TaxonomyTerm(Described, kw_only=True):
    code: Text = UNSET
    name: str
    description: str
    parent_id: Reference = UNSET
    taxonomy: Text = UNSET
    taxonomy_detail: Taxonomy | UnsetType = UNSET
    taxonomy_id: Reference = UNSET
    language: Text = UNSET
    term_uri: Link = UNSET
    term: Text = UNSET


class Attribute(Described, kw_only=True):
    link_id: Reference = UNSET
    taxonomy_term_id: Reference = UNSET
    link_type: Text = UNSET
    link_entity: Text = UNSET
    value: Text = UNSET
    taxonomy_term: TaxonomyTerm | UnsetType = UNSET


class Classified(Described, kw_only=True):
    """A row that taxonomy terms can describe."""

    attributes: list[Attribute] = []


class Language(Classified, kw_only=True):
    service_id: Reference = UNSET
    location_id: Reference = UNSET
    phone_id: Reference = UNSET
    name: Text = UNSET
    code: Text = UNSET
    note: Text = UNSET


class Phone(Classified, kw_only=True):
    location_id: Reference = UNSET
    service_id: Reference = UNSET
    organization_id: Reference = UNSET
    contact_id: Reference = UNSET
    service_at_location_id: Reference = UNSET
    number: str
    extension: Number = UNSET
    type: Text = UNSET
    description: Text = UNSET
    languages: list[Language] = []


class Contact(Classified, kw_only=True):
    organization_id: Reference = UNSET
    service_id: Reference = UNSET
    service_at_location_id: Reference = UNSET
    location_id: Reference = UNSET
    name: Text = UNSET
    title: Text = UNSET
    department: Text = UNSET
    email: Email = UNSET
    phones: list[Phone] = []


class Schedule(Classified, kw_only=True):
    """When something is given or open, in the words of iCalendar's recurrence rule (RFC 5545)."""

    service_id: Reference = UNSET
    location_id: Reference = UNSET
    service_at_location_id: Reference = UNSET
    valid_from: Day = UNSET
    valid_to: Day = UNSET
    dtstart: Day = UNSET
    timezone: Number = UNSET
    until: Day = UNSET
    count: Number = UNSET
    wkst: Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"] | UnsetType = UNSET
    freq: Literal["WEEKLY", "MONTHLY"] | UnsetType = UNSET
    interval: Number = UNSET
    byday: Text = UNSET
    byweekno: Text = UNSET
    bymonthday: Text = UNSET
    byyearday: Text = UNSET
    description: Text = UNSET
    opens_at: Clock = UNSET
    closes_at: Clock = UNSET
    schedule_link: Link = UNSET
    attending_type: Text = UNSET
    notes: Text = UNSET


class Address(Classified, kw_only=True):
    location_id: Reference = UNSET
    attention: Text = UNSET
    address_1: str
    address_2: Text = UNSET
    city: str
    region: Text = UNSET
    state_province: str
    postal_code: str
    country: str
    address_type: Kind


class Accessibility(Classified, kw_only=True):
    location_id: Reference = UNSET
    description: Text = UNSET
    details: Text = UNSET
    url: Link = UNSET
    accessibility: Text = UNSET


class Location(Classified, kw_only=True):
    location_type: Kind
    url: Link = UNSET
    organization_id: Reference = UNSET
    name: Text = UNSET
    alternate_name: Text = UNSET
    description: Text = UNSET
    transportation: Text = UNSET
    latitude: Number = UNSET
    longitude: Number = UNSET
    external_identifier: Text = UNSET
    external_identifier_type: Text = UNSET
    languages: list[Language] = []
    addresses: list[Address] = []
    contacts: list[Contact] = []
    accessibility: list[Accessibility] = []
    phones: list[Phone] = []
    schedules: list[Schedule] = []


class Funding(Classified, kw_only=True):
    organization_id: Reference = UNSET
    service_id: Reference = UNSET
    source: Text = UNSET


class Program(Classified, kw_only=True):
    organization_id: Reference = UNSET
    name: str
    alternate_name: Text = UNSET
    description: str


class OrganizationIdentifier(Classified, kw_only=True):
    organization_id: Reference = UNSET
    identifier_scheme: Text = UNSET
    identifier_type: str
    identifier: str


class Organization(Classified, kw_only=True):
    name: str
    alternate_name: Text = UNSET
    description: str
    email: Email = UNSET
    website: Link = UNSET
    tax_status: Text = UNSET
    tax_id: Text = UNSET
    year_incorporated: Number = UNSET
    legal_status: Text = UNSET
    logo: Text = UNSET
    uri: Link = UNSET
    parent_organization_id: Reference = UNSET
    funding: list[Funding] = []
    contacts: list[Contact] = []
    phones: list[Phone] = []
    locations: list[Location] = []
    programs: list[Program] = []
    organization_identifiers: list[OrganizationIdentifier] = []
    services: list[Service] = []


class ServiceArea(Classified, kw_only=True):
    service_id: Reference = UNSET
    name: Text = UNSET
    description: Text = UNSET
    extent: Text = UNSET
    extent_type: Text = UNSET
    uri: Text = UNSET
    service_area: Text = UNSET


class CostOption(Classified, kw_only=True):
    service_id: Reference = UNSET
    valid_from: Day = UNSET
    valid_to: Day = UNSET
    option: Text = UNSET
    currency: Text = UNSET
    amount: Number = UNSET
    amount_description: Text = UNSET


class RequiredDocument(Classified, kw_only=True):
    service_id: Reference = UNSET
    document: Text = UNSET
    uri: Link = UNSET


class ServiceAtLocation(Classified, kw_only=True):
    service_id: Reference = UNSET
    location_id: Reference = UNSET
    description: Text = UNSET
    contacts: list[Contact] = []
    phones: list[Phone] = []
    schedules: list[Schedule] = []
    location: Location | UnsetType = UNSET
    service: Service | UnsetType = UNSET


class Service(Classified, kw_only=True):
    organization_id: Reference = UNSET
    program_id: Reference = UNSET
    name: str
    alternate_name: Text = UNSET
    description: Text = UNSET
    url: Link = UNSET
    email: Email = UNSET
    status: Status
    interpretation_services: Text = UNSET
    application_process: Text = UNSET
    fees_description: Text = UNSET
    wait_time: Text = UNSET
    fees: Text = UNSET
    accreditations: Text = UNSET
    eligibility_description: Text = UNSET
    minimum_age: Number = UNSET
    maximum_age: Number = UNSET
    assured_date: Day = UNSET
    assurer_email: Email = UNSET
    licenses: Text = UNSET
    alert: Text = UNSET
    last_modified: Moment = UNSET
    phones: list[Phone] = []
    schedules: list[Schedule] = []
    service_areas: list[ServiceArea] = []
    service_at_locations: list[ServiceAtLocation] = []
    languages: list[Language] = []
    organization: Organization | UnsetType = UNSET
    funding: list[Funding] = []
    cost_options: list[CostOption] = []
    program: Program | UnsetType = UNSET
    required_documents: list[RequiredDocument] = []
    contacts: list[Contact] = []
