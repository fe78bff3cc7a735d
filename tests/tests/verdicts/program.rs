//! Downstream programs that use every public item of a generated module, with its exact types.

use std::fmt::Write;

use codegen::Generated;
use quote::ToTokens;
use syn::{Field, Fields, FnArg, GenericArgument, ImplItem, Item, PathArguments, Type, TypeParamBound, Visibility};

/// Returns the text of a program that uses every public item of `generated`, the module at the path `module`.
pub(crate) fn using(generated: &Generated, module: &str) -> String {
    let mut program = format!(
        "#![allow(warnings)]\nuse std::collections::BTreeMap;\nuse {module}::*;\n\
         use stripe_financial_connections::{{Amounts, Clearable, DateTime, Deleted, Expandable, Int64String, List, ListV2, Nullable, Opaque, Operation, RangeOr, SearchResult, Secret, Timestamp}};\n\n\
         fn any<T>() -> T {{\n    unimplemented!()\n}}\n\n"
    );
    let mut count = 0;
    for file in &generated.files {
        let file = syn::parse_file(&file.text).expect("the emitted file is Rust");
        for item in &file.items {
            count += 1;
            match item {
                Item::Struct(item) => {
                    let fields = match &item.fields {
                        Fields::Named(fields) => &fields.named,
                        _ => continue,
                    };
                    let public: Vec<_> = fields.iter().filter(|f| matches!(f.vis, Visibility::Public(_))).collect();
                    if public.is_empty() {
                        continue;
                    }
                    let _ = writeln!(program, "fn model_{count}(value: &{}) {{", item.ident);
                    for field in public {
                        let name = field.ident.as_ref().expect("the field is named");
                        let _ = writeln!(program, "    let _: &{} = &value.{name};", field.ty.to_token_stream());
                    }
                    program.push_str("}\n\n");
                }
                Item::Enum(item) => {
                    let name = &item.ident;
                    let _ = writeln!(program, "fn enum_{count}(value: &{name}) -> usize {{\n    match value {{");
                    for (i, variant) in item.variants.iter().enumerate() {
                        let variant_name = &variant.ident;
                        let _ = match variant.fields.iter().next() {
                            None => writeln!(program, "        {name}::{variant_name} => {i},"),
                            Some(Field { ty, .. }) => {
                                let ty = ty.to_token_stream();
                                writeln!(
                                    program,
                                    "        {name}::{variant_name}(inner) => {{\n            let _: &{ty} = inner;\n            {i}\n        }}"
                                )
                            }
                        };
                    }
                    program.push_str("        _ => 0,\n    }\n}\n\n");
                }
                Item::Const(item) if matches!(item.vis, Visibility::Public(_)) => {
                    let _ = writeln!(program, "const CONST_{count}: {} = {};\n", item.ty.to_token_stream(), item.ident);
                }
                // The constants are written by the macro.
                Item::Macro(item) if item.mac.path.is_ident("model") => {
                    let tokens = item.mac.tokens.to_string();
                    let name = tokens.split(',').next().expect("it starts with the name").trim();
                    if tokens.contains(", expandable = [") {
                        let _ = writeln!(program, "const EXPANDABLE_{count}: &[&str] = {name}::EXPANDABLE;\n");
                    }
                }
                Item::Impl(item) if item.trait_.is_none() => {
                    let Type::Path(of) = &*item.self_ty else { continue };
                    let name = &of.path.segments.last().expect("the path names a type").ident;
                    let _ = write!(program, "fn builder_{count}() {{\n    let _ = {name}::");
                    for (i, member) in item.items.iter().enumerate() {
                        let ImplItem::Fn(method) = member else { continue };
                        let arguments: Vec<_> = method
                            .sig
                            .inputs
                            .iter()
                            .filter_map(|input| match input {
                                FnArg::Typed(input) => Some(format!("any::<{}>()", given(&input.ty))),
                                FnArg::Receiver(_) => None,
                            })
                            .collect();
                        let dot = if i == 0 { "" } else { "\n        ." };
                        let _ = write!(program, "{dot}{}({})", method.sig.ident, arguments.join(", "));
                    }
                    program.push_str(";\n}\n\n");
                }
                _ => {}
            }
        }
    }
    for operation in generated.api.operations.iter() {
        let name = &operation.name;
        let _ = writeln!(
            program,
            "fn operation_{name}(operation: &{name}) -> {} {{\n    let request = operation.request().unwrap();\n    \
             {name}::decode(request.path().as_bytes()).unwrap()\n}}\n",
            codegen::spelling::spell(&operation.output)
        );
    }
    program
}

/// Returns a type that an argument accepts: `T` for `impl Into<T>`.
fn given(ty: &Type) -> String {
    let Type::ImplTrait(ty) = ty else { return ty.to_token_stream().to_string() };
    let Some(TypeParamBound::Trait(bound)) = ty.bounds.first() else { return "()".to_owned() };
    let bound = bound.path.segments.last().expect("the path names a trait");
    let PathArguments::AngleBracketed(arguments) = &bound.arguments else { return "()".to_owned() };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) => inner.to_token_stream().to_string(),
        Some(GenericArgument::AssocType(item)) => format!("Vec<{}>", given(&item.ty)),
        _ => "()".to_owned(),
    }
}
