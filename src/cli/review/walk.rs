//! The questions of `conformance review`.

use super::super::exit::{CommandResult, Exit, Failure};
use super::choice::Choice;
use super::place::Shelf;
use super::{broken, pages, place};
use console::{Key, Style, Term};
use outcome::text::harmless;
use snapshot::{Decision, DiffKind, DiffLine, Group, Kind, Review, Tally};

/// Rows of the question below the diff.
const QUESTION: usize = 3;

/// So many ids stand in a line.
const IDS: usize = 6;

/// What is shown to a person, and the keys that the person presses.
pub(super) trait Screen {
    /// Rows and columns.
    fn size(&self) -> (usize, usize);
    /// The next key.
    fn key(&mut self) -> Result<Key, Failure>;
    /// Shows a line.
    fn line(&mut self, text: &str);
}

impl Screen for Term {
    fn size(&self) -> (usize, usize) {
        let (rows, columns) = Term::size(self);
        (rows.into(), columns.into())
    }

    fn key(&mut self) -> Result<Key, Failure> {
        self.read_key()
            .map_err(|error| Failure::broken(format!("the terminal is gone: {error}")))
    }

    fn line(&mut self, text: &str) {
        super::super::output::out(text);
    }
}

/// Asks about all that is chosen, target by target.
pub(super) fn review(shelf: &Shelf, choice: &Choice, screen: &mut dyn Screen) -> CommandResult {
    let mut todo = Vec::new();
    for (target, store) in shelf.stores()? {
        let pending = store.pending().map_err(|error| broken(&error))?;
        todo.push((pending, shelf.obsolete(&store)?, target, store));
    }
    let ids = todo
        .iter()
        .flat_map(|(pending, obsolete, ..)| pending.iter().chain(obsolete));
    choice.check(ids.map(String::as_str))?;
    if let Some(reason) = shelf.unknown_because() {
        screen.line(&place::not_looked_for(reason));
    }
    let (mut left, mut stopped) = (0, false);
    for (mut pending, mut obsolete, target, store) in todo {
        pending.retain(|id| choice.matches(id));
        obsolete.retain(|id| choice.matches(id));
        let mut review = Review::new(&store, &pending, obsolete).map_err(|error| broken(&error))?;
        if stopped {
            review.apply(Decision::SkipAll).map_err(|error| broken(&error))?;
        } else {
            stopped = walk(&target, &mut review, screen)?;
        }
        left += review.tally().skipped.len();
        screen.line(&format!("{target}: {}", summary(review.tally())));
    }
    Ok(if left == 0 { Exit::Done } else { Exit::Person })
}

/// Asks until nothing is left; true when the person wants no more questions.
fn walk(target: &str, review: &mut Review<'_>, screen: &mut dyn Screen) -> Result<bool, Failure> {
    let mut asked = false;
    loop {
        let Some(group) = review.current() else {
            if asked && wants_undo(screen)? {
                undo(review, screen)?;
                continue;
            }
            return Ok(false);
        };
        asked = true;
        pages::show(screen, &lines(target, &group, review.position()), QUESTION)?;
        match ask(screen, group.kind)? {
            Answer::Undo => undo(review, screen)?,
            Answer::Stop => {
                review.apply(Decision::SkipAll).map_err(|error| broken(&error))?;
                return Ok(true);
            }
            Answer::Decide(decision) => {
                let along = review.apply(decision).map_err(|error| broken(&error))?;
                if !along.is_empty() {
                    screen.line(&format!(
                        "  accepted along, since each change in it was accepted: {}",
                        along.join(", ")
                    ));
                }
            }
        }
    }
}

fn undo(review: &mut Review<'_>, screen: &mut dyn Screen) -> Result<(), Failure> {
    if review.undo().map_err(|error| broken(&error))? {
        screen.line("  the last decision is undone");
    } else {
        screen.line("  there is no decision to undo");
    }
    Ok(())
}

fn summary(tally: &Tally) -> String {
    let parts = [
        (tally.accepted.len(), "accepted"),
        (tally.rejected.len(), "rejected"),
        (tally.deleted.len(), "deleted"),
        (tally.skipped.len(), "left"),
    ];
    let shown = parts
        .iter()
        .filter(|(number, word)| *number > 0 || *word != "deleted");
    let shown: Vec<_> = shown.map(|(number, word)| format!("{number} {word}")).collect();
    shown.join(", ")
}

