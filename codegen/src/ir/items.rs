//! Items of one kind, each found by its name.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};

use super::Origin;

/// What has a name of its own.
pub trait Item {
    /// The Rust name.
    fn name(&self) -> &str;
    /// The module that it is in.
    fn module(&self) -> &str;
    /// Where it comes from.
    fn origin(&self) -> &Origin;
    /// Puts it into a module.
    fn set_module(&mut self, module: &str);
}

/// Items of one kind in their order, each found by its name. Changing an item through the slice must not change its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Items<T> {
    list: Vec<T>,
    positions: HashMap<String, usize>,
}

impl<T: Item> Items<T> {
    /// Adds an item, and returns its position.
    pub(crate) fn push(&mut self, item: T) -> usize {
        let at = self.list.len();
        self.positions.insert(item.name().to_owned(), at);
        self.list.push(item);
        at
    }

    /// Changes which items there are, and their order.
    pub(crate) fn edit(&mut self, edit: impl FnOnce(&mut Vec<T>)) {
        edit(&mut self.list);
        self.positions = self.list.iter().enumerate().map(|(at, item)| (item.name().to_owned(), at)).collect();
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// Returns the item of that name.
    pub fn named(&self, name: &str) -> Option<&T> {
        self.list.get(self.position(name)?)
    }
}

// Not derived, since that would ask for a default of the item.
impl<T> Default for Items<T> {
    fn default() -> Self {
        Self { list: Vec::new(), positions: HashMap::new() }
    }
}

impl<T> Deref for Items<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.list
    }
}

impl<T> DerefMut for Items<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.list
    }
}
