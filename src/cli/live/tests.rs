use super::*;
use indicatif::TermLike;
use std::io::Result;

/// A terminal that remembers what stands on it, and breaks lines as terminals do.
#[derive(Debug, Clone)]
struct Screen {
    columns: u16,
    state: Arc<Mutex<Grid>>,
}

#[derive(Debug, Default)]
struct Grid {
    rows: Vec<String>,
    row: usize,
}

impl Grid {
    fn row(&mut self) -> &mut String {
        let row = self.row;
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, String::new);
        }
        &mut self.rows[row]
    }
}

impl Screen {
    fn of(columns: u16) -> Self {
        Self {
            columns,
            state: Arc::default(),
        }
    }

    fn text(&self) -> Vec<String> {
        let grid = locked(&self.state);
        let shown = grid.rows.iter().map(|row| row.trim_end().to_owned());
        shown.filter(|row| !row.is_empty()).collect()
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        self.columns
    }
    fn move_cursor_up(&self, rows: usize) -> Result<()> {
        let mut grid = locked(&self.state);
        grid.row = grid.row.saturating_sub(rows);
        Ok(())
    }
    fn move_cursor_down(&self, rows: usize) -> Result<()> {
        locked(&self.state).row += rows;
        Ok(())
    }
    fn move_cursor_right(&self, _: usize) -> Result<()> {
        Ok(())
    }
    fn move_cursor_left(&self, _: usize) -> Result<()> {
        Ok(())
    }
    fn write_line(&self, text: &str) -> Result<()> {
        self.write_str(text)?;
        self.move_cursor_down(1)
    }
    fn write_str(&self, text: &str) -> Result<()> {
        let mut grid = locked(&self.state);
        for letter in console::strip_ansi_codes(text).chars() {
            let mut wider = grid.row().clone();
            wider.push(letter);
            if console::measure_text_width(&wider) > usize::from(self.columns) {
                grid.row += 1;
            }
            grid.row().push(letter);
        }
        Ok(())
    }
    fn clear_line(&self) -> Result<()> {
        locked(&self.state).row().clear();
        Ok(())
    }
    fn flush(&self) -> Result<()> {
        Ok(())
    }
}

const SCENARIOS: [&str; 5] = ["basic/a", "basic/b", "no-show/late", "no-show/never", "alone"];

fn progress(began: Instant) -> Progress {
    let mut progress = Progress::new(&SCENARIOS, began);
    progress.wait(
        "no-show/late",
        "the start or the end of the slot",
        began + Duration::from_secs(27),
    );
    progress.wait("no-show/never", "a notification", began + Duration::from_secs(9));
    progress.wait("alone", "an inventory update", began + Duration::from_secs(3));
    progress.wait("basic/b", "a notification", began + Duration::from_secs(2));
    progress.finish("basic/a");
    progress
}

const PLAIN: Words = Words { colour: false };

#[test]
fn the_screen_says_what_is_awaited_with_the_time_left() {
    let began = Instant::now();
    let mut progress = progress(began);
    progress.look("basic/a", true, began);
    let after = |seconds| began + Duration::from_secs(seconds);
    assert_eq!(
        progress.lines(80, after(2), PLAIN),
        "1 of 5 scenarios done  1 looks wrong  0:02\n   \
         25 s left  no-show/late: the start or the end of the slot\n    \
         7 s left  no-show/never: a notification\n    \
         1 s left  alone: an inventory update\n        \
         and 1 other waits"
    );
    progress.end_wait("no-show/late");
    progress.now("waiting until nothing more arrives");
    assert_eq!(
        progress.lines(90, after(80), PLAIN),
        "1 of 5 scenarios done  1 looks wrong  1:20  waiting until nothing more arrives\n    \
         0 s left  no-show/never: a notification\n    \
         0 s left  alone: an inventory update\n    \
         0 s left  basic/b: a notification"
    );
}

#[test]
fn no_line_is_broken_by_a_narrow_terminal_and_none_is_left_behind() {
    for columns in [20_u16, 40, 60, 120] {
        let screen = Screen::of(columns);
        let state = Arc::new(Mutex::new(progress(Instant::now())));
        locked(&state).wait("wide/場面", "場面".repeat(60).as_str(), Instant::now());
        let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
        let bar = bar(target, &state, Words { colour: true }, move || {
            usize::from(columns)
        });
        bar.tick();
        assert_eq!(screen.text().len(), 5, "{screen:?}");
        for line in screen.text() {
            let taken = console::measure_text_width(&line);
            assert!(
                taken < usize::from(columns),
                "{taken} of {columns} columns: {line}"
            );
        }
        for id in SCENARIOS {
            locked(&state).end_wait(id);
        }
        locked(&state).end_wait("wide/場面");
        bar.suspend(|| ());
        assert_eq!(screen.text().len(), 1, "{screen:?}");
        bar.finish_and_clear();
        assert_eq!(screen.text(), Vec::<String>::new());
    }
}

#[test]
fn a_sentence_is_broken_between_words() {
    let text = "running 218 scenarios against a partner at http://127.0.0.1:44341";
    let wrapped = progress::wrap(text, 30);
    assert_eq!(
        wrapped,
        "running 218 scenarios against\n  a partner at\n  http://127.0.0.1:44341"
    );
    assert_eq!(progress::wrap(text, 80), text);
}

#[test]
fn a_group_is_told_once_when_all_of_it_was_looked_at() {
    let began = Instant::now();
    let mut progress = progress(began);
    let later = began + Duration::from_secs(4);
    assert_eq!(progress.look("basic/a", true, later), (1, None));
    let line = "basic: 2 scenarios done after 4 s, 1 looks wrong".to_owned();
    assert_eq!(progress.look("basic/b", false, later), (1, Some(line)));
    let line = "scenarios: 1 scenario done after 4 s".to_owned();
    assert_eq!(progress.look("alone", false, later), (1, Some(line)));
    assert_eq!(progress.look("nobody/knows", true, later), (2, None));
}
