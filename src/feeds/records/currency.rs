//! Currencies: their smallest units, where they are used, and which amounts are plausible in them.

use domain::slot::Money;
use iso_currency::{Country, Currency};

/// A million dollars, pounds or dinars: nothing that is booked online costs as much.
const IMPLAUSIBLE: i64 = 1_000_000 * MAJOR;
/// Ten thousand million of a smaller unit are some hundred thousand dollars even in dong and rupiah, while a spa for
/// 1 200 000 VND is right.
const IMPLAUSIBLE_OF_SMALL: i64 = 10_000 * IMPLAUSIBLE;
/// Micros of a major unit.
const MAJOR: i64 = 1_000_000;

/// Currencies whose unit is worth about a dollar or more.
const LARGE_UNITS: [&str; 19] = [
    "AUD", "BHD", "BMD", "BND", "BSD", "CAD", "CHF", "EUR", "FKP", "GBP", "GIP", "JOD", "KWD", "KYD", "NZD",
    "OMR", "PAB", "SGD", "USD",
];

/// Where a currency is used besides the countries that issue it: as legal tender, at par by treaty, or in the
/// prices of shops and hotels where the law leaves that to them. The first line is what the library leaves out.
const USED_TOO: &[(&str, &[&str])] = &[
    ("NAD", &["NA"]),
    (
        "USD",
        &[
            "AG", "AR", "AW", "BS", "BZ", "CD", "CR", "CU", "CW", "DO", "GE", "GT", "JM", "KY", "LB", "LC",
            "LR", "MF", "MV", "MX", "NI", "PE", "PS", "SO", "SX", "TT", "UY", "VE", "ZW",
        ],
    ),
    ("BND", &["SG"]),
    ("BWP", &["ZW"]),
    ("EGP", &["PS"]),
    ("EUR", &["BA", "TR", "ZW"]),
    ("GBP", &["FK", "GI", "SH", "ZW"]),
    ("HKD", &["MO"]),
    ("JOD", &["PS"]),
    ("SGD", &["BN"]),
    ("TRY", &["CY"]),
    ("ZAR", &["SZ", "ZW"]),
];

/// Micros of the smallest unit of an ISO 4217 currency: USD 10 000, JPY 1 000 000, KWD 1 000.
///
/// What has no smallest unit (gold, drawing rights) or is no currency counts as if it had hundredths.
pub fn unit_micros(currency_code: &str) -> i64 {
    let exponent = Currency::from_code(currency_code).and_then(Currency::exponent);
    let zeros = 6_u32.checked_sub(exponent.map_or(2, u32::from));
    10_i64.pow(zeros.unwrap_or(0))
}

/// True for a code of ISO 4217, those of funds and metals included, and a few that a newer one has replaced of late
/// (BGN, HRK, SLL). What was withdrawn before (LTL, VEF, ANG) is none any more.
pub(crate) fn is_currency(code: &str) -> bool {
    Currency::from_code(code).is_some()
}

/// True when a currency is one of a country, or one of those that prices are in there; none where the country (two
/// capitals of ISO 3166) is not known, or nothing is known of its money.
///
/// A currency that has been replaced of late counts still, since old and new ones run side by side for a while.
pub(crate) fn is_used_in(code: &str, country_alpha2: &str) -> Option<bool> {
    let country: Country = country_alpha2.parse().ok()?;
    let issued = Currency::from_country(country);
    let too = |code: &str| {
        USED_TOO
            .iter()
            .any(|(other, countries)| *other == code && countries.contains(&country_alpha2))
    };
    (!issued.is_empty()).then(|| issued.iter().any(|currency| currency.code() == code) || too(code))
}

/// True for a price that somebody may ask for: free, or from the smallest unit up to what is not yet absurd for the
/// worth of the currency.
pub(crate) fn is_plausible(price: &Money) -> bool {
    let code = price.currency_code.as_str();
    let most = if LARGE_UNITS.contains(&code) {
        IMPLAUSIBLE
    } else {
        IMPLAUSIBLE_OF_SMALL
    };
    price.price_micros == 0 || (unit_micros(code)..most).contains(&price.price_micros)
}

