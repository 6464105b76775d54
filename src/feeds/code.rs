//! What can be wrong with a feed that can be read, in words that do not change.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Defines [`ProblemCode`] from one list: variant and stable name.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// What is wrong, in a word that does not change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ProblemCode {
            $($(#[$doc])* $variant,)*
        }

        impl ProblemCode {
            /// Every code, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name, `snake_case`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

codes! {
    /// A value that is not of the type that the feed reference gives its field.
    WrongType = "wrong_type";
    /// A field that the feed reference does not have.
    UnknownField = "unknown_field";
    /// Fields in camelCase.
    CamelCase = "camel_case";
    /// A slot in the place of the list in which slots belong.
    FlatSlot = "flat_slot";
    /// A nonce that is no number.
    OddNonce = "odd_nonce";
    /// A descriptor of a set of data files that does not say what it should, or a data file without one.
    FileSetDescriptor = "file_set_descriptor";
    /// A record of an entity, action or service feed that lacks something, or leads nowhere.
    LinkedRecord = "linked_record";
    /// A JSON file of the folder that is no feed.
    NotAFeed = "not_a_feed";
    /// A generation timestamp that is no moment in epoch seconds up to now.
    ImplausibleTimestamp = "implausible_timestamp";
    /// `processing_instruction` asks for incremental or unknown processing.
    IncrementalFeed = "incremental_feed";
    /// The shards of a feed are not numbered from 0 to one below their total.
    ShardNumbers = "shard_numbers";
    /// Shards that belong together differ in total, nonce or generation timestamp.
    ShardsDiffer = "shards_differ";
    /// Two generations of one feed have the same nonce.
    NonceReused = "nonce_reused";
    /// Two generations of one feed have the same generation timestamp.
    TimestampReused = "timestamp_reused";
    /// A file above the size that Google takes.
    FileTooLarge = "file_too_large";
    /// More shards than are recommended.
    TooManyShards = "too_many_shards";
    /// A slot with neither spots nor a recurrence.
    NoSpots = "no_spots";
    /// A slot of 168 hours or more.
    OddDuration = "odd_duration";
    /// A slot that was over when the feed was exported.
    PastSlot = "past_slot";
    /// A slot that starts years after the export.
    FarSlot = "far_slot";
    /// A slot with more than one payment option of its own.
    SeveralPaymentOptions = "several_payment_options";
    /// A party above the largest size that Google offers.
    LargeParty = "large_party";
    /// A recurrence that states more than one spot.
    SpotsOfRecurrence = "spots_of_recurrence";
    /// A second service of a restaurant.
    SecondDiningService = "second_dining_service";
    /// Two services of one merchant with the same name and length.
    SameServiceTwice = "same_service_twice";
    /// A description that says no more than the name.
    RepeatedName = "repeated_name";
    /// Rules that leave no moment at which a slot of the service can be booked.
    NeverBookable = "never_bookable";
    /// A merchant of whom the services feed has nothing.
    NoServices = "no_services";
    /// Parts of an address that are written as empty texts.
    BlankAddress = "blank_address";
    /// A web address that nobody outside can open.
    BadUrl = "bad_url";
    /// A web address without `https://` in front.
    NoScheme = "no_scheme";
    /// An exception that closes nothing.
    InvalidException = "invalid_exception";
    /// A merchant whose availability ends before thirty days are over.
    MerchantHorizon = "merchant_horizon";
    /// Feeds that were exported days ago.
    StaleExport = "stale_export";
    /// A mark in front of the JSON that says in which order its bytes are.
    ByteOrderMark = "byte_order_mark";
    /// More slots than are held against each other.
    TooManySlots = "too_many_slots";
    /// One record, in parts, in two shards.
    SplitRecord = "split_record";
    /// Shards of very different size.
    UnevenShards = "uneven_shards";
    /// A file name that says not what it is a shard of.
    FileName = "file_name";
    /// A feed in another encoding than JSON.
    OtherEncoding = "other_encoding";
    /// Feeds in an archive instead of each packed by itself.
    PackedTogether = "packed_together";
    /// Availability that ends before thirty days are over.
    ShortHorizon = "short_horizon";
    /// A merchant or a service without any slot to come.
    NoFutureSlot = "no_future_slot";
    /// An id with characters that a URL has to escape.
    UnsafeId = "unsafe_id";
    /// A place on earth that is none, or a country that is not said.
    InvalidPlace = "invalid_place";
    /// No telephone number with country code, or no web address.
    NoContact = "no_contact";
    /// A field that is deprecated, where another one is meant to be used.
    DeprecatedField = "deprecated_field";
    /// A tokenization configuration without what its gateway needs.
    IncompleteTokenization = "incomplete_tokenization";
    /// A merchant takes payments, and no tax rate is stated at any level.
    NoTaxRate = "no_tax_rate";
    /// An option that can be used several times with a session count of one or none.
    InvalidSessionCount = "invalid_session_count";
    /// Some of what 3DS2 needs, and not all of it.
    IncompleteThreeds2 = "incomplete_threeds2";
    /// A URI as a service id.
    UriId = "uri_id";
    /// A text above the length that Google takes.
    LongText = "long_text";
    /// Markup beyond what is shown.
    ForeignMarkup = "foreign_markup";
    /// A text without a value and without localized values.
    EmptyText = "empty_text";
    /// A booking buffer before the end without the flexible admission policy.
    BufferWithoutFlexibility = "buffer_without_flexibility";
    /// A time of charging without `CHARGE_LATER`.
    ChargeTimeWithoutLater = "charge_time_without_later";
    /// A fee inside of the rules instead of at the service.
    LegacyFee = "legacy_fee";
    /// A service that happens in person and costs nothing.
    FreeInPerson = "free_in_person";
    /// Two ticket types of one service with one id.
    DuplicateTicketType = "duplicate_ticket_type";
    /// A prepaid service whose card requirement is not conditional.
    CardNotConditional = "card_not_conditional";
    /// Some services use spots, others recurrences.
    MixedStyles = "mixed_styles";
    /// A recurrence whose bookings are given as spots.
    BookedRecurrence = "booked_recurrence";
    /// Staff or a room with an id and no name, or the other way round.
    HalfNamedResource = "half_named_resource";
    /// A ticket type that the service does not define.
    UndefinedTicketType = "undefined_ticket_type";
    /// Exceptions that touch and are not joined.
    TouchingExceptions = "touching_exceptions";
    /// A virtual session of a service that is not typed as online.
    NoOnlineType = "no_online_type";
    /// An online service without a platform.
    NoPlatform = "no_platform";
    /// A platform that is `OTHER` and has no name.
    NoPlatformName = "no_platform_name";
    /// A platform that Google does not list.
    UnknownPlatform = "unknown_platform";
    /// The name of another platform beside one that has a name of its own.
    NeedlessPlatformName = "needless_platform_name";
    /// An online service without instructions or requirements.
    NoSessionTexts = "no_session_texts";
    /// An online service that can be cancelled and says not what is given back.
    NoOnlinePolicy = "no_online_policy";
    /// Direct payment without a way to pay.
    NoDirectMethods = "no_direct_methods";
    /// Direct payment beside a required prepayment.
    DirectWithPrepayment = "direct_with_prepayment";
    /// All slots of a merchant link out, and it has a tokenization configuration.
    TokenizationWithRedirect = "tokenization_with_redirect";
    /// Slots that link out, of a service without a usable template.
    NoRedirectTemplate = "no_redirect_template";
    /// A prepayment of a slot without its price.
    NoRedirectPrice = "no_redirect_price";
    /// A slot with a prepayment of its own that is not marked as one that links out.
    UnmarkedRedirect = "unmarked_redirect";
    /// An amount that no service costs.
    ImplausibleAmount = "implausible_amount";
    /// An amount with a fraction of the currency's smallest unit.
    BrokenUnit = "broken_unit";
    /// A currency that is not that of the merchant's country.
    ForeignCurrency = "foreign_currency";
    /// An amount per person on a slot that names no party size.
    PartyUnknown = "party_unknown";
    /// No `metadata`, or one of its required fields is missing.
    MissingMetadata = "missing_metadata";
    /// `processing_instruction` is no instruction that there is.
    NotACompleteFeed = "not_a_complete_feed";
    /// A restrict field in a daily availability feed.
    RestrictedFeed = "restricted_feed";
    /// A required field is absent.
    MissingField = "missing_field";
    /// A merchant id that an earlier record has.
    DuplicateMerchant = "duplicate_merchant";
    /// A service id that an earlier record of the merchant has.
    DuplicateService = "duplicate_service";
    /// A service or slot of a merchant that is not in the merchants feed.
    UnknownMerchant = "unknown_merchant";
    /// A slot of a service that is not in the services feed.
    UnknownService = "unknown_service";
    /// The rules stand under `scheduling_rules`.
    RulesAlias = "rules_alias";
    /// `rules` and `scheduling_rules` differ; `rules` is used.
    RulesConflict = "rules_conflict";
    /// The deposit's cutoff stands inside of its price.
    NestedDepositCutoff = "nested_deposit_cutoff";
    /// A refund step with a percentage outside of 0 to 100, a negative lead, or a lead that another one has.
    InvalidRefundStep = "invalid_refund_step";
    /// A refund step that gives back more for less lead.
    RisingRefund = "rising_refund";
    /// A length of time in the rules or the deposit that is negative.
    InvalidLead = "invalid_lead";
    /// A moment that is no plausible epoch second.
    TimeOutOfRange = "time_out_of_range";
    /// A slot of no or of implausible length.
    DurationOutOfRange = "duration_out_of_range";
    /// A negative amount.
    InvalidAmount = "invalid_amount";
    /// Not three capital letters.
    InvalidCurrency = "invalid_currency";
    /// A tax rate outside of 0 to 100 percent.
    InvalidTaxRate = "invalid_tax_rate";
    /// Spots that are negative, none in total, or more open than there are.
    InvalidSpots = "invalid_spots";
    /// A party of less than one.
    InvalidPartySize = "invalid_party_size";
    /// A first or last bookable moment out of order with each other or the start.
    InvalidBookableWindow = "invalid_bookable_window";
    /// A recurrence that does not advance, ends before its start or lasts longer than a day.
    InvalidRecurrence = "invalid_recurrence";
    /// Spots and recurrence within one service.
    MixedFormats = "mixed_formats";
    /// A slot with the ids, start, length and resources of another; the first one is kept.
    IdenticalSlot = "identical_slot";
    /// A payment option is referenced and the merchant defines none.
    NoMerchantPaymentOption = "no_merchant_payment_option";
    /// A payment option is referenced that the merchant does not define.
    UndefinedPaymentOption = "undefined_payment_option";
    /// Copies of one payment option differ between merchants.
    PaymentOptionDiffers = "payment_option_differs";
    /// No price, and not dining.
    MissingPrice = "missing_price";
    /// Price, fee and deposit in different currencies.
    MixedCurrency = "mixed_currency";
    /// A card is required and the merchant names no gateway.
    NoTokenization = "no_tokenization";
    /// A card is required and the merchant confirms later.
    AsyncWithPayment = "async_with_payment";
    /// Money is taken and no cancellation policy is stated.
    NoCancellationPolicy = "no_cancellation_policy";
    /// A no-show fee or deposit of nothing.
    ZeroFee = "zero_fee";
    /// A deposit above the price.
    DepositExceedsPrice = "deposit_exceeds_price";
    /// A prepayment of nothing.
    PrepayOfZero = "prepay_of_zero";
    /// `prepayment_type` is `OPTIONAL`, for which no flow is documented.
    OptionalPrepayment = "optional_prepayment";
    /// A required prepayment that is charged later.
    ChargeLater = "charge_later";
    /// A deposit beside a prepayment of the whole price.
    PrepaymentWithDeposit = "prepayment_with_deposit";
    /// A slot that is sold by the ticket: it is ordered, and not booked.
    TicketedSlot = "ticketed_slot";
    /// A slot that is booked on the partner's own page; left out.
    RedirectedSlot = "redirected_slot";
    /// A payment option that its merchant defines in a way that cannot be used, which is told at the merchant.
    BrokenOption = "broken_option";
    /// A card is required, and the tokenization configuration of the merchant names no gateway, which is told there.
    NoGateway = "no_gateway";
    /// A card is required, and the merchant takes none.
    NoCardAccepted = "no_card_accepted";
    /// Two merchants state different 3DS2 data of one account.
    AccountDiffers = "account_differs";
    /// A slot repeats what its service says of money.
    NeedlessOverride = "needless_override";
    /// An export of an earlier moment than the one before it.
    TimestampBack = "timestamp_back";
    /// A file under a name that a file of the earlier export has, with the timestamp in it.
    FileNameReused = "file_name_reused";
    /// The same, of a name that is perhaps not the one under which the file is uploaded.
    PlainNameReused = "plain_name_reused";
    /// Merchants or services that were not exported again, while another feed was, two days later.
    FeedNotRenewed = "feed_not_renewed";
    /// The same of the availability.
    AvailabilityNotRenewed = "availability_not_renewed";
    /// A feed that was exported long before another one beside it.
    FeedLate = "feed_late";
    /// A merchant that has another id in the earlier export.
    MerchantIdChanged = "merchant_id_changed";
    /// A merchant of the earlier export that is not there any more.
    MerchantGone = "merchant_gone";
    /// A service that is gone beside a new one of the same name.
    ServiceIdChanged = "service_id_changed";
    /// Staff or rooms of which most have other ids than in the earlier export.
    ResourceIdsChanged = "resource_ids_changed";
    /// One name among staff or rooms that has another id.
    ResourceIdChanged = "resource_id_changed";
    /// More ids of staff and rooms than are held against each other.
    TooManyResources = "too_many_resources";
    /// A slot to come whose tag is another one than in the earlier export.
    TagChanged = "tag_changed";
    /// A slot to come that costs something else than in the earlier export.
    PriceChanged = "price_changed";
    /// A slot with a booking that stands, in which fewer spots are taken.
    BookingNotShown = "booking_not_shown";
    /// A slot with a booking that stands, whose spots in total fell with the open ones.
    TotalLowered = "total_lowered";
    /// A slot with a booking that stands and room left, which is not there any more.
    BookedSlotGone = "booked_slot_gone";
    /// A tax rate far below one percent: most likely percent that were not converted.
    ImplausibleTaxRate = "implausible_tax_rate";
}

impl fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for ProblemCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for ProblemCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = Self::ALL.iter().find(|code| code.name() == name);
        let unknown = || serde::de::Error::custom(format!("no problem of feeds is called {name}"));
        known.copied().ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = ProblemCode::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), ProblemCode::ALL.len());
        assert!(names.iter().all(|name| {
            name.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        }));
    }
}
