//! The cases of operations that this crate does not have, as requests made by hand.

use std::collections::BTreeMap;

use serde_json::Value;
use stripe_financial_connections::{API_VERSION, Clearable, InvalidInput, ParamValue, Request};

use crate::{Problem, cases::Case};

pub(super) fn request(case: &Case) -> Result<Result<Request, InvalidInput>, Problem> {
    let (method, path) = case.operation.endpoint();
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let ids: Vec<_> = names.zip([&case.id, &case.inner_id].into_iter().flatten().map(String::as_str)).collect();
    let params = case.params.iter().map(|(name, value)| Ok((name, parameter(value)?)));
    let params = params.collect::<Result<Vec<_>, Problem>>().map_err(|problem| problem.at(&case.name))?;
    Ok(Request::new(method, path, &ids).map(|request| {
        let request = request.with_api_version(API_VERSION);
        params.iter().fold(request, |request, (name, value)| request.param(name, value))
    }))
}

/// Returns a value of JSON as the types of this crate that stand for it.
fn parameter(value: &Value) -> Result<Box<dyn ParamValue>, Problem> {
    Ok(match value {
        Value::Null => Box::new(Clearable::<String>::Clear),
        Value::Bool(value) => Box::new(*value),
        Value::String(text) => Box::new(text.clone()),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Box::new(number),
            (None, Some(number)) => Box::new(number),
            (None, None) => return Err(Problem::new(format!("{number} is no number of this crate"))),
        },
        Value::Array(list) => Box::new(list.iter().map(parameter).collect::<Result<Vec<_>, _>>()?),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| Ok((name.clone(), parameter(value)?)));
            Box::new(fields.collect::<Result<BTreeMap<_, _>, Problem>>()?)
        }
    })
}
