//! What a hostile target does, as data.

/// Something that a target does on a connection; afterwards it closes it.
#[derive(Clone, Copy)]
pub(crate) enum Act {
    /// Writes text.
    Say(&'static str),
    /// Writes bytes that are made when they are wanted.
    Made(fn() -> Vec<u8>),
    /// Writes the same so many times.
    Repeat(&'static str, usize),
    /// Writes the same as long as anybody takes it.
    Forever(&'static str),
    /// Writes a byte every so many milliseconds.
    Drip(&'static str, u64),
    /// Says nothing more and leaves the connection open until the other side closes it.
    Hold,
}

/// When a target begins to act.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// As soon as there is a connection.
    Connected,
    /// When a request has been read.
    Asked,
    /// When the first byte of a request has come; what is left unread makes the system reset the connection at its end.
    Touched,
}

/// What the target's address says, and what is behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// `http://`.
    Plain,
    /// `https://`, though what follows is not TLS.
    NoTls,
    /// `https://` with a certificate that ended last year.
    Expired,
    /// `https://` with a certificate for another name.
    OtherName,
    /// `https://` with a certificate of an authority that nobody knows.
    Unknown,
}

/// A message of a right partner on its way to Google, and what is made of it: method, head, body.
pub(crate) type Alter = fn(&str, &mut String, &mut Vec<u8>);

/// What stands behind the target's address.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// The same on every connection.
    Acts(Scheme, When, &'static [Act]),
    /// A right partner whose answers are altered.
    Altered(Alter),
    /// A right partner, and strangers who call Google's side with a body: how many, and who they say they are.
    Strangers(usize, fn() -> Vec<u8>, Option<&'static str>),
}

/// One hostile target.
pub(crate) struct Case {
    /// What it does, in a few words.
    pub(crate) name: &'static str,
    /// The target.
    pub(crate) target: Target,
    /// The exit codes that are right.
    pub(crate) exits: &'static [i32],
    /// Whether it is done quickly enough for every build.
    pub(crate) is_fast: bool,
}
