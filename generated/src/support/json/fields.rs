//! Objects: which field comes next, and its value.

use super::{Fault, Reader, reader::trim};
use crate::support::model::{Fields, Found, Model, Names, Progress, Wire};

/// Reads a model from JSON text.
pub(crate) fn decode_model<T: Model>(reader: &mut Reader<'_>) -> Result<T, Fault> {
    match JsonFields::open(reader, T::NAMES) {
        Ok(fields) => T::read(fields),
        Err(fault) => Err(fault),
    }
}

/// The fields of an object in JSON text.
pub(crate) struct JsonFields<'r, 'a> {
    reader: &'r mut Reader<'a>,
    progress: Progress,
    first: bool,
}

impl<'r, 'a> JsonFields<'r, 'a> {
    fn open(reader: &'r mut Reader<'a>, names: &'static Names) -> Result<Self, Fault> {
        if !reader.at_object() {
            return Err(reader.mismatch(&names.to_string()));
        }
        reader.open()?;
        Ok(Self { reader, progress: Progress::new(names), first: true })
    }

    /// Reads the key that probably comes next, if it does come, with what stands between it and its value.
    ///
    /// It does nothing that the slower way does not: a comparison is quicker than reading a string and looking it up.
    fn expected(&mut self) -> Option<usize> {
        let Progress { names, next, .. } = self.progress;
        let name = *names.fields.get(next)?;
        let mut rest = trim(self.reader.rest());
        if !self.first {
            rest = trim(rest.strip_prefix(b",")?);
        }
        let (key, value) = rest.split_at_checked(name.len() + 3)?;
        let [b'"', key @ .., b'"', b':'] = key else { return None };
        if key != name.as_bytes() {
            return None;
        }
        self.reader.go_to(trim(value));
        Some(next)
    }

    /// Reads a key, with what stands between it and its value; `None` at the end.
    fn found(&mut self) -> Result<Option<Found>, Fault> {
        if !self.reader.more(self.first, b'}')? {
            return Ok(None);
        }
        let found = self.progress.find(&self.reader.key()?);
        self.reader.colon()?;
        Ok(Some(found))
    }

    fn field(&mut self, index: usize) -> Result<Option<usize>, Fault> {
        if self.progress.again(index) {
            return Err(self.reader.duplicate(self.progress.names.fields[index]));
        }
        self.first = false;
        Ok(Some(index))
    }
}

impl Fields for JsonFields<'_, '_> {
    type Error = Fault;

    fn next(&mut self) -> Result<Option<usize>, Fault> {
        if let Some(index) = self.expected() {
            return self.field(index);
        }
        while let Some(found) = self.found()? {
            self.first = false;
            match found {
                Found::Field(index) => return self.field(index),
                Found::Constant(_) if self.progress.constant_again() => return Err(self.reader.duplicate("object")),
                Found::Constant(constant) => self.reader.constant(constant)?,
                Found::Unknown => self.reader.skip()?,
            }
        }
        if self.progress.lacks_constant() { Err(self.missing("object")) } else { Ok(None) }
    }

    fn value<T: Wire>(&mut self) -> Result<T, Fault> {
        T::decode(self.reader)
    }

    fn missing(&self, name: &'static str) -> Fault {
        self.reader.missing(name)
    }
}
