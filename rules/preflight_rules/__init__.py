"""The built-in rules of Preflight: `RULES` is the one table of them."""

from __future__ import annotations

from preflight_rules.campaign.missing_subject import missing_subject
from preflight_rules.campaign.test_artifact import test_artifact
from preflight_rules.campaign.unsafe_header import unsafe_header
from preflight_rules.compliance.missing_unsubscribe import missing_unsubscribe
from preflight_rules.placeholders.broken_placeholder import broken_placeholder
from preflight_rules.placeholders.empty_placeholder import empty_placeholder
from preflight_rules.placeholders.greeting_for_another import greeting_for_another
from preflight_rules.placeholders.injected_instruction import injected_instruction
from preflight_rules.placeholders.markdown_in_mail import markdown_in_mail
from preflight_rules.placeholders.placeholder_in_data import placeholder_in_data
from preflight_rules.placeholders.placeholder_residue import placeholder_residue
from preflight_rules.placeholders.placeholder_text import placeholder_text
from preflight_rules.placeholders.same_value_for_all import same_value_for_all
from preflight_rules.placeholders.shifted_rows import shifted_rows
from preflight_rules.placeholders.unknown_field import unknown_field
from preflight_rules.placeholders.unlikely_name import unlikely_name
from preflight_rules.placeholders.unrendered_placeholder import unrendered_placeholder
from preflight_rules.placeholders.unsafe_template import unsafe_template
from preflight_rules.recipients.competitor_recipient import competitor_recipient
from preflight_rules.recipients.crowded_company import crowded_company
from preflight_rules.recipients.disposable_address import disposable_address
from preflight_rules.recipients.duplicate_person import duplicate_person
from preflight_rules.recipients.duplicate_recipient import duplicate_recipient
from preflight_rules.recipients.expired_consent import expired_consent
from preflight_rules.recipients.exposed_recipients import exposed_recipients
from preflight_rules.recipients.hidden_character import hidden_character
from preflight_rules.recipients.internal_recipient import internal_recipient
from preflight_rules.recipients.invalid_address import invalid_address
from preflight_rules.recipients.missing_consent import missing_consent
from preflight_rules.recipients.missing_suppression_list import missing_suppression_list
from preflight_rules.recipients.misspelt_domain import misspelt_domain
from preflight_rules.recipients.oversized_value import oversized_value
from preflight_rules.recipients.recently_contacted import recently_contacted
from preflight_rules.recipients.role_address import role_address
from preflight_rules.recipients.stale_suppression_list import stale_suppression_list
from preflight_rules.recipients.suppressed_recipient import suppressed_recipient
from preflight_rules.recipients.unexpected_language import unexpected_language
from preflight_rules.recipients.unknown_country import unknown_country
from preflight_rules.relationships.bulk_press_send import bulk_press_send
from preflight_rules.relationships.contact_in_dispute import contact_in_dispute
from preflight_rules.relationships.contact_in_incident import contact_in_incident
from preflight_rules.relationships.ended_relationship import ended_relationship
from preflight_rules.relationships.held_contact import held_contact
from preflight_rules.relationships.impersonal_press_mail import impersonal_press_mail
from preflight_rules.relationships.known_contact_in_cold_campaign import (
    known_contact_in_cold_campaign,
)
from preflight_rules.relationships.referral_without_consent import referral_without_consent
from preflight_rules.relationships.repeated_referral_mail import repeated_referral_mail
from preflight_rules.relationships.unnamed_referrer import unnamed_referrer
from preflight_rules.segments.contradictory_filter import contradictory_filter
from preflight_rules.segments.empty_audience import empty_audience
from preflight_rules.segments.everyone_selected import everyone_selected
from preflight_rules.segments.exclusion_without_effect import exclusion_without_effect
from preflight_rules.segments.filter_without_effect import filter_without_effect
from preflight_rules.segments.invalid_filter import invalid_filter
from preflight_rules.segments.inverted_exclusion import inverted_exclusion
from preflight_rules.segments.null_blind_filter import null_blind_filter
from preflight_rules.segments.unexpected_audience_size import unexpected_audience_size
from preflight_rules.segments.unexpected_recipient import unexpected_recipient
from preflight_rules.segments.unguarded_or import unguarded_or
from preflight_rules.segments.unknown_filter_field import unknown_filter_field
from preflight_rules.segments.unknown_filter_value import unknown_filter_value
from preflight_rules.tone.cold_text_in_warm_campaign import cold_text_in_warm_campaign
from preflight_rules.tone.emotional_incident_mail import emotional_incident_mail
from preflight_rules.tone.greeting_mismatch import greeting_mismatch
from preflight_rules.tone.incomplete_incident_mail import incomplete_incident_mail
from preflight_rules.tone.missing_incident_follow_up import missing_incident_follow_up
from preflight_rules.tone.mixed_register import mixed_register
from preflight_rules.tone.tone_mismatch import tone_mismatch

RULES = (
    # campaign
    missing_subject,
    test_artifact,
    unsafe_header,
    # placeholders
    broken_placeholder,
    empty_placeholder,
    greeting_for_another,
    injected_instruction,
    markdown_in_mail,
    placeholder_in_data,
    placeholder_residue,
    placeholder_text,
    same_value_for_all,
    shifted_rows,
    unknown_field,
    unlikely_name,
    unrendered_placeholder,
    unsafe_template,
    # recipients
    competitor_recipient,
    crowded_company,
    disposable_address,
    duplicate_person,
    duplicate_recipient,
    expired_consent,
    exposed_recipients,
    hidden_character,
    internal_recipient,
    invalid_address,
    missing_consent,
    missing_suppression_list,
    misspelt_domain,
    oversized_value,
    recently_contacted,
    role_address,
    stale_suppression_list,
    suppressed_recipient,
    unexpected_language,
    unknown_country,
    # segments
    contradictory_filter,
    empty_audience,
    everyone_selected,
    exclusion_without_effect,
    filter_without_effect,
    invalid_filter,
    inverted_exclusion,
    null_blind_filter,
    unexpected_audience_size,
    unexpected_recipient,
    unguarded_or,
    unknown_filter_field,
    unknown_filter_value,
    # relationships
    bulk_press_send,
    contact_in_dispute,
    contact_in_incident,
    ended_relationship,
    held_contact,
    impersonal_press_mail,
    known_contact_in_cold_campaign,
    referral_without_consent,
    repeated_referral_mail,
    unnamed_referrer,
    # tone
    cold_text_in_warm_campaign,
    emotional_incident_mail,
    greeting_mismatch,
    incomplete_incident_mail,
    missing_incident_follow_up,
    mixed_register,
    tone_mismatch,
    # compliance
    missing_unsubscribe,
)

PLANNED = frozenset(
    {
        "missing-preheader", "preheader-repeats-subject", "long-subject", "send-time-in-past",
        "send-time-without-zone", "send-at-unsocial-hour", "freemail-sender", "noreply-sender",
        "reply-to-other-domain", "selling-service-mail", "sensitive-topic", "winner-mail-to-many",
        "audience-swing", "impossible-date", "past-date", "contradictory-facts", "empty-link",
        "relative-link", "broken-url", "non-production-link",
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
