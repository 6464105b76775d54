//! The implementation under test, as the config describes it.

use config::Config;
use domain::Waitlist;
use domain::slot::Slot;
use engine::transport::Endpoint;
use engine::{Settings, TestCards};
use feeds::{self, CardRequirement, FeedErrors, FeedProblem, Inventory, Merchant, Service};
use jiff::SignedDuration;
use rules::{MerchantTerms, Offer, OptionTerms, ServiceTerms};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Shorter secrets cannot be hidden by value without hiding ordinary words.
const SHORTEST_SECRET: usize = 8;

/// What kind of target it is, for the report only: nothing is done differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKind {
    /// The bundled reference partner.
    Reference,
    /// A server at an address.
    Url,
}

impl TargetKind {
    /// The word in `run.json`.
    pub fn word(self) -> &'static str {
        match self {
            TargetKind::Reference => "reference",
            TargetKind::Url => "url",
        }
    }
}

/// A target with its inventory.
#[derive(Debug)]
pub struct Target {
    /// Its name, which is also its snapshots' folder.
    pub name: String,
    /// Its kind.
    pub kind: TargetKind,
    /// Everything that the config says.
    pub config: Config,
    /// The slots that may be booked, allowed merchants only.
    pub slots: Vec<Slot>,
    /// The waitlists of the feeds, allowed merchants only.
    pub waitlists: Vec<Waitlist>,
    /// Merchant and service of which every slot of the feeds is among these: of a large feed only some are kept.
    pub whole: BTreeSet<(String, String)>,
    /// What the feeds say of merchants and services.
    pub offer: Offer,
    /// Merchant and service id of everything that is offered, allowed or not.
    pub services: BTreeSet<(String, String)>,
    /// What is wrong with the feeds.
    pub problems: Vec<FeedProblem>,
    /// False when neither feeds nor slots are named: what it offers is unknown, and nothing is booked.
    pub has_inventory: bool,
}

/// The target cannot be worked with; nothing has been sent.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum TargetError {
    /// The config names none.
    #[error("the config names no target")]
    #[diagnostic(help("add [target] with base_url = \"https://host.example/path\", or give --target URL"))]
    Missing,
    /// The feeds are unreadable.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Feeds(#[from] FeedErrors),
    /// A merchant in the config is not in the feeds.
    #[error("the merchant {0} of [inventory] is not in the feeds")]
    #[diagnostic(help("merchants in the feeds: {1}"))]
    Merchant(String, String),
    /// A secret is so short that hiding it would blank out ordinary words.
    #[error("a secret that the run was given (user, password or token) has fewer than {0} characters")]
    #[diagnostic(help(
        "secrets are hidden wherever they turn up, so a short one would hide ordinary text of answers: give the test system a longer one"
    ))]
    ShortSecret(usize),
    /// Every slot has started.
    #[error("every slot is over: the last one started {0}")]
    #[diagnostic(help("export the feeds once more, with slots of the next days, or name a later --slot"))]
    SlotsOver(jiff::Timestamp),
    /// Nothing can be booked at all.
    #[error("there is no slot to book")]
    #[diagnostic(help(
        "give [inventory] feeds = \"FOLDER\" (Google feed files; `conformance feeds FOLDER` says what is wrong with them), or list \
         slots in it"
    ))]
    NoSlots,
}

impl Target {
    /// The target of a config, with its feeds read.
    pub fn new(config: Config, kind: TargetKind) -> Result<Self, TargetError> {
        check_secrets(&config)?;
        let name = config.target.as_ref().ok_or(TargetError::Missing)?.name.clone();
        let allowed = config.inventory.merchants.as_deref();
        let folder = config.inventory.feeds.as_deref();
        let inventory = folder
            .map(|folder| feeds::read_for(folder, allowed))
            .transpose()?;
        let inventory = inventory.unwrap_or_default();
        check_merchants(allowed, &inventory)?;
        let offer = offer(&inventory);
        let mut waitlists = inventory.waitlists();
        waitlists.retain(|list| allowed.is_none_or(|ids| ids.contains(&list.merchant_id)));
        let mut services = inventory.service_ids();
        let problems = inventory
            .problems
            .into_iter()
            .flat_map(|tally| tally.first)
            .collect();
        let listed = config.inventory.slots.iter().cloned();
        let all = inventory.slots.into_iter().chain(listed);
        let slots: Vec<_> = all
            .inspect(|slot| services.extend([(slot.merchant_id.clone(), slot.service_id.clone())]))
            .filter(|slot| allowed.is_none_or(|ids| ids.contains(&slot.merchant_id)))
            .collect();
        let has_inventory = folder.is_some() || !config.inventory.slots.is_empty();
        // Whoever names an inventory means to book; whoever names none is told what can be tested without.
        if has_inventory && slots.is_empty() && waitlists.is_empty() {
            return Err(TargetError::NoSlots);
        }
        Ok(Self {
            has_inventory,
            name,
            kind,
            config,
            slots,
            waitlists,
            whole: inventory.whole,
            offer,
            services,
            problems,
        })
    }

    /// One at which nothing is booked any more: it needs no slots.
    pub fn to_clean_up(config: Config) -> Result<Self, TargetError> {
        check_secrets(&config)?;
        let name = config.target.as_ref().ok_or(TargetError::Missing)?.name.clone();
        let nothing = Inventory::default();
        Ok(Self {
            has_inventory: false,
            name,
            kind: TargetKind::Url,
            config,
            slots: Vec::new(),
            waitlists: Vec::new(),
            offer: offer(&nothing),
            services: BTreeSet::new(),
            problems: Vec::new(),
            whole: nothing.whole,
        })
    }

