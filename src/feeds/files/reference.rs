//! The feed reference: which fields there are, and what those hold that are read.

use super::names::Holds::{Anything, Integer, Many, Names, One, Text, Texts, Word};
use super::names::Message;

/// Of a file.
pub(crate) const METADATA: Message = Message {
    name: "FeedMetadata",
    fields: &[
        ("processing_instruction", Word),
        ("shard_number", Integer),
        ("total_shards", Integer),
        ("nonce", Word),
        ("generation_timestamp", Integer),
    ],
};

pub(crate) const MERCHANT: Message = Message {
    name: "Merchant",
    fields: &[
        ("merchant_id", Text),
        ("name", Text),
        ("telephone", Text),
        ("url", Text),
        ("geo", Names(&GEO)),
        ("category", Text),
        ("num_bookings_30d", Anything),
        ("tax_rate_basis_points", Integer),
        ("tax_rate", One(&TAX_RATE)),
        ("payment_restrictions", One(&RESTRICTIONS)),
        ("payment_option", Many(&PAYMENT_OPTION)),
        ("payment_processor_config", Anything),
        ("tokenization_config", Names(&TOKENIZATION)),
        ("terms", Names(&TERMS)),
        ("brand_id", Anything),
        ("matching_hints", Names(&HINTS)),
        ("service_attribute", Anything),
        ("action_link", Anything),
        ("advisement", Anything),
        ("waitlist_advisement", Anything),
        ("economic_operator", Anything),
        ("reservation_linkout_template", Anything),
        ("leadtime", Anything),
    ],
};

const GEO: Message = Message {
    name: "GeoCoordinates",
    fields: &[
        ("latitude", Anything),
        ("longitude", Anything),
        ("address", Names(&ADDRESS)),
        ("unstructured_address", Anything),
    ],
};

const ADDRESS: Message = Message {
    name: "PostalAddress",
    fields: &[
        ("country", Anything),
        ("locality", Anything),
        ("region", Anything),
        ("postal_code", Anything),
        ("street_address", Anything),
    ],
};

const TERMS: Message = Message {
    name: "Terms",
    fields: &[
        ("url", Anything),
        ("text", Anything),
        ("localized_text", Anything),
    ],
};

const HINTS: Message = Message {
    name: "MerchantMatchingHints",
    fields: &[("place_id", Anything)],
};

const TOKENIZATION: Message = Message {
    name: "TokenizationConfig",
    fields: &[
        ("tokenization_parameter", Anything),
        ("billing_information_format", Anything),
        ("merchant_of_record_name", Anything),
        ("payment_country_code", Anything),
        ("card_network_parameters", Anything),
        ("allowed_auth_methods", Anything),
    ],
};

const RESTRICTIONS: Message = Message {
    name: "PaymentRestrictions",
    fields: &[("credit_card_restrictions", One(&CARDS))],
};

const CARDS: Message = Message {
    name: "CreditCardRestrictions",
    fields: &[("credit_card_type", Texts)],
};

const PAYMENT_OPTION: Message = Message {
    name: "PaymentOption",
    fields: &[
        ("payment_option_id", Text),
        ("name", Anything),
        ("description", Anything),
        ("price", One(&PRICE)),
        ("tax_rate", One(&TAX_RATE)),
        ("payment_option_type", Anything),
        ("session_count", Anything),
        ("purchase_interval", Anything),
        ("valid_interval", Anything),
        ("valid_duration_sec", Anything),
        ("activation_type", Anything),
        ("user_restriction", Anything),
    ],
};

const TAX_RATE: Message = Message {
    name: "TaxRate",
    fields: &[("micro_percent", Integer)],
};

const PRICE: Message = Message {
    name: "Price",
    fields: &[
        ("price_micros", Integer),
        ("currency_code", Text),
        ("pricing_option_tag", Anything),
        ("min_advance_cancellation_sec", Integer),
    ],
};

pub(crate) const SERVICE: Message = Message {
    name: "Service",
    fields: &[
        ("merchant_id", Text),
        ("service_id", Text),
        ("name", Text),
        ("description", Text),
        ("localized_service_name", One(&LOCALIZED)),
        ("localized_description", Names(&LOCALIZED)),
        ("type", Word),
        ("price", One(&PRICE)),
        ("price_interpretation", Anything),
        ("tax_rate", One(&TAX_RATE)),
        ("rules", One(&RULES)),
        ("scheduling_rules", One(&RULES)),
        ("prepayment_type", Word),
        ("prepayment_terms", One(&PREPAYMENT_TERMS)),
        ("payment_option_id", Texts),
        ("deposit", One(&DEPOSIT)),
        ("no_show_fee", One(&NO_SHOW_FEE)),
        ("require_credit_card", Word),
        ("ticket_type", Anything),
        ("per_order_fee", Anything),
        ("virtual_session", Names(&VIRTUAL_SESSION)),
        ("direct_merchant_payment", Anything),
        ("uri_template", Anything),
        ("form", Anything),
        ("intake_form", Anything),
        ("per_ticket_intake_form", Anything),
        ("related_media", Anything),
        ("service_attribute_value_id", Anything),
        ("rating", Anything),
        ("location", Anything),
        ("action_link", Anything),
        ("integration_type", Anything),
        ("home_service_data", Anything),
        ("waitlist_rules", Anything),
        ("tours_and_activities_content", Anything),
        ("ticketing_vertical_specific_data", Anything),
    ],
};

