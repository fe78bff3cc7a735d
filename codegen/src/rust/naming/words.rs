//! Singular and plural of English words, as far as names of fields and resources need them.

/// The singular of the last word of a name: `account_subcategories` is `account_subcategory`.
pub(crate) fn singular(plural: &str) -> String {
    let cut = |n: usize, end: &str| format!("{}{end}", &plural[..plural.len() - n]);
    let ends = |ends: &[&str]| ends.iter().any(|end| plural.ends_with(end));
    if plural.ends_with("series") {
        plural.to_owned()
    } else if plural.ends_with("ies") {
        cut(3, "y")
    } else if ends(&["sses", "xes", "ches", "shes", "uses"]) {
        cut(2, "")
    } else if plural.ends_with('s') && !ends(&["ss", "us", "is"]) {
        cut(1, "")
    } else {
        plural.to_owned()
    }
}

/// The plural of the last word of a name: `AccountOwner` is `AccountOwners`. A word that is a plural stays.
pub(crate) fn plural(singular: &str) -> String {
    let ends = |ends: &[&str]| ends.iter().any(|end| singular.ends_with(end));
    let vowel = |n: usize| singular.chars().rev().nth(n).is_some_and(|c| "aeiou".contains(c));
    if ends(&["ss", "us", "x", "ch", "sh"]) {
        format!("{singular}es")
    } else if singular.ends_with('s') {
        singular.to_owned()
    } else if singular.ends_with('y') && !vowel(1) {
        format!("{}ies", &singular[..singular.len() - 1])
    } else {
        format!("{singular}s")
    }
}