    /// Refuses a target all of whose slots have started: nothing could be booked, whatever the server does.
    pub fn check_slots(&self, now_sec: i64) -> Result<(), TargetError> {
        let last = self.slots.iter().map(|slot| slot.start_sec).max();
        match last.filter(|last| *last <= now_sec) {
            Some(last) => Err(TargetError::SlotsOver(
                jiff::Timestamp::from_second(last).unwrap_or_default(),
            )),
            None => Ok(()),
        }
    }

    /// Where it is reached.
    pub fn endpoint(&self) -> Option<Endpoint> {
        let target = self.config.target.as_ref()?;
        let basic = target
            .auth
            .as_ref()
            .map(|auth| (auth.user.expose().to_owned(), auth.password.expose().to_owned()));
        Some(Endpoint {
            base_url: target.base_url.clone(),
            basic,
            timeout: std_duration(target.timeout),
        })
    }

    /// How a run goes about this target.
    pub fn settings(&self, jobs: usize, keep_bookings: bool) -> Settings {
        let notifications = &self.config.notifications;
        let rate = self.config.target.as_ref().and_then(|target| target.rate);
        Settings {
            within: std_duration(notifications.within),
            quiet: std_duration(notifications.quiet),
            jobs,
            gap: rate.map(|rate| std_duration(rate.interval())),
            keep_bookings,
            capabilities: self.config.capabilities.clone(),
            triggers: self.config.triggers.clone(),
            cards: self.cards(),
            ledger: self.config.probes.ledger.clone(),
        }
    }

    /// The cards with which bookings are paid.
    pub fn cards(&self) -> TestCards {
        TestCards::new(&self.config.payments)
    }
}

/// A length of the config, which its reader has checked to be positive.
pub(super) fn std_duration(length: SignedDuration) -> Duration {
    Duration::try_from(length).unwrap_or_default()
}

fn check_secrets(config: &Config) -> Result<(), TargetError> {
    let user = config
        .target
        .as_ref()
        .and_then(|target| target.auth.as_ref())
        .map(|auth| auth.user.expose());
    let mut secrets = config
        .secrets
        .iter()
        .map(config::Secret::expose)
        .filter(|secret| Some(*secret) != user);
    if secrets.any(|secret| secret.len() < SHORTEST_SECRET) {
        return Err(TargetError::ShortSecret(SHORTEST_SECRET));
    }
    Ok(())
}

pub(super) fn offer(inventory: &Inventory) -> Offer {
    let options = inventory.merchants.iter();
    let options =
        options.map(|(id, merchant)| (id.clone(), merchant.payment_options.keys().cloned().collect()));
    let services = || inventory.services.values().flat_map(BTreeMap::values);
    let key = |service: &Service| (service.merchant_id.clone(), service.service_id.clone());
    let recurring = services().filter_map(|service| Some((key(service), service.is_recurring()?)));
    let online = services().filter_map(|service| Some((key(service), service.online.clone()?)));
    let terms = services().map(|service| (key(service), service_terms(service)));
    Offer {
        payment_options: options.collect(),
        recurring: recurring.collect(),
        online: online.collect(),
        linked: inventory.linked.clone(),
        resource_ids: resource_ids(inventory),
        services: terms.collect(),
        merchants: inventory.merchants.iter().map(merchant_terms).collect(),
    }
}

/// What is said of a merchant itself.
fn merchant_terms((id, merchant): (&String, &Merchant)) -> (String, MerchantTerms) {
    let options = merchant.payment_options.iter().map(|(id, option)| {
        let terms = OptionTerms {
            price: option.price.clone(),
            tax_micro_percent: option.tax_micro_percent,
        };
        (id.clone(), terms)
    });
    let terms = MerchantTerms {
        name: merchant.name.clone(),
        telephone: merchant.telephone.clone(),
        url: merchant.url.clone(),
        geo: merchant.geo.clone(),
        terms: merchant.terms.clone(),
        tax_micro_percent: merchant.tax_micro_percent,
        networks: merchant.accepted_networks.clone(),
        tokenization: merchant.tokenization_config.clone(),
        options: options.collect(),
    };
    (id.clone(), terms)
}

/// The ids of staff and rooms, of services of which every slot is kept.
fn resource_ids(inventory: &Inventory) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut all: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for slot in &inventory.slots {
        let ids = [&slot.resources.staff_id, &slot.resources.room_id];
        for id in ids.into_iter().flatten() {
            let key = (slot.merchant_id.clone(), slot.service_id.clone());
            if inventory.whole.contains(&key) {
                all.entry(key).or_default().insert(id.clone());
            }
        }
    }
    all
}

/// What holds for a slot that says nothing itself.
fn service_terms(service: &Service) -> ServiceTerms {
    ServiceTerms {
        price: service.price.clone(),
        tax_micro_percent: service.tax_micro_percent,
        prepayment_type: service.prepayment_type,
        charge_later: service.charge_later,
        no_show_fee: service.no_show_fee.clone(),
        deposit: service.deposit.clone(),
        card_required: service.card_requirement == CardRequirement::Always,
        payment_option_ids: service.payment_option_ids.clone(),
        rules: service.rules.clone(),
        waitlist: service.waitlist.clone(),
        has_uri_template: service.has_uri_template(),
    }
}

fn check_merchants(allowed: Option<&[String]>, inventory: &Inventory) -> Result<(), TargetError> {
    let ids = || inventory.merchants.keys().cloned().collect::<Vec<_>>();
    let Some(stranger) = allowed
        .into_iter()
        .flatten()
        .find(|id| inventory.merchant(id).is_none())
    else {
        return Ok(());
    };
    if inventory.merchants.is_empty() {
        Ok(())
    } else {
        Err(TargetError::Merchant(stranger.clone(), ids().join(", ")))
    }
}
