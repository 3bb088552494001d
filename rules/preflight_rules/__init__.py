"""The built-in rules of Preflight: `RULES` is the one table of them."""

from __future__ import annotations

from preflight_rules.campaign.missing_subject import missing_subject
from preflight_rules.campaign.test_artifact import test_artifact
from preflight_rules.campaign.unsafe_header import unsafe_header
from preflight_rules.compliance.missing_unsubscribe import missing_unsubscribe
from preflight_rules.placeholders.empty_placeholder import empty_placeholder
from preflight_rules.placeholders.placeholder_residue import placeholder_residue
from preflight_rules.placeholders.placeholder_text import placeholder_text
from preflight_rules.placeholders.unknown_field import unknown_field
from preflight_rules.placeholders.unrendered_placeholder import unrendered_placeholder
from preflight_rules.placeholders.unsafe_template import unsafe_template
from preflight_rules.recipients.duplicate_recipient import duplicate_recipient
from preflight_rules.recipients.exposed_recipients import exposed_recipients
from preflight_rules.recipients.invalid_address import invalid_address
from preflight_rules.recipients.missing_suppression_list import missing_suppression_list
from preflight_rules.recipients.suppressed_recipient import suppressed_recipient
from preflight_rules.relationships.bulk_press_send import bulk_press_send
from preflight_rules.relationships.contact_in_dispute import contact_in_dispute
from preflight_rules.relationships.contact_in_incident import contact_in_incident
from preflight_rules.relationships.ended_relationship import ended_relationship
from preflight_rules.relationships.held_contact import held_contact
from preflight_rules.relationships.known_contact_in_cold_campaign import (
    known_contact_in_cold_campaign,
)
from preflight_rules.relationships.referral_without_consent import referral_without_consent
from preflight_rules.relationships.repeated_referral_mail import repeated_referral_mail
from preflight_rules.relationships.unnamed_referrer import unnamed_referrer
from preflight_rules.segments.empty_audience import empty_audience
from preflight_rules.segments.everyone_selected import everyone_selected
from preflight_rules.segments.exclusion_without_effect import exclusion_without_effect
from preflight_rules.segments.invalid_filter import invalid_filter
from preflight_rules.segments.inverted_exclusion import inverted_exclusion
from preflight_rules.segments.unexpected_audience_size import unexpected_audience_size
from preflight_rules.segments.unexpected_recipient import unexpected_recipient
from preflight_rules.segments.unknown_filter_field import unknown_filter_field

RULES = (
    # campaign
    missing_subject,
    test_artifact,
    unsafe_header,
    # placeholders
    empty_placeholder,
    placeholder_residue,
    placeholder_text,
    unknown_field,
    unrendered_placeholder,
    unsafe_template,
    # recipients
    duplicate_recipient,
    exposed_recipients,
    invalid_address,
    missing_suppression_list,
    suppressed_recipient,
    # segments
    empty_audience,
    everyone_selected,
    exclusion_without_effect,
    invalid_filter,
    inverted_exclusion,
    unexpected_audience_size,
    unexpected_recipient,
    unknown_filter_field,
    # relationships
    bulk_press_send,
    contact_in_dispute,
    contact_in_incident,
    ended_relationship,
    held_contact,
    known_contact_in_cold_campaign,
    referral_without_consent,
    repeated_referral_mail,
    unnamed_referrer,
    # compliance
    missing_unsubscribe,
)

PLANNED = frozenset(
    {
        "missing-preheader", "preheader-repeats-subject", "long-subject", "send-time-in-past",
        "send-time-without-zone", "send-at-unsocial-hour", "freemail-sender", "noreply-sender",
        "reply-to-other-domain", "selling-service-mail", "sensitive-topic", "winner-mail-to-many",
        "broken-placeholder", "shifted-rows", "same-value-for-all", "placeholder-in-data",
        "greeting-for-another", "injected-instruction", "markdown-in-mail", "unlikely-name",
        "role-address", "disposable-address", "misspelt-domain", "stale-suppression-list",
        "missing-consent", "expired-consent", "recently-contacted", "internal-recipient",
        "competitor-recipient", "duplicate-person", "hidden-character", "oversized-value",
        "unknown-country", "crowded-company", "unexpected-language", "unknown-filter-value",
        "contradictory-filter", "filter-without-effect", "unguarded-or", "null-blind-filter",
        "audience-swing", "impersonal-press-mail", "tone-mismatch", "mixed-register",
        "cold-text-in-warm-campaign", "greeting-mismatch", "incomplete-incident-mail",
        "emotional-incident-mail", "missing-incident-follow-up", "impossible-date", "past-date",
        "contradictory-facts", "empty-link", "relative-link", "broken-url", "non-production-link",
        "insecure-link", "deceptive-link", "shortened-link", "personal-link", "dead-link",
        "missing-alt-text", "missing-language", "missing-title", "layout-table-without-role",
        "low-contrast", "unclear-link-text", "script-in-mail", "unsupported-markup",
        "missing-plain-text", "plain-text-differs", "clipped-message", "hidden-unsubscribe",
        "unsubscribe-behind-login", "missing-one-click-unsubscribe", "missing-postal-address",
        "unnamed-sender", "unauthenticated-sender", "malformed-message",
    }
)  # fmt: skip
"""Names of the catalogue that later versions bring. Configuring one is no mistake: it is named
under ``not_checked``, so nobody believes it ran."""