const LOCALIZED: Message = Message {
    name: "Text",
    fields: &[("value", Text), ("localized_value", Many(&LOCALIZED_VALUE))],
};

const LOCALIZED_VALUE: Message = Message {
    name: "LocalizedString",
    fields: &[("locale", Anything), ("value", Text)],
};

const VIRTUAL_SESSION: Message = Message {
    name: "VirtualSession",
    fields: &[
        ("session_instructions", Anything),
        ("session_requirements", Anything),
        ("virtual_platform_info", Anything),
        ("is_session_prerecorded", Anything),
    ],
};

const RULES: Message = Message {
    name: "SchedulingRules",
    fields: &[
        ("min_advance_booking", Integer),
        ("min_booking_buffer_before_end_time", Integer),
        ("min_advance_online_canceling", Integer),
        ("admission_policy", Word),
        ("cancellation_policy", One(&POLICY)),
        ("late_cancellation_fee", Anything),
        ("noshow_fee", Anything),
    ],
};

const POLICY: Message = Message {
    name: "CancellationPolicy",
    fields: &[("refund_condition", Many(&REFUND))],
};

const REFUND: Message = Message {
    name: "RefundCondition",
    fields: &[
        ("min_duration_before_start_time_sec", Integer),
        ("refund_percent", Integer),
    ],
};

const PREPAYMENT_TERMS: Message = Message {
    name: "PrepaymentTerms",
    fields: &[
        ("charge_timing", Word),
        ("charge_time_before_start_time_sec", Anything),
    ],
};

const DEPOSIT: Message = Message {
    name: "Deposit",
    fields: &[
        ("deposit", One(&PRICE)),
        ("deposit_type", Word),
        ("min_advance_cancellation_sec", Integer),
    ],
};

const NO_SHOW_FEE: Message = Message {
    name: "NoShowFee",
    fields: &[("fee", One(&PRICE)), ("fee_type", Word)],
};

/// A slot.
pub(crate) const AVAILABILITY: Message = Message {
    name: "Availability",
    fields: &[
        ("merchant_id", Text),
        ("service_id", Text),
        ("start_sec", Integer),
        ("duration_sec", Integer),
        ("spots_total", Integer),
        ("spots_open", Integer),
        ("availability_tag", Text),
        ("resources", One(&RESOURCES)),
        ("payment_option_id", Texts),
        ("recurrence", One(&RECURRENCE)),
        ("schedule_exception", Many(&EXCEPTION)),
        ("deposit", One(&DEPOSIT)),
        ("no_show_fee", One(&NO_SHOW_FEE)),
        ("require_credit_card", Word),
        ("ticket_type_id", Texts),
        ("duration_requirement", Anything),
        ("scheduling_rule_overrides", One(&OVERRIDES)),
        ("confirmation_mode", Word),
        ("linkout_required_reason", Word),
        ("prepayment", Names(&PREPAYMENT)),
    ],
};

const RESOURCES: Message = Message {
    name: "Resources",
    fields: &[
        ("staff_id", Text),
        ("staff_name", Text),
        ("room_id", Text),
        ("room_name", Text),
        ("room_description", Text),
        ("party_size", Integer),
    ],
};

const RECURRENCE: Message = Message {
    name: "Recurrence",
    fields: &[("repeat_until_sec", Integer), ("repeat_every_sec", Integer)],
};

const EXCEPTION: Message = Message {
    name: "ScheduleException",
    fields: &[("time_range", One(&TIME_RANGE))],
};

const TIME_RANGE: Message = Message {
    name: "TimeRange",
    fields: &[("begin_sec", Integer), ("end_sec", Integer)],
};

const OVERRIDES: Message = Message {
    name: "SchedulingRuleOverrides",
    fields: &[
        ("last_bookable_sec", Integer),
        ("first_bookable_sec", Integer),
        ("last_online_cancellable_sec", Integer),
    ],
};

const PREPAYMENT: Message = Message {
    name: "Prepayment",
    fields: &[("price_info", Names(&PRICE_INFO))],
};

const PRICE_INFO: Message = Message {
    name: "PriceInfo",
    fields: &[
        ("price", Anything),
        ("price_range", Anything),
        ("price_type", Anything),
    ],
};
