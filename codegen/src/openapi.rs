//! The document: reading it, and what each of its keys means to the generator.

/// Defines an enum of which each variant has a name for people.
macro_rules! named {
    ($(#[$about:meta])* $name:ident { $($(#[doc = $doc:literal])* $variant:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`.")] $(#[doc = $doc])* $variant,)+
        }

        impl $name {
            /// Returns the name.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

pub mod descriptions;
pub mod document;
pub mod keys;
pub mod known;
pub(crate) mod method;
pub(crate) mod node;
