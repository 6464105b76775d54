//! What stands in the certificates.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    KeyPair, KeyUsagePurpose, NameConstraints, PublicKeyData as _,
};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;

/// Some clients take no certificate that lives for longer than 825 days.
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 730);
/// What is left of an authority's life when it is renewed.
const RENEWED: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Clients whose clock is slow still take what has just been made.
const SLOW: SignedDuration = SignedDuration::from_hours(24);

/// The certificate of an authority that may sign for these names. Its own name goes with the key, so that an authority
/// and its successor are not taken for each other.
pub(super) fn of_authority(key: &KeyPair, names: &[String], now: Timestamp) -> CertificateParams {
    let digest = Sha256::digest(key.subject_public_key_info());
    let name = format!(
        "conformance local authority {:02x}{:02x}{:02x}",
        digest[0], digest[1], digest[2]
    );
    let mut params = set_validity(CertificateParams::default(), &name, now);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: names.iter().map(|name| subtree(name)).collect(),
        excluded_subtrees: Vec::new(),
    });
    params
}

/// The certificate of a server with these names.
pub(super) fn of_server(names: &[String], now: Timestamp) -> Result<CertificateParams, rcgen::Error> {
    let mut params = set_validity(CertificateParams::new(names)?, "conformance serve", now);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn set_validity(mut params: CertificateParams, name: &str, now: Timestamp) -> CertificateParams {
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let day = |time: Timestamp| {
        let date = time.to_zoned(TimeZone::UTC).date();
        rcgen::date_time_ymd(
            i32::from(date.year()),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        )
    };
    params.not_before = day(now - SLOW);
    params.not_after = day(now + LIFE);
    params
}

fn subtree(name: &str) -> GeneralSubtree {
    match name.parse::<IpAddr>() {
        Ok(address) if address.is_ipv4() => {
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, 32))
        }
        Ok(address) => GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, 128)),
        Err(_) => GeneralSubtree::DnsName(name.to_owned()),
    }
}

/// Whether an authority has enough of its life left.
pub(super) fn has_life_left(certificate: &X509Certificate<'_>, now: Timestamp) -> bool {
    certificate.validity().not_after.timestamp() > (now + RENEWED).as_second()
}

/// Whether an authority may sign for all of these names.
pub(super) fn may_sign(certificate: &X509Certificate<'_>, names: &[String]) -> bool {
    let constraints = certificate.name_constraints().ok().flatten();
    let permitted = constraints.and_then(|constraints| constraints.value.permitted_subtrees.as_ref());
    let permits = |name: &String| {
        let mut bases = permitted.into_iter().flatten().map(|subtree| &subtree.base);
        bases.any(|base| is_name(base, name))
    };
    names.iter().all(permits)
}

// An address stands there with the mask behind it.
fn is_name(base: &GeneralName<'_>, name: &str) -> bool {
    match (base, name.parse::<IpAddr>()) {
        (GeneralName::IPAddress(bytes), Ok(IpAddr::V4(address))) => bytes.starts_with(&address.octets()),
        (GeneralName::IPAddress(bytes), Ok(IpAddr::V6(address))) => bytes.starts_with(&address.octets()),
        (GeneralName::DNSName(base), Err(_)) => *base == name,
        _ => false,
    }
}