/// True when the price is a multiple of the currency's smallest unit, so that nothing has to be rounded.
pub(crate) fn is_whole(price: &Money) -> bool {
    price.price_micros % unit_micros(&price.currency_code) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The currencies that ISO 4217 lists, without those that are no money one pays with.
    const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD \
        CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF \
        GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR \
        LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK \
        PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT \
        TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

    /// Country and currency, as ISO 4217 lists them.
    const COUNTRIES: &str = "ADEUR AEAED AFAFN AGXCD AIXCD ALALL AMAMD AOAOA ARARS ASUSD ATEUR AUAUD AWAWG AXEUR AZAZN \
        BABAM BBBBD BDBDT BEEUR BFXOF BGEUR BHBHD BIBIF BJXOF BLEUR BMBMD BNBND BOBOB BQUSD BRBRL BSBSD BTBTN BVNOK \
        BWBWP BYBYN BZBZD CACAD CCAUD CDCDF CFXAF CGXAF CHCHF CIXOF CKNZD CLCLP CMXAF CNCNY COCOP CRCRC CUCUP CVCVE \
        CWXCG CXAUD CYEUR CZCZK DEEUR DJDJF DKDKK DMXCD DODOP DZDZD ECUSD EEEUR EGEGP EHMAD ERERN ESEUR ETETB FIEUR \
        FJFJD FKFKP FMUSD FODKK FREUR GAXAF GBGBP GDXCD GEGEL GFEUR GGGBP GHGHS GIGIP GLDKK GMGMD GNGNF GPEUR GQXAF \
        GREUR GTGTQ GUUSD GWXOF GYGYD HKHKD HMAUD HNHNL HREUR HTHTG HUHUF IDIDR IEEUR ILILS IMGBP ININR IOUSD IQIQD \
        IRIRR ISISK ITEUR JEGBP JMJMD JOJOD JPJPY KEKES KGKGS KHKHR KIAUD KMKMF KNXCD KPKPW KRKRW KWKWD KYKYD KZKZT \
        LALAK LBLBP LCXCD LICHF LKLKR LRLRD LSLSL LTEUR LUEUR LVEUR LYLYD MAMAD MCEUR MDMDL MEEUR MFEUR MGMGA MHUSD \
        MKMKD MLXOF MMMMK MNMNT MOMOP MPUSD MQEUR MRMRU MSXCD MTEUR MUMUR MVMVR MWMWK MXMXN MYMYR MZMZN NANAD NCXPF \
        NEXOF NFAUD NGNGN NINIO NLEUR NONOK NPNPR NRAUD NUNZD NZNZD OMOMR PAPAB PEPEN PFXPF PGPGK PHPHP PKPKR PLPLN \
        PMEUR PNNZD PRUSD PSILS PTEUR PWUSD PYPYG QAQAR REEUR RORON RSRSD RURUB RWRWF SASAR SBSBD SCSCR SDSDG SESEK \
        SGSGD SHSHP SIEUR SJNOK SKEUR SLSLE SMEUR SNXOF SOSOS SRSRD SSSSP STSTN SVUSD SXXCG SYSYP SZSZL TCUSD TDXAF \
        TFEUR TGXOF THTHB TJTJS TKNZD TLUSD TMTMT TNTND TOTOP TRTRY TTTTD TVAUD TWTWD TZTZS UAUAH UGUGX UMUSD USUSD \
        UYUYU UZUZS VAEUR VCXCD VEVES VGUSD VIUSD VNVND VUVUV WFXPF WSWST YEYER YTEUR ZAZAR ZMZMW ZWZWG";

    fn money(price_micros: i64, currency_code: &str) -> Money {
        Money {
            price_micros,
            currency_code: currency_code.to_owned(),
        }
    }

    #[test]
    fn units_follow_the_exponent_of_the_currency() {
        assert_eq!(
            ["USD", "JPY", "KWD", "CLF"].map(unit_micros),
            [10_000, 1_000_000, 1_000, 100]
        );
    }

    #[test]
    fn every_exponent_is_that_of_the_standard() {
        let zero = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
        let exceptions = [
            (zero, 1_000_000),
            ("BHD IQD JOD KWD LYD OMR TND", 1_000),
            ("CLF UYW", 100),
        ];
        for code in CODES.split_whitespace() {
            let exception = exceptions.iter().find(|(codes, _)| codes.contains(code));
            let unit = exception.map_or(10_000, |(_, unit)| *unit);
            assert_eq!(unit_micros(code), unit, "{code}");
        }
    }

    #[test]
    fn what_has_no_smallest_unit_is_counted_in_hundredths() {
        for code in ["XAU", "XDR", "XTS", "XXX", "", "€", "dollar"] {
            assert_eq!(unit_micros(code), 10_000, "{code}");
        }
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for code in CODES.split_whitespace() {
            assert!(is_currency(code), "{code}");
        }
        for code in ["BGN", "HRK", "SLL", "XAU"] {
            assert!(is_currency(code), "{code}");
        }
        for code in ["ANG", "VEF", "MRO", "STD", "BYR", "LTL"] {
            assert!(!is_currency(code), "{code}");
        }
        for code in ["", "usd", "US", "USDT", "EURO", "DEM", "BTC", "RMB", "€", "ZZZ"] {
            assert!(!is_currency(code), "{code}");
        }
    }

    #[test]
    fn every_country_uses_its_own_currency() {
        for pair in COUNTRIES.split_whitespace() {
            let (country, code) = pair.split_at(2);
            assert_eq!(is_used_in(code, country), Some(true), "{pair}");
            // That of a country that nobody else borrows from.
            assert_eq!(is_used_in("KPW", country), Some(country == "KP"), "{pair}");
        }
    }

    #[test]
    fn several_currencies_may_be_used_in_one_country() {
        let table = [
            ("KH", "KHR USD", "THB EUR"),
            ("PA", "PAB USD", "EUR"),
            ("EC", "USD", "EUR"),
            ("ZW", "ZWG USD ZAR", "JPY"),
            ("PS", "ILS JOD USD", "SYP"),
            ("LS", "LSL ZAR", "NAD"),
            ("BT", "BTN INR", "NPR"),
            ("GI", "GIP GBP", "EUR"),
            ("BG", "BGN EUR", "USD"),
            ("CH", "CHF", "EUR"),
            ("VE", "VES VED USD", "COP"),
            ("US", "USD", "CAD"),
            ("TR", "TRY EUR", "JPY"),
            ("BA", "BAM EUR", "JPY"),
            ("MX", "MXN USD", "EUR"),
            ("TT", "TTD USD", "EUR"),
            ("AG", "XCD USD", "EUR"),
            ("LC", "XCD USD", "EUR"),
            ("GE", "GEL USD", "JPY"),
            ("JP", "JPY", "USD"),
            ("DE", "EUR", "CHF DEM"),
        ];
        for (country, used, foreign) in table {
            for code in used.split(' ') {
                assert_eq!(is_used_in(code, country), Some(true), "{country} {code}");
            }
            for code in foreign.split(' ') {
                assert_eq!(is_used_in(code, country), Some(false), "{country} {code}");
            }
        }
        // Kosovo has no code of the standard, and nobody lives on Antarctica by a currency of its own.
        for unknown in ["", "XK", "USA", "us", "AQ", "ZZ"] {
            assert_eq!(is_used_in("EUR", unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_price_is_plausible_by_the_worth_of_its_currency() {
        let million = 1_000_000 * MAJOR;
        let table = [
            ("USD", 0, true),
            ("USD", -1, false),
            ("USD", i64::MIN, false),
            ("USD", 1, false),
            ("USD", 10_000, true),
            ("USD", million - 10_000, true),
            ("USD", million, false),
            ("KWD", million, false),
            ("JPY", 45, false),
            ("JPY", 2 * million, true),
            ("KRW", 1_500_000 * MAJOR, true),
            ("VND", 1_200_000 * MAJOR, true),
            ("IDR", 25_000_000 * MAJOR, true),
            ("COP", 3_000_000 * MAJOR, true),
            // Millionths of millionths.
            ("VND", 1_200_000 * million, false),
            ("CLP", i64::MAX, false),
        ];
        for (code, micros, plausible) in table {
            assert_eq!(is_plausible(&money(micros, code)), plausible, "{micros} {code}");
        }
    }

    #[test]
    fn a_whole_price_needs_no_rounding() {
        let table = [
            ("USD", 10_050_000, true),
            ("USD", 10_055_000, false),
            ("JPY", 1_045_000_000, true),
            ("JPY", 1_045_500_000, false),
            ("KWD", 12_345_000, true),
            ("KWD", 12_345_500, false),
            ("USD", 0, true),
            ("USD", -10_000, true),
            ("USD", i64::MIN, false),
        ];
        for (code, micros, whole) in table {
            assert_eq!(is_whole(&money(micros, code)), whole, "{micros} {code}");
        }
    }
}
