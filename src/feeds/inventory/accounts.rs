//! Accounts that receive money: the 3DS2 data of one account are the same whichever merchant states them.

use crate::code::ProblemCode;
use crate::problem::RecordProblem;
use crate::records::value::{filled_text, member};
use serde_json::Value;
use std::collections::HashMap;

/// What a merchant states about the account that receives its money.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stated {
    merchant_id: String,
    /// Name of the merchant of record and country of payment, as far as they are there.
    data: [Option<String>; 2],
}

const FIELDS: [&str; 2] = ["merchant_of_record_name", "payment_country_code"];

/// What was stated first of each account: network, bank and number at the bank.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    known: HashMap<[String; 3], Stated>,
    /// True when two merchants have one account.
    pub(crate) shared: bool,
}

impl Accounts {
    /// Notes the accounts of a merchant; what it states otherwise than an earlier merchant of the same account.
    pub(crate) fn add(&mut self, merchant_id: &str, config: Option<&Value>) -> Option<RecordProblem> {
        let config = config?;
        let entries = member(config, "card_network_parameters")?.as_array()?;
        let stated = Stated {
            merchant_id: merchant_id.to_owned(),
            data: FIELDS.map(|field| filled_text(member(config, field)).map(plain)),
        };
        let mut problem = None;
        for key in entries.iter().filter_map(key) {
            let Some(first) = self.known.get(&key) else {
                self.known.insert(key, stated.clone());
                continue;
            };
            if first.merchant_id != stated.merchant_id {
                self.shared = true;
                problem = problem.or_else(|| difference(first, &stated, &key));
            }
        }
        problem
    }
}

fn key(entry: &Value) -> Option<[String; 3]> {
    let text = |name: &str| filled_text(member(entry, name)).map(plain);
    Some([
        text("card_network")?,
        text("acquirer_bin")?,
        text("acquirer_merchant_id")?,
    ])
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}

fn difference(first: &Stated, now: &Stated, [_, _, account]: &[String; 3]) -> Option<RecordProblem> {
    let pairs = FIELDS.into_iter().zip(first.data.iter().zip(&now.data));
    let (field, before, now) = pairs
        .filter_map(|(field, (before, now))| Some((field, before.as_ref()?, now.as_ref()?)))
        .find(|(_, before, now)| before != now)?;
    let message = format!(
        "{now:?} for the account {account:?}, for which merchant {:?} states {before:?}",
        first.merchant_id
    );
    let field = format!("tokenization_config.{field}");
    Some(RecordProblem::new(ProblemCode::AccountDiffers, field, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn config(name: &str, account: &str) -> Value {
        json!({ "merchant_of_record_name": name, "payment_country_code": "DE",
            "card_network_parameters": [{ "card_network": "VISA", "acquirer_bin": "417", "acquirer_merchant_id": account }] })
    }

    #[test]
    fn one_account_has_one_merchant_of_record() {
        let mut accounts = Accounts::default();
        let mut add = |id: &str, name: &str, account: &str| accounts.add(id, Some(&config(name, account)));
        assert_eq!(add("a", "Harbour", "1"), None);
        assert_eq!(add("b", "harbour ", "1"), None, "the same");
        assert_eq!(add("c", "Lane", "2"), None, "another account");
        let problem = add("d", "Lane", "1").map(|problem| (problem.code, problem.field));
        let field = "tokenization_config.merchant_of_record_name".to_owned();
        assert_eq!(problem, Some((ProblemCode::AccountDiffers, field)));
        assert!(accounts.shared);
    }
}