/// All that a person sees before the question.
fn lines(target: &str, group: &Group, (number, of): (usize, usize)) -> Vec<String> {
    let head = |text: &str| {
        let text = format!("{number} of {of}  {text}");
        format!("\n{}", Style::new().bold().apply_to(text))
    };
    let first = &group.members[0];
    let mut lines = match group.kind {
        Kind::Obsolete => {
            let mut lines = vec![head(&format!("obsolete  ({target})"))];
            lines.push("accepted snapshots of scenarios that do not exist any more:".to_owned());
            lines.extend(group.members.iter().map(|member| format!("  {}", member.id)));
            return lines;
        }
        Kind::New => vec![head(&format!("{}  ({target}, new)", first.id))],
        Kind::Changed => vec![head(&format!("{}  ({target}, changed)", first.id))],
    };
    lines.push(harmless(&first.title).replace('\n', " "));
    lines.push(verdict(group));
    if group.members.len() > 1 {
        let ids: Vec<_> = group.members.iter().map(|member| member.id.as_str()).collect();
        lines.push(format!("the same in {} scenarios: {}", ids.len(), few(&ids)));
    }
    if !group.also_in.is_empty() {
        let ids: Vec<_> = group.also_in.iter().map(String::as_str).collect();
        lines.push(format!(
            "also in {}, with other changes or another verdict",
            few(&ids)
        ));
    }
    if group.accepted_before > 0 {
        lines.push(format!(
            "not shown: changes accepted above, {} of them",
            group.accepted_before
        ));
    }
    lines.push(String::new());
    lines.extend(group.diff.iter().map(coloured));
    lines
}

fn verdict(group: &Group) -> String {
    match &group.judged {
        None => "verdict: no violated MUST was found".to_owned(),
        Some(mark) => {
            let text = format!(
                "verdict: this scenario {}; do not accept it as right",
                mark.words()
            );
            Style::new().red().bold().apply_to(text).to_string()
        }
    }
}

fn few(ids: &[&str]) -> String {
    let shown = ids.iter().take(IDS).copied().collect::<Vec<_>>().join(", ");
    match ids.len().saturating_sub(IDS) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn coloured(line: &DiffLine) -> String {
    let (sign, style) = match line.kind {
        DiffKind::Hunk => ("", Style::new().cyan()),
        DiffKind::Context => (" ", Style::new().dim()),
        DiffKind::Removed => ("-", Style::new().red()),
        DiffKind::Added => ("+", Style::new().green()),
    };
    style
        .apply_to(format!("{sign}{}", harmless(&line.text)))
        .to_string()
}

enum Answer {
    Decide(Decision),
    Undo,
    Stop,
}

fn ask(screen: &mut dyn Screen, kind: Kind) -> Result<Answer, Failure> {
    let obsolete = kind == Kind::Obsolete;
    screen.line(if obsolete {
        "\n  d delete them   s keep them   u undo"
    } else {
        "\n  a accept   r reject   s skip   u undo   A, R, S: this and all that follow (A: none that fails)"
    });
    loop {
        let decision = match screen.key()? {
            Key::Char('u') => return Ok(Answer::Undo),
            Key::Char('S') | Key::Escape | Key::CtrlC => return Ok(Answer::Stop),
            Key::Char('s') => Decision::Skip,
            Key::Char('d') if obsolete => Decision::Accept,
            Key::Char('a') if !obsolete => Decision::Accept,
            Key::Char('r') if !obsolete => Decision::Reject,
            Key::Char('A') if !obsolete => Decision::AcceptAll,
            Key::Char('R') if !obsolete => Decision::RejectAll,
            _ => continue,
        };
        return Ok(Answer::Decide(decision));
    }
}

fn wants_undo(screen: &mut dyn Screen) -> Result<bool, Failure> {
    screen.line("\n  nothing is left to decide: enter to finish, u to undo the last decision");
    loop {
        match screen.key()? {
            Key::Char('u') => return Ok(true),
            Key::Enter | Key::Char('q' | ' ') | Key::Escape | Key::CtrlC => return Ok(false),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
