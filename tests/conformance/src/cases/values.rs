//! What the parameters of a session take, and texts, numbers and ids in which something may go wrong.

pub(super) const PERMISSIONS: &[&str] = &["balances", "ownership", "payment_method", "transactions"];
pub(super) const PREFETCH: &[&str] = &["balances", "ownership", "transactions"];
pub(super) const SUBCATEGORIES: &[&str] = &["checking", "credit_card", "line_of_credit", "mortgage", "savings"];
pub(super) const SUPPORT: &[&str] = &["all", "at_least_one", "none"];
pub(super) const MODES: &[&str] = &["automatic", "disabled"];
pub(super) const HOLDERS: &[&str] = &["account", "customer"];
pub(super) const EXPAND: &[&str] = &[
    "account_holder.account",
    "account_holder.customer",
    "accounts.data.account_holder.account",
    "accounts.data.account_holder.customer",
    "accounts.data.ownership",
];

/// Where a string may stand in a create request: its name, and the list of values that are known, if there is one.
pub(super) const STRINGS: &[(&str, &[&str])] = &[
    ("account_holder.account", &[]),
    ("account_holder.customer", &[]),
    ("account_holder.customer_account", &[]),
    ("account_holder.type", HOLDERS),
    ("expand", EXPAND),
    ("filters.account_subcategories", SUBCATEGORIES),
    ("filters.country", &[]),
    ("filters.require_payment_method_support", SUPPORT),
    ("manual_entry.mode", MODES),
    ("permissions", PERMISSIONS),
    ("prefetch", PREFETCH),
    ("return_url", &[]),
];

/// The parameters of a create request that are lists of strings.
pub(super) const LISTS: &[&str] = &["expand", "filters.account_subcategories", "permissions", "prefetch"];

/// Whole numbers for `limits.accounts`: around nothing, around 2⁵³, past which a number of JavaScript is not exact, and the
/// ends.
pub(super) const NUMBERS: &[i64] =
    &[0, 1, -1, 5, 10, 1 << 32, (1 << 53) - 1, 1 << 53, (1 << 53) + 1, -(1 << 53) - 1, i64::MAX, i64::MIN];

/// Texts in which something may go wrong.
pub(super) const TEXTS: &[(&str, &str)] = &[
    ("empty", ""),
    ("space", " "),
    ("spaces around", "  a  b  "),
    ("plus", "+"),
    ("plus and space", "a+b c"),
    ("encoded plus", "%2B"),
    ("encoded space", "%20"),
    ("encoded twice", "%252F"),
    ("stray percent", "100%"),
    ("half an escape", "%4"),
    ("no escape", "%zz"),
    ("encoded not UTF-8", "%ff%fe"),
    ("another parameter", "x&permissions[9]=y"),
    ("another value", "a=b=c"),
    ("semicolon", "a;b"),
    ("brackets", "a[0][b]"),
    ("brackets back to front", "]["),
    ("quotes", "\"'`"),
    ("backslashes", "\\n\\u0041\\"),
    ("markup", "<a href=\"x\">&amp;</a>"),
    ("address", "https://example.com/r%C3%A9sum%C3%A9?a=1&b=two words#part"),
    ("tab and lines", "\t\r\n\n\r"),
    ("null character", "a\u{0}b"),
    ("escape and delete", "\u{1b}[31m\u{7f}"),
    ("C1 controls", "\u{80}\u{85}\u{9f}"),
    ("null", "null"),
    ("undefined", "undefined"),
    ("true", "true"),
    ("number", "007"),
    ("Latin", "\u{c5}ngstr\u{f6}m \u{df}\u{fe}\u{ff}"),
    ("composed", "\u{e9}"),
    ("decomposed", "e\u{301}"),
    ("stacked marks", "Z\u{351}\u{36b}\u{343}\u{36a}"),
    ("Greek and Cyrillic", "\u{395}\u{3bb}\u{3bb}\u{3ac}\u{3b4}\u{3b1} \u{416}"),
    ("Hebrew", "\u{5e9}\u{5dc}\u{5d5}\u{5dd}"),
    ("Arabic", "\u{645}\u{631}\u{62d}\u{628}\u{627} \u{661}"),
    ("reordering", "\u{202e}abc\u{202c}\u{2066}x\u{2069}"),
    ("Devanagari", "\u{928}\u{92e}\u{938}\u{94d}\u{924}\u{947}"),
    ("Thai", "\u{e2a}\u{e27}\u{e31}\u{e2a}\u{e14}\u{e35}"),
    ("Han and kana", "\u{65e5}\u{672c}\u{8a9e}\u{306e}"),
    ("Hangul, both ways", "\u{d55c} \u{1112}\u{1161}\u{11ab}"),
    ("wide and compatible", "\u{ff21}\u{3000}\u{fb01}\u{2460}\u{212b}"),
    ("dotted I", "\u{130}\u{131}"),
    ("separators", "a\u{2028}b\u{2029}c\u{a0}d"),
    ("not seen", "\u{200b}\u{200d}\u{ad}\u{2060}"),
    ("byte order mark", "\u{feff}a"),
    ("private and no characters", "\u{e000}\u{fffe}\u{ffff}\u{fdd0}"),
    ("replacement", "\u{fffd}"),
    ("edges of UTF-8", "\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}"),
    ("around the surrogates", "\u{d7ff}\u{e000}"),
    ("emoji", "\u{1f600}"),
    ("emoji, joined", "\u{1f469}\u{200d}\u{1f4bb}\u{1f3fd}\u{fe0f}"),
    ("flag", "\u{1f1fa}\u{1f1f8}"),
    ("astral letters", "\u{1d4d7}\u{10400}\u{20bb7}"),
];

/// Ids beyond [`TEXTS`] that a path could be bent with.
pub(super) const IDS: &[(&str, &str)] = &[
    ("dot", "."),
    ("two dots", ".."),
    ("three dots", "..."),
    ("dot in front", ".a"),
    ("two dots in front", "..a"),
    ("dots inside", "a..b"),
    ("encoded dot", "%2e"),
    ("encoded dots", "%2E%2e"),
    ("slash", "/"),
    ("slashes", "a//b"),
    ("slash in front", "/a"),
    ("slash behind", "a/"),
    ("up", "../customers"),
    ("up and up", "../../v1/customers"),
    ("down and up", "a/../b"),
    ("encoded slash", "a%2Fb"),
    ("encoded slash, small", "a%2fb"),
    ("backslashes", "..\\..\\a"),
    ("query", "a?expand[0]=b"),
    ("question mark", "?"),
    ("fragment", "a#b"),
    ("hash", "#"),
    ("parameters of a segment", "a;b=c,d"),
    ("user", "user:password@host"),
    ("scheme", "https://example.com/a"),
    ("two slashes in front", "//example.com/a"),
    ("colon", "a:b"),
    ("template", "{session}"),
    ("new request", "a HTTP/1.1\r\nhost: b\r\n\r\n"),
    ("as Stripe's", "fcsess_1QkXyZ2eZvKYlo2CkO8PmVrT"),
];
